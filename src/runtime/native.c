/* The hooks of a console that is filled by C; see native.h. */
#include "runtime/native.h"

#include <frameobject.h>

static struct pc_native *
native_of(struct pc_console *con)
{
    return (struct pc_native *)con;
}

static PyObject *
get(struct pc_console *con, enum pc_attribute attribute)
{
    struct pc_native *native = native_of(con);
    switch (attribute) {
    case PC_LOCALS:
        return Py_NewRef(native->locals);
    case PC_BUFFER:
        return Py_NewRef(native->buffer);
    case PC_FILENAME:
        return Py_NewRef(native->filename);
    case PC_LOCAL_EXIT:
        return Py_NewRef(Py_False);
    case PC_CLASS_NAME:
        return PyUnicode_FromString(native->name);
    }
    Py_UNREACHABLE();
}

/* The engine sets the buffer and nothing else. */
static int
set(struct pc_console *con, enum pc_attribute attribute, PyObject *value)
{
    assert(attribute == PC_BUFFER);
    (void)attribute;
    Py_SETREF(native_of(con)->buffer, Py_NewRef(value));
    return 0;
}

static bool
grows(struct pc_console *con)
{
    struct pc_native *native = native_of(con);
    return pc_growth_has_flags(native->flags);
}

static PyObject *
find(struct pc_console *con, enum pc_method method)
{
    (void)con;
    (void)method;
    return NULL;
}

static PyObject *
compile(struct pc_native *native, PyObject **args)
{
    struct pc_compiler compiler = {.kind = PC_COMPILER_FLAGS, .flags = &native->flags};
    return pc_maybe_compile(&native->engine, &compiler, args[1], args[2], args[3],
                            NULL);
}

static PyObject *
write_text(struct pc_native *native, PyObject *text)
{
    if (native->io->write(native, text) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* The symbol comes by position or, where the dialect passes it on, by keyword; both put
 * it in the same place. */
static PyObject *
run_source(struct pc_console *con, PyObject **args, size_t n, PyObject *kwnames)
{
    if (n == 3 || kwnames != NULL) {
        return pc_runsource(con, args[1], args[2], args[3]);
    }
    pc_auto_py PyObject *single = PyUnicode_InternFromString("single");
    return single == NULL ? NULL : pc_runsource(con, args[1], args[2], single);
}

/* Keeps the exception being handled, which is about to be shown, without the library's
 * own frame: a syntax error has no stack to show. */
static void
remember_reported(struct pc_native *native, bool with_stack)
{
    Py_XSETREF(native->reported, PyErr_GetHandledException());
    pc_auto_py PyObject *tb = native->reported == NULL || !with_stack
                                  ? NULL
                                  : PyException_GetTraceback(native->reported);
    PyObject *inner =
        tb == NULL ? NULL : (PyObject *)((PyTracebackObject *)tb)->tb_next;
    Py_XSETREF(native->reported_traceback, Py_XNewRef(inner));
}

PyObject *
pc_native_show_again(struct pc_native *native)
{
    if (native->reported == NULL) {
        return NULL;
    }
    PyObject *tb = native->reported_traceback;
    return pc_excepthook(&native->con, (PyObject *)Py_TYPE(native->reported),
                         native->reported, tb == NULL ? Py_None : tb);
}

/* As from 3.12.6 on for any version: sys.last_traceback, sys.excepthook and pdb see nothing
 * of the library, as there is nothing of it in python3 -i. */
static PyObject *
show_traceback(struct pc_native *native)
{
    remember_reported(native, true);
    PyObject *value = native->reported;
    PyObject *tb = native->reported_traceback;
    return value == NULL ? pc_showtraceback(&native->con)
                         : pc_showtraceback_of(&native->con, (PyObject *)Py_TYPE(value),
                                               value, tb == NULL ? Py_None : tb, NULL);
}

static PyObject *
show_syntax_error(struct pc_console *con, PyObject **args, PyObject *kwnames)
{
    remember_reported(native_of(con), false);
    if (kwnames == NULL) {
        return pc_showsyntaxerror(con, args[1], NULL);
    }
    pc_auto_py PyObject *kwargs = PyDict_New();
    if (kwargs == NULL ||
        PyDict_SetItem(kwargs, con->engine->name.source, args[2]) < 0) {
        return NULL;
    }
    return pc_showsyntaxerror(con, args[1], kwargs);
}

static PyObject *
call(struct pc_console *con, enum pc_method method, PyObject **args, size_t n,
     PyObject *kwnames)
{
    struct pc_native *native = native_of(con);
    switch (method) {
    case PC_COMPILE:
        return compile(native, args);
    case PC_RUNSOURCE:
        return run_source(con, args, n, kwnames);
    case PC_RUNCODE:
        return pc_runcode(con, args[1]);
    case PC_SHOWSYNTAXERROR:
        return show_syntax_error(con, args, kwnames);
    case PC_SHOWTRACEBACK:
        return show_traceback(native);
    case PC_SHOWTRACEBACK_OF:
        return pc_showtraceback_of(con, args[1], args[2], args[3],
                                   n == 4 ? args[4] : NULL);
    case PC_EXCEPTHOOK:
        return pc_excepthook(con, args[1], args[2], args[3]);
    case PC_WRITE:
        return write_text(native, args[1]);
    case PC_RESETBUFFER:
        return pc_resetbuffer(con);
    case PC_PUSH: {
        pc_auto_py PyObject *single = PyUnicode_InternFromString("single");
        return single == NULL ? NULL : pc_push(con, args[1], Py_None, single);
    }
    case PC_RAW_INPUT:
        return native->io->read(native, args[1]);
    }
    Py_UNREACHABLE();
}

static const struct pc_hooks native_hooks = {
    .get = get, .set = set, .find = find, .grows = grows, .call = call};

int
pc_native_init(struct pc_native *native, const struct pc_native_io *io,
               const char *name, PyObject *locals, const char *filename)
{
    native->con =
        (struct pc_console){.engine = &native->engine, .hooks = &native_hooks};
    native->io = io;
    native->name = name;
    native->flags = PC_CODEOP_FLAGS;
    native->locals = Py_NewRef(locals);
    native->buffer = PyList_New(0);
    native->filename = PyUnicode_DecodeFSDefault(filename);
    if (native->buffer == NULL || native->filename == NULL) {
        return -1;
    }
    return pc_engine_init(&native->engine, NULL, NULL);
}

void
pc_native_fini(struct pc_native *native)
{
    Py_CLEAR(native->locals);
    Py_CLEAR(native->buffer);
    Py_CLEAR(native->filename);
    Py_CLEAR(native->reported);
    Py_CLEAR(native->reported_traceback);
    pc_engine_fini(&native->engine);
}
