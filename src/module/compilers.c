/* Classes Compile and CommandCompiler of module `codeop`, and its functions. */
#include "module/module.h"

#define SINCE_3_11_5 0x030B0500UL
#define SINCE_3_13_1 0x030D0100UL
#define SINCE_3_14   0x030E0000UL

static const struct pc_parameter self_only[] = {{"self"}, {NULL}};

/* ---- Compile ---- */

static PyObject *
compile_init(struct pc_engine *e, PyObject *const *args)
{
    if (PyObject_SetAttr(args[0], e->name.flags, e->codeop_flags) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const struct pc_parameter compile_call_parameters[] = {
    {"self"},
    {"source"},
    {"filename"},
    {"symbol"},
    {"flags", PC_ZERO, .since = SINCE_3_13_1},
    {"kwargs", PC_REST, .since = SINCE_3_11_5},
    {NULL}};

static PyObject *
compile_call(struct pc_engine *e, PyObject *const *args)
{
    return pc_compile_call(e, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static const struct pc_function_def compile_methods[] = {
    {"__init__", compile_init, self_only,
     "Make a compiler that has not seen a __future__ statement yet."},
    {"__call__", compile_call, compile_call_parameters,
     "Compile as compile() does, with the __future__ statements seen so far."},
    {NULL},
};

/* ---- CommandCompiler ---- */

static PyObject *
command_compiler_init(struct pc_engine *e, PyObject *const *args)
{
    pc_auto_py PyObject *type = pc_codeop_global(e, e->name.Compile);
    pc_auto_py PyObject *compiler = type == NULL ? NULL : PyObject_CallNoArgs(type);
    if (compiler == NULL || PyObject_SetAttr(args[0], e->name.compiler, compiler) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const struct pc_parameter command_compiler_call_parameters[] = {
    {"self"}, {"source"}, {"filename", PC_INPUT}, {"symbol", PC_SINGLE}, {NULL}};

static PyObject *
command_compiler_call(struct pc_engine *e, PyObject *const *args)
{
    return pc_command_compiler_call(e, args[0], args[1], args[2], args[3]);
}

static const struct pc_function_def command_compiler_methods[] = {
    {"__init__", command_compiler_init, self_only,
     "Make a compiler of commands that has not seen a __future__ statement yet."},
    {"__call__", command_compiler_call, command_compiler_call_parameters,
     "Compile a command, as compile_command() does.\n\n"
     "Gives a code object, or None when the command is not complete yet; raises\n"
     "SyntaxError, ValueError or OverflowError when it is wrong. `symbol` is \"single\",\n"
     "\"exec\" or \"eval\"."},
    {NULL},
};

/* ---- functions ---- */

static const struct pc_parameter compile_command_parameters[] = {
    {"source"},
    {"filename", PC_INPUT},
    {"symbol", PC_SINGLE},
    {"flags", PC_ZERO, .since = SINCE_3_14},
    {NULL}};

static PyObject *
compile_command(struct pc_engine *e, PyObject *const *args)
{
    return pc_compile_command(e, args[0], args[1], args[2], args[3]);
}

static const struct pc_parameter maybe_compile_parameters[] = {
    {"compiler"}, {"source"}, {"filename"}, {"symbol"}, {"flags", .since = SINCE_3_14},
    {NULL}};

static PyObject *
maybe_compile(struct pc_engine *e, PyObject *const *args)
{
    struct pc_compiler compiler = pc_compiler_of(e, args[0]);
    return pc_maybe_compile(e, &compiler, args[1], args[2], args[3], args[4]);
}

static const struct pc_parameter plain_compile_parameters[] = {
    {"source"},
    {"filename"},
    {"symbol"},
    {"incomplete_input", PC_TRUE, .since = SINCE_3_11_5},
    {"flags", PC_ZERO, .keyword_only = true, .since = SINCE_3_14},
    {NULL}};

static PyObject *
plain_compile(struct pc_engine *e, PyObject *const *args)
{
    return pc_plain_compile(e, args[0], args[1], args[2], args[3], args[4]);
}

static const struct pc_function_def functions[] = {
    {"compile_command", compile_command, compile_command_parameters,
     "Compile a command that may not be complete yet.\n\n"
     "Gives a code object for a complete command, and None for the beginning of one;\n"
     "raises SyntaxError, or ValueError or OverflowError for a literal that cannot be,\n"
     "when no further line can make it right. `source` may have newlines; `filename` is\n"
     "where it came from; `symbol` is \"single\" (a statement at a prompt), \"exec\" or\n"
     "\"eval\"."},
    {"_maybe_compile", maybe_compile, maybe_compile_parameters,
     "Compile with `compiler`; None when the source is incomplete."},
    {"_compile", plain_compile, plain_compile_parameters,
     "Compile with codeop's flags, remembering nothing."},
    {NULL},
};

static int
add_class(PyObject *extension, const char *name, const char *doc,
          const struct pc_function_def *methods)
{
    pc_auto_py PyObject *type =
        pc_class_new(extension, "pyconsole.codeop", name, doc, NULL, methods);
    return type == NULL ? -1 : PyModule_AddObjectRef(extension, name, type);
}

static int
remember_class(PyObject *extension, struct pc_engine *e, PyObject *name,
               struct pc_callable_class *known)
{
    known->type = PyObject_GetAttr(extension, name);
    known->call =
        known->type == NULL ? NULL : PyObject_GetAttr(known->type, e->name.__call__);
    return known->call == NULL ? -1 : 0;
}

/* Keeps what the engine compares with, to know its own from what replaced it. */
static int
remember_originals(PyObject *extension, struct pc_engine *e)
{
    e->maybe_compile = PyObject_GetAttr(extension, e->name._maybe_compile);
    e->plain_compile = PyObject_GetAttr(extension, e->name._compile);
    if (e->maybe_compile == NULL || e->plain_compile == NULL ||
        remember_class(extension, e, e->name.Compile, &e->compile_class) < 0) {
        return -1;
    }
    return remember_class(extension, e, e->name.CommandCompiler, &e->command_class);
}

int
pc_add_compilers(PyObject *extension, struct pc_module *state)
{
    if (add_class(
            extension, "Compile",
            "Compiles like compile(), and remembers __future__ statements.\n\n"
            "Once a text with such a statement was compiled, all that are compiled\n"
            "later have the feature; see the attribute `flags`.",
            compile_methods) < 0 ||
        add_class(extension, "CommandCompiler",
                  "Compiles commands like compile_command(), and remembers __future__\n"
                  "statements; its attribute `compiler` is a Compile.",
                  command_compiler_methods) < 0) {
        return -1;
    }
    for (const struct pc_function_def *def = functions; def->name != NULL; def++) {
        pc_auto_py PyObject *function =
            pc_function_new(extension, def, "pyconsole.codeop", def->name);
        if (function == NULL ||
            PyModule_AddObjectRef(extension, def->name, function) < 0) {
            return -1;
        }
    }
    return remember_originals(extension, &state->engine);
}
