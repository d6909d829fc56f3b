/* A row is the number of its runs, and for each run the columns since the end of the one before,
 * its length, and its number less that of the one before: small numbers, of which each seven bits
 * take a byte. So a run takes three to five bytes, mostly. */
#include "common/objects/run_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "common/io/temporary.h"

#define BUFFER (1 << 20)
#define CURSOR_BUFFER (64 << 10)
#define NUMBER_MAX 10 /* bytes of one number */

bool run_file_open(struct run_file *file)
{
    *file = (struct run_file){.buffer = malloc(BUFFER), .fd = -1};
    return file->buffer;
}

void run_file_close(struct run_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    free(file->buffer);
    *file = (struct run_file){.fd = -1};
}

/* Makes room for a few numbers. */
static bool make_room(struct run_file *file)
{
    if (file->used + 3 * NUMBER_MAX <= BUFFER)
        return true;
    if ((file->fd < 0 && (file->fd = temporary_file()) < 0) ||
        !descriptor_write_at(file->fd, file->buffer, file->used, file->flushed))
        return false;
    file->flushed += file->used;
    file->used = 0;
    return true;
}

static void put_number(struct run_file *file, uint64_t number)
{
    for (; number >= 128; number >>= 7)
        file->buffer[file->used++] = (unsigned char)(number | 128);
    file->buffer[file->used++] = (unsigned char)number;
}

/* Differences of either sign as small numbers: 0, -1, 1, -2, ... */
static uint64_t fold(uint32_t number, uint32_t before)
{
    int64_t difference = (int64_t)number - before;
    return difference < 0 ? ~((uint64_t)difference << 1) : (uint64_t)difference << 1;
}

static uint32_t unfold(uint64_t folded, uint32_t before)
{
    return (uint32_t)(before + (folded & 1 ? ~(folded >> 1) : folded >> 1));
}

bool run_file_put(struct run_file *file, const struct run *runs, size_t count)
{
    struct run last = {0};
    if (!make_room(file))
        return false;
    put_number(file, count);
    for (size_t i = 0; i < count; i++) {
        if (!make_room(file))
            return false;
        put_number(file, runs[i].begin - last.end);
        put_number(file, runs[i].end - runs[i].begin);
        put_number(file, fold(runs[i].number, last.number));
        last = runs[i];
    }
    return true;
}

bool run_cursor_open(struct run_cursor *cursor, const struct run_file *file)
{
    *cursor = (struct run_cursor){.file = file, .buffer = malloc(CURSOR_BUFFER)};
    return cursor->buffer;
}

void run_cursor_close(struct run_cursor *cursor)
{
    free(cursor->buffer);
    cursor->buffer = NULL;
}

void run_cursor_rewind(struct run_cursor *cursor)
{
    *cursor = (struct run_cursor){.file = cursor->file, .buffer = cursor->buffer};
}

/* Reads on, so that a few numbers can be taken where there are as many. */
static bool fill(struct run_cursor *cursor)
{
    const struct run_file *file = cursor->file;
    if (cursor->end - cursor->begin >= 3 * NUMBER_MAX)
        return true;
    size_t kept = cursor->end - cursor->begin, room = CURSOR_BUFFER - kept, got = 0;
    memmove(cursor->buffer, cursor->buffer + cursor->begin, kept);
    if (cursor->at < file->flushed) {
        size_t wanted = min_u64(room, file->flushed - cursor->at);
        errno = EIO; /* for a file that somebody has cut off */
        if (!descriptor_read_at(file->fd, cursor->buffer + kept, wanted, cursor->at, &got) ||
            got < wanted)
            return false;
    }
    cursor->at += got;
    size_t rest = cursor->at < file->flushed ? 0 : file->used - (cursor->at - file->flushed);
    size_t more = min_u64(room - got, rest);
    if (more > 0)
        memcpy(cursor->buffer + kept + got, file->buffer + (cursor->at - file->flushed), more);
    cursor->at += more;
    cursor->begin = 0;
    cursor->end = kept + got + more;
    return true;
}

static uint64_t take_number(struct run_cursor *cursor)
{
    uint64_t number = 0;
    unsigned char byte;
    unsigned shift = 0;
    do {
        byte = cursor->buffer[cursor->begin++];
        number |= (uint64_t)(byte & 127) << shift;
        shift += 7;
    } while (byte & 128);
    return number;
}

bool run_cursor_next_row(struct run_cursor *cursor)
{
    if (!fill(cursor))
        return false;
    cursor->left = take_number(cursor);
    cursor->last = (struct run){0};
    return true;
}

bool run_cursor_next(struct run_cursor *cursor, struct run *run)
{
    if (!fill(cursor))
        return false;
    run->begin = cursor->last.end + (uint32_t)take_number(cursor);
    run->end = run->begin + (uint32_t)take_number(cursor);
    run->number = unfold(take_number(cursor), cursor->last.number);
    run->value = 1;
    cursor->last = *run;
    cursor->left--;
    return true;
}
