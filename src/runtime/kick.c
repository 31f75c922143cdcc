/* Interrupts of shared sessions, and the pump; see body.h.
 *
 * On Python's main thread a signal does both. Python's own handler for it runs ours
 * (kicked) at the next step of Python, and ends time.sleep(), recv() and the like for it,
 * which go on afterwards unless ours raises. So an interrupt stops what waits, the host's
 * SIGINT is not touched, and the window lives while code sleeps; neither needs a trace
 * function. The timer that pumps sends the same signal, from the end of a pump until the
 * next: one that comes just before a system call does not end it, the next one does. For
 * the same reason an interrupt's signal is sent again a few times (pc_kick_repeat).
 *
 * On other threads CPython has only PyThreadState_SetAsyncExc, which reaches code at its
 * next step; what waits for input is woken by the control.
 *
 * In C code that waits, a step of Python (pc_kick_check) lets that exception come.
 *
 * That `interrupted` is set, and the exception put there, happens with the control's lock
 * while the request still runs; when it is over, the flag is cleared with the same lock,
 * and the exception taken back before the next. */
#include "runtime/body.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PUMP_EVERY = 50 /* ms */, SIGNAL_FROM_FIRST = 6 };

static int
signal_of(const struct pc_body *body)
{
    return body->options.signal > 0 ? body->options.signal
                                    : SIGRTMIN + SIGNAL_FROM_FIRST;
}

static unsigned int
pump_every(const struct pc_body *body)
{
    return body->options.pump_every > 0 ? body->options.pump_every : PUMP_EVERY;
}

/* ---- the pump ---- */

/* Every so many milliseconds; 0: not any more. */
static void
wind_up(const struct pc_body *body, unsigned int ms)
{
    struct timespec step = {.tv_sec = ms / 1000,
                            .tv_nsec = (long)(ms % 1000) * 1000000};
    struct itimerspec when = {.it_interval = step, .it_value = step};
    if (body->has_timer) {
        (void)timer_settime(body->timer, 0, &when, NULL);
    }
}

void
pc_kick_pump(struct pc_body *body)
{
    if (body->options.pump == NULL || body->pumping || !pc_body_is_running_here(body)) {
        return;
    }
    body->pumping = true;
    wind_up(body, 0);
    Py_BEGIN_ALLOW_THREADS
    body->options.pump(body->options.userdata);
    Py_END_ALLOW_THREADS
    body->pumping = false;
    wind_up(body, pump_every(body));
}

int
pc_kick_slice(const struct pc_body *body)
{
    bool pumps = body->options.pump != NULL && pc_body_is_running_here(body);
    return pumps && !body->has_timer ? (int)pump_every(body) : -1;
}

/* ---- the signal ---- */

/* Has what runs been interrupted? It is not any more then. */
static bool
take_interrupt(struct pc_body *body)
{
    struct pc_control *control = &body->worker.control;
    pthread_mutex_lock(&control->lock);
    bool interrupted = control->interrupted;
    control->interrupted = false;
    pthread_mutex_unlock(&control->lock);
    return interrupted;
}

/* handler(signum, frame), as module signal calls it. */
static PyObject *
kicked(PyObject *capsule, PyObject *args)
{
    (void)args;
    struct pc_body *body = PyCapsule_GetPointer(capsule, "pyconsole.body");
    if (body == NULL) {
        return NULL;
    }
    if (take_interrupt(body)) {
        PyErr_SetNone(PyExc_KeyboardInterrupt);
        return NULL;
    }
    pc_kick_pump(body);
    Py_RETURN_NONE;
}

static PyMethodDef kicked_def = {"kicked", kicked, METH_VARARGS, NULL};

/* The signal's handler is ours; *ret_before: what module signal had. Not on Python's main
 * thread: 0. */
static int
handle_signal(struct pc_body *body)
{
    pc_auto_py PyObject *capsule = PyCapsule_New(body, "pyconsole.body", NULL);
    pc_auto_py PyObject *handler =
        capsule == NULL ? NULL : PyCFunction_New(&kicked_def, capsule);
    pc_auto_py PyObject *module = PyImport_ImportModule("signal");
    if (handler == NULL || module == NULL) {
        return -1;
    }
    int number = signal_of(body);
    (void)sigaction(number, NULL, &body->action);
    body->handler = PyObject_CallMethod(module, "signal", "iO", number, handler);
    if (body->handler == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError)) {
            return -1;
        }
        PyErr_Clear();
        return 0;
    }
    return 1;
}

static void
start_timer(struct pc_body *body)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID,
                             .sigev_signo = signal_of(body)};
    event._sigev_un._tid = gettid();
    body->has_timer = timer_create(CLOCK_MONOTONIC, &event, &body->timer) == 0;
    wind_up(body, pump_every(body));
}

int
pc_kick_begin(struct pc_body *body)
{
    body->thread = PyThread_get_thread_ident();
    if (body->options.thread == PYCONSOLE_OWN_THREAD) {
        return 0;
    }
    int handled = handle_signal(body);
    if (handled <= 0) {
        return handled;
    }
    pthread_mutex_lock(&body->worker.control.lock);
    body->kicked = true;
    body->kicked_thread = pthread_self();
    pthread_mutex_unlock(&body->worker.control.lock);
    if (body->options.pump != NULL) {
        start_timer(body);
    }
    return 0;
}

void
pc_kick_end(struct pc_body *body)
{
    if (!body->kicked) {
        return;
    }
    if (body->has_timer) {
        timer_delete(body->timer);
        body->has_timer = false;
    }
    pthread_mutex_lock(&body->worker.control.lock);
    body->kicked = false;
    pthread_mutex_unlock(&body->worker.control.lock);
    (void)getppid(); /* a signal that was sent comes with it, to our handler */
    pc_kick_drop(&body->worker);
    pc_auto_py PyObject *handler = pc_take(&body->handler);
    pc_auto_py PyObject *module = PyImport_ImportModule("signal");
    pc_auto_py PyObject *done =
        module == NULL ? NULL
        : handler == Py_None
            ? Py_NewRef(Py_None) /* not set by Python: nothing to put back there */
            : PyObject_CallMethod(module, "signal", "iO", signal_of(body), handler);
    if (done == NULL) {
        PyErr_Clear();
    }
    (void)sigaction(signal_of(body), &body->action, NULL);
}

/* ---- interrupts ---- */

/* In what runs, on whatever thread; with the lock. */
static void
raise_there(struct pc_body *body)
{
    body->worker.control.interrupted = true;
    if (body->kicked) {
        pthread_kill(body->kicked_thread, signal_of(body));
    }
    else {
        (void)PyThreadState_SetAsyncExc(body->thread, PyExc_KeyboardInterrupt);
    }
}

void
pc_kick_again(struct pc_body *body)
{
    pthread_mutex_lock(&body->worker.control.lock);
    if (body->worker.control.current != 0) {
        raise_there(body);
    }
    pthread_mutex_unlock(&body->worker.control.lock);
}

/* Without the GIL where a signal is enough: code may be stuck while it holds that. */
static bool
interrupt_by_signal(struct pc_body *body, uint64_t request)
{
    struct pc_control *control = &body->worker.control;
    pthread_mutex_lock(&control->lock);
    bool by_signal = body->kicked;
    if (by_signal && control->current == request) {
        raise_there(body);
    }
    pthread_mutex_unlock(&control->lock);
    return by_signal;
}

void
pc_kick_repeat(struct pc_control *control)
{
    struct pc_body *body = pc_body_of_control(control);
    if (body->kicked) {
        pthread_kill(body->kicked_thread, signal_of(body));
    }
}

void
pc_kick_interrupt(struct pc_control *control, uint64_t request)
{
    struct pc_body *body = pc_body_of_control(control);
    if (!interrupt_by_signal(body, request)) {
        PyGILState_STATE gil = PyGILState_Ensure();
        pthread_mutex_lock(&control->lock);
        if (control->current == request) {
            raise_there(body);
        }
        pthread_mutex_unlock(&control->lock);
        PyGILState_Release(gil);
    }
    (void)eventfd_write(control->answer, 1);
    pthread_mutex_lock(&control->sending);
    pthread_cond_broadcast(&control->room);
    pthread_mutex_unlock(&control->sending);
}

int
pc_kick_check(struct pc_body *body)
{
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    if (!pc_body_is_running_here(body) || body->handler != NULL ||
        !take_interrupt(body)) {
        return 0;
    }
    pc_auto_py PyObject *stepped = PyObject_CallMethod(body->glue, "step", NULL);
    return stepped == NULL ? -1 : 1;
}

void
pc_kick_drop(struct pc_worker *worker)
{
    struct pc_body *body = pc_body_of_worker(worker);
    if (body->handler == NULL) {
        (void)PyThreadState_SetAsyncExc(body->thread, NULL);
    }
    else if (PyErr_CheckSignals() < 0) {
        PyErr_Clear();
    }
}
