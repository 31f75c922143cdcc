/* Class InteractiveConsole of module `code`, and the function interact. */
#include "module/module.h"

#define SINCE_3_13 0x030D0000UL

static const struct pc_parameter init_parameters[] = {
    {"self"},
    {"locals", PC_NONE},
    {"filename", PC_CONSOLE},
    {"local_exit", PC_FALSE, .keyword_only = true, .since = SINCE_3_13},
    {NULL}};

static PyObject *
call_base_init(struct pc_engine *e, PyObject *self, PyObject *locals)
{
    pc_auto_py PyObject *base = pc_code_global(e, e->name.InteractiveInterpreter);
    if (base == NULL) {
        return NULL;
    }
    PyObject *args[] = {base, self, locals};
    return PyObject_VectorcallMethod(e->name.__init__, args, 3, NULL);
}

static PyObject *
console_init(struct pc_engine *e, PyObject *const *args)
{
    PyObject *self = args[0];
    pc_auto_py PyObject *base = call_base_init(e, self, args[1]);
    if (base == NULL || PyObject_SetAttr(self, e->name.filename, args[2]) < 0) {
        return NULL;
    }
    if (args[3] != NULL && PyObject_SetAttr(self, e->name.local_exit, args[3]) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *reset = PyObject_CallMethodNoArgs(self, e->name.resetbuffer);
    if (reset == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const struct pc_parameter self_only[] = {{"self"}, {NULL}};

static PyObject *
console_resetbuffer(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_resetbuffer(&con);
}

static const struct pc_parameter interact_parameters[] = {
    {"self"}, {"banner", PC_NONE}, {"exitmsg", PC_NONE}, {NULL}};

static PyObject *
console_interact(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_interact(&con, args[1], args[2]);
}

static const struct pc_parameter push_parameters[] = {
    {"self"},
    {"line"},
    {"filename", PC_NONE, .since = SINCE_3_13},
    {"_symbol", PC_SINGLE, .since = SINCE_3_13},
    {NULL}};

static PyObject *
console_push(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_push(&con, args[1], args[2] == NULL ? Py_None : args[2], args[3]);
}

static const struct pc_parameter raw_input_parameters[] = {
    {"self"}, {"prompt", PC_EMPTY}, {NULL}};

static PyObject *
console_raw_input(struct pc_engine *e, PyObject *const *args)
{
    struct pc_console con = pc_object_console(e, args[0]);
    return pc_raw_input(&con, args[1]);
}

static const struct pc_function_def methods[] = {
    {"__init__", console_init, init_parameters,
     "Make a console; `locals` as for InteractiveInterpreter.\n\n"
     "`filename` stands in tracebacks for where the input came from. With local_exit\n"
     "(Python 3.13), exit() and quit() end interact() and not the program."},
    {"resetbuffer", console_resetbuffer, self_only,
     "Forget the lines that wait for the rest of their statement."},
    {"interact", console_interact, interact_parameters,
     "Prompt, read and run lines until the end of the input.\n\n"
     "`banner` is printed first: without it, a text like that of the Python prompt with\n"
     "the name of the class; with an empty string, nothing. `exitmsg` is printed last in\n"
     "the same way. Ctrl-C drops the statement that was begun and prompts again."},
    {"push", console_push, push_parameters,
     "Add a line, without its newline, and run the statement if it is now complete.\n\n"
     "The line may have newlines inside. Returns true when more lines are needed, and\n"
     "false when the statement was run or was wrong: then the buffer is empty again."},
    {"raw_input", console_raw_input, raw_input_parameters,
     "Show a prompt and return a line without its newline.\n\n"
     "Calls input(); at the end of the input EOFError is raised. A subclass may read\n"
     "from elsewhere."},
    {NULL},
};

/* ---- the function interact ---- */

static const struct pc_parameter function_parameters[] = {
    {"banner", PC_NONE},
    {"readfunc", PC_NONE},
    {"local", PC_NONE},
    {"exitmsg", PC_NONE},
    {"local_exit", PC_FALSE, .since = SINCE_3_13},
    {NULL}};

static PyObject *
make_console(struct pc_engine *e, PyObject *local, PyObject *local_exit)
{
    pc_auto_py PyObject *type = pc_code_global(e, e->name.InteractiveConsole);
    if (type == NULL) {
        return NULL;
    }
    if (local_exit == NULL) {
        return PyObject_CallOneArg(type, local);
    }
    pc_auto_py PyObject *kwnames = PyTuple_Pack(1, e->name.local_exit);
    PyObject *args[] = {local, local_exit};
    return kwnames == NULL ? NULL : PyObject_Vectorcall(type, args, 1, kwnames);
}

/* Python's own line editing, where it was built with it. */
static int
import_readline(void)
{
    pc_auto_py PyObject *readline = PyImport_ImportModule("readline");
    if (readline == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_ImportError)) {
            return -1;
        }
        PyErr_Clear();
    }
    return 0;
}

static PyObject *
interact(struct pc_engine *e, PyObject *const *args)
{
    pc_auto_py PyObject *console = make_console(e, args[2], args[4]);
    if (console == NULL) {
        return NULL;
    }
    int ready = args[1] != Py_None
                    ? PyObject_SetAttr(console, e->name.raw_input, args[1])
                    : import_readline();
    if (ready < 0) {
        return NULL;
    }
    PyObject *call_args[] = {console, args[0], args[3]};
    pc_auto_py PyObject *result =
        PyObject_VectorcallMethod(e->name.interact, call_args, 3, NULL);
    if (result == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const struct pc_function_def interact_def = {
    "interact", interact, function_parameters,
    "Open a console on the namespace `local` and stay in it until it ends.\n\n"
    "`readfunc`, if given, reads the lines in place of raw_input(); otherwise Python's\n"
    "readline module is loaded, where there is one. `banner` and `exitmsg` are those of\n"
    "InteractiveConsole.interact(), local_exit (Python 3.13) that of the class."};

int
pc_add_console(PyObject *extension, struct pc_module *state)
{
    pc_auto_py PyObject *base =
        PyObject_GetAttrString(extension, "InteractiveInterpreter");
    if (base == NULL) {
        return -1;
    }
    pc_auto_py PyObject *type = pc_class_new(
        extension, "pyconsole.code", "InteractiveConsole",
        "An interpreter that prompts for lines and puts statements together.\n\n"
        "The prompts are sys.ps1 and sys.ps2, as at the Python prompt.",
        base, methods);
    if (type == NULL ||
        PyModule_AddObjectRef(extension, "InteractiveConsole", type) < 0) {
        return -1;
    }
    struct pc_engine *e = &state->engine;
    e->push = PyObject_GetAttr(type, e->name.push);
    e->raw_input = PyObject_GetAttr(type, e->name.raw_input);
    if (e->push == NULL || e->raw_input == NULL) {
        return -1;
    }
    pc_auto_py PyObject *function =
        pc_function_new(extension, &interact_def, "pyconsole.code", "interact");
    return function == NULL ? -1
                            : PyModule_AddObjectRef(extension, "interact", function);
}
