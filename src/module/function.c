/* A function in C that behaves as one written in Python.
 *
 * It binds as a method does, takes arguments by position or keyword, and has a
 * signature, a docstring, a name and a module. What a call passes is matched with a table
 * of parameters here; whatever does not match, and whatever is seldom asked for (the
 * signature, defaults, the words of a TypeError), is left to a Python function with the
 * same signature and an empty body, the prototype, which is made when first needed. */
#include "module/module.h"

#include <structmember.h>

struct function {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    const struct pc_function_def *def;
    struct pc_engine *engine; /* lives as long as `extension` */
    PyObject *extension;
    PyObject *module;    /* str: __module__ */
    PyObject *name;      /* str */
    PyObject *qualname;  /* str */
    PyObject *prototype; /* or NULL: not made yet */
    PyObject *weakrefs;
    PyObject *dict; /* attributes that callers set, or NULL */
    int positional; /* how many parameters can be given by position */
    int total;
    int rest; /* which parameter takes further keywords; -1 for none */
    bool present[PC_MAX_PARAMETERS];
    PyObject *parameter_names[PC_MAX_PARAMETERS]; /* interned */
    PyObject *defaults[PC_MAX_PARAMETERS];        /* NULL: required */
};

/* ---- the prototype ---- */

static const char *
default_text(enum pc_default value)
{
    switch (value) {
    case PC_NONE:
        return "=None";
    case PC_FALSE:
        return "=False";
    case PC_TRUE:
        return "=True";
    case PC_ZERO:
        return "=0";
    case PC_EMPTY:
        return "=''";
    case PC_INPUT:
        return "='<input>'";
    case PC_CONSOLE:
        return "='<console>'";
    case PC_SINGLE:
        return "='single'";
    case PC_REQUIRED:
    case PC_REST:
        break;
    }
    return "";
}

static PyObject *
prototype_source(const struct function *f)
{
    pc_auto_py PyObject *source = PyUnicode_FromFormat("def %U(", f->name);
    bool star = false;
    for (int i = 0; source != NULL && i < f->total; i++) {
        const struct pc_parameter *parameter = &f->def->parameters[i];
        if (!f->present[i]) {
            continue;
        }
        bool needs_star = parameter->keyword_only && !star;
        star = star || parameter->keyword_only;
        Py_SETREF(source, PyUnicode_FromFormat(
                              "%U%s%s%s%s, ", source, needs_star ? "*, " : "",
                              parameter->value == PC_REST ? "**" : "", parameter->name,
                              default_text(parameter->value)));
    }
    return source == NULL ? NULL : PyUnicode_FromFormat("%U): pass\n", source);
}

static int
name_prototype(const struct function *f, PyObject *prototype)
{
    if (PyObject_SetAttrString(prototype, "__qualname__", f->qualname) < 0 ||
        PyObject_SetAttrString(prototype, "__module__", f->module) < 0) {
        return -1;
    }
    pc_auto_py PyObject *doc = PyUnicode_FromString(f->def->doc);
    return doc == NULL ? -1 : PyObject_SetAttrString(prototype, "__doc__", doc);
}

/* Borrowed. */
static PyObject *
prototype_of(struct function *f)
{
    if (f->prototype != NULL) {
        return f->prototype;
    }
    pc_auto_py PyObject *source = prototype_source(f);
    const char *text = source == NULL ? NULL : PyUnicode_AsUTF8(source);
    pc_auto_py PyObject *namespace = text == NULL ? NULL : PyDict_New();
    if (namespace == NULL) {
        return NULL;
    }
    /* A trailing comma after **kwargs is no syntax, so it goes. */
    pc_auto_py PyObject *comma = PyUnicode_FromString(", )");
    pc_auto_py PyObject *closing = comma == NULL ? NULL : PyUnicode_FromString(")");
    pc_auto_py PyObject *clean =
        closing == NULL ? NULL : PyUnicode_Replace(source, comma, closing, 1);
    text = clean == NULL ? NULL : PyUnicode_AsUTF8(clean);
    if (text == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *ran = PyRun_String(text, Py_file_input, namespace, namespace);
    if (ran == NULL) {
        return NULL;
    }
    PyObject *prototype = PyDict_GetItemWithError(namespace, f->name);
    if (prototype == NULL || name_prototype(f, prototype) < 0) {
        return NULL;
    }
    f->prototype = Py_NewRef(prototype);
    return f->prototype;
}

/* ---- calls ---- */

/* The arguments do not fit: raises what a function in Python would. */
static PyObject *
refuse_arguments(struct function *f, PyObject *const *args, size_t nargsf,
                 PyObject *kwnames)
{
    PyObject *prototype = prototype_of(f);
    if (prototype == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *result = PyObject_Vectorcall(prototype, args, nargsf, kwnames);
    if (result != NULL) {
        PyErr_Format(PyExc_SystemError, "%U() refused arguments that fit", f->qualname);
    }
    return NULL;
}

/* Which parameter has this name: an index, or -1 for none, or -2 on error. */
static int
find_parameter(const struct function *f, PyObject *name)
{
    for (int i = 0; i < f->total; i++) {
        if (f->present[i] && f->parameter_names[i] == name && i != f->rest) {
            return i;
        }
    }
    for (int i = 0; i < f->total; i++) {
        if (!f->present[i] || i == f->rest) {
            continue;
        }
        int same = PyUnicode_Compare(f->parameter_names[i], name);
        if (same == -1 && PyErr_Occurred()) {
            return -2;
        }
        if (same == 0) {
            return i;
        }
    }
    return -1;
}

enum match { MATCH_ERROR = -1, MATCHED, NOT_MATCHED };

static enum match
match_keywords(const struct function *f, PyObject *const *values, PyObject *kwnames,
               PyObject **bound, PyObject **rest)
{
    Py_ssize_t count = PyTuple_GET_SIZE(kwnames);
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, k);
        int i = find_parameter(f, name);
        if (i == -2) {
            return MATCH_ERROR;
        }
        if (i < 0 && f->rest >= 0) {
            if (*rest == NULL && (*rest = PyDict_New()) == NULL) {
                return MATCH_ERROR;
            }
            if (PyDict_SetItem(*rest, name, values[k]) < 0) {
                return MATCH_ERROR;
            }
            continue;
        }
        if (i < 0 || bound[i] != NULL) {
            return NOT_MATCHED;
        }
        bound[i] = values[k];
    }
    return MATCHED;
}

/* Places by position: rows of the table that this version has, in order. */
static enum match
match_positions(const struct function *f, PyObject *const *args, Py_ssize_t count,
                PyObject **bound)
{
    if (count > f->positional) {
        return NOT_MATCHED;
    }
    int i = 0;
    for (Py_ssize_t k = 0; k < count; i++) {
        if (f->present[i]) {
            bound[i] = args[k++];
        }
    }
    return MATCHED;
}

static enum match
fill_defaults(const struct function *f, PyObject **bound)
{
    for (int i = 0; i < f->total; i++) {
        if (bound[i] != NULL || !f->present[i] || i == f->rest) {
            continue;
        }
        if (f->defaults[i] == NULL) {
            return NOT_MATCHED;
        }
        bound[i] = f->defaults[i];
    }
    return MATCHED;
}

static PyObject *
function_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                    PyObject *kwnames)
{
    struct function *f = (struct function *)self;
    Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    PyObject *bound[PC_MAX_PARAMETERS] = {NULL};
    pc_auto_py PyObject *rest = NULL;
    enum match match = match_positions(f, args, count, bound);
    if (match == MATCHED && kwnames != NULL) {
        match = match_keywords(f, args + count, kwnames, bound, &rest);
    }
    if (match == MATCHED) {
        match = fill_defaults(f, bound);
    }
    if (match != MATCHED) {
        return match == MATCH_ERROR ? NULL : refuse_arguments(f, args, nargsf, kwnames);
    }
    if (f->rest >= 0) {
        bound[f->rest] = rest;
    }
    if (Py_EnterRecursiveCall(" while calling a Python object")) {
        return NULL;
    }
    PyObject *result = f->def->implementation(f->engine, bound);
    Py_LeaveRecursiveCall();
    return result;
}

static PyObject *
function_descr_get(PyObject *self, PyObject *object, PyObject *Py_UNUSED(type))
{
    return object == NULL || object == Py_None ? Py_NewRef(self)
                                               : PyMethod_New(self, object);
}

/* ---- what it shows of itself ---- */

static PyObject *
function_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<function %U at %p>",
                                ((struct function *)self)->qualname, self);
}

static PyObject *
function_doc(PyObject *self, void *Py_UNUSED(closure))
{
    return PyUnicode_FromString(((struct function *)self)->def->doc);
}

static PyObject *
function_signature(PyObject *self, void *Py_UNUSED(closure))
{
    PyObject *prototype = prototype_of((struct function *)self);
    if (prototype == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *inspect = PyImport_ImportModule("inspect");
    return inspect == NULL ? NULL
                           : PyObject_CallMethod(inspect, "signature", "O", prototype);
}

/* Attributes that the prototype has: __defaults__, __kwdefaults__, __annotations__. */
static PyObject *
function_from_prototype(PyObject *self, void *closure)
{
    PyObject *prototype = prototype_of((struct function *)self);
    return prototype == NULL ? NULL : PyObject_GetAttrString(prototype, closure);
}

/* Pickled and copied by name, as functions are. */
static PyObject *
function_reduce(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(((struct function *)self)->qualname);
}

static PyGetSetDef function_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {"__doc__", function_doc, NULL, NULL, NULL},
    {"__signature__", function_signature, NULL, NULL, NULL},
    {"__defaults__", function_from_prototype, NULL, NULL, "__defaults__"},
    {"__kwdefaults__", function_from_prototype, NULL, NULL, "__kwdefaults__"},
    {"__annotations__", function_from_prototype, NULL, NULL, "__annotations__"},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef function_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(struct function, vectorcall),
     READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct function, weakrefs), READONLY,
     NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(struct function, dict), READONLY, NULL},
    {"__module__", T_OBJECT, offsetof(struct function, module), READONLY, NULL},
    {"__name__", T_OBJECT, offsetof(struct function, name), READONLY, NULL},
    {"__qualname__", T_OBJECT, offsetof(struct function, qualname), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyMethodDef function_methods[] = {
    {"__reduce__", function_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* ---- life and death ---- */

static int
function_traverse(PyObject *self, visitproc visit, void *arg)
{
    struct function *f = (struct function *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(f->extension);
    Py_VISIT(f->prototype);
    Py_VISIT(f->dict);
    return 0;
}

static int
function_clear(PyObject *self)
{
    Py_CLEAR(((struct function *)self)->prototype);
    Py_CLEAR(((struct function *)self)->dict);
    return 0;
}

static void
function_dealloc(PyObject *self)
{
    struct function *f = (struct function *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (f->weakrefs != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    (void)function_clear(self);
    for (int i = 0; i < PC_MAX_PARAMETERS; i++) {
        Py_CLEAR(f->parameter_names[i]);
        Py_CLEAR(f->defaults[i]);
    }
    Py_CLEAR(f->module);
    Py_CLEAR(f->name);
    Py_CLEAR(f->qualname);
    Py_CLEAR(f->extension);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot function_slots[] = {
    {Py_tp_dealloc, (void *)function_dealloc},
    {Py_tp_traverse, (void *)function_traverse},
    {Py_tp_clear, (void *)function_clear},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_repr, (void *)function_repr},
    {Py_tp_descr_get, (void *)function_descr_get},
    {Py_tp_getset, function_getset},
    {Py_tp_members, function_members},
    {Py_tp_methods, function_methods},
    {0, NULL},
};

static PyType_Spec function_spec = {
    .name = "pyconsole._pyconsole.function",
    .basicsize = sizeof(struct function),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL |
             Py_TPFLAGS_METHOD_DESCRIPTOR | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = function_slots,
};

PyObject *
pc_function_type_new(PyObject *extension)
{
    return PyType_FromModuleAndSpec(extension, &function_spec, NULL);
}

static PyObject *
default_value(enum pc_default value)
{
    switch (value) {
    case PC_NONE:
        return Py_NewRef(Py_None);
    case PC_FALSE:
        return Py_NewRef(Py_False);
    case PC_TRUE:
        return Py_NewRef(Py_True);
    case PC_ZERO:
        return PyLong_FromLong(0);
    case PC_EMPTY:
        return PyUnicode_InternFromString("");
    case PC_INPUT:
        return PyUnicode_InternFromString("<input>");
    case PC_CONSOLE:
        return PyUnicode_InternFromString("<console>");
    case PC_SINGLE:
        return PyUnicode_InternFromString("single");
    case PC_REQUIRED:
    case PC_REST:
        break;
    }
    return NULL;
}

static int
describe_parameters(struct function *f)
{
    f->rest = -1;
    for (const struct pc_parameter *p = f->def->parameters; p->name != NULL; p++) {
        int i = f->total++;
        f->present[i] = Py_Version >= p->since;
        f->parameter_names[i] = PyUnicode_InternFromString(p->name);
        f->defaults[i] = default_value(p->value);
        if (f->parameter_names[i] == NULL ||
            (f->defaults[i] == NULL && PyErr_Occurred())) {
            return -1;
        }
        if (!f->present[i]) {
            continue;
        }
        if (p->value == PC_REST) {
            f->rest = i;
        }
        else if (!p->keyword_only) {
            f->positional++;
        }
    }
    return 0;
}

PyObject *
pc_function_new(PyObject *extension, const struct pc_function_def *def,
                const char *module, const char *qualname)
{
    struct pc_module *state = PyModule_GetState(extension);
    PyTypeObject *type = (PyTypeObject *)state->function_type;
    pc_auto_py PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    struct function *f = (struct function *)self;
    f->vectorcall = function_vectorcall;
    f->def = def;
    f->engine = &state->engine;
    f->extension = Py_NewRef(extension);
    f->module = PyUnicode_InternFromString(module);
    f->name = PyUnicode_InternFromString(def->name);
    f->qualname = PyUnicode_InternFromString(qualname);
    if (f->module == NULL || f->name == NULL || f->qualname == NULL ||
        describe_parameters(f) < 0) {
        return NULL;
    }
    return pc_take(&self);
}

/* ---- classes ---- */

static int
add_method(PyObject *extension, PyObject *namespace, const char *module,
           const char *class_name, const struct pc_function_def *def)
{
    char qualname[96];
    int length = snprintf(qualname, sizeof qualname, "%s.%s", class_name, def->name);
    if (length < 0 || (size_t)length >= sizeof qualname) {
        PyErr_SetString(PyExc_SystemError, "the name of a method is too long");
        return -1;
    }
    pc_auto_py PyObject *function = pc_function_new(extension, def, module, qualname);
    return function == NULL ? -1 : PyDict_SetItemString(namespace, def->name, function);
}

PyObject *
pc_class_new(PyObject *extension, const char *module, const char *name, const char *doc,
             PyObject *base, const struct pc_function_def *methods)
{
    pc_auto_py PyObject *namespace =
        Py_BuildValue("{s:s,s:s}", "__module__", module, "__doc__", doc);
    if (namespace == NULL) {
        return NULL;
    }
    for (const struct pc_function_def *def = methods; def->name != NULL; def++) {
        if (Py_Version >= def->since &&
            add_method(extension, namespace, module, name, def) < 0) {
            return NULL;
        }
    }
    pc_auto_py PyObject *bases = base == NULL ? PyTuple_New(0) : PyTuple_Pack(1, base);
    if (bases == NULL) {
        return NULL;
    }
    return PyObject_CallFunction((PyObject *)&PyType_Type, "sOO", name, bases,
                                 namespace);
}
