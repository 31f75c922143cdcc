/* The extension `_terminal`, for pyconsole/_prompt.py: the prompt (src/repl) in a process
 * that has its Python, over a session at its own terminal. It is loaded when the first
 * prompt opens. */
#include "base/cleanup.h"
#include "repl/repl.h"
#include "runtime/local.h"

/* One edit(): what the prompt's callbacks have in common. */
struct here {
    PyObject *run; /* borrowed, like the next */
    PyObject *namespace;
    bool awaits;
    struct pc_local *local;
    PyThreadState *thread;   /* while the prompt waits: what has given the GIL back */
    PyObject *exception;     /* owned: what ends the prompt */
    PyObject *set_wakeup_fd; /* owned: signal's; in C there is none before 3.12 */
    bool told;               /* of signals, by: */
    int told_by;
};

/* ---- what the prompt asks ---- */

static void
enter(void *ctx)
{
    struct here *here = ctx;
    PyThreadState *thread = here->thread;
    here->thread = NULL;
    PyEval_RestoreThread(thread);
}

static void
leave(void *ctx)
{
    ((struct here *)ctx)->thread = PyEval_SaveThread();
}

/* 0, or of -1 the status: the exception is for the caller of edit(). */
static int
status_of(struct here *here, int done)
{
    if (done < 0) {
        Py_XSETREF(here->exception, pc_exception_take());
    }
    return done < 0 ? PYCONSOLE_EPYTHON : PYCONSOLE_OK;
}

static int
open_session(void *ctx, const pyconsole_session_options *options,
             pyconsole_session **ret_session)
{
    struct here *here = ctx;
    return status_of(here, pc_local_new(here->namespace, here->run, here->awaits,
                                        options, &here->local, ret_session));
}

static int
serve(void *ctx)
{
    struct here *here = ctx;
    return status_of(here, pc_local_serve(here->local));
}

static int
take_signals(void *ctx)
{
    int checked = PyErr_CheckSignals();
    if (checked < 0 && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_Clear();
        return PYCONSOLE_EINTERRUPT;
    }
    return status_of(ctx, checked);
}

/* Without the GIL. */
static int
session_fd(void *ctx)
{
    return pc_local_fd(((struct here *)ctx)->local);
}

/* What was set; -2: this is not the main thread, which is the one that hears of signals. */
static int
set_wakeup_fd(struct here *here, int fd)
{
    pc_auto_py PyObject *before = PyObject_CallFunction(here->set_wakeup_fd, "i", fd);
    int result = before == NULL ? -2 : (int)PyLong_AsLong(before);
    PyErr_Clear();
    return result;
}

/* Who has a descriptor of his own for it keeps that. */
static void
tell_signals(void *ctx, int fd)
{
    struct here *here = ctx;
    bool without_gil = here->thread != NULL;
    if (without_gil) {
        enter(here);
    }
    if (fd >= 0) {
        int before = set_wakeup_fd(here, fd);
        here->told = before == -1;
        here->told_by = fd;
        (void)(before < 0 || set_wakeup_fd(here, before));
    }
    else if (here->told) {
        int now =
            set_wakeup_fd(here, -1); /* another one, if a loop of windows did that */
        (void)(now < 0 || now == here->told_by || set_wakeup_fd(here, now));
        here->told = false;
    }
    if (without_gil) {
        leave(here);
    }
}

/* ---- the module ---- */

/* True at the end of the input; False: there is no prompt here. Steals the exception. */
static PyObject *
answer(int status, PyObject *exception)
{
    if (exception != NULL) {
        pc_exception_raise(exception);
        return NULL;
    }
    if (status == PYCONSOLE_ENOMEM) {
        return PyErr_NoMemory();
    }
    return PyBool_FromLong(status == PYCONSOLE_OK || status == PYCONSOLE_EEOF);
}

static PyObject *
edit(PyObject *Py_UNUSED(extension), PyObject *args)
{
    struct here here = {0};
    int awaits = 0;
    int environment = 0;
    if (!PyArg_ParseTuple(args, "OO!pp:edit", &here.run, &PyDict_Type, &here.namespace,
                          &awaits, &environment)) {
        return NULL;
    }
    here.awaits = awaits != 0;
    const struct pc_repl_host host = {
        .ctx = &here,
        .enter = enter,
        .leave = leave,
        .open = open_session,
        .serve = serve,
        .take_signals = take_signals,
        .fd = session_fd,
        .tell_signals = tell_signals,
        .input_hook = (int (*const *)(void)) & PyOS_InputHook,
    };
    const struct pc_repl_options options = {
        .host = &host, .quiet = true, .environment = environment != 0};
    if (!pc_repl_is_usable(&options)) {
        Py_RETURN_FALSE;
    }
    pc_auto_py PyObject *signals = PyImport_ImportModule("_signal");
    here.set_wakeup_fd =
        signals == NULL ? NULL : PyObject_GetAttrString(signals, "set_wakeup_fd");
    if (here.set_wakeup_fd == NULL) {
        return NULL;
    }
    leave(&here);
    int status = pc_repl_edit(&options);
    enter(&here);
    pc_local_free(here.local);
    Py_DECREF(here.set_wakeup_fd);
    return answer(status, here.exception);
}

static PyMethodDef terminal_functions[] = {
    {"edit", edit, METH_VARARGS,
     "edit(run, namespace, awaits, environment)\n--\n\n"
     "Prompt on the terminal, and run(source) what is typed, until the end of the input:\n"
     "True; or False, where there can be no editor. run() says whether all went well;\n"
     "what it raises ends the prompt. `environment`: the PYTHON variables count."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot terminal_slots[] = {{0, NULL}};

static struct PyModuleDef terminal_module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "pyconsole._terminal",
    .m_doc = "The prompt at a terminal, in C.",
    .m_methods = terminal_functions,
    .m_slots = terminal_slots,
};

PyMODINIT_FUNC PyInit__terminal(void);

PyMODINIT_FUNC
PyInit__terminal(void)
{
    return PyModuleDef_Init(&terminal_module_def);
}
