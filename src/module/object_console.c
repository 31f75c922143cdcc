/* A console whose state is a Python object's attributes and whose hooks are its methods,
 * looked up at each use: whatever a subclass overrides, or is assigned on the instance,
 * is called, with the arguments that the standard library would pass. */
#include "module/module.h"

static PyObject *
class_name_of(struct pc_engine *e, PyObject *self)
{
    pc_auto_py PyObject *type = PyObject_GetAttr(self, e->name.__class__);
    return type == NULL ? NULL : PyObject_GetAttr(type, e->name.__name__);
}

/* Where in struct pc_names the name of an attribute, or of a method, is. */
#define NAME(field) offsetof(struct pc_names, field)
static const size_t attribute_names[] = {
    [PC_LOCALS] = NAME(locals),
    [PC_BUFFER] = NAME(buffer),
    [PC_FILENAME] = NAME(filename),
    [PC_LOCAL_EXIT] = NAME(local_exit),
};
static const size_t method_names[] = {
    [PC_COMPILE] = NAME(compile),
    [PC_RUNSOURCE] = NAME(runsource),
    [PC_RUNCODE] = NAME(runcode),
    [PC_SHOWSYNTAXERROR] = NAME(showsyntaxerror),
    [PC_SHOWTRACEBACK] = NAME(showtraceback),
    [PC_SHOWTRACEBACK_OF] = NAME(_showtraceback),
    [PC_EXCEPTHOOK] = NAME(_excepthook),
    [PC_WRITE] = NAME(write),
    [PC_RESETBUFFER] = NAME(resetbuffer),
    [PC_PUSH] = NAME(push),
    [PC_RAW_INPUT] = NAME(raw_input),
};
#undef NAME

static PyObject *
name_at(struct pc_engine *e, size_t offset)
{
    return *(PyObject **)((char *)&e->name + offset);
}

static PyObject *
get(struct pc_console *con, enum pc_attribute attribute)
{
    if (attribute == PC_CLASS_NAME) {
        return class_name_of(con->engine, con->self);
    }
    return PyObject_GetAttr(con->self,
                            name_at(con->engine, attribute_names[attribute]));
}

static int
set(struct pc_console *con, enum pc_attribute attribute, PyObject *value)
{
    return PyObject_SetAttr(con->self, name_at(con->engine, attribute_names[attribute]),
                            value);
}

/* push() is the hot path: with the ordinary way to look attributes up, nobody sees when
 * it looks up runsource. */
static PyObject *
find(struct pc_console *con, enum pc_method method)
{
    if (method == PC_RUNSOURCE &&
        Py_TYPE(con->self)->tp_getattro == PyObject_GenericGetAttr) {
        return NULL;
    }
    return PyObject_GetAttr(con->self, name_at(con->engine, method_names[method]));
}

/* self.compile(source, filename, symbol), without the way through the type's slot where
 * the compiler is codeop's own. */
static PyObject *
call_compile(struct pc_console *con, PyObject *const *args)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *compile = PyObject_GetAttr(con->self, e->name.compile);
    if (compile == NULL) {
        return NULL;
    }
    if (pc_is_instance_as_it_came(e, &e->command_class, compile)) {
        return pc_command_compiler_call(e, compile, args[1], args[2], args[3]);
    }
    return PyObject_Vectorcall(compile, args + 1, 3, NULL);
}

/* Does the class, or one that it derives from, have this attribute? */
static bool
class_has(PyTypeObject *type, PyObject *name)
{
    PyObject *mro = type->tp_mro;
    /* The last is object, which has none of ours. */
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro) - 1; i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (base->tp_dict == NULL || PyDict_Contains(base->tp_dict, name) != 0) {
            PyErr_Clear();
            return true;
        }
    }
    return false;
}

/* Are the state's attributes plain ones of the instance, so that nobody sees when they are
 * looked up? */
static bool
has_plain_state(struct pc_engine *e, PyTypeObject *type)
{
    if (type->tp_getattro != PyObject_GenericGetAttr) {
        return false;
    }
    if (e->plain_version != 0 && type->tp_version_tag == e->plain_version) {
        return true;
    }
    bool plain = !class_has(type, e->name.buffer) &&
                 !class_has(type, e->name.filename) &&
                 !class_has(type, e->name.compile);
    e->plain_version = plain ? type->tp_version_tag : 0;
    return plain;
}

/* Attributes are looked up in the ordinary way, runsource is the class's own and not
 * replaced, and the compiler and what it calls are codeop's as they came; its flags are
 * those, too, but for some. */
static bool
compiles_as_it_came(struct pc_console *con, long besides)
{
    struct pc_engine *e = con->engine;
    if (!has_plain_state(e, Py_TYPE(con->self))) {
        return false;
    }
    pc_auto_py PyObject *runsource = PyObject_GetAttr(con->self, e->name.runsource);
    pc_auto_py PyObject *compile =
        runsource == NULL ? NULL : PyObject_GetAttr(con->self, e->name.compile);
    pc_auto_py PyObject *compiler =
        compile == NULL ? NULL : PyObject_GetAttr(compile, e->name.compiler);
    if (compiler == NULL) {
        PyErr_Clear();
        return false;
    }
    return PyMethod_Check(runsource) &&
           PyMethod_GET_FUNCTION(runsource) == e->runsource &&
           PyMethod_GET_SELF(runsource) == con->self &&
           pc_is_instance_as_it_came(e, &e->command_class, compile) &&
           pc_is_instance_as_it_came(e, &e->compile_class, compiler) &&
           pc_flags_of_compile_grow(e, compiler, besides) && pc_codeop_is_as_it_came(e);
}

static bool
grows(struct pc_console *con)
{
    return compiles_as_it_came(con, 0);
}

static PyObject *
call(struct pc_console *con, enum pc_method method, PyObject **args, size_t n,
     PyObject *kwnames)
{
    if (method == PC_COMPILE) {
        return call_compile(con, args);
    }
    args[0] = con->self;
    return PyObject_VectorcallMethod(name_at(con->engine, method_names[method]), args,
                                     n + 1, kwnames);
}

/* ---- the editor ---- */

/* Is the attribute the class's own method, as it came? */
static bool
is_own(struct pc_console *con, PyObject *name, PyObject *function)
{
    pc_auto_py PyObject *method = PyObject_GetAttr(con->self, name);
    if (method == NULL) {
        PyErr_Clear();
        return false;
    }
    return PyMethod_Check(method) && PyMethod_GET_FUNCTION(method) == function &&
           PyMethod_GET_SELF(method) == con->self;
}

/* Is what module `code` calls `input` the builtin function, and what it calls `sys` the
 * module? */
static bool
reads_standard_input(struct pc_engine *e)
{
    pc_auto_py PyObject *input = pc_code_global(e, e->name.input);
    pc_auto_py PyObject *sys = input == NULL ? NULL : pc_code_global(e, e->name.sys);
    PyErr_Clear();
    return sys != NULL && PyCFunction_Check(input) &&
           sys == PyDict_GetItem(PyImport_GetModuleDict(), e->name.sys);
}

/* Where nobody has put something of his own in the way of a line from the terminal to the
 * compiler, which may let statements await. Module _prompt looks at the rest. */
static int
edit(struct pc_console *con)
{
    struct pc_engine *e = con->engine;
    if (!reads_standard_input(e) ||
        !compiles_as_it_came(con, PyCF_ALLOW_TOP_LEVEL_AWAIT) ||
        !is_own(con, e->name.raw_input, e->raw_input) ||
        !is_own(con, e->name.push, e->push)) {
        return 0;
    }
    pc_auto_py PyObject *module = PyImport_ImportModule("pyconsole._prompt");
    pc_auto_py PyObject *edited =
        module == NULL ? NULL : PyObject_CallMethod(module, "edit", "O", con->self);
    return edited == NULL ? -1 : PyObject_IsTrue(edited);
}

static const struct pc_hooks object_hooks = {
    .get = get, .set = set, .find = find, .grows = grows, .call = call, .edit = edit};

struct pc_console
pc_object_console(struct pc_engine *engine, PyObject *self)
{
    return (struct pc_console){.engine = engine, .hooks = &object_hooks, .self = self};
}
