/* See colour.h: the first line that applies decides. */
#include "repl/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is(const char *value, const char *text)
{
    return value != NULL && strcmp(value, text) == 0;
}

/* Set, and not to nothing. */
static bool
is_set(const char *value)
{
    return value != NULL && *value != '\0';
}

static bool
contains(const char *value, const char *text)
{
    return value != NULL && strstr(value, text) != NULL;
}

struct pc_colour_facts
pc_colour_facts(int fd, bool python_environment)
{
    return (struct pc_colour_facts){
        .python_colors = python_environment ? getenv("PYTHON_COLORS") : NULL,
        .no_color = getenv("NO_COLOR"),
        .force_color = getenv("FORCE_COLOR"),
        .term = getenv("TERM"),
        .colorterm = getenv("COLORTERM"),
        .is_terminal = isatty(fd),
    };
}

static bool
is_wanted(const struct pc_colour_facts *facts)
{
    if (is(facts->python_colors, "0")) {
        return false;
    }
    if (is(facts->python_colors, "1")) {
        return true;
    }
    if (is_set(facts->no_color)) {
        return false;
    }
    if (is_set(facts->force_color)) {
        return true;
    }
    return !is(facts->term, "dumb") && facts->is_terminal;
}

enum pc_colors
pc_colour_decide(const struct pc_colour_facts *facts)
{
    if (!is_wanted(facts)) {
        return PC_COLORS_NONE;
    }
    if (is(facts->colorterm, "truecolor") || is(facts->colorterm, "24bit") ||
        contains(facts->term, "direct")) {
        return PC_COLORS_TRUE;
    }
    return contains(facts->term, "256color") ? PC_COLORS_256 : PC_COLORS_16;
}
