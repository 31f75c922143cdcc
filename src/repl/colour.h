/* Whether there are colours, decided as CPython does (can_colorize() in Lib/_colorize.py,
 * 3.13 to 3.15), and which. */
#ifndef PC_REPL_COLOUR_H
#define PC_REPL_COLOUR_H

#include <stdbool.h>

#include "view/theme.h"

/* What it depends on; a variable that is not set is NULL. */
struct pc_colour_facts {
    const char *python_colors; /* NULL too where -E or -I say that it does not count */
    const char *no_color;
    const char *force_color;
    const char *term;
    const char *colorterm;
    bool is_terminal;
};

/* From the environment, for what is written to a descriptor. */
struct pc_colour_facts pc_colour_facts(int fd, bool python_environment);

/* PC_COLORS_NONE, or what the terminal can show by its name: COLORTERM "truecolor" or
 * "24bit", "direct" or "256color" in TERM, else 16. */
enum pc_colors pc_colour_decide(const struct pc_colour_facts *facts);

#endif
