/* Shared sessions: their life and their requests; see shared.h and body.h.
 *
 * A body has two that use its control: the control's thread, which ends when the host is
 * gone, and the session, which is closed by the thread that runs code, when it was asked
 * to end, code has exited, or the host is gone; of an idle session on the caller's thread,
 * by the control's. When both are through, and no call without the GIL is under way, the
 * control is given up. */
#include "runtime/body.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What an interpreter has of them, in its dict. */
struct room {
    PyObject *glue; /* owned: the names of shared.py */
    PyTypeObject *type;
    struct pc_body *first; /* owned references, of sessions that are not closed */
    uint64_t sessions;     /* made so far */
    size_t threads;        /* of sessions, that may still want the GIL */
};

extern const char pc_shared_glue[];

static const char room_name[] = "pyconsole.shared";

/* ---- uses ---- */

bool
pc_body_is_closed(const struct pc_body *body)
{
    return body->glue == NULL || body->worker.forked;
}

bool
pc_body_is_running_here(const struct pc_body *body)
{
    return body->running && body->thread == PyThread_get_thread_ident();
}

void
pc_body_use(struct pc_body *body)
{
    body->users++;
}

void
pc_body_release(struct pc_body *body)
{
    if (--body->users == 0) {
        pc_control_abandon(&body->worker.control);
    }
}

/* ---- the interpreter's part ---- */

static struct room *
find_room(void)
{
    PyObject *dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
    PyObject *capsule = dict == NULL ? NULL : PyDict_GetItemString(dict, room_name);
    return capsule == NULL ? NULL : PyCapsule_GetPointer(capsule, room_name);
}

static void
free_room(PyObject *capsule)
{
    struct room *room = PyCapsule_GetPointer(capsule, room_name);
    if (room != NULL) {
        Py_CLEAR(room->glue);
        Py_CLEAR(room->type);
        free(room);
    }
}

/* A function of shared.py; the argument may be NULL. */
static PyObject *
call_glue(struct room *room, const char *name, PyObject *argument)
{
    PyObject *function = room == NULL ? NULL : PyDict_GetItemString(room->glue, name);
    return function == NULL ? PyErr_Format(PyExc_SystemError, "no %s", name)
                            : PyObject_CallFunctionObjArgs(function, argument, NULL);
}

static struct pc_body *
first_body(void)
{
    struct room *room = find_room();
    return room == NULL ? NULL : room->first;
}

struct pc_body *
pc_body_current(void)
{
    pc_auto_py PyObject *session = call_glue(find_room(), "current", NULL);
    PyErr_Clear();
    struct pc_body *body = first_body();
    while (body != NULL && body->glue != session) {
        body = body->next;
    }
    return body;
}

static struct pc_body *
find_body(const pyconsole_session *session)
{
    struct pc_body *body = first_body();
    while (body != NULL && body->session != session) {
        body = body->next;
    }
    return body;
}

/* ---- the end ---- */

/* `_` in a namespace that may be the host's. */
static void
forget_value(struct pc_body *body)
{
    PyObject *locals = body->worker.native.locals;
    if (body->kept != NULL && PyDict_GetItemString(locals, "_") == body->kept &&
        PyDict_DelItemString(locals, "_") < 0) {
        PyErr_Clear();
    }
    Py_CLEAR(body->kept);
}

static void
unlink_body(struct room *room, struct pc_body *body)
{
    struct pc_body **link = &room->first;
    while (*link != NULL && *link != body) {
        link = &(*link)->next;
    }
    if (*link == body) {
        *link = body->next;
        Py_DECREF(body);
    }
}

/* What was there is put back before the host hears of the end. The caller has a reference
 * to the body. */
static void
close_body(struct pc_body *body)
{
    struct room *room = find_room();
    pc_auto_py PyObject *glue = pc_take(&body->glue);
    if (glue == NULL || room == NULL) {
        return;
    }
    pc_auto_py PyObject *closed = call_glue(room, "close", glue);
    if (closed == NULL) {
        PyErr_WriteUnraisable(NULL);
    }
    pc_worker_forget_sources(&body->worker);
    forget_value(body);
    Py_CLEAR(body->worker.shown);
    pc_native_fini(&body->worker.native);
    pc_control_finish(&body->worker.control);
    unlink_body(room, body);
    pc_body_release(body);
}

/* The last that a thread of ours does in Python; the end of the interpreter waits for it. */
static void
leave(void)
{
    struct room *room = find_room();
    if (room != NULL) {
        room->threads--;
        pc_auto_py PyObject *told = call_glue(room, "leave", NULL);
        PyErr_Clear();
    }
}

/* On the control's thread: the host is gone. */
static void
host_is_gone(struct pc_control *control)
{
    struct pc_body *body = pc_body_of_control(control);
    pthread_mutex_lock(&control->lock);
    uint64_t current = control->current;
    pthread_mutex_unlock(&control->lock);
    if (current != 0) {
        pc_kick_interrupt(control, current);
    }
    PyGILState_STATE gil = PyGILState_Ensure();
    if (!body->running && body->options.thread == PYCONSOLE_CALLERS_THREAD) {
        close_body(body);
    }
    pc_body_release(body);
    Py_DECREF(body);
    leave();
    PyGILState_Release(gil);
}

static const struct pc_control_home control_home = {
    .interrupt = pc_kick_interrupt,
    .kick = pc_kick_repeat,
    .gone = host_is_gone,
};

/* ---- running ---- */

/* A name that code has given a value of its own stays, as in builtins. */
static int
keep_value(struct pc_worker *worker, PyObject *value)
{
    struct pc_body *body = pc_body_of_worker(worker);
    PyObject *now = PyDict_GetItemString(worker->native.locals, "_");
    if (now != NULL && now != body->kept) {
        return 0;
    }
    Py_XSETREF(body->kept, Py_NewRef(value));
    return PyDict_SetItemString(worker->native.locals, "_", value);
}

static const struct pc_worker_home worker_home = {
    .send = pc_body_send,
    .keep_value = keep_value,
    .drop_interrupt = pc_kick_drop,
    .wait_for_answer = pc_body_wait_for_answer,
};

/* Takes one request, which is freed; -1: the session ends. */
static int
take_request(struct pc_body *body, struct pc_request *request)
{
    pc_auto_py PyObject *context = PyObject_GetAttrString(body->glue, "context");
    int taken = context == NULL ? -1 : PyContext_Enter(context);
    if (taken == 0) {
        taken = pc_worker_take(&body->worker, request);
        pc_auto_py PyObject *exception = pc_exception_take();
        (void)PyContext_Exit(context);
    }
    PyErr_Clear();
    pc_request_free(request);
    return taken;
}

/* Code may run on this thread from here on. */
static int
begin_running(struct room *room, struct pc_body *body, PyObject **ret_before)
{
    if (pc_kick_begin(body) < 0) {
        return -1;
    }
    *ret_before = call_glue(room, "adopt", body->glue);
    body->running = *ret_before != NULL;
    if (!body->running) {
        pc_kick_end(body);
        return -1;
    }
    return 0;
}

static void
end_running(struct room *room, struct pc_body *body, PyObject *before)
{
    pc_auto_py PyObject *adopted = call_glue(room, "adopt", before);
    if (adopted == NULL) {
        PyErr_Clear();
    }
    pc_kick_end(body);
    body->running = false;
}

/* Waits without the GIL; NULL: the host is gone. */
static struct pc_request *
wait_for_request(struct pc_body *body)
{
    struct pc_request *request = NULL;
    bool ended = false;
    while (request == NULL && !ended) {
        Py_BEGIN_ALLOW_THREADS
        request = pc_control_next(&body->worker.control);
        ended = pc_control_has_ended(&body->worker.control);
        Py_END_ALLOW_THREADS
    }
    if (ended) {
        pc_request_free(request);
        return NULL;
    }
    return request;
}

static void
serve(struct pc_body *body)
{
    struct room *room = find_room();
    PyObject *before = NULL;
    if (begin_running(room, body, &before) == 0) {
        struct pc_request *request = NULL;
        while ((request = wait_for_request(body)) != NULL &&
               take_request(body, request) == 0) {}
        end_running(room, body, before);
        Py_CLEAR(before);
    }
    PyErr_Clear();
    close_body(body);
    Py_DECREF(body);
}

static void *
run_own_thread(void *argument)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    serve(argument);
    leave();
    PyGILState_Release(gil);
    return NULL;
}

static int64_t
now_in_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until there is no request, or the time is over. */
static int
run_requests(struct pc_body *body, unsigned int budget)
{
    int64_t end = now_in_ms() + budget;
    struct pc_control *control = &body->worker.control;
    struct pc_request *request = NULL;
    while (!pc_control_has_ended(control) &&
           (request = pc_control_first(control)) != NULL) {
        if (take_request(body, request) < 0) {
            return PYCONSOLE_ECLOSED;
        }
        if (budget > 0 && now_in_ms() >= end) {
            return PYCONSOLE_MORE;
        }
    }
    return pc_control_has_ended(control) ? PYCONSOLE_ECLOSED : PYCONSOLE_OK;
}

static bool
runs_here(void)
{
    for (const struct pc_body *body = first_body(); body != NULL; body = body->next) {
        if (pc_body_is_running_here(body)) {
            return true;
        }
    }
    return false;
}

int
pc_shared_run(const pyconsole_session *session, unsigned int budget)
{
    struct room *room = find_room();
    struct pc_body *body = find_body(session);
    if (room == NULL || body == NULL || pc_body_is_closed(body)) {
        return PYCONSOLE_ECLOSED;
    }
    if (body->options.thread != PYCONSOLE_CALLERS_THREAD) {
        return PYCONSOLE_EINVAL;
    }
    if (body->running || runs_here()) {
        return PYCONSOLE_EBUSY;
    }
    Py_INCREF(body);
    pc_body_use(body);
    PyObject *before = NULL;
    int status = PYCONSOLE_EPYTHON;
    if (begin_running(room, body, &before) == 0) {
        /* What the thread has not read yet. */
        bool connected = false;
        Py_BEGIN_ALLOW_THREADS
        connected = pc_control_take(&body->worker.control) == 0;
        Py_END_ALLOW_THREADS
        status = connected ? run_requests(body, budget) : PYCONSOLE_ECLOSED;
        end_running(room, body, before);
        Py_CLEAR(before);
    }
    if (status == PYCONSOLE_ECLOSED) { /* it has ended in this call */
        close_body(body);
        status = PYCONSOLE_OK;
    }
    pc_body_release(body);
    Py_DECREF(body);
    return status;
}

/* ---- the type, for shared.py ---- */

static PyObject *
display(PyObject *self, PyObject *value)
{
    struct pc_body *body = (struct pc_body *)self;
    return pc_body_is_closed(body) ? Py_NewRef(Py_None)
                                   : pc_worker_display(&body->worker, value);
}

static PyObject *
forked(PyObject *self, PyObject *Py_UNUSED(none))
{
    ((struct pc_body *)self)->worker.forked = true;
    Py_RETURN_NONE;
}

static void
dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    struct pc_body *body = (struct pc_body *)self;
    Py_CLEAR(body->glue);
    Py_CLEAR(body->kept);
    Py_CLEAR(body->handler);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef body_methods[] = {
    {"write_out", pc_body_write_out, METH_O, NULL},
    {"write_err", pc_body_write_err, METH_O, NULL},
    {"read_line", pc_body_read_line, METH_O, NULL},
    {"display", display, METH_O, NULL},
    {"forked", forked, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot body_slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, body_methods},
    {0, NULL},
};

static PyType_Spec body_spec = {
    .name = "pyconsole.shared.Body",
    .basicsize = sizeof(struct pc_body),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = body_slots,
};

/* ---- making one ---- */

/* end_all(): no host is there any more. */
static PyObject *
end_all(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(none))
{
    for (struct pc_body *body = first_body(); body != NULL; body = body->next) {
        (void)shutdown(body->worker.control.fd, SHUT_RDWR);
    }
    Py_RETURN_NONE;
}

/* forget_threads(): this is a child, which has none but the one that forked it. */
static PyObject *
forget_threads(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(none))
{
    struct room *room = find_room();
    if (room != NULL) {
        room->threads = 0;
    }
    Py_RETURN_NONE;
}

/* threads(): how many of ours there are. */
static PyObject *
threads(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(none))
{
    struct room *room = find_room();
    return PyLong_FromSize_t(room == NULL ? 0 : room->threads);
}

static PyMethodDef glue_functions[] = {
    {"end_all", end_all, METH_NOARGS, NULL},
    {"forget_threads", forget_threads, METH_NOARGS, NULL},
    {"proxy", pc_proxy_new, METH_VARARGS, NULL},
    {"starter", pc_starter_new, METH_O, NULL},
    {"threads", threads, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
add_functions(PyObject *names)
{
    for (PyMethodDef *def = glue_functions; def->ml_name != NULL; def++) {
        pc_auto_py PyObject *function = PyCFunction_New(def, NULL);
        if (function == NULL ||
            PyDict_SetItemString(names, def->ml_name, function) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Executes shared.py. */
static PyObject *
execute_glue(void)
{
    pc_auto_py PyObject *names = Py_BuildValue("{s:s}", "__name__", room_name);
    if (names == NULL ||
        PyDict_SetItemString(names, "__builtins__", PyEval_GetBuiltins()) < 0 ||
        add_functions(names) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *code =
        Py_CompileString(pc_shared_glue, "<pyconsole.shared>", Py_file_input);
    pc_auto_py PyObject *done =
        code == NULL ? NULL : PyEval_EvalCode(code, names, names);
    return done == NULL ? NULL : pc_take(&names);
}

static struct room *
make_room(void)
{
    struct room *room = find_room();
    PyObject *dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
    if (room != NULL || dict == NULL) {
        return room;
    }
    room = calloc(1, sizeof *room);
    if (room == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    pc_auto_py PyObject *capsule = PyCapsule_New(room, room_name, free_room);
    if (capsule == NULL) {
        free(room);
        return NULL;
    }
    room->type = (PyTypeObject *)PyType_FromSpec(&body_spec);
    room->glue = room->type == NULL ? NULL : execute_glue();
    if (room->glue == NULL || PyDict_SetItemString(dict, room_name, capsule) < 0) {
        return NULL;
    }
    return room;
}

/* The two sides of a connection, and the hello between them. */
static int
connect_body(struct pc_body *body, pyconsole_session **ret_session,
             pyconsole_error *error)
{
    const pyconsole_shared_options *shared = &body->options;
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    options.no_input = shared->no_input;
    options.output_most = shared->output_most;
    options.wall_most = shared->wall_most;
    options.queue_most = shared->queue_most;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return PYCONSOLE_ESTART;
    }
    int status = pyconsole_session_attach(ends[0], &options, ret_session, error);
    if (status < 0) {
        close(ends[1]);
        return status;
    }
    json_t *hello = NULL;
    struct pc_control *control = &body->worker.control;
    if (fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0 ||
        pc_control_init(control, ends[1], -1, -1, &hello) < 0) {
        return PYCONSOLE_ESTART;
    }
    control->home = &control_home;
    body->worker.input = json_is_true(json_object_get(hello, "input"));
    json_decref(hello);
    return PYCONSOLE_OK;
}

static int
send_ready(struct pc_body *body)
{
    PyObject *executable = PySys_GetObject("executable");
    json_t *message = json_pack("{s:s, s:i, s:s}", "event", "ready", "version",
                                PC_WIRE_VERSION, "text", PY_VERSION);
    if (executable != NULL && PyUnicode_Check(executable)) {
        json_object_set_new(message, "name", pc_worker_text(executable));
    }
    return pc_worker_send(&body->worker, message);
}

/* Signals are for the host's threads. */
static int
start_own_thread(struct pc_body *body)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &body->signals);
    int failed = pthread_create(&thread, &attributes, run_own_thread, body);
    pthread_sigmask(SIG_SETMASK, &body->signals, NULL);
    pthread_attr_destroy(&attributes);
    return failed == 0 ? 0 : -1;
}

/* It got nowhere. */
static void
discard_body(struct room *room, struct pc_body *body)
{
    pc_auto_py PyObject *exception = pc_exception_take();
    pc_auto_py PyObject *glue = pc_take(&body->glue);
    pc_auto_py PyObject *closed = glue == NULL ? NULL : call_glue(room, "close", glue);
    PyErr_Clear();
    pc_native_fini(&body->worker.native);
    if (body->worker.control.home != NULL) {
        pc_control_abandon(&body->worker.control);
    }
    pc_exception_raise(pc_take(&exception));
}

/* The body has a glue, a namespace and a connection; now it gets to work. */
static int
start(struct room *room, struct pc_body *body)
{
    body->users = 2;
    Py_INCREF(body); /* the control's thread's */
    if (send_ready(body) < 0 || pc_control_start(&body->worker.control) < 0) {
        Py_DECREF(body);
        discard_body(room, body);
        return PYCONSOLE_ESTART;
    }
    room->threads++;
    Py_INCREF(body); /* the list's */
    body->next = room->first;
    room->first = body;
    if (body->options.thread == PYCONSOLE_CALLERS_THREAD) {
        return PYCONSOLE_OK;
    }
    Py_INCREF(body); /* its thread's */
    room->threads++;
    if (start_own_thread(body) < 0) {
        room->threads--;
        Py_DECREF(body);
        close_body(body);
        return PYCONSOLE_ESTART;
    }
    return PYCONSOLE_OK;
}

static int
fill(struct room *room, struct pc_body *body)
{
    body->worker.home = &worker_home;
    body->worker.session = ++room->sessions;
    body->glue = call_glue(room, "open", (PyObject *)body);
    pc_auto_py PyObject *namespace =
        body->glue == NULL ? NULL : PyObject_GetAttrString(body->glue, "namespace");
    return namespace == NULL ? -1 : pc_worker_init(&body->worker, namespace);
}

int
pc_shared_new(const pyconsole_shared_options *options, pyconsole_session **ret_session,
              pyconsole_error *error)
{
    if (options->thread < PYCONSOLE_OWN_THREAD ||
        options->thread > PYCONSOLE_CALLERS_THREAD || options->signal < 0 ||
        options->signal > SIGRTMAX) {
        return PYCONSOLE_EINVAL;
    }
    struct room *room = make_room();
    pc_auto_py PyObject *self =
        room == NULL ? NULL : PyType_GenericAlloc(room->type, 0);
    struct pc_body *body = (struct pc_body *)self;
    pyconsole_session *session = NULL;
    if (body == NULL) {
        return PYCONSOLE_EPYTHON;
    }
    body->options = *options;
    body->options.no_input =
        options->no_input ||
        (options->thread == PYCONSOLE_CALLERS_THREAD && options->pump == NULL);
    int status = connect_body(body, &session, error);
    if (status == PYCONSOLE_OK) {
        body->session = session;
        status = PYCONSOLE_EPYTHON;
        if (fill(room, body) < 0) {
            discard_body(room, body);
        }
        else {
            status = start(room, body);
        }
    }
    if (status < 0) {
        pyconsole_session_free(session);
        return status;
    }
    *ret_session = session;
    return PYCONSOLE_OK;
}

/* ---- the namespace ---- */

PyObject *
pc_shared_namespace(const pyconsole_session *session)
{
    struct pc_body *body = find_body(session);
    return body == NULL ? NULL : body->worker.native.locals;
}

int
pc_shared_set_namespace(const pyconsole_session *session, PyObject *namespace)
{
    struct pc_body *body = find_body(session);
    if (body == NULL) {
        return PYCONSOLE_ECLOSED;
    }
    if (namespace == NULL || !PyDict_Check(namespace)) {
        return PYCONSOLE_EINVAL;
    }
    if (body->worker.request != 0) {
        return PYCONSOLE_EBUSY;
    }
    if (PyObject_SetAttrString(body->glue, "namespace", namespace) < 0) {
        return PYCONSOLE_EPYTHON;
    }
    forget_value(body);
    Py_SETREF(body->worker.native.locals, Py_NewRef(namespace));
    return PYCONSOLE_OK;
}
