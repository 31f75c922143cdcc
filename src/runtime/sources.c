/* What is done with the text of a request: it is run, pushed as a line, or judged. */
#include "runtime/worker.h"

#include <string.h>

/* ---- execute ---- */

static int
compiler_flags(const struct pc_worker *worker)
{
    int await = worker->prompting ? PyCF_ALLOW_TOP_LEVEL_AWAIT : 0;
    return (worker->native.flags & ~PC_CODEOP_FLAGS) | await;
}

/* A text is no file: a comment about its encoding is a comment. Without that flag CPython
 * gives the column of a SyntaxError in bytes, besides. */
static PyObject *
compile_text(struct pc_worker *worker, PyObject *source, PyObject *filename, int start,
             int more)
{
    PyCompilerFlags flags = {compiler_flags(worker) | PyCF_IGNORE_COOKIE | more,
                             PY_MINOR_VERSION};
    const char *utf8 = PyUnicode_AsUTF8(source);
    return utf8 == NULL ? NULL
                        : Py_CompileStringObject(utf8, filename, start, &flags, -1);
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
    bool collects = hold_collections();
    pc_auto_py PyObject *tree =
        compile_text(worker, source, filename, Py_file_input, PyCF_ONLY_AST);
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

/* Does what ends with a newline look like one statement? A line without a colon, or a header
 * with lines below it of which none begins in the first column, but for the end of a
 * bracket. */
static bool
seems_single(PyObject *source)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(source);
    Py_ssize_t end = PyUnicode_FindChar(source, '\n', 0, len, 1);
    if (end == len - 1) {
        return len > 1 && PyUnicode_FindChar(source, ':', 0, len, 1) < 0 &&
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

/* Did sys.excepthook raise what is in flight, when it was to show something else? Without
 * memory anything else may have, and an interrupt comes wherever it is. */
static bool
is_of_hook(const struct pc_worker *worker)
{
    return worker->native.reported != NULL && PyErr_ExceptionMatches(PyExc_Exception) &&
           !PyErr_ExceptionMatches(PyExc_MemoryError);
}

/* Then both are shown, as python3 does it, whatever this version's code.py does. */
static void
show_broken_hook(struct pc_worker *worker)
{
    PyObject *value = worker->native.reported;
    PyObject *tb = worker->native.reported_traceback;
    if (value != NULL && !PyErr_ExceptionMatches(PyExc_MemoryError)) {
        struct pc_except block = pc_except_begin();
        pc_auto_py PyObject *said = pc_report_broken_hook(
            &worker->native.engine, block.caught, (PyObject *)Py_TYPE(value), value,
            tb == NULL ? Py_None : tb);
        pc_except_end(&block);
        (void)said;
    }
    PyErr_Clear();
}

/* An exception that came out is SystemExit, or the compiler's, which is shown, or that of a
 * hook that was to show another. */
static enum pc_ran
outcome_of(struct pc_worker *worker, int ran, PyObject *source, PyObject *filename)
{
    if (ran < 0) {
        if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
            return PC_RAN_LEFT;
        }
        pc_auto_py PyObject *shown =
            is_of_hook(worker)
                ? NULL
                : pc_show_compile_error(&worker->native.con, source, filename);
        if (shown == NULL && PyErr_ExceptionMatches(PyExc_SystemExit)) {
            return PC_RAN_LEFT;
        }
        if (shown == NULL) {
            show_broken_hook(worker);
        }
    }
    if (worker->native.reported == NULL) {
        return ran < 0 ? PC_RAN_FAILED : PC_RAN_OK;
    }
    return PyErr_GivenExceptionMatches(worker->native.reported, PyExc_KeyboardInterrupt)
               ? PC_RAN_INTERRUPTED
               : PC_RAN_FAILED;
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

/* ---- what was judged is not compiled again */

static void
forget_judged(struct pc_judged *judged)
{
    Py_CLEAR(judged->source);
    Py_CLEAR(judged->code);
}

/* Does the text go on with blanks alone? */
static bool
goes_on_blank(PyObject *text, PyObject *start)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(text);
    Py_ssize_t begun = PyUnicode_GET_LENGTH(start);
    bool same = begun <= len && PyUnicode_Tailmatch(text, start, 0, begun, -1) == 1;
    for (Py_ssize_t i = begun; same && i < len; i++) {
        Py_UCS4 character = PyUnicode_READ_CHAR(text, i);
        same = character == ' ' || character == '\t' || character == '\n';
    }
    return same;
}

/* Would the compiler get the flags that a judgement is made with? It knows no __future__. */
static bool
compiles_as_judged(const struct pc_worker *worker)
{
    return (worker->native.flags & ~PC_CODEOP_FLAGS) == 0;
}

/* The code of the source that runs now, if it is the one that was judged last (new), or
 * NULL. */
static PyObject *
take_judged(struct pc_worker *worker, PyObject *source)
{
    struct pc_judged judged = worker->judged;
    worker->judged = (struct pc_judged){0};
    bool same = judged.code != NULL && judged.number == worker->sources &&
                compiles_as_judged(worker) && goes_on_blank(judged.source, source);
    PyObject *code = same ? Py_NewRef(judged.code) : NULL;
    forget_judged(&judged);
    return code;
}

static int
judge_to_run(struct pc_worker *worker, PyObject *source, PyObject *symbol,
             struct pc_outlook *outlook, PyObject **ret_error)
{
    uint64_t number = worker->sources + 1;
    pc_auto_py PyObject *filename = pc_worker_source_name(worker, number);
    pc_auto_py PyObject *code = NULL;
    forget_judged(&worker->judged);
    if (filename == NULL) {
        return -1;
    }
    int verdict = pc_judge(&worker->native.engine, source, filename, symbol, &code,
                           outlook, ret_error);
    if (code != NULL) {
        worker->judged = (struct pc_judged){Py_NewRef(source), pc_take(&code), number};
    }
    return verdict;
}

static int
run_python(struct pc_worker *worker, PyObject *source, PyObject *filename)
{
    if (worker->home->run != NULL) {
        return worker->home->run(worker, source);
    }
    /* Without a newline a comment at the end would be an error in one statement. */
    pc_auto_py PyObject *ended = pc_worker_ended(source);
    if (ended == NULL) {
        return -1;
    }
    pc_auto_py PyObject *judged = take_judged(worker, ended);
    if (judged != NULL) {
        return run_code(worker, judged);
    }
    if (!seems_single(ended)) {
        return run_statements(worker, ended, filename, NULL);
    }
    pc_auto_py PyObject *code =
        compile_text(worker, ended, filename, Py_single_input, 0);
    if (code != NULL) {
        return run_code(worker, code);
    }
    return PyErr_ExceptionMatches(PyExc_SyntaxError)
               ? run_statements(worker, ended, filename, pc_exception_take())
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
static enum pc_ran
outcome_at_home(struct pc_worker *worker, int ran)
{
    pc_worker_flush();
    return ran < 0                           ? PC_RAN_LEFT
           : worker->native.reported != NULL ? outcome_of(worker, 0, NULL, NULL)
           : ran > 0                         ? PC_RAN_FAILED
                                             : PC_RAN_OK;
}

enum pc_ran
pc_worker_execute(struct pc_worker *worker, PyObject *source)
{
    pc_auto_py PyObject *filename = pc_worker_source_name(worker, ++worker->sources);
    if (filename == NULL || pc_worker_keep_lines(worker, source, filename) < 0) {
        return outcome_of(worker, -1, source, worker->native.filename);
    }
    int ran = run_source(worker, source, filename);
    return worker->home->run == NULL ? outcome_of(worker, ran, source, filename)
                                     : outcome_at_home(worker, ran);
}

/* ---- push, is_complete ---- */

enum pc_ran
pc_worker_push(struct pc_worker *worker, PyObject *line)
{
    struct pc_console *con = &worker->native.con;
    PyObject *args[] = {NULL, line};
    pc_auto_py PyObject *more = con->hooks->call(con, PC_PUSH, args, 1, NULL);
    if (more == Py_True) {
        return PC_RAN_MORE;
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
                  : worker->prompting && worker->home->run == NULL
                      ? judge_to_run(worker, source, single, outlook, ret_error)
                      : pc_is_complete(&worker->native.engine, source, single, outlook,
                                       ret_error);
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

json_t *
pc_worker_judge(struct pc_worker *worker, PyObject *source)
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
