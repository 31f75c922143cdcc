/* The body of a shared session, for the sources that make it up: shared.c (life, requests),
 * stream.c (what code prints and reads), kick.c (interrupts, the pump), spawn.c (the
 * processes that it starts). */
#ifndef PC_RUNTIME_BODY_H
#define PC_RUNTIME_BODY_H

#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "runtime/shared.h"

struct pc_body {
    PyObject_HEAD
    struct pc_worker worker;
    pyconsole_shared_options options;
    const pyconsole_session *session; /* the host's side: to be compared only */
    struct pc_body *next;             /* in the list of the interpreter */
    PyObject *glue; /* owned: its _Session of shared.py; NULL: closed */
    PyObject *kept; /* owned: what `_` is by us, or NULL */
    size_t users;   /* of the control: its thread, the session, calls without the GIL */
    bool running;
    bool pumping;
    unsigned long thread; /* that runs code now, as Python numbers threads */
    sigset_t signals;     /* that the thread which made it blocks */
    uint64_t dropped;     /* bytes of output that the host was not told of */
    struct pc_tail {      /* of each stream: the beginning of a character */
        char bytes[4];
        size_t len;
    } tail[2];
    /* While code runs on Python's main thread. */
    bool kicked; /* guarded by the control's lock, like the next */
    pthread_t kicked_thread;
    timer_t timer;
    bool has_timer;
    struct sigaction action; /* what the signal did before */
    PyObject *handler;       /* owned: the same for module signal */
};

static inline struct pc_body *
pc_body_of_worker(struct pc_worker *worker)
{
    return (struct pc_body *)((char *)worker - offsetof(struct pc_body, worker));
}

static inline struct pc_body *
pc_body_of_control(struct pc_control *control)
{
    return pc_body_of_worker(
        (struct pc_worker *)((char *)control - offsetof(struct pc_worker, control)));
}

/* Is the session over, or this a child of its process? */
bool pc_body_is_closed(const struct pc_body *body);

/* Code runs on the calling thread. */
bool pc_body_is_running_here(const struct pc_body *body);

/* The one whose code runs here, or NULL: borrowed. */
struct pc_body *pc_body_current(void);

/* A use of the control without the GIL begins, and ends; with the GIL. */
void pc_body_use(struct pc_body *body);
void pc_body_release(struct pc_body *body);

/* ---- stream.c */

/* As the home of a worker has it. */
int pc_body_send(struct pc_worker *worker, json_t *message);
json_t *pc_body_wait_for_answer(struct pc_worker *worker);

/* Methods of the body for shared.py. */
PyObject *pc_body_write_out(PyObject *self, PyObject *data);
PyObject *pc_body_write_err(PyObject *self, PyObject *data);
PyObject *pc_body_read_line(PyObject *self, PyObject *password);

/* ---- proxy.c */

/* proxy(name, variable, local, host, nothing), for shared.py. */
PyObject *pc_proxy_new(PyObject *self, PyObject *args);

/* ---- spawn.c */

/* starter(function): one that starts a process as that does; for shared.py. */
PyObject *pc_starter_new(PyObject *self, PyObject *before);

/* ---- kick.c */

/* Code begins and ends to run on the calling thread. -1 with an exception set. */
int pc_kick_begin(struct pc_body *body);
void pc_kick_end(struct pc_body *body);

/* Without the GIL: interrupts what runs, if that is still the request. */
void pc_kick_interrupt(struct pc_control *control, uint64_t request);

/* The signal of that once more, if there is one; with the control's lock. */
void pc_kick_repeat(struct pc_control *control);

/* What runs is to be interrupted after all. */
void pc_kick_again(struct pc_body *body);

/* For what waits: -1 with an exception set: it is interrupted; 1: it was meant to be. */
int pc_kick_check(struct pc_body *body);

/* Takes back an interrupt that was not for what runs next. */
void pc_kick_drop(struct pc_worker *worker);

/* Lets the host turn its event loop, if it can and does not already. */
void pc_kick_pump(struct pc_body *body);

/* Milliseconds to wait for something at a time; -1: for ever, a signal ends it. */
int pc_kick_slice(const struct pc_body *body);

#endif
