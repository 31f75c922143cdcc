/* The parameters of something that can be called, as far as they can be known without
 * running anything: of functions from their code, of what is in C from the signature at the
 * beginning of its documentation, of classes from their __init__ or __new__. */
#ifndef PC_ENGINE_SIGNATURE_H
#define PC_ENGINE_SIGNATURE_H

#include "engine/safe.h"

enum pc_parameter_kind {
    PC_POSITIONAL_ONLY,
    PC_POSITIONAL_OR_KEYWORD,
    PC_VAR_POSITIONAL, /* *args */
    PC_KEYWORD_ONLY,
    PC_VAR_KEYWORD, /* **kwargs */
};

struct pc_parameter {
    PyObject *name;  /* owned: str */
    PyObject *value; /* owned: str, the default as it is shown; NULL: none */
    enum pc_parameter_kind kind;
};

/* Our own cap; CPython has none. */
enum { PC_PARAMETERS_MOST = 255 };

struct pc_signature {
    struct pc_parameter items[PC_PARAMETERS_MOST];
    size_t count;
};

/* Fills `signature`, which is all zero; false: it is not known. No exception is left. */
bool pc_signature_of(struct pc_signature *signature, PyObject *callable);
void pc_signature_fini(struct pc_signature *signature);

/* What the documentation of something in C says of its parameters where it has no signature:
 * "(start, stop[, step])", between two brackets. */
struct pc_form {
    const char *text; /* borrowed from the documentation, not terminated */
    size_t len;
    size_t start; /* offsets of the parameter that the argument is for; equal: none */
    size_t end;
};

/* Of several forms the first that has a parameter for the argument, which is told by position,
 * or by name if `name_len` is not 0; else the last. False: there is none. */
bool pc_form_of(struct pc_form *form, PyObject *callable, size_t index,
                const char *name, size_t name_len);

/* The value as text (new str) if it is small and of a type whose repr() is CPython's own,
 * in and out; else NULL. */
PyObject *pc_safe_repr(PyObject *value);

/* The documentation in C of a builtin function, method or type, with its signature; NULL
 * where there is none. */
const char *pc_doc_in_c(PyObject *value);

/* Where the documentation goes on behind its signature; the same where it has none. */
const char *pc_skip_signature(const char *doc);

#endif
