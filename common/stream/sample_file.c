#include "common/stream/sample_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io/descriptor.h"
#include "common/io/temporary.h"

#define CODES 4096                /* appended at once */
#define DISCARD_SIZE (4ull << 20) /* bytes given back at once */

bool sample_file_open(struct sample_file *file)
{
    *file = (struct sample_file){.fd = -1, .coding = true};
    if (!dictionary_init(&file->dictionary, DICTIONARY_MAX))
        return false;
    file->dictionary.stop_early = true;
    file->fd = temporary_file();
    if (file->fd >= 0)
        return true;
    dictionary_free(&file->dictionary);
    return false;
}

void sample_file_close(struct sample_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    dictionary_free(&file->dictionary);
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

/* Appends samples for as long as they get codes. */
static bool append_codes(struct sample_file *file, const float *v, size_t n, size_t *appended)
{
    uint16_t codes[CODES];
    *appended = 0;
    while (file->coding && *appended < n) {
        size_t part = n - *appended < CODES ? n - *appended : CODES;
        size_t coded = dictionary_encode(&file->dictionary, v + *appended, part, codes);
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

/* The codes are read into the second half of v; a sample is written where no code is left. */
static bool read_codes(const struct sample_file *file, uint64_t at, float *v, size_t n)
{
    uint16_t code;
    const unsigned char *codes = (const unsigned char *)v + n * sizeof code;
    const float *values = file->dictionary.values;
    if (!read_bytes(file, at, (unsigned char *)v + n * sizeof code, n * sizeof code))
        return false;
    for (size_t i = 0; i < n; i++) {
        memcpy(&code, codes + i * sizeof code, sizeof code);
        v[i] = values[code];
    }
    return true;
}

bool sample_file_read(const struct sample_file *file, uint64_t at, float *v, size_t n)
{
    uint64_t coded = at < file->coded ? file->coded - at : 0;
    size_t codes = coded < n ? coded : n;
    return read_codes(file, at, v, codes) &&
           read_bytes(file, at + codes, v + codes, (n - codes) * sizeof *v);
}

bool sample_file_remap(struct sample_file *file, kernel *change, const void *state)
{
    struct dictionary *dictionary = &file->dictionary;
    float *changed = file->coding ? malloc(dictionary->used * sizeof *changed) : NULL;
    if (!changed)
        return false;
    memcpy(changed, dictionary->values, dictionary->used * sizeof *changed);
    if (change(state, changed, dictionary->used) < dictionary->used) {
        free(changed);
        return false;
    }
    free(dictionary->values);
    dictionary->values = changed;
    return true;
}

void sample_file_discard(struct sample_file *file, uint64_t at)
{
    uint64_t end = offset_of(file, at) / DISCARD_SIZE * DISCARD_SIZE;
    if (end > file->discarded)
        (void)!fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                         (off_t)file->discarded, (off_t)(end - file->discarded));
    file->discarded = end;
}
