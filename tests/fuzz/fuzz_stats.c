/* Any bytes as a statistics file, and the same with the checksum that they should have; what is
 * read of it has counts that agree, is written, added to itself, and answers a request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/stats/file.h"
#include "tests/fuzz/file.h"

#define LAST_LINE "\ncrc32: "

static void check_counts(const struct summary *summary)
{
    uint64_t left = summary_finite(summary);
    for (size_t i = 0; i < summary->value_count; i++)
        left -= summary->values[i].count;
    for (size_t i = 0; summary->overflowed && i < BUCKETS; i++)
        left -= summary->high_counts[i];
    if (left != 0 || summary->samples == 0)
        abort();
}

static void add_to_itself(const char *path)
{
    struct fail fail = {.text = ""};
    struct stats_sum sum = {.each = NULL};
    bool ok = true;
    for (int i = 0; ok && i < 2; i++)
        ok = stats_sum_add(path, &sum, &fail);
    for (uint64_t c = 0; ok && c < sum.channels; c++)
        check_counts(&sum.each[c]);
    stats_sum_free(&sum);
}

static void try_file(const void *bytes, size_t n)
{
    struct fail fail = {.text = ""};
    struct summary summary;
    const double quantiles[] = {0.01, 0.5, 0.99};
    struct stats_request request = {.bins = 16, .quantiles = quantiles, .quantile_count = 3};
    struct stats_result result;
    struct output out;
    const char *path = fuzz_file(bytes, n);
    add_to_itself(path);
    if (!stats_file_read(path, &summary, &fail))
        return;
    check_counts(&summary);
    if (stats_answer(&request, &summary, "fuzz", &result, &fail))
        stats_free(&result);
    if (output_open(&out, "/dev/null", &fail))
        output_close(&out, stats_file_write(&out, &summary, &fail), &fail);
    summary_free(&summary);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 32);
    if (!text)
        return 0;
    try_file(bytes, n);
    memcpy(text, bytes, n);
    text[n] = '\0';
    char *last = strstr(text, LAST_LINE);
    size_t length = last ? (size_t)(last - text) + 1 : n;
    uLong checksum = crc32(crc32(0, NULL, 0), (const Bytef *)text, (uInt)length);
    length += (size_t)sprintf(text + length, "crc32: %08lx\n", checksum);
    try_file(text, length);
    free(text);
    return 0;
}
