/* Formats by the endings of names. */
#ifndef COMMON_IO_ENDING_H
#define COMMON_IO_ENDING_H

/* "PNG" for "planes/p-%04d.PNG"; NULL: no format that is known. */
const char *ending_format(const char *path);

#endif
