#include "common/picture/caption.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/picture/font.h"
#include "common/picture/pixels.h"
#include "common/volume/length.h"

/* In dots: between a boxed caption and the edge of its box; around and between what is in the box
 * of a scale bar, and around the box. */
#define BOX_MARGIN 2
#define BAR_MARGIN 3
#define BAR_HEIGHT 2
#define GROWTH 200 /* pixels of an image for which a dot becomes a pixel larger */
#define MAX_SCALE 100

unsigned caption_scale(uint64_t width, uint64_t height)
{
    uint64_t scale = 1 + (width < height ? width : height) / GROWTH;
    return scale < MAX_SCALE ? (unsigned)scale : MAX_SCALE;
}

uint64_t caption_width(const struct caption *caption)
{
    return (font_width(caption->text) + (caption->boxed ? 2 * BOX_MARGIN : 0)) * caption->scale;
}

uint64_t caption_height(const struct caption *caption)
{
    return (caption->boxed ? FONT_CAPITAL + 2 * BOX_MARGIN : FONT_HEIGHT) *
           (uint64_t)caption->scale;
}

/* A row of pixels that is drawn on. */
struct line {
    const struct picture *picture;
    unsigned char *pixels;
    uint64_t width;
};

/* Makes pixels left..left+width, as far as there are any, white or black. */
static void fill(const struct line *line, uint64_t left, uint64_t width, bool white)
{
    if (left >= line->width)
        return;
    if (width > line->width - left)
        width = line->width - left;
    pixels_fill(line->picture, line->pixels + left * pixels_size(line->picture), width, white);
}

static void draw_text(const struct caption *caption, const struct line *line, uint64_t y,
                      bool white)
{
    uint64_t scale = caption->scale, margin = caption->boxed ? BOX_MARGIN : 0;
    if (caption->text[0] == '\0' || y < caption->top || y >= caption->top + caption_height(caption))
        return;
    if (caption->boxed)
        fill(line, caption->left, caption_width(caption), false);
    uint64_t row = y - caption->top, left = caption->left + margin * scale;
    if (row < margin * scale || row - margin * scale >= FONT_HEIGHT * scale)
        return;
    for (const char *text = caption->text; *text != '\0';) {
        struct letter letter;
        font_letter(&text, &letter);
        for (size_t x = 0; x < letter.width * scale && left + x < line->width; x++)
            pixels_blend(line->picture, line->pixels + (left + x) * pixels_size(line->picture),
                         white, font_ink(&letter, caption->scale, x, row - margin * scale));
        left += (letter.width + FONT_GAP) * scale;
    }
}

void caption_draw(const struct caption *caption, const struct picture *picture,
                  unsigned char *pixels, uint64_t width, uint64_t y)
{
    struct line line = {picture, pixels, width};
    draw_text(caption, &line, y, caption->boxed);
}

/* ---- scale bars ----------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of 10, at most `most`. */
static double round_length(double most)
{
    most *= 1 + 1e-9; /* rounding must not make a round length too long */
    double ten = pow(10, floor(log10(most)));
    return most >= 5 * ten ? 5 * ten : most >= 2 * ten ? 2 * ten : ten;
}

bool scale_bar_place(struct scale_bar *bar, const struct picture *picture, uint64_t left,
                     uint64_t top, uint64_t width, uint64_t height, struct fail *fail)
{
    double pixel = picture->bar.pixel, length = picture->bar.length;
    unsigned scale = caption_scale(width, height);
    uint64_t margin = BAR_MARGIN * (uint64_t)scale;
    *bar = (struct scale_bar){.caption.scale = scale,
                              .has_box = !picture->bar.has_no_box,
                              .is_white = !picture->bar.is_black};
    if (pixel <= 0)
        return true;
    if (length <= 0)
        length = round_length((double)width * pixel / 5);
    double pixels = rint(length_snap(length / pixel));
    char words[CAPTION_SIZE];
    snprintf(words, sizeof words, "%.6g %s", length,
             strcmp(picture->bar.unit, "um") == 0 ? "\xc2\xb5m" : picture->bar.unit);
    bool has_label = !picture->bar.has_no_label;
    if (has_label)
        memcpy(bar->caption.text, words, sizeof words);
    uint64_t text = caption_width(&bar->caption);
    bar->bar_width = pixels < 1 ? 1 : (uint64_t)pixels;
    bar->bar_height = BAR_HEIGHT * (uint64_t)scale;
    bar->width = (bar->bar_width > text ? bar->bar_width : text) + 2 * margin;
    bar->height = bar->bar_height + 2 * margin;
    if (has_label)
        bar->height += FONT_CAPITAL * (uint64_t)scale + margin;
    if (pixels > (double)width || bar->width > width || bar->height > height)
        return fail_set(fail, "a scale bar of %s does not fit a picture of %.0f x %.0f pixels",
                        words, (double)width, (double)height);
    uint64_t right = margin < width - bar->width ? margin : width - bar->width,
             below = margin < height - bar->height ? margin : height - bar->height;
    enum bar_corner corner = picture->bar.corner;
    bool at_left = corner == LOWER_LEFT || corner == UPPER_LEFT;
    bool at_top = corner == UPPER_RIGHT || corner == UPPER_LEFT;
    bar->left = left + (at_left ? right : width - bar->width - right);
    bar->top = top + (at_top ? below : height - bar->height - below);
    bar->caption.left = bar->left + (bar->width - text) / 2;
    bar->caption.top = bar->top + margin;
    bar->bar_left = bar->left + (bar->width - bar->bar_width) / 2;
    bar->bar_top = bar->top + bar->height - margin - bar->bar_height;
    return true;
}

void scale_bar_draw(const struct scale_bar *bar, const struct picture *picture,
                    unsigned char *pixels, uint64_t width, uint64_t y)
{
    struct line line = {picture, pixels, width};
    if (bar->width == 0 || y < bar->top || y >= bar->top + bar->height)
        return;
    if (bar->has_box)
        fill(&line, bar->left, bar->width, !bar->is_white);
    draw_text(&bar->caption, &line, y, bar->is_white);
    if (y >= bar->bar_top && y < bar->bar_top + bar->bar_height)
        fill(&line, bar->bar_left, bar->bar_width, bar->is_white);
}
