#include "common/picture/display_window.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture/dark.h"
#include "common/stream/second_pass.h"

static bool parse_percentiles(const char *text, double percentile[2])
{
    return number_reals(text, percentile, 2) && percentile[0] >= 0 &&
           percentile[0] <= percentile[1] && percentile[1] <= 100;
}

static bool parse_limits(const char *text, double limit[2])
{
    return number_reals(text, limit, 2) && limit[0] <= limit[1] &&
           fabs(limit[0]) <= (double)FLT_MAX && fabs(limit[1]) <= (double)FLT_MAX;
}

bool display_window_parse(const char *text, void *value, struct fail *fail)
{
    static const char percentile[] = "percentile:";
    struct display_window *choice = value;
    if (strcmp(text, "minmax") == 0) {
        choice->source = WINDOW_MINMAX;
        return true;
    }
    if (strcmp(text, "plane") == 0) {
        choice->source = WINDOW_PER_PICTURE;
        return true;
    }
    if (strncmp(text, percentile, strlen(percentile)) == 0) {
        choice->source = WINDOW_PERCENTILE;
        return parse_percentiles(text + strlen(percentile), choice->number) ||
               fail_set(fail, "needs percentile:P,Q with 0 <= P <= Q <= 100, not '%s'", text);
    }
    choice->source = WINDOW_LIMITS;
    return parse_limits(text, choice->number) ||
           fail_set(fail,
                    "needs LO,HI with LO <= HI (in the range of a float), minmax, "
                    "percentile:P,Q or plane, not '%s'",
                    text);
}

bool display_window_allowed(const struct display_window *choice, const struct reader *reader,
                            struct fail *fail)
{
    if (reader->volume.channel_kind != CHANNELS_RGBA || choice->source == WINDOW_DEFAULT ||
        choice->source == WINDOW_LIMITS)
        return true;
    return fail_set(fail, "%s: the alpha channel would count in the window: give its limits LO,HI",
                    reader->name);
}

static bool set(struct window *window, double low, double high, char source[WINDOW_SOURCE_SIZE],
                const char *words)
{
    *window = (struct window){low, high};
    snprintf(source, WINDOW_SOURCE_SIZE, "%s", words);
    return true;
}

static void set_measured(const struct stats_request *request, const struct stats_result *result,
                         struct window *window, char source[WINDOW_SOURCE_SIZE])
{
    char words[WINDOW_SOURCE_SIZE], low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (result->nans == result->samples) {
        set(window, 0, 1, source, "no sample is a number");
    } else if (request->quantile_count > 0) {
        snprintf(words, sizeof words, "percentiles %s and %s of the volume",
                 number_text(request->quantiles[0], low), number_text(request->quantiles[1], high));
        set(window, result->percentiles[0], result->percentiles[1], source, words);
    } else {
        set(window, (double)result->minimum, (double)result->maximum, source,
            "minimum and maximum of the volume");
    }
}

static bool measure(const struct display_window *choice, const double *percentiles,
                    struct reader **reader, struct window *window, char source[WINDOW_SOURCE_SIZE],
                    struct fail *fail)
{
    struct stats_request request = {
        .quantiles = percentiles, .quantile_count = percentiles ? 2 : 0, .mask = choice->mask};
    struct stats_source stats = choice->stats;
    struct stats_result result = {0};
    if (!stats_source_answer(&stats, &request, reader, &result, fail))
        return false;
    set_measured(&request, &result, window, source);
    stats_free(&result);
    return true;
}

struct darkness {
    const struct window *window;
    struct dark_counts counts;
};

static bool count_samples(void *state, const float *v, size_t n, uint64_t at, struct fail *fail)
{
    struct darkness *darkness = state;
    (void)at;
    (void)fail;
    dark_count(&darkness->counts, darkness->window, v, n);
    return true;
}

/* Reads the volume once more, from its first sample. */
static bool lighten(struct reader *reader, struct window *window, char source[WINDOW_SOURCE_SIZE],
                    struct fail *fail)
{
    struct darkness *darkness = calloc(1, sizeof *darkness);
    if (!darkness)
        return fail_errno(fail, "%s: a histogram", reader->name);
    darkness->window = window;
    bool ok = loop_each_block(count_samples, darkness, reader, fail) &&
              reader_rewind(reader, fail) == OUTCOME_DONE;
    if (ok && dark_lighten(&darkness->counts, window))
        snprintf(source, WINDOW_SOURCE_SIZE, "%s", display_window_lightened);
    free(darkness);
    return ok;
}

const char display_window_lightened[] =
    "percentiles 0.5 and 99.5 of the volume, most of which would be black";

bool display_window_find(const struct display_window *choice, struct reader **reader,
                         struct window *window, char source[WINDOW_SOURCE_SIZE], struct fail *fail)
{
    const struct volume *volume = &(*reader)->volume;
    double limit[2];
    switch (choice->source) {
    case WINDOW_PER_PICTURE:
        return true;
    case WINDOW_LIMITS:
        return set(window, choice->number[0], choice->number[1], source, "as given");
    case WINDOW_PERCENTILE:
        return measure(choice, choice->number, reader, window, source, fail);
    case WINDOW_MINMAX:
        return measure(choice, NULL, reader, window, source, fail);
    case WINDOW_DEFAULT:
        break;
    }
    if (volume_window(volume, limit))
        return set(window, limit[0], limit[1], source, "from the stream");
    if (volume_is_colour(volume)) /* shown as they are, as imshow does */
        return set(window, 0, 1, source, "colours");
    bool again = choice->lighten && !stats_source_exists(&choice->stats);
    if (again && !(*reader = second_pass_reader(*reader, fail)))
        return false;
    return measure(choice, NULL, reader, window, source, fail) &&
           (!again || lighten(*reader, window, source, fail));
}

struct window display_window_alpha(const struct volume *volume)
{
    double limit[2];
    return (struct window){0, volume_window(volume, limit) && limit[1] > 0 ? limit[1] : 1};
}

static const char *limit_text(double limit, char text[NUMBER_SIZE])
{
    return (double)(float)limit == limit ? number_text_float((float)limit, text)
                                         : number_text(limit, text);
}

const char *window_text(const struct window *window, char text[WINDOW_TEXT])
{
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    snprintf(text, WINDOW_TEXT, "%s %s", limit_text(window->low, low),
             limit_text(window->high, high));
    return text;
}
