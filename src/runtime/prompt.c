/* The prompts of a session at a terminal: str() of sys.ps1 and sys.ps2, as they are when a
 * statement is over. A host that asked for them is told when they change. */
#include "runtime/worker.h"

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
    if (!worker->tells_prompts) {
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
