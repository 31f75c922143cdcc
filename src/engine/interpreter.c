/* InteractiveInterpreter: runs source and says whether more is needed. Follows
 * Lib/code.py; how errors are shown is in display.c. */
#include "engine/engine.h"

PyObject *
pc_show_compile_error(struct pc_console *con, PyObject *source, PyObject *filename)
{
    struct pc_engine *e = con->engine;
    struct pc_except block = pc_except_begin();
    PyObject *args[] = {NULL, filename, source};
    bool with_source = e->dialect.display == PC_DISPLAY_SOURCE;
    PyObject *shown = con->hooks->call(con, PC_SHOWSYNTAXERROR, args, 1,
                                       with_source ? e->source_kwnames : NULL);
    pc_except_end(&block);
    if (shown == NULL) {
        return NULL;
    }
    Py_DECREF(shown);
    Py_RETURN_FALSE;
}

static bool
is_compile_error(struct pc_engine *e)
{
    if (e->dialect.any_error_is_shown) {
        return PyErr_ExceptionMatches(PyExc_Exception);
    }
    return PyErr_ExceptionMatches(PyExc_SyntaxError) ||
           PyErr_ExceptionMatches(PyExc_OverflowError) ||
           PyErr_ExceptionMatches(PyExc_ValueError);
}

PyObject *
pc_runsource(struct pc_console *con, PyObject *source, PyObject *filename,
             PyObject *symbol)
{
    PyObject *args[] = {NULL, source, filename, symbol};
    pc_auto_py PyObject *code = con->hooks->call(con, PC_COMPILE, args, 3, NULL);
    if (code == NULL) {
        pc_frame_add(con->engine, PC_AT_RUNSOURCE);
        return is_compile_error(con->engine)
                   ? pc_show_compile_error(con, source, filename)
                   : NULL;
    }
    if (code == Py_None) {
        Py_RETURN_TRUE;
    }
    PyObject *run_args[] = {NULL, code};
    pc_auto_py PyObject *result = con->hooks->call(con, PC_RUNCODE, run_args, 1, NULL);
    if (result == NULL) {
        return NULL;
    }
    Py_RETURN_FALSE;
}

/* exec(code, locals). Without a namespace, exec() takes that of its caller, which is the
 * method runcode of module `code`. */
static PyObject *
exec_code(struct pc_console *con, PyObject *code)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *exec = pc_code_global(e, e->name.exec);
    if (exec == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *locals = con->hooks->get(con, PC_LOCALS);
    if (locals == NULL) {
        return NULL;
    }
    if (locals != Py_None || con->self == NULL) {
        PyObject *args[] = {code, locals};
        return PyObject_Vectorcall(exec, args, 2, NULL);
    }
    pc_auto_py PyObject *frame_locals =
        Py_BuildValue("{s:O,s:O}", "self", con->self, "code", code);
    if (frame_locals == NULL) {
        return NULL;
    }
    PyObject *args[] = {code, e->code_globals, frame_locals};
    return PyObject_Vectorcall(exec, args, 3, NULL);
}

PyObject *
pc_runcode(struct pc_console *con, PyObject *code)
{
    pc_auto_py PyObject *result = exec_code(con, code);
    if (result != NULL) {
        Py_RETURN_NONE;
    }
    pc_frame_add(con->engine, PC_AT_RUNCODE);
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
        return NULL;
    }
    struct pc_except block = pc_except_begin();
    PyObject *args[] = {NULL};
    PyObject *shown = con->hooks->call(con, PC_SHOWTRACEBACK, args, 0, NULL);
    pc_except_end(&block);
    if (shown == NULL) {
        return NULL;
    }
    Py_DECREF(shown);
    Py_RETURN_NONE;
}

PyObject *
pc_write(struct pc_console *con, PyObject *data)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    pc_auto_py PyObject *file =
        sys == NULL ? NULL : PyObject_GetAttr(sys, e->name.stderr);
    if (file == NULL) {
        return NULL;
    }
    PyObject *args[] = {file, data};
    pc_auto_py PyObject *written =
        PyObject_VectorcallMethod(e->name.write, args, 2, NULL);
    if (written == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}
