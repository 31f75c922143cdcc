/* The terminal of a session: it is taken back from what a statement started when that is
 * over. Where the host prompts for its lines there, it is told of sys.ps1 and sys.ps2, if
 * they changed; the terminal has the modes again that it had at first; and what was typed
 * while the statement ran, but read by nobody, is the host's. */
#include "runtime/worker.h"

#include <signal.h>
#include <unistd.h>

/* Our own cap; the kernel's is 4096. */
enum { TYPED_MOST = 1 << 16 };

/* As CPython's REPL has it: where str() raises, the default. A new reference. */
static PyObject *
prompt_of(const char *name, const char *otherwise)
{
    PyObject *object = PySys_GetObject(name);
    PyObject *text = object == NULL ? NULL : PyObject_Str(object);
    if (text == NULL) {
        PyErr_Clear();
        text = PyUnicode_FromString(otherwise);
    }
    return text;
}

static bool
are_equal(PyObject *one, PyObject *other)
{
    return one != NULL && other != NULL && PyUnicode_Compare(one, other) == 0;
}

void
pc_worker_send_prompts(struct pc_worker *worker)
{
    if (!worker->prompting) {
        return;
    }
    pc_auto_py PyObject *first = prompt_of("ps1", ">>> ");
    pc_auto_py PyObject *further = prompt_of("ps2", "... ");
    if (first == NULL || further == NULL) {
        PyErr_Clear();
        return;
    }
    if (are_equal(first, worker->prompts[0]) &&
        are_equal(further, worker->prompts[1])) {
        return;
    }
    json_t *message =
        json_pack("{s:s, s:o, s:o}", "event", "prompt", "text", pc_worker_text(first),
                  "detail", pc_worker_text(further));
    PyErr_Clear();
    (void)pc_worker_send(worker, message);
    Py_XSETREF(worker->prompts[0], pc_take(&first));
    Py_XSETREF(worker->prompts[1], pc_take(&further));
}

/* ---- the terminal ---- */

void
pc_worker_keep_terminal(struct pc_worker *worker)
{
    worker->has_terminal = (worker->prompting || worker->control.terminal) &&
                           tcgetattr(STDIN_FILENO, &worker->modes) == 0;
}

/* Everything that was typed and not read, whole lines or not. */
static size_t
read_typed(const struct pc_worker *worker, char *bytes)
{
    struct termios modes = worker->modes;
    size_t len = 0;
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    modes.c_cc[VMIN] = 0;
    modes.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &modes) < 0) {
        return 0; /* code has put something else in its place */
    }
    for (ssize_t count = 1; count > 0 && len < TYPED_MOST; len += (size_t)count) {
        count = read(STDIN_FILENO, bytes + len, TYPED_MOST - len);
        count = count < 0 ? 0 : count;
    }
    return len;
}

/* The same as a json string, or NULL; the terminal has its first modes again. */
static json_t *
take_typed(struct pc_worker *worker)
{
    char bytes[TYPED_MOST];
    size_t len = read_typed(worker, bytes);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &worker->modes);
    pc_auto_py PyObject *text =
        len == 0 ? NULL : PyUnicode_DecodeUTF8(bytes, (Py_ssize_t)len, "replace");
    json_t *typed = text == NULL ? NULL : pc_worker_text(text);
    PyErr_Clear();
    return typed;
}

/* A process in the background that changes a terminal is stopped by SIGTTOU, unless it
 * blocks that. */
json_t *
pc_worker_take_terminal(struct pc_worker *worker)
{
    if (!worker->has_terminal) {
        return NULL;
    }
    sigset_t stop;
    sigset_t before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    (void)tcsetpgrp(STDIN_FILENO, getpgrp());
    json_t *typed = worker->prompting ? take_typed(worker) : NULL;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return typed;
}
