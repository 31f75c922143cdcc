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
#include "embed/native.h"
#include "embed/program.h"

#include <string.h>

#define CONSOLE_NAME "pyconsole"
#define FILE_NAME    "<stdin>"
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

/* ---- the text so far ---- */

static PyObject *
joined_lines(struct program_console *program)
{
    pc_auto_py PyObject *lines =
        PyUnicode_Join(program->native.engine.newline, program->native.buffer);
    return lines == NULL ? NULL
                         : PyUnicode_Concat(lines, program->native.engine.newline);
}

/* Compiles what there is, as if nothing were to come. */
static PyObject *
compile_all(struct program_console *program)
{
    pc_auto_py PyObject *text = joined_lines(program);
    const char *source = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (source == NULL) {
        return NULL;
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = (program->native.flags & ~PC_CODEOP_FLAGS) | PyCF_IGNORE_COOKIE;
    return Py_CompileStringObject(source, program->native.filename, Py_single_input,
                                  &flags, -1);
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
    pc_auto_py PyObject *text = joined_lines(program);
    pc_auto_py PyObject *lines =
        text == NULL ? NULL : PyImport_ImportModule("linecache");
    if (lines == NULL) {
        return -1;
    }
    bool by_code = PyObject_HasAttrString(lines, "_interactive_cache"); /* 3.13.1 */
    PyObject *key = by_code ? code : program->native.filename;
    pc_auto_py PyObject *kept =
        PyObject_CallMethod(lines, "_register_code", "OOs", key, text, FILE_NAME);
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

/* Makes the exception in flight that of the text: without the library's frames, and named
 * after the input as a whole. */
static void
clean_compile_error(void)
{
    pc_auto_py PyObject *error = pc_exception_take();
    if (PyException_SetTraceback(error, Py_None) < 0) {
        PyErr_Clear();
    }
#ifdef STATEMENT_NAME
    if (PyErr_GivenExceptionMatches(error, PyExc_SyntaxError)) {
        pc_auto_py PyObject *name = PyUnicode_FromString(FILE_NAME);
        if (name == NULL || PyObject_SetAttrString(error, "filename", name) < 0) {
            PyErr_Clear();
        }
    }
#endif
    pc_exception_raise(pc_take(&error));
}

/* The exception being handled is one that the compiler raised. Before 3.11.5 it is that of
 * a tentative compile ("incomplete input"): has it done again for real. */
static PyObject *
show_syntax_error(struct program_console *program)
{
    pc_auto_py PyObject *error = PyErr_GetHandledException();
    PyErr_SetHandledException(NULL);
    pc_auto_py PyObject *code =
        program->native.engine.dialect.final_pass ? NULL : compile_all(program);
    if (!PyErr_Occurred()) {
        pc_exception_raise(pc_take(&error));
    }
    clean_compile_error();
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

/* ---- reading ---- */

/* The bytes cannot be decoded, as the UnicodeDecodeError in flight says: a SyntaxError at
 * the end of what was read before. */
static void
raise_decode_error(struct program_console *program)
{
    pc_auto_py PyObject *error = pc_exception_take();
    if (!PyErr_GivenExceptionMatches(error, PyExc_UnicodeError)) {
        pc_exception_raise(pc_take(&error));
        return;
    }
    PyObject *lines = program->native.buffer;
    Py_ssize_t count = PyList_GET_SIZE(lines);
    PyObject *last =
        count == 0 ? program->native.engine.empty : PyList_GET_ITEM(lines, count - 1);
    Py_ssize_t offset = count == 0 ? 0 : PyUnicode_GetLength(last) + 1;
    pc_auto_py PyObject *message = PyUnicode_FromFormat("(unicode error) %S", error);
    pc_auto_py PyObject *place =
        Py_BuildValue("(snnOni)", FILE_NAME, count, offset, last, count, -1);
    pc_auto_py PyObject *raised =
        message == NULL || place == NULL
            ? NULL
            : PyObject_CallFunctionObjArgs(PyExc_SyntaxError, message, place, NULL);
    if (raised != NULL) {
        pc_exception_raise(pc_take(&raised));
    }
}

/* sys.stdin.encoding, or NULL for UTF-8. */
static PyObject *
input_encoding(void)
{
    PyObject *file = PySys_GetObject("stdin");
    pc_auto_py PyObject *encoding =
        file == NULL ? NULL : PyObject_GetAttrString(file, "encoding");
    if (encoding == NULL || !PyUnicode_Check(encoding)) {
        PyErr_Clear();
        return NULL;
    }
    return pc_take(&encoding);
}

/* Every kind of newline becomes \n, and the last one goes. */
static PyObject *
without_newline(PyObject *line)
{
    pc_auto_py PyObject *text = Py_NewRef(line);
    Py_ssize_t length = PyUnicode_GET_LENGTH(line);
    if (PyUnicode_FindChar(line, '\r', 0, length, 1) >= 0) {
        pc_auto_py PyObject *plain =
            PyObject_CallMethod(line, "replace", "ss", "\r\n", "\n");
        Py_XSETREF(text, plain == NULL
                             ? NULL
                             : PyObject_CallMethod(plain, "replace", "ss", "\r", "\n"));
        if (text == NULL) {
            return NULL;
        }
        length = PyUnicode_GET_LENGTH(text);
    }
    bool ended = length > 0 && PyUnicode_READ_CHAR(text, length - 1) == '\n';
    return PyUnicode_Substring(text, 0, length - ended);
}

static PyObject *
decoded_line(struct program_console *program, const char *bytes)
{
    pc_auto_py PyObject *encoding = input_encoding();
    const char *name = encoding == NULL ? "utf-8" : PyUnicode_AsUTF8(encoding);
    pc_auto_py PyObject *line =
        name == NULL ? NULL
                     : PyUnicode_Decode(bytes, (Py_ssize_t)strlen(bytes), name, NULL);
    if (line == NULL) {
        raise_decode_error(program);
        return NULL;
    }
    return without_newline(line);
}

static PyObject *
read_line(struct pc_native *native, PyObject *prompt)
{
    const char *text = PyUnicode_AsUTF8(prompt);
    if (text == NULL) {
        PyErr_Clear();
        text = "";
    }
    char *bytes = PyOS_Readline(stdin, stdout, text);
    PyObject *line = NULL;
    if (bytes == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetNone(PyExc_KeyboardInterrupt);
        }
    }
    else if (*bytes == '\0') {
        PySys_WriteStderr("\n");
        PyErr_SetNone(PyExc_EOFError);
    }
    else {
        line = decoded_line(program_of(&native->con), bytes);
    }
    PyMem_Free(bytes);
    return line;
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
    pc_auto_py PyObject *code = compile_all(program);
    if (code == NULL) {
        clean_compile_error();
        return STEP_FAILED;
    }
    pc_auto_py PyObject *result = run_code(program, code);
    return result == NULL ? STEP_FAILED : drop_lines(program);
}

static int
compile_quietly(struct program_console *program, PyObject **ret_code)
{
    struct pc_quiet quiet;
    if (pc_quiet_begin(&program->native.engine, &quiet, true) < 0) {
        return -1;
    }
    pc_auto_py PyObject *code = compile_all(program);
    bool noted = false;
    if (pc_quiet_end(&program->native.engine, &quiet, &noted) < 0) {
        return -1;
    }
    *ret_code = pc_take(&code);
    return 0;
}

/* Does the SyntaxError in flight say that a bracket or a string is open? Nothing but its
 * message tells. */
static bool
is_open_inside(PyObject *error)
{
    pc_auto_py PyObject *text = PyObject_Str(error);
    const char *message = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (message == NULL) {
        PyErr_Clear();
        return true;
    }
    return strstr(message, "was never closed") != NULL ||
           strncmp(message, "unterminated", strlen("unterminated")) == 0;
}

/* Moves the error to the blank line, where the parser that reads line by line meets it. */
static int
move_to_last_line(struct program_console *program, PyObject *error)
{
    pc_auto_py PyObject *message = PyObject_GetAttrString(error, "msg");
    pc_auto_py PyObject *line =
        PyLong_FromSsize_t(PyList_GET_SIZE(program->native.buffer));
    if (message == NULL || line == NULL) {
        return -1;
    }
    bool dedent = PyUnicode_CompareWithASCIIString(message, "unexpected unindent") == 0;
    pc_auto_py PyObject *place = Py_BuildValue(
        "(sOisOi)", FILE_NAME, line, dedent ? 0 : 1, "", line, dedent ? -1 : 1);
    pc_auto_py PyObject *moved =
        place == NULL ? NULL
                      : PyObject_CallFunctionObjArgs((PyObject *)Py_TYPE(error),
                                                     message, place, NULL);
    if (moved == NULL) {
        return -1;
    }
    pc_exception_raise(pc_take(&moved));
    return 0;
}

/* After a blank line that codeop would wait beyond: only an open bracket or string lets
 * python3 wait too. Anything else is an error there. */
static enum step
judge_blank_line(struct program_console *program)
{
    pc_auto_py PyObject *code = NULL;
    if (compile_quietly(program, &code) < 0) {
        return STEP_FAILED;
    }
    if (code != NULL) {
        return run_rest(program); /* "x = 1 \\", and then the blank line */
    }
    if (!PyErr_ExceptionMatches(PyExc_SyntaxError)) {
        return STEP_FAILED;
    }
    pc_auto_py PyObject *error = pc_exception_take();
    if (is_open_inside(error)) {
        return STEP_MORE;
    }
    (void)move_to_last_line(program, error);
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

/* One prompt, one line. */
static enum step
read_and_push(struct program_console *program, bool more)
{
    if (!more && make_prompts(program) < 0) {
        return STEP_FAILED;
    }
    PyObject *args[] = {NULL, program->prompts[more]};
    struct pc_console *con = &program->native.con;
    pc_auto_py PyObject *line = con->hooks->call(con, PC_RAW_INPUT, args, 1, NULL);
    if (line != NULL) {
        return push(program, line);
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
    if (main == NULL || ensure_prompt("ps1", ">>> ") < 0 ||
        ensure_prompt("ps2", "... ") < 0 ||
        pc_native_init(&program->native, &io, CONSOLE_NAME, PyModule_GetDict(main),
                       FILE_NAME) < 0) {
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
