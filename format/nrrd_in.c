/* NRRD in: the samples behind a header, as floats. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format/inflate.h"
#include "format/nrrd.h"
#include "format/nrrd_header.h"

#define CHUNK (64u << 10) /* bytes of stored samples converted at a time */

struct nrrd_reader {
    struct reader reader;
    struct input input;
    struct inflate *inflate; /* NULL: raw */
    enum sample_type type;
    bool swapped;
    uint64_t data_offset; /* of the first byte behind header and line skip */
    uint64_t byte_skip;
    unsigned char *chunk; /* NULL: the stored samples are our floats */
};

static size_t read_bytes(struct nrrd_reader *nrrd, void *to, size_t n, struct fail *fail)
{
    return nrrd->inflate ? inflate_read(nrrd->inflate, to, n, fail)
                         : input_read(&nrrd->input, to, n, fail);
}

static size_t nrrd_read(struct reader *reader, float *v, size_t n, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    if (!nrrd->chunk)
        return read_bytes(nrrd, v, n * sizeof *v, fail) / sizeof *v;
    size_t size = sample_size(nrrd->type), done = 0;
    while (done < n) {
        size_t part = n - done < CHUNK / size ? n - done : CHUNK / size;
        size_t got = read_bytes(nrrd, nrrd->chunk, part * size, fail) / size;
        sample_to_float(nrrd->type, nrrd->swapped, 1, nrrd->chunk, v + done, got);
        done += got;
        if (got < part)
            break;
    }
    return done;
}

/* Stored samples pass through the stack, as several threads may call. */
static size_t nrrd_read_at(const struct reader *reader, uint64_t at, float *v, size_t n,
                           struct fail *fail)
{
    const struct nrrd_reader *nrrd = (const struct nrrd_reader *)reader;
    size_t size = sample_size(nrrd->type), done = 0;
    uint64_t offset = nrrd->data_offset + nrrd->byte_skip + at * size;
    if (!nrrd->chunk)
        return input_read_at(&nrrd->input, offset, v, n * size, fail) / size;
    unsigned char chunk[CHUNK];
    while (done < n) {
        size_t part = n - done < CHUNK / size ? n - done : CHUNK / size;
        size_t got =
            input_read_at(&nrrd->input, offset + done * size, chunk, part * size, fail) / size;
        sample_to_float(nrrd->type, nrrd->swapped, 1, chunk, v + done, got);
        done += got;
        if (got < part)
            break;
    }
    return done;
}

static bool nrrd_skip_raw(struct reader *reader, uint64_t n, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    struct input *input = &nrrd->input;
    size_t size = sample_size(nrrd->type);
    uint64_t before = input->offset;
    if (input_skip(input, n * size, fail))
        return true;
    uint64_t passed = input->seekable ? input_left(input) : input->offset - before;
    reader->at += passed / size;
    return false;
}

/* byte skip counts decompressed bytes where there is compression. */
static bool skip_bytes(struct nrrd_reader *nrrd, struct fail *fail)
{
    unsigned char dropped[4096];
    if (!nrrd->inflate)
        return input_skip(&nrrd->input, nrrd->byte_skip, fail);
    for (uint64_t left = nrrd->byte_skip; left > 0;) {
        size_t part = left < sizeof dropped ? (size_t)left : sizeof dropped;
        if (inflate_read(nrrd->inflate, dropped, part, fail) < part)
            return false;
        left -= part;
    }
    return true;
}

static bool nrrd_rewind(struct reader *reader, struct fail *fail)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    if (!nrrd->input.seekable)
        return false;
    return input_seek(&nrrd->input, nrrd->data_offset, fail) &&
           (!nrrd->inflate || inflate_restart(nrrd->inflate, fail)) && skip_bytes(nrrd, fail);
}

static void nrrd_close(struct reader *reader)
{
    struct nrrd_reader *nrrd = (struct nrrd_reader *)reader;
    inflate_close(nrrd->inflate);
    input_close(&nrrd->input);
    free(nrrd->chunk);
    free(nrrd);
}

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
    uint64_t rest = input_left(input);
    if (rest < bytes)
        return fail_set(fail, "%s: holds %" PRIu64 " bytes of samples, expected %" PRIu64,
                        nrrd->reader.name, rest, bytes);
    nrrd->byte_skip = rest - bytes;
    return true;
}

static bool begin_samples(struct nrrd_reader *nrrd, const struct nrrd_header *header,
                          struct fail *fail)
{
    static const struct reader_class piped = {
        .read = nrrd_read, .skip = nrrd_skip_raw, .close = nrrd_close};
    static const struct reader_class file = {.read = nrrd_read,
                                             .read_at = nrrd_read_at,
                                             .skip = nrrd_skip_raw,
                                             .rewind = nrrd_rewind,
                                             .close = nrrd_close};
    static const struct reader_class gzip = {
        .read = nrrd_read, .rewind = nrrd_rewind, .close = nrrd_close};
    nrrd->reader.class = header->gzip ? &gzip : nrrd->input.seekable ? &file : &piped;
    nrrd->type = header->type;
    nrrd->swapped = header->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    nrrd->byte_skip = header->byte_skip;
    bool as_stored = nrrd->type == SAMPLE_FLOAT32 && !nrrd->swapped;
    if (!as_stored && !(nrrd->chunk = malloc(CHUNK)))
        return fail_errno(fail, "%s", nrrd->reader.name);
    if (!skip_lines(nrrd, header->line_skip, fail))
        return false;
    nrrd->data_offset = nrrd->input.offset;
    if (header->gzip && !(nrrd->inflate = inflate_open(&nrrd->input, fail)))
        return false;
    if (header->data_at_end && !seek_data_at_end(nrrd, fail))
        return false;
    return skip_bytes(nrrd, fail) ||
           fail_set(fail, "%s: byte skip: the stream ends within the bytes to skip",
                    nrrd->reader.name);
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
