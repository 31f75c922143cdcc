/* Python objects for the engine: Python.h, scope cleanup for references, and the
 * exception in flight as one object on every supported version. */
#ifndef PC_ENGINE_OBJECT_H
#define PC_ENGINE_OBJECT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/cleanup.h"

static inline void
pc_release(PyObject **object)
{
    Py_XDECREF(*object);
}

/* Drops the reference when the scope ends. The GIL is held for the whole function. A
 * variable may be there for its cleanup alone. */
#define pc_auto_py __attribute__((cleanup(pc_release), unused))

/* Takes the exception in flight, normalised and with its traceback: a new reference, or
 * NULL when there is none. The error indicator is clear afterwards. */
static inline PyObject *
pc_exception_take(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    if (!PyErr_Occurred()) {
        return NULL;
    }
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *traceback = NULL;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value != NULL && traceback != NULL) {
        PyException_SetTraceback(value, traceback);
    }
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* Puts an exception in flight again, with the traceback that it has; steals `exception`
 * (NULL clears). */
static inline void
pc_exception_raise(PyObject *exception)
{
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(exception);
#else
    if (exception == NULL) {
        PyErr_Clear();
        return;
    }
    PyObject *type = (PyObject *)Py_TYPE(exception);
    Py_INCREF(type);
    PyErr_Restore(type, exception, PyException_GetTraceback(exception));
#endif
}

/* An `except` block: while it lasts, sys.exc_info() gives the exception that was caught,
 * and what is raised inside has it as its __context__. */
struct pc_except {
    PyObject *caught; /* owned */
    PyObject *outer;  /* owned; what was handled here before, or NULL */
};

/* Catches the exception in flight (there must be one). */
static inline struct pc_except
pc_except_begin(void)
{
    struct pc_except block = {.caught = pc_exception_take()};
    if (block.caught == NULL) {
        Py_UNREACHABLE();
    }
    /* What is handled in a caller's frame is not ours to put back here. */
    block.outer = PyErr_GetHandledException();
    PyErr_SetHandledException(NULL);
    PyObject *below = PyErr_GetHandledException();
    if (below == block.outer) {
        Py_CLEAR(block.outer);
    }
    Py_XDECREF(below);
    PyErr_SetHandledException(block.caught);
    return block;
}

/* Leaves the block; the error indicator stays as it is. */
static inline void
pc_except_end(struct pc_except *block)
{
    PyErr_SetHandledException(block->outer);
    Py_CLEAR(block->outer);
    Py_CLEAR(block->caught);
}

/* Leaves the block by raising again what it caught, as a bare `raise` does. */
static inline void
pc_except_reraise(struct pc_except *block)
{
    PyErr_SetHandledException(block->outer);
    Py_CLEAR(block->outer);
    pc_exception_raise(pc_take(&block->caught));
}

#endif
