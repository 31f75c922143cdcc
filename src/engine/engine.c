/* The engine's state for one interpreter: interned names, the modules' globals, and what
 * quiet.c and frames.c keep. */
#include "engine/engine.h"

static int
intern_names(struct pc_names *names)
{
#define INTERN(name)                                                                   \
    names->name = PyUnicode_InternFromString(#name);                                   \
    if (names->name == NULL) {                                                         \
        return -1;                                                                     \
    }
    PC_NAMES(INTERN)
#undef INTERN
    return 0;
}

static int
make_constants(struct pc_engine *e)
{
    e->newline = PyUnicode_InternFromString("\n");
    e->empty = PyUnicode_InternFromString("");
    e->codeop_flags = PyLong_FromLong(PC_CODEOP_FLAGS);
    e->not_codeop_flags = PyLong_FromLong(~(long)PC_CODEOP_FLAGS);
    e->zero = PyLong_FromLong(0);
    if (e->newline == NULL || e->empty == NULL || e->codeop_flags == NULL ||
        e->not_codeop_flags == NULL || e->zero == NULL) {
        return -1;
    }
    e->symbol_kwnames = PyTuple_Pack(1, e->name.symbol);
    e->source_kwnames = PyTuple_Pack(1, e->name.source);
    e->flags_kwnames = PyTuple_Pack(1, e->name.flags);
    e->final_kwnames = PyTuple_Pack(1, e->name.incomplete_input);
    e->file_kwnames = PyTuple_Pack(1, e->name.file);
    if (e->symbol_kwnames == NULL || e->source_kwnames == NULL ||
        e->flags_kwnames == NULL || e->final_kwnames == NULL ||
        e->file_kwnames == NULL) {
        return -1;
    }
    return 0;
}

static int
import_into(PyObject *globals, PyObject *name)
{
    pc_auto_py PyObject *module = PyImport_Import(name);
    return module == NULL ? -1 : PyDict_SetItem(globals, name, module);
}

static int
find_modules(struct pc_engine *e, PyObject *code_globals, PyObject *codeop_globals)
{
    pc_auto_py PyObject *builtins = PyImport_Import(e->name.builtins);
    if (builtins == NULL) {
        return -1;
    }
    e->builtins = Py_NewRef(PyModule_GetDict(builtins));
    e->compile = PyObject_GetAttr(builtins, e->name.compile);
    e->warnings = PyImport_Import(e->name.warnings);
    if (e->compile == NULL || e->warnings == NULL) {
        return -1;
    }
    e->code_globals = code_globals != NULL ? Py_NewRef(code_globals) : PyDict_New();
    e->codeop_globals =
        codeop_globals != NULL ? Py_NewRef(codeop_globals) : PyDict_New();
    if (e->code_globals == NULL || e->codeop_globals == NULL) {
        return -1;
    }
    if (import_into(e->code_globals, e->name.sys) < 0 ||
        import_into(e->code_globals, e->name.builtins) < 0) {
        return -1;
    }
    return PyDict_SetItem(e->codeop_globals, e->name.warnings, e->warnings);
}

int
pc_engine_init(struct pc_engine *engine, PyObject *code_globals,
               PyObject *codeop_globals)
{
    engine->dialect = pc_dialect_of(Py_Version);
    if (intern_names(&engine->name) < 0 || make_constants(engine) < 0) {
        return -1;
    }
    return find_modules(engine, code_globals, codeop_globals);
}

/* Every reference that the engine owns, but for the names. */
#define ENGINE_REFERENCES(X)                                                           \
    X(newline)                                                                         \
    X(empty)                                                                           \
    X(codeop_flags)                                                                    \
    X(not_codeop_flags)                                                                \
    X(zero)                                                                            \
    X(symbol_kwnames)                                                                  \
    X(source_kwnames)                                                                  \
    X(flags_kwnames)                                                                   \
    X(final_kwnames)                                                                   \
    X(file_kwnames)                                                                    \
    X(builtins)                                                                        \
    X(code_globals)                                                                    \
    X(codeop_globals)                                                                  \
    X(compile)                                                                         \
    X(warnings)                                                                        \
    X(quiet_filter)                                                                    \
    X(quiet_list)                                                                      \
    X(mutated)                                                                         \
    X(frame_codes)                                                                     \
    X(compile_class.type)                                                              \
    X(compile_class.call)                                                              \
    X(command_class.type)                                                              \
    X(command_class.call)                                                              \
    X(runsource)                                                                       \
    X(push)                                                                            \
    X(raw_input)                                                                       \
    X(maybe_compile)                                                                   \
    X(plain_compile)

void
pc_engine_fini(struct pc_engine *engine)
{
#define CLEAR(field) Py_CLEAR(engine->field);
    ENGINE_REFERENCES(CLEAR)
#undef CLEAR
#define CLEAR_NAME(field) Py_CLEAR(engine->name.field);
    PC_NAMES(CLEAR_NAME)
#undef CLEAR_NAME
    for (size_t i = 0; i < PC_GROWTHS; i++) {
        pc_growth_drop(&engine->growths[i]);
    }
}

int
pc_engine_traverse(struct pc_engine *engine, visitproc visit, void *arg)
{
#define VISIT(field) Py_VISIT(engine->field);
    ENGINE_REFERENCES(VISIT)
#undef VISIT
    for (size_t i = 0; i < PC_GROWTHS; i++) {
        Py_VISIT(engine->growths[i].buffer);
        Py_VISIT(engine->growths[i].lines);
    }
    return 0;
}

bool
pc_is_instance_as_it_came(struct pc_engine *engine, struct pc_callable_class *known,
                          PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if ((PyObject *)type != known->type) {
        return false;
    }
    /* A type has the same version tag, other than 0, only while nothing of it changes. */
    if (known->version != 0 && type->tp_version_tag == known->version) {
        return true;
    }
    pc_auto_py PyObject *call = PyObject_GetAttr(known->type, engine->name.__call__);
    if (call == NULL) {
        PyErr_Clear();
    }
    known->version = call == known->call ? type->tp_version_tag : 0;
    return call == known->call;
}

static void
raise_name_error(struct pc_engine *e, PyObject *name)
{
    pc_auto_py PyObject *message =
        PyUnicode_FromFormat("name '%U' is not defined", name);
    pc_auto_py PyObject *error =
        message == NULL ? NULL : PyObject_CallOneArg(PyExc_NameError, message);
    if (error != NULL && PyObject_SetAttr(error, e->name.name, name) == 0) {
        PyErr_SetObject(PyExc_NameError, error);
    }
}

static PyObject *
global_of(struct pc_engine *e, PyObject *globals, PyObject *name)
{
    PyObject *value = PyDict_GetItemWithError(globals, name);
    if (value == NULL && !PyErr_Occurred()) {
        value = PyDict_GetItemWithError(e->builtins, name);
    }
    if (value == NULL && !PyErr_Occurred()) {
        raise_name_error(e, name);
    }
    return Py_XNewRef(value);
}

PyObject *
pc_code_global(struct pc_engine *engine, PyObject *name)
{
    if (name == engine->name.traceback &&
        !PyDict_Contains(engine->code_globals, name)) {
        /* Module traceback costs more than all the rest of an import of `code`; it is
         * loaded when the first error is shown. */
        if (import_into(engine->code_globals, name) < 0) {
            return NULL;
        }
    }
    return global_of(engine, engine->code_globals, name);
}

PyObject *
pc_codeop_global(struct pc_engine *engine, PyObject *name)
{
    return global_of(engine, engine->codeop_globals, name);
}
