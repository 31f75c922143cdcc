/* The loop of a worker and its requests; see worker.h.
 *
 * A request is announced ("start"), runs, and is over ("done"). Between the two its number
 * is known to the control thread, which may interrupt it; a signal that comes too late is
 * taken back before the next. */
#include "runtime/worker.h"
#include "runtime/assist.h"

#include <string.h>
#include <unistd.h>

enum outcome { OK, FAILED, INTERRUPTED, MORE, LEFT };

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
        pc_auto_py PyObject *result = PyObject_CallMethod(stream, "flush", NULL);
        again = result == NULL && !interrupted &&
                PyErr_ExceptionMatches(PyExc_KeyboardInterrupt);
        interrupted = interrupted || again;
        PyErr_Clear();
    }
    if (interrupted) {
        PyErr_SetInterrupt();
    }
}

static int
send_from_process(struct pc_worker *worker, json_t *message)
{
    pc_auto_py PyObject *in_flight = pc_exception_take();
    flush_stream("stdout");
    flush_stream("stderr");
    int sent = 0;
    Py_BEGIN_ALLOW_THREADS
    sent = pc_control_send(&worker->control, message);
    Py_END_ALLOW_THREADS
    if (sent == PYCONSOLE_ENOMEM) {
        pc_worker_leave_without_memory();
    }
    if (in_flight != NULL) {
        pc_exception_raise(pc_take(&in_flight));
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

/* ---- execute ---- */

static int
compiler_flags(const struct pc_worker *worker)
{
    int await = worker->prompting ? PyCF_ALLOW_TOP_LEVEL_AWAIT : 0;
    return (worker->native.flags & ~PC_CODEOP_FLAGS) | await;
}

/* Lets tracebacks show the lines of a source. */
static int
keep_lines(PyObject *source, PyObject *filename)
{
    pc_auto_py PyObject *linecache = PyImport_ImportModule("linecache");
    pc_auto_py PyObject *cache =
        linecache == NULL ? NULL : PyObject_GetAttrString(linecache, "cache");
    pc_auto_py PyObject *lines = cache == NULL ? NULL : PyUnicode_Splitlines(source, 1);
    pc_auto_py PyObject *entry =
        lines == NULL ? NULL
                      : Py_BuildValue("(nOOO)", PyUnicode_GET_LENGTH(source), Py_None,
                                      lines, filename);
    return entry == NULL ? -1 : PyObject_SetItem(cache, filename, entry);
}

/* Runs code; what it raises is shown. -1: SystemExit, or showing failed. */
static int
run_code(struct pc_worker *worker, PyObject *code)
{
    struct pc_console *con = &worker->native.con;
    worker->native.flags |= ((PyCodeObject *)code)->co_flags & PyCF_MASK;
    if ((((PyCodeObject *)code)->co_flags & CO_COROUTINE) != 0) {
        return pc_worker_await(worker, code);
    }
    PyObject *args[] = {NULL, code};
    pc_auto_py PyObject *result = con->hooks->call(con, PC_RUNCODE, args, 1, NULL);
    return result == NULL ? -1 : 0;
}

/* Before 3.11.5 a collection that runs Python code, and so lets another thread make a tree,
 * while a tree becomes objects or is made of them ends in "AST constructor recursion depth
 * mismatch" (gh-106905). Is there to be one again afterwards? */
static bool
hold_collections(void)
{
    return Py_Version < 0x030B0500 && PyGC_Disable();
}

static void
allow_collections(bool before)
{
    if (before) {
        PyGC_Enable();
    }
}

static PyObject *
parse(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    PyCompilerFlags flags = {compiler_flags(worker) | PyCF_ONLY_AST, PY_MINOR_VERSION};
    const char *utf8 = PyUnicode_AsUTF8(source);
    bool collects = hold_collections();
    pc_auto_py PyObject *tree =
        utf8 == NULL
            ? NULL
            : Py_CompileStringObject(utf8, filename, Py_file_input, &flags, -1);
    allow_collections(collects);
    return tree == NULL ? NULL : PyObject_GetAttrString(tree, "body");
}

/* One statement of several, compiled as at a prompt. */
static PyObject *
compile_statement(struct pc_worker *worker, PyObject *statement, PyObject *filename)
{
    pc_auto_py PyObject *ast = PyImport_ImportModule("ast");
    pc_auto_py PyObject *tree =
        ast == NULL ? NULL
                    : PyObject_CallMethod(ast, "Interactive", "([O])", statement);
    if (tree == NULL) {
        return NULL;
    }
    bool collects = hold_collections();
    PyObject *code =
        PyObject_CallFunction(worker->native.engine.compile, "OOsiO", tree, filename,
                              "single", compiler_flags(worker), Py_True);
    allow_collections(collects);
    return code;
}

/* Each statement of a source, until one raises. `error` (stolen, or NULL) is what compiling
 * it as one gave: right if it is one. */
static int
run_statements(struct pc_worker *worker, PyObject *source, PyObject *filename,
               PyObject *error)
{
    pc_auto_py PyObject *raised = error;
    pc_auto_py PyObject *body = parse(worker, source, filename);
    if (body == NULL) {
        return -1;
    }
    if (raised != NULL && PyList_GET_SIZE(body) == 1) {
        pc_exception_raise(pc_take(&raised));
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(body); i++) {
        pc_auto_py PyObject *code =
            compile_statement(worker, PyList_GET_ITEM(body, i), filename);
        if (code == NULL || run_code(worker, code) < 0) {
            return -1;
        }
        if (worker->native.reported != NULL) {
            return 0;
        }
    }
    return 0;
}

/* Does it look like one statement? A line without a colon, or a header with lines below it of
 * which none begins in the first column, but for the end of a bracket. */
static bool
seems_single(PyObject *source)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(source);
    Py_ssize_t end = PyUnicode_FindChar(source, '\n', 0, len, 1);
    if (end < 0) {
        return len > 0 && PyUnicode_FindChar(source, ':', 0, len, 1) < 0 &&
               PyUnicode_FindChar(source, '#', 0, len, 1) < 0;
    }
    for (Py_ssize_t start = 0; end >= 0;
         end = PyUnicode_FindChar(source, '\n', start, len, 1)) {
        start = end + 1;
        Py_UCS4 first = start < len ? PyUnicode_READ_CHAR(source, start) : '\n';
        if (first > 127 || strchr(" \t\n)]}", (int)first) == NULL) {
            return false;
        }
    }
    return true;
}

/* Compiled at once; NULL with an exception set where it is not one statement, or wrong. */
static PyObject *
compile_single(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    PyCompilerFlags flags = {compiler_flags(worker), PY_MINOR_VERSION};
    const char *utf8 = PyUnicode_AsUTF8(source);
    return utf8 == NULL
               ? NULL
               : Py_CompileStringObject(utf8, filename, Py_single_input, &flags, -1);
}

/* An exception that came out is SystemExit, or the compiler's, which is shown. */
static enum outcome
outcome_of(struct pc_worker *worker, int ran, PyObject *source, PyObject *filename)
{
    if (ran < 0) {
        if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
            return LEFT;
        }
        pc_auto_py PyObject *shown =
            pc_show_compile_error(&worker->native.con, source, filename);
        if (shown == NULL) {
            PyErr_Clear();
        }
    }
    if (worker->native.reported == NULL) {
        return ran < 0 ? FAILED : OK;
    }
    return PyErr_GivenExceptionMatches(worker->native.reported, PyExc_KeyboardInterrupt)
               ? INTERRUPTED
               : FAILED;
}

PyObject *
pc_worker_source_name(const struct pc_worker *worker, uint64_t number)
{
    unsigned long long n = number;
    return worker->session == 0
               ? PyUnicode_FromFormat("<input-%llu>", n)
               : PyUnicode_FromFormat("<session-%llu input-%llu>",
                                      (unsigned long long)worker->session, n);
}

void
pc_worker_forget_sources(const struct pc_worker *worker)
{
    pc_auto_py PyObject *linecache = PyImport_ImportModule("linecache");
    pc_auto_py PyObject *cache =
        linecache == NULL ? NULL : PyObject_GetAttrString(linecache, "cache");
    for (uint64_t i = 1; cache != NULL && i <= worker->sources; i++) {
        pc_auto_py PyObject *name = pc_worker_source_name(worker, i);
        if (name == NULL || PyObject_DelItem(cache, name) < 0) {
            PyErr_Clear();
        }
    }
    PyErr_Clear();
}

static int
run_python(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    if (worker->home->run != NULL) {
        return worker->home->run(worker, source);
    }
    if (!seems_single(source)) {
        return run_statements(worker, source, filename, NULL);
    }
    pc_auto_py PyObject *code = compile_single(worker, source, filename);
    if (code != NULL) {
        return run_code(worker, code);
    }
    return PyErr_ExceptionMatches(PyExc_SyntaxError)
               ? run_statements(worker, source, filename, pc_exception_take())
               : -1;
}

/* The commands that it begins with, then what is left. */
static int
run_source(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    pc_auto_py PyObject *left = Py_NewRef(source);
    int ran = pc_worker_prepare_commands(worker);
    while (ran == 0 && worker->native.reported == NULL) {
        struct pc_worker_command command = {0};
        int found = pc_worker_find_command(worker, left, &command);
        if (found <= 0) {
            return found < 0 ? -1 : run_python(worker, left, filename);
        }
        Py_SETREF(left, Py_NewRef(command.rest));
        ran = pc_worker_run_command(worker, &command);
        pc_worker_command_fini(&command);
        if (PyUnicode_GET_LENGTH(left) == 0) {
            break;
        }
    }
    return ran;
}

/* The home knows what became of it, but that of commands. What was printed is on the
 * screen before there is a prompt. */
static enum outcome
outcome_at_home(struct pc_worker *worker, int ran)
{
    pc_auto_py PyObject *in_flight = pc_exception_take();
    flush_stream("stdout");
    flush_stream("stderr");
    if (in_flight != NULL) {
        pc_exception_raise(pc_take(&in_flight));
    }
    return ran < 0                           ? LEFT
           : worker->native.reported != NULL ? outcome_of(worker, 0, NULL, NULL)
           : ran > 0                         ? FAILED
                                             : OK;
}

static enum outcome
execute(struct pc_worker *worker, PyObject *source)
{
    pc_auto_py PyObject *filename = pc_worker_source_name(worker, ++worker->sources);
    if (filename == NULL || keep_lines(source, filename) < 0) {
        return outcome_of(worker, -1, source, worker->native.filename);
    }
    int ran = run_source(worker, source, filename);
    return worker->home->run == NULL ? outcome_of(worker, ran, source, filename)
                                     : outcome_at_home(worker, ran);
}

/* ---- push, is_complete ---- */

static enum outcome
push(struct pc_worker *worker, PyObject *line)
{
    struct pc_console *con = &worker->native.con;
    PyObject *args[] = {NULL, line};
    pc_auto_py PyObject *more = con->hooks->call(con, PC_PUSH, args, 1, NULL);
    if (more == Py_True) {
        return MORE;
    }
    return outcome_of(worker, more == NULL ? -1 : 0, line, worker->native.filename);
}

/* In which line, from 1, a statement begins: with its first decorator. 0 with an exception
 * set. */
static long
first_line(PyObject *statement)
{
    pc_auto_py PyObject *decorators =
        PyObject_GetAttrString(statement, "decorator_list");
    PyObject *first = decorators != NULL && PyList_GET_SIZE(decorators) > 0
                          ? PyList_GET_ITEM(decorators, 0)
                          : statement;
    PyErr_Clear();
    pc_auto_py PyObject *line = PyObject_GetAttrString(first, "lineno");
    long number = line == NULL ? 0 : PyLong_AsLong(line);
    return number < 0 ? 0 : number;
}

/* The text from a line on: a new reference. */
static PyObject *
text_from_line(PyObject *source, long number)
{
    Py_ssize_t start = 0;
    Py_ssize_t len = PyUnicode_GET_LENGTH(source);
    for (long line = 1; line < number && start < len; line++) {
        Py_ssize_t end = PyUnicode_FindChar(source, '\n', start, len, 1);
        start = end < 0 ? len : end + 1;
    }
    return PyUnicode_Substring(source, start, len);
}

/* The last of several statements, which says whether they are complete; NULL, with an
 * exception set or not, if there are not several, or they cannot be parsed. */
static PyObject *
last_statement(struct pc_worker *worker, PyObject *source)
{
    pc_auto_py PyObject *body = parse(worker, source, worker->native.filename);
    Py_ssize_t count = body == NULL ? 0 : PyList_GET_SIZE(body);
    long line = count < 2 ? 0 : first_line(PyList_GET_ITEM(body, count - 1));
    return line == 0 ? NULL : text_from_line(source, line);
}

/* As codeop, but that a block of a host that prompts may have several statements. */
static int
is_python_complete(struct pc_worker *worker, PyObject *source,
                   struct pc_outlook *outlook, PyObject **ret_error)
{
    pc_auto_py PyObject *single = PyUnicode_InternFromString("single");
    int verdict = single == NULL ? -1
                                 : pc_is_complete(&worker->native.engine, source,
                                                  single, outlook, ret_error);
    if (verdict != PC_INVALID || !worker->prompting) {
        return verdict;
    }
    pc_auto_py PyObject *last = last_statement(worker, source);
    PyErr_Clear();
    pc_auto_py PyObject *symbol = PyUnicode_InternFromString("exec");
    Py_CLEAR(*ret_error);
    return last == NULL ? pc_is_complete(&worker->native.engine, source, symbol,
                                         outlook, ret_error)
                        : pc_is_complete(&worker->native.engine, last, single, outlook,
                                         ret_error);
}

/* The same, where it may begin with commands. */
static int
is_complete(struct pc_worker *worker, PyObject *source, struct pc_outlook *outlook,
            PyObject **ret_error)
{
    pc_auto_py PyObject *left = Py_NewRef(source);
    struct pc_worker_command command = {0};
    int found = 0;
    bool complete = true;
    while (complete && (found = pc_worker_find_command(worker, left, &command)) > 0) {
        Py_SETREF(left, Py_NewRef(command.rest));
        complete = command.complete;
        pc_worker_command_fini(&command);
        if (complete && PyUnicode_GET_LENGTH(left) == 0) {
            return PC_COMPLETE;
        }
    }
    return !complete   ? PC_INCOMPLETE
           : found < 0 ? -1
                       : is_python_complete(worker, left, outlook, ret_error);
}

/* The members of "done". */
static json_t *
judge(struct pc_worker *worker, PyObject *source)
{
    static const char *const names[] = {"complete", "incomplete", "invalid"};
    struct pc_outlook outlook = {0};
    pc_auto_py PyObject *error = NULL;
    int verdict = is_complete(worker, source, &outlook, &error);
    const char bracket[] = {outlook.bracket, '\0'};
    if (verdict < 0) {
        PyErr_Clear();
        return json_pack("{s:s}", "name", "invalid");
    }
    json_t *members = json_pack("{s:s, s:s, s:s, s:s}", "name", names[verdict],
                                "missing", pc_missing_word(outlook.missing), "bracket",
                                bracket, "indent", outlook.indent);
    pc_auto_py PyObject *text = error == NULL ? NULL : PyObject_Str(error);
    if (text != NULL) {
        json_object_set_new(members, "text", pc_worker_text(text));
    }
    PyErr_Clear();
    return members;
}

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
    flush_stream("stdout");
    flush_stream("stderr");
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

static void
set_current(struct pc_worker *worker, uint64_t request)
{
    worker->request = request;
    pc_control_set_current(&worker->control, request);
}

static enum outcome
assist(struct pc_worker *worker, const json_t *message)
{
    if (pc_worker_assist(worker, message) == 0) {
        return OK;
    }
    return PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? INTERRUPTED : FAILED;
}

static enum outcome
run(struct pc_worker *worker, const json_t *message, PyObject *text,
    json_t **ret_members)
{
    const char *op = pc_wire_text(message, "op");
    if (pc_assist_is_asked(message)) {
        return assist(worker, message);
    }
    if (strcmp(op, "execute") == 0) {
        return execute(worker, text);
    }
    if (strcmp(op, "push") == 0) {
        return push(worker, text);
    }
    *ret_members = judge(worker, text);
    return OK;
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
    set_current(worker, (uint64_t)id); /* who knows of the start may interrupt it */
    (void)pc_worker_send(worker,
                         json_pack("{s:s, s:I}", "event", "start", "request", id));
    (void)pc_worker_limit_memory(worker, true);
    enum outcome outcome = text == NULL ? FAILED : run(worker, message, text, &members);
    (void)pc_worker_limit_memory(worker, false);
    if (worker->forked) {
        end_fork();
    }
    pc_auto_py PyObject *exit = outcome == LEFT ? pc_exception_take() : NULL;
    set_current(worker, 0);
    worker->home->drop_interrupt(worker);
    if (outcome == LEFT) {
        pc_exception_raise(pc_take(&exit));
        if (worker->home->run == NULL) {
            send_exit(worker);
        }
        return -1;
    }
    send_shown(worker);
    PyErr_Clear();
    bool ran = members == NULL && !pc_assist_is_asked(message);
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

int
pc_worker_take(struct pc_worker *worker, struct pc_request *request)
{
    const char *op = pc_wire_text(request->message, "op");
    if (strcmp(op, "clone") == 0) {
        pc_worker_clone(worker, request);
        return 0;
    }
    if (strcmp(op, "checkpoint") == 0) {
        return pc_worker_checkpoint(worker, request);
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

/* Waits without the GIL, so that threads of the session run on; or runs what the prompt is
 * to run meanwhile. */
static struct pc_request *
wait_for_request(struct pc_worker *worker)
{
    struct pc_request *request = NULL;
    while (request == NULL) {
        request = pc_control_first(&worker->control);
        if (request == NULL && !pc_worker_idle(worker)) {
            Py_BEGIN_ALLOW_THREADS
            request = pc_control_next(&worker->control);
            Py_END_ALLOW_THREADS
        }
        if (request == NULL && PyErr_CheckSignals() < 0) {
            if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
                PyErr_Clear(); /* nothing runs that it could be meant for */
            }
            else {
                PyErr_WriteUnraisable(NULL); /* a handler of the session's own raised */
            }
        }
    }
    return request;
}

int
pc_worker_send_ready(struct pc_worker *worker)
{
    PyObject *executable = PySys_GetObject("executable");
    json_t *message =
        json_pack("{s:s, s:i, s:s, s:i}", "event", "ready", "version", PC_WIRE_VERSION,
                  "text", PY_VERSION, "pid", (int)getpid());
    if (executable != NULL && PyUnicode_Check(executable)) {
        json_object_set_new(message, "name", pc_worker_text(executable));
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
    if (pc_control_start(&worker->control) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    pc_worker_preload(worker);
    pc_worker_send_prompts(worker);
    return pc_worker_send_ready(worker);
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
        pc_control_abandon(&worker->control);
    }
}
