/* Any bytes as a statistics file; what is read of it is written and answers a request. */
#include "common/stats/file.h"
#include "tests/fuzz/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fail fail = {.text = ""};
    struct summary summary;
    const double quantiles[] = {0.01, 0.5, 0.99};
    struct stats_request request = {.bins = 16, .quantiles = quantiles, .quantile_count = 3};
    struct stats_result result;
    struct output out;
    if (!stats_file_read(fuzz_file(bytes, n), &summary, &fail))
        return 0;
    if (stats_answer(&request, &summary, "fuzz", &result, &fail))
        stats_free(&result);
    if (output_open(&out, "/dev/null", &fail))
        output_close(&out, stats_file_write(&out, &summary, &fail), &fail);
    summary_free(&summary);
    return 0;
}
