/* The extension `_session`: a handle of <pyconsole/session.h> as a Python object, of which
 * pyconsole/session.py makes what people use. The GIL is released while a call may wait. */
#include "module/shared.h"

#include <pyconsole/session.h>

#include "runtime/assist.h"

struct state {
    PyTypeObject *handle_type;
    PyTypeObject *event_type;
};

struct handle {
    PyObject_HEAD
    pyconsole_session *session; /* owned; NULL when freed */
    unsigned int calls;         /* that are under way without the GIL */
    bool closed;                /* the last of them frees the session */
};

static struct state *
state_of(PyTypeObject *type)
{
    return PyType_GetModuleState(type);
}

static PyObject *
raise_status(int status, const char *message)
{
    PyObject *type = status == PYCONSOLE_EINVAL || status == PYCONSOLE_ELIMIT
                         ? PyExc_ValueError
                     : status == PYCONSOLE_ENOMEM ? PyExc_MemoryError
                     : status == PYCONSOLE_ECLOSED || status == PYCONSOLE_EEOF
                         ? PyExc_BrokenPipeError
                         : PyExc_OSError;
    PyErr_SetString(type, message != NULL && message[0] != '\0'
                              ? message
                              : pyconsole_status_text(status));
    return NULL;
}

/* Of a call on a session, which says why. */
static PyObject *
raise_refusal(pyconsole_session *session, int status)
{
    pyconsole_error error = {0};
    (void)pyconsole_session_error(session, &error);
    return raise_status(status, error.status == status ? error.message : NULL);
}

static pyconsole_session *
session_of(PyObject *self)
{
    struct handle *handle = (struct handle *)self;
    if (handle->closed) {
        PyErr_SetString(PyExc_ValueError, "the session is closed");
    }
    return handle->closed ? NULL : handle->session;
}

static void
free_session(PyObject *self)
{
    struct handle *handle = (struct handle *)self;
    pyconsole_session *session = handle->session;
    handle->session = NULL;
    Py_BEGIN_ALLOW_THREADS
    pyconsole_session_free(session);
    Py_END_ALLOW_THREADS
}

/* Of a call that gives the GIL back: another thread may free the session meanwhile. */
static pyconsole_session *
begin_call(PyObject *self)
{
    pyconsole_session *session = session_of(self);
    ((struct handle *)self)->calls += session != NULL;
    return session;
}

static void
end_call(PyObject *self)
{
    struct handle *handle = (struct handle *)self;
    handle->calls--;
    if (handle->closed && handle->calls == 0) {
        free_session(self);
    }
}

static PyObject *
handle_of(PyTypeObject *type, pyconsole_session *session)
{
    struct handle *handle = PyObject_New(struct handle, type);
    if (handle == NULL) {
        pyconsole_session_free(session);
        return NULL;
    }
    handle->session = session;
    handle->calls = 0;
    handle->closed = false;
    return (PyObject *)handle;
}

/* The texts of a tuple of bytes, which keeps them, and NULL; NULL with an exception set. */
static const char **
texts_of(PyObject *tuple)
{
    Py_ssize_t n = tuple == NULL ? 0 : PyTuple_GET_SIZE(tuple);
    const char **texts = PyMem_Calloc((size_t)n + 1, sizeof *texts);
    if (texts == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        texts[i] = PyBytes_AsString(PyTuple_GET_ITEM(tuple, i));
        if (texts[i] == NULL) {
            PyMem_Free(texts);
            return NULL;
        }
    }
    return texts;
}

/* Steals the vectors of the options, which may be NULL. */
static PyObject *
start(PyTypeObject *type, pyconsole_session_options *options)
{
    pyconsole_session *session = NULL;
    pyconsole_error error = {0};
    int status = PYCONSOLE_ENOMEM;
    if (!PyErr_Occurred()) {
        Py_BEGIN_ALLOW_THREADS
        status = pyconsole_session_new(options, &session, &error);
        Py_END_ALLOW_THREADS
    }
    PyMem_Free((void *)options->arguments);
    PyMem_Free((void *)options->environment);
    PyMem_Free((void *)options->preload);
    if (PyErr_Occurred()) {
        return NULL;
    }
    return status < 0 ? raise_status(status, error.message) : handle_of(type, session);
}

static PyObject *
handle_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    char *names[] = {
        "python",      "package",     "folder",     "no_input",         "output_most",
        "memory_most", "wall_most",   "queue_most", "arguments",        "environment",
        "pty",         "rows",        "columns",    "checkpoints_most", "preload",
        "prompts",     "pure_python", NULL};
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    unsigned long long output = 0;
    unsigned long long memory = 0;
    PyObject *arguments = NULL;
    PyObject *environment = NULL;
    PyObject *preload = NULL;
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "|$zzzpKKIIO!O!pIIIO!pp:Handle", names, &options.python,
            &options.package, &options.folder, &options.no_input, &output, &memory,
            &options.wall_most, &options.queue_most, &PyTuple_Type, &arguments,
            &PyTuple_Type, &environment, &options.pty, &options.rows, &options.columns,
            &options.checkpoints_most, &PyTuple_Type, &preload, &options.prompts,
            &options.pure_python)) {
        return NULL;
    }
    options.output_most = output;
    options.memory_most = memory;
    options.arguments = texts_of(arguments);
    options.environment = texts_of(environment);
    options.preload = preload == NULL ? NULL : texts_of(preload);
    return start(type, &options);
}

static PyObject *
handle_clone(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t n,
             PyObject *kwnames)
{
    (void)args;
    (void)n;
    (void)kwnames;
    pyconsole_session *session = begin_call(self);
    pyconsole_session *clone = NULL;
    pyconsole_error error = {0};
    int status = PYCONSOLE_OK;
    if (session == NULL) {
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    status = pyconsole_session_clone(session, &clone, &error);
    Py_END_ALLOW_THREADS
    end_call(self);
    return status < 0 ? raise_status(status, error.message) : handle_of(type, clone);
}

/* shared(...), a method of the class. */
static PyObject *
handle_shared(PyObject *type, PyObject *args, PyObject *kwargs)
{
    int status = PYCONSOLE_OK;
    pyconsole_session *session = pc_shared_from_arguments(args, kwargs, &status);
    if (status < 0) {
        pyconsole_session_free(session);
        return PyErr_Occurred() ? NULL : raise_status(status, NULL);
    }
    return handle_of((PyTypeObject *)type, session);
}

/* run(milliseconds): is there more to run? */
static PyObject *
handle_run(PyObject *self, PyObject *budget)
{
    unsigned long ms = PyLong_AsUnsignedLong(budget);
    pyconsole_session *session = PyErr_Occurred() ? NULL : begin_call(self);
    if (session == NULL) {
        return NULL;
    }
    int status = pc_shared_run(session, (unsigned int)ms);
    end_call(self);
    if (PyErr_Occurred()) {
        return NULL;
    }
    return status < 0 ? raise_status(status, NULL)
                      : PyBool_FromLong(status == PYCONSOLE_MORE);
}

static void
handle_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    free_session(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *
handle_free(PyObject *self, PyObject *Py_UNUSED(none))
{
    struct handle *handle = (struct handle *)self;
    handle->closed = true;
    if (handle->calls == 0) {
        free_session(self);
    }
    else { /* what they wait for comes now */
        (void)pyconsole_session_kill(handle->session);
    }
    Py_RETURN_NONE;
}

/* ---- requests ---- */

typedef int asker(pyconsole_session *session, const char *text, size_t len,
                  uint64_t *ret_request);

static PyObject *
ask(PyObject *self, PyObject *text, asker *how)
{
    pyconsole_session *session = session_of(self);
    Py_ssize_t len = 0;
    uint64_t request = 0;
    if (session != NULL && !PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "the text must be str, not %.200s",
                     Py_TYPE(text)->tp_name);
        return NULL;
    }
    const char *utf8 = session == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &len);
    if (utf8 == NULL) {
        return NULL;
    }
    int status = how(session, utf8, (size_t)len, &request);
    return status < 0 ? raise_refusal(session, status)
                      : PyLong_FromUnsignedLongLong(request);
}

static PyObject *
handle_execute(PyObject *self, PyObject *source)
{
    return ask(self, source, pyconsole_session_execute);
}

static PyObject *
handle_push(PyObject *self, PyObject *line)
{
    return ask(self, line, pyconsole_session_push);
}

static PyObject *
handle_is_complete(PyObject *self, PyObject *source)
{
    return ask(self, source, pyconsole_session_is_complete);
}

typedef int asker_at(pyconsole_session *session, const char *text, size_t len,
                     size_t cursor, const pyconsole_assist_options *options,
                     uint64_t *ret_request);

/* (text, cursor, deadline, detail, unsafe): the cursor is in bytes. */
static PyObject *
ask_at(PyObject *self, PyObject *args, asker_at *how)
{
    pyconsole_session *session = session_of(self);
    pyconsole_assist_options options = PYCONSOLE_ASSIST_OPTIONS_INIT;
    const char *text = NULL;
    Py_ssize_t len = 0;
    Py_ssize_t cursor = 0;
    uint64_t request = 0;
    if (session == NULL ||
        !PyArg_ParseTuple(args, "s#nIIp", &text, &len, &cursor, &options.deadline,
                          &options.detail, &options.unsafe)) {
        return NULL;
    }
    int status = how(session, text, (size_t)len, (size_t)cursor, &options, &request);
    return status < 0 ? raise_refusal(session, status)
                      : PyLong_FromUnsignedLongLong(request);
}

static PyObject *
handle_complete(PyObject *self, PyObject *args)
{
    return ask_at(self, args, pyconsole_session_complete);
}

static PyObject *
handle_inspect(PyObject *self, PyObject *args)
{
    return ask_at(self, args, pyconsole_session_inspect);
}

static PyObject *
none_or_error(pyconsole_session *session, int status)
{
    return status < 0 ? raise_refusal(session, status) : Py_NewRef(Py_None);
}

static PyObject *
handle_input(PyObject *self, PyObject *args)
{
    pyconsole_session *session = session_of(self);
    unsigned long long request = 0;
    const char *text = NULL;
    Py_ssize_t len = 0;
    if (session == NULL ||
        !PyArg_ParseTuple(args, "Kz#:input", &request, &text, &len)) {
        return NULL;
    }
    return none_or_error(session,
                         pyconsole_session_input(session, request, text, (size_t)len));
}

static PyObject *
handle_interrupt(PyObject *self, PyObject *args)
{
    pyconsole_session *session = session_of(self);
    unsigned long long request = 0;
    if (session == NULL || !PyArg_ParseTuple(args, "|K:interrupt", &request)) {
        return NULL;
    }
    return none_or_error(session, pyconsole_session_interrupt(session, request));
}

static PyObject *
handle_write(PyObject *self, PyObject *args)
{
    pyconsole_session *session = session_of(self);
    const char *bytes = NULL;
    Py_ssize_t len = 0;
    if (session == NULL || !PyArg_ParseTuple(args, "y#:write", &bytes, &len)) {
        return NULL;
    }
    return none_or_error(session, pyconsole_session_write(session, bytes, (size_t)len));
}

static PyObject *
handle_resize(PyObject *self, PyObject *args)
{
    pyconsole_session *session = session_of(self);
    unsigned int rows = 0;
    unsigned int columns = 0;
    if (session == NULL || !PyArg_ParseTuple(args, "II:resize", &rows, &columns)) {
        return NULL;
    }
    return none_or_error(session, pyconsole_session_resize(session, rows, columns));
}

static PyObject *
handle_suspend_key(PyObject *self, PyObject *Py_UNUSED(none))
{
    pyconsole_session *session = session_of(self);
    return session == NULL ? NULL
                           : PyLong_FromLong(pyconsole_session_suspend_key(session));
}

/* What takes nothing but the session. */
static PyObject *
tell(PyObject *self, int (*what)(pyconsole_session *session))
{
    pyconsole_session *session = session_of(self);
    return session == NULL ? NULL : none_or_error(session, what(session));
}

static PyObject *
handle_suspend(PyObject *self, PyObject *Py_UNUSED(none))
{
    return tell(self, pyconsole_session_suspend);
}

static PyObject *
handle_resume(PyObject *self, PyObject *Py_UNUSED(none))
{
    return tell(self, pyconsole_session_resume);
}

typedef int keeper(pyconsole_session *session, const char *name, uint64_t *ret_request);

/* Of a checkpoint by its name, or None. */
static PyObject *
keep(PyObject *self, PyObject *args, keeper *how)
{
    const char *name = NULL;
    uint64_t request = 0;
    pyconsole_session *session =
        PyArg_ParseTuple(args, "z", &name) ? begin_call(self) : NULL;
    if (session == NULL) {
        return NULL;
    }
    int status = PYCONSOLE_OK;
    Py_BEGIN_ALLOW_THREADS
    status = how(session, name, &request);
    Py_END_ALLOW_THREADS
    PyObject *result = status < 0 ? raise_refusal(session, status)
                                  : PyLong_FromUnsignedLongLong(request);
    end_call(self);
    return result;
}

static PyObject *
handle_checkpoint(PyObject *self, PyObject *args)
{
    return keep(self, args, pyconsole_session_checkpoint);
}

static PyObject *
handle_restore(PyObject *self, PyObject *args)
{
    return keep(self, args, pyconsole_session_restore);
}

static PyObject *
handle_forget(PyObject *self, PyObject *args)
{
    pyconsole_session *session = session_of(self);
    const char *name = NULL;
    if (session == NULL || !PyArg_ParseTuple(args, "s", &name)) {
        return NULL;
    }
    return none_or_error(session, pyconsole_session_forget(session, name));
}

static PyObject *
handle_stop(PyObject *self, PyObject *args)
{
    pyconsole_session *session = session_of(self);
    unsigned int grace = 1000;
    if (session == NULL || !PyArg_ParseTuple(args, "|I:stop", &grace)) {
        return NULL;
    }
    return none_or_error(session, pyconsole_session_stop(session, grace));
}

static PyObject *
handle_close(PyObject *self, PyObject *Py_UNUSED(none))
{
    return tell(self, pyconsole_session_close);
}

static PyObject *
handle_kill(PyObject *self, PyObject *Py_UNUSED(none))
{
    return tell(self, pyconsole_session_kill);
}

static PyObject *
handle_fileno(PyObject *self, PyObject *Py_UNUSED(none))
{
    pyconsole_session *session = session_of(self);
    return session == NULL ? NULL : PyLong_FromLong(pyconsole_session_fd(session));
}

static PyObject *
handle_pid(PyObject *self, PyObject *Py_UNUSED(none))
{
    pyconsole_session *session = session_of(self);
    return session == NULL ? NULL : PyLong_FromLong(pyconsole_session_pid(session));
}

/* ---- events ---- */

static PyObject *
text_of(const char *text, size_t len)
{
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)len, "backslashreplace");
}

/* (start, end, name, [(text, kind, type, doc), ...]) */
static PyObject *
completions_of(const pyconsole_event *event)
{
    PyObject *candidates = PyList_New(0);
    for (size_t i = 0; candidates != NULL && i < event->count; i++) {
        pyconsole_candidate candidate = PYCONSOLE_CANDIDATE_INIT;
        (void)pyconsole_event_candidate(event, i, &candidate);
        PyObject *item =
            Py_BuildValue("(s#sss)", candidate.text, (Py_ssize_t)candidate.len,
                          pyconsole_candidate_kind_name(candidate.kind), candidate.type,
                          candidate.doc);
        if (item == NULL || PyList_Append(candidates, item) < 0) {
            Py_CLEAR(candidates);
        }
        Py_XDECREF(item);
    }
    return candidates == NULL
               ? NULL
               : Py_BuildValue("(nnsN)", (Py_ssize_t)event->start,
                               (Py_ssize_t)event->end, event->name, candidates);
}

/* (start, end, name, kind, type, signature, (start, end) in it, doc, value, file, line,
 * source, late), or None where nothing is known. */
static PyObject *
inspection_of(const pyconsole_event *event)
{
    pyconsole_inspection in = PYCONSOLE_INSPECTION_INIT;
    if (pyconsole_event_inspection(event, &in) < 0) {
        return Py_NewRef(Py_None);
    }
    return Py_BuildValue(
        "(nnssss(nn)sssKsN)", (Py_ssize_t)event->start, (Py_ssize_t)event->end, in.name,
        pyconsole_candidate_kind_name(in.kind), in.type, in.signature,
        (Py_ssize_t)in.parameter_start, (Py_ssize_t)in.parameter_end, in.doc, in.value,
        in.file, (unsigned long long)in.line, in.source, PyBool_FromLong(in.late));
}

static PyObject *
found_of(const pyconsole_event *event)
{
    switch (event->kind) {
    case PYCONSOLE_EVENT_COMPLETIONS:
        return completions_of(event);
    case PYCONSOLE_EVENT_INSPECTION:
        return inspection_of(event);
    default:
        return Py_NewRef(Py_None);
    }
}

static PyObject *
event_of(struct state *state, const pyconsole_event *event)
{
    const char bracket[] = {event->bracket, '\0'};
    PyObject *members[] = {
        PyUnicode_InternFromString(pyconsole_event_name(event->kind)),
        PyLong_FromUnsignedLongLong(event->request),
        PyLong_FromLong(event->stream),
        text_of(event->text, event->len),
        text_of(event->name, strlen(event->name)),
        text_of(event->detail, strlen(event->detail)),
        PyLong_FromLongLong(event->status),
        text_of(event->missing, strlen(event->missing)),
        text_of(bracket, strlen(bracket)),
        text_of(event->indent, strlen(event->indent)),
        PyLong_FromUnsignedLongLong(event->sequence),
        found_of(event),
    };
    PyObject *result = PyStructSequence_New(state->event_type);
    bool whole = result != NULL;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        whole = whole && members[i] != NULL;
        if (result != NULL) {
            PyStructSequence_SET_ITEM(result, (Py_ssize_t)i, members[i]);
        }
        else {
            Py_XDECREF(members[i]);
        }
    }
    if (!whole) {
        Py_CLEAR(result);
    }
    return result;
}

/* wait(milliseconds): an Event, or None; -1 waits for ever. */
static PyObject *
handle_wait(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t n,
            PyObject *kwnames)
{
    (void)kwnames;
    long timeout = n == 1 ? PyLong_AsLong(args[0]) : 0;
    pyconsole_session *session = PyErr_Occurred() ? NULL : begin_call(self);
    if (session == NULL) {
        return NULL;
    }
    const pyconsole_event *event = NULL;
    int status = PYCONSOLE_OK;
    Py_BEGIN_ALLOW_THREADS
    status = pyconsole_session_wait(session, (int)timeout, &event);
    Py_END_ALLOW_THREADS
    PyObject *result = status < 0      ? raise_refusal(session, status)
                       : event == NULL ? Py_NewRef(Py_None)
                                       : event_of(state_of(type), event);
    end_call(self);
    return result;
}

#define METHOD_WITH_TYPE(function)                                                     \
    (PyCFunction)(void (*)(void))(function), METH_METHOD | METH_FASTCALL | METH_KEYWORDS

static PyMethodDef handle_methods[] = {
    {"execute", handle_execute, METH_O, NULL},
    {"push", handle_push, METH_O, NULL},
    {"is_complete", handle_is_complete, METH_O, NULL},
    {"complete", handle_complete, METH_VARARGS, NULL},
    {"inspect", handle_inspect, METH_VARARGS, NULL},
    {"input", handle_input, METH_VARARGS, NULL},
    {"interrupt", handle_interrupt, METH_VARARGS, NULL},
    {"write", handle_write, METH_VARARGS, NULL},
    {"resize", handle_resize, METH_VARARGS, NULL},
    {"suspend_key", handle_suspend_key, METH_NOARGS, NULL},
    {"suspend", handle_suspend, METH_NOARGS, NULL},
    {"resume", handle_resume, METH_NOARGS, NULL},
    {"checkpoint", handle_checkpoint, METH_VARARGS, NULL},
    {"restore", handle_restore, METH_VARARGS, NULL},
    {"forget", handle_forget, METH_VARARGS, NULL},
    {"stop", handle_stop, METH_VARARGS, NULL},
    {"close", handle_close, METH_NOARGS, NULL},
    {"kill", handle_kill, METH_NOARGS, NULL},
    {"clone", METHOD_WITH_TYPE(handle_clone), NULL},
    {"wait", METHOD_WITH_TYPE(handle_wait), NULL},
    {"shared", (PyCFunction)(void (*)(void))handle_shared,
     METH_CLASS | METH_VARARGS | METH_KEYWORDS, NULL},
    {"run", handle_run, METH_O, NULL},
    {"fileno", handle_fileno, METH_NOARGS, NULL},
    {"pid", handle_pid, METH_NOARGS, NULL},
    {"free", handle_free, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot handle_slots[] = {
    {Py_tp_new, (void *)handle_new},
    {Py_tp_dealloc, (void *)handle_dealloc},
    {Py_tp_methods, handle_methods},
    {Py_tp_doc, "A pyconsole_session; see <pyconsole/session.h>."},
    {0, NULL},
};

static PyType_Spec handle_spec = {
    .name = "pyconsole._session.Handle",
    .basicsize = sizeof(struct handle),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = handle_slots,
};

static PyTypeObject *
new_event_type(void)
{
    PyStructSequence_Field fields[] = {
        {"kind", NULL},    {"request", NULL}, {"stream", NULL},   {"text", NULL},
        {"name", NULL},    {"detail", NULL},  {"status", NULL},   {"missing", NULL},
        {"bracket", NULL}, {"indent", NULL},  {"sequence", NULL}, {"found", NULL},
        {NULL, NULL},
    };
    PyStructSequence_Desc desc = {
        .name = "pyconsole.session.Event",
        .doc = "What a session says; see pyconsole_event in <pyconsole/session.h>.",
        .fields = fields,
        .n_in_sequence = (int)(sizeof fields / sizeof *fields) - 1,
    };
    return PyStructSequence_NewType(&desc);
}

static int
session_exec(PyObject *extension)
{
    struct state *state = PyModule_GetState(extension);
    state->handle_type =
        (PyTypeObject *)PyType_FromModuleAndSpec(extension, &handle_spec, NULL);
    state->event_type = new_event_type();
    return state->handle_type == NULL || state->event_type == NULL ||
                   PyModule_AddType(extension, state->handle_type) < 0
               ? -1
               : PyModule_AddObjectRef(extension, "Event",
                                       (PyObject *)state->event_type);
}

static int
session_traverse(PyObject *extension, visitproc visit, void *arg)
{
    struct state *state = PyModule_GetState(extension);
    Py_VISIT(state->handle_type);
    Py_VISIT(state->event_type);
    return 0;
}

static int
session_clear(PyObject *extension)
{
    struct state *state = PyModule_GetState(extension);
    Py_CLEAR(state->handle_type);
    Py_CLEAR(state->event_type);
    return 0;
}

/* ---- without a session ---- */

/* (op, globals, text, cursor, deadline, detail, unsafe): as the event would say it. */
static PyObject *
assist(PyObject *Py_UNUSED(extension), PyObject *args)
{
    pyconsole_assist_options options = PYCONSOLE_ASSIST_OPTIONS_INIT;
    const char *op = NULL;
    PyObject *globals = NULL;
    const char *text = NULL;
    Py_ssize_t len = 0;
    Py_ssize_t cursor = 0;
    if (!PyArg_ParseTuple(args, "sO!s#nIIp:assist", &op, &PyDict_Type, &globals, &text,
                          &len, &cursor, &options.deadline, &options.detail,
                          &options.unsafe)) {
        return NULL;
    }
    json_t *message = pc_wire_assist(op, (size_t)cursor, &options);
    (void)json_object_set_new(message, "text", json_stringn(text, (size_t)len));
    struct pc_scope scope = pc_scope_of(globals, globals, PyEval_GetBuiltins());
    json_t *answer = pc_assist(&scope, NULL, message);
    json_decref(message);
    pyconsole_event event;
    if (answer == NULL) {
        return NULL;
    }
    pc_assist_event(&event, answer);
    PyObject *found = event.kind == PYCONSOLE_EVENT_COMPLETIONS ? completions_of(&event)
                                                                : inspection_of(&event);
    json_decref(answer);
    return found;
}

static PyMethodDef session_functions[] = {
    {"assist", assist, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot session_slots[] = {
    {Py_mod_exec, (void *)session_exec},
    {0, NULL},
};

static struct PyModuleDef session_module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "pyconsole._session",
    .m_doc = "Sessions in processes of their own, in C.",
    .m_size = sizeof(struct state),
    .m_methods = session_functions,
    .m_slots = session_slots,
    .m_traverse = session_traverse,
    .m_clear = session_clear,
};

PyMODINIT_FUNC PyInit__session(void);

PyMODINIT_FUNC
PyInit__session(void)
{
    return PyModuleDef_Init(&session_module_def);
}
