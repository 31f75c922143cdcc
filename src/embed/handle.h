/* What stands behind the handles of <pyconsole/console.h>. */
#ifndef PC_EMBED_HANDLE_H
#define PC_EMBED_HANDLE_H

#include <jansson.h>

#include "runtime/native.h"

#include <pyconsole/python.h>

struct pyconsole_python {
    PyThreadState *main; /* of the interpreter that was started here, or NULL */
};

struct pyconsole_console {
    struct pc_native native; /* first: the hooks get here from it */
    pyconsole_console_options options;
    char *name;            /* owned */
    char *filename;        /* owned */
    PyObject *text;        /* owned: what get_string gave last */
    json_t *answer;        /* owned: what the event is made of */
    pyconsole_event event; /* of the last completion or inspection */
    int callback_status;   /* what a callback failed with in this call, or 0 */
    int exit_code;
    bool busy;  /* guarded by the GIL, like the rest */
    bool freed; /* free was called while busy */
    char message[sizeof((pyconsole_error *)NULL)->message];
};

/* Copies `text`, cut at a character if it does not fit. */
void pc_copy_message(char *message, size_t size, const char *text);
void pc_set_message(struct pyconsole_console *console, const char *text);

/* Fills `error`, if there is one; no message: the status in words. Returns the status. */
int pc_report(pyconsole_error *error, int status, const char *message);

/* "TypeError: ..." of an exception, cut likewise; no exception is left in flight. */
void pc_describe_exception(char *message, size_t size, PyObject *exception);

/* UTF-8 with lone surrogates as escapes: bytes, a new reference. */
PyObject *pc_encode(PyObject *text);

/* Copies as much of a host's options as both know: `options` begins with its size, as the
 * host knows it, and may be NULL. False: the size is none. */
bool pc_copy_options(void *known, size_t size, const void *options);

/* Gives up what the event is made of (assist.c). */
void pc_forget_answer(struct pyconsole_console *console);

/* The exception in flight as a status: clears it and puts its words in
 * console->message. The one place where the one world becomes the other. */
int pc_status_of_exception(struct pyconsole_console *console);

/* A call on a console: takes the GIL and marks the console busy; an exception that the
 * host has in flight is kept aside. On an error (EBUSY, EINVAL for NULL) nothing is to be
 * ended. Between begin and end a function has no automatic references of its own. */
struct pc_call {
    struct pyconsole_console *console;
    PyObject *in_flight; /* owned: the host's exception, or NULL */
    PyGILState_STATE gil;
};
int pc_call_begin(struct pc_call *call, struct pyconsole_console *console);

/* Gives `status`, or what a callback or the exception in flight make of it. */
int pc_call_end(struct pc_call *call, int status);

#endif
