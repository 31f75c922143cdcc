/* Objects as they are; see safe.h. Dicts are gone through and not asked, because a key
 * whose class has an __eq__ would be called by a lookup. */
#include "engine/safe.h"

#include <string.h>
#include <structmember.h>

#include "engine/signature.h"

/* ---- dicts */

static bool
is_same(PyObject *key, PyObject *name)
{
    return key == name ||
           (PyUnicode_CheckExact(key) && PyUnicode_Compare(key, name) == 0);
}

PyObject *
pc_safe_get(PyObject *dict, PyObject *name)
{
    PyObject *key = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    while (dict != NULL && PyDict_Next(dict, &at, &key, &value)) {
        if (is_same(key, name)) {
            return value;
        }
    }
    return NULL;
}

PyObject *
pc_safe_module(PyObject *name)
{
    PyObject *modules = PyImport_GetModuleDict();
    return name == NULL || modules == NULL || !PyDict_Check(modules)
               ? NULL
               : pc_safe_get(modules, name);
}

/* With the dict that a namespace calls its __builtins__, or whose module it does. */
struct pc_scope
pc_scope_of(PyObject *locals, PyObject *globals, PyObject *builtins)
{
    struct pc_scope scope = {locals, globals, builtins, false};
    pc_auto_py PyObject *name = PyUnicode_InternFromString("__builtins__");
    PyObject *own = name == NULL ? NULL : pc_safe_get(globals, name);
    PyErr_Clear();
    if (own != NULL && PyModule_Check(own)) {
        own = PyModule_GetDict(own);
    }
    if (own != NULL && PyDict_Check(own)) {
        scope.builtins = own;
    }
    return scope;
}

PyObject *
pc_safe_name(const struct pc_scope *scope, PyObject *name)
{
    enum { SCOPES = 3 };
    PyObject *const dicts[SCOPES] = {scope->locals, scope->globals, scope->builtins};
    for (size_t i = 0; i < SCOPES; i++) {
        PyObject *value = pc_safe_get(dicts[i], name);
        if (value != NULL) {
            return Py_NewRef(value);
        }
    }
    return NULL;
}

PyObject *
pc_safe_type_dict(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyType_GetDict(type);
#else
    return Py_XNewRef(type->tp_dict);
#endif
}

PyObject *
pc_safe_dict(PyObject *object)
{
    if (PyType_Check(object)) {
        return pc_safe_type_dict((PyTypeObject *)object);
    }
    if (PyModule_Check(object)) {
        return Py_XNewRef(PyModule_GetDict(object));
    }
    PyObject *dict = PyObject_GenericGetDict(object, NULL);
    PyErr_Clear();
    if (dict != NULL && !PyDict_Check(dict)) {
        Py_CLEAR(dict);
    }
    return dict;
}

PyObject *
pc_safe_type_get(PyTypeObject *type, PyObject *name)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); i++) {
        pc_auto_py PyObject *dict =
            pc_safe_type_dict((PyTypeObject *)PyTuple_GET_ITEM(mro, i));
        PyObject *value = pc_safe_get(dict, name);
        if (value != NULL) {
            return Py_NewRef(value);
        }
    }
    return NULL;
}

/* ---- descriptors */

/* Of a classmethod or staticmethod: what it wraps (new). */
static PyObject *
unwrap(PyObject *method)
{
    pc_auto_py PyObject *name = PyUnicode_InternFromString("__func__");
    PyObject *function = name == NULL ? NULL : PyObject_GenericGetAttr(method, name);
    PyErr_Clear();
    return function;
}

static bool
is_wrapper(PyObject *value)
{
    return Py_IS_TYPE(value, &PyClassMethod_Type) ||
           Py_IS_TYPE(value, &PyStaticMethod_Type);
}

/* Methods of builtin types, as their types have them. */
static bool
is_method_in_c(PyObject *value)
{
    return Py_IS_TYPE(value, &PyMethodDescr_Type) ||
           Py_IS_TYPE(value, &PyClassMethodDescr_Type) ||
           Py_IS_TYPE(value, &PyWrapperDescr_Type);
}

/* Descriptors whose __get__ does nothing but bind: those, functions, and what says of its
 * type in C that it binds as they do (functools.cache); no class in Python can. */
static bool
is_binding(PyObject *value)
{
    return is_method_in_c(value) ||
           PyType_HasFeature(Py_TYPE(value), Py_TPFLAGS_METHOD_DESCRIPTOR);
}

/* Members in C structs and slots are read, and the parts of numbers. A member that audit
 * hooks are told of (Py_AUDIT_READ) is not: they are Python code. */
static bool
is_readable(PyObject *value)
{
    enum { AUDIT_READ = 2 };
    if (Py_IS_TYPE(value, &PyMemberDescr_Type)) {
        return !(((PyMemberDescrObject *)value)->d_member->flags & AUDIT_READ);
    }
    return Py_IS_TYPE(value, &PyGetSetDescr_Type) &&
           (PyDescr_TYPE(value) == &PyLong_Type ||
            PyDescr_TYPE(value) == &PyFloat_Type);
}

/* What getting `value`, found in the type of `object`, gives (new); NULL: not known. For
 * a type's own attributes `object` is NULL. */
static PyObject *
bind(PyObject *value, PyObject *object, PyTypeObject *type)
{
    pc_auto_py PyObject *result = NULL;
    if (is_wrapper(value)) {
        pc_auto_py PyObject *function = unwrap(value);
        if (Py_IS_TYPE(value, &PyStaticMethod_Type)) {
            result = Py_XNewRef(function);
        }
        else if (function != NULL && PyFunction_Check(function)) {
            result = PyMethod_New(function, (PyObject *)type);
        }
    }
    else if (object != NULL && (is_binding(value) || is_readable(value))) {
        result = Py_TYPE(value)->tp_descr_get(value, object, (PyObject *)type);
    }
    else if (Py_IS_TYPE(value, &PyClassMethodDescr_Type)) {
        result = Py_TYPE(value)->tp_descr_get(value, NULL, (PyObject *)type);
    }
    else if (Py_TYPE(value)->tp_descr_get == NULL || is_binding(value) ||
             Py_IS_TYPE(value, &PyProperty_Type)) {
        bool computed = object != NULL && Py_IS_TYPE(value, &PyProperty_Type);
        result = computed ? NULL : Py_NewRef(value);
    }
    PyErr_Clear();
    return pc_take(&result);
}

static PyObject *
attribute_of_type(PyTypeObject *type, PyObject *name)
{
    pc_auto_py PyObject *value = pc_safe_type_get(type, name);
    return value == NULL ? NULL : bind(value, NULL, type);
}

PyObject *
pc_safe_attribute(PyObject *object, PyObject *name)
{
    if (PyType_Check(object)) {
        return attribute_of_type((PyTypeObject *)object, name);
    }
    pc_auto_py PyObject *value = pc_safe_type_get(Py_TYPE(object), name);
    bool data = value != NULL && Py_TYPE(value)->tp_descr_set != NULL;
    pc_auto_py PyObject *dict = data ? NULL : pc_safe_dict(object);
    PyObject *own = pc_safe_get(dict, name);
    if (own != NULL) {
        return Py_NewRef(own);
    }
    return value == NULL ? NULL : bind(value, object, Py_TYPE(object));
}

void
pc_safe_forget_error(void)
{
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_Clear();
    }
}

/* ---- what a value is */

enum pyconsole_candidate_kind
pc_safe_kind(PyObject *value, bool from_type)
{
    if (PyType_Check(value)) {
        return PYCONSOLE_CANDIDATE_CLASS;
    }
    if (PyModule_Check(value)) {
        return PYCONSOLE_CANDIDATE_MODULE;
    }
    if (from_type &&
        (is_binding(value) || is_wrapper(value) || PyCFunction_Check(value))) {
        return PYCONSOLE_CANDIDATE_METHOD;
    }
    if (PyMethod_Check(value) || is_method_in_c(value)) {
        return PYCONSOLE_CANDIDATE_METHOD;
    }
    if (PyCFunction_Check(value) || is_binding(value) || is_wrapper(value)) {
        return PYCONSOLE_CANDIDATE_FUNCTION;
    }
    return from_type && Py_TYPE(value)->tp_descr_get != NULL
               ? PYCONSOLE_CANDIDATE_PROPERTY
               : PYCONSOLE_CANDIDATE_VARIABLE;
}

const char *
pc_safe_type_name(PyObject *object)
{
    const char *name = Py_TYPE(object)->tp_name;
    const char *dot = strrchr(name, '.');
    return dot == NULL ? name : dot + 1;
}

/* ---- documentation */

/* Behind the signature that a docstring in C may begin with, as
 * _PyType_GetDocFromInternalDoc (Objects/typeobject.c) finds its end. */
const char *
pc_skip_signature(const char *doc)
{
    static const char marker[] = ")\n--\n\n";
    const char *end = strstr(doc, marker);
    const char *blank = strstr(doc, "\n\n");
    return end != NULL && blank >= end ? end + sizeof marker - 1 : doc;
}

/* What a builtin type, function or descriptor has in C. */
const char *
pc_doc_in_c(PyObject *value)
{
    if (PyType_Check(value)) {
        return ((PyTypeObject *)value)->tp_doc;
    }
    if (PyCFunction_Check(value)) {
        return ((PyCFunctionObject *)value)->m_ml->ml_doc;
    }
    if (Py_IS_TYPE(value, &PyMethodDescr_Type) ||
        Py_IS_TYPE(value, &PyClassMethodDescr_Type)) {
        return ((PyMethodDescrObject *)value)->d_method->ml_doc;
    }
    if (Py_IS_TYPE(value, &PyWrapperDescr_Type)) {
        return ((PyWrapperDescrObject *)value)->d_base->doc;
    }
    if (Py_IS_TYPE(value, &PyGetSetDescr_Type)) {
        return ((PyGetSetDescrObject *)value)->d_getset->doc;
    }
    if (Py_IS_TYPE(value, &PyMemberDescr_Type)) {
        return ((PyMemberDescrObject *)value)->d_member->doc;
    }
    return NULL;
}

/* The str that Python code gave it (new), or NULL. */
static PyObject *
doc_in_python(PyObject *value)
{
    pc_auto_py PyObject *name = PyUnicode_InternFromString("__doc__");
    PyObject *doc = NULL;
    if (name == NULL) {
        return NULL;
    }
    if (PyFunction_Check(value)) {
        doc = Py_XNewRef(((PyFunctionObject *)value)->func_doc);
    }
    else if (PyType_Check(value) || PyModule_Check(value) || is_binding(value)) {
        pc_auto_py PyObject *dict = pc_safe_dict(value);
        doc = Py_XNewRef(pc_safe_get(dict, name));
    }
    else if (Py_IS_TYPE(value, &PyProperty_Type)) {
        doc = PyObject_GenericGetAttr(value, name); /* a member of its struct */
    }
    return doc;
}

PyObject *
pc_safe_doc(PyObject *value)
{
    if (PyMethod_Check(value)) {
        return pc_safe_doc(PyMethod_GET_FUNCTION(value));
    }
    if (is_wrapper(value)) {
        pc_auto_py PyObject *function = unwrap(value);
        return function == NULL || is_wrapper(function) ? NULL : pc_safe_doc(function);
    }
    PyObject *doc = doc_in_python(value);
    const char *in_c =
        doc != NULL && PyUnicode_CheckExact(doc) ? NULL : pc_doc_in_c(value);
    if (in_c != NULL) {
        Py_XSETREF(doc, PyUnicode_FromString(pc_skip_signature(in_c)));
    }
    PyErr_Clear();
    if (doc != NULL && !PyUnicode_CheckExact(doc)) {
        Py_CLEAR(doc);
    }
    return doc;
}
