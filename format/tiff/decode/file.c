#include "format/tiff/decode/file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/array.h"
#include "common/base/count.h"
#include "common/io/descriptor.h"
#include "common/io/temporary.h"

/* The layout is that of TIFF 6.0, section 2, and BigTIFF. */

size_t tiff_entry_size(const struct tiff_file *file)
{
    return file->big ? 20 : 12;
}

size_t tiff_offset_size(const struct tiff_file *file)
{
    return file->big ? 8 : 4;
}

size_t tiff_count_size(const struct tiff_file *file)
{
    return file->big ? 8 : 2;
}

uint64_t tiff_header_size(const struct tiff_file *file)
{
    return file->big ? 16 : 8;
}

uint64_t tiff_parse_number(const struct tiff_file *file, const unsigned char *bytes, size_t size)
{
    if (size == 2) {
        uint16_t number;
        memcpy(&number, bytes, size);
        return file->swapped ? __builtin_bswap16(number) : number;
    }
    if (size == 4) {
        uint32_t number;
        memcpy(&number, bytes, size);
        return file->swapped ? __builtin_bswap32(number) : number;
    }
    uint64_t number;
    memcpy(&number, bytes, size);
    return file->swapped ? __builtin_bswap64(number) : number;
}

bool tiff_refuse(const struct tiff_file *file, uint64_t page, struct fail *fail, const char *format,
                 ...)
{
    char why[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return fail_set(fail, "%s: page %" PRIu64 ": %s", file->name, page, why);
}

bool tiff_refuse_for(const struct tiff_file *file, uint64_t page, const struct fail *why,
                     struct fail *fail)
{
    return fail_prefix(fail, why, "%s: page %" PRIu64, file->name, page);
}

bool tiff_file_read(const struct tiff_file *file, uint64_t offset, void *to, size_t n,
                    struct fail *fail)
{
    size_t got;
    if (!descriptor_read_at(file->fd, to, n, offset, &got))
        return fail_errno(fail, "%s: %zu bytes from byte %" PRIu64 " on", file->name, n, offset);
    return got == n || fail_set(fail, "%s: %zu bytes from byte %" PRIu64 " on lie beyond its end",
                                file->name, n, offset);
}

/* ---- directories ----------------------------------------------------------------------------- */

/* Reads the directory's number of entries, the entries and the link to the next one. Most have no
 * more than a first read brings. */
static bool read_directory(struct tiff_file *file, uint64_t offset, uint64_t page,
                           struct fail *fail)
{
    unsigned char start[512];
    size_t count_bytes = tiff_count_size(file), link_bytes = tiff_offset_size(file);
    size_t got = (size_t)min_u64(sizeof start, file->size - offset);
    file->entry_count = 0;
    if (!tiff_file_read(file, offset, start, got, fail))
        return false;
    uint64_t count = tiff_parse_number(file, start, count_bytes);
    if (count == 0 || count > UINT16_MAX)
        return tiff_refuse(file, page, fail,
                           "its directory has %" PRIu64 " entries, expected 1 to 65535", count);
    if (!array_reserve_items(&file->entries, &file->entry_capacity, count + 1,
                             tiff_entry_size(file)))
        return fail_errno(fail, "%s: a directory of %" PRIu64 " entries", file->name, count);
    size_t size = count * tiff_entry_size(file) + link_bytes;
    if (size > file->size - offset - count_bytes)
        return tiff_refuse(file, page, fail,
                           "its directory of %" PRIu64 " entries at byte %" PRIu64
                           " goes beyond the file's %" PRIu64 " bytes",
                           count, offset, file->size);
    size_t known = (size_t)min_u64(size, got - count_bytes);
    memcpy(file->entries, start + count_bytes, known);
    if (known < size && !tiff_file_read(file, offset + count_bytes + known, file->entries + known,
                                        size - known, fail))
        return false;
    file->directory = offset;
    file->entry_count = count;
    file->next_directory = tiff_parse_number(file, file->entries + size - link_bytes, link_bytes);
    return true;
}

bool tiff_parse_directory(struct tiff_file *file, uint64_t offset, uint64_t page, struct fail *fail)
{
    if (offset > file->size || tiff_count_size(file) > file->size - offset)
        return tiff_refuse(file, page, fail,
                           "its directory lies at byte %" PRIu64 ", the file has %" PRIu64, offset,
                           file->size);
    if (offset < tiff_header_size(file))
        return tiff_refuse(file, page, fail,
                           "its directory lies at byte %" PRIu64 ", inside the header of %zu",
                           offset, tiff_header_size(file));
    return read_directory(file, offset, page, fail);
}

/* ---- the file ------------------------------------------------------------------------------ */

static bool read_header(struct tiff_file *file, struct fail *fail)
{
    unsigned char bytes[16] = {0};
    size_t got;
    if (!descriptor_read_at(file->fd, bytes, sizeof bytes, 0, &got))
        return fail_errno(fail, "%s: read", file->name);
    bool little = memcmp(bytes, "II", 2) == 0;
    if (file->size == 0)
        return input_refuse_empty(&file->input, "a TIFF file", fail);
    if (!little && memcmp(bytes, "MM", 2) != 0)
        return fail_set(
            fail,
            "%s: is not a TIFF file: it begins with bytes %02x %02x, expected \"II\" or "
            "\"MM\"",
            file->name, bytes[0], bytes[1]);
    file->swapped = little != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    uint64_t version = tiff_parse_number(file, bytes + 2, 2);
    file->big = version == 43;
    if (version != 42 && version != 43)
        return fail_set(fail, "%s: is not a TIFF file: version %" PRIu64 ", expected 42 or 43",
                        file->name, version);
    if (got < tiff_header_size(file) || (file->big && (tiff_parse_number(file, bytes + 4, 2) != 8 ||
                                                       tiff_parse_number(file, bytes + 6, 2) != 0)))
        return fail_set(fail, "%s: its header is cut off or broken", file->name);
    file->next_directory = tiff_parse_number(
        file, bytes + tiff_header_size(file) - tiff_offset_size(file), tiff_offset_size(file));
    return file->next_directory > 0 || fail_set(fail, "%s: has no pages", file->name);
}

/* Finds a descriptor with random access to the file. */
static bool find_descriptor(struct tiff_file *file, struct fail *fail)
{
    bool whole = file->input.seekable && lseek(file->input.fd, 0, SEEK_CUR) == 0;
    file->fd = whole ? file->input.fd : temporary_copy(&file->input, fail);
    struct stat status;
    if (file->fd < 0)
        return false;
    if (fstat(file->fd, &status) != 0)
        return fail_errno(fail, "%s", file->name);
    file->size = (uint64_t)status.st_size;
    return true;
}

bool tiff_file_open(struct tiff_file *file, const char *path, struct fail *fail)
{
    struct input input;
    return input_open(&input, path, fail) && tiff_file_open_input(file, &input, fail);
}

bool tiff_file_open_input(struct tiff_file *file, struct input *input, struct fail *fail)
{
    *file = (struct tiff_file){.fd = -1, .input = *input};
    *input = (struct input){.fd = -1};
    file->name = file->input.name;
    if (find_descriptor(file, fail) && read_header(file, fail))
        return true;
    tiff_file_close(file);
    return false;
}

void tiff_file_clone(struct tiff_file *clone, const struct tiff_file *file)
{
    *clone = *file;
    clone->is_clone = true;
    clone->tiff = NULL;
    clone->entries = NULL;
    clone->entry_count = clone->entry_capacity = 0;
}

bool tiff_file_is_temporary(const struct tiff_file *file)
{
    return file->fd != file->input.fd;
}

void tiff_file_close(struct tiff_file *file)
{
    if (file->tiff)
        TIFFClose(file->tiff);
    if (!file->is_clone && file->fd >= 0 && tiff_file_is_temporary(file))
        close(file->fd);
    if (!file->is_clone)
        input_close(&file->input);
    free(file->entries);
    *file = (struct tiff_file){.fd = -1, .input = {.fd = -1}};
}
