/* Shared sessions for C hosts; see <pyconsole/shared.h>. Their bodies are in runtime. */
#include "embed/handle.h"

#include "runtime/shared.h"

/* A call from a thread with or without the GIL, maybe with an exception of the host's. */
struct call {
    PyGILState_STATE gil;
    PyObject *in_flight; /* owned */
};

static struct call
begin(void)
{
    struct call call = {.gil = PyGILState_Ensure()};
    call.in_flight = pc_exception_take();
    return call;
}

/* An exception of ours is described, and no more in flight. */
static int
end(struct call *call, int status, pyconsole_error *error)
{
    PyObject *exception = pc_exception_take();
    if (exception != NULL && error != NULL) {
        pc_describe_exception(error->message, sizeof error->message, exception);
        error->status = status;
    }
    Py_XDECREF(exception);
    pc_exception_raise(call->in_flight);
    PyGILState_Release(call->gil);
    return status;
}

int
pyconsole_session_new_shared(pyconsole_python *python,
                             const pyconsole_shared_options *options,
                             pyconsole_session **ret_session, pyconsole_error *error)
{
    pyconsole_shared_options known = PYCONSOLE_SHARED_OPTIONS_INIT;
    if (python == NULL || ret_session == NULL ||
        !pc_copy_options(&known, sizeof known, options)) {
        return pc_report(error, PYCONSOLE_EINVAL,
                         "python, ret_session or options->size is not valid");
    }
    (void)pc_report(error, PYCONSOLE_OK, "");
    struct call call = begin();
    int status = pc_shared_new(&known, ret_session, error);
    if (status < 0 && error != NULL && error->message[0] == '\0') {
        (void)pc_report(error, status, "");
    }
    return end(&call, status, error);
}

int
pyconsole_shared_run(pyconsole_session *session, unsigned int budget)
{
    if (session == NULL) {
        return PYCONSOLE_EINVAL;
    }
    struct call call = begin();
    return end(&call, pc_shared_run(session, budget), NULL);
}

/* ---- <pyconsole/python.h> ---- */

PyObject *
pyconsole_shared_get_locals(pyconsole_session *session)
{
    return Py_XNewRef(pc_shared_namespace(session));
}

int
pyconsole_shared_set_locals(pyconsole_session *session, PyObject *locals)
{
    if (locals != NULL && PyModule_Check(locals)) {
        locals = PyModule_GetDict(locals);
    }
    return pc_shared_set_namespace(session, locals);
}

int
pyconsole_shared_set_object(pyconsole_session *session, const char *name,
                            PyObject *object)
{
    PyObject *locals = pc_shared_namespace(session);
    if (locals == NULL) {
        return PYCONSOLE_ECLOSED;
    }
    pc_auto_py PyObject *key = name == NULL ? NULL : PyUnicode_FromString(name);
    if (key == NULL || object == NULL || !PyUnicode_IsIdentifier(key)) {
        PyErr_Clear();
        return PYCONSOLE_EINVAL;
    }
    if (PyDict_SetItem(locals, key, object) < 0) {
        PyErr_Clear();
        return PYCONSOLE_ENOMEM;
    }
    return PYCONSOLE_OK;
}
