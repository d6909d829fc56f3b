/* What fuzz targets share: the bytes of a test as a file that can be opened by name, and a reader
 * that is read through. */
#ifndef TESTS_FUZZ_FILE_H
#define TESTS_FUZZ_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "common/stream/stream.h"

/* libFuzzer's entry, which replay.c calls too. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The path of a file in memory with these bytes. The next call changes the file. */
const char *fuzz_file(const void *bytes, size_t n);

/* Reads a volume once, and again if it can be rewound, up to a number of samples that takes
 * milliseconds; then closes the reader, which may be NULL. */
void fuzz_read(struct reader *reader);

#endif
