#include "format/html/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/picture/colormap.h"
#include "common/shape/channel.h"
#include "common/text/escape.h"
#include "common/text/json.h"
#include "format/html/plane_text.h"

#define BATCH 256 /* voxels that become levels at once, one channel after the other */

struct html {
    struct writer writer;
    const struct html_page *page;
    struct output output;
    size_t template_at; /* bytes of the template that have been written */

    struct plane_text *text;
    uint64_t at;                 /* number of the next sample */
    size_t row, plane, channels; /* samples in each, in a voxel */
    uint16_t *levels;            /* of the row that is being filled */
    unsigned char *nan;          /* a bit for each sample of the plane; NULL until the first NaN */
    bool has_nan;                /* in this plane */
};

/* ---- metadata as JSON ------------------------------------------------------------------------ */

static bool put_counts(struct output *to, const uint64_t counts[AXES], struct fail *fail)
{
    return output_print(to, fail, "[%" PRIu64 ", %" PRIu64 ", %" PRIu64 "]", counts[AXIS_PLANE],
                        counts[AXIS_ROW], counts[AXIS_COLUMN]);
}

static const char *const kinds[] = {"gray", "vector", "RGB", "RGBA"};

static bool put_groups(struct output *to, const struct html_levels *levels, struct fail *fail)
{
    bool ok = json_key(to, "groups", fail);
    for (size_t g = 0; ok && g < levels->group_count; g++) {
        const struct html_group *group = &levels->groups[g];
        ok = output_print(to, fail, "%s{\"title\": ", g ? ", " : "[") &&
             json_string(to, group->title, fail) &&
             output_print(to, fail, ", \"kind\": \"%s\", \"channels\": %" PRIu64,
                          kinds[group->kind], group->channels) &&
             output_print(to, fail, ", \"countScale\": ") &&
             json_number(to, group->count_scale, fail) && output_print(to, fail, "}");
    }
    return ok && output_print(to, fail, "]");
}

/* Names of the channels, and colours or null. */
static bool put_channels(struct output *to, const struct volume *volume, struct fail *fail)
{
    unsigned char colours[HTML_MAX_CHANNELS][3];
    char name[CHANNEL_NAME_SIZE];
    bool has_colours = volume_channel_colours(volume, colours);
    bool ok = json_key(to, "channelNames", fail);
    for (uint64_t c = 0; ok && c < volume->channels; c++)
        ok = output_print(to, fail, c ? ", " : "[") &&
             json_string(to, volume_channel_name(volume, c, name), fail);
    ok = ok && output_print(to, fail, "]") && json_key(to, "channelColours", fail);
    for (uint64_t c = 0; ok && has_colours && c < volume->channels; c++)
        ok = output_print(to, fail, "%s\"%02x%02x%02x\"", c ? ", " : "[", colours[c][0],
                          colours[c][1], colours[c][2]);
    return ok && output_print(to, fail, has_colours ? "]" : "null");
}

static bool put_shape(struct output *to, const struct html_page *page, struct fail *fail)
{
    const struct volume *volume = page->volume;
    return json_key(to, "size", fail) && put_counts(to, volume->size, fail) &&
           json_key(to, "fullSize", fail) && put_counts(to, page->full_size, fail) &&
           json_key(to, "factor", fail) && put_counts(to, page->factor, fail) &&
           json_key(to, "channels", fail) && output_print(to, fail, "%" PRIu64, volume->channels) &&
           put_groups(to, &page->levels, fail) && put_channels(to, volume, fail);
}

static bool put_windows(struct output *to, const struct window *windows, uint64_t count,
                        struct fail *fail)
{
    bool ok = true;
    for (uint64_t c = 0; ok && c < count; c++) {
        double limits[] = {windows[c].low, windows[c].high};
        ok = output_print(to, fail, c ? ", " : "[") && json_numbers(to, limits, 2, fail);
    }
    return ok && output_print(to, fail, "]");
}

static bool put_levels(struct output *to, const struct html_page *page, struct fail *fail)
{
    bool ok = json_key(to, "depth", fail) && output_print(to, fail, "%u", page->depth) &&
              json_key(to, "windowSource", fail) && json_string(to, page->window_source, fail) &&
              json_key(to, "windows", fail);
    return ok && put_windows(to, page->levels.windows, page->volume->channels, fail) &&
           json_key(to, "looks", fail) &&
           put_windows(to, page->levels.looks, page->volume->channels, fail) &&
           json_key(to, "labels", fail) &&
           output_print(to, fail, page->is_labels ? "true" : "false");
}

static bool put_space(struct output *to, const struct volume *volume, struct fail *fail)
{
    const char *const units[] = {volume->unit[0], volume->unit[1], volume->unit[2]};
    double spacing[AXES];
    bool known = !isnan(volume->origin[0]);
    for (enum axis a = AXIS_PLANE; a < AXES; a++)
        spacing[a] = volume_spacing(volume, a);
    bool ok = json_key(to, "spacing", fail) && json_numbers(to, spacing, AXES, fail) &&
              json_key(to, "direction", fail) && output_print(to, fail, "[");
    for (enum axis a = AXIS_PLANE; ok && a < AXES; a++)
        ok = output_print(to, fail, a ? ", " : "") &&
             json_numbers(to, volume->direction[a], 3, fail);
    ok = ok && output_print(to, fail, "]") && json_key(to, "origin", fail) &&
         (known ? json_numbers(to, volume->origin, 3, fail) : output_print(to, fail, "null")) &&
         json_key(to, "unit", fail) && json_strings(to, units, 3, fail);
    return ok && json_key(to, "space", fail) && json_string(to, volume->space, fail);
}

static bool put_colormaps(struct output *to, struct fail *fail)
{
    bool ok = json_key(to, "colormaps", fail);
    for (int map = 0; ok && map < COLORMAP_LABELS; map++) {
        unsigned char rgb[256][3];
        colormap_fill((enum colormap)map, rgb);
        ok = output_print(to, fail, "%s\n    \"%s\": \"", map ? "," : "{", colormap_names[map]);
        for (size_t i = 0; ok && i < 256; i++)
            ok = output_print(to, fail, "%02x%02x%02x", rgb[i][0], rgb[i][1], rgb[i][2]);
        ok = ok && output_print(to, fail, "\"");
    }
    return ok && output_print(to, fail, "}");
}

static bool put_metadata(struct output *to, const struct html_page *page, struct fail *fail)
{
    const char *source = volume_value(page->volume, "source type");
    const char *history = volume_value(page->volume, "history");
    return output_print(to, fail, "{\n  \"title\": ") && json_string(to, page->title, fail) &&
           put_shape(to, page, fail) && put_levels(to, page, fail) &&
           put_space(to, page->volume, fail) && json_key(to, "sourceType", fail) &&
           json_string(to, source ? source : "", fail) && json_key(to, "history", fail) &&
           json_string(to, history ? history : "", fail) && json_key(to, "program", fail) &&
           json_string(to, "vol2html " VOL_VERSION, fail) && put_colormaps(to, fail) &&
           output_print(to, fail, "\n}");
}

/* ---- the template ---------------------------------------------------------------------------- */

/* Writes the template up to a mark, which it skips; or the rest of it, if the mark is "". */
static bool put_template(struct html *html, const char *mark, struct fail *fail)
{
    const unsigned char *from = html->page->template + html->template_at;
    size_t left = html->page->template_size - html->template_at, length = strlen(mark);
    const unsigned char *found = length > 0 ? memmem(from, left, mark, length) : from + left;
    if (!found)
        return fail_set(fail, "the page has no %s", mark);
    size_t n = (size_t)(found - from);
    html->template_at += n + length;
    return output_write(&html->output, from, n, fail);
}

static bool begin_page(struct html *html, struct fail *fail)
{
    static const char title[] = "@TITLE@";
    struct output *to = &html->output;
    return put_template(html, title, fail) &&
           text_write_escaped(to, html->page->title, TEXT_HTML, fail) &&
           put_template(html, title, fail) &&
           text_write_escaped(to, html->page->title, TEXT_HTML, fail) &&
           put_template(html, "@FACTS@", fail) && put_metadata(to, html->page, fail) &&
           put_template(html, "@PLANES@", fail);
}

/* ---- planes ---------------------------------------------------------------------------------- */

/* Sets the bits of NaN among v[0..n); first: number of v[0] in the plane. */
static bool mark_nan(struct html *html, const float *v, size_t n, uint64_t first, struct fail *fail)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= v[i] != v[i];
    if (!any)
        return true;
    if (!html->nan)
        html->nan = calloc(1, html->plane / 8 + 1);
    if (!html->nan)
        return fail_errno(fail, "places of NaN in a plane");
    html->has_nan = true;
    for (size_t i = 0; i < n; i++)
        if (isnan(v[i]))
            html->nan[(first + i) / 8] |= (unsigned char)(1u << (first + i) % 8);
    return true;
}

/* Makes n samples of a channel, which lie html->channels apart in v and in levels, levels. */
static void find_levels(const struct html *html, size_t channel, const float *v, size_t n,
                        uint16_t *levels)
{
    const struct window *window = &html->page->levels.windows[channel];
    float samples[BATCH] = {0};
    unsigned char bytes[2 * BATCH];
    for (size_t i = 0; i < n; i++)
        samples[i] = v[i * html->channels];
    if (html->page->depth == 8) {
        window_bytes(window, samples, n, bytes);
        for (size_t i = 0; i < n; i++)
            levels[i * html->channels] = bytes[i];
        return;
    }
    window_words(window, samples, n, bytes);
    for (size_t i = 0; i < n; i++)
        levels[i * html->channels] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

static void add_levels(const struct html *html, const float *v, size_t n, uint16_t *to)
{
    size_t step = BATCH * html->channels;
    for (size_t done = 0; done < n; done += step) {
        size_t part = n - done < step ? n - done : step;
        for (size_t c = 0; c < html->channels; c++)
            find_levels(html, c, v + done + c, part / html->channels, to + done + c);
    }
}

static bool end_plane(struct html *html, struct fail *fail)
{
    size_t size = html->has_nan ? (html->plane + 7) / 8 : 0;
    bool ok = plane_text_end(html->text, html->nan, size, &html->output, fail) &&
              output_print(&html->output, fail, "</script>\n");
    if (html->has_nan)
        memset(html->nan, 0, size);
    html->has_nan = false;
    return ok;
}

/* Adds v[0..n), whole voxels of one row. */
static bool add_to_row(struct html *html, const float *v, size_t n, struct fail *fail)
{
    static const char begin[] = "<script type=\"text/plain\" class=\"plane\">";
    if (html->at % html->plane == 0 && !output_print(&html->output, fail, "%s", begin))
        return false;
    if (!mark_nan(html, v, n, html->at % html->plane, fail))
        return false;
    add_levels(html, v, n, html->levels + html->at % html->row);
    html->at += n;
    return (html->at % html->row != 0 ||
            plane_text_row(html->text, html->levels, &html->output, fail)) &&
           (html->at % html->plane != 0 || end_plane(html, fail));
}

static bool html_write(struct writer *writer, const float *v, size_t n, struct fail *fail)
{
    struct html *html = (struct html *)writer;
    for (size_t part; n > 0; v += part, n -= part) {
        part = samples_in_row(html->at, n, html->row);
        if (!add_to_row(html, v, part, fail))
            return false;
    }
    return true;
}

static bool html_close(struct writer *writer, bool whole, struct fail *fail)
{
    struct html *html = (struct html *)writer;
    whole = whole && put_template(html, "", fail);
    whole = output_close(&html->output, whole, fail);
    plane_text_close(html->text);
    free(html->levels);
    free(html->nan);
    free(html);
    return whole;
}

struct writer *html_create(const char *path, const struct html_page *page, struct fail *fail)
{
    static const struct writer_class class = {.write = html_write, .close = html_close};
    const struct volume *volume = page->volume;
    struct html *html = calloc(1, sizeof *html);
    if (!html || !output_open(&html->output, path, fail)) {
        fail_memory(fail, "to write");
        free(html);
        return NULL;
    }
    html->writer.class = &class;
    html->writer.unwritten = volume_samples(volume);
    html->page = page;
    html->channels = volume->channels;
    html->row = volume_row_samples(volume);
    html->plane = volume_plane_samples(volume);
    html->levels = malloc(html->row * sizeof *html->levels);
    html->text = plane_text_open(html->row, html->channels, page->depth, fail);
    if (html->levels && html->text && begin_page(html, fail))
        return &html->writer;
    fail_memory(fail, "a row of levels");
    html_close(&html->writer, false, fail);
    return NULL;
}
