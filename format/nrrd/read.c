/* Reads NRRD: the samples after a header, as floats. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/count.h"
#include "common/stream/second_pass.h"
#include "format/nrrd/gunzip.h"
#include "format/nrrd/header.h"
#include "format/nrrd/stream.h"

#define BUFFER_SIZE (64u << 10) /* bytes of stored samples converted at a time */

struct nrrd_reader {
    struct reader reader;
    struct input input;
    struct gunzip *gunzip; /* NULL: raw */
    enum sample_type type;
    bool swapped;
    uint64_t data_offset; /* of the first byte after header and line skip */
    uint64_t byte_skip;
    bool as_stored; /* the stored samples are floats in this machine's byte order */
    unsigned char buffer[BUFFER_SIZE];
};

/* The offset of sample number `at` in a file that is not compressed. */
static uint64_t offset_of(const struct nrrd_reader *nrrd, uint64_t at)
{
    return nrrd->data_offset + nrrd->byte_skip + at * sample_size(nrrd->type);
}

/* The next n bytes, from sample number `at` on. A file is read without moving its offset, so that
 * clones can share the descriptor. */
static size_t next_bytes(struct nrrd_reader *nrrd, uint64_t at, void *to, size_t n,
                         struct fail *fail)
{
    if (nrrd->gunzip)
        return gunzip_read(nrrd->gunzip, to, n, fail);
    if (nrrd->input.seekable)
        return input_read_at(&nrrd->input, offset_of(nrrd, at), to, n, fail);
    return input_read(&nrrd->input, to, n, fail);
}

static size_t read_samples(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    size_t size = sample_size(nrrd->type), done = 0;
    if (nrrd->as_stored)
        return next_bytes(nrrd, reader->at, v, n * size, fail) / size;
    unsigned char *buffer = nrrd->buffer;
    while (done < n) {
        size_t part = min_u64(n - done, BUFFER_SIZE / size);
        size_t got = next_bytes(nrrd, reader->at + done, buffer, part * size, fail) / size;
        sample_to_float(nrrd->type, nrrd->swapped, 1, buffer, v + done, got);
        reader_count_inexact(reader, sample_count_inexact(nrrd->type, nrrd->swapped, buffer, got));
        done += got;
        if (got < part)
            break;
    }
    return done;
}

/* A second volume behind the first, or planes that the header no longer counts, must not be lost
 * without a word. */
static void note_rest(struct reader *reader, bool is_volume)
{
    reader->rest = is_volume ? "another volume follows its last sample: it is not read"
                             : "bytes follow its last sample: they are not read";
}

static void nrrd_close(struct reader *reader)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    gunzip_close(nrrd->gunzip);
    if (!nrrd->reader.original)
        input_close(&nrrd->input);
    free(nrrd);
}

/* ---- from a pipe, or decompressed ---- */

static bool skip_next(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    size_t size = sample_size(nrrd->type);
    uint64_t before = nrrd->input.offset;
    if (input_skip(&nrrd->input, n * size, fail))
        return true;
    reader->at += (nrrd->input.offset - before) / size;
    return false;
}

static bool end_pipe(struct reader *reader, struct fail *fail)
{
    char next[5] = "";
    if (input_peek(&((struct nrrd_reader *)reader)->input, next, 4, fail) > 0)
        note_rest(reader, strcmp(next, "NRRD") == 0);
    return fail->text[0] == '\0';
}

/* The checksum follows the last sample. */
static bool end_decompressed(struct reader *reader, struct fail *fail)
{
    bool more = false;
    if (!gunzip_finish(((struct nrrd_reader *)reader)->gunzip, &more, fail))
        return false;
    if (more)
        note_rest(reader, false);
    return true;
}

/* If the data are compressed, byte skip counts decompressed bytes. */
static bool skip_bytes(struct nrrd_reader *nrrd, struct fail *fail)
{
    unsigned char dropped[4096];
    if (!nrrd->gunzip)
        return input_skip(&nrrd->input, nrrd->byte_skip, fail);
    for (uint64_t left = nrrd->byte_skip; left > 0;) {
        size_t part = min_u64(left, sizeof dropped);
        if (gunzip_read(nrrd->gunzip, dropped, part, fail) < part)
            return false;
        left -= part;
    }
    return true;
}

static enum outcome gunzip_again(struct reader *reader, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    if (!nrrd->input.seekable)
        return OUTCOME_CANNOT;
    bool ok = input_seek(&nrrd->input, nrrd->data_offset, fail) &&
              gunzip_restart(nrrd->gunzip, fail) && skip_bytes(nrrd, fail);
    return ok ? OUTCOME_DONE : OUTCOME_FAILED;
}

/* ---- from a file ---- */

/* Skipping reads nothing, so check here that the file really holds the skipped samples. A clone's
 * user reads where it has skipped to, which tells. */
static bool skip_in_file(struct reader *reader, uint64_t n, struct fail *fail)
{
    (void)fail;
    const struct nrrd_reader *nrrd = (const struct nrrd_reader *)reader;
    if (nrrd->reader.original)
        return true;
    uint64_t left = input_left(&nrrd->input, offset_of(nrrd, reader->at)) / sample_size(nrrd->type);
    if (left >= n)
        return true;
    reader->at += left;
    return false;
}

static bool end_file(struct reader *reader, struct fail *fail)
{
    const struct nrrd_reader *nrrd = (const struct nrrd_reader *)reader;
    char next[5] = "";
    uint64_t end = offset_of(nrrd, volume_samples(&reader->volume));
    if (!reader->original && input_read_at(&nrrd->input, end, next, 4, fail) > 0)
        note_rest(reader, strcmp(next, "NRRD") == 0);
    return fail->text[0] == '\0';
}

static struct reader *clone_file(struct reader *reader, struct fail *fail)
{
    return reader_copy(reader, sizeof(struct nrrd_reader), fail);
}

/* Leaves the file offset after the last sample read, so that a following program on the same
 * descriptor continues there. */
static void close_file(struct reader *reader)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    struct fail ignored = {.text = ""};
    if (!nrrd->reader.original)
        (void)!input_seek(&nrrd->input, offset_of(nrrd, reader->at), &ignored);
    nrrd_close(reader);
}

/* ---- what follows the header ---- */

static bool skip_lines(struct nrrd_reader *nrrd, uint64_t lines, struct fail *fail)
{
    while (lines > 0) {
        int byte = input_byte(&nrrd->input, fail);
        if (byte < 0)
            return fail_set(fail, "%s: line skip: the stream ends within the lines to skip",
                            nrrd->reader.name);
        lines -= byte == '\n';
    }
    return true;
}

/* byte skip: -1 says that the samples are the last bytes of the file. */
static bool seek_data_at_end(struct nrrd_reader *nrrd, struct fail *fail)
{
    struct input *input = &nrrd->input;
    uint64_t bytes = volume_samples(&nrrd->reader.volume) * sample_size(nrrd->type);
    if (!input->seekable)
        return fail_set(fail,
                        "%s: byte skip: -1, from the end, can't be read from a pipe: name the file",
                        nrrd->reader.name);
    uint64_t rest = input_left(input, input->offset);
    if (rest < bytes)
        return fail_set(fail, "%s: holds %" PRIu64 " bytes of samples, expected %" PRIu64,
                        nrrd->reader.name, rest, bytes);
    nrrd->byte_skip = rest - bytes;
    return true;
}

static bool begin_samples(struct nrrd_reader *nrrd, const struct nrrd_header *header,
                          struct fail *fail)
{
    static const struct reader_class pipe = {
        .read = read_samples, .skip = skip_next, .end = end_pipe, .close = nrrd_close};
    static const struct reader_class gzip = {
        .read = read_samples, .rewind = gunzip_again, .end = end_decompressed, .close = nrrd_close};
    static const struct reader_class file = {.read = read_samples,
                                             .skip = skip_in_file,
                                             .rewind = reader_at_rewind,
                                             .clone = clone_file,
                                             .end = end_file,
                                             .close = close_file};
    nrrd->type = header->type;
    nrrd->reader.inexact_words = sample_inexact_words(header->type);
    nrrd->swapped = header->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    nrrd->byte_skip = header->byte_skip;
    nrrd->as_stored = nrrd->type == SAMPLE_FLOAT32 && !nrrd->swapped;
    if (!skip_lines(nrrd, header->line_skip, fail))
        return false;
    nrrd->data_offset = nrrd->input.offset;
    if (header->gzip && !(nrrd->gunzip = gunzip_open(&nrrd->input, fail)))
        return false;
    if (header->data_at_end && !seek_data_at_end(nrrd, fail))
        return false;
    if (!skip_bytes(nrrd, fail))
        return fail_set(fail, "%s: byte skip: the stream ends within the bytes to skip",
                        nrrd->reader.name);
    bool is_file = !nrrd->gunzip && nrrd->input.seekable;
    nrrd->reader.class = nrrd->gunzip ? &gzip : is_file ? &file : &pipe;
    nrrd->reader.access = is_file ? ACCESS_ANY : ACCESS_IN_ORDER;
    return true;
}

struct reader *nrrd_open(const char *path, struct fail *fail)
{
    struct input input;
    return input_open(&input, path, fail) ? nrrd_open_input(&input, fail) : NULL;
}

struct reader *nrrd_open_input(struct input *input, struct fail *fail)
{
    static const struct reader_class closed = {.close = nrrd_close};
    struct nrrd_reader *nrrd = calloc(1, sizeof *nrrd);
    if (!nrrd) {
        fail_errno(fail, "%s", input->name);
        input_close(input);
        return NULL;
    }
    nrrd->input = *input;
    *input = (struct input){.fd = -1};
    struct reader *reader = &nrrd->reader;
    reader->class = &closed;
    reader->name = nrrd->input.name;
    volume_init(&reader->volume);

    struct nrrd_header header = {.name = reader->name};
    bool ok = nrrd_header_read(&header, &reader->volume, &nrrd->input, fail) &&
              nrrd_header_interpret(&header, &reader->volume, fail) &&
              begin_samples(nrrd, &header, fail);
    if (header.spacings_disagree)
        reader->notice = "spacings and space directions disagree: the directions are taken";
    nrrd_header_free(&header);
    if (ok)
        return reader;
    reader_close(reader);
    return NULL;
}

struct reader *nrrd_open_twice(const char *path, struct fail *fail)
{
    struct reader *reader = nrrd_open(path, fail);
    return reader ? second_pass_reader(reader, fail) : NULL;
}
