/* A frame: rows of cells, as they stand on a terminal or shall stand there; and the pen
 * that fills them the way a terminal would: at the right edge it goes on in the next row.
 *
 * A cell holds one grapheme cluster; the right half of a wide one is a cell of width 0.
 * Behind the cells of a row that are used all is blank and plain. A row that runs over
 * the edge is `wrapped`: it and the next one are one line for the terminal, too, which
 * rewraps it when its size changes.
 *
 * Functions that can fail give PYCONSOLE_OK, ENOMEM or ELIMIT. Any thread. */
#ifndef PC_VIEW_FRAME_H
#define PC_VIEW_FRAME_H

#include "base/bytes.h"
#include "view/style.h"

/* Our own caps: of the terminal's size, where more is not used; and of a cluster's bytes
 * that are shown (a letter may carry any number of marks). */
enum {
    PC_COLUMNS_MOST = 10000,
    PC_ROWS_MOST = 10000,
    PC_CLUSTER_MOST = 64,
};

/* The glyph of a cell is a code point, or one of these. */
enum { PC_GLYPH_CLUSTER = 1u << 30 }; /* or'ed with an offset into frame.clusters */

struct pc_cell {
    uint32_t glyph;
    uint8_t width;    /* 1, 2, or 0: the right half */
    uint8_t doubtful; /* terminals do not agree on the width */
    uint16_t unused;  /* zero, for memcmp() */
    struct pc_style style;
};

struct pc_row {
    struct pc_cell
        *cells; /* owned, as many as the frame has columns; NULL: none used */
    size_t used;
    bool wrapped;
    bool doubtful; /* some cell is */
    bool clusters; /* some cell is one of several code points */
    bool kept; /* the row stands in the other frame, in this place, with its cells */
    uint64_t source; /* 0, or of what it was laid out: the same source, the same row */
    size_t line;     /* with a source: of the text */
};

struct pc_frame {
    size_t columns;
    struct pc_row *row; /* owned */
    size_t rows;
    size_t cap;               /* rows with memory; those from `rows` on are empty */
    struct pc_bytes clusters; /* each: one byte, its length, and the bytes */
    size_t cursor_row;
    size_t cursor_column;
};

void pc_frame_fini(struct pc_frame *frame);

/* Empties it, of rows that now have so many columns; keeps the memory if that is the same
 * as before. */
void pc_frame_clear(struct pc_frame *frame, size_t columns);

/* Makes that row and all before it part of the frame. */
int pc_frame_reach(struct pc_frame *frame, size_t row);

/* The same, and gives the row, with memory for its cells. NULL: no memory. */
struct pc_row *pc_frame_row(struct pc_frame *frame, size_t row);

/* What is laid out from now on is laid out in another way: no source says anything. */
void pc_frame_forget(struct pc_frame *frame);

/* The rows of a frame that are kept in another one: brings copies of their cells; or
 * takes the rows themselves, and leaves others in their places. */
int pc_frame_copy_kept(struct pc_frame *frame, const struct pc_frame *other);
void pc_frame_take_kept(struct pc_frame *frame, struct pc_frame *other);

/* The bytes of a cell, which are not those of a right half; `buffer` serves where they
 * are one code point. */
const char *pc_cell_bytes(const struct pc_frame *frame, const struct pc_cell *cell,
                          char buffer[4], size_t *ret_len);

/* Whether a row of one frame looks like a row of another in the cells from `start` up to
 * `end`; what lies behind those used is blank. */
bool pc_cells_equal(const struct pc_frame *a, const struct pc_cell *cell_a,
                    const struct pc_frame *b, const struct pc_cell *cell_b);

/* The cell at a column, a blank one behind those used and below the frame. */
const struct pc_cell *pc_frame_cell(const struct pc_frame *frame, size_t row,
                                    size_t column);

/* ---- the pen */

/* Where clusters go. `row` counts from where the pen began; what is before `first` or
 * not before `end` is measured, not written. All but `style` is the pen's to change. */
struct pc_pen {
    struct pc_frame *frame; /* NULL: measure only */
    size_t columns;
    size_t first;  /* the row that is the frame's `origin` */
    size_t end;    /* the row at which writing stops */
    size_t origin; /* a row of the frame */
    size_t row;
    size_t column; /* may be `columns`: the next cluster goes into the next row */
    size_t at_row; /* where the cluster put last begins */
    size_t at_column;
    struct pc_style style;
    int status; /* the first failure; then nothing more is written */
};

/* Puts one cluster of `width` 1 or 2. */
void pc_pen_put(struct pc_pen *pen, const char *bytes, size_t len, size_t width);

/* The same for printable ASCII characters; `at_row` and `at_column` are those of the
 * first. */
void pc_pen_put_ascii(struct pc_pen *pen, const char *characters, size_t count);

/* As where a line ends: the next cluster goes into a new row. */
void pc_pen_end_line(struct pc_pen *pen);

/* At the right edge, moves into the next row, as putting a cluster would. */
void pc_pen_settle(struct pc_pen *pen);

#endif
