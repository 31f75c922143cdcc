/* The prompt at a terminal: editor, view and history in this process, which has no Python
 * in it, and a session that runs the code in another (src/session). */
#ifndef PC_REPL_REPL_H
#define PC_REPL_REPL_H

#include <stdbool.h>

struct pc_repl_options {
    const char *program; /* pyconsole-python, which is started as the session */
    const char
        *package;     /* the folder of package pyconsole; NULL: where it is installed */
    const char *name; /* that it is called by */
    char **arguments; /* for it: those of the command line, NULL at the end */
    bool quiet;       /* no banner */
    bool code;        /* a script runs before the first prompt */
    bool environment; /* the PYTHON variables count */
};

/* Can it work here? Standard input and output are a terminal that an editor can use, and
 * PYTHON_BASIC_REPL does not ask for the other one. */
bool pc_repl_is_usable(const struct pc_repl_options *options);

/* From the banner to the end of the session. Returns the exit status of the program: that
 * of the session; or minus the signal that ended it. */
int pc_repl_run(const struct pc_repl_options *options);

#endif
