/* What stands on the terminal, and the fewest bytes that turn it into a wanted frame.
 *
 * The area is the rows from the one where the prompt began down to the bottom of the
 * screen; all places are relative to its first row, so that nobody needs to know where on
 * the screen that is. Invariant: the rows of the area show `shown`, and below them the
 * area is blank; `reach` rows of it are sure to be on the screen (more come by a line feed
 * at the bottom, which may scroll).
 *
 * What it relies on: a terminal like a VT102 with ECMA-48's CUU CUD CUF CUB CHA ED EL IL
 * DL ICH DCH and SGR, which wraps at the right edge when the next character comes. Line
 * feeds are sent as CR LF, right with and without the terminal driver's OPOST.
 *
 * A drawing is made with pc_screen_begin(), steps, and pc_screen_end(): it appends to the
 * bytes and changes the screen if all went well; else `bytes` is as before, and the next
 * drawing paints everything anew. */
#ifndef PC_VIEW_SCREEN_H
#define PC_VIEW_SCREEN_H

#include "view/frame.h"

/* The terminal's cursor, and what is set. */
struct pc_screen_at {
    size_t row;
    size_t column; /* == columns: the edge was written, the next character wraps */
    size_t reach;
    bool doubtful; /* the column is not sure */
    struct pc_style style;
};

/* All private. */
struct pc_screen {
    struct pc_frame shown;
    size_t columns;
    size_t new_columns; /* 0: the same */
    bool rewraps;
    struct pc_screen_at at;
    bool stale; /* `shown` is not what stands there: paint anew from the first row */
    struct pc_bytes out;        /* of the drawing being made */
    struct pc_screen_at before; /* where it began */
    int status;
};

/* The area begins where the terminal's cursor is, in the first column; what is below is
 * not known. */
void pc_screen_reset(struct pc_screen *screen, size_t columns);
void pc_screen_fini(struct pc_screen *screen);

void pc_screen_begin(struct pc_screen *screen);

/* Sends bytes as they are. They leave the cursor where it was. */
void pc_screen_send(struct pc_screen *screen, const char *bytes, size_t len);

/* The style of what is sent next. */
void pc_screen_set_style(struct pc_screen *screen, struct pc_style style);

/* Erases the area; the cursor is at its beginning then. */
void pc_screen_erase(struct pc_screen *screen);

/* The same, and gives what was shown into `ret_kept`, an empty frame, to be shown again. */
void pc_screen_hide(struct pc_screen *screen, struct pc_frame *ret_kept);

/* What is sent when everything is painted: before the first cell, and at a place. */
struct pc_screen_marks {
    const char *before;
    size_t before_len;
    const char *after;
    size_t after_len;
    size_t row; /* PC_NOWHERE: no place */
    size_t column;
};

/* Makes the area show `next`, with the cursor where it says. The two frames change
 * places: `next` is what was shown. */
void pc_screen_show(struct pc_screen *screen, struct pc_frame *next,
                    const struct pc_screen_marks *marks);

/* Puts the cursor into the first column below the frame, where the area then begins. */
void pc_screen_leave(struct pc_screen *screen);

/* Appends the drawing, in synchronized output (DEC mode 2026) if it is long and that is
 * wanted. The status of the whole. */
int pc_screen_end(struct pc_screen *screen, bool synchronized, struct pc_bytes *bytes);

/* The terminal has a new size, which the next drawing finds: it then paints anew. Where
 * the terminal rewraps, the cursor's row is where its place went. */
void pc_screen_resize(struct pc_screen *screen, size_t columns, bool rewraps);

#endif
