/* Which samples become the levels of a page, measured: a window for each channel. */
#ifndef FORMAT_HTML_LEVELS_H
#define FORMAT_HTML_LEVELS_H

#include "common/picture/window.h"
#include "common/stream/stream.h"

#define HTML_MAX_CHANNELS 16

/* A volume of the page. Where it compares two, their channels follow each other in the stream. */
struct html_group {
    const char *title; /* UTF-8; any text */
    uint64_t channels;
    enum channel_kind kind;
    double count_scale; /* turns samples into the source's integers (source.h); NAN: unknown */
};

struct html_levels {
    const struct html_group *groups;
    size_t group_count;
    struct window windows[HTML_MAX_CHANNELS]; /* samples that become the lowest and highest level */
    struct window looks[HTML_MAX_CHANNELS];   /* what is black and white when the page opens */
    bool is_dark; /* looks are percentiles: most of the volume would have been black */
};

/* Sets windows to the minimum and maximum of each channel, and looks to the same; of the channels
 * of a colour volume to 0 to 1 or to the farthest sample of all, which keeps their balance.
 * Replaces *reader by one that can be rewound and leaves it at its first sample; on failure it may
 * be NULL.
 */
MUST_CHECK bool html_levels_measure(struct html_levels *levels, struct reader **reader,
                                    struct fail *fail);

/* Once windows are set: where nearly all samples of a channel lie in the lowest part of its window,
 * so that the rest is black, sets looks to the percentiles 0.5 and 99.5 of each such channel and
 * is_dark. The reader as above; it must be rewindable or at its first sample. */
MUST_CHECK bool html_levels_lighten(struct html_levels *levels, struct reader **reader,
                                    struct fail *fail);

/* For labels, which a sample times its group's count_scale is (never NAN here): windows of `depth`
 * bits in which each level is one number, from the lowest one on. Fails where such a product is no
 * whole number, or `depth` bits don't hold them all. *depth 0 becomes 8 or, where they need more,
 * 16. */
MUST_CHECK bool html_levels_label(struct html_levels *levels, struct reader **reader,
                                  unsigned *depth, struct fail *fail);

#endif
