#include "common/stream/sample_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "common/io/temporary.h"

#define CODES 4096                /* appended at once */
#define DISCARD_SIZE (4ull << 20) /* bytes given back at once */

bool sample_file_open(struct sample_file *file)
{
    *file = (struct sample_file){.fd = -1, .coding = true, .shared = UINT64_MAX};
    if (!dictionary_init(&file->dictionaries[0], DICTIONARY_MAX))
        return false;
    file->dictionaries[0].stop_early = true;
    file->fd = temporary_file();
    if (file->fd >= 0)
        return true;
    sample_file_close(file);
    return false;
}

void sample_file_close(struct sample_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    for (size_t i = 0; i < LOOP_MAX_STATES; i++)
        dictionary_free(&file->dictionaries[i]);
    free(file->owners);
}

static uint64_t offset_of(const struct sample_file *file, uint64_t at)
{
    uint64_t codes = at < file->coded ? at : file->coded;
    return codes * sizeof(uint16_t) + (at - codes) * sizeof(float);
}

/* Encodes samples for as long as they get codes. */
static bool encode(const struct sample_file *file, struct dictionary *dictionary, uint64_t at,
                   const float *v, size_t n, size_t *encoded)
{
    uint16_t codes[CODES];
    size_t part = 0, coded = 0;
    for (*encoded = 0; coded == part && *encoded < n; *encoded += coded) {
        part = n - *encoded < CODES ? n - *encoded : CODES;
        coded = dictionary_encode(dictionary, v + *encoded, part, codes);
        if (!descriptor_write_at(file->fd, codes, coded * sizeof *codes,
                                 (at + *encoded) * sizeof *codes))
            return false;
    }
    return true;
}

bool sample_file_append(struct sample_file *file, const float *v, size_t n)
{
    size_t coded = 0;
    if (file->coding && !encode(file, &file->dictionaries[0], file->count, v, n, &coded))
        return false;
    file->coding = file->coding && coded == n;
    file->count += coded;
    file->coded += coded;
    if (!descriptor_write_at(file->fd, v + coded, (n - coded) * sizeof *v,
                             offset_of(file, file->count)))
        return false;
    file->count += n - coded;
    return true;
}

/* ---- several threads ------------------------------------------------------------------------ */

size_t sample_file_share(struct sample_file *file, size_t count, uint64_t samples)
{
    size_t threads = 1;
    if (count > 1 && file->coding && !file->owners)
        file->owners = malloc((samples - file->count) / LOOP_BLOCK + 1);
    if (!file->owners)
        return 1;
    file->shared = file->count;
    while (threads < count && dictionary_init(&file->dictionaries[threads], DICTIONARY_MAX))
        threads++;
    return threads;
}

bool sample_file_encode(struct sample_file *file, size_t thread, uint64_t at, const float *v,
                        size_t n)
{
    size_t coded;
    return encode(file, &file->dictionaries[thread], at, v, n, &coded) && coded == n;
}

void sample_file_add_block(struct sample_file *file, size_t thread, size_t n)
{
    if (file->count >= file->shared)
        file->owners[(file->count - file->shared) / LOOP_BLOCK] = (unsigned char)thread;
    file->count += n;
    file->coded += n;
}

const struct dictionary *sample_file_counts(struct sample_file *file)
{
    struct dictionary *all = &file->dictionaries[0];
    for (size_t i = 1; file->coding && i < LOOP_MAX_STATES; i++)
        file->coding = dictionary_take_counts(all, &file->dictionaries[i]);
    return file->coding ? all : NULL;
}

/* The values of the codes from sample number `at` on, and for how many of n samples. */
static const float *values_at(const struct sample_file *file, uint64_t at, size_t *n)
{
    if (at < file->shared) {
        *n = min_u64(*n, file->shared - at);
        return file->dictionaries[0].values;
    }
    uint64_t block = (at - file->shared) / LOOP_BLOCK;
    *n = min_u64(*n, file->shared + (block + 1) * LOOP_BLOCK - at);
    return file->dictionaries[file->owners[block]].values;
}

/* ---- reading -------------------------------------------------------------------------------- */

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
    if (!read_bytes(file, at, (unsigned char *)v + n * sizeof code, n * sizeof code))
        return false;
    for (size_t i = 0, end; i < n; i = end) {
        size_t count = n - i;
        const float *values = values_at(file, at + i, &count);
        for (end = i + count; i < end; i++) {
            memcpy(&code, codes + i * sizeof code, sizeof code);
            v[i] = values[code];
        }
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
    const struct dictionary *all = sample_file_counts(file);
    float *tried = all ? malloc(all->used * sizeof *tried) : NULL;
    if (!tried)
        return false;
    memcpy(tried, all->values, all->used * sizeof *tried);
    bool ok = change(state, tried, all->used) == all->used;
    free(tried);
    for (size_t i = 0; ok && i < LOOP_MAX_STATES; i++)
        ok = change(state, file->dictionaries[i].values, file->dictionaries[i].used) ==
             file->dictionaries[i].used;
    return ok;
}

void sample_file_discard(struct sample_file *file, uint64_t at)
{
    uint64_t end = offset_of(file, at) / DISCARD_SIZE * DISCARD_SIZE;
    if (end > file->discarded)
        (void)!fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                         (off_t)file->discarded, (off_t)(end - file->discarded));
    file->discarded = end;
}
