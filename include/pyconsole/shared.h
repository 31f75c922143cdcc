/* Sessions in an interpreter of this process, behind the same handle, requests and events
 * as those in a process of their own (<pyconsole/session.h>): for hosts whose objects the
 * user is to touch. Without Python.h; <pyconsole/python.h> gives a session a namespace or
 * an object.
 *
 *     pyconsole_python_start(NULL, &python, NULL);
 *     pyconsole_session_new_shared(python, NULL, &session, NULL);
 *     pyconsole_session_execute(session, "6 * 7", PYCONSOLE_TERMINATED, NULL);
 *
 * What is printed by code that a session runs, by threads that this code starts and by its
 * asyncio tasks goes to that session; so do sys.displayhook, sys.ps1, sys.last_exc, what
 * `import __main__` gives, and input(). Everybody else has the host's. What does not go
 * through Python's streams (os.write(1), C code, child processes) goes where the host's
 * does. The names in sys are put back when the last session has ended, but those that
 * somebody has replaced since.
 *
 * What differs from a session in a process: there is no pid; clone is refused; memory has
 * no limit; and code cannot be killed. An interrupt reaches code between two steps of
 * Python, and input(). Only code on Python's main thread can be interrupted in a call that
 * waits (time.sleep, recv, a lock): let it run there, see PYCONSOLE_CALLERS_THREAD.
 * pyconsole_session_stop and _kill cut the session off: its last event is DIED, and
 * code that goes on is heard no more. free interrupts what runs, and does not wait for it.
 *
 * Threads: as in <pyconsole/session.h>, with or without the GIL, which is never held while
 * a callback runs. A thread that holds the GIL must not wait for events. A child process
 * that is forked without exec is no session: it prints where the host prints. */
#ifndef PYCONSOLE_SHARED_H
#define PYCONSOLE_SHARED_H

#include <pyconsole/console.h>
#include <pyconsole/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where code runs. */
enum pyconsole_shared_thread {
    /* On a thread of the session's own, in which all signals are blocked: they are for the
     * host's. Processes that its Python code starts block what the thread did that made the
     * session. */
    PYCONSOLE_OWN_THREAD,
    /* On the thread that calls pyconsole_shared_run. */
    PYCONSOLE_CALLERS_THREAD,
};

typedef struct pyconsole_shared_options {
    size_t size;  /* of this struct, as the caller knows it */
    int thread;   /* enum pyconsole_shared_thread */
    int no_input; /* not 0: nobody answers, so input() raises EOFError at once */

    /* On the caller's thread only. While code runs and while it waits, `pump` is called
     * every so many milliseconds (0: 50), to let the host's event loop turn, take events
     * and answer input(). It runs without the GIL, inside the code that it interrupts. On
     * Python's main thread a timer's signal does it, which ends no call that Python makes;
     * on other threads it is called only while code waits for input or for room. NULL:
     * input() raises EOFError at once. */
    void (*pump)(void *userdata);
    void *userdata; /* its argument */
    unsigned int pump_every;
    int signal; /* which one that is; 0: SIGRTMIN + 6. It has our handler while code runs
                    on Python's main thread, and interrupts too; SIGINT is not touched */

    /* Output that the host does not take. Beyond `output_high` bytes (0: 262144) who
     * prints waits, without the GIL, until half of it is taken; or, with `drop_output`,
     * what is printed is dropped, and counted in an event DROPPED. Without a pump the
     * caller's thread cannot wait for its own host: there it is dropped beyond 16 MiB. */
    size_t output_high;
    int drop_output;

    /* Limits; 0: none. As in pyconsole_session_options. */
    uint64_t output_most;
    unsigned int wall_most;
    unsigned int queue_most;
} pyconsole_shared_options;

#define PYCONSOLE_SHARED_OPTIONS_INIT                                                  \
    {                                                                                  \
        sizeof(pyconsole_shared_options), PYCONSOLE_OWN_THREAD, 0, NULL, NULL, 0, 0,   \
            0, 0, 0, 0, 0                                                              \
    }

/* Makes a session with a namespace of its own, in which __name__ is "__main__". The
 * options are copied; NULL for the defaults. End it with pyconsole_session_close, and
 * free it with pyconsole_session_free. pyconsole_python_stop interrupts and ends the
 * sessions that are left, and waits for them for at most two seconds. Errors: EINVAL,
 * ENOMEM, ESTART, EPYTHON. */
PYCONSOLE_API int pyconsole_session_new_shared(pyconsole_python *python,
                                               const pyconsole_shared_options *options,
                                               pyconsole_session **ret_session,
                                               pyconsole_error *error);

/* Runs what a session of PYCONSOLE_CALLERS_THREAD was asked, here, one request after the
 * other, until there is none, or `budget` milliseconds (0: no limit) were over when one
 * was done: then PYCONSOLE_MORE. Call it from the thread on which the host's objects may
 * be used, once something was asked. Events are taken as always. Errors: EINVAL: it has a
 * thread of its own; ECLOSED; EBUSY: it runs already, or another session runs on this
 * thread (a call from inside `pump`): what was asked stays in the queue. */
PYCONSOLE_API int pyconsole_shared_run(pyconsole_session *session, unsigned int budget);

#ifdef __cplusplus
}
#endif

#endif
