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

static PyObject *
attribute_name(struct pc_engine *e, enum pc_attribute attribute)
{
    switch (attribute) {
    case PC_LOCALS:
        return e->name.locals;
    case PC_BUFFER:
        return e->name.buffer;
    case PC_FILENAME:
        return e->name.filename;
    case PC_LOCAL_EXIT:
        return e->name.local_exit;
    case PC_CLASS_NAME:
        break;
    }
    return NULL;
}

static PyObject *
method_name(struct pc_engine *e, enum pc_method method)
{
    PyObject *const names[] = {
        [PC_RUNSOURCE] = e->name.runsource,
        [PC_RUNCODE] = e->name.runcode,
        [PC_SHOWSYNTAXERROR] = e->name.showsyntaxerror,
        [PC_SHOWTRACEBACK] = e->name.showtraceback,
        [PC_SHOWTRACEBACK_OF] = e->name._showtraceback,
        [PC_EXCEPTHOOK] = e->name._excepthook,
        [PC_WRITE] = e->name.write,
        [PC_RESETBUFFER] = e->name.resetbuffer,
        [PC_PUSH] = e->name.push,
        [PC_RAW_INPUT] = e->name.raw_input,
    };
    return names[method];
}

static PyObject *
get(struct pc_console *con, enum pc_attribute attribute)
{
    if (attribute == PC_CLASS_NAME) {
        return class_name_of(con->engine, con->self);
    }
    return PyObject_GetAttr(con->self, attribute_name(con->engine, attribute));
}

static int
set(struct pc_console *con, enum pc_attribute attribute, PyObject *value)
{
    return PyObject_SetAttr(con->self, attribute_name(con->engine, attribute), value);
}

/* With the ordinary way to look attributes up, nobody sees when that is done. */
static PyObject *
find(struct pc_console *con, enum pc_method method)
{
    if (Py_TYPE(con->self)->tp_getattro == PyObject_GenericGetAttr) {
        return NULL;
    }
    return PyObject_GetAttr(con->self, method_name(con->engine, method));
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

static PyObject *
call(struct pc_console *con, enum pc_method method, PyObject **args, size_t n,
     PyObject *kwnames)
{
    if (method == PC_COMPILE) {
        return call_compile(con, args);
    }
    args[0] = con->self;
    return PyObject_VectorcallMethod(method_name(con->engine, method), args, n + 1,
                                     kwnames);
}

static const struct pc_hooks object_hooks = {
    .get = get, .set = set, .find = find, .call = call};

struct pc_console
pc_object_console(struct pc_engine *engine, PyObject *self)
{
    return (struct pc_console){.engine = engine, .hooks = &object_hooks, .self = self};
}
