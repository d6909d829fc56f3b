/* Samples made before they are asked for, by threads: where making them (decoding) takes longer
 * than passing them on. */
#ifndef COMMON_VOLUME_READAHEAD_H
#define COMMON_VOLUME_READAHEAD_H

#include "common/volume/stream.h"

/* A reader of the same samples, with the same failures, which takes source over: before the first
 * sample is read. Threads each have a twin of it, and read parts of the volume that lie one behind
 * the other. There are as few threads as let all this take 12 MiB at most. It is source itself
 * where that has no unit or a large one, or for less than two threads. NULL (source closed) on
 * failure. */
struct reader *ahead_reader(struct reader *source, struct fail *fail);

#endif
