/* The arguments of Handle.shared(); see shared.h. */
#include "module/shared.h"

pyconsole_session *
pc_shared_from_arguments(PyObject *args, PyObject *kwargs, int *ret_status)
{
    char *names[] = {"namespace",   "callers_thread", "no_input",
                     "output_most", "output_high",    "drop_output",
                     "wall_most",   "queue_most",     NULL};
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    PyObject *namespace = Py_None;
    unsigned long long most = 0;
    Py_ssize_t high = 0;
    *ret_status = PYCONSOLE_EPYTHON;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$OppKnpII:shared", names,
                                     &namespace, &options.thread, &options.no_input,
                                     &most, &high, &options.drop_output,
                                     &options.wall_most, &options.queue_most)) {
        return NULL;
    }
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a shared session needs the main interpreter");
        return NULL;
    }
    options.output_most = most;
    options.output_high = high > 0 ? (size_t)high : 0;
    if (PyModule_Check(namespace)) {
        namespace = PyModule_GetDict(namespace);
    }
    if (namespace != Py_None && !PyDict_Check(namespace)) {
        PyErr_SetString(PyExc_TypeError, "namespace must be a dict or a module");
        return NULL;
    }
    pyconsole_session *session = NULL;
    *ret_status = pc_shared_new(&options, &session, NULL);
    if (*ret_status == PYCONSOLE_OK && namespace != Py_None) {
        *ret_status = pc_shared_set_namespace(session, namespace);
    }
    return session;
}
