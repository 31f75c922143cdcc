/* Parameters; see signature.h. */
#include "engine/signature.h"

#include <string.h>

/* Our own: how many wrappers are looked behind (__wrapped__, methods, partial classes), and
 * how long a value may be when it is shown. */
enum { WRAPPERS_MOST = 10, REPR_MOST = 60 };

void
pc_signature_fini(struct pc_signature *signature)
{
    while (signature->count > 0) {
        struct pc_parameter *parameter = &signature->items[--signature->count];
        Py_CLEAR(parameter->name);
        Py_CLEAR(parameter->value);
    }
}

/* Steals `name` and `value`, which may be NULL. False: no room, or no name. */
static bool
add(struct pc_signature *s, PyObject *name, enum pc_parameter_kind kind,
    PyObject *value)
{
    bool fits = name != NULL && s->count < PC_PARAMETERS_MOST;
    if (fits) {
        s->items[s->count++] =
            (struct pc_parameter){.name = name, .value = value, .kind = kind};
        return true;
    }
    Py_XDECREF(name);
    Py_XDECREF(value);
    return false;
}

/* ---- values as text */

static bool
has_plain_repr(PyObject *value)
{
    enum { PLAIN = 6 };
    PyTypeObject *const plain[PLAIN] = {&PyLong_Type,     &PyFloat_Type,
                                        &PyComplex_Type,  &PyBool_Type,
                                        Py_TYPE(Py_None), Py_TYPE(Py_Ellipsis)};
    for (size_t i = 0; i < PLAIN; i++) {
        if (Py_IS_TYPE(value, plain[i])) {
            return true;
        }
    }
    return (PyUnicode_CheckExact(value) && PyUnicode_GET_LENGTH(value) <= REPR_MOST) ||
           (PyBytes_CheckExact(value) && PyBytes_GET_SIZE(value) <= REPR_MOST);
}

/* A container is small if it has nothing but plain values, and few. */
static bool
has_plain_items(PyObject *value)
{
    Py_ssize_t len = 0;
    if (PyTuple_CheckExact(value) || PyList_CheckExact(value)) {
        len = PySequence_Fast_GET_SIZE(value);
        for (Py_ssize_t i = 0; i < len && i < REPR_MOST; i++) {
            if (!has_plain_repr(PySequence_Fast_GET_ITEM(value, i))) {
                return false;
            }
        }
        return len < REPR_MOST / 3;
    }
    PyObject *key = NULL;
    PyObject *item = NULL;
    while (PyDict_CheckExact(value) && PyDict_Next(value, &len, &key, &item)) {
        if (!has_plain_repr(key) || !has_plain_repr(item)) {
            return false;
        }
    }
    return PyDict_CheckExact(value) && PyDict_GET_SIZE(value) < REPR_MOST / 6;
}

PyObject *
pc_safe_repr(PyObject *value)
{
    PyObject *text = NULL;
    int huge = 0;
    if (PyLong_CheckExact(value)) {
        (void)PyLong_AsLongLongAndOverflow(value, &huge);
    }
    if (huge == 0 && (has_plain_repr(value) || has_plain_items(value))) {
        text = PyObject_Repr(value);
    }
    PyErr_Clear();
    return text;
}

/* A function or class by its name, anything else by its type. */
static PyObject *
show_default(PyObject *value)
{
    PyObject *text = pc_safe_repr(value);
    if (text == NULL && PyType_Check(value)) {
        const char *name = ((PyTypeObject *)value)->tp_name;
        const char *dot = strrchr(name, '.');
        return PyUnicode_FromString(dot == NULL ? name : dot + 1);
    }
    return text != NULL ? text : PyUnicode_FromFormat("<%s>", pc_safe_type_name(value));
}

/* ---- functions */

static PyObject *
default_of(PyFunctionObject *function, PyObject *name, Py_ssize_t index,
           Py_ssize_t positional)
{
    PyObject *defaults = function->func_defaults;
    PyObject *value = NULL;
    if (index >= positional) {
        PyObject *keywords = function->func_kwdefaults;
        value = keywords == NULL || !PyDict_Check(keywords)
                    ? NULL
                    : pc_safe_get(keywords, name);
    }
    else if (defaults != NULL && PyTuple_Check(defaults)) {
        Py_ssize_t at = index - (positional - PyTuple_GET_SIZE(defaults));
        value = at < 0 ? NULL : PyTuple_GET_ITEM(defaults, at);
    }
    return value == NULL ? NULL : show_default(value);
}

static bool
add_of_code(struct pc_signature *s, PyObject *names, Py_ssize_t index,
            enum pc_parameter_kind kind, PyObject *value)
{
    return add(s, Py_NewRef(PyTuple_GET_ITEM(names, index)), kind, value);
}

/* Without the first `skip`, which are given already; a *args that took them has room for
 * more. */
static bool
read_function(struct pc_signature *s, PyObject *callable, Py_ssize_t skip)
{
    PyFunctionObject *function = (PyFunctionObject *)callable;
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    pc_auto_py PyObject *names = PyCode_GetVarnames(code);
    Py_ssize_t positional = code->co_argcount;
    Py_ssize_t named = positional + code->co_kwonlyargcount;
    bool star = code->co_flags & CO_VARARGS;
    bool known = names != NULL;
    for (Py_ssize_t i = 0; known && i <= named; i++) {
        if (i == positional && star) {
            known = add_of_code(s, names, named, PC_VAR_POSITIONAL, NULL);
        }
        if (i < named && i >= Py_MIN(skip, positional) && known) {
            known = add_of_code(
                s, names, i,
                i < code->co_posonlyargcount ? PC_POSITIONAL_ONLY
                : i < positional             ? PC_POSITIONAL_OR_KEYWORD
                                             : PC_KEYWORD_ONLY,
                default_of(function, PyTuple_GET_ITEM(names, i), i, positional));
        }
    }
    if (known && code->co_flags & CO_VARKEYWORDS) {
        known = add_of_code(s, names, named + star, PC_VAR_KEYWORD, NULL);
    }
    return known;
}

/* ---- signatures in C */

/* The end of the parameter that begins here: its comma or the closing bracket. */
static const char *
parameter_end(const char *text)
{
    int depth = 0;
    char quote = 0;
    for (; *text != '\0'; text++) {
        if (quote != 0) {
            if (*text == quote) {
                quote = 0;
            }
        }
        else if (*text == '\'' || *text == '"') {
            quote = *text;
        }
        else if (depth == 0 && (*text == ',' || *text == ')')) {
            return text;
        }
        else {
            depth += (strchr("([{", *text) != NULL) - (strchr(")]}", *text) != NULL);
        }
    }
    return text;
}

/* "/": those before are positional only. */
static void
close_positional(struct pc_signature *s)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->items[i].kind == PC_POSITIONAL_OR_KEYWORD) {
            s->items[i].kind = PC_POSITIONAL_ONLY;
        }
    }
}

/* One parameter between two commas: "/", "*", "*args", "name", "name=value". */
static bool
read_parameter(struct pc_signature *s, const char *text, size_t len,
               enum pc_parameter_kind *kind)
{
    enum pc_parameter_kind own = *kind;
    if (len == 0 || text[0] == '/') {
        if (len > 0 && text[0] == '/') {
            close_positional(s);
        }
        return true;
    }
    if (text[0] == '*') {
        size_t stars = len > 1 && text[1] == '*' ? 2 : 1;
        own = stars == 2 ? PC_VAR_KEYWORD : PC_VAR_POSITIONAL;
        *kind = PC_KEYWORD_ONLY;
        if (len == stars) {
            return true;
        }
        text += stars;
        len -= stars;
    }
    const char *equal = memchr(text, '=', len);
    size_t name_len = equal == NULL ? len : (size_t)(equal - text);
    PyObject *name = PyUnicode_FromStringAndSize(text, (Py_ssize_t)name_len);
    PyObject *value =
        equal == NULL
            ? NULL
            : PyUnicode_FromStringAndSize(equal + 1, (Py_ssize_t)(len - name_len - 1));
    return add(s, name, own, value);
}

/* "$self" is given already where the callable is bound. */
static bool
read_doc(struct pc_signature *s, const char *doc, bool bound)
{
    const char *text = doc == NULL ? NULL : strchr(doc, '(');
    enum pc_parameter_kind kind = PC_POSITIONAL_OR_KEYWORD;
    if (text == NULL || pc_skip_signature(doc) == doc) {
        return false;
    }
    bool known = true;
    do {
        text++;
        text += strspn(text, " \n");
        const char *end = parameter_end(text);
        if (*text != '$') {
            known = read_parameter(s, text, (size_t)(end - text), &kind);
        }
        else if (!bound) {
            known = add(s, PyUnicode_FromStringAndSize(text + 1, end - text - 1),
                        PC_POSITIONAL_ONLY, NULL);
        }
        text = end;
    } while (known && *text == ',');
    return known && *text == ')';
}

/* ---- whatever can be called */

static PyObject *
look_up(PyTypeObject *type, const char *text)
{
    pc_auto_py PyObject *name = PyUnicode_FromString(text);
    return name == NULL ? NULL : pc_safe_type_get(type, name);
}

/* The function that a callable wraps in the end (functools.wraps, functools.cache), or the
 * callable itself (new). */
static PyObject *
unwrap(PyObject *callable)
{
    pc_auto_py PyObject *name = PyUnicode_FromString("__wrapped__");
    pc_auto_py PyObject *at = Py_NewRef(callable);
    PyObject *function = Py_NewRef(callable);
    for (int i = 0; name != NULL && i < WRAPPERS_MOST && !PyType_Check(at); i++) {
        pc_auto_py PyObject *dict = pc_safe_dict(at);
        PyObject *wrapped = pc_safe_get(dict, name);
        if (wrapped == NULL) {
            break;
        }
        Py_SETREF(at, Py_NewRef(wrapped));
        if (PyFunction_Check(at)) {
            Py_SETREF(function, Py_NewRef(at));
        }
    }
    return function;
}

static bool
read_method(struct pc_signature *s, PyObject *method, Py_ssize_t skip)
{
    pc_auto_py PyObject *function = unwrap(method);
    return PyFunction_Check(function) && read_function(s, function, skip);
}

/* As inspect does: a metaclass that has a __call__ is not known; the first of __new__ and
 * __init__ that Python code has; else what stands in C. */
static bool
read_class(struct pc_signature *s, PyTypeObject *type)
{
    pc_auto_py PyObject *called = look_up(Py_TYPE(type), "__call__");
    if (called != NULL && PyFunction_Check(called)) {
        return false;
    }
    pc_auto_py PyObject *made = look_up(type, "__new__");
    pc_auto_py PyObject *begun = look_up(type, "__init__");
    if (begun != NULL && PyFunction_Check(begun)) {
        return read_method(s, begun, 1);
    }
    if (made != NULL && Py_IS_TYPE(made, &PyStaticMethod_Type)) {
        pc_auto_py PyObject *name = PyUnicode_FromString("__new__");
        pc_auto_py PyObject *function =
            name == NULL ? NULL : pc_safe_attribute((PyObject *)type, name);
        return function != NULL && PyFunction_Check(function) &&
               read_method(s, function, 1);
    }
    return read_doc(s, type->tp_doc, true);
}

static bool
read_callable(struct pc_signature *s, PyObject *callable)
{
    if (PyMethod_Check(callable)) {
        return read_method(s, PyMethod_GET_FUNCTION(callable), 1);
    }
    if (PyType_Check(callable)) {
        return read_class(s, (PyTypeObject *)callable);
    }
    pc_auto_py PyObject *function = unwrap(callable);
    if (PyFunction_Check(function)) {
        return read_function(s, function, 0);
    }
    if (pc_doc_in_c(callable) != NULL) {
        return read_doc(s, pc_doc_in_c(callable), PyCFunction_Check(callable));
    }
    pc_auto_py PyObject *called = look_up(Py_TYPE(callable), "__call__");
    return called != NULL && PyFunction_Check(called) && read_method(s, called, 1);
}

bool
pc_signature_of(struct pc_signature *signature, PyObject *callable)
{
    bool known = read_callable(signature, callable);
    PyErr_Clear();
    return known;
}
