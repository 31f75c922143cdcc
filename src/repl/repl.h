/* The prompt at a terminal: editor, view and history in this process, and a session
 * (src/session) that runs the code: in another process, or on this thread where the prompt
 * is one in a Python. In here there is no Python either way. */
#ifndef PC_REPL_REPL_H
#define PC_REPL_REPL_H

#include <pyconsole/session.h>
#include <stdbool.h>

/* A prompt in the process of the code that it runs: what the prompt asks of that. Statuses
 * as everywhere; a negative one ends the prompt, which returns it. */
struct pc_repl_host {
    void *ctx;
    /* Around calls of the next three: the host's other threads stand still, but while its
     * code lets them run. */
    void (*enter)(void *ctx);
    void (*leave)(void *ctx);
    /* As pyconsole_session_new, of a session that is served here. */
    int (*open)(void *ctx, const pyconsole_session_options *options,
                pyconsole_session **ret_session);
    /* Serves it: code runs. */
    int (*serve)(void *ctx);
    /* A signal came: its handler is run. PYCONSOLE_EINTERRUPT: as a Ctrl-C. */
    int (*take_signals)(void *ctx);
    /* A descriptor that is readable when the session is to be served. */
    int (*fd)(void *ctx);
    /* From now on a byte is written to the descriptor for each signal that has a handler of
     * the host's, whenever it comes; -1: no longer. Outside of enter() and leave(), too; the other threads run. */
    void (*tell_signals)(void *ctx, int fd);
    /* What turns the loop of windows until there is something to read; *input_hook may be
     * NULL. */
    int (*const *input_hook)(void);
};

struct pc_repl_options {
    const struct pc_repl_host *host; /* NULL: the session is a process of its own */
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

/* With a host: from the first prompt to the end of the input. PYCONSOLE_OK, or the status
 * that ended it; PYCONSOLE_EBUSY: another editor has the terminal, or the person wants none
 * inside a Python. */
int pc_repl_edit(const struct pc_repl_options *options);

/* Without: from the banner to the end of the session. Returns the exit status of the program: that
 * of the session; or minus the signal that ended it. */
int pc_repl_run(const struct pc_repl_options *options);

#endif
