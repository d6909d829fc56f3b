#include "format/nrrd/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define BUFFER_SIZE (64 << 10)
#define GZIP_ONLY (16 + MAX_WBITS)

struct gunzip {
    z_stream stream;
    struct input *input;
    bool ended; /* after the last member */
    unsigned char buffer[BUFFER_SIZE];
};

struct gunzip *gunzip_open(struct input *input, struct fail *fail)
{
    struct gunzip *gzip = calloc(1, sizeof *gzip);
    if (gzip && inflateInit2(&gzip->stream, GZIP_ONLY) == Z_OK) {
        gzip->input = input;
        return gzip;
    }
    fail_memory(fail, "%s: to decompress", input->name);
    free(gzip);
    return NULL;
}

void gunzip_close(struct gunzip *gzip)
{
    if (!gzip)
        return;
    inflateEnd(&gzip->stream);
    free(gzip);
}

bool gunzip_restart(struct gunzip *gzip, struct fail *fail)
{
    gzip->ended = false;
    gzip->stream.avail_in = 0;
    return inflateReset(&gzip->stream) == Z_OK ||
           fail_set(fail, "%s: can't decompress again", gzip->input->name);
}

static bool refill(struct gunzip *gzip, struct fail *fail)
{
    if (gzip->stream.avail_in > 0)
        return true;
    size_t got = input_some(gzip->input, gzip->buffer, BUFFER_SIZE, fail);
    gzip->stream.next_in = gzip->buffer;
    gzip->stream.avail_in = (uInt)got;
    return got > 0;
}

/* After a member: begins another one if that follows. Anything else is not part of the data. */
static void begin_next_member(struct gunzip *gzip, struct fail *fail)
{
    gzip->ended = !refill(gzip, fail) || gzip->stream.next_in[0] != 0x1f ||
                  inflateReset(&gzip->stream) != Z_OK;
}

/* Inflates some bytes, at most n; *got: how many. False when the input ends or is damaged. */
static bool inflate_some(struct gunzip *gzip, void *to, size_t n, size_t *got, struct fail *fail)
{
    z_stream *stream = &gzip->stream;
    uInt part = n < INT_MAX ? (uInt)n : INT_MAX;
    *got = 0;
    if (!refill(gzip, fail))
        return false;
    stream->next_out = to;
    stream->avail_out = part;
    int status = inflate(stream, Z_NO_FLUSH);
    *got = part - stream->avail_out;
    if (status == Z_STREAM_END)
        begin_next_member(gzip, fail);
    if (status == Z_MEM_ERROR)
        return fail_memory(fail, "%s: to decompress", gzip->input->name);
    if (fail->text[0] != '\0') /* reading on failed */
        return false;
    return status == Z_STREAM_END || status == Z_OK || status == Z_BUF_ERROR ||
           fail_set(fail, "%s: encoding: the gzip data are damaged (%s)", gzip->input->name,
                    stream->msg ? stream->msg : "wrong format");
}

size_t gunzip_read(struct gunzip *gzip, void *to, size_t n, struct fail *fail)
{
    size_t done = 0, got;
    bool more = true;
    for (; more && done < n && !gzip->ended; done += got)
        more = inflate_some(gzip, (unsigned char *)to + done, n - done, &got, fail);
    return done;
}

/* Whether there is more behind a member than empty members and zeros. */
static bool has_more(struct gunzip *gzip)
{
    struct fail ignored = {.text = ""}; /* these bytes are not wanted */
    unsigned char dropped[256];
    size_t got;
    while (!gzip->ended)
        if (!inflate_some(gzip, dropped, sizeof dropped, &got, &ignored) || got > 0)
            return true;
    for (z_stream *stream = &gzip->stream; refill(gzip, &ignored); stream->avail_in--)
        if (*stream->next_in++ != 0)
            return true;
    return false;
}

bool gunzip_finish(struct gunzip *gzip, bool *more, struct fail *fail)
{
    unsigned char dropped[4096];
    size_t got;
    const z_stream *stream = &gzip->stream;
    while (!gzip->ended && stream->total_in > 0) { /* 0: at the beginning of another member */
        if (!inflate_some(gzip, dropped, sizeof dropped, &got, fail))
            return fail_set(fail, "%s: encoding: the gzip data end before their checksum",
                            gzip->input->name);
        *more |= got > 0;
    }
    *more = *more || has_more(gzip);
    return true;
}
