/* Class InteractiveInterpreter of module `code`. */
#include "module/module.h"

#define SINCE_3_13 0x030D0000UL

static const struct pc_parameter init_parameters[] = {
    {"self"}, {"locals", PC_NONE}, {NULL}};

static PyObject *
interpreter_init(struct pc_engine *e, PyObject *const *args)
{
    PyObject *self = args[0];
    pc_auto_py PyObject *locals =
        args[1] != Py_None
            ? Py_NewRef(args[1])
            : Py_BuildValue("{s:s,s:O}", "__name__", "__console__", "__doc__", Py_None);
    if (locals == NULL || PyObject_SetAttr(self, e->name.locals, locals) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *compiler_class = pc_code_global(e, e->name.CommandCompiler);
    pc_auto_py PyObject *compiler =
        compiler_class == NULL ? NULL : PyObject_CallNoArgs(compiler_class);
    if (compiler == NULL || PyObject_SetAttr(self, e->name.compile, compiler) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const struct pc_parameter runsource_parameters[] = {
    {"self"}, {"source"}, {"filename", PC_INPUT}, {"symbol", PC_SINGLE}, {NULL}};

static PyObject *
interpreter_runsource(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_runsource(&con, args[1], args[2], args[3]);
}

static const struct pc_parameter runcode_parameters[] = {{"self"}, {"code"}, {NULL}};

static PyObject *
interpreter_runcode(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_runcode(&con, args[1]);
}

static const struct pc_parameter showsyntaxerror_parameters[] = {
    {"self"}, {"filename", PC_NONE}, {"kwargs", PC_REST, .since = SINCE_3_13}, {NULL}};

static PyObject *
interpreter_showsyntaxerror(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_showsyntaxerror(&con, args[1], args[2]);
}

static const struct pc_parameter self_only[] = {{"self"}, {NULL}};

static PyObject *
interpreter_showtraceback(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_showtraceback(&con);
}

static const struct pc_parameter showtraceback_of_parameters[] = {
    {"self"}, {"typ"}, {"value"}, {"tb"}, {"source", .since = SINCE_3_13}, {NULL}};

static PyObject *
interpreter_showtraceback_of(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_showtraceback_of(&con, args[1], args[2], args[3], args[4]);
}

static const struct pc_parameter excepthook_parameters[] = {
    {"self"}, {"typ"}, {"value"}, {"tb"}, {NULL}};

static PyObject *
interpreter_excepthook(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_excepthook(&con, args[1], args[2], args[3]);
}

static const struct pc_parameter write_parameters[] = {{"self"}, {"data"}, {NULL}};

static PyObject *
interpreter_write(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_write(&con, args[1]);
}

static const struct pc_function_def methods[] = {
    {"__init__", interpreter_init, init_parameters,
     "Make an interpreter whose code runs in the mapping `locals`.\n\n"
     "Without it, code runs in a new dict that has __name__ \"__console__\" and\n"
     "__doc__ None."},
    {"runsource", interpreter_runsource, runsource_parameters,
     "Compile a piece of source and run it if it is complete.\n\n"
     "Returns True when the source is the beginning of something longer: nothing has\n"
     "happened, and the caller should come back with more lines. Returns False when it\n"
     "was run by runcode(), or was wrong and reported by showsyntaxerror(). The\n"
     "arguments are those of compile_command()."},
    {"runcode", interpreter_runcode, runcode_parameters,
     "Run a code object in the interpreter's namespace.\n\n"
     "An exception is reported by showtraceback(); only SystemExit goes on to the\n"
     "caller. A KeyboardInterrupt may also come out of the reporting itself."},
    {"showsyntaxerror", interpreter_showsyntaxerror, showsyntaxerror_parameters,
     "Report the syntax error that is being handled, without a stack.\n\n"
     "`filename`, if given, is reported as the place of the error in place of the one\n"
     "that the compiler was told. The text goes through write(), or, when sys.excepthook\n"
     "was replaced, to that hook."},
    {"showtraceback", interpreter_showtraceback, self_only,
     "Report the exception that is being handled, with its stack.\n\n"
     "The first entry of the stack is the interpreter's own and is left out. The text\n"
     "goes through write(), or, when sys.excepthook was replaced, to that hook."},
    {"_showtraceback", interpreter_showtraceback_of, showtraceback_of_parameters,
     "Remember an exception in sys.last_exc and its like, and report it.",
     .since = 0x030C0600UL},
    {"_excepthook", interpreter_excepthook, excepthook_parameters,
     "Report an exception through write().", .since = SINCE_3_13},
    {"write", interpreter_write, write_parameters,
     "Write a string to sys.stderr; a subclass may send it elsewhere."},
    {NULL},
};

int
pc_add_interpreter(PyObject *extension, struct pc_module *state)
{
    pc_auto_py PyObject *type = pc_class_new(
        extension, "pyconsole.code", "InteractiveInterpreter",
        "Runs Python source in a namespace, as the interactive prompt does.\n\n"
        "It tells complete from incomplete source, shows errors, and remembers\n"
        "__future__ statements. Reading and prompting are left to InteractiveConsole.",
        NULL, methods);
    if (type == NULL) {
        return -1;
    }
    state->engine.runsource = PyObject_GetAttr(type, state->engine.name.runsource);
    if (state->engine.runsource == NULL) {
        return -1;
    }
    return PyModule_AddObjectRef(extension, "InteractiveInterpreter", type);
}
