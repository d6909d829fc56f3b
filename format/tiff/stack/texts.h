/* Texts beside pages that nobody reads: their descriptions and names, and the names of files. Those
 * of planes differ in numbers alone; if they differ in more, pages may be channels, or times, or
 * pictures of different things, and the user is told. */
#ifndef FORMAT_TIFF_STACK_TEXTS_H
#define FORMAT_TIFF_STACK_TEXTS_H

#include "format/tiff/decode/file.h"

enum { TIFF_TEXT_KINDS = 3 };

/* Start with {0}. */
struct tiff_texts {
    struct {
        char *text, *where; /* of the first page that has one; NULL: none yet */
        const char *file;   /* its name */
        uint64_t pages;     /* that had one */
        bool is_told;
    } first[TIFF_TEXT_KINDS];
    char *buffer;

    /* Names of files: the first one, the last one that differs from it in words, and how many are
     * like each. */
    char *name, *other;
    size_t like_name, like_other;
    bool name_is_told;
};

/* Compares the texts of the current page with those of the pages before; without its description
 * if that was read. */
MUST_CHECK bool tiff_texts_add_page(struct tiff_texts *texts, const struct tiff_file *file,
                                    uint64_t number, bool description_is_read,
                                    struct notices *notices, struct fail *fail);
/* Compares the name of a file, whose pages are planes, with those before. */
MUST_CHECK bool tiff_texts_add_file(struct tiff_texts *texts, const char *path,
                                    struct notices *notices, struct fail *fail);
void tiff_texts_free(struct tiff_texts *texts);

#endif
