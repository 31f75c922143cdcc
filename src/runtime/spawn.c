/* Processes that code of a shared session starts; see body.h. On a thread of the session's
 * own all signals are blocked, since they are for the host's threads, and a child would
 * begin with that mask: nothing but SIGKILL would end it. So what starts one in module os and
 * behind module subprocess is, while there are sessions, a function that has the mask of the
 * host's thread meanwhile. It looks like the one that it calls, and is C as that is, so
 * that a warning is told of the line of the user's.
 *
 * Left out: processes that C code starts without Python. */
#include "runtime/body.h"

#include <signal.h>

struct starter {
    PyMethodDef def;
    PyObject *before; /* owned: what it stands for */
};

static const char starter_name[] = "pyconsole.starter";

/* Code that has changed the mask wants it so. */
static bool
blocks_all(const sigset_t *mask)
{
    sigset_t all;
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigismember(&all, number) == 1 && sigismember(mask, number) == 0) {
            return false;
        }
    }
    return true;
}

static PyObject *
start(PyObject *capsule, PyObject *args, PyObject *kwargs)
{
    const struct starter *starter = PyCapsule_GetPointer(capsule, starter_name);
    if (starter == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *self = Py_XNewRef((PyObject *)pc_body_current());
    struct pc_body *body = (struct pc_body *)self;
    sigset_t mask;
    sigemptyset(&mask);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
    bool ours = body != NULL && body->options.thread == PYCONSOLE_OWN_THREAD &&
                blocks_all(&mask);
    if (ours) {
        (void)pthread_sigmask(SIG_SETMASK, &body->signals, NULL);
    }
    PyObject *result = PyObject_Call(starter->before, args, kwargs);
    if (ours && !body->worker.forked) {
        (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    }
    return result;
}

static void
free_starter(PyObject *capsule)
{
    struct starter *starter = PyCapsule_GetPointer(capsule, starter_name);
    if (starter != NULL) {
        Py_CLEAR(starter->before);
        free(starter);
    }
}

PyObject *
pc_starter_new(PyObject *self, PyObject *before)
{
    (void)self;
    pc_auto_free struct starter *starter = calloc(1, sizeof *starter);
    if (starter == NULL) {
        return PyErr_NoMemory();
    }
    starter->def = (PyMethodDef){"start", (PyCFunction)(void (*)(void))start,
                                 METH_VARARGS | METH_KEYWORDS, NULL};
    pc_auto_py PyObject *module = PyObject_GetAttrString(before, "__module__");
    PyErr_Clear();
    if (PyCFunction_Check(before)) {
        starter->def.ml_name = ((PyCFunctionObject *)before)->m_ml->ml_name;
        starter->def.ml_doc = ((PyCFunctionObject *)before)->m_ml->ml_doc;
    }
    pc_auto_py PyObject *capsule = PyCapsule_New(starter, starter_name, free_starter);
    if (capsule == NULL) {
        return NULL;
    }
    struct starter *held = pc_take(&starter);
    held->before = Py_NewRef(before);
    return PyCFunction_NewEx(&held->def, capsule, module);
}
