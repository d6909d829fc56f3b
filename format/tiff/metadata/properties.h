/* A Java Properties text: https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html */
#ifndef FORMAT_TIFF_METADATA_PROPERTIES_H
#define FORMAT_TIFF_METADATA_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>

#define PROPERTY_SIZE 256

struct property {
    char key[PROPERTY_SIZE], value[PROPERTY_SIZE]; /* UTF-8; longer ones are cut */
    bool has_separator;                            /* '=' or ':' stands between the two */
};

/* Reads the property that begins at *text and moves *text after it. False: there is none. A byte
 * that is no part of a UTF-8 character is taken for Latin-1. Blanks at the end of the value, which
 * belong to it, are left out. */
bool property_next(const char **text, struct property *property);

#endif
