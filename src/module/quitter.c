/* Class Quitter of module `code` (Python 3.13): what stands in for the builtins exit and
 * quit while a console with local_exit runs. */
#include "module/module.h"

static const struct pc_parameter init_parameters[] = {{"self"}, {"name"}, {NULL}};

static PyObject *
quitter_init(struct pc_engine *e, PyObject *const *args)
{
    pc_auto_py PyObject *eof = PyUnicode_FromString("Ctrl-D (i.e. EOF)");
    if (eof == NULL || PyObject_SetAttr(args[0], e->name.name, args[1]) < 0 ||
        PyObject_SetAttr(args[0], e->name.eof, eof) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const struct pc_parameter self_only[] = {{"self"}, {NULL}};

static PyObject *
quitter_repr(struct pc_engine *e, PyObject *const *args)
{
    pc_auto_py PyObject *name = PyObject_GetAttr(args[0], e->name.name);
    pc_auto_py PyObject *eof =
        name == NULL ? NULL : PyObject_GetAttr(args[0], e->name.eof);
    return eof == NULL ? NULL : PyUnicode_FromFormat("Use %S or %S to exit", name, eof);
}

static const struct pc_parameter call_parameters[] = {
    {"self"}, {"code", PC_NONE}, {NULL}};

static PyObject *
quitter_call(struct pc_engine *Py_UNUSED(e), PyObject *const *args)
{
    pc_auto_py PyObject *exit = PyObject_CallOneArg(PyExc_SystemExit, args[1]);
    if (exit != NULL) {
        PyErr_SetObject(PyExc_SystemExit, exit);
    }
    return NULL;
}

static const struct pc_function_def methods[] = {
    {"__init__", quitter_init, init_parameters,
     "Make the object that is called `name` at the prompt."},
    {"__repr__", quitter_repr, self_only, "Say how to leave the console."},
    {"__call__", quitter_call, call_parameters, "Leave the console."},
    {NULL},
};

int
pc_add_quitter(PyObject *extension, struct pc_module *state)
{
    (void)state;
    pc_auto_py PyObject *type = pc_class_new(
        extension, "pyconsole.code", "Quitter",
        "Leaves the console when called, and leaves sys.stdin open.", NULL, methods);
    return type == NULL ? -1 : PyModule_AddObjectRef(extension, "Quitter", type);
}
