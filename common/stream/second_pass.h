/* The second pass: input that can't be rewound is kept in a file without a name. */
#ifndef COMMON_STREAM_SECOND_PASS_H
#define COMMON_STREAM_SECOND_PASS_H

#include "common/kernel/dictionary.h"
#include "common/stream/loop.h"

/* Returns a reader of the same samples that can be rewound: `source` itself where it can; otherwise
 * one that owns source and keeps what it reads in a file without a name (sample_file.h). NULL
 * (source closed) on failure: the disk is full, the folder not writable. Call it before the first
 * sample is read. */
MUST_CHECK struct reader *second_pass_reader(struct reader *source, struct fail *fail);

/* Returns a reader of the same samples that can be cloned: `source` itself where it can; otherwise
 * one that owns source and has kept all of it. NULL (source closed) on failure. Call it before the
 * first sample is read. */
MUST_CHECK struct reader *second_pass_cloneable(struct reader *source, struct fail *fail);

/* The same of a reader of which only clones are used: the clones do not look at what follows the
 * last sample, so it is read to its end. */
MUST_CHECK struct reader *second_pass_for_clones(struct reader *source, struct fail *fail);

/* The same for a reader in *source, of which a clone is wanted at once. NULL on failure: of the
 * clone, or with *source NULL. */
MUST_CHECK struct reader *second_pass_clone(struct reader **source, struct fail *fail);

/* Counts how often each value occurs in the whole volume: only where samples are kept, which this
 * finishes first. OUTCOME_CANNOT: nothing is kept, or there are or seem to be too many values, or
 * one that is NaN or infinite. What is read next stays the same. *values lives as long as reader.
 */
MUST_CHECK enum outcome second_pass_count(struct reader *reader, const struct dictionary **values,
                                          struct fail *fail);

/* loop_run() for the last pass: kept samples are not read again, so their disk space is given back
 * on the way, and where they are kept as codes, the filter is applied to the values alone. */
MUST_CHECK bool second_pass_run(const struct filter *filter, struct reader *reader,
                                struct writer *writer, struct fail *fail);

#endif
