/* Text and prompts as cells.
 *
 *     a grapheme cluster          itself
 *     a tab                       blanks up to the next multiple of 8 columns, counted
 *                                 from where the line's text begins
 *     a control character         ^X, as CPython's REPL shows it
 *     a cluster without a width   its code point as \u200b or \U000e0001: nothing is
 *                                 invisible, and text that would turn around does not
 *     a byte that is not UTF-8    \xff
 *
 * In prompts, control sequences and what is between \x01 and \x02 take no room: SGR
 * gives the colours, the rest is kept apart, to be sent as it is.
 *
 * Any thread; nothing is allocated but by the pen. */
#ifndef PC_VIEW_LAYOUT_H
#define PC_VIEW_LAYOUT_H

#include "view/frame.h"
#include "view/theme.h"

enum { PC_TAB_COLUMNS = 8 };

#define PC_NOWHERE ((size_t)-1)

/* Bytes from `start` up to `end` look different. */
struct pc_extent {
    size_t start;
    size_t end;
    enum pc_role role;
};

enum { PC_SPANS_MOST = 4 };

/* A piece of text in one line. */
struct pc_layout_text {
    const char *bytes;
    size_t len;
    const uint8_t *roles; /* of each byte, enum pc_role; NULL: `role` for all */
    enum pc_role role;
    struct pc_extent spans[PC_SPANS_MOST];
    size_t spans_count;
    size_t cursor; /* offset, or PC_NOWHERE */
};

struct pc_place {
    size_t row; /* as the pen counts */
    size_t column;
};

/* Puts the text. Where the cursor is in it, its place is stored, if it isn't behind the
 * last cluster: there it is where the pen then is. */
void pc_layout_text(struct pc_pen *pen, const struct pc_theme *theme,
                    const struct pc_layout_text *text, struct pc_place *ret_cursor);

/* Puts a prompt, in the theme's style if it has no control sequences. What is to be sent
 * as it is goes into `controls`, or nowhere if that is NULL. */
void pc_layout_prompt(struct pc_pen *pen, const struct pc_theme *theme,
                      const char *prompt, size_t len, struct pc_bytes *controls);

#endif
