/* The C API in an interpreter that the host started, with Python objects, from another
 * thread, and with every allocation of Python failing once in turn. */
#include <pyconsole/python.h>

#include "check.h"

#include <pthread.h>

static pyconsole_python *
adopt(void)
{
    pyconsole_python *python = NULL;
    assert_int_equal(pyconsole_python_start(NULL, &python, NULL), PYCONSOLE_OK);
    return python;
}

static int
discard(void *userdata, const char *text, size_t len)
{
    (void)userdata;
    (void)text;
    (void)len;
    return PYCONSOLE_OK;
}

static pyconsole_console *
open_quiet(pyconsole_python *python)
{
    pyconsole_console *console = NULL;
    pyconsole_console_options options = PYCONSOLE_CONSOLE_OPTIONS_INIT;
    options.write = discard;
    assert_int_equal(pyconsole_console_new(python, &options, &console, NULL), 0);
    return console;
}

static int
push(pyconsole_console *console, const char *line)
{
    return pyconsole_console_push(console, line, PYCONSOLE_TERMINATED);
}

static void
test_adopted__interpreter_stays_after_stop(void **state)
{
    (void)state;
    pyconsole_python *python = adopt();
    pyconsole_console *console = open_quiet(python);
    assert_int_equal(push(console, "x = 1"), PYCONSOLE_OK);
    pyconsole_console_free(console);
    pyconsole_python_stop(python);
    assert_true(Py_IsInitialized());
}

static void
test_objects__are_shared_with_the_host(void **state)
{
    (void)state;
    pyconsole_python *python = adopt();
    pyconsole_console *console = open_quiet(python);
    PyObject *list = PyList_New(0);
    assert_int_equal(pyconsole_console_set_object(console, "items", list),
                     PYCONSOLE_OK);
    assert_int_equal(pyconsole_console_set_object(console, "items", NULL),
                     PYCONSOLE_EPYTHON);
    assert_int_equal(push(console, "items.append('here')"), PYCONSOLE_OK);
    assert_int_equal(PyList_GET_SIZE(list), 1);
    PyObject *locals = pyconsole_console_get_locals(console);
    assert_ptr_equal(PyDict_GetItemString(locals, "items"), list);
    Py_DECREF(locals);
    Py_DECREF(list);
    pyconsole_console_free(console);
    pyconsole_python_stop(python);
}

static void
test_exception__of_the_host_stays_in_flight(void **state)
{
    (void)state;
    pyconsole_python *python = adopt();
    pyconsole_console *console = open_quiet(python);
    PyErr_SetString(PyExc_KeyError, "host");
    assert_int_equal(push(console, "x = 1"), PYCONSOLE_OK);
    assert_true(PyErr_ExceptionMatches(PyExc_KeyError));
    PyErr_Clear();
    pyconsole_console_free(console);
    pyconsole_python_stop(python);
}

static void
test_locals__can_be_the_hosts_own_dict(void **state)
{
    (void)state;
    pyconsole_python *python = adopt();
    pyconsole_console *console = open_quiet(python);
    PyObject *dict = PyDict_New();
    assert_int_equal(pyconsole_console_set_locals(console, dict), PYCONSOLE_OK);
    assert_int_equal(pyconsole_console_set_locals(console, Py_None), PYCONSOLE_EINVAL);
    assert_int_equal(push(console, "x = 5"), PYCONSOLE_OK);
    assert_non_null(PyDict_GetItemString(dict, "x"));
    Py_DECREF(dict);
    pyconsole_console_free(console);
    pyconsole_python_stop(python);
}

static void *
push_from_thread(void *console)
{
    return push(console, "import threading; t = threading.current_thread()") == 0
               ? console
               : NULL;
}

static void
test_thread__calls_take_the_gil_themselves(void **state)
{
    (void)state;
    pyconsole_python *python = adopt();
    pyconsole_console *console = open_quiet(python);
    pthread_t thread;
    void *result = NULL;
    PyThreadState *saved = PyEval_SaveThread();
    assert_int_equal(pthread_create(&thread, NULL, push_from_thread, console), 0);
    assert_int_equal(pthread_join(thread, &result), 0);
    PyEval_RestoreThread(saved);
    assert_ptr_equal(result, console);
    pyconsole_console_free(console);
    pyconsole_python_stop(python);
}

/* ---- allocations that fail ---- */

struct failing {
    PyMemAllocatorEx inner;
    long countdown; /* which allocation fails; below zero: none */
};

static bool
fails_now(struct failing *failing)
{
    return failing->countdown >= 0 && failing->countdown-- == 0;
}

static void *
failing_malloc(void *ctx, size_t size)
{
    struct failing *f = ctx;
    return fails_now(f) ? NULL : f->inner.malloc(f->inner.ctx, size);
}

static void *
failing_calloc(void *ctx, size_t count, size_t size)
{
    struct failing *f = ctx;
    return fails_now(f) ? NULL : f->inner.calloc(f->inner.ctx, count, size);
}

static void *
failing_realloc(void *ctx, void *old, size_t size)
{
    struct failing *f = ctx;
    return fails_now(f) ? NULL : f->inner.realloc(f->inner.ctx, old, size);
}

static void
pass_free(void *ctx, void *pointer)
{
    struct failing *f = ctx;
    f->inner.free(f->inner.ctx, pointer);
}

/* A function of CPython without failures, since not all of CPython survives them: 3.11
 * frees twice in assemble_init() of compile.c, and leaks when module traceback runs out of
 * memory. It is in place before a console is made, which takes it for the original. */
static PyObject *
call_in_peace(PyObject *capsule, PyObject *args)
{
    struct failing *failing = PyCapsule_GetPointer(capsule, "failing");
    long countdown = failing->countdown;
    failing->countdown = -1;
    PyObject *original = PyCapsule_GetContext(capsule);
    PyObject *result = PyObject_Call(original, args, NULL);
    failing->countdown = countdown;
    return result;
}

static PyMethodDef in_peace_def = {"in_peace", call_in_peace, METH_VARARGS, NULL};

/* What module.NAME is, and was replaced by. */
struct replaced {
    const char *module;
    const char *name;
    PyObject *original;
};

static void
put(struct replaced *where, PyObject *value)
{
    PyObject *module = PyImport_ImportModule(where->module);
    assert_int_equal(PyObject_SetAttrString(module, where->name, value), 0);
    Py_DECREF(module);
}

static void
replace(struct replaced *what, struct failing *failing)
{
    PyObject *module = PyImport_ImportModule(what->module);
    what->original = PyObject_GetAttrString(module, what->name);
    PyObject *capsule = PyCapsule_New(failing, "failing", NULL);
    assert_int_equal(PyCapsule_SetContext(capsule, what->original), 0);
    PyObject *wrapper = PyCFunction_New(&in_peace_def, capsule);
    put(what, wrapper);
    Py_DECREF(wrapper);
    Py_DECREF(capsule);
    Py_DECREF(module);
}

/* The calls whose every allocation fails once. Returns how they ended. */
static int
make_push_and_free(pyconsole_python *python)
{
    pyconsole_console *console = NULL;
    pyconsole_console_options options = PYCONSOLE_CONSOLE_OPTIONS_INIT;
    options.write = discard;
    int status = pyconsole_console_new(python, &options, &console, NULL);
    static const char *const lines[] = {"x = 1", "if x:", "  y = (x", ")",
                                        "",      "a b",   "undefined"};
    for (size_t i = 0; status >= 0 && i < sizeof lines / sizeof lines[0]; i++) {
        status = push(console, lines[i]);
    }
    pyconsole_console_free(console);
    if (status >= 0) {
        status = pyconsole_is_complete(python, "if x:", 5, NULL, NULL);
    }
    return status;
}

static void
test_memory__each_allocation_fails_once(void **state)
{
    (void)state;
    pyconsole_python *python = adopt();
    assert_true(make_push_and_free(python) >= 0);
    struct failing failing = {.countdown = -1};
    struct replaced peaceful[] = {{"builtins", "compile", NULL},
                                  {"traceback", "format_exception", NULL},
                                  {"traceback", "format_exception_only", NULL}};
    for (size_t i = 0; i < 3; i++) {
        replace(&peaceful[i], &failing);
    }
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &failing.inner);
    PyMemAllocatorEx hooked = {&failing, failing_malloc, failing_calloc,
                               failing_realloc, pass_free};
    int failed = 0;
    for (long n = 0;; n++) {
        PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &hooked);
        failing.countdown = n;
        int status = make_push_and_free(python);
        bool reached = failing.countdown < 0;
        failing.countdown = -1;
        PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &failing.inner);
        assert_null(PyErr_Occurred());
        failed += status < 0;
        if (!reached) {
            break;
        }
    }
    assert_true(failed > 20);
    for (size_t i = 0; i < 3; i++) {
        put(&peaceful[i], peaceful[i].original);
        Py_DECREF(peaceful[i].original);
    }
    assert_true(make_push_and_free(python) >= 0);
    pyconsole_python_stop(python);
}

static int
start_python(void **state)
{
    (void)state;
    Py_InitializeEx(0);
    return 0;
}

static int
stop_python(void **state)
{
    (void)state;
    return Py_FinalizeEx();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adopted__interpreter_stays_after_stop),
        cmocka_unit_test(test_objects__are_shared_with_the_host),
        cmocka_unit_test(test_exception__of_the_host_stays_in_flight),
        cmocka_unit_test(test_locals__can_be_the_hosts_own_dict),
        cmocka_unit_test(test_thread__calls_take_the_gil_themselves),
        cmocka_unit_test(test_memory__each_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
