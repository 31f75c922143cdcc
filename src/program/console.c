/* The program's console: reads standard input by PyOS_Readline(), which edits lines with
 * readline on a terminal and gives the prompts to standard error elsewhere, and otherwise
 * does what `python3 -i` does (PyRun_InteractiveLoopFlags), by the engine's push().
 *
 * Where the two differ, python3 has the say:
 *   - a blank line ends a block in any case, also a block that codeop would wait for;
 *   - at the end of the input the block that was begun is run;
 *   - errors are shown by sys.excepthook alone, and nothing of the library is in them;
 *   - from 3.13 on each statement has a file name of its own, and tracebacks show source.
 * tests/python/test_program_filter.py compares them. */
#include "program/program.h"
#include "program/text.h"

#define CONSOLE_NAME "pyconsole"
/* So many times in a row may memory run out before the console gives up. */
#define MEMORY_ERRORS_MOST 16

struct program_console {
    struct pc_native native; /* first */
    struct pc_hooks hooks;   /* those of native, but for what is done here */
    const struct pc_hooks *base;
    PyObject *prompts[2]; /* owned: first, further; of this statement */
    size_t statements;
    int memory_errors;
    bool interrupted;
};

enum step { STEP_FAILED = -1, STEP_ON, STEP_MORE, STEP_END };

static struct program_console *
program_of(struct pc_console *con)
{
    return (struct program_console *)con;
}

/* ---- source lines for tracebacks ---- */

#if PY_VERSION_HEX >= 0x030E0000
#define STATEMENT_NAME "<stdin-%zu>"
#elif PY_VERSION_HEX >= 0x030D0000
#define STATEMENT_NAME "<stdin>-%zu"
#endif

/* Gives the next statement a file name of its own, for linecache to tell them apart. */
static int
name_statement(struct program_console *program)
{
#ifdef STATEMENT_NAME
    PyObject *name = PyUnicode_FromFormat(STATEMENT_NAME, program->statements++);
    if (name == NULL) {
        return -1;
    }
    Py_SETREF(program->native.filename, name);
#else
    (void)program;
#endif
    return 0;
}

/* Hands the text of `code` to linecache, by the function that CPython's own loop uses. */
static int
keep_source(struct program_console *program, PyObject *code)
{
#ifdef STATEMENT_NAME
    pc_auto_py PyObject *text = pc_text_joined(&program->native);
    pc_auto_py PyObject *lines =
        text == NULL ? NULL : PyImport_ImportModule("linecache");
    if (lines == NULL) {
        return -1;
    }
    bool by_code = PyObject_HasAttrString(lines, "_interactive_cache"); /* 3.13.1 */
    PyObject *key = by_code ? code : program->native.filename;
    pc_auto_py PyObject *kept = PyObject_CallMethod(lines, "_register_code", "OOs", key,
                                                    text, PC_TEXT_FILE_NAME);
    return kept == NULL ? -1 : name_statement(program);
#else
    (void)program;
    (void)code;
    return 0;
#endif
}

/* ---- hooks ---- */

static void
flush_stream(const char *name)
{
    PyObject *stream = PySys_GetObject(name);
    pc_auto_py PyObject *result =
        stream == NULL ? NULL : PyObject_CallMethod(stream, "flush", NULL);
    if (result == NULL) {
        PyErr_Clear();
    }
}

/* Shows the exception in flight: 0, or -1 with SystemExit. */
static int
show_error(void)
{
    int shown = pc_program_show_error();
    if (shown == 0) {
        flush_stream("stderr");
        flush_stream("stdout");
    }
    return shown;
}

static PyObject *
run_code(struct program_console *program, PyObject *code)
{
    PyObject *globals = program->native.locals;
    pc_auto_py PyObject *held = Py_NewRef(code);
    if (keep_source(program, code) < 0) {
        return NULL;
    }
#if PY_VERSION_HEX < 0x030E0000
    program->interrupted = false;
#endif
    pc_auto_py PyObject *result = PySys_Audit("exec", "O", code) < 0
                                      ? NULL
                                      : PyEval_EvalCode(code, globals, globals);
    if (result == NULL) {
        program->interrupted |= PyErr_Occurred() == PyExc_KeyboardInterrupt;
        return NULL;
    }
    flush_stream("stderr");
    flush_stream("stdout");
    Py_RETURN_NONE;
}

/* The exception being handled is one that codeop's compile raised. */
static PyObject *
show_syntax_error(struct program_console *program)
{
    pc_auto_py PyObject *error = PyErr_GetHandledException();
    PyErr_SetHandledException(NULL);
    pc_exception_raise(pc_text_error(&program->native, error));
    pc_text_restate_error(&program->native);
    if (show_error() < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
call(struct pc_console *con, enum pc_method method, PyObject **args, size_t n,
     PyObject *kwnames)
{
    struct program_console *program = program_of(con);
    if (method == PC_RUNCODE) {
        return run_code(program, args[1]);
    }
    if (method == PC_SHOWSYNTAXERROR) {
        return show_syntax_error(program);
    }
    return program->base->call(con, method, args, n, kwnames);
}

static int
write_text(struct pc_native *native, PyObject *text)
{
    (void)native;
    PySys_FormatStderr("%U", text);
    return 0;
}

static PyObject *
read_line(struct pc_native *native, PyObject *prompt)
{
    bool ended = false;
    return pc_input_read(native, prompt, &ended);
}

/* ---- prompts ---- */

static int
ensure_prompt(const char *name, const char *value)
{
    if (PySys_GetObject(name) != NULL) {
        return 0;
    }
    pc_auto_py PyObject *prompt = PyUnicode_FromString(value);
    return prompt == NULL ? -1 : PySys_SetObject(name, prompt);
}

int
pc_program_ensure_prompts(void)
{
    return ensure_prompt("ps1", ">>> ") < 0 ? -1 : ensure_prompt("ps2", "... ");
}

/* str() of sys.NAME, or "" where that fails: an object may be a prompt. */
static PyObject *
prompt_of(const char *name)
{
    PyObject *object = PySys_GetObject(name);
    PyObject *text = object == NULL ? NULL : PyObject_Str(object);
    if (text != NULL) {
        return text;
    }
    PyErr_Clear();
    return PyUnicode_FromString("");
}

/* Both prompts are made once for each statement, whether it needs the second or not. */
static int
make_prompts(struct program_console *program)
{
    Py_XSETREF(program->prompts[0], prompt_of("ps1"));
    Py_XSETREF(program->prompts[1], prompt_of("ps2"));
    return program->prompts[0] == NULL || program->prompts[1] == NULL ? -1 : 0;
}

/* ---- the loop ---- */

static enum step
drop_lines(struct program_console *program)
{
    pc_auto_py PyObject *result = pc_resetbuffer(&program->native.con);
    return result == NULL ? STEP_FAILED : STEP_ON;
}

/* Runs what there is, as if nothing were to come: at the end of the input, for one. */
static enum step
run_rest(struct program_console *program)
{
    pc_auto_py PyObject *code = pc_text_compile(&program->native);
    if (code == NULL) {
        pc_text_restate_error(&program->native);
        return STEP_FAILED;
    }
    pc_auto_py PyObject *result = run_code(program, code);
    return result == NULL ? STEP_FAILED : drop_lines(program);
}

/* After a blank line that codeop would wait beyond. */
static enum step
judge_blank_line(struct program_console *program)
{
    switch (pc_text_judge_blank_line(&program->native)) {
    case PC_TEXT_OPEN:
        return STEP_MORE;
    case PC_TEXT_COMPLETE:
        return run_rest(program);
    case PC_TEXT_WRONG:
        break;
    }
    pc_text_restate_error(&program->native);
    return STEP_FAILED;
}

static enum step
push(struct program_console *program, PyObject *line)
{
    PyObject *args[] = {NULL, line};
    struct pc_console *con = &program->native.con;
    pc_auto_py PyObject *answer = con->hooks->call(con, PC_PUSH, args, 1, NULL);
    if (answer == NULL) {
        return STEP_FAILED;
    }
    bool more = answer == Py_True;
    if (more && PyUnicode_GET_LENGTH(line) == 0) {
        return judge_blank_line(program);
    }
    return more ? STEP_MORE : STEP_ON;
}

/* Reads on behind a line that came without a newline; `*line` is owned and grows. */
static enum step
read_on(struct program_console *program, PyObject **line)
{
    for (bool ended = false; !ended;) {
        pc_auto_py PyObject *next =
            pc_input_read(&program->native, program->prompts[1], &ended);
        if (next == NULL) {
            return PyErr_ExceptionMatches(PyExc_EOFError) ? STEP_END : STEP_FAILED;
        }
        PyObject *both = PyUnicode_Concat(*line, next);
        if (both == NULL) {
            return STEP_FAILED;
        }
        Py_SETREF(*line, both);
    }
    return STEP_ON;
}

/* A line without a newline waits for one, or for the end of the input, which ends also
 * what it leaves open. */
static enum step
push_unended(struct program_console *program, PyObject *line)
{
    pc_auto_py PyObject *text = Py_NewRef(line);
    enum step end = read_on(program, &text);
    if (end == STEP_FAILED) {
        return STEP_FAILED;
    }
    PyErr_Clear();
    enum step step = push(program, text);
    return step == STEP_MORE && end == STEP_END ? run_rest(program) : step;
}

/* One prompt, one line. */
static enum step
read_and_push(struct program_console *program, bool more)
{
    if (!more && make_prompts(program) < 0) {
        return STEP_FAILED;
    }
    bool ended = false;
    pc_auto_py PyObject *line =
        pc_input_read(&program->native, program->prompts[more], &ended);
    if (line != NULL) {
        return ended ? push(program, line) : push_unended(program, line);
    }
    if (!PyErr_ExceptionMatches(PyExc_EOFError)) {
        return STEP_FAILED;
    }
    PyErr_Clear();
    return more ? run_rest(program) : STEP_END;
}

/* Shows what went wrong and goes on, but for SystemExit, and for memory that stays out. */
static enum step
recover(struct program_console *program)
{
    bool memory = PyErr_ExceptionMatches(PyExc_MemoryError);
    program->memory_errors = memory ? program->memory_errors + 1 : 0;
    if (program->memory_errors > MEMORY_ERRORS_MOST) {
        PyErr_Clear();
        PyErr_SetObject(PyExc_SystemExit, Py_True);
        return STEP_FAILED;
    }
    if (show_error() < 0) {
        return STEP_FAILED;
    }
    return drop_lines(program);
}

static int
loop(struct program_console *program)
{
    bool more = false;
    for (;;) {
        enum step step = read_and_push(program, more);
        if (step == STEP_FAILED) {
            step = recover(program);
        }
        else if (step == STEP_ON) {
            program->memory_errors = 0;
        }
        if (step == STEP_FAILED || step == STEP_END) {
            return step == STEP_END ? 0 : -1;
        }
        more = step == STEP_MORE;
    }
}

static int
open_console(struct program_console *program)
{
    static const struct pc_native_io io = {.write = write_text, .read = read_line};
    PyObject *main = PyImport_AddModule("__main__");
    if (main == NULL || pc_program_ensure_prompts() < 0 ||
        pc_native_init(&program->native, &io, CONSOLE_NAME, PyModule_GetDict(main),
                       PC_TEXT_FILE_NAME) < 0) {
        return -1;
    }
    program->base = program->native.con.hooks;
    program->hooks = *program->base;
    program->hooks.call = call;
    program->native.con.hooks = &program->hooks;
    return name_statement(program);
}

int
pc_program_console(bool *interrupted)
{
    struct program_console program = {.interrupted = *interrupted};
    int status = open_console(&program);
    if (status < 0) {
        status = pc_program_show_error();
    }
    else {
        status = loop(&program);
    }
    *interrupted = program.interrupted;
    Py_CLEAR(program.prompts[0]);
    Py_CLEAR(program.prompts[1]);
    pc_native_fini(&program.native);
    return status;
}
