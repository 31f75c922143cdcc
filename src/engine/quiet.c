/* Compiler warnings held back, as codeop does while it finds out whether input is
 * complete: `with warnings.catch_warnings(): simplefilter("ignore", …)`.
 *
 * Two ways. While nothing but the compiler runs, warnings.filters is swapped for a list
 * of one filter that swallows every warning and notes that there was one; afterwards the
 * list is put back. Before, warnings is told that its filters change, as
 * catch_warnings() does: this makes it forget which warnings it has shown "once per
 * place", so that they show again (callers can see that), and so that none is passed
 * over here. Then, when nothing was noted, the compile that codeop would repeat with
 * warnings on need not be repeated. When Python code may run in between, or the filters
 * are not a plain list of the module, catch_warnings() itself is called. */
#include "engine/engine.h"

/* The message pattern of the one filter: match(text) notes the warning and matches. */
static PyObject *
note_warning(PyObject *capsule, PyObject *Py_UNUSED(text))
{
    struct pc_engine *e = PyCapsule_GetPointer(capsule, NULL);
    if (e == NULL) {
        return NULL;
    }
    e->quiet_noted = true;
    Py_RETURN_TRUE;
}

static PyMethodDef note_warning_def = {"match", note_warning, METH_O, NULL};

static PyObject *
make_pattern(struct pc_engine *e)
{
    pc_auto_py PyObject *capsule = PyCapsule_New(e, NULL, NULL);
    if (capsule == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *match = PyCFunction_New(&note_warning_def, capsule);
    if (match == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *types = PyImport_ImportModule("types");
    pc_auto_py PyObject *namespace =
        types == NULL ? NULL : PyObject_GetAttrString(types, "SimpleNamespace");
    pc_auto_py PyObject *kwnames =
        namespace == NULL ? NULL : Py_BuildValue("(s)", "match");
    return kwnames == NULL ? NULL : PyObject_Vectorcall(namespace, &match, 0, kwnames);
}

static int
make_quiet_filters(struct pc_engine *e)
{
    pc_auto_py PyObject *pattern = make_pattern(e);
    if (pattern == NULL) {
        return -1;
    }
    e->quiet_filters =
        Py_BuildValue("[(sOOOi)]", "ignore", pattern, PyExc_Warning, Py_None, 0);
    return e->quiet_filters == NULL ? -1 : 0;
}

static int
call_and_drop(PyObject *callable)
{
    pc_auto_py PyObject *result = PyObject_CallNoArgs(callable);
    return result == NULL ? -1 : 0;
}

/* Up to 3.13 there is one function; from 3.14 on it must hold the module's lock. */
static int
tell_filters_mutated(struct pc_engine *e)
{
#if PY_VERSION_HEX >= 0x030E0000
    static const char *const steps[] = {"_acquire_lock", "_filters_mutated_lock_held",
                                        "_release_lock"};
#else
    static const char *const steps[] = {"_filters_mutated"};
#endif
    const Py_ssize_t count = (Py_ssize_t)(sizeof steps / sizeof steps[0]);
    if (e->mutated == NULL) {
        pc_auto_py PyObject *module = PyImport_ImportModule("_warnings");
        pc_auto_py PyObject *found = module == NULL ? NULL : PyTuple_New(count);
        if (found == NULL) {
            return -1;
        }
        for (Py_ssize_t i = 0; i < count; i++) {
            PyObject *step = PyObject_GetAttrString(module, steps[i]);
            if (step == NULL) {
                return -1;
            }
            PyTuple_SET_ITEM(found, i, step);
        }
        e->mutated = pc_take(&found);
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (call_and_drop(PyTuple_GET_ITEM(e->mutated, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Are the filters where the compiler looks for them, and is the module the real one? */
static PyObject *
swappable_filters(struct pc_engine *e)
{
#if PY_VERSION_HEX >= 0x030E0000
    PyObject *flags = PySys_GetObject("flags");
    pc_auto_py PyObject *in_context =
        flags == NULL ? NULL : PyObject_GetAttrString(flags, "context_aware_warnings");
    if (in_context == NULL) {
        PyErr_Clear();
        return NULL;
    }
    if (in_context != Py_False && in_context != e->zero) {
        return NULL;
    }
#endif
    PyObject *module = PyDict_GetItemWithError(e->codeop_globals, e->name.warnings);
    if (module != e->warnings) {
        return NULL;
    }
    PyObject *filters =
        PyDict_GetItemWithError(PyModule_GetDict(module), e->name.filters);
    return filters != NULL && PyList_Check(filters) ? filters : NULL;
}

static int
enter_catch_warnings(struct pc_engine *e, struct pc_quiet *quiet)
{
    pc_auto_py PyObject *warnings = pc_codeop_global(e, e->name.warnings);
    if (warnings == NULL) {
        return -1;
    }
    pc_auto_py PyObject *manager =
        PyObject_CallMethodNoArgs(warnings, e->name.catch_warnings);
    if (manager == NULL) {
        return -1;
    }
    pc_auto_py PyObject *entered =
        PyObject_CallMethodNoArgs(manager, e->name.__enter__);
    if (entered == NULL) {
        return -1;
    }
    quiet->manager = pc_take(&manager);
    pc_auto_py PyObject *simplefilter =
        PyObject_GetAttr(warnings, e->name.simplefilter);
    pc_auto_py PyObject *result =
        simplefilter == NULL
            ? NULL
            : PyObject_CallFunction(simplefilter, "s(OO)", "ignore",
                                    PyExc_SyntaxWarning, PyExc_DeprecationWarning);
    if (result == NULL) {
        bool noted = false;
        (void)pc_quiet_end(e, quiet, &noted);
        return -1;
    }
    return 0;
}

int
pc_quiet_begin(struct pc_engine *engine, struct pc_quiet *quiet, bool swap)
{
    *quiet = (struct pc_quiet){.outer_noted = engine->quiet_noted};
    PyObject *filters = swap ? swappable_filters(engine) : NULL;
    if (filters == NULL) {
        PyErr_Clear();
        return enter_catch_warnings(engine, quiet);
    }
    if (engine->quiet_filters == NULL && make_quiet_filters(engine) < 0) {
        return -1;
    }
    if (tell_filters_mutated(engine) < 0) {
        return -1;
    }
    Py_INCREF(filters);
    if (PyDict_SetItem(PyModule_GetDict(engine->warnings), engine->name.filters,
                       engine->quiet_filters) < 0) {
        Py_DECREF(filters);
        return -1;
    }
    quiet->filters = filters;
    engine->quiet_noted = false;
    return 0;
}

static int
leave_catch_warnings(struct pc_engine *e, PyObject *manager)
{
    pc_auto_py PyObject *raised = pc_exception_take();
    PyObject *type = raised == NULL ? Py_None : (PyObject *)Py_TYPE(raised);
    pc_auto_py PyObject *tb = raised == NULL ? NULL : PyException_GetTraceback(raised);
    PyObject *args[] = {manager, type, raised == NULL ? Py_None : raised,
                        tb == NULL ? Py_None : tb};
    pc_auto_py PyObject *result =
        PyObject_VectorcallMethod(e->name.__exit__, args, 4, NULL);
    if (result == NULL) {
        return -1;
    }
    if (raised != NULL) {
        pc_exception_raise(pc_take(&raised));
    }
    return 0;
}

int
pc_quiet_end(struct pc_engine *engine, struct pc_quiet *quiet, bool *ret_noted)
{
    if (quiet->manager != NULL) {
        pc_auto_py PyObject *manager = pc_take(&quiet->manager);
        *ret_noted = true;
        return leave_catch_warnings(engine, manager);
    }
    *ret_noted = engine->quiet_noted;
    engine->quiet_noted = quiet->outer_noted;
    pc_auto_py PyObject *filters = pc_take(&quiet->filters);
    pc_auto_py PyObject *raised = pc_exception_take();
    if (PyDict_SetItem(PyModule_GetDict(engine->warnings), engine->name.filters,
                       filters) < 0) {
        return -1;
    }
    if (raised != NULL) {
        pc_exception_raise(pc_take(&raised));
    }
    return 0;
}
