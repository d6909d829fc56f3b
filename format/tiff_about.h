/* What the programs that wrote a TIFF file say of its pages, in the description of the first one:
 * which axes they run along, how far apart samples are. */
#ifndef FORMAT_TIFF_ABOUT_H
#define FORMAT_TIFF_ABOUT_H

#include "format/tiff_page.h"

struct tiff_about {
    bool is_imagej;
    uint64_t planes; /* images that the file is said to hold; 0: not said */
    /* How they are ordered where they are more than planes: channels fastest, then planes, then
     * time. 1 where nothing is said. */
    uint64_t channels, depth, frames;
    double spacing[AXES]; /* NAN: unknown */
    char unit[AXES][UNIT_SIZE];
    char calibration[96]; /* ImageJ's way from stored numbers to measured ones; "" none */
};

/* Nothing is known but the pages themselves. */
void tiff_about_nothing(struct tiff_about *about);

/* Reads what the first page, which was entered, says. Refuses what means something by its pages
 * that we can't tell. */
bool tiff_about_read(struct tiff_file *file, const struct tiff_page *page, struct tiff_about *about,
                     struct fail *fail);

#endif
