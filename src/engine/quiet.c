/* Compiler warnings held back, as codeop does while it finds out whether input is
 * complete: `with warnings.catch_warnings(): simplefilter("ignore", …)`.
 *
 * Two ways. For a str that CPython's own compiler compiles, warnings.filters is swapped
 * for a copy with one filter more in front, which ignores the same categories as
 * codeop's and notes that there was a warning; afterwards the list is put back. Before,
 * warnings is told that its filters change, as catch_warnings() does: this makes it
 * forget which warnings it has shown "once per place", so that they show again (callers
 * can see that), and so that none is passed over here. Then, when nothing was noted, the
 * compile that codeop would repeat with warnings on need not be repeated. When Python
 * code is part of the compile, or the filters are not a plain list of the module,
 * catch_warnings() itself is called.
 *
 * Python code may run all the same: finalizers that the collector calls, audit hooks,
 * and other threads meanwhile. They see filters that are as codeop would have them, and
 * what they put in their place stays. */
#include "engine/engine.h"

#define NOTED_NAME "pyconsole.noted"

static void
free_noted(PyObject *capsule)
{
    PyMem_Free(PyCapsule_GetPointer(capsule, NOTED_NAME));
}

/* The message pattern of the one filter: match(text) notes the warning and matches. */
static PyObject *
note_warning(PyObject *capsule, PyObject *Py_UNUSED(text))
{
    bool *noted = PyCapsule_GetPointer(capsule, NOTED_NAME);
    if (noted == NULL) {
        return NULL;
    }
    *noted = true;
    Py_RETURN_TRUE;
}

static PyMethodDef note_warning_def = {"match", note_warning, METH_O, NULL};

/* What is noted lives as long as the filter, which others may keep. */
static PyObject *
make_capsule(struct pc_engine *e)
{
    bool *noted = PyMem_Calloc(1, sizeof *noted);
    if (noted == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(noted, NOTED_NAME, free_noted);
    if (capsule == NULL) {
        PyMem_Free(noted);
        return NULL;
    }
    e->quiet_noted = noted;
    return capsule;
}

static PyObject *
make_pattern(struct pc_engine *e)
{
    pc_auto_py PyObject *capsule = make_capsule(e);
    pc_auto_py PyObject *match =
        capsule == NULL ? NULL : PyCFunction_New(&note_warning_def, capsule);
    pc_auto_py PyObject *types = match == NULL ? NULL : PyImport_ImportModule("types");
    pc_auto_py PyObject *namespace =
        types == NULL ? NULL : PyObject_GetAttrString(types, "SimpleNamespace");
    pc_auto_py PyObject *kwnames =
        namespace == NULL ? NULL : Py_BuildValue("(s)", "match");
    return kwnames == NULL ? NULL : PyObject_Vectorcall(namespace, &match, 0, kwnames);
}

static int
make_quiet_filter(struct pc_engine *e)
{
    pc_auto_py PyObject *pattern = make_pattern(e);
    if (pattern == NULL) {
        return -1;
    }
    e->quiet_filter =
        Py_BuildValue("(sO(OO)Oi)", "ignore", pattern, PyExc_SyntaxWarning,
                      PyExc_DeprecationWarning, Py_None, 0);
    return e->quiet_filter == NULL ? -1 : 0;
}

/* Is our list of the last time as it was, with nobody else holding it, and right for
 * `filters` now? */
static bool
fits_again(PyObject *list, PyObject *filters)
{
    Py_ssize_t count = PyList_GET_SIZE(filters);
    if (list == NULL || Py_REFCNT(list) != 1 || PyList_GET_SIZE(list) != count + 1) {
        return false;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (PyList_GET_ITEM(list, i + 1) != PyList_GET_ITEM(filters, i)) {
            return false;
        }
    }
    return true;
}

/* [the one filter] + filters: a new reference. */
static PyObject *
quiet_list(struct pc_engine *e, PyObject *filters)
{
    if (fits_again(e->quiet_list, filters) &&
        PyList_GET_ITEM(e->quiet_list, 0) == e->quiet_filter) {
        return Py_NewRef(e->quiet_list);
    }
    Py_ssize_t count = PyList_GET_SIZE(filters);
    PyObject *list = PyList_New(count + 1);
    if (list == NULL) {
        return NULL;
    }
    PyList_SET_ITEM(list, 0, Py_NewRef(e->quiet_filter));
    for (Py_ssize_t i = 0; i < count; i++) {
        PyList_SET_ITEM(list, i + 1, Py_NewRef(PyList_GET_ITEM(filters, i)));
    }
    Py_XSETREF(e->quiet_list, Py_NewRef(list));
    return list;
}

static int
call_and_drop(PyObject *callable)
{
    pc_auto_py PyObject *result = PyObject_CallNoArgs(callable);
    return result == NULL ? -1 : 0;
}

/* What is called to tell: up to 3.13 one function, from 3.14 on it must hold a lock. */
static const char *const mutated_names[] = {
#if PY_VERSION_HEX >= 0x030E0000
    "_acquire_lock",
    "_filters_mutated_lock_held",
    "_release_lock",
#else
    "_filters_mutated",
#endif
};
#define MUTATED_COUNT ((Py_ssize_t)(sizeof mutated_names / sizeof mutated_names[0]))

static int
find_mutated(struct pc_engine *e)
{
    pc_auto_py PyObject *module = PyImport_ImportModule("_warnings");
    pc_auto_py PyObject *found = module == NULL ? NULL : PyTuple_New(MUTATED_COUNT);
    if (found == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < MUTATED_COUNT; i++) {
        PyObject *function = PyObject_GetAttrString(module, mutated_names[i]);
        if (function == NULL) {
            return -1;
        }
        PyTuple_SET_ITEM(found, i, function);
    }
    e->mutated = pc_take(&found);
    return 0;
}

static int
tell_filters_mutated(struct pc_engine *e)
{
    if (e->mutated == NULL && find_mutated(e) < 0) {
        return -1;
    }
    if (call_and_drop(PyTuple_GET_ITEM(e->mutated, 0)) < 0) {
        return -1;
    }
    if (MUTATED_COUNT == 1) {
        return 0;
    }
    int told = call_and_drop(PyTuple_GET_ITEM(e->mutated, 1));
    pc_auto_py PyObject *raised = pc_exception_take();
    int released = call_and_drop(PyTuple_GET_ITEM(e->mutated, MUTATED_COUNT - 1));
    if (raised != NULL && released == 0) {
        pc_exception_raise(pc_take(&raised));
    }
    return told < 0 || released < 0 ? -1 : 0;
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

/* Swaps `filters` (borrowed) for our list. */
static int
swap_filters(struct pc_engine *e, struct pc_quiet *quiet, PyObject *filters)
{
    pc_auto_py PyObject *before = Py_NewRef(filters);
    if (e->quiet_filter == NULL && make_quiet_filter(e) < 0) {
        return -1;
    }
    pc_auto_py PyObject *ours =
        tell_filters_mutated(e) < 0 ? NULL : quiet_list(e, before);
    if (ours == NULL ||
        PyDict_SetItem(PyModule_GetDict(e->warnings), e->name.filters, ours) < 0) {
        return -1;
    }
    quiet->before = pc_take(&before);
    quiet->ours = pc_take(&ours);
    quiet->outer_noted = *e->quiet_noted;
    *e->quiet_noted = false;
    return 0;
}

int
pc_quiet_begin(struct pc_engine *engine, struct pc_quiet *quiet, bool swap)
{
    *quiet = (struct pc_quiet){0};
    PyObject *filters = swap ? swappable_filters(engine) : NULL;
    if (filters == NULL) {
        PyErr_Clear();
        return enter_catch_warnings(engine, quiet);
    }
    return swap_filters(engine, quiet, filters);
}

int
pc_quiet_skip(struct pc_engine *engine)
{
    if (swappable_filters(engine) == NULL) {
        PyErr_Clear();
        return 0;
    }
    return tell_filters_mutated(engine) < 0 ? -1 : 1;
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
    *ret_noted = *engine->quiet_noted;
    *engine->quiet_noted |= quiet->outer_noted;
    pc_auto_py PyObject *ours = pc_take(&quiet->ours);
    pc_auto_py PyObject *before = pc_take(&quiet->before);
    PyObject *globals = PyModule_GetDict(engine->warnings);
    pc_auto_py PyObject *raised = pc_exception_take();
    PyObject *now = PyDict_GetItemWithError(globals, engine->name.filters);
    if (now == ours) {
        (void)PyDict_SetItem(globals, engine->name.filters, before);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    if (raised != NULL) {
        pc_exception_raise(pc_take(&raised));
    }
    return 0;
}
