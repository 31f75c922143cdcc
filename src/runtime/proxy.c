/* What stands in the sys dict for sys.stdin, stdout and stderr while there are shared
 * sessions: it passes everything on to the stream of the code that runs. It has no step in
 * Python, for input() drops whatever its calls of flush() and fileno() raise, and an
 * interrupt with it. */
#include "runtime/body.h"

struct proxy {
    PyObject_HEAD
    /* owned */
    PyObject *name;
    PyObject *variable; /* the context variable: a session, or None */
    PyObject *local;    /* the threading.local: its attribute `session` */
    PyObject *host;     /* the dict of what the host has */
    PyObject *nothing;  /* for a host that has None */
};

/* The attributes of the session if it is open: a new reference; NULL, without an
 * exception, if not. */
static PyObject *
attributes_of(PyObject *session)
{
    if (session == NULL || session == Py_None) {
        return NULL;
    }
    pc_auto_py PyObject *open = PyObject_GetAttrString(session, "is_open");
    return open == Py_True ? PyObject_GetAttrString(session, "attributes") : NULL;
}

/* As current() in shared.py. */
static PyObject *
current_attributes(const struct proxy *proxy)
{
    pc_auto_py PyObject *session = NULL;
    if (PyContextVar_Get(proxy->variable, NULL, &session) < 0) {
        PyErr_Clear();
    }
    if (session == NULL || session == Py_None) {
        Py_XSETREF(session, PyObject_GetAttrString(proxy->local, "session"));
        PyErr_Clear();
    }
    PyObject *attributes = attributes_of(session);
    PyErr_Clear();
    return attributes == NULL ? Py_NewRef(proxy->host) : attributes;
}

/* A new reference. */
static PyObject *
target_of(PyObject *self)
{
    struct proxy *proxy = (struct proxy *)self;
    pc_auto_py PyObject *attributes = current_attributes(proxy);
    PyObject *target = PyDict_GetItemWithError(attributes, proxy->name);
    return PyErr_Occurred()
               ? NULL
               : Py_NewRef(target == NULL || target == Py_None ? proxy->nothing
                                                               : target);
}

static PyObject *
get_attribute(PyObject *self, PyObject *name)
{
    pc_auto_py PyObject *target = target_of(self);
    return target == NULL ? NULL : PyObject_GetAttr(target, name);
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    pc_auto_py PyObject *target = target_of(self);
    return target == NULL ? -1 : PyObject_SetAttr(target, name, value);
}

static PyObject *
represent(PyObject *self)
{
    pc_auto_py PyObject *target = target_of(self);
    return target == NULL ? NULL : PyObject_Repr(target);
}

static PyObject *
iterate(PyObject *self)
{
    pc_auto_py PyObject *target = target_of(self);
    return target == NULL ? NULL : PyObject_GetIter(target);
}

static void
dealloc(PyObject *self)
{
    struct proxy *proxy = (struct proxy *)self;
    PyTypeObject *type = Py_TYPE(self);
    Py_CLEAR(proxy->name);
    Py_CLEAR(proxy->variable);
    Py_CLEAR(proxy->local);
    Py_CLEAR(proxy->host);
    Py_CLEAR(proxy->nothing);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot proxy_slots[] = {
    {Py_tp_dealloc, (void *)dealloc},        {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_setattro, (void *)set_attribute}, {Py_tp_repr, (void *)represent},
    {Py_tp_iter, (void *)iterate},           {0, NULL},
};

static PyType_Spec proxy_spec = {
    .name = "pyconsole.shared.Stream",
    .basicsize = sizeof(struct proxy),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = proxy_slots,
};

PyObject *
pc_proxy_new(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *parts[5];
    if (!PyArg_ParseTuple(args, "OOOOO:proxy", &parts[0], &parts[1], &parts[2],
                          &parts[3], &parts[4])) {
        return NULL;
    }
    pc_auto_py PyObject *type = PyType_FromSpec(&proxy_spec);
    PyObject *self = type == NULL ? NULL : PyType_GenericAlloc((PyTypeObject *)type, 0);
    if (self != NULL) {
        struct proxy *proxy = (struct proxy *)self;
        proxy->name = Py_NewRef(parts[0]);
        proxy->variable = Py_NewRef(parts[1]);
        proxy->local = Py_NewRef(parts[2]);
        proxy->host = Py_NewRef(parts[3]);
        proxy->nothing = Py_NewRef(parts[4]);
    }
    return self;
}
