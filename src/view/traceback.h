/* Colours for a traceback, as CPython's own (Lib/traceback.py, 3.13 and later) has them. */
#ifndef PC_VIEW_TRACEBACK_H
#define PC_VIEW_TRACEBACK_H

#include "view/theme.h"

/* Appends the text of a traceback, or of an error without one, in the theme's styles. What
 * has escape sequences of its own is appended as it is. 0, ENOMEM, ELIMIT. */
int pc_traceback_append(struct pc_bytes *bytes, const char *text, size_t len,
                        const struct pc_theme *theme);

#endif
