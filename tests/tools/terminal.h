/* A small model of a terminal, for tests: what src/view relies on, and what a person would
 * then see. A VT102 with CHA, ICH and UTF-8; clusters are taken as src/base/utf8.h has
 * them, or code point by code point as terminals do that know no clusters.
 *
 * What it does not know ends the test: the view should not send it. */
#ifndef PC_TESTS_TERMINAL_H
#define PC_TESTS_TERMINAL_H

#include "base/bytes.h"
#include "view/style.h"

enum { TERMINAL_CLUSTER = 68 };

struct terminal_cell {
    char text[TERMINAL_CLUSTER]; /* "" is the right half of a wide one */
    struct pc_style style;
};

struct terminal_row {
    struct terminal_cell *cells;
    bool wrapped; /* goes on in the next row */
};

struct terminal {
    size_t columns;
    size_t rows;
    struct terminal_row *row;
    size_t cursor_row;
    size_t cursor_column;
    bool pending; /* the next character wraps */
    bool single;  /* knows no clusters */
    bool hidden;  /* the cursor */
    bool synchronized;
    struct pc_style style;
    struct pc_bytes scrolled; /* the text of rows that left at the top, each with \n */
    struct pc_bytes marks;    /* of OSC 133, as A B C D */
};

void terminal_init(struct terminal *terminal, size_t columns, size_t rows);
void terminal_fini(struct terminal *terminal);
void terminal_write(struct terminal *terminal, const char *bytes, size_t len);

/* With `rewrap`, lines that went over the edge are broken anew. The row of the cursor
 * stays on the screen. */
void terminal_resize(struct terminal *terminal, size_t columns, size_t rows,
                     bool rewrap);

/* Appends the text of a row, without blanks at its end, as long as they are plain. */
void terminal_row_text(const struct terminal *terminal, size_t row,
                       struct pc_bytes *bytes);

/* Whether two cells look alike. */
bool terminal_cell_equal(const struct terminal_cell *a, const struct terminal_cell *b);

#endif
