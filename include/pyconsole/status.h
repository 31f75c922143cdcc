/* Statuses, and the version of the library.
 *
 * A function that returns a status gives PYCONSOLE_OK (0), or another result that is not
 * negative where its description names one, or a negative error. Everything here may be
 * called from any thread, with or without the GIL, and never fails. */
#ifndef PYCONSOLE_STATUS_H
#define PYCONSOLE_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PYCONSOLE_API __attribute__((visibility("default")))
#else
#define PYCONSOLE_API
#endif

/* X(name, number, text) for each status. */
#define PYCONSOLE_STATUSES(X)                                                          \
    X(OK, 0, "done")                                                                   \
    X(MORE, 1, "the statement is not complete: more lines are needed")                 \
    X(EINVAL, -1, "an argument is not valid")                                          \
    X(ENOMEM, -2, "out of memory")                                                     \
    X(EPYTHON, -3, "a Python exception came out")                                      \
    X(EEXIT, -4, "the code that ran asked to exit")                                    \
    X(EBUSY, -5, "the console is in the middle of another call")                       \
    X(ELIMIT, -6, "the text is longer than the limit")                                 \
    X(EEOF, -7, "the input is at its end")                                             \
    X(EINTERRUPT, -8, "interrupted")                                                   \
    X(ESTART, -9, "Python could not be started")                                       \
    X(EUSER, -10, "a callback of the host failed")                                     \
    X(ESYNTAX, -11, "the source is not valid Python")                                  \
    X(ECLOSED, -12, "the session has ended")                                           \
    X(EPROTOCOL, -13, "what came over the connection makes no sense")

#define PYCONSOLE_STATUS_MEMBER(name, number, text) PYCONSOLE_##name = number,
enum pyconsole_status { PYCONSOLE_STATUSES(PYCONSOLE_STATUS_MEMBER) };
#undef PYCONSOLE_STATUS_MEMBER

/* The name ("PYCONSOLE_EINVAL") and the meaning of a status, in static storage; for a
 * number that is none, "PYCONSOLE_?" and "not a status". */
PYCONSOLE_API const char *pyconsole_status_name(int status);
PYCONSOLE_API const char *pyconsole_status_text(int status);

/* The version of the headers (compile time) and of the library (run time): major * 10000
 * + minor * 100 + micro. A host may compare them. */
#define PYCONSOLE_VERSION_NUMBER 100
PYCONSOLE_API int pyconsole_version_number(void);

/* As length of a text: it ends in a zero byte. */
#define PYCONSOLE_TERMINATED ((size_t)-1)

/* Details of an error; the caller provides it, or passes NULL. */
typedef struct pyconsole_error {
    int status;
    char message[512]; /* UTF-8, cut at a character if it must be */
} pyconsole_error;

#ifdef __cplusplus
}
#endif

#endif
