/* A letter is strokes in a text of its own: "x,y x,y ..." is a line through places, in dots from
 * the middle of the upper left one; "@x,y,rx,ry,a,b" goes on along the ellipse around x,y with
 * these radii from angle a to b, in degrees, 0 to the right and 90 downwards; ";" begins a new
 * line. Capitals stand on row 8, small letters reach up to row 3, descenders down to 11. A pixel's
 * ink follows from how far the middle of the nearest stroke is: edges are smooth at every size, and
 * nothing is drawn small and made larger. */
#include "common/picture/font.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST ' '
#define SPACE_WIDTH 3
#define ARC 20 /* degrees of a piece of an ellipse, at most */
#define PI 3.14159265f

#define BOWL "@2,5.5,2,2.5,0,360"

/* Drawn for these programs. */
static const char *const letters[] = {
    "",                                                                     /* space */
    "0,0 0,5 ; 0,8",                                                        /* ! */
    "0,0 0,2 ; 2,0 2,2",                                                    /* " */
    "1.6,0 0.8,8 ; 4.2,0 3.4,8 ; 0,3 5,3 ; 0,5 5,5",                        /* # */
    "4,1.6 @2,2.6,2,1.6,-40,-235 @2,5.8,2,1.7,-60,150 ; 2,0 2,8",           /* $ */
    "@1.3,1.8,1.3,1.8,0,360 ; @5.2,6.2,1.3,1.8,0,360 ; 5.2,0 1.3,8",        /* % */
    "5,8 0.9,2.6 @2.2,1.6,1.5,1.6,140,370 2,3.6 @2,5.8,2,2.2,250,20 5,4.2", /* & */
    "0,0 0,2",                                                              /* ' */
    "@2.6,4.5,2.6,5.5,235,125",                                             /* ( */
    "@-1,4.5,2.6,5.5,-55,55",                                               /* ) */
    "2,0 2,4 ; 0.3,1 3.7,3 ; 3.7,1 0.3,3",                                  /* * */
    "2,3 2,7 ; 0,5 4,5",                                                    /* + */
    "0.6,8 0,10",                                                           /* , */
    "0,5 3,5",                                                              /* - */
    "0,8",                                                                  /* . */
    "3.4,0 0,8.6",                                                          /* slash */
    "@2,2,2,2,180,360 @2,6,2,2,0,180 0,2",                                  /* 0 */
    "0,2 2,0 2,8 ; 0,8 4,8",                                                /* 1 */
    "@2,2,2,2,185,405 0,8 4,8",                                             /* 2 */
    "@2,2,2,2,190,450 ; @2,6,2,2,270,530",                                  /* 3 */
    "3,8 3,0 0,6 4,6",                                                      /* 4 */
    "4,0 0,0 0,4 @2,5.5,2,2.5,225,500",                                     /* 5 */
    "@4,5.5,4,5.5,180,258 ; @2,5.5,2,2.5,0,360",                            /* 6 */
    "0,0 4,0 1.3,8",                                                        /* 7 */
    "@2,2,1.8,2,0,360 ; @2,6,2,2,0,360",                                    /* 8 */
    "@2,2.5,2,2.5,0,360 ; @0,2.5,4,5.5,0,78",                               /* 9 */
    "0,4 ; 0,8",                                                            /* : */
    "0.6,4 ; 0.6,8 0,10",                                                   /* ; */
    "4,2 0,5 4,8",                                                          /* < */
    "0,4 4,4 ; 0,6 4,6",                                                    /* = */
    "0,2 4,5 0,8",                                                          /* > */
    "@2,2,2,2,190,400 2,4.6 2,5.6 ; 2,8",                                   /* ? */
    "@3.8,4.5,3.8,4.5,50,340 ; @3.5,4.7,1.7,1.9,0,360 ; 5.2,2.8 5.2,5 @6.4,5,1.2,1.5,180,-20", /* @
                                                                                                */
    "0,8 2.5,0 5,8 ; 1,5 4,5",                                       /* A */
    "0,0 0,8 3,8 @3,6,2,2,90,-90 0,4 ; 0,0 2.7,0 @2.7,2,2,2,-90,90", /* B */
    "@2.8,4,2.8,4,-50,-310",                                         /* C */
    "0,0 0,8 1.5,8 @1.5,4,3.5,4,90,-90 0,0",                         /* D */
    "4,0 0,0 0,8 4,8 ; 0,4 3,4",                                     /* E */
    "4,0 0,0 0,8 ; 0,4 3,4",                                         /* F */
    "@2.8,4,2.8,4,-50,-315 5,6.4 5,4 3,4",                           /* G */
    "0,0 0,8 ; 5,0 5,8 ; 0,4 5,4",                                   /* H */
    "0,0 2,0 ; 1,0 1,8 ; 0,8 2,8",                                   /* I */
    "3,0 3,6 @1.5,6,1.5,2,0,170",                                    /* J */
    "0,0 0,8 ; 4.6,0 0,4.8 ; 1.6,3.2 5,8",                           /* K */
    "0,0 0,8 4,8",                                                   /* L */
    "0,8 0,0 3,5.5 6,0 6,8",                                         /* M */
    "0,8 0,0 5,8 5,0",                                               /* N */
    "@2.8,4,2.8,4,0,360",                                            /* O */
    "0,8 0,0 2.7,0 @2.7,2,2,2,-90,90 0,4",                           /* P */
    "@2.8,4,2.8,4,0,360 ; 3.4,6 5.4,8.4",                            /* Q */
    "0,8 0,0 2.7,0 @2.7,2,2,2,-90,90 0,4 ; 2.4,4 4.8,8",             /* R */
    "@2.3,2.1,2.2,2.1,-30,-235 @2.4,6,2.3,2,-60,155",                /* S */
    "0,0 4,0 ; 2,0 2,8",                                             /* T */
    "0,0 0,5.5 @2.5,5.5,2.5,2.5,180,0 5,0",                          /* U */
    "0,0 2.5,8 5,0",                                                 /* V */
    "0,0 1.7,8 3.5,1 5.3,8 7,0",                                     /* W */
    "0,0 5,8 ; 5,0 0,8",                                             /* X */
    "0,0 2,4 4,0 ; 2,4 2,8",                                         /* Y */
    "0,0 5,0 0,8 5,8",                                               /* Z */
    "2,0 0,0 0,10 2,10",                                             /* [ */
    "0,0 3.4,8.6",                                                   /* backslash */
    "0,0 2,0 2,10 0,10",                                             /* ] */
    "0,3 2,0 4,3",                                                   /* ^ */
    "0,10 5,10",                                                     /* _ */
    "0,0 1,1.6",                                                     /* ` */
    BOWL " ; 4,3 4,8",                                               /* a */
    "0,0 0,8 ; " BOWL,                                               /* b */
    "@2,5.5,2,2.5,-45,-315",                                         /* c */
    "4,0 4,8 ; " BOWL,                                               /* d */
    "0,5.5 4,5.5 @2,5.5,2,2.5,0,-310",                               /* e */
    "1,8 1,1.5 @2.5,1.5,1.5,1.5,180,270 ; 0,3 3,3",                  /* f */
    BOWL " ; 4,3 4,9 @2,9,2,2,0,150",                                /* g */
    "0,0 0,8 ; 0,5 @2,5,2,2,180,360 4,8",                            /* h */
    "0,3 0,8 ; 0,1",                                                 /* i */
    "1,3 1,9.5 @-0.3,9.5,1.3,1.5,0,90 ; 1,1",                        /* j */
    "0,0 0,8 ; 3.6,3 0,6.2 ; 1.4,5 4,8",                             /* k */
    "0,0 0,8",                                                       /* l */
    "0,3 0,8 ; 0,4.6 @1.5,4.6,1.5,1.6,180,360 3,8 ; 3,4.6 @4.5,4.6,1.5,1.6,180,360 6,8", /* m */
    "0,3 0,8 ; 0,5 @2,5,2,2,180,360 4,8",                                                /* n */
    BOWL,                                                                                /* o */
    "0,3 0,11 ; " BOWL,                                                                  /* p */
    "4,3 4,11 ; " BOWL,                                                                  /* q */
    "0,3 0,8 ; 0,5 @2,5,2,2,180,290",                                                    /* r */
    "@1.8,4.3,1.7,1.3,-25,-235 @1.9,6.7,1.9,1.3,-60,155",                                /* s */
    "1,1 1,6.5 @2.5,6.5,1.5,1.5,180,80 ; 0,3 3,3",                                       /* t */
    "0,3 0,6 @2,6,2,2,180,0 ; 4,3 4,8",                                                  /* u */
    "0,3 2,8 4,3",                                                                       /* v */
    "0,3 1.5,8 3,3.6 4.5,8 6,3",                                                         /* w */
    "0,3 4,8 ; 4,3 0,8",                                                                 /* x */
    "0,3 2,8 ; 4,3 1.4,9.6 @0.2,9,1.4,2,40,100",                                         /* y */
    "0,3 4,3 0,8 4,8",                                                                   /* z */
    "2.5,0 1,1 1,4 0,5 1,6 1,9 2.5,10",                                                  /* { */
    "0,0 0,10",                                                                          /* | */
    "0,0 1.5,1 1.5,4 2.5,5 1.5,6 1.5,9 0,10",                                            /* } */
    "0,5.4 @1.2,5.2,1.2,1,180,330 @3.4,5,1.2,1,150,0",                                   /* ~ */
};

/* Characters of two bytes. */
static const struct {
    char utf8[3];
    const char *strokes;
} others[] = {
    {"\302\265", "0,3 0,11 ; 0,6 @2,6,2,2,180,0 ; 4,3 4,8"},             /* micro */
    {"\302\262", "@1.2,1.2,1.2,1.2,180,405 0,5 2.5,5"},                  /* raised 2 */
    {"\302\263", "@1.2,1.2,1.2,1.2,190,450 ; @1.2,3.7,1.3,1.3,270,530"}, /* raised 3 */
    {"\303\227", "0,3.5 4,7.5 ; 4,3.5 0,7.5"},                           /* times */
    {"\302\260", "@1.4,1.5,1.4,1.5,0,360"},                              /* degree */
};

/* The strokes of the next character. */
static const char *next_strokes(const char **text)
{
    const unsigned char first = (unsigned char)**text;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(*text, others[i].utf8, 2) == 0) {
            *text += 2;
            return others[i].strokes;
        }
    ++*text;
    return letters[first < FIRST || first > '~' ? '?' - FIRST : first - FIRST];
}

/* A pen that draws a letter. */
struct pen {
    struct letter *letter;
    float x, y;
    bool down;   /* x and y are on a line */
    float right; /* the place farthest to the right so far */
};

static void draw_to(struct pen *pen, float x, float y, bool dot)
{
    struct letter *letter = pen->letter;
    if ((pen->down || dot) && letter->lines < FONT_MAX_LINES) {
        float *line = letter->line[letter->lines++];
        line[0] = dot ? x : pen->x;
        line[1] = dot ? y : pen->y;
        line[2] = x;
        line[3] = y;
    }
    *pen = (struct pen){letter, x, y, true, fmaxf(pen->right, x)};
}

static void draw_arc(struct pen *pen, const float v[6])
{
    int pieces = (int)ceilf(fabsf(v[5] - v[4]) / ARC);
    for (int i = 0; i <= pieces; i++) {
        float angle = (v[4] + (v[5] - v[4]) * (float)i / (float)pieces) * PI / 180;
        draw_to(pen, v[0] + v[2] * cosf(angle), v[1] + v[3] * sinf(angle), false);
    }
}

void font_letter(const char **text, struct letter *letter)
{
    const char *at = next_strokes(text);
    struct pen pen = {.letter = letter};
    letter->lines = 0;
    while (*at != '\0') {
        float v[6];
        bool arc = *at == '@';
        char *end = (char *)at + arc;
        if (*at == ' ' || *at == ';') {
            pen.down = pen.down && *at != ';';
            at++;
            continue;
        }
        for (int i = 0; i < (arc ? 6 : 2); i++, end += *end == ',')
            v[i] = strtof(end, &end);
        at = end;
        if (arc)
            draw_arc(&pen, v);
        else /* a place alone is a dot */
            draw_to(&pen, v[0], v[1], !pen.down && (*at == '\0' || strncmp(at, " ;", 2) == 0));
    }
    letter->width = letter->lines == 0 ? SPACE_WIDTH : (size_t)ceilf(pen.right - 0.05f) + 1;
}

size_t font_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        struct letter letter;
        font_letter(&text, &letter);
        width += (width > 0 ? FONT_GAP : 0) + letter.width;
    }
    return width;
}

float font_ink(const struct letter *letter, unsigned scale, size_t x, size_t y)
{
    float size = (float)scale, nearest = 1e9f;
    float px = ((float)x + 0.5f) / size - 0.5f, py = ((float)y + 0.5f) / size - 0.5f;
    for (size_t i = 0; i < letter->lines; i++) {
        const float *line = letter->line[i];
        float dx = line[2] - line[0], dy = line[3] - line[1], square = dx * dx + dy * dy;
        float along = square > 0 ? ((px - line[0]) * dx + (py - line[1]) * dy) / square : 0;
        along = fmaxf(0, fminf(1, along));
        float distance = hypotf(px - line[0] - along * dx, py - line[1] - along * dy);
        nearest = fminf(nearest, distance);
    }
    return fmaxf(0, fminf(1, (0.5f - nearest) * size + 0.5f));
}
