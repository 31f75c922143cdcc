/* The worker of a session: what the program is when a host starts it with
 * --session=FOLDER as its first option, the control socket as descriptor 3, and a terminal
 * or pipes as 1 and 2 (docs/protocol.md). FOLDER is that of package pyconsole. Everything is as at a prompt of its own: options, script, start-up
 * file; only that lines come from the host. The front end for terminals is such a host. */
#include "program/program.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "runtime/worker.h"

#define SESSION_OPTION "--session="

enum { CONTROL_FD = 3, LOWEST_FD = 10 };

const char *
pc_program_take_session_option(int *argc, char **argv)
{
    const size_t len = strlen(SESSION_OPTION);
    if (*argc < 2 || strncmp(argv[1], SESSION_OPTION, len) != 0) {
        return NULL;
    }
    const char *package = argv[1] + len;
    (*argc)--;
    memmove(argv + 1, argv + 2, (size_t)*argc * sizeof *argv);
    return package;
}

static PyObject *
forked(PyObject *capsule, PyObject *none)
{
    (void)none;
    pc_worker_forked(PyCapsule_GetPointer(capsule, NULL));
    Py_RETURN_NONE;
}

static PyMethodDef forked_def = {"forked", forked, METH_NOARGS,
                                 "This is a child of the session's code."};

/* A child of user code is told that it is no session. */
static int
watch_forks(struct pc_worker *worker)
{
    pc_auto_py PyObject *capsule = PyCapsule_New(worker, NULL, NULL);
    pc_auto_py PyObject *hook =
        capsule == NULL ? NULL : PyCFunction_New(&forked_def, capsule);
    pc_auto_py PyObject *os = hook == NULL ? NULL : PyImport_ImportModule("os");
    pc_auto_py PyObject *function =
        os == NULL ? NULL : PyObject_GetAttrString(os, "register_at_fork");
    pc_auto_py PyObject *arguments = function == NULL ? NULL : PyTuple_New(0);
    pc_auto_py PyObject *named =
        arguments == NULL ? NULL : Py_BuildValue("{s:O}", "after_in_child", hook);
    pc_auto_py PyObject *done =
        named == NULL ? NULL : PyObject_Call(function, arguments, named);
    return done == NULL ? -1 : 0;
}

/* Imports the package, whose modules are then found without its folder on sys.path. */
static int
import_package(const char *folder)
{
    PyObject *path = PySys_GetObject("path");
    pc_auto_py PyObject *text = PyUnicode_DecodeFSDefault(folder);
    if (text == NULL || path == NULL || !PyList_Check(path) ||
        PyList_Insert(path, 0, text) < 0) {
        return -1;
    }
    pc_auto_py PyObject *package = PyImport_ImportModule("pyconsole");
    return package == NULL || PySequence_DelItem(path, 0) < 0 ? -1 : 0;
}

int
pc_program_open_session(const char *package, struct pc_worker **ret_worker)
{
    static const int taken[] = {CONTROL_FD, 1, 2};
    int fds[3];
    struct pc_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        PyErr_NoMemory();
        return pc_program_show_error();
    }
    for (size_t i = 0; i < 3; i++) {
        fds[i] = fcntl(taken[i], F_DUPFD_CLOEXEC, LOWEST_FD);
    }
    close(CONTROL_FD);
    if (pc_worker_open(worker, fds[0], fds[1], fds[2]) < 0 || watch_forks(worker) < 0 ||
        import_package(package) < 0) {
        return pc_program_show_error();
    }
    *ret_worker = worker;
    return 0;
}

int
pc_program_serve(struct pc_worker *worker)
{
    PyObject *main = PyImport_AddModule("__main__");
    pc_program_import_quietly("readline"); /* input() edits lines by it */
    pc_auto_py PyObject *result = main == NULL || pc_program_ensure_prompts() < 0
                                      ? NULL
                                      : pc_worker_serve(worker, PyModule_GetDict(main));
    return PyErr_ExceptionMatches(PyExc_SystemExit) ? -1 : pc_program_show_error();
}
