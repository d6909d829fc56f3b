/* Which pages of which files are the planes of a stack. */
#ifndef FORMAT_TIFF_STACK_STACK_H
#define FORMAT_TIFF_STACK_STACK_H

#include "format/tiff/stack/lookup.h"
#include "format/tiff/stack/options.h"
#include "format/tiff/stack/placed.h"

#define NO_INPUT LOOKUP_NONE
#define TIFF_WAY_OUT "--plain takes each page as a plane"

/* The directory of a plane that nobody asks for, in a file that was not opened. */
#define TIFF_NOT_OPENED UINT64_MAX

/* Which file it is, whatever its path. */
struct tiff_identity {
    uint64_t device, inode;
};

/* A file of the stack. */
struct tiff_input {
    char *path;
    struct input *opened; /* until it is used, the input to read instead of opening path */
    const char *name;     /* for messages; NULL before it is first opened, like what follows */
    uint64_t size;
    uint64_t first_directory;
    bool is_imagej;
    struct tiff_parts parts;
    struct tiff_file *file; /* NULL while it is not open */
    size_t users;
    struct tiff_pages pages; /* of a file of a data set, while that is added */
};

struct tiff_stack {
    /* Set by who begins a stack: */
    struct tiff_options options;
    struct tiff_decode_options decode_options;
    bool is_several; /* more than one file is added */

    /* The files, and which pages of them are its planes: */
    struct tiff_input *inputs;
    size_t input_count, input_capacity;
    struct lookup data_set;    /* files that another's OME-XML names, by struct tiff_identity */
    struct tiff_placed placed; /* pages of files that say where among the others they belong */
    struct tiff_image *images; /* plane after plane, the channels of each side by side */
    size_t image_count, image_capacity;
    uint64_t channels; /* images of a plane; 0: not known yet */

    /* By tiff_stack_check_page(): */
    struct tiff_page page;   /* the first one, which all others must be compatible with */
    struct tiff_page stored; /* the same as it is decoded, where that is several images */
    uint32_t page_input;
    uint64_t page_number;

    /* By tiff_choose(): */
    bool selects_sample; /* the channel asked for is sample number `sample` of each pixel */
    uint64_t sample;
    char channel_names[1024], channel_colours[160]; /* for notes (shape/channel.h); "": unknown */
    double window[2]; /* stored numbers that are shown black and white; unknown unless this rises */

    /* What the files say, spacing and unit the first: */
    bool samples_are_channels;
    double spacing[AXES];
    char unit[AXES][UNIT_SIZE];
    struct tiff_calibration calibration;

    /* For the user: */
    struct notices notices;
    struct tiff_texts texts; /* that pages have, and nobody reads */
};

/* Those of the options that matter for decoding. */
struct tiff_decode_options tiff_decode_options(const struct tiff_options *options);

/* Frees a stack that was initialized with {0}, in any state. */
void tiff_stack_free(struct tiff_stack *stack);

/* Adds a file, without opening it. NO_INPUT on failure. */
MUST_CHECK uint32_t tiff_stack_add_input(struct tiff_stack *stack, const char *path,
                                         struct fail *fail);
/* The same of an input that is open already, and is read instead. The stack closes it, after it has
 * opened the file. */
MUST_CHECK uint32_t tiff_stack_add_opened(struct tiff_stack *stack, const char *path,
                                          struct input *opened, struct fail *fail);
/* Opens a file for one more user. Release it when it is not needed, because a stack can't keep all
 * its files open. Only one thread at a time may call these two. */
MUST_CHECK struct tiff_file *tiff_stack_open(struct tiff_stack *stack, uint32_t input,
                                             struct fail *fail);
void tiff_stack_release(struct tiff_stack *stack, uint32_t input);

/* Keeps what the stack needs of a file's metadata; of the first file, its spacing too. */
void tiff_stack_keep_metadata(struct tiff_stack *stack, uint32_t number,
                              const struct tiff_metadata *metadata,
                              const struct tiff_series *series);

/* Adds images, all zero. NULL: no memory. */
MUST_CHECK struct tiff_image *tiff_stack_add_images(struct tiff_stack *stack, uint64_t images,
                                                    struct fail *fail);
/* Checks that a page fits those before it. */
MUST_CHECK bool tiff_stack_check_page(struct tiff_stack *stack, uint32_t input, uint64_t number,
                                      const struct tiff_page *page, struct fail *fail);

#endif
