/* The programs that belong together: beside each other, as they are built, or where they
 * are installed. */
#ifndef PC_CLI_NEIGHBOUR_H
#define PC_CLI_NEIGHBOUR_H

#include <limits.h>
#include <stdbool.h>

#define PC_PROMPT_PROGRAM "pyconsole-prompt" /* src/cli/prompt.c */
#define PC_PYTHON_PROGRAM "pyconsole-python" /* src/cli/python.c */

struct pc_neighbour {
    char path[PATH_MAX];
};

/* Where program NAME is: beside the running program, or else in the folder of
 * programs that users don't start themselves. */
struct pc_neighbour pc_neighbour_find(const char *name);

/* Is NAME, a program or folder, beside the running program? Then NEIGHBOUR is its path. */
bool pc_neighbour_is_beside(const char *name, struct pc_neighbour *neighbour);

/* Gives this process over to program NAME with the arguments ARGV. Returns only where that
 * can't be: the exit status to end with, the reason printed. */
int pc_neighbour_run(const char *name, char **argv);

#endif
