/* The extension `_runtime`, which pyconsole/_worker.py makes a process session of: one
 * worker in a process. */
#include "runtime/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static struct pc_worker *
worker_of(PyObject *extension)
{
    return *(struct pc_worker **)PyModule_GetState(extension);
}

static PyObject *
open_worker(PyObject *extension, PyObject *args)
{
    int fd = 0;
    int out1 = 0;
    int out2 = 0;
    if (!PyArg_ParseTuple(args, "iii:open", &fd, &out1, &out2) ||
        pc_worker_open(worker_of(extension), fd, out1, out2) < 0) {
        return NULL;
    }
    return PyBool_FromLong(worker_of(extension)->control.terminal);
}

static PyObject *
serve(PyObject *extension, PyObject *globals)
{
    return pc_worker_serve(worker_of(extension), globals);
}

/* The write() of a raw stream. No Python code runs once the bytes are written, so that no
 * KeyboardInterrupt comes between them and their number. */
static PyObject *
write_bytes(PyObject *extension, PyObject *object, int fd)
{
    struct pc_control *control = &worker_of(extension)->control;
    Py_buffer data;
    ssize_t count = -1;
    if (PyObject_GetBuffer(object, &data, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    do {
        Py_BEGIN_ALLOW_THREADS
        pc_control_print(control, fd);
        count = write(fd, data.buf, (size_t)data.len);
        int error = errno;
        /* What C code and child processes print next comes after it. */
        pc_control_print(control, 1);
        errno = error;
        Py_END_ALLOW_THREADS
    } while (count < 0 && errno == EINTR && PyErr_CheckSignals() == 0);
    PyBuffer_Release(&data);
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (count < 0 && errno == EAGAIN) { /* code made it so */
        Py_RETURN_NONE;
    }
    return count < 0 ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromSsize_t(count);
}

static PyObject *
write_out(PyObject *extension, PyObject *data)
{
    return write_bytes(extension, data, 1);
}

static PyObject *
write_err(PyObject *extension, PyObject *data)
{
    return write_bytes(extension, data, 2);
}

static PyObject *
read_line(PyObject *extension, PyObject *password)
{
    int hidden = PyObject_IsTrue(password);
    return hidden < 0 ? NULL : pc_worker_read_line(worker_of(extension), hidden);
}

static PyObject *
forked(PyObject *extension, PyObject *Py_UNUSED(none))
{
    pc_worker_forked(worker_of(extension));
    Py_RETURN_NONE;
}

static PyMethodDef worker_methods[] = {
    {"open", open_worker, METH_VARARGS,
     "open(fd, out1, out2)\n--\n\n"
     "Take over the control socket and the pipes of 1 and 2; read the hello. True if the\n"
     "session has a terminal."},
    {"serve", serve, METH_O,
     "serve(globals)\n--\n\nRun requests until the session ends: raises SystemExit."},
    {"write_out", write_out, METH_O, "write_out(data)\n--\n\nWrite to descriptor 1."},
    {"write_err", write_err, METH_O, "write_err(data)\n--\n\nWrite to descriptor 2."},
    {"read_line", read_line, METH_O,
     "read_line(password)\n--\n\nA line from the host; \"\" at the end of the input."},
    {"forked", forked, METH_NOARGS,
     "forked()\n--\n\nThis is a child of the session's code."},
    {NULL, NULL, 0, NULL},
};

static int
traverse(PyObject *extension, visitproc visit, void *arg)
{
    struct pc_worker **state = PyModule_GetState(extension);
    if (state != NULL && *state != NULL) {
        Py_VISIT((*state)->native.locals);
    }
    return 0;
}

/* The worker outlives the module: its control thread serves to the end of the process. */
static int
exec_worker(PyObject *extension)
{
    struct pc_worker **state = PyModule_GetState(extension);
    *state = calloc(1, sizeof **state);
    return *state != NULL ? 0 : (PyErr_NoMemory(), -1);
}

static PyModuleDef_Slot worker_slots[] = {
    {Py_mod_exec, exec_worker},
    {0, NULL},
};

static struct PyModuleDef worker_module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "pyconsole._runtime",
    .m_doc = "The body of a process session, in C.",
    .m_size = sizeof(struct pc_worker *),
    .m_methods = worker_methods,
    .m_slots = worker_slots,
    .m_traverse = traverse,
};

PyMODINIT_FUNC PyInit__runtime(void);

PyMODINIT_FUNC
PyInit__runtime(void)
{
    return PyModuleDef_Init(&worker_module_def);
}
