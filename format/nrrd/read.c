/* NRRD in: the samples behind a header, as floats. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format/nrrd/gunzip.h"
#include "format/nrrd/header.h"
#include "format/nrrd/stream.h"

#define CHUNK (64u << 10) /* bytes of stored samples converted at a time */

struct nrrd_reader {
    struct reader reader;
    struct input input;
    struct gunzip *gunzip; /* NULL: raw */
    enum sample_type type;
    bool swapped;
    uint64_t data_offset; /* of the first byte behind header and line skip */
    uint64_t byte_skip;
    bool as_stored; /* the stored samples are our floats */
};

/* Where sample number `at` begins, when nothing is compressed. */
static uint64_t offset_of(const struct nrrd_reader *nrrd, uint64_t at)
{
    return nrrd->data_offset + nrrd->byte_skip + at * sample_size(nrrd->type);
}

/* n bytes, the first of which is the first one of sample number `at`. */
typedef size_t byte_source(struct nrrd_reader *nrrd, uint64_t at, void *to, size_t n,
                           struct fail *fail);

static size_t next_bytes(struct nrrd_reader *nrrd, uint64_t at, void *to, size_t n,
                         struct fail *fail)
{
    (void)at; /* samples come one behind the other */
    return nrrd->gunzip ? gunzip_read(nrrd->gunzip, to, n, fail)
                        : input_read(&nrrd->input, to, n, fail);
}

static size_t bytes_at(struct nrrd_reader *nrrd, uint64_t at, void *to, size_t n, struct fail *fail)
{
    return input_read_at(&nrrd->input, offset_of(nrrd, at), to, n, fail);
}

/* Nothing of the reader changes but where its bytes come from. */
static size_t read_samples(struct nrrd_reader *nrrd, byte_source *get, uint64_t at, float *v,
                           size_t n, struct fail *fail)
{
    size_t size = sample_size(nrrd->type), done = 0;
    if (nrrd->as_stored)
        return get(nrrd, at, v, n * size, fail) / size;
    unsigned char chunk[CHUNK];
    while (done < n) {
        size_t part = n - done < CHUNK / size ? n - done : CHUNK / size;
        size_t got = get(nrrd, at + done, chunk, part * size, fail) / size;
        sample_to_float(nrrd->type, nrrd->swapped, 1, chunk, v + done, got);
        done += got;
        if (got < part)
            break;
    }
    return done;
}

/* ---- from a pipe, or decompressed ---- */

static size_t read_next(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    return read_samples((struct nrrd_reader *)reader, next_bytes, reader->at, v, n, fail);
}

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

/* byte skip counts decompressed bytes where there is compression. */
static bool skip_bytes(struct nrrd_reader *nrrd, struct fail *fail)
{
    unsigned char dropped[4096];
    if (!nrrd->gunzip)
        return input_skip(&nrrd->input, nrrd->byte_skip, fail);
    for (uint64_t left = nrrd->byte_skip; left > 0;) {
        size_t part = left < sizeof dropped ? (size_t)left : sizeof dropped;
        if (gunzip_read(nrrd->gunzip, dropped, part, fail) < part)
            return false;
        left -= part;
    }
    return true;
}

static bool inflate_anew(struct reader *reader, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    return nrrd->input.seekable && input_seek(&nrrd->input, nrrd->data_offset, fail) &&
           gunzip_restart(nrrd->gunzip, fail) && skip_bytes(nrrd, fail);
}

static void nrrd_close(struct reader *reader)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    gunzip_close(nrrd->gunzip);
    input_close(&nrrd->input);
    free(nrrd);
}

/* ---- from a file ---- */

static size_t read_at(struct reader *reader, uint64_t at, float *v, size_t n, struct fail *fail)
{
    return read_samples((struct nrrd_reader *)reader, bytes_at, at, v, n, fail);
}

static size_t read_here(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    return read_at(reader, reader->at, v, n, fail);
}

/* Nothing is read, and a sample that is passed over may be the missing one. */
static bool skip_here(struct reader *reader, uint64_t n, struct fail *fail)
{
    (void)fail;
    const struct nrrd_reader *nrrd = (const struct nrrd_reader *)reader;
    uint64_t left = input_left(&nrrd->input, offset_of(nrrd, reader->at)) / sample_size(nrrd->type);
    if (left >= n)
        return true;
    reader->at += left;
    return false;
}

static bool begin_again(struct reader *reader, struct fail *fail)
{
    (void)reader;
    (void)fail;
    return true;
}

/* Who reads on, behind us, goes on where we have come to. */
static void leave_file(struct reader *reader)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    struct fail ignored = {{0}};
    input_seek(&nrrd->input, offset_of(nrrd, reader->at), &ignored);
    nrrd_close(reader);
}

/* ---- what is behind the header ---- */

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
        return fail_set(fail, "%s: byte skip: found -1, which a pipe can't do: name the file",
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
        .read = read_next, .skip = skip_next, .close = nrrd_close};
    static const struct reader_class gzip = {
        .read = read_next, .rewind = inflate_anew, .close = nrrd_close};
    static const struct reader_class file = {.read = read_here,
                                             .read_at = read_at,
                                             .skip = skip_here,
                                             .rewind = begin_again,
                                             .close = leave_file};
    nrrd->type = header->type;
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
    nrrd->reader.class = nrrd->gunzip ? &gzip : nrrd->input.seekable ? &file : &pipe;
    return true;
}

struct reader *nrrd_open(const char *path, struct fail *fail)
{
    static const struct reader_class closed = {.close = nrrd_close};
    struct nrrd_reader *nrrd = calloc(1, sizeof *nrrd);
    if (!nrrd || !input_open(&nrrd->input, path, fail)) {
        fail_set(fail, "no memory to read");
        free(nrrd);
        return NULL;
    }
    struct reader *reader = &nrrd->reader;
    reader->class = &closed;
    reader->name = nrrd->input.name;
    volume_init(&reader->volume);

    struct nrrd_header header = {.name = reader->name};
    bool ok = nrrd_header_read(&header, &reader->volume, &nrrd->input, fail) &&
              nrrd_header_understand(&header, &reader->volume, fail) &&
              begin_samples(nrrd, &header, fail);
    nrrd_header_free(&header);
    if (ok)
        return reader;
    reader_close(reader);
    return NULL;
}
