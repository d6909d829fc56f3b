#include "format/tiff/stack/texts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text/utf8.h"
#include "format/tiff/decode/tags.h"

enum { TEXT_SIZE = 16384, EXCERPT = 48 };

static const struct {
    unsigned tag;
    const char *name;
} kinds[TIFF_TEXT_KINDS] = {{270, "description"}, {285, "name"}, {269, "document name"}};

/* ---- differences between texts --------------------------------------------------------------- */

enum token_kind { TOKEN_END, TOKEN_MARK, TOKEN_WORD, TOKEN_NUMBER };

struct token {
    enum token_kind kind;
    const char *text;
    size_t length;
};

/* What a text has been compared up to. */
struct cursor {
    const char *at;
    struct token label; /* the word that a number stands behind */
    size_t marks;       /* between the two */
};

enum difference { DIFFER_NOT, DIFFER_IN_NUMBERS, DIFFER_IN_WORDS, DIFFER_IN_CHANNELS };

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return isdigit((unsigned char)c);
}

static bool is_one_of(struct token word, const char *const *words)
{
    while (*words &&
           (strlen(*words) != word.length || strncasecmp(word.text, *words, word.length) != 0))
        words++;
    return *words != NULL;
}

/* Parts of a date or of a number that are words. */
static bool is_time_word(struct token word)
{
    static const char *const words[] = {
        "am",        "pm",       "jan",      "feb",      "mar",    "apr",     "may",
        "jun",       "jul",      "aug",      "sep",      "oct",    "nov",     "dec",
        "mon",       "tue",      "wed",      "thu",      "fri",    "sat",     "sun",
        "january",   "february", "march",    "april",    "june",   "july",    "august",
        "september", "october",  "november", "december", "monday", "tuesday", "wednesday",
        "thursday",  "friday",   "saturday", "sunday",   "nan",    "inf",     NULL};
    return is_one_of(word, words);
}

/* An identifier in hexadecimal digits is a number: 8 or more digits, or a UUID. */
static size_t hex_length(const char *text)
{
    static const size_t parts[] = {8, 4, 4, 4, 12};
    size_t n = strspn(text, "0123456789abcdefABCDEF"), length = 0;
    for (size_t i = 0; i < 5; i++) {
        size_t part = strspn(text + length, "0123456789abcdefABCDEF");
        if (part != parts[i] || (i < 4 && text[length + part] != '-'))
            break;
        length += part + (i < 4);
        if (i == 4)
            return length;
    }
    bool is_whole = !is_letter(text[n]) && strcspn(text, "0123456789") < n;
    return n >= 8 && is_whole ? n : 0;
}

/* Numbers that only marks and blanks part are one: a date, a time, a list. */
static size_t number_length(const char *text)
{
    size_t length = 0;
    for (;;) {
        size_t begin = length + strspn(text + length, " \t:.,;/+-");
        size_t digits = strspn(text + begin, "0123456789");
        if (digits == 0)
            return length;
        length = begin + digits;
        const char *e = text + length;
        bool has_sign = (*e == 'e' || *e == 'E') && (e[1] == '-' || e[1] == '+');
        if ((*e == 'e' || *e == 'E') && is_digit(e[has_sign ? 2 : 1]))
            length += has_sign ? 2 : 1;
    }
}

static struct token next_token(struct cursor *cursor)
{
    const char *at = cursor->at + strspn(cursor->at, " \t\r\n");
    bool has_sign = (*at == '-' || *at == '+') && is_digit(at[1]);
    struct token token = {.text = at, .length = hex_length(at), .kind = TOKEN_NUMBER};
    if (*at == '\0') {
        token.kind = TOKEN_END;
    } else if (token.length == 0 && (is_digit(*at) || has_sign)) {
        token.length = number_length(at);
    } else if (token.length == 0 && is_letter(*at)) {
        while (is_letter(at[token.length]))
            token.length++;
        if (!is_time_word(token))
            token.kind = TOKEN_WORD;
    } else if (token.length == 0) {
        token.length = 1;
        token.kind = TOKEN_MARK;
    }
    cursor->at = at + token.length;
    return token;
}

static bool ends_with(struct token word, const char *end)
{
    size_t n = strlen(end);
    return word.length >= n && strncasecmp(word.text + word.length - n, end, n) == 0;
}

/* "ChannelNo" without "No". */
static struct token without_suffix(struct token word)
{
    static const char *const suffixes[] = {"number", "index", "num", "no", "nr", "id", NULL};
    for (size_t i = 0; suffixes[i]; i++)
        if (ends_with(word, suffixes[i])) {
            word.length -= strlen(suffixes[i]);
            break;
        }
    return word;
}

static bool is_channel_word(struct token word)
{
    static const char *const words[] = {
        "ch",    "chan",   "c",     "w",      "wave",       "lambda",   "cam",  "camera", "dye",
        "stain", "filter", "fluor", "marker", "excitation", "emission", "mass", NULL};
    return is_one_of(word, words) || ends_with(word, "channel") || ends_with(word, "wavelength");
}

static bool is_plane_word(struct token word)
{
    static const char *const words[] = {
        "z",     "t",  "p",       "s",     "slice",  "plane", "page",  "frame", "img",
        "image", "im", "section", "layer", "time",   "pos",   "scan",  "level", "depth",
        "i",     "n",  "x",       "y",     "series", "tile",  "stack", NULL};
    return is_one_of(word, words);
}

static bool same_token(struct token a, struct token b)
{
    return a.kind == b.kind && a.length == b.length && strncmp(a.text, b.text, a.length) == 0;
}

/* "CD3", "CD20": a number that is part of a name, unlike one that counts pages. */
static bool is_part_of_name(const struct cursor *cursor, struct token number, struct token first,
                            uint64_t steps)
{
    bool is_short =
        number.length < 4 && first.length < 4 && number.text[0] != '0' && first.text[0] != '0';
    unsigned long a = strtoul(first.text, NULL, 10), b = strtoul(number.text, NULL, 10);
    return cursor->marks == 0 && cursor->label.length > 0 && is_short &&
           !is_plane_word(cursor->label) && (a > b ? a - b : b - a) != steps;
}

static void move_label(struct cursor *cursor, struct token token)
{
    struct token bare = without_suffix(token);
    if (token.kind == TOKEN_MARK)
        cursor->marks++;
    else if (token.kind != TOKEN_WORD)
        cursor->label.length = 0;
    else if (bare.length > 0)
        cursor->label = bare;
    if (token.kind != TOKEN_MARK)
        cursor->marks = 0;
}

/* Compares two texts, and stops where they differ in more than numbers: *at, in `text`. names: of
 * pages, `steps` pages apart; 0 if the texts are others. */
static enum difference compare(const char *first, const char *text, uint64_t steps, const char **at)
{
    enum { MARKS = 4, LETTER_DIGITS = 2 };
    struct cursor a = {.at = first}, b = {.at = text};
    enum difference found = DIFFER_NOT;
    for (;;) {
        struct token left = next_token(&a), right = next_token(&b);
        *at = right.text;
        if (left.kind != right.kind || (left.kind != TOKEN_NUMBER && !same_token(left, right)))
            return DIFFER_IN_WORDS;
        if (left.kind == TOKEN_END)
            return found;
        if (left.kind == TOKEN_NUMBER && !same_token(left, right)) {
            bool is_letter_alone = b.label.length == 1;
            bool is_channel = b.label.length > 0 && b.marks <= MARKS && is_channel_word(b.label) &&
                              !(is_letter_alone && right.length > LETTER_DIGITS);
            if (is_channel || (steps > 0 && is_part_of_name(&b, right, left, steps)))
                return DIFFER_IN_CHANNELS;
            found = DIFFER_IN_NUMBERS;
        }
        move_label(&b, right);
    }
}

/* What stands around a place of a text, on one line. */
static void excerpt(const char *text, const char *at, char to[EXCERPT])
{
    const char *begin = at;
    while (begin > text && at - begin < EXCERPT / 2 && begin[-1] != '\n' && begin[-1] != '\r')
        begin--;
    while (begin > text && begin < at && ((unsigned char)*begin & 0xc0) == 0x80)
        begin++;
    snprintf(to, EXCERPT, "%.*s", (int)strcspn(begin, "\r\n"), begin);
    utf8_make_printable(to);
}

/* The same place of another text that agrees with `text` before it in all but numbers. */
static const char *place_in(const char *first, const char *text, uint64_t steps)
{
    const char *at;
    (void)compare(text, first, steps, &at);
    return at;
}

/* ---- texts of pages -------------------------------------------------------------------------- */

/* A page may be named by its file. */
static bool is_file_name(const char *text, const char *path)
{
    const char *slash = strrchr(path, '/');
    return strstr(text, slash ? slash + 1 : path) != NULL;
}

static bool keep_first(struct tiff_texts *texts, size_t kind, const struct tiff_file *file,
                       uint64_t number, struct fail *fail)
{
    char *where = NULL;
    texts->first[kind].text = strdup(texts->buffer);
    texts->first[kind].file = file->name;
    if (asprintf(&where, "page %" PRIu64, number) < 0)
        where = NULL;
    texts->first[kind].where = where;
    texts->first[kind].pages = 1;
    return (texts->first[kind].text && where) || fail_errno(fail, "%s", file->name);
}

static void tell_texts(struct tiff_texts *texts, size_t kind, const char *at,
                       const struct tiff_file *file, uint64_t number, uint64_t steps,
                       struct notices *notices)
{
    const char *first = texts->first[kind].text;
    char here[EXCERPT], there[EXCERPT];
    bool same_file = strcmp(texts->first[kind].file, file->name) == 0;
    excerpt(texts->buffer, at, here);
    excerpt(first, place_in(first, texts->buffer, steps), there);
    notices_add(notices,
                "%s: page %" PRIu64 " has the %s '%s', %s%s%s '%s': read as planes all the same; "
                "if they are channels, %s",
                file->name, number, kinds[kind].name, here, texts->first[kind].where,
                same_file ? "" : " of ", same_file ? "" : texts->first[kind].file, there,
                same_file ? "--order channel:N,plane says so, and --plain that they are planes"
                          : "name the files of one; --plain says that they are planes");
    texts->first[kind].is_told = true;
}

static bool add_text(struct tiff_texts *texts, size_t kind, const struct tiff_file *file,
                     uint64_t number, struct notices *notices, struct fail *fail)
{
    const char *at;
    struct fail why = {.text = ""};
    enum outcome outcome = tiff_tag_text(file, kinds[kind].tag, texts->buffer, TEXT_SIZE, &why);
    if (outcome != OUTCOME_DONE) /* what is damaged is no text, and nobody needs it */
        return !why.is_system || fail_pass(fail, &why);
    if (texts->buffer[strspn(texts->buffer, " \t\r\n")] == '\0' ||
        (kind > 0 && is_file_name(texts->buffer, file->name)))
        return true;
    if (!texts->first[kind].text)
        return keep_first(texts, kind, file, number, fail);
    uint64_t steps = kind > 0 ? texts->first[kind].pages : 0;
    texts->first[kind].pages++;
    if (compare(texts->first[kind].text, texts->buffer, steps, &at) > DIFFER_IN_NUMBERS)
        tell_texts(texts, kind, at, file, number, steps, notices);
    return true;
}

bool tiff_texts_add_page(struct tiff_texts *texts, const struct tiff_file *file, uint64_t number,
                         bool description_is_read, struct notices *notices, struct fail *fail)
{
    for (size_t kind = description_is_read; kind < TIFF_TEXT_KINDS; kind++) {
        if (texts->first[kind].is_told || !tiff_has_tag(file, kinds[kind].tag))
            continue;
        if (!texts->buffer && !(texts->buffer = malloc(TEXT_SIZE)))
            return fail_errno(fail, "%s", file->name);
        if (!add_text(texts, kind, file, number, notices, fail))
            return false;
    }
    return true;
}

/* ---- names of files -------------------------------------------------------------------------- */

static bool keep_name(char **to, const char *name, struct fail *fail)
{
    free(*to);
    *to = strdup(name);
    return *to || fail_errno(fail, "%s", name);
}

/* Names that differ in words are those of different things only if there are several of each: the
 * planes of one, then of the other. */
static bool add_other(struct tiff_texts *texts, const char *name, struct fail *fail)
{
    const char *at;
    bool is_like = texts->other && compare(texts->other, name, 0, &at) <= DIFFER_IN_NUMBERS;
    texts->like_other = is_like ? texts->like_other + 1 : 1;
    return is_like || keep_name(&texts->other, name, fail);
}

bool tiff_texts_add_file(struct tiff_texts *texts, const char *path, struct notices *notices,
                         struct fail *fail)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *at;
    if (texts->name_is_told)
        return true;
    if (!texts->name) {
        texts->like_name = 1;
        return keep_name(&texts->name, name, fail);
    }
    enum difference difference = compare(texts->name, name, 0, &at);
    if (difference == DIFFER_IN_WORDS && !add_other(texts, name, fail))
        return false;
    texts->like_name += difference <= DIFFER_IN_NUMBERS;
    bool is_other = difference == DIFFER_IN_CHANNELS ||
                    (texts->like_name > 1 &&
                     (texts->like_other > 1 || (texts->other && difference <= DIFFER_IN_NUMBERS)));
    if (!is_other)
        return true;
    const char *other = difference == DIFFER_IN_CHANNELS ? name : texts->other;
    notices_add(notices,
                "%s: its name differs from '%.80s' by more than the number of a plane: read as "
                "planes of one stack all the same; if they are channels, name the files of one; "
                "--plain says that they are planes",
                other, texts->name);
    texts->name_is_told = true;
    return true;
}

void tiff_texts_free(struct tiff_texts *texts)
{
    for (size_t kind = 0; kind < TIFF_TEXT_KINDS; kind++) {
        free(texts->first[kind].text);
        free(texts->first[kind].where);
    }
    free(texts->buffer);
    free(texts->name);
    free(texts->other);
    *texts = (struct tiff_texts){0};
}
