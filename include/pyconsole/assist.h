/* What completion and inspection give: candidates for what is being written, and what is
 * known of an object or a call. pyconsole_session_complete and pyconsole_session_inspect
 * (<pyconsole/session.h>) ask for them, and pyconsole_console_complete and
 * pyconsole_console_inspect (<pyconsole/console.h>).
 *
 * Nothing of the objects that are looked at is run: no property, no __getattr__, no
 * __dir__, no __repr__ of a class of the user's. What would have to be computed is left
 * out, unless the option `unsafe` is set. */
#ifndef PYCONSOLE_ASSIST_H
#define PYCONSOLE_ASSIST_H

#include <stddef.h>
#include <stdint.h>

#include <pyconsole/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to look. */
typedef struct pyconsole_assist_options {
    size_t size;           /* of this struct, as the caller knows it */
    unsigned int deadline; /* in milliseconds; then the answer is what was found. 0: no
                              limit */
    unsigned int detail; /* of an inspection. 0: of the call around the cursor, or with
                              none of the name that the cursor is in or behind, as while
                              one types; 1: of the name, or with none of the call; 2: the
                              same, with its source */
    int unsafe;          /* not 0: objects on the way to the cursor are asked for their
                              attributes and items, and the one there for its dir() and
                              repr(): what the user wrote for that runs, for as long as it
                              does; what it raises is not seen */
} pyconsole_assist_options;

#define PYCONSOLE_ASSIST_OPTIONS_INIT                                                  \
    {                                                                                  \
        sizeof(pyconsole_assist_options), 0, 0, 0                                      \
    }

/* X(NAME, "name"): what a candidate is. */
#define PYCONSOLE_CANDIDATES(X)                                                        \
    X(KEYWORD, "keyword")                                                              \
    X(FUNCTION, "function")                                                            \
    X(METHOD, "method")                                                                \
    X(CLASS, "class")                                                                  \
    X(MODULE, "module")                                                                \
    X(PROPERTY, "property") /* computed when it is asked for */                        \
    X(VARIABLE, "variable") /* any other value */                                      \
    X(ARGUMENT, "argument") /* of the call around: text ends in "=" */                 \
    X(KEY, "key")           /* of a dict */                                            \
    X(FILE, "file")                                                                    \
    X(FOLDER, "folder") /* text ends in "/" */

#define PYCONSOLE_CANDIDATE_MEMBER(name, text) PYCONSOLE_CANDIDATE_##name,
enum pyconsole_candidate_kind { PYCONSOLE_CANDIDATES(PYCONSOLE_CANDIDATE_MEMBER) };
#undef PYCONSOLE_CANDIDATE_MEMBER

/* The most candidates that one completion gives. */
#define PYCONSOLE_CANDIDATES_MOST 5000

/* Something that fits. Texts are UTF-8, end in a zero byte, and are "" where there is
 * nothing to say. */
typedef struct pyconsole_candidate {
    size_t size;      /* of this struct, as the caller knows it */
    int kind;         /* enum pyconsole_candidate_kind */
    const char *text; /* what takes the place of the completion's range */
    size_t len;       /* of text */
    const char *type; /* the name of the value's type */
    const char *doc;  /* the first line of its documentation */
} pyconsole_candidate;

#define PYCONSOLE_CANDIDATE_INIT                                                       \
    {                                                                                  \
        sizeof(pyconsole_candidate), 0, "", 0, "", ""                                  \
    }

/* What is known of an object, or of the call that is being written. Texts are UTF-8, end in a
 * zero byte, and are "" where nothing is known. */
typedef struct pyconsole_inspection {
    size_t size;            /* of this struct, as the caller knows it */
    int kind;               /* enum pyconsole_candidate_kind */
    const char *name;       /* as it is written in the text */
    const char *type;       /* the name of its type */
    const char *signature;  /* "f(a, b=1, *args)", or a form out of its doc */
    size_t parameter_start; /* offsets in it, of the parameter that the cursor is at; */
    size_t parameter_end;   /* both 0: none */
    const char *doc;        /* its documentation, without its indentation */
    const char *value; /* repr() of a number, string, or small list, tuple or dict; with
                           the option `unsafe` of anything */
    const char *file;  /* where it was defined */
    uint64_t line;     /* from 1; 0: not known */
    const char *source; /* its lines there */
    int late;           /* not 0: the time was over before everything was looked at */
} pyconsole_inspection;

#define PYCONSOLE_INSPECTION_INIT                                                      \
    {                                                                                  \
        sizeof(pyconsole_inspection), 0, "", "", "", 0, 0, "", "", "", 0, "", 0        \
    }

/* "keyword" for PYCONSOLE_CANDIDATE_KEYWORD, in static storage; "?" for none. */
PYCONSOLE_API const char *pyconsole_candidate_kind_name(int kind);

#ifdef __cplusplus
}
#endif

#endif
