/* How many rows the lines of a text take, kept from one drawing to the next for lines near
 * the window: to place it they are asked for again and again. */
#ifndef PC_VIEW_HEIGHTS_H
#define PC_VIEW_HEIGHTS_H

#include "edit/text.h"
#include "view/layout.h"

/* More than a screen has rows, in most cases; it only costs time where it has. */
enum { PC_HEIGHTS = 128 };

/* All private; all zero is one that knows nothing. */
struct pc_heights {
    size_t columns;
    struct pc_place
        starts[2]; /* where the first line's text begins, and that of others */
    struct {
        size_t line;
        size_t rows; /* 0: not known */
    } kept[PC_HEIGHTS];
};

/* Forgets everything if the lines are to be laid out in another way than before. */
void pc_heights_begin(struct pc_heights *heights, size_t columns,
                      const struct pc_place starts[2]);

/* Follows a change of the text. */
void pc_heights_change(struct pc_heights *heights, const struct pc_text_change *change);

/* 0: not known. */
size_t pc_heights_get(const struct pc_heights *heights, size_t line);
void pc_heights_set(struct pc_heights *heights, size_t line, size_t rows);

#endif
