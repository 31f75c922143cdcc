/* A host with Python inside, for tests; see host.h. */
#include "host.h"

#include <stdio.h>

pyconsole_python *host_python;

void
host_value(const char *expression, char *ret_text, size_t size)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *names = PyModule_GetDict(PyImport_AddModule("__main__"));
    PyObject *value = PyRun_String(expression, Py_eval_input, names, names);
    PyObject *text = value == NULL ? NULL : PyObject_Str(value);
    if (text == NULL) {
        PyErr_Print();
    }
    snprintf(ret_text, size, "%s", text == NULL ? "" : PyUnicode_AsUTF8(text));
    Py_XDECREF(text);
    Py_XDECREF(value);
    PyGILState_Release(gil);
    assert_string_not_equal(ret_text, "");
}

void
host_run(const char *source)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    int failed = PyRun_SimpleString(source);
    PyGILState_Release(gil);
    assert_int_equal(failed, 0);
}

int
start_python(void **state)
{
    (void)state;
    pyconsole_error error = {0};
    if (pyconsole_python_start(NULL, &host_python, &error) < 0) {
        print_error("%s\n", error.message);
        return -1;
    }
    host_run("import io, sys");
    return 0;
}

int
stop_python(void **state)
{
    (void)state;
    pyconsole_python_stop(host_python);
    return 0;
}

pyconsole_session *
open_with(const pyconsole_shared_options *options)
{
    pyconsole_session *session = NULL;
    pyconsole_error error = {0};
    assert_int_equal(
        pyconsole_session_new_shared(host_python, options, &session, &error),
        PYCONSOLE_OK);
    return session;
}

pyconsole_session *
open_session(void)
{
    return open_with(NULL);
}

void
wait_until_put_back(void)
{
    char text[64] = "";
    while (strcmp(text, "_io") != 0) {
        host_value("type(vars(sys)['stdout']).__module__", text, sizeof text);
    }
}
