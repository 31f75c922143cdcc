/* Lines that are no Python but commands of the prompt, for their colours:
 *
 *     command:  %name ... | %%name ... | !shell | ?object | NAME = !shell | NAME = %name
 *
 * They stand at the beginning of a text, one after the other. What ends in a question mark
 * is Python up to there, and not looked at here. */
#ifndef PC_VIEW_COMMAND_LINE_H
#define PC_VIEW_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct pc_command_line {
    size_t start; /* of the mark */
    size_t end;   /* of the name that is behind it */
    bool python;  /* what follows is Python */
};

/* False: it is none. */
bool pc_command_line_read(const char *text, size_t len,
                          struct pc_command_line *ret_line);

#endif
