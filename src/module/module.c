/* The extension module `_pyconsole`: multi-phase initialisation and state. */
#include "module/module.h"

static struct pc_module *
state_of(PyObject *extension)
{
    return PyModule_GetState(extension);
}

PyDoc_STRVAR(bind_doc,
             "bind(name, namespace)\n--\n\n"
             "Say in which dict the global names of module `name`, \"code\" or "
             "\"codeop\", are looked up.");

static PyObject *
bind(PyObject *extension, PyObject *args)
{
    struct pc_engine *engine = &state_of(extension)->engine;
    const char *name = NULL;
    PyObject *namespace = NULL;
    if (!PyArg_ParseTuple(args, "sO!:bind", &name, &PyDict_Type, &namespace)) {
        return NULL;
    }
    if (strcmp(name, "code") == 0) {
        Py_XSETREF(engine->code_globals, Py_NewRef(namespace));
    }
    else if (strcmp(name, "codeop") == 0) {
        Py_XSETREF(engine->codeop_globals, Py_NewRef(namespace));
    }
    else {
        PyErr_Format(PyExc_ValueError, "no module to bind is called %.100s", name);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef module_methods[] = {
    {"bind", bind, METH_VARARGS, bind_doc},
    {NULL, NULL, 0, NULL},
};

static int
module_exec(PyObject *extension)
{
    struct pc_module *state = state_of(extension);
    if (pc_engine_init(&state->engine, NULL, NULL) < 0) {
        return -1;
    }
    state->function_type = pc_function_type_new(extension);
    if (state->function_type == NULL || pc_add_compilers(extension, state) < 0 ||
        pc_add_interpreter(extension, state) < 0 ||
        pc_add_console(extension, state) < 0 ||
        pc_add_completeness(extension, state) < 0) {
        return -1;
    }
    return state->engine.dialect.local_exit ? pc_add_quitter(extension, state) : 0;
}

static int
module_traverse(PyObject *extension, visitproc visit, void *arg)
{
    struct pc_module *state = state_of(extension);
    Py_VISIT(state->function_type);
    Py_VISIT(state->completeness_type);
    return pc_engine_traverse(&state->engine, visit, arg);
}

static int
module_clear(PyObject *extension)
{
    struct pc_module *state = state_of(extension);
    Py_CLEAR(state->function_type);
    Py_CLEAR(state->completeness_type);
    pc_engine_fini(&state->engine);
    return 0;
}

static void
module_free(void *extension)
{
    (void)module_clear(extension);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)module_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

struct PyModuleDef pc_module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "pyconsole._pyconsole",
    .m_doc = "The engine of pyconsole.code and pyconsole.codeop, in C.",
    .m_size = sizeof(struct pc_module),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__pyconsole(void);

PyMODINIT_FUNC
PyInit__pyconsole(void)
{
    return PyModuleDef_Init(&pc_module_def);
}
