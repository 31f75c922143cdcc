/* A worker on the thread of its host; see local.h. What it says goes into a socketpair
 * whose other end is read by the same thread: so nothing may wait for the socket, and what
 * it does not take at once is sent when the session is served again. */
#include "runtime/local.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

struct pc_local {
    struct pc_worker worker; /* first: the home gets here from it */
    PyObject *run;           /* owned */
};

/* ---- the home ---- */

/* What code prints is not ours to send, nor to flush: it may wait for its reader, which
 * is this thread. */
static int
send_here(struct pc_worker *worker, json_t *message)
{
    return pc_control_send(&worker->control, message);
}

/* Code shows its values itself. */
static int
keep_value(struct pc_worker *worker, PyObject *value)
{
    (void)worker;
    (void)value;
    return 0;
}

/* Nobody but the person interrupts, and while code runs alone. */
static void
drop_interrupt(struct pc_worker *worker)
{
    (void)worker;
}

static int
run(struct pc_worker *worker, PyObject *source)
{
    struct pc_local *local = (struct pc_local *)worker;
    pc_auto_py PyObject *result = PyObject_CallOneArg(local->run, source);
    int good = result == NULL ? -1 : PyObject_IsTrue(result);
    return good < 0 ? -1 : !good;
}

static const struct pc_worker_home worker_home = {
    .send = send_here,
    .keep_value = keep_value,
    .drop_interrupt = drop_interrupt,
    .run = run,
};

/* ---- the control ---- */

/* The person's Ctrl-C is a signal, and no request. */
static void
interrupt(struct pc_control *control, uint64_t request)
{
    (void)control;
    (void)request;
}

static void
host_is_gone(struct pc_control *control)
{
    (void)control;
}

static const struct pc_control_home control_home = {.interrupt = interrupt,
                                                    .gone = host_is_gone};

/* ---- life ---- */

static int
connect_host(struct pc_local *local, const pyconsole_session_options *options,
             pyconsole_session **ret_session)
{
    struct pc_control *control = &local->worker.control;
    int ends[2];
    json_t *hello = NULL;
    pyconsole_error error = {0};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    if (pyconsole_session_attach(ends[0], options, ret_session, &error) < 0) {
        (void)close(ends[1]);
        PyErr_SetString(PyExc_OSError, error.message);
        return -1;
    }
    if (fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0 ||
        pc_control_init(control, ends[1], -1, -1, &hello) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    control->home = &control_home;
    local->worker.prompting = json_is_true(json_object_get(hello, "prompts"));
    local->worker.commanding = json_is_true(json_object_get(hello, "commands"));
    json_decref(hello);
    return 0;
}

int
pc_local_new(PyObject *namespace, PyObject *run, bool awaits,
             const pyconsole_session_options *options, struct pc_local **ret_local,
             pyconsole_session **ret_session)
{
    struct pc_local *local = calloc(1, sizeof *local);
    pyconsole_session *session = NULL;
    if (local == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    local->worker.home = &worker_home;
    local->worker.control.fd = -1;
    local->run = Py_NewRef(run);
    if (connect_host(local, options, &session) < 0 ||
        pc_worker_init(&local->worker, namespace) < 0) {
        pyconsole_session_free(session);
        pc_local_free(local);
        return -1;
    }
    local->worker.native.engine.top_level_await = awaits;
    pc_worker_send_prompts(&local->worker);
    *ret_local = local;
    *ret_session = session;
    return 0;
}

void
pc_local_free(struct pc_local *local)
{
    if (local == NULL) {
        return;
    }
    struct pc_worker *worker = &local->worker;
    if (worker->sources > 0) {
        pc_worker_forget_sources(worker);
    }
    if (worker->control.fd >= 0) {
        pc_control_abandon(&worker->control);
    }
    PyObject **owned[] = {&local->run,         &worker->shown,  &worker->prompts[0],
                          &worker->prompts[1], &worker->before, NULL};
    for (PyObject ***each = owned; *each != NULL; each++) {
        Py_CLEAR(**each);
    }
    pc_native_fini(&worker->native);
    free(local);
}

int
pc_local_fd(const struct pc_local *local)
{
    return local->worker.control.epoll;
}

int
pc_local_serve(struct pc_local *local)
{
    struct pc_control *control = &local->worker.control;
    struct pc_request *request = NULL;
    if (pc_control_turn(control) < 0) {
        PyErr_SetNone(PyExc_EOFError);
        return -1;
    }
    while ((request = pc_control_first(control)) != NULL) {
        int taken = pc_worker_take(&local->worker, request);
        pc_request_free(request);
        if (taken < 0 && PyErr_Occurred()) {
            return -1;
        }
    }
    return 0;
}
