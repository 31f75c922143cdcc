/* What module linecache knows of the sources, so that tracebacks can show their lines.
 *
 * To import linecache takes as long as to start Python, for the regular expressions that it
 * needs to read files. So in a process of its own the worker puts a module without contents
 * in its place, and remembers the sources itself. Whoever imports it, or looks at it, asks
 * for an attribute first (`__spec__`), and there is none: then __getattr__ (PEP 562) fills
 * the module as importlib.reload() does, gives it what was remembered, and is gone. */
#include "runtime/worker.h"

#include <unistd.h>

static PyObject *
modules_entry(const char *name)
{
    pc_auto_py PyObject *text = PyUnicode_InternFromString(name);
    PyObject *found =
        text == NULL ? NULL : PyDict_GetItemWithError(PyImport_GetModuleDict(), text);
    return found;
}

/* linecache.cache (new). */
static PyObject *
cache_of(PyObject *linecache)
{
    PyObject *contents = linecache != NULL && PyModule_Check(linecache)
                             ? PyModule_GetDict(linecache)
                             : NULL;
    PyObject *cache = contents == NULL ? NULL : PyDict_GetItemString(contents, "cache");
    return cache != NULL       ? Py_NewRef(cache)
           : linecache == NULL ? NULL
                               : PyObject_GetAttrString(linecache, "cache");
}

static PyObject *
import_cache(void)
{
    pc_auto_py PyObject *linecache = PyImport_ImportModule("linecache");
    return cache_of(linecache);
}

static int
put_lines(PyObject *cache, PyObject *source, PyObject *filename)
{
    pc_auto_py PyObject *lines = PyUnicode_Splitlines(source, 1);
    pc_auto_py PyObject *entry =
        lines == NULL ? NULL
                      : Py_BuildValue("(nOOO)", PyUnicode_GET_LENGTH(source), Py_None,
                                      lines, filename);
    return entry == NULL ? -1 : PyObject_SetItem(cache, filename, entry);
}

int
pc_worker_keep_lines(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    PyObject *linecache = modules_entry("linecache");
    if (linecache != NULL && linecache == worker->lines.module) {
        return PyDict_SetItem(worker->lines.remembered, filename, source);
    }
    pc_auto_py PyObject *cache =
        linecache == NULL ? import_cache() : cache_of(linecache);
    return cache == NULL ? -1 : put_lines(cache, source, filename);
}

int
pc_worker_give_lines(void)
{
    pc_auto_py PyObject *cache = import_cache();
    return cache == NULL ? -1 : 0;
}

void
pc_worker_forget_sources(const struct pc_worker *worker)
{
    pc_auto_py PyObject *cache = import_cache();
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
give_lines(PyObject *linecache, PyObject *remembered)
{
    PyObject *filename = NULL;
    PyObject *source = NULL;
    Py_ssize_t at = 0;
    pc_auto_py PyObject *cache = cache_of(linecache);
    int status = cache == NULL ? -1 : 0;
    while (status == 0 && PyDict_Next(remembered, &at, &filename, &source)) {
        status = put_lines(cache, source, filename);
    }
    return status;
}

/* Fills the module. Another thread that does so already is waited for. */
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
    pc_auto_py PyObject *filled = PyImport_ReloadModule(module);
    later->filler = 0;
    if (filled == NULL) {
        return -1;
    }
    Py_CLEAR(later->module); /* what comes from now on, the cache gets at once */
    pc_auto_py PyObject *remembered = pc_take(&later->remembered);
    return give_lines(module, remembered) < 0
               ? -1
               : PyObject_DelAttrString(module, "__getattr__");
}

static PyObject *
get_attribute(PyObject *capsule, PyObject *name)
{
    struct pc_worker *worker = PyCapsule_GetPointer(capsule, "pyconsole.worker");
    struct pc_later_lines *later = worker == NULL ? NULL : &worker->lines;
    if (later == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *module = Py_XNewRef(later->module);
    bool filling = later->filler == PyThread_get_thread_ident();
    if (fill(later) < 0) {
        return NULL;
    }
    if (module == NULL || filling) {
        PyErr_Format(PyExc_AttributeError, "module 'linecache' has no attribute '%U'",
                     name);
        return NULL;
    }
    return PyObject_GetAttr(module, name);
}

static PyMethodDef get_attribute_def = {"__getattr__", get_attribute, METH_O, NULL};

/* A module that has nothing but its name and what fills it. */
static PyObject *
empty_module(PyObject *fills)
{
    pc_auto_py PyObject *module = PyModule_New("linecache");
    pc_auto_py PyObject *name =
        module == NULL ? NULL : PyObject_GetAttrString(module, "__name__");
    PyObject *contents = module == NULL ? NULL : PyModule_GetDict(module);
    if (name == NULL) {
        return NULL;
    }
    PyDict_Clear(contents);
    if (PyDict_SetItemString(contents, "__name__", name) < 0 ||
        PyDict_SetItemString(contents, "__getattr__", fills) < 0) {
        return NULL;
    }
    return pc_take(&module);
}

int
pc_worker_delay_linecache(struct pc_worker *worker)
{
    if (modules_entry("linecache") != NULL || PyErr_Occurred()) {
        return PyErr_Occurred() ? -1 : 0;
    }
    pc_auto_py PyObject *capsule = PyCapsule_New(worker, "pyconsole.worker", NULL);
    pc_auto_py PyObject *function =
        capsule == NULL ? NULL : PyCFunction_New(&get_attribute_def, capsule);
    pc_auto_py PyObject *module = function == NULL ? NULL : empty_module(function);
    pc_auto_py PyObject *remembered = PyDict_New();
    if (module == NULL || remembered == NULL ||
        PyDict_SetItemString(PyImport_GetModuleDict(), "linecache", module) < 0) {
        return -1;
    }
    worker->lines.module = pc_take(&module);
    worker->lines.remembered = pc_take(&remembered);
    return 0;
}
