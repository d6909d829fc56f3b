#include "common/text/lines.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "common/text/number.h"

static uint32_t checksum_on(uint32_t checksum, const char *text, size_t length)
{
    return (uint32_t)crc32(checksum, (const Bytef *)text, (uInt)length);
}

void text_begin(struct text_out *out, struct output *to, struct fail *fail)
{
    *out = (struct text_out){.to = to, .fail = fail};
}

bool text_put(struct text_out *out, const char *format, ...)
{
    char line[TEXT_LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    out->checksum = checksum_on(out->checksum, line, (size_t)length);
    return output_write(out->to, line, (size_t)length, out->fail);
}

bool text_end(struct text_out *out)
{
    return text_put(out, "crc32: %08" PRIx32 "\n", out->checksum);
}

void text_open_input(struct text_in *in, const struct input *input, struct fail *fail)
{
    *in = (struct text_in){.input = *input, .fail = fail};
}

bool text_open(struct text_in *in, const char *path, struct fail *fail)
{
    *in = (struct text_in){.fail = fail};
    return input_open(&in->input, path, fail);
}

bool text_bad_line(struct text_in *in, const char *expected)
{
    return fail_set(in->fail, "%s: line %" PRIu64 " is '%.40s', expected %s", in->input.name,
                    in->line, in->text, expected);
}

static bool read_any_line(struct text_in *in)
{
    size_t length = 0;
    int byte;
    while ((byte = input_byte(&in->input, in->fail)) >= 0 && byte != '\n') {
        in->text[length++] = (char)byte;
        if (length == TEXT_LINE_SIZE - 1)
            break;
    }
    in->text[length] = '\0';
    in->line++;
    in->cut_off = byte < 0;
    if (in->cut_off)
        return fail_set(in->fail, "%s: is cut off in line %" PRIu64, in->input.name, in->line);
    if (byte != '\n' || strlen(in->text) < length)
        return text_bad_line(in, "a line of text");
    in->text[length] = '\n';
    in->checksum = in->next;
    in->next = checksum_on(in->next, in->text, length + 1);
    in->text[length] = '\0';
    return true;
}

bool text_read_line(struct text_in *in)
{
    bool ok = in->again;
    in->again = false;
    if (ok)
        return true;
    do
        ok = read_any_line(in);
    while (ok && in->text[0] == '#');
    return ok;
}

const char *text_read_field(struct text_in *in, const char *key)
{
    size_t length = strlen(key);
    if (!text_read_line(in))
        return NULL;
    if (strncmp(in->text, key, length) == 0 && strncmp(in->text + length, ": ", 2) == 0)
        return in->text + length + 2;
    text_bad_line(in, key);
    return NULL;
}

bool text_read_count(struct text_in *in, const char *key, uint64_t max, uint64_t *count)
{
    const char *value = text_read_field(in, key);
    return value && ((number_count(value, count) && *count <= max) || text_bad_line(in, key));
}

bool text_next_is(struct text_in *in, const char *key)
{
    size_t length = strlen(key);
    in->again = text_read_line(in);
    return in->again && strncmp(in->text, key, length) == 0 && in->text[length] == ':';
}

bool text_read_first(struct text_in *in, const char *first, int version, const char *kind,
                     const char *maker)
{
    uint64_t found;
    size_t length = strlen(first);
    if (!text_read_line(in))
        return false;
    if (strncmp(in->text, first, length) != 0 || in->text[length] != ' ' ||
        !number_count(in->text + length + 1, &found))
        return fail_set(in->fail, "%s: is not a %s (%s makes one)", in->input.name, kind, maker);
    return found == (uint64_t)version ||
           fail_set(in->fail, "%s: a %s of version %" PRIu64 ", expected version %d",
                    in->input.name, kind, found, version);
}

static bool checksum_agrees(struct text_in *in, const char *text)
{
    char expected[16];
    snprintf(expected, sizeof expected, "%08" PRIx32, in->checksum);
    return strcmp(text, expected) == 0 ||
           fail_set(in->fail, "%s: is damaged: checksum %.8s, expected %s", in->input.name, text,
                    expected);
}

bool text_read_checksum(struct text_in *in)
{
    const char *text = text_read_field(in, "crc32");
    bool ok = text && checksum_agrees(in, text);
    in->next = 0;
    return ok;
}

bool text_read_end(struct text_in *in)
{
    if (!text_read_checksum(in))
        return false;
    int byte = input_byte(&in->input, in->fail);
    return byte == INPUT_END || fail_set(in->fail, "%s: goes on behind its end in line %" PRIu64,
                                         in->input.name, in->line);
}

void text_blame_checksum(struct text_in *in)
{
    if (in->cut_off || in->fail->is_system)
        return;
    struct fail *fail = in->fail, other = {.text = ""};
    in->fail = &other;
    bool found = strncmp(in->text, "crc32: ", 7) == 0;
    while (!found && read_any_line(in))
        found = strncmp(in->text, "crc32: ", 7) == 0;
    if (found && !checksum_agrees(in, in->text + 7))
        *fail = other;
    in->fail = fail;
}

bool text_close(struct text_in *in, bool ok)
{
    if (!ok && in->line > 1)
        text_blame_checksum(in);
    input_close(&in->input);
    return ok;
}
