#include "common/text/json.h"

#include <math.h>
#include <string.h>

#include "common/text/number.h"
#include "common/text/utf8.h"

#define MAX_DEPTH 64 /* of arrays and objects in each other, when reading */

/* ---- writing ------------------------------------------------------------------------------- */

bool json_string(struct output *output, const char *text, struct fail *fail)
{
    bool ok = output_print(output, fail, "\"");
    while (ok && *text != '\0') {
        unsigned char byte = (unsigned char)*text;
        size_t length = utf8_length(text);
        bool plain = length > 1 || (byte >= ' ' && byte <= '~' && !strchr("\"\\<>&", byte));
        ok = plain ? output_write(output, text, length, fail)
                   : output_print(output, fail, "\\u%04x", byte);
        text += length > 1 ? length : 1;
    }
    return ok && output_print(output, fail, "\"");
}

bool json_key(struct output *output, const char *key, struct fail *fail)
{
    return output_print(output, fail, ",\n  ") && json_string(output, key, fail) &&
           output_print(output, fail, ": ");
}

bool json_key_inline(struct output *output, const char *key, struct fail *fail)
{
    return output_print(output, fail, ", ") && json_string(output, key, fail) &&
           output_print(output, fail, ": ");
}

bool json_number(struct output *output, double number, struct fail *fail)
{
    char text[NUMBER_SIZE];
    return output_print(output, fail, "%s", isfinite(number) ? number_text(number, text) : "null");
}

bool json_numbers(struct output *output, const double *numbers, size_t count, struct fail *fail)
{
    bool ok = output_print(output, fail, "[");
    for (size_t i = 0; ok && i < count; i++)
        ok = output_print(output, fail, "%s", i > 0 ? ", " : "") &&
             json_number(output, numbers[i], fail);
    return ok && output_print(output, fail, "]");
}

bool json_strings(struct output *output, const char *const *texts, size_t count, struct fail *fail)
{
    bool ok = output_print(output, fail, "[");
    for (size_t i = 0; ok && i < count; i++)
        ok = output_print(output, fail, "%s", i > 0 ? ", " : "") &&
             json_string(output, texts[i], fail);
    return ok && output_print(output, fail, "]");
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Functions that read return where they stopped, NULL when the text is broken or cut off there. */

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

static const char *skip_mark(const char *at, const char *end, char mark)
{
    at = skip_space(at, end);
    return at < end && *at == mark ? at + 1 : NULL;
}

/* ---- reading strings ----------------------------------------------------------------------- */

static const char *read_hex(const char *at, const char *end, uint32_t *code)
{
    static const char digits[] = "0123456789abcdef";
    *code = 0;
    if (end - at < 4)
        return NULL;
    for (const char *last = at + 4; at < last; at++) {
        const char *digit = memchr(digits, *at | ('A' <= *at && *at <= 'F' ? 0x20 : 0), 16);
        if (!digit)
            return NULL;
        *code = 16 * *code + (uint32_t)(digit - digits);
    }
    return at;
}

static size_t encode_utf8(uint32_t code, char piece[4])
{
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length; i-- > 1; code >>= 6)
        piece[i] = (char)(0x80 | (code & 0x3f));
    piece[0] = (char)(marks[length] | code);
    return length;
}

/* After \u: four digits, and four more for the second half of a surrogate pair. A half without the
 * other becomes U+FFFD. */
static const char *read_code(const char *at, const char *end, char piece[4], size_t *length)
{
    uint32_t code, low;
    at = read_hex(at, end, &code);
    if (at && code >= 0xd800 && code < 0xdc00 && end - at >= 6 && memcmp(at, "\\u", 2) == 0) {
        const char *after = read_hex(at + 2, end, &low);
        if (after && low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            at = after;
        }
    }
    *length = encode_utf8(code >= 0xd800 && code < 0xe000 ? 0xfffd : code, piece);
    return at;
}

/* Reads one character of a string; *length is 0 after the closing quote. Bytes that are not escaped
 * are passed on one by one. */
static const char *read_character(const char *at, const char *end, char piece[4], size_t *length)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (at == end)
        return NULL;
    *length = *at != '"';
    piece[0] = *at++;
    if (piece[0] != '\\')
        return at;
    if (at == end)
        return NULL;
    if (*at == 'u')
        return read_code(at + 1, end, piece, length);
    const char *name = memchr(names, *at, sizeof names - 1);
    if (!name)
        return NULL;
    piece[0] = meant[name - names];
    return at + 1;
}

/* at: after the opening quote. *same: the string equals key, which may be NULL. */
static const char *skip_string(const char *at, const char *end, const char *key, bool *same)
{
    char piece[4];
    size_t length = 1;
    *same = key != NULL;
    while (at && length > 0) {
        at = read_character(at, end, piece, &length);
        *same = at && *same && strncmp(key, piece, length) == 0;
        if (*same)
            key += length;
    }
    *same = *same && *key == '\0';
    return at;
}

/* ---- reading values ------------------------------------------------------------------------ */

static const char *skip_digits(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && '0' <= *at && *at <= '9')
        at++;
    return at > from ? at : NULL;
}

static const char *skip_number(const char *at, const char *end)
{
    at += *at == '-';
    at = at < end && *at == '0' ? at + 1 : skip_digits(at, end);
    if (at && at < end && *at == '.')
        at = skip_digits(at + 1, end);
    if (at && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at = skip_digits(at + (at < end && (*at == '+' || *at == '-')), end);
    }
    return at;
}

/* A number or a literal. It must be followed by something, or it may have been cut off. */
static const char *skip_word(const char *at, const char *end)
{
    static const char *const literals[] = {"true", "false", "null", "NaN", "Infinity", "-Infinity"};
    const char *after = NULL;
    for (size_t i = 0; !after && i < sizeof literals / sizeof literals[0]; i++) {
        size_t length = strlen(literals[i]);
        if ((size_t)(end - at) >= length && memcmp(at, literals[i], length) == 0)
            after = at + length;
    }
    after = after ? after : skip_number(at, end);
    return after && after < end && memchr(" \t\n\r,]}", *after, 7) ? after : NULL;
}

struct wanted {
    const char *key; /* of a member */
    size_t index;    /* of an item or a key, where key is NULL */
};
static const struct wanted nothing = {.index = SIZE_MAX};

static const char *skip_value(const char *at, const char *end, int depth);

/* Reads the array or object that begins at `at`. Returns where the wanted value begins and sets
 * *found, or where the array or object ends. */
static const char *walk(const char *at, const char *end, const struct wanted *wanted, int depth,
                        bool *found)
{
    bool is_object = *at == '{';
    char close = is_object ? '}' : ']';
    *found = false;
    const char *empty = skip_mark(at + 1, end, close);
    if (empty)
        return empty;
    for (size_t i = 0; at; i++) {
        at = skip_space(at + 1, end); /* after the bracket or a comma */
        if (is_object && (wanted->key || i != wanted->index)) {
            at = skip_mark(at, end, '"');
            at = at ? skip_string(at, end, wanted->key, found) : NULL;
            at = at ? skip_mark(at, end, ':') : NULL;
        } else {
            *found = !wanted->key && i == wanted->index;
        }
        if (*found)
            return at;
        at = at ? skip_value(at, end, depth) : NULL;
        at = at ? skip_space(at, end) : NULL;
        if (!at || at == end || (*at != ',' && *at != close))
            return NULL;
        if (*at == close)
            return at + 1;
    }
    return NULL;
}

static const char *skip_value(const char *at, const char *end, int depth)
{
    bool ignored;
    at = skip_space(at, end);
    if (at == end)
        return NULL;
    if (*at == '"')
        return skip_string(at + 1, end, NULL, &ignored);
    if (*at == '{' || *at == '[')
        return depth > 0 ? walk(at, end, &nothing, depth - 1, &ignored) : NULL;
    return skip_word(at, end);
}

static bool find(struct json_value value, char open, const struct wanted *wanted,
                 struct json_value *found)
{
    bool is_found = false;
    const char *at = skip_space(value.text, value.end);
    if (at < value.end && *at == open)
        at = walk(at, value.end, wanted, MAX_DEPTH - 1, &is_found);
    if (is_found && at)
        *found = (struct json_value){at, value.end};
    return is_found && at;
}

bool json_member(struct json_value value, const char *key, struct json_value *member)
{
    return find(value, '{', &(struct wanted){.key = key}, member);
}

bool json_member_key(struct json_value value, size_t index, struct json_value *key)
{
    return find(value, '{', &(struct wanted){.index = index}, key);
}

bool json_item(struct json_value value, size_t index, struct json_value *item)
{
    return find(value, '[', &(struct wanted){.index = index}, item);
}

static bool decode(const char *at, const char *end, char *text, size_t size)
{
    size_t used = 0, length = 1;
    while (length > 0) {
        char piece[4];
        at = read_character(at, end, piece, &length);
        if (!at || length >= size - used || memchr(piece, '\0', length))
            return false;
        memcpy(text + used, piece, length);
        used += length;
    }
    text[used] = '\0';
    return true;
}

bool json_text(struct json_value value, char *text, size_t size)
{
    const char *at = skip_space(value.text, value.end);
    if (at == value.end)
        return false;
    if (*at == '"')
        return decode(at + 1, value.end, text, size);
    const char *after = skip_word(at, value.end);
    if (!after || (size_t)(after - at) >= size)
        return false;
    memcpy(text, at, (size_t)(after - at));
    text[after - at] = '\0';
    return true;
}

bool json_real(struct json_value value, double *number)
{
    char text[64];
    return json_text(value, text, sizeof text) && number_real(text, number);
}
