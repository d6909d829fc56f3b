/* The words in statistics files (file.h), for writing and reading. */
#ifndef COMMON_STATS_FILE_WORDS_H
#define COMMON_STATS_FILE_WORDS_H

#define STATS_FIRST_LINE "vol statistics "
#define STATS_VERSION 1
#define STATS_OF_CHANNELS 2 /* then their number, and for each a file of version 1 */
#define STATS_CHANNELS "channels"
#define STATS_MAX_CHANNELS 65536
#define STATS_PLANE "samples of a plane" /* and one line for each run of planes: */
#define STATS_PLANES "planes"            /* of slabs; a whole volume has neither */
#define STATS_NONE "none"                /* as minimum and maximum, if no sample is finite */
#define STATS_OVERFLOWED "more than 65536"
#define STATS_SUM "sum / 2^-149"
#define STATS_SQUARES "squares / 2^-298"
#define STATS_WHOLE "minimum to maximum"

#endif
