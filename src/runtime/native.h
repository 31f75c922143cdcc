/* A console filled by C: its state is a struct, what it writes and reads goes to two
 * functions, and no method is overridden. The base of the C API (console.c) and of the
 * program (src/program). All functions hold the GIL. */
#ifndef PC_RUNTIME_NATIVE_H
#define PC_RUNTIME_NATIVE_H

#include "engine/engine.h"

struct pc_native;

struct pc_native_io {
    /* Takes what the console writes (a str): 0, or -1 with an exception set. */
    int (*write)(struct pc_native *native, PyObject *text);
    /* Gives a line without its newline (a new str), or NULL with an exception set:
     * EOFError at the end of the input. `prompt` is any object. */
    PyObject *(*read)(struct pc_native *native, PyObject *prompt);
};

struct pc_native {
    struct pc_console con; /* first: the hooks get here from it */
    struct pc_engine engine;
    const struct pc_native_io *io;
    const char *name; /* in the banner and the good-bye; lives as long as the console */
    PyObject *locals; /* owned, like the next two */
    PyObject *buffer;
    PyObject *filename;
    int flags;          /* for the compiler; __future__ statements add to them */
    PyObject *reported; /* owned: the exception shown last, or NULL */
    PyObject *reported_traceback; /* owned: as it was shown; NULL for none */
};

/* Fills `native`, which is all zero. `locals` is a dict. On failure call pc_native_fini. */
int pc_native_init(struct pc_native *native, const struct pc_native_io *io,
                   const char *name, PyObject *locals, const char *filename);
void pc_native_fini(struct pc_native *native);

/* Shows the exception that was shown last once more. NULL without an exception set: there
 * was none. */
PyObject *pc_native_show_again(struct pc_native *native);

#endif
