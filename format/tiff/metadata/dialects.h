/* Readers of the metadata of each microscope program, one file a dialect. Each fills in metadata,
 * which has one series of which nothing is known, from the first page's directory. */
#ifndef FORMAT_TIFF_METADATA_DIALECTS_H
#define FORMAT_TIFF_METADATA_DIALECTS_H

#include "format/tiff/metadata/metadata.h"

/* text: an ImageDescription. */
bool imagej_is_text(const char *text);
MUST_CHECK bool imagej_read(struct tiff_file *file, const char *text,
                            struct tiff_metadata *metadata, struct fail *fail);
MUST_CHECK bool tifffile_read(const struct tiff_file *file, const char *text,
                              struct tiff_metadata *metadata, struct fail *fail);
/* The same of any page, the current one: metadata->is_shaped tells whether it describes an array.
 */
MUST_CHECK bool tifffile_read_page(const struct tiff_file *file, struct tiff_metadata *metadata,
                                   struct fail *fail);
/* MetaMorph's XML, one description a page. */
bool metaseries_is_text(const char *text);
MUST_CHECK bool metaseries_read(struct tiff_file *file, struct tiff_metadata *metadata,
                                struct fail *fail);
MUST_CHECK bool lsm_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                         struct fail *fail);
MUST_CHECK bool metamorph_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                               struct fail *fail);
/* A text on each page. */
bool improvision_is_text(const char *text);
MUST_CHECK bool improvision_read(struct tiff_file *file, struct tiff_metadata *metadata,
                                 struct fail *fail);
/* A page for each channel, with its name: PerkinElmer's QPTIFF and MIBI. */
bool channel_pages_is_text(const char *text);
MUST_CHECK bool channel_pages_read(struct tiff_file *file, const char *text,
                                   struct tiff_metadata *metadata, struct fail *fail);
/* text: an ImageDescription or Software. */
bool scanimage_is_text(const char *text);
MUST_CHECK bool scanimage_read(struct tiff_file *file, const char *text,
                               struct tiff_metadata *metadata, struct fail *fail);
/* Does nothing if the file's private tag is no header of NIH Image's. */
MUST_CHECK bool nih_read(const struct tiff_file *file, struct tiff_metadata *metadata,
                         struct fail *fail);
/* Only adds what other metadata did not state. Does nothing if the file is not Micro-Manager's. */
MUST_CHECK bool micromanager_read(struct tiff_file *file, struct tiff_metadata *metadata,
                                  struct fail *fail);
/* Adds the steps that a JSON text of Micro-Manager's states of a page of this size. */
void micromanager_read_steps(const char *text, uint64_t rows, uint64_t columns,
                             struct tiff_series *series);

#endif
