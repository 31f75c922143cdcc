/* The event loop of a session at a prompt, which module pyconsole._loop keeps: statements that
 * await run on it; and while the prompt waits, it runs what is on it, or the windows of
 * PyOS_InputHook. Both end when the control thread wakes the main thread; nothing is
 * looked at from time to time, but as long as a hook comes back by itself. */
#include "runtime/worker.h"

#include <fcntl.h>
#include <unistd.h>

#define LOOP "pyconsole._loop"

/* Ours stay out of the way of what code expects of 3 and so on. */
enum { LOWEST_FD = 10, HOOK_EVERY = 100 };

int
pc_worker_await(struct pc_worker *worker, PyObject *code)
{
    PyObject *globals = worker->native.locals;
    pc_auto_py PyObject *coroutine = PySys_Audit("exec", "O", code) < 0
                                         ? NULL
                                         : PyEval_EvalCode(code, globals, globals);
    pc_auto_py PyObject *loop = coroutine == NULL ? NULL : PyImport_ImportModule(LOOP);
    pc_auto_py PyObject *run =
        loop == NULL ? NULL : PyObject_GetAttrString(loop, "run");
    if (run == NULL) {
        return -1;
    }
    return pc_worker_call(worker, run, coroutine);
}

/* The module, if something has awaited: borrowed. */
static PyObject *
loop_module(void)
{
    return PyDict_GetItemString(PyImport_GetModuleDict(), LOOP);
}

long
pc_worker_tasks(void)
{
    PyObject *loop = loop_module();
    pc_auto_py PyObject *count =
        loop == NULL ? NULL : PyObject_CallMethod(loop, "tasks", NULL);
    long tasks = count == NULL ? -1 : PyLong_AsLong(count);
    PyErr_Clear();
    return tasks;
}

/* Hooks come back when there is something to read from descriptor 0: it is what wakes us,
 * meanwhile. */
static void
run_hook(struct pc_control *control)
{
    int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, LOWEST_FD);
    if (dup2(control->wake, STDIN_FILENO) >= 0) {
        (void)PyOS_InputHook();
    }
    if (input < 0) {
        (void)close(STDIN_FILENO);
        return;
    }
    (void)dup2(input, STDIN_FILENO);
    (void)close(input);
}

static bool
run_windows(struct pc_control *control)
{
    Py_BEGIN_ALLOW_THREADS
    do {
        run_hook(control);
    } while (pc_control_wait(control, HOOK_EVERY) == 0 && PyOS_InputHook != NULL);
    Py_END_ALLOW_THREADS
    return true;
}

/* What nobody can handle is told of, and the loop rests until the next prompt. */
static bool
run_loop(struct pc_control *control)
{
    PyObject *loop = loop_module();
    pc_auto_py PyObject *done =
        PyObject_CallMethod(loop, "run_until_readable", "i", control->wake);
    if (done == NULL && !PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_WriteUnraisable(loop);
        return false;
    }
    PyErr_Clear(); /* nothing runs that an interrupt could be meant for */
    (void)pc_control_wait(control, 0);
    return true;
}

bool
pc_worker_idle(struct pc_worker *worker)
{
    bool has_hook = worker->prompting && PyOS_InputHook != NULL;
    long tasks = worker->prompting ? pc_worker_tasks() : -1;
    if (tasks > 0 || (tasks == 0 && !has_hook)) {
        return run_loop(&worker->control);
    }
    return has_hook && run_windows(&worker->control);
}
