/* Forks by the code of a process session: hooks of os.register_at_fork.
 *
 * CPython warns from 3.12 on when a process with threads forks. The control thread is none of
 * the code's business, so it ends before the fork and begins again after it: what comes from
 * the host meanwhile waits in the socket. The child is no session. */
#include "runtime/worker.h"

static struct pc_worker *
worker_of(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, NULL);
}

static PyObject *
about_to_fork(PyObject *capsule, PyObject *none)
{
    (void)none;
    struct pc_worker *worker = worker_of(capsule);
    if (!worker->cloning && !worker->forked) {
        pc_control_pause(&worker->control);
    }
    Py_RETURN_NONE;
}

static PyObject *
has_forked(PyObject *capsule, PyObject *none)
{
    (void)none;
    struct pc_worker *worker = worker_of(capsule);
    if (!worker->cloning && !worker->forked) {
        pc_control_resume(&worker->control);
    }
    Py_RETURN_NONE;
}

static PyObject *
is_child(PyObject *capsule, PyObject *none)
{
    (void)none;
    struct pc_worker *worker = worker_of(capsule);
    if (!worker->cloning && !worker->forked) {
        worker->forked = true;
        worker->lines.filler = 0; /* no thread of this process runs it */
        pc_control_abandon(&worker->control);
    }
    Py_RETURN_NONE;
}

static struct {
    const char *when;
    PyMethodDef def;
} hooks[] = {
    {"before", {"about_to_fork", about_to_fork, METH_NOARGS, NULL}},
    {"after_in_parent", {"has_forked", has_forked, METH_NOARGS, NULL}},
    {"after_in_child", {"is_child", is_child, METH_NOARGS, NULL}},
};

int
pc_worker_watch_forks(struct pc_worker *worker)
{
    pc_auto_py PyObject *capsule = PyCapsule_New(worker, NULL, NULL);
    pc_auto_py PyObject *os = PyImport_ImportModule("os");
    pc_auto_py PyObject *function =
        os == NULL ? NULL : PyObject_GetAttrString(os, "register_at_fork");
    pc_auto_py PyObject *arguments = PyTuple_New(0);
    pc_auto_py PyObject *named = PyDict_New();
    if (capsule == NULL || function == NULL || arguments == NULL || named == NULL) {
        return -1;
    }
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        pc_auto_py PyObject *hook = PyCFunction_New(&hooks[i].def, capsule);
        if (hook == NULL || PyDict_SetItemString(named, hooks[i].when, hook) < 0) {
            return -1;
        }
    }
    pc_auto_py PyObject *done = PyObject_Call(function, arguments, named);
    return done == NULL ? -1 : 0;
}
