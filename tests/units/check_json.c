/* Looks up values in JSON texts and prints those that come out wrong. Each text lies in memory of
 * its own size, so that a sanitizer sees reads beyond it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/json.h"

#define DEEP 200000

struct lookup {
    const char *json;
    const char *path; /* keys and indices, separated by '/' */
    const char *text; /* NULL: there is none */
};

static const struct lookup lookups[] = {
    {"{\"a\": 1, \"b\": 2}", "b", "2"},
    {" \t\r\n{ \"a\" : \"x\" , \"b\" : -0.5e+3 } ", "b", "-0.5e+3"},
    {"{\"a\": \"b\", \"b\": true}", "b", "true"},
    {"{\"a\": \"\\\"b\\\": 1, \", \"b\": null}", "b", "null"},
    {"{\"a\": {\"b\": 1}, \"b\": 2}", "b", "2"},
    {"{\"a\": [{\"b\": 1}, []], \"b\": [3, [4, 5], {\"c\": 6}]}", "b/2/c", "6"},
    {"{\"a\": {}, \"b\": [3, [4, 5]]}", "b/1/1", "5"},
    {"{\"a\": {}, \"b\": [3, [4, 5]]}", "b/2", NULL},
    {"{\"a\": []}", "a/0", NULL},
    {"{\"a\": 1, \"a\": 2}", "a", "1"},
    {"{\"\": 1}", "", "1"},
    {"{\"ab\": 1, \"a\": 2}", "a", "2"},
    {"{\"a\": 1, \"ab\": 2}", "ab", "2"},
    {"{\"\\u0061\\n\": 1}", "a\n", "1"},
    {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "0", "\"\\/\b\f\n\r\t"},
    {"[\"\\u00b5m \\u20AC \\ud83d\\ude00\"]", "0", "\xc2\xb5m \xe2\x82\xac \xf0\x9f\x98\x80"},
    {"[\"\\ud83d \\ude00\\ud83d\"]", "0", "\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd"},
    {"[\"\xc2\xb5 \xb5 \t\"]", "0", "\xc2\xb5 \xb5 \t"},
    {"[\"a\\u0000\"]", "0", NULL},
    {"[\"\\x\"]", "0", NULL},
    {"[\"\\u12g4\"]", "0", NULL},
    {"{\"a\": NaN, \"b\": -Infinity, \"c\": 0}", "c", "0"},
    {"{\"a\": 01, \"b\": 2}", "b", NULL},
    {"{\"a\": 1., \"b\": 2}", "b", NULL},
    {"{\"a\": .5, \"b\": 2}", "b", NULL},
    {"{\"a\": +1, \"b\": 2}", "b", NULL},
    {"{\"a\": -, \"b\": 2}", "b", NULL},
    {"{\"a\": 1e, \"b\": 2}", "b", NULL},
    {"{\"a\": truth, \"b\": 2}", "b", NULL},
    {"{\"a\": [1}, \"b\": 2}", "b", NULL},
    {"{\"a\": 1 \"b\": 2}", "b", NULL},
    {"{\"a\" 1, \"b\": 2}", "b", NULL},
    {"{a: 1, \"b\": 2}", "b", NULL},
    {"{\"a\": 1, \"b\": 2", "b", NULL},
    {"{\"a\": 1, \"b\": 2,", "b", "2"},
    {"{\"a\": 1, \"b\": \"2", "b", NULL},
    {"{\"a\": {\"b\": 2, \"c", "a/b", "2"},
    {"{\"a\": [1, 2, ", "a/1", "2"},
    {"{\"a\": [1, 2, ", "a/2", NULL},
    {"[1, 2]", "2", NULL},
    {"{\"0\": 1}", "0", "1"},
    {"\"{\\\"a\\\": 1}\"", "a", NULL},
    {"", "a", NULL},
};

static struct json_value copy(const char *json, size_t length)
{
    char *text = malloc(length > 0 ? length : 1);
    if (!text)
        abort();
    memcpy(text, json, length);
    return (struct json_value){text, text + length};
}

/* A step that is no key of an object is the index of an item. */
static bool follow(struct json_value value, const char *path, char *text, size_t size)
{
    for (bool more = true; more;) {
        char step[32];
        size_t length = strcspn(path, "/");
        snprintf(step, sizeof step, "%.*s", (int)length, path);
        if (!json_member(value, step, &value) && !json_item(value, strtoul(step, NULL, 10), &value))
            return false;
        more = path[length] == '/';
        path += length + 1;
    }
    return json_text(value, text, size);
}

static int check(const struct lookup *lookup)
{
    char text[64] = "";
    struct json_value value = copy(lookup->json, strlen(lookup->json));
    bool found = follow(value, lookup->path, text, sizeof text);
    bool right = found == (lookup->text != NULL) && (!found || strcmp(text, lookup->text) == 0);
    if (!right)
        printf("%s: %s: \"%s\", not \"%s\"\n", lookup->json, lookup->path, found ? text : "none",
               lookup->text ? lookup->text : "none");
    free((char *)value.text);
    return !right;
}

/* Every beginning of a text, and every text with one byte changed, is read without harm. */
static void read_damaged(const struct lookup *lookup)
{
    static const char bytes[] = "\"\\{}[],:0-.eu \0\xff";
    char text[64];
    size_t length = strlen(lookup->json);
    for (size_t n = 0; n <= length; n++) {
        struct json_value value = copy(lookup->json, n);
        (void)follow(value, lookup->path, text, sizeof text);
        (void)follow(value, "none", text, sizeof text);
        for (size_t i = 0; n == length && i < n * sizeof bytes; i++) {
            char *changed = (char *)value.text + i / sizeof bytes, whole = *changed;
            *changed = bytes[i % sizeof bytes];
            (void)follow(value, "none", text, sizeof text);
            (void)follow(value, lookup->path, text, i % 9 + 1);
            *changed = whole;
        }
        free((char *)value.text);
    }
}

static int check_numbers(void)
{
    double number;
    static const char json[] = "[1.5, \"-2e3\", \"3 um\", NaN, 1e999, [], \"\"]";
    static const char *const expected[] = {"1.5", "-2000", NULL, NULL, NULL, NULL, NULL};
    struct json_value value = {json, json + strlen(json)}, item;
    int wrong = 0;
    for (size_t i = 0; json_item(value, i, &item); i++) {
        bool found = json_real(item, &number);
        bool right = found == (expected[i] != NULL) &&
                     (!found || !(number < atof(expected[i]) || number > atof(expected[i])));
        if (!right)
            printf("item %zu of %s: wrong\n", i, json);
        wrong += !right;
    }
    return wrong;
}

/* 64 arrays or objects in each other are read, the top one included; more are not. */
static int check_depth(size_t depth, bool readable)
{
    char *json = malloc(2 * depth + 32), text[8];
    if (!json)
        abort();
    size_t length = (size_t)sprintf(json, "{\"a\": ");
    memset(json + length, '[', depth - 1);
    memset(json + length + depth - 1, ']', depth - 1);
    length += 2 * (depth - 1);
    length += (size_t)sprintf(json + length, ", \"b\": 1}");
    bool found = follow((struct json_value){json, json + length}, "b", text, sizeof text);
    free(json);
    if (found != readable)
        printf("%zu deep: %s\n", depth, found ? "found" : "not found");
    return found != readable;
}

int main(void)
{
    int wrong =
        check_numbers() + check_depth(64, true) + check_depth(65, false) + check_depth(DEEP, false);
    for (size_t i = 0; i < sizeof lookups / sizeof lookups[0]; i++) {
        wrong += check(&lookups[i]);
        read_damaged(&lookups[i]);
    }
    return wrong > 0;
}
