#include "common/sample_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/descriptor.h"
#include "common/temporary.h"

#define CODES 16384            /* handled at once: 32 KiB on the stack */
#define DROP_SIZE (4ull << 20) /* bytes given back at once */

bool sample_file_open(struct sample_file *file)
{
    *file = (struct sample_file){.fd = -1, .coding = true};
    if (!distinct_init(&file->distinct, DISTINCT_MOST))
        return false;
    file->distinct.gives_up = true;
    file->fd = temporary_file();
    if (file->fd >= 0)
        return true;
    distinct_free(&file->distinct);
    return false;
}

void sample_file_close(struct sample_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    distinct_free(&file->distinct);
}

static uint64_t offset_of(const struct sample_file *file, uint64_t at)
{
    uint64_t codes = at < file->coded ? at : file->coded;
    return codes * sizeof(uint16_t) + (at - codes) * sizeof(float);
}

static bool append_bytes(struct sample_file *file, const void *from, size_t size)
{
    return descriptor_write_at(file->fd, from, size, offset_of(file, file->count));
}

/* As many as have codes. */
static bool append_codes(struct sample_file *file, const float *v, size_t n, size_t *appended)
{
    uint16_t codes[CODES];
    *appended = 0;
    while (file->coding && *appended < n) {
        size_t part = n - *appended < CODES ? n - *appended : CODES;
        size_t coded = distinct_encode(&file->distinct, v + *appended, part, codes);
        if (!append_bytes(file, codes, coded * sizeof *codes))
            return false;
        file->coding = coded == part;
        file->coded += coded;
        file->count += coded;
        *appended += coded;
    }
    return true;
}

bool sample_file_append(struct sample_file *file, const float *v, size_t n)
{
    size_t appended;
    if (!append_codes(file, v, n, &appended) ||
        !append_bytes(file, v + appended, (n - appended) * sizeof *v))
        return false;
    file->count += n - appended;
    return true;
}

static bool read_bytes(const struct sample_file *file, uint64_t at, void *to, size_t size)
{
    size_t got;
    errno = EIO; /* for a file that somebody has cut off */
    return descriptor_read_at(file->fd, to, size, offset_of(file, at), &got) && got == size;
}

static bool read_codes(const struct sample_file *file, uint64_t at, float *v, size_t n)
{
    uint16_t codes[CODES];
    const float *values = file->distinct.values;
    for (size_t done = 0; done < n;) {
        size_t part = n - done < CODES ? n - done : CODES;
        if (!read_bytes(file, at + done, codes, part * sizeof *codes))
            return false;
        for (size_t i = 0; i < part; i++)
            v[done + i] = values[codes[i]];
        done += part;
    }
    return true;
}

bool sample_file_read(const struct sample_file *file, uint64_t at, float *v, size_t n)
{
    uint64_t coded = at < file->coded ? file->coded - at : 0;
    size_t codes = coded < n ? (size_t)coded : n;
    return read_codes(file, at, v, codes) &&
           read_bytes(file, at + codes, v + codes, (n - codes) * sizeof *v);
}

bool sample_file_change(struct sample_file *file, kernel *change, const void *state)
{
    struct distinct *distinct = &file->distinct;
    float *changed = file->coding ? malloc(distinct->used * sizeof *changed) : NULL;
    if (!changed)
        return false;
    memcpy(changed, distinct->values, distinct->used * sizeof *changed);
    if (change(state, changed, distinct->used) < distinct->used) {
        free(changed);
        return false;
    }
    free(distinct->values);
    distinct->values = changed;
    return true;
}

void sample_file_drop(struct sample_file *file, uint64_t at)
{
    uint64_t end = offset_of(file, at) / DROP_SIZE * DROP_SIZE;
    if (end > file->dropped)
        (void)!fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)file->dropped,
                         (off_t)(end - file->dropped));
    file->dropped = end;
}
