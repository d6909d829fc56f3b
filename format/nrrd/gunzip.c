#include "format/nrrd/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define CHUNK (64 << 10)
#define GZIP_ONLY (16 + MAX_WBITS)

struct gunzip {
    z_stream stream;
    struct input *input;
    bool ended; /* after the last member */
    unsigned char chunk[CHUNK];
};

struct gunzip *gunzip_open(struct input *input, struct fail *fail)
{
    struct gunzip *gzip = calloc(1, sizeof *gzip);
    if (gzip && inflateInit2(&gzip->stream, GZIP_ONLY) == Z_OK) {
        gzip->input = input;
        return gzip;
    }
    fail_set(fail, "%s: no memory to decompress", input->name);
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
    size_t got = input_some(gzip->input, gzip->chunk, CHUNK, fail);
    gzip->stream.next_in = gzip->chunk;
    gzip->stream.avail_in = (uInt)got;
    return got > 0;
}

/* After a member: begins another one if that follows. Anything else is not part of the data. */
static void begin_next_member(struct gunzip *gzip, struct fail *fail)
{
    gzip->ended = !refill(gzip, fail) || gzip->stream.next_in[0] != 0x1f ||
                  inflateReset(&gzip->stream) != Z_OK;
}

size_t gunzip_read(struct gunzip *gzip, void *to, size_t n, struct fail *fail)
{
    z_stream *stream = &gzip->stream;
    size_t got = 0;
    while (got < n && !gzip->ended) {
        size_t part = n - got < INT_MAX ? n - got : INT_MAX;
        if (!refill(gzip, fail))
            break;
        stream->next_out = (Bytef *)to + got;
        stream->avail_out = (uInt)part;
        int status = inflate(stream, Z_NO_FLUSH);
        got += part - stream->avail_out;
        if (status == Z_STREAM_END) {
            begin_next_member(gzip, fail);
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            fail_set(fail, "%s: encoding: the gzip data are damaged (%s)", gzip->input->name,
                     stream->msg ? stream->msg : "wrong format");
            break;
        }
    }
    return got;
}
