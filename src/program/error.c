/* How the program shows an exception, and what SystemExit asks for. Follows PyErr_Print()
 * (Python/pythonrun.c), with one difference: it never ends the process. SystemExit stays
 * in flight, and the caller winds up. */
#include "program/program.h"

/* sys.last_exc and its older relatives; failures are not worth a second error. */
static void
set_last(PyObject *type, PyObject *value, PyObject *tb)
{
#if PY_VERSION_HEX >= 0x030C0000
    if (PySys_SetObject("last_exc", value) < 0) {
        PyErr_Clear();
    }
#endif
    if (PySys_SetObject("last_type", type) < 0 ||
        PySys_SetObject("last_value", value) < 0 ||
        PySys_SetObject("last_traceback", tb) < 0) {
        PyErr_Clear();
    }
}

/* The hook raised, and not SystemExit: shows that and what it was to show. */
static void
display_both(PyObject *type, PyObject *value, PyObject *tb)
{
    pc_auto_py PyObject *second = pc_exception_take();
    if (second == NULL) {
        Py_UNREACHABLE();
    }
    pc_auto_py PyObject *second_tb = PyException_GetTraceback(second);
    PySys_WriteStderr("Error in sys.excepthook:\n");
    PyErr_Display((PyObject *)Py_TYPE(second), second, second_tb);
    PySys_WriteStderr("\nOriginal exception was:\n");
    PyErr_Display(type, value, tb);
}

int
pc_program_show_error(void)
{
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
        return -1;
    }
    pc_auto_py PyObject *value = pc_exception_take();
    if (value == NULL) {
        Py_UNREACHABLE();
    }
    PyObject *type = (PyObject *)Py_TYPE(value);
    pc_auto_py PyObject *own_tb = PyException_GetTraceback(value);
    PyObject *tb = own_tb == NULL ? Py_None : own_tb;
    set_last(type, value, tb);
    pc_auto_py PyObject *hook = Py_XNewRef(PySys_GetObject("excepthook"));
    if (hook == NULL) {
        PySys_WriteStderr("sys.excepthook is missing\n");
        PyErr_Display(type, value, tb);
        return 0;
    }
    PyObject *args[] = {type, value, tb};
    pc_auto_py PyObject *result = PyObject_Vectorcall(hook, args, 3, NULL);
    if (result == NULL) {
        if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
            return -1;
        }
        display_both(type, value, tb);
    }
    return 0;
}

/* Says the object that SystemExit carries, which is no number. */
static void
say(PyObject *message)
{
    PyObject *file = PySys_GetObject("stderr");
    if (file == NULL || file == Py_None) {
        PyObject_Print(message, stderr, Py_PRINT_RAW);
        fflush(stderr);
    }
    else {
        PyFile_WriteObject(message, file, Py_PRINT_RAW);
    }
    PyErr_Clear();
    PySys_WriteStderr("\n");
}

int
pc_program_exit_status(void)
{
    pc_auto_py PyObject *exit = pc_exception_take();
    if (exit == NULL) {
        Py_UNREACHABLE();
    }
    fflush(stdout);
    pc_auto_py PyObject *code = PyObject_GetAttrString(exit, "code");
    if (code == NULL) {
        PyErr_Clear();
        code = Py_NewRef(exit);
    }
    if (code == Py_None) {
        return 0;
    }
    if (PyLong_Check(code)) {
        int status = (int)PyLong_AsLong(code);
        PyErr_Clear();
        return status;
    }
    say(code);
    return 1;
}
