/* What module linecache knows of the sources, so that tracebacks can show their lines.
 *
 * To run linecache takes as long as to start Python, for the regular expressions that it
 * needs to read files. So in a process of its own the worker puts the module in its place
 * and has it run when somebody asks for what is in it: as importlib.util.LazyLoader does, but
 * by __getattr__ (PEP 562), so that it is a module like any other. Until then the worker
 * remembers the sources. */
#include "runtime/worker.h"

#include <unistd.h>

/* What is not asked for in earnest: a loop over sys.modules looks at these. */
static bool
is_of_any_module(PyObject *name)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(name);
    return len > 4 && PyUnicode_READ_CHAR(name, 0) == '_' &&
           PyUnicode_READ_CHAR(name, 1) == '_' &&
           PyUnicode_READ_CHAR(name, len - 1) == '_' &&
           PyUnicode_CompareWithASCIIString(name, "__all__") != 0;
}

/* sys.modules["linecache"]: borrowed, or NULL. */
static PyObject *
present_module(void)
{
    return PyDict_GetItemString(PyImport_GetModuleDict(), "linecache");
}

/* linecache.cache, if it is there without asking: borrowed, or NULL. */
static PyObject *
present_cache(PyObject *linecache)
{
    return linecache == NULL || !PyModule_Check(linecache)
               ? NULL
               : PyDict_GetItemString(PyModule_GetDict(linecache), "cache");
}

/* The same (new); what is not there is imported or run. */
static PyObject *
cache_of(PyObject *linecache)
{
    PyObject *present = present_cache(linecache);
    if (present != NULL) {
        return Py_NewRef(present);
    }
    pc_auto_py PyObject *imported = PyImport_ImportModule("linecache");
    return imported == NULL ? NULL : PyObject_GetAttrString(imported, "cache");
}

PyObject *
pc_worker_ended(PyObject *source)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(source);
    return len > 0 && PyUnicode_READ_CHAR(source, len - 1) == '\n'
               ? Py_NewRef(source)
               : PyUnicode_FromFormat("%U\n", source);
}

/* Each with its end, also the last: module traceback counts on that. */
static int
put_lines(PyObject *cache, PyObject *source, PyObject *filename)
{
    pc_auto_py PyObject *ended = pc_worker_ended(source);
    pc_auto_py PyObject *lines = ended == NULL ? NULL : PyUnicode_Splitlines(ended, 1);
    pc_auto_py PyObject *entry =
        lines == NULL ? NULL
                      : Py_BuildValue("(nOOO)", PyUnicode_GET_LENGTH(source), Py_None,
                                      lines, filename);
    return entry == NULL ? -1 : PyObject_SetItem(cache, filename, entry);
}

int
pc_worker_keep_lines(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    PyObject *linecache = present_module();
    PyObject *present = present_cache(linecache);
    if (linecache != NULL && linecache == worker->lines.module) {
        if (PyDict_SetItem(worker->lines.remembered, filename, source) < 0) {
            return -1;
        }
        if (present == NULL) {
            return 0; /* else somebody has run it, and it may be run again */
        }
    }
    pc_auto_py PyObject *cache = cache_of(linecache);
    return cache == NULL ? -1 : put_lines(cache, source, filename);
}

int
pc_worker_give_lines(void)
{
    pc_auto_py PyObject *cache = cache_of(present_module());
    return cache == NULL ? -1 : 0;
}

void
pc_worker_forget_sources(const struct pc_worker *worker)
{
    pc_auto_py PyObject *cache = cache_of(present_module());
    for (uint64_t i = 1; cache != NULL && i <= worker->sources; i++) {
        pc_auto_py PyObject *name = pc_worker_source_name(worker, i);
        if (name == NULL || PyObject_DelItem(cache, name) < 0) {
            PyErr_Clear();
        }
    }
    PyErr_Clear();
}

/* ---- later ---- */

static int
give_remembered(PyObject *cache, PyObject *remembered)
{
    PyObject *filename = NULL;
    PyObject *source = NULL;
    Py_ssize_t at = 0;
    int status = cache == NULL ? -1 : 0;
    while (status == 0 && PyDict_Next(remembered, &at, &filename, &source)) {
        status = put_lines(cache, source, filename);
    }
    return status;
}

static int
run_module(PyObject *module)
{
    pc_auto_py PyObject *loader = PyObject_GetAttrString(module, "__loader__");
    pc_auto_py PyObject *done =
        loader == NULL ? NULL : PyObject_CallMethod(loader, "exec_module", "O", module);
    return done == NULL ? -1 : 0;
}

/* Runs the module, if that was not done yet. Another thread that does so already is waited
 * for; what it has so far is what this one sees if it is the same. */
static int
fill(struct pc_later_lines *later)
{
    unsigned long self = PyThread_get_thread_ident();
    while (later->filler != 0 && later->filler != self) {
        Py_BEGIN_ALLOW_THREADS
        usleep(1000);
        Py_END_ALLOW_THREADS
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
    }
    if (later->module == NULL || later->filler == self) {
        return 0;
    }
    later->filler = self;
    pc_auto_py PyObject *module = Py_NewRef(later->module);
    int ran = run_module(module);
    later->filler = 0;
    if (ran < 0) {
        return -1;
    }
    Py_CLEAR(later->module); /* what comes from now on, the cache gets at once */
    pc_auto_py PyObject *remembered = pc_take(&later->remembered);
    pc_auto_py PyObject *cache = PyObject_GetAttrString(module, "cache");
    return give_remembered(cache, remembered) < 0 ||
                   PyObject_DelAttrString(module, "__getattr__") < 0 ||
                   PyObject_DelAttrString(module, "__dir__") < 0
               ? -1
               : 0;
}

static struct pc_later_lines *
later_of(PyObject *capsule)
{
    struct pc_worker *worker = PyCapsule_GetPointer(capsule, "pyconsole.worker");
    return worker == NULL ? NULL : &worker->lines;
}

/* __getattr__. */
static PyObject *
get_attribute(PyObject *capsule, PyObject *name)
{
    struct pc_later_lines *later = later_of(capsule);
    if (later == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *module = Py_XNewRef(later->module);
    bool asks = module != NULL && PyUnicode_Check(name) && !is_of_any_module(name) &&
                later->filler != PyThread_get_thread_ident();
    if (asks && fill(later) < 0) {
        return NULL;
    }
    if (asks) {
        return PyObject_GetAttr(module, name);
    }
    return PyErr_Format(PyExc_AttributeError,
                        "module 'linecache' has no attribute '%S'", name);
}

/* __dir__. */
static PyObject *
list_attributes(PyObject *capsule, PyObject *nothing)
{
    (void)nothing;
    struct pc_later_lines *later = later_of(capsule);
    pc_auto_py PyObject *module = later == NULL ? NULL : Py_XNewRef(later->module);
    if (module == NULL) {
        return PyErr_Occurred() ? NULL : PyList_New(0);
    }
    return fill(later) < 0 ? NULL : PyDict_Keys(PyModule_GetDict(module));
}

static PyMethodDef getattr_def = {"__getattr__", get_attribute, METH_O, NULL};
static PyMethodDef dir_def = {"__dir__", list_attributes, METH_NOARGS, NULL};

/* The module as an import makes it, before it is run (new). */
static PyObject *
module_not_run(void)
{
    PyObject *bootstrap =
        PyDict_GetItemString(PyImport_GetModuleDict(), "_frozen_importlib");
    pc_auto_py PyObject *spec =
        bootstrap == NULL
            ? NULL
            : PyObject_CallMethod(bootstrap, "_find_spec", "sO", "linecache", Py_None);
    return spec == NULL ? NULL
                        : PyObject_CallMethod(bootstrap, "module_from_spec", "O", spec);
}

static int
put_function(PyObject *module, PyMethodDef *def, PyObject *capsule)
{
    pc_auto_py PyObject *function = PyCFunction_New(def, capsule);
    return function == NULL ? -1
                            : PyObject_SetAttrString(module, def->ml_name, function);
}

void
pc_worker_delay_linecache(struct pc_worker *worker)
{
    if (present_module() != NULL) {
        return;
    }
    pc_auto_py PyObject *capsule = PyCapsule_New(worker, "pyconsole.worker", NULL);
    pc_auto_py PyObject *module = module_not_run();
    pc_auto_py PyObject *remembered = PyDict_New();
    if (capsule != NULL && module != NULL && remembered != NULL &&
        put_function(module, &getattr_def, capsule) == 0 &&
        put_function(module, &dir_def, capsule) == 0 &&
        PyDict_SetItemString(PyImport_GetModuleDict(), "linecache", module) == 0) {
        worker->lines.module = pc_take(&module);
        worker->lines.remembered = pc_take(&remembered);
    }
    PyErr_Clear(); /* then it is imported at the first need */
}
