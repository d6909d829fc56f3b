#include "format/tiff_in.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "format/tiff_about.h"
#include "format/tiff_rows.h"

/* A plane of the stack: where its page is, and where its samples are if they lie in one piece. */
struct plane {
    uint64_t directory, data;
};

/* What one file adds to the stack: its pages from `first` on, each step-th. */
struct part {
    const char *path, *name;
    struct tiff_file *file; /* NULL while it is not open */
    uint64_t size;          /* of the file, when it was looked at */
    uint64_t first_plane;
    uint64_t first, step;
    bool is_run; /* one page, behind which the others lie without directories of their own */
};

struct tiff_reader {
    struct reader reader;
    struct tiff_options options;
    struct tiff_page page; /* what every page is like */
    double scale;

    struct part *parts;
    size_t part_count;
    struct plane *planes;
    uint64_t plane_count, plane_room;

    size_t part;    /* that is being read */
    uint64_t plane; /* that rows hold */
    struct tiff_rows rows;
    uint64_t at; /* number of the next sample */
};

#define NO_PLANE UINT64_MAX

/* ---- looking at the files ------------------------------------------------------------------ */

static bool room_for_planes(struct tiff_reader *tiff, uint64_t more, struct fail *fail)
{
    uint64_t needed = tiff->plane_count + more, room = tiff->plane_room;
    if (needed <= room)
        return true;
    room = needed > 2 * room ? needed : 2 * room;
    struct plane *planes = room < SIZE_MAX / sizeof *planes
                               ? realloc(tiff->planes, (size_t)room * sizeof *planes)
                               : NULL;
    if (!planes)
        return fail_set(fail, "%s: no memory for a list of %" PRIu64 " planes",
                        tiff->parts[tiff->part].path, needed);
    tiff->planes = planes;
    tiff->plane_room = room;
    return true;
}

static bool check_agreement(const struct tiff_reader *tiff, const struct part *part,
                            uint64_t number, const struct tiff_page *page, struct fail *fail)
{
    char is[TIFF_PAGE_TEXT], was[TIFF_PAGE_TEXT];
    if (tiff_pages_agree(page, &tiff->page))
        return true;
    bool same_file = part == tiff->parts;
    return fail_set(fail,
                    "%s: page %" PRIu64 " is %s, page 0%s%s is %s: planes of one volume are alike",
                    part->name, number, tiff_page_text(page, is), same_file ? "" : " of ",
                    same_file ? "" : tiff->parts[0].name, tiff_page_text(&tiff->page, was));
}

/* ImageJ's palettes of one color show gray samples in it; other palettes are colors. */
static bool check_palette(const struct tiff_reader *tiff, const struct part *part, uint64_t number,
                          const struct tiff_page *page, const struct tiff_about *about,
                          struct fail *fail)
{
    if (page->palette <= PALETTE_GRAY || tiff->options.raw ||
        (page->palette == PALETTE_TINTED && about->is_imagej))
        return true;
    return tiff_refuse(part->file, number, fail,
                       "a palette of colors, not a gray ramp: the samples are no gray values "
                       "(--raw takes the palette's indices)");
}

/* A chain of pages that never ends: it meets a page again, or its directories take more bytes than
 * the file has. The mark moves ever more rarely, so that a circle of any length comes round to it
 * (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980). */
struct chain {
    uint64_t mark, steps, limit, bytes;
};

static bool check_chain(struct chain *chain, const struct tiff_file *file, struct fail *fail)
{
    chain->bytes += file->entry_count * UINT64_C(12);
    if (chain->bytes > file->size || (file->next != 0 && file->next == chain->mark))
        return fail_set(fail,
                        "%s: its chain of pages has no end (it goes round in a circle, or its "
                        "directories lie over one another)",
                        file->name);
    if (++chain->steps == chain->limit) {
        chain->mark = file->next;
        chain->limit *= 2;
        chain->steps = 0;
    }
    return true;
}

static bool look_at_page(struct tiff_reader *tiff, struct part *part, uint64_t number,
                         struct tiff_about *about, struct fail *fail)
{
    struct tiff_file *file = part->file;
    struct tiff_page page;
    if (!tiff_enter(file, file->next, number, fail) || !tiff_page_read(file, number, &page, fail))
        return false;
    if (number == 0 && !tiff->options.plain && !tiff_about_read(file, &page, about, fail))
        return false;
    if (tiff->plane_count == 0)
        tiff->page = page;
    if (!check_agreement(tiff, part, number, &page, fail) ||
        !check_palette(tiff, part, number, &page, about, fail) || !room_for_planes(tiff, 1, fail))
        return false;
    /* Only what all pages share is known without their directories. */
    bool is_like = page.separate == tiff->page.separate;
    tiff->planes[tiff->plane_count++] =
        (struct plane){.directory = file->directory, .data = is_like ? page.data : 0};
    return true;
}

static bool look_at_pages(struct tiff_reader *tiff, struct part *part, struct tiff_about *about,
                          struct fail *fail)
{
    struct chain chain = {.limit = 1};
    tiff_about_nothing(about);
    for (uint64_t number = 0; part->file->next != 0; number++)
        if (!look_at_page(tiff, part, number, about, fail) ||
            !check_chain(&chain, part->file, fail))
            return false;
    return true;
}

/* ---- which pages are planes ---------------------------------------------------------------- */

/* ImageJ beyond 4 GB, and tifffile when told so, write one directory, and the samples of all planes
 * one behind the other. */
static bool find_run(struct tiff_reader *tiff, struct part *part, uint64_t count, struct fail *fail)
{
    struct plane first = tiff->planes[part->first_plane];
    uint64_t size = tiff_page_size(&tiff->page);
    if (first.data == 0)
        return fail_set(fail,
                        "%s: its description tells of %" PRIu64 " images, it has one page; "
                        "--plain takes that alone",
                        part->name, count);
    if (count > (part->file->size - first.data) / size)
        return fail_set(fail,
                        "%s: its description tells of %" PRIu64 " images of %" PRIu64
                        " bytes from byte %" PRIu64 " on, the file ends at byte %" PRIu64
                        "; --plain takes its one page alone",
                        part->name, count, size, first.data, part->file->size);
    if (!room_for_planes(tiff, count - 1, fail))
        return false;
    for (uint64_t i = 1; i < count; i++)
        tiff->planes[tiff->plane_count++] =
            (struct plane){.directory = first.directory, .data = first.data + i * size};
    part->is_run = true;
    return true;
}

static bool find_images(struct tiff_reader *tiff, struct part *part, struct tiff_about *about,
                        struct fail *fail)
{
    uint64_t pages = tiff->plane_count - part->first_plane;
    if (about->planes <= 1) {
        about->planes = about->depth = pages;
        return true;
    }
    if (pages == 1)
        return find_run(tiff, part, about->planes, fail);
    return pages == about->planes ||
           fail_set(fail,
                    "%s: its description tells of %" PRIu64 " images, it has %" PRIu64
                    " pages; --plain takes these as they are",
                    part->name, about->planes, pages);
}

static bool choose(const struct part *part, const char *what, uint64_t count, bool given,
                   uint64_t *chosen, const struct tiff_about *about, struct fail *fail)
{
    if (!given)
        *chosen = 0;
    if (*chosen < count && (given || count == 1))
        return true;
    if (count == 1)
        return fail_set(fail, "%s: --%s %" PRIu64 ": the file tells of no %ss but 0", part->name,
                        what, *chosen, what);
    return fail_set(fail,
                    "%s: holds %" PRIu64 " channels x %" PRIu64 " planes x %" PRIu64
                    " frames: choose one with --%s 0 to %" PRIu64 " (--plain takes all %" PRIu64
                    " pages as planes)",
                    part->name, about->channels, about->depth, about->frames, what, count - 1,
                    about->planes);
}

/* Leaves of the part's pages those of the channel and frame asked for: channels are the fastest,
 * then planes, then frames. */
static bool choose_planes(struct tiff_reader *tiff, struct part *part,
                          const struct tiff_about *about, struct fail *fail)
{
    uint64_t channel = tiff->options.channel, frame = tiff->options.frame;
    if (!choose(part, "channel", about->channels, tiff->options.choose_channel, &channel, about,
                fail) ||
        !choose(part, "frame", about->frames, tiff->options.choose_frame, &frame, about, fail))
        return false;
    part->step = about->channels;
    part->first = channel + frame * about->channels * about->depth;
    struct plane *planes = tiff->planes + part->first_plane;
    for (uint64_t i = 0; i < about->depth; i++)
        planes[i] = planes[part->first + i * part->step];
    tiff->plane_count = part->first_plane + about->depth;
    return true;
}

static void set_spacing(struct volume *volume, const struct tiff_about *about)
{
    bool all = true;
    for (enum axis a = AXIS_PLANE; a < AXES; a++) {
        volume_set_spacing(volume, a, about->spacing[a]);
        volume_set_unit(volume, a, isnan(about->spacing[a]) ? "" : about->unit[a]);
        all = all && !isnan(about->spacing[a]);
    }
    volume->origin[0] = all ? 0 : NAN;
}

static void close_file(struct part *part)
{
    if (part->file)
        tiff_file_close(part->file);
    free(part->file);
    part->file = NULL;
}

/* A stack can't keep all its files open: there may be thousands. */
static void leave_file(struct part *part)
{
    if (part->file && !tiff_file_is_spooled(part->file))
        close_file(part);
}

static bool open_file(struct part *part, struct fail *fail)
{
    if (part->file)
        return true;
    struct tiff_file *file = malloc(sizeof *file);
    if (!file)
        return fail_errno(fail, "%s", part->path);
    if (!tiff_file_open(file, part->path, fail)) {
        free(file);
        return false;
    }
    part->file = file;
    if (part->name && file->size != part->size)
        return fail_set(fail, "%s: has changed while it was read", part->name);
    part->name = file->name;
    part->size = file->size;
    return true;
}

static bool look_at_file(struct tiff_reader *tiff, struct part *part, struct fail *fail)
{
    struct tiff_about about;
    if (!open_file(part, fail))
        return false;
    part->first_plane = tiff->plane_count;
    if (!look_at_pages(tiff, part, &about, fail) || !find_images(tiff, part, &about, fail) ||
        !choose_planes(tiff, part, &about, fail))
        return false;
    if (about.calibration[0] != '\0' && !tiff->options.raw)
        return fail_set(fail,
                        "%s: its numbers are calibrated (%s), which is not applied; --raw takes "
                        "them as stored",
                        part->name, about.calibration);
    if (part == tiff->parts)
        set_spacing(&tiff->reader.volume, &about);
    return true;
}

/* ---- samples ------------------------------------------------------------------------------- */

static struct part *find_part(struct tiff_reader *tiff, uint64_t plane)
{
    size_t i = tiff->part;
    while (i > 0 && plane < tiff->parts[i].first_plane)
        i--;
    while (i + 1 < tiff->part_count && plane >= tiff->parts[i + 1].first_plane)
        i++;
    if (i != tiff->part)
        leave_file(&tiff->parts[tiff->part]);
    tiff->part = i;
    return &tiff->parts[i];
}

static bool turn_to(struct tiff_reader *tiff, uint64_t plane, struct fail *fail)
{
    struct part *part = find_part(tiff, plane);
    const struct plane *found = &tiff->planes[plane];
    uint64_t number = part->is_run ? 0 : part->first + (plane - part->first_plane) * part->step;
    struct tiff_page page = tiff->page;
    page.data = found->data;
    if (!open_file(part, fail))
        return false;
    if (page.data == 0 && (!tiff_enter(part->file, found->directory, number, fail) ||
                           !tiff_page_read(part->file, number, &page, fail) ||
                           !check_agreement(tiff, part, number, &page, fail)))
        return false;
    tiff_rows_begin(&tiff->rows, part->file, number, &page);
    tiff->plane = plane;
    return true;
}

static size_t read_samples(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct tiff_reader *tiff = (struct tiff_reader *)reader;
    const struct tiff_page *page = &tiff->page;
    uint64_t plane_samples = volume_plane_samples(&reader->volume);
    size_t done = 0;
    while (done < n) {
        uint64_t plane = tiff->at / plane_samples, inside = tiff->at % plane_samples;
        if ((plane != tiff->plane && !turn_to(tiff, plane, fail)) ||
            !tiff_rows_hold(&tiff->rows, inside / page->channels, fail))
            break;
        const struct tiff_rows *rows = &tiff->rows;
        uint64_t offset = inside - rows->first * page->channels;
        uint64_t held = rows->count * page->channels - offset;
        size_t part = held < n - done ? (size_t)held : n - done;
        sample_to_float(page->type, rows->swapped, tiff->scale,
                        rows->voxels + offset * sample_size(page->type), v + done, part);
        done += part;
        tiff->at += part;
    }
    return done;
}

static bool skip_samples(struct reader *reader, uint64_t n, struct fail *fail)
{
    (void)fail;
    ((struct tiff_reader *)reader)->at += n;
    return true;
}

static bool rewind_samples(struct reader *reader, struct fail *fail)
{
    (void)fail;
    ((struct tiff_reader *)reader)->at = 0;
    return true;
}

static void close_samples(struct reader *reader)
{
    struct tiff_reader *tiff = (struct tiff_reader *)reader;
    for (size_t i = 0; i < tiff->part_count; i++)
        close_file(&tiff->parts[i]);
    tiff_rows_free(&tiff->rows);
    free(tiff->planes);
    free(tiff->parts);
    free(tiff);
}

/* ---- opening ------------------------------------------------------------------------------- */

static bool describe(struct tiff_reader *tiff, struct fail *fail)
{
    struct volume *volume = &tiff->reader.volume;
    const struct tiff_page *page = &tiff->page;
    const struct tiff_options *options = &tiff->options;
    volume->size[AXIS_PLANE] = tiff->plane_count;
    volume->size[AXIS_ROW] = page->rows;
    volume->size[AXIS_COLUMN] = page->columns;
    volume->channels = page->channels;
    volume->channel_kind = page->channel_kind;
    tiff->scale = options->raw              ? 1
                  : options->full_scale > 0 ? 1 / options->full_scale
                                            : sample_unit_scale(page->type);
    if (!volume_fits(volume))
        return fail_set(fail, "%s: %" PRIu64 " planes of %" PRIu64 " x %" PRIu64 " are too many",
                        tiff->reader.name, tiff->plane_count, page->rows, page->columns);
    return volume_set_note(volume, "source type", sample_name(page->type), fail);
}

struct reader *tiff_open(char *const *paths, size_t count, const struct tiff_options *options,
                         struct fail *fail)
{
    static const struct reader_class class = {
        .read = read_samples,
        .skip = skip_samples,
        .rewind = rewind_samples,
        .close = close_samples,
    };
    struct tiff_reader *tiff = calloc(1, sizeof *tiff);
    struct part *parts = calloc(count, sizeof *parts);
    if (!tiff || !parts) {
        free(tiff);
        free(parts);
        fail_errno(fail, "%s", paths[0]);
        return NULL;
    }
    tiff->reader.class = &class;
    tiff->options = *options;
    tiff->parts = parts;
    tiff->part_count = count;
    tiff->plane = NO_PLANE;
    volume_init(&tiff->reader.volume);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        tiff->part = i;
        parts[i].path = paths[i];
        ok = look_at_file(tiff, &parts[i], fail);
        if (i == 0)
            tiff->reader.name = parts[i].name;
        if (ok && count > 1)
            leave_file(&parts[i]);
    }
    if (ok && describe(tiff, fail))
        return &tiff->reader;
    reader_close(&tiff->reader);
    return NULL;
}
