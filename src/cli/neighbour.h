/* The programs that belong together: beside each other, as they are built, or where they
 * are installed. */
#ifndef PC_CLI_NEIGHBOUR_H
#define PC_CLI_NEIGHBOUR_H

#include <limits.h>
#include <stdbool.h>

#define PC_PYTHON_PROGRAM "pyconsole-python" /* src/cli/python.c */

struct pc_neighbour {
    char path[PATH_MAX];
};

/* Where program NAME is: beside the running program, or else in the folder of
 * programs that users don't start themselves. */
struct pc_neighbour pc_neighbour_find(const char *name);

/* Is there a folder with package pyconsole in it beside the running program, as where that
 * was built? RET_FOLDER, which is undefined where there is none, is its path. */
bool pc_neighbour_has_package(struct pc_neighbour *ret_folder);

/* Gives this process over to the program with the arguments ARGV. Returns only where that
 * can't be: the exit status to end with, the reason printed. */
int pc_neighbour_run(const struct pc_neighbour *program, char **argv);

#endif
