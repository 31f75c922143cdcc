/* A Python console inside a C or C++ program: what Python's class
 * `code.InteractiveConsole` does, without Python.h.
 *
 * A `pyconsole_python` stands for the interpreter, which the program started itself or
 * has started here. A `pyconsole_console` is a namespace, a buffer of lines and two
 * callbacks. Consoles of one interpreter share its modules and its sys.stdout: what code
 * prints, and the values that are shown at the prompt, go to sys.stdout as always; what
 * the console itself writes (banner, tracebacks) goes to the write callback.
 *
 * NULL for a console is PYCONSOLE_EINVAL. An exception that the host has in flight stays.
 *
 * Threads: every function may be called from any thread, with or without the GIL, which
 * is taken inside. One call at a time on one console: a second one, from a callback or
 * from another thread, gives PYCONSOLE_EBUSY. Callbacks run on the thread of the call
 * that led to them, without the GIL.
 *
 * Text is UTF-8, with a length in bytes; PYCONSOLE_TERMINATED as length: it ends in a
 * zero byte. No function calls exit() or prints. */
#ifndef PYCONSOLE_CONSOLE_H
#define PYCONSOLE_CONSOLE_H

#include <stddef.h>
#include <stdint.h>

#include <pyconsole/session.h>
#include <pyconsole/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pyconsole_python pyconsole_python;
typedef struct pyconsole_console pyconsole_console;

/* The longest line, source or value that is taken, in bytes. */
#define PYCONSOLE_MAX_SOURCE ((size_t)1 << 30)

/* ---- the interpreter ---- */

typedef struct pyconsole_python_options {
    size_t size;            /* of this struct, as the caller knows it */
    const char *executable; /* which Python to be: its prefix and packages; NULL: the
                                one found on PATH */
    int isolated;           /* not 0: ignore the environment and the user's folder */
} pyconsole_python_options;

#define PYCONSOLE_PYTHON_OPTIONS_INIT                                                  \
    {                                                                                  \
        sizeof(pyconsole_python_options), NULL, 0                                      \
    }

/* Gives the interpreter of this process: the one that is there (the options are then
 * ignored), or a new one, which leaves the program's signal handlers and locale alone.
 * The caller does not hold the GIL afterwards unless it did before. Errors: EINVAL,
 * ENOMEM, ESTART. `options` may be NULL, `error` too. */
PYCONSOLE_API int pyconsole_python_start(const pyconsole_python_options *options,
                                         pyconsole_python **ret_python,
                                         pyconsole_error *error);

/* Gives back what pyconsole_python_start gave. An interpreter that was started there is
 * finalised: call it on the same thread, when all consoles are freed. One that the
 * program started stays. NULL is fine. */
PYCONSOLE_API void pyconsole_python_stop(pyconsole_python *python);

/* ---- is a source complete? ---- */

typedef struct pyconsole_completeness {
    size_t size;         /* of this struct, as the caller knows it */
    const char *missing; /* what an incomplete source lacks: "bracket" (a closing one),
                            "string" (its end), "continuation", "block", "decorated" (a
                            function or class), "handler" (of a try), "block end"; else
                            "". In static storage */
    char bracket;        /* '(', '[' or '{' if that is what is to be closed, else 0 */
    char indent[256];    /* the blanks to offer for the next line */
    char message[512];   /* what is wrong, UTF-8, cut at a character if it must be */
} pyconsole_completeness;

#define PYCONSOLE_COMPLETENESS_INIT                                                    \
    {                                                                                  \
        sizeof(pyconsole_completeness), "", 0, "", ""                                  \
    }

/* Says whether a source is complete as codeop.compile_command() sees it, without running
 * anything; compiler warnings are not shown. `symbol`: "single" (one statement, as at a
 * prompt; NULL is the same), "exec" (any number) or "eval". PYCONSOLE_OK: complete;
 * PYCONSOLE_MORE: incomplete; PYCONSOLE_ESYNTAX: wrong, whatever follows. Other errors:
 * EINVAL (not UTF-8, the symbol), ELIMIT, ENOMEM, EPYTHON. Fills *ret_completeness,
 * which may be NULL, each time but for EINVAL because of its size. */
PYCONSOLE_API int pyconsole_is_complete(pyconsole_python *python, const char *source,
                                        size_t len, const char *symbol,
                                        pyconsole_completeness *ret_completeness);

/* ---- consoles ---- */

typedef struct pyconsole_console_options {
    size_t size;          /* of this struct, as the caller knows it; members that only
                             one side knows have their defaults */
    void *userdata;       /* the first argument of the callbacks */
    const char *name;     /* in the banner and the good-bye; NULL: "pyconsole" */
    const char *filename; /* of the input, in tracebacks; NULL: "<console>" */

    /* Takes what the console writes. NULL: it goes to sys.stderr. Returns PYCONSOLE_OK,
     * or a negative status, which the call that led to it then returns. */
    int (*write)(void *userdata, const char *text, size_t len);

    /* Gives pyconsole_console_interact a line, without its newline, which must stay
     * until the next call or the end of interact. NULL: Python's input() reads.
     * Returns PYCONSOLE_OK, PYCONSOLE_EEOF at the end of the input,
     * PYCONSOLE_EINTERRUPT for Ctrl-C (the statement that was begun is dropped), or
     * another negative status, which interact then returns. */
    int (*read)(void *userdata, const char *prompt, const char **ret_line,
                size_t *ret_len);
} pyconsole_console_options;

#define PYCONSOLE_CONSOLE_OPTIONS_INIT                                                 \
    {                                                                                  \
        sizeof(pyconsole_console_options), NULL, NULL, NULL, NULL, NULL                \
    }

/* Makes a console with a namespace of its own, in which __name__ is "__console__", and exit
 * and quit end the call that runs (PYCONSOLE_EEXIT) and leave sys.stdin open. The
 * options are copied, strings too; NULL for the defaults. Errors: EINVAL, ENOMEM,
 * EPYTHON. */
PYCONSOLE_API int pyconsole_console_new(pyconsole_python *python,
                                        const pyconsole_console_options *options,
                                        pyconsole_console **ret_console,
                                        pyconsole_error *error);

/* NULL is fine. From inside one of the console's callbacks, the console is freed when
 * the call that led there returns. */
PYCONSOLE_API void pyconsole_console_free(pyconsole_console *console);

/* Adds a line (without newline; it may have newlines inside) and runs the statement if it
 * is complete now. PYCONSOLE_OK: it was run, or was wrong, and whatever there was to
 * report went to the write callback; PYCONSOLE_MORE: more lines are needed.
 * Errors: EINVAL (not UTF-8), ELIMIT, EBUSY: the line was not added. EEXIT: see
 * pyconsole_console_exit_code. EPYTHON, EUSER: reporting failed. */
PYCONSOLE_API int pyconsole_console_push(pyconsole_console *console, const char *line,
                                         size_t len);

/* Compiles and runs a source that does not go through the buffer. `filename` NULL: the
 * console's; `symbol` NULL: "single", else "single", "exec" or "eval". Returns as
 * pyconsole_console_push. */
PYCONSOLE_API int pyconsole_console_runsource(pyconsole_console *console,
                                              const char *source, size_t len,
                                              const char *filename, const char *symbol);

/* Drops the lines that wait for the rest of their statement. Errors: EBUSY, ENOMEM. */
PYCONSOLE_API int pyconsole_console_resetbuffer(pyconsole_console *console);

/* Prompts (sys.ps1, sys.ps2), reads and pushes lines to the end of the input. `banner`
 * and `exitmsg`: NULL for the default text, "" for none. PYCONSOLE_OK at the end of the
 * input; errors as pyconsole_console_push, and whatever a callback returned. */
PYCONSOLE_API int pyconsole_console_interact(pyconsole_console *console,
                                             const char *banner, const char *exitmsg);

/* Writes a text where the console writes. Errors: as pyconsole_console_push. */
PYCONSOLE_API int pyconsole_console_write(pyconsole_console *console, const char *text,
                                          size_t len);

/* Writes, once more, the last exception that code in this console raised, with its
 * traceback. PYCONSOLE_EINVAL when there was none. */
PYCONSOLE_API int pyconsole_console_showtraceback(pyconsole_console *console);

/* Of the last call that gave PYCONSOLE_EEXIT: the status with which Python would have
 * left the process. */
PYCONSOLE_API int pyconsole_console_exit_code(const pyconsole_console *console);

/* What the last error on this console was, in words; "" before the first. The text stays
 * until the next call on the console. */
PYCONSOLE_API const char *pyconsole_console_message(const pyconsole_console *console);

/* ---- completion and inspection ----
 *
 * In the console's namespace, as <pyconsole/assist.h> has it, and answered with an event
 * as that of a session: COMPLETIONS, which pyconsole_event_candidate reads, and INSPECTION,
 * which pyconsole_event_inspection does. It stays until the next of these calls on the
 * console. `cursor` is an offset in bytes, at most `len`; `options` NULL: the defaults.
 * Errors: EINVAL, ELIMIT, EBUSY; EPYTHON: the call was interrupted. */

/* What fits at the cursor of a text that may be unfinished and wrong. */
PYCONSOLE_API int pyconsole_console_complete(pyconsole_console *console,
                                             const char *text, size_t len,
                                             size_t cursor,
                                             const pyconsole_assist_options *options,
                                             const pyconsole_event **ret_event);

/* What is known of an object or a call there. */
PYCONSOLE_API int pyconsole_console_inspect(pyconsole_console *console,
                                            const char *text, size_t len, size_t cursor,
                                            const pyconsole_assist_options *options,
                                            const pyconsole_event **ret_event);

/* ---- values in the namespace ---- */

/* Gives `name` a value; a name must be a Python identifier. Errors: EINVAL, ENOMEM,
 * EBUSY, ELIMIT. */
PYCONSOLE_API int pyconsole_console_set_int(pyconsole_console *console,
                                            const char *name, int64_t value);
PYCONSOLE_API int pyconsole_console_set_double(pyconsole_console *console,
                                               const char *name, double value);
PYCONSOLE_API int pyconsole_console_set_string(pyconsole_console *console,
                                               const char *name, const char *text,
                                               size_t len);
PYCONSOLE_API int pyconsole_console_set_bytes(pyconsole_console *console,
                                              const char *name, const void *data,
                                              size_t len);

/* A list of numbers. */
PYCONSOLE_API int pyconsole_console_set_doubles(pyconsole_console *console,
                                                const char *name, const double *values,
                                                size_t count);

/* str() of what `name` is, UTF-8 with a zero byte at the end (lone surrogates as \udc80),
 * which stays until the next call on the console. Errors: EINVAL when there is no such
 * name, EPYTHON when its __str__ raises. `ret_len` may be NULL. */
PYCONSOLE_API int pyconsole_console_get_string(pyconsole_console *console,
                                               const char *name, const char **ret_text,
                                               size_t *ret_len);

#ifdef __cplusplus
}
#endif

#endif
