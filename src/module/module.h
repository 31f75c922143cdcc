/* The extension module `_pyconsole`: its state, and how its classes are made.
 *
 * The classes are ordinary heap types, made by calling `type`, so that instances keep
 * their state in __dict__, can be subclassed, weakly referenced, copied and pickled as
 * those of the standard library. Their methods are in C: objects of the type in
 * function.c, described by tables. */
#ifndef PC_MODULE_MODULE_H
#define PC_MODULE_MODULE_H

#include "engine/engine.h"

struct pc_module {
    struct pc_engine engine;
    PyObject *function_type;
    PyObject *completeness_type;
};

extern struct PyModuleDef pc_module_def;

/* What a parameter is when no argument is given for it. */
enum pc_default {
    PC_REQUIRED,
    PC_NONE,
    PC_FALSE,
    PC_TRUE,
    PC_ZERO,
    PC_EMPTY,   /* "" */
    PC_INPUT,   /* "<input>" */
    PC_CONSOLE, /* "<console>" */
    PC_SINGLE,  /* "single" */
    PC_REST,    /* **name: keywords that no other parameter takes, as a dict */
};

struct pc_parameter {
    const char *name; /* NULL ends a table */
    enum pc_default value;
    bool keyword_only;
    unsigned long since; /* the first version that has it, as PY_VERSION_HEX; 0: all */
};

#define PC_MAX_PARAMETERS 7

/* `args` has one entry for each row of the table of parameters; NULL for a parameter
 * that the running version does not have. */
typedef PyObject *(*pc_implementation)(struct pc_engine *engine, PyObject *const *args);

struct pc_function_def {
    const char *name; /* NULL ends a table */
    pc_implementation implementation;
    const struct pc_parameter *parameters;
    const char *doc;
    unsigned long since;
};

/* A function or method in C that shows itself as one written in Python. `module` and
 * `qualname` as its __module__ and __qualname__. */
PyObject *pc_function_new(PyObject *extension, const struct pc_function_def *def,
                          const char *module, const char *qualname);
PyObject *pc_function_type_new(PyObject *extension);

/* A class with the functions of a table; `base` may be NULL. */
PyObject *pc_class_new(PyObject *extension, const char *module, const char *name,
                       const char *doc, PyObject *base,
                       const struct pc_function_def *methods);

/* Adds to the extension, one call for each Python type or group of functions. */
int pc_add_compilers(PyObject *extension, struct pc_module *state);
int pc_add_interpreter(PyObject *extension, struct pc_module *state);
int pc_add_console(PyObject *extension, struct pc_module *state);
int pc_add_completeness(PyObject *extension, struct pc_module *state);
int pc_add_quitter(PyObject *extension, struct pc_module *state);

/* The console whose hooks are the methods and attributes of `self` (borrowed). */
struct pc_console pc_object_console(struct pc_engine *engine, PyObject *self);

#endif
