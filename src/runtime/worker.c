/* The loop of a worker and its requests; see worker.h.
 *
 * A request is announced ("start") if its host does not know, runs, and is over ("done").
 * Until then its number is known to the control thread, which may interrupt it; a signal
 * that comes too late is taken back before the next. */
#include "runtime/worker.h"
#include "runtime/assist.h"

#include <string.h>
#include <unistd.h>

static const char *const outcome_names[] = {"ok", "error", "interrupted", "more"};

/* ---- text ---- */

json_t *
pc_worker_text(PyObject *text)
{
    pc_auto_py PyObject *bytes =
        PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
    json_t *json = bytes == NULL ? NULL
                                 : json_stringn(PyBytes_AS_STRING(bytes),
                                                (size_t)PyBytes_GET_SIZE(bytes));
    if (json == NULL && bytes != NULL) {
        PyErr_NoMemory();
    }
    return json;
}

/* The text of a request; lone surrogates cannot come over the wire. */
static PyObject *
text_of(const json_t *message)
{
    return PyUnicode_FromStringAndSize(pc_wire_text(message, "text"),
                                       (Py_ssize_t)pc_wire_text_len(message, "text"));
}

/* ---- events ---- */

/* Of a stream, whatever becomes of it. An interrupt meanwhile is for the code, which gets
 * it afterwards. */
static void
flush_stream(const char *name)
{
    pc_auto_py PyObject *stream = Py_XNewRef(PySys_GetObject(name));
    bool again = stream != NULL && stream != Py_None;
    bool interrupted = false;
    while (again) {
        pc_auto_py PyObject *flush = PyUnicode_InternFromString("flush");
        pc_auto_py PyObject *result =
            flush == NULL ? NULL : PyObject_CallMethodNoArgs(stream, flush);
        again = result == NULL && !interrupted &&
                PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);
        interrupted = interrupted || again;
        PyErr_Clear();
    }
    if (interrupted) {
        PyErr_SetInterrupt();
    }
}

void
pc_worker_flush(void)
{
    pc_auto_py PyObject *in_flight = pc_exception_take();
    flush_stream("stdout");
    flush_stream("stderr");
    if (in_flight != NULL) {
        pc_exception_raise(pc_take(&in_flight));
    }
}

static int
send_from_process(struct pc_worker *worker, json_t *message)
{
    int sent = 0;
    pc_worker_flush();
    Py_BEGIN_ALLOW_THREADS
    sent = pc_control_send(&worker->control, message);
    Py_END_ALLOW_THREADS
    if (sent == PYCONSOLE_ENOMEM) {
        pc_worker_leave_without_memory();
    }
    return sent;
}

int
pc_worker_send(struct pc_worker *worker, json_t *message)
{
    return worker->home->send(worker, message);
}

static struct pc_worker *
worker_of(struct pc_native *native)
{
    return (struct pc_worker *)native;
}

/* What the console writes are errors: kept until the request has them all. */
static int
write_out(struct pc_native *native, PyObject *text)
{
    struct pc_worker *worker = worker_of(native);
    PyObject *both =
        worker->shown == NULL ? Py_NewRef(text) : PyUnicode_Concat(worker->shown, text);
    if (both == NULL) {
        return -1;
    }
    Py_XSETREF(worker->shown, both);
    return 0;
}

static PyObject *
read_in(struct pc_native *native, PyObject *prompt)
{
    (void)native;
    (void)prompt;
    PyErr_SetNone(PyExc_EOFError); /* push() reads nothing */
    return NULL;
}

static const struct pc_native_io worker_io = {.write = write_out, .read = read_in};

static json_t *
class_name(PyObject *object)
{
    pc_auto_py PyObject *name = PyType_GetName(Py_TYPE(object));
    return name == NULL ? NULL : pc_worker_text(name);
}

/* Sends what the console wrote, with the exception that it was about. */
static void
send_shown(struct pc_worker *worker)
{
    PyObject *exception = worker->native.reported;
    if (worker->shown == NULL && exception != NULL &&
        PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) {
        /* Now there is some. */
        Py_XDECREF(pc_native_show_again(&worker->native));
    }
    pc_auto_py PyObject *shown = pc_take(&worker->shown);
    if (shown == NULL && exception == NULL) {
        return;
    }
    json_t *message = json_pack("{s:s}", "event", "error");
    json_object_set_new(message, "text",
                        shown == NULL ? json_string("") : pc_worker_text(shown));
    if (exception != NULL) {
        pc_auto_py PyObject *detail = PyObject_Str(exception);
        json_object_set_new(message, "name", class_name(exception));
        json_object_set_new(message, "detail",
                            detail == NULL ? NULL : pc_worker_text(detail));
    }
    if (pc_worker_send(worker, message) == PYCONSOLE_ELIMIT) {
        json_t *name = exception == NULL ? json_string("") : class_name(exception);
        (void)pc_worker_send(worker,
                             json_pack("{s:s, s:s, s:o}", "event", "error", "text",
                                       "(an error too long to show)\n", "name", name));
    }
    PyErr_Clear();
}

static int
keep_in_builtins(struct pc_worker *worker, PyObject *value)
{
    (void)worker;
    return PyDict_SetItemString(PyEval_GetBuiltins(), "_", value);
}

PyObject *
pc_worker_display(struct pc_worker *worker, PyObject *value)
{
    if (value == Py_None) {
        return Py_NewRef(Py_None);
    }
    if (worker->home->keep_value(worker, Py_None) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *repr = PyObject_Repr(value);
    json_t *text = repr == NULL ? NULL : pc_worker_text(repr);
    if (text == NULL) {
        return NULL;
    }
    if (pc_worker_send(worker, json_pack("{s:s, s:o}", "event", "result", "text",
                                         text)) == PYCONSOLE_ELIMIT) {
        PyErr_SetString(PyExc_ValueError, "the value is too long to show");
        return NULL;
    }
    /* CPython does not look at signals after this, and what comes next may block. */
    return worker->home->keep_value(worker, value) < 0 || PyErr_CheckSignals() < 0
               ? NULL
               : Py_NewRef(Py_None);
}

/* sys.displayhook. */
static PyObject *
display(PyObject *capsule, PyObject *value)
{
    struct pc_worker *worker = PyCapsule_GetPointer(capsule, "pyconsole.worker");
    return worker == NULL ? NULL : pc_worker_display(worker, value);
}

static PyMethodDef display_def = {"displayhook", display, METH_O,
                                  "Show a value to who asked for it; keep it as _."};

/* ---- the end ---- */

/* The SystemExit in flight, as an event. What is in flight then has the number alone, so
 * that Python does not print the message. */
static void
send_exit(struct pc_worker *worker)
{
    pc_auto_py PyObject *exit = pc_exception_take();
    pc_auto_py PyObject *code = PyObject_GetAttrString(exit, "code");
    pc_auto_py PyObject *text = NULL;
    long status = 0;
    if (code != NULL && PyLong_Check(code)) {
        status = PyLong_AsLong(code); /* too large: -1, as in Python */
    }
    else if (code != NULL && code != Py_None) {
        text = PyObject_Str(code);
        status = 1;
    }
    PyErr_Clear();
    json_t *message =
        json_pack("{s:s, s:I, s:o}", "event", "exit", "status", (json_int_t)status,
                  "text", text == NULL ? json_string("") : pc_worker_text(text));
    (void)pc_worker_send(worker, message);
    pc_auto_py PyObject *number = PyLong_FromLong(status);
    PyErr_SetObject(PyExc_SystemExit, number);
}

/* Output of a child that user code forked ends with the request. */
static void
end_fork(void)
{
    pc_worker_flush();
    _exit(0);
}

/* ---- requests ---- */

static void
drop_signal(struct pc_worker *worker)
{
    (void)worker;
    if (PyErr_CheckSignals() < 0) {
        PyErr_Clear();
    }
}

static bool
set_current(struct pc_worker *worker, uint64_t request)
{
    worker->request = request;
    return pc_interrupt_set_current(&worker->control, request);
}

static enum pc_ran
assist(struct pc_worker *worker, const json_t *message)
{
    if (pc_worker_assist(worker, message) == 0) {
        return PC_RAN_OK;
    }
    return PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? PC_RAN_INTERRUPTED
                                                           : PC_RAN_FAILED;
}

static enum pc_ran
run(struct pc_worker *worker, const json_t *message, PyObject *text,
    json_t **ret_members)
{
    const char *op = pc_wire_text(message, "op");
    if (pc_assist_is_asked(message)) {
        return assist(worker, message);
    }
    if (strcmp(op, "execute") == 0) {
        return pc_worker_execute(worker, text);
    }
    if (strcmp(op, "push") == 0) {
        return pc_worker_push(worker, text);
    }
    *ret_members = pc_worker_judge(worker, text);
    return PC_RAN_OK;
}

/* It was interrupted before it began. */
static enum pc_ran
withdraw(struct pc_worker *worker, const json_t *message)
{
    bool pushes = strcmp(pc_wire_text(message, "op"), "push") == 0;
    pc_auto_py PyObject *reset = pushes ? pc_resetbuffer(&worker->native.con) : NULL;
    PyErr_Clear();
    return PC_RAN_INTERRUPTED;
}

/* What has a text and an outcome. -1: the session ends, with SystemExit in flight. */
static int
take_text_request(struct pc_worker *worker, const json_t *message)
{
    json_int_t id = (json_int_t)pc_wire_number(message, "id");
    pc_auto_py PyObject *text = text_of(message);
    json_t *members = NULL;
    Py_CLEAR(worker->native.reported);
    Py_CLEAR(worker->native.reported_traceback);
    /* Before the start is told: who knows of it may interrupt it. */
    bool withdrawn = set_current(worker, (uint64_t)id);
    if (!json_is_true(json_object_get(message, "begun"))) {
        (void)pc_worker_send(worker,
                             json_pack("{s:s, s:I}", "event", "start", "request", id));
    }
    (void)pc_worker_limit_memory(worker, true);
    enum pc_ran outcome = withdrawn      ? withdraw(worker, message)
                          : text == NULL ? PC_RAN_FAILED
                                         : run(worker, message, text, &members);
    (void)pc_worker_limit_memory(worker, false);
    if (worker->forked) {
        end_fork();
    }
    pc_auto_py PyObject *exit = outcome == PC_RAN_LEFT ? pc_exception_take() : NULL;
    (void)set_current(worker, 0);
    worker->home->drop_interrupt(worker);
    if (outcome == PC_RAN_LEFT) {
        pc_exception_raise(pc_take(&exit));
        if (worker->home->run == NULL) {
            send_exit(worker);
        }
        return -1;
    }
    send_shown(worker);
    PyErr_Clear();
    bool ran = !withdrawn && members == NULL && !pc_assist_is_asked(message);
    if (ran) {
        pc_worker_send_prompts(worker);
    }
    if (members == NULL) {
        members = json_pack("{s:s}", "name", outcome_names[outcome]);
    }
    json_object_set_new(members, "event", json_string("done"));
    json_object_set_new(members, "request", json_integer(id));
    json_t *typed = ran ? pc_worker_take_terminal(worker) : NULL;
    if (typed != NULL) {
        json_object_set_new(members, "detail", typed);
    }
    return pc_worker_send(worker, members) < 0 ? -1 : 0;
}

/* A debugger that is on hears nothing of it, in both processes. */
static int
take_fork_request(struct pc_worker *worker, struct pc_request *request, bool holds)
{
    int status = 0;
    PyThreadState_EnterTracing(PyThreadState_Get());
    if (holds) {
        status = pc_worker_checkpoint(worker, request);
    }
    else {
        pc_worker_clone(worker, request);
    }
    PyThreadState_LeaveTracing(PyThreadState_Get());
    return status;
}

int
pc_worker_take(struct pc_worker *worker, struct pc_request *request)
{
    const char *op = pc_wire_text(request->message, "op");
    bool holds = strcmp(op, "checkpoint") == 0;
    if (holds || strcmp(op, "clone") == 0) {
        return take_fork_request(worker, request, holds);
    }
    if (strcmp(op, "close") == 0) {
        PyErr_SetNone(PyExc_SystemExit);
        return -1;
    }
    if (strcmp(op, "execute") == 0 || strcmp(op, "push") == 0 ||
        strcmp(op, "is_complete") == 0 || pc_assist_is_asked(request->message)) {
        return take_text_request(worker, request->message);
    }
    json_t *refusal =
        json_pack("{s:s, s:s, s:I, s:s}", "event", "done", "name", "refused", "request",
                  (json_int_t)pc_wire_number(request->message, "id"), "text",
                  "there is no such request");
    return pc_worker_send(worker, refusal);
}

/* Handlers of signals that came while nothing of the session's ran. */
static void
take_signals(void)
{
    if (PyErr_CheckSignals() == 0) {
        return;
    }
    if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_Clear(); /* nothing runs that it could be meant for */
    }
    else {
        PyErr_WriteUnraisable(NULL); /* a handler of the session's own raised */
    }
}

/* Waits without the GIL, so that threads of the session run on; or runs what the prompt is
 * to run meanwhile. A signal ends the wait; one that came before it is not left lying. */
static struct pc_request *
wait_for_request(struct pc_worker *worker)
{
    struct pc_request *request = NULL;
    while (request == NULL) {
        take_signals();
        request = pc_control_first(&worker->control);
        if (request == NULL && !pc_worker_idle(worker)) {
            Py_BEGIN_ALLOW_THREADS
            request = pc_control_next(&worker->control);
            Py_END_ALLOW_THREADS
        }
    }
    return request;
}

int
pc_worker_send_ready(struct pc_worker *worker, json_t *typed)
{
    PyObject *executable = PySys_GetObject("executable");
    json_t *message =
        json_pack("{s:s, s:i, s:s, s:i}", "event", "ready", "version", PC_WIRE_VERSION,
                  "text", PY_VERSION, "pid", (int)getpid());
    if (executable != NULL && PyUnicode_Check(executable)) {
        json_object_set_new(message, "name", pc_worker_text(executable));
    }
    if (typed != NULL) {
        json_object_set_new(message, "detail", typed);
    }
    return pc_worker_send(worker, message);
}

int
pc_worker_init(struct pc_worker *worker, PyObject *globals)
{
    worker->native.engine.top_level_await = worker->prompting;
    return pc_native_init(&worker->native, &worker_io, "pyconsole", globals,
                          "<console>");
}

static int
begin(struct pc_worker *worker, PyObject *globals)
{
    if (pc_worker_init(worker, globals) < 0) {
        return -1;
    }
    pc_auto_py PyObject *capsule = PyCapsule_New(worker, "pyconsole.worker", NULL);
    pc_auto_py PyObject *hook =
        capsule == NULL ? NULL : PyCFunction_New(&display_def, capsule);
    if (hook == NULL || PySys_SetObject("displayhook", hook) < 0) {
        return -1;
    }
    pc_worker_delay_linecache(worker);
    if (pc_control_start(&worker->control) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    pc_worker_preload(worker);
    pc_worker_send_prompts(worker);
    return pc_worker_send_ready(worker, pc_worker_take_terminal(worker));
}

/* What was defined goes when Python ends, and so files are written to that nobody closed:
 * if only the module has the names by then. The worker itself stays. */
static void
let_go_of_names(struct pc_worker *worker)
{
    PyObject **owned[] = {&worker->native.locals, &worker->native.reported,
                          &worker->native.reported_traceback, &worker->before, NULL};
    for (PyObject ***each = owned; *each != NULL; each++) {
        Py_CLEAR(**each);
    }
}

PyObject *
pc_worker_serve(struct pc_worker *worker, PyObject *globals)
{
    if (begin(worker, globals) < 0) {
        return NULL;
    }
    for (;;) {
        struct pc_request *request = wait_for_request(worker);
        int taken = pc_worker_take(worker, request);
        pc_request_free(request);
        if (taken < 0) {
            if (!PyErr_Occurred()) {
                PyErr_SetNone(PyExc_SystemExit);
            }
            let_go_of_names(worker);
            return NULL;
        }
    }
}

/* The answer; NULL with an exception set. */
static json_t *
wait_for_answer(struct pc_worker *worker)
{
    json_t *answer = NULL;
    while (answer == NULL) {
        if (PyErr_CheckSignals() < 0) { /* also what came before the wait */
            return NULL;
        }
        Py_BEGIN_ALLOW_THREADS
        answer = pc_control_input(&worker->control, -1);
        Py_END_ALLOW_THREADS
    }
    return answer;
}

static const struct pc_worker_home process_home = {
    .send = send_from_process,
    .keep_value = keep_in_builtins,
    .drop_interrupt = drop_signal,
    .wait_for_answer = wait_for_answer,
};

int
pc_worker_open(struct pc_worker *worker, int fd, int out1, int out2)
{
    json_t *hello = NULL;
    worker->home = &process_home;
    if (pc_control_init(&worker->control, fd, out1, out2, &hello) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    worker->input = json_is_true(json_object_get(hello, "input"));
    worker->prompting = json_is_true(json_object_get(hello, "prompts"));
    worker->commanding = json_is_true(json_object_get(hello, "commands"));
    worker->control.terminal = json_is_true(json_object_get(hello, "terminal"));
    worker->memory = pc_wire_number(hello, "memory");
    worker->preload = json_incref(json_object_get(hello, "preload"));
    uint64_t version = pc_wire_number(hello, "version");
    json_decref(hello);
    if (version != PC_WIRE_VERSION) {
        PyErr_Format(PyExc_RuntimeError, "the host speaks version %llu of the protocol",
                     (unsigned long long)version);
        return -1;
    }
    pc_worker_keep_terminal(worker);
    if (pc_worker_limit_memory(worker, false) < 0 ||
        pc_control_own_terminal(&worker->control) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return 0;
}

/* ---- input ---- */

PyObject *
pc_worker_read_line(struct pc_worker *worker, bool password)
{
    if (!worker->input || worker->forked) {
        return PyUnicode_FromString("");
    }
    pc_control_ask_input(&worker->control, true);
    json_t *message = json_pack("{s:s, s:I, s:i}", "event", "input", "request",
                                (json_int_t)worker->request, "status", (int)password);
    json_t *answer = pc_worker_send(worker, message) < 0
                         ? NULL
                         : worker->home->wait_for_answer(worker);
    pc_control_ask_input(&worker->control, false);
    if (answer == NULL) {
        return PyErr_Occurred() ? NULL : PyUnicode_FromString("");
    }
    const char *line = json_string_value(answer);
    pc_auto_py PyObject *text =
        line == NULL
            ? PyUnicode_FromString("")
            : PyUnicode_FromStringAndSize(line, (Py_ssize_t)json_string_length(answer));
    bool ended = line == NULL;
    json_decref(answer);
    return text == NULL || ended ? pc_take(&text) : PyUnicode_FromFormat("%U\n", text);
}

void
pc_worker_forked(struct pc_worker *worker)
{
    if (!worker->forked) {
        worker->forked = true;
        worker->lines.filler = 0; /* no thread of this process runs it */
        pc_control_abandon(&worker->control);
    }
}
