/* The text of the statement that the program's console is reading, which is the buffer of
 * the console: compiled as if nothing were to come, and what is wrong with it, in the words
 * and at the place of a parser that reads line by line, as that of `python3 -i` does. */
#include "program/text.h"

#include <string.h>

/* The tokenizer allows no more open brackets (MAXLEVEL in Parser/tokenizer.h). */
#define BRACKETS_MOST 200

/* ---- compiled ---- */

PyObject *
pc_text_joined(struct pc_native *native)
{
    pc_auto_py PyObject *lines = PyUnicode_Join(native->engine.newline, native->buffer);
    return lines == NULL ? NULL : PyUnicode_Concat(lines, native->engine.newline);
}

/* Compiles what there is, and a line of closing brackets, as if nothing were to come. */
static PyObject *
compile_closed(struct pc_native *native, const char *closing)
{
    pc_auto_py PyObject *lines = pc_text_joined(native);
    pc_auto_py PyObject *text =
        lines == NULL ? NULL : PyUnicode_FromFormat("%U%s", lines, closing);
    const char *source = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (source == NULL) {
        return NULL;
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = (native->flags & ~PC_CODEOP_FLAGS) | PyCF_IGNORE_COOKIE;
    return Py_CompileStringObject(source, native->filename, Py_single_input, &flags,
                                  -1);
}

PyObject *
pc_text_compile(struct pc_native *native)
{
    return compile_closed(native, "");
}

/* The same without warnings. *ret_code is NULL, with the exception in flight, where the
 * text is wrong. */
static int
compile_quietly(struct pc_native *native, const char *closing, PyObject **ret_code)
{
    struct pc_quiet quiet;
    if (pc_quiet_begin(&native->engine, &quiet, true) < 0) {
        return -1;
    }
    pc_auto_py PyObject *code = compile_closed(native, closing);
    bool noted = false;
    if (pc_quiet_end(&native->engine, &quiet, &noted) < 0) {
        return -1;
    }
    *ret_code = pc_take(&code);
    return 0;
}

/* ---- errors in the text ---- */

static bool
message_has(PyObject *error, const char *part)
{
    pc_auto_py PyObject *text = PyObject_Str(error);
    const char *message = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (message == NULL) {
        PyErr_Clear();
        return false;
    }
    return strstr(message, part) != NULL;
}

/* The bracket that closes the one that the error says "was never closed", or 0. */
static char
missing_bracket(PyObject *error)
{
    static const char *const messages[] = {
        "'(' was never closed", "'[' was never closed", "'{' was never closed"};
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (message_has(error, messages[i])) {
            return ")]}"[i];
        }
    }
    return '\0';
}

/* A bracket or a string is open at the end of the text. Nothing but the message of the
 * error tells. */
static bool
is_open_inside(PyObject *error)
{
    return missing_bracket(error) != '\0' || message_has(error, "unterminated ");
}

/* What is wrong with the text in the eyes of a parser that reads line by line and stops at
 * the error: it has not met the end of the input, so open brackets are no error to it.
 * Closes them, one after the other. NULL, and nothing in flight, if nothing is wrong. */
static PyObject *
error_read_by_line(struct pc_native *native)
{
    char closing[BRACKETS_MOST + 1] = "";
    for (size_t depth = 0;; depth++) {
        pc_auto_py PyObject *code = NULL;
        if (compile_quietly(native, closing, &code) < 0 || code != NULL) {
            PyErr_Clear();
            return NULL;
        }
        pc_auto_py PyObject *error = pc_exception_take();
        char bracket = missing_bracket(error);
        if (bracket == '\0' || depth == BRACKETS_MOST) {
            return pc_take(&error);
        }
        closing[depth] = bracket;
    }
}

static int
set_attribute(PyObject *object, const char *name, PyObject *value)
{
    return value == NULL ? -1 : PyObject_SetAttrString(object, name, value);
}

static Py_ssize_t
number_of(PyObject *object, const char *name)
{
    pc_auto_py PyObject *value = PyObject_GetAttrString(object, name);
    Py_ssize_t number = value == NULL ? -1 : PyLong_AsSsize_t(value);
    if (PyErr_Occurred()) {
        PyErr_Clear();
    }
    return number;
}

/* The line of the text that the error speaks of, where the compiler left it out: from 3.13
 * on it is filled in. */
static PyObject *
missing_line(struct pc_native *native, PyObject *error)
{
#if PY_VERSION_HEX >= 0x030D0000
    Py_ssize_t index = number_of(error, "lineno") - 1;
    if (index >= 0 && index < PyList_GET_SIZE(native->buffer)) {
        return Py_NewRef(PyList_GET_ITEM(native->buffer, index));
    }
#else
    (void)native;
    (void)error;
#endif
    Py_RETURN_NONE;
}

/* The line that a SyntaxError shows, without its newline. */
static PyObject *
error_line(struct pc_native *native, PyObject *error)
{
    pc_auto_py PyObject *text = PyObject_GetAttrString(error, "text");
    if (text == Py_None) {
        return missing_line(native, error);
    }
    if (text == NULL || !PyUnicode_Check(text)) {
        return pc_take(&text);
    }
    return PyObject_CallMethod(text, "rstrip", "s", "\n");
}

/* Where the error is the line's end, it ends there too and not after the newline. */
static int
clip_end(PyObject *error, PyObject *line)
{
    if (!PyUnicode_Check(line) ||
        number_of(error, "lineno") != number_of(error, "end_lineno") ||
        number_of(error, "end_offset") <= PyUnicode_GET_LENGTH(line) + 1) {
        return 0;
    }
    pc_auto_py PyObject *end = PyLong_FromSsize_t(PyUnicode_GET_LENGTH(line) + 1);
    return set_attribute(error, "end_offset", end);
}

/* Names the error after the input, and takes the newline out of its text; `args` follow. */
static int
restate_syntax_error(struct pc_native *native, PyObject *error)
{
    pc_auto_py PyObject *name = PyUnicode_FromString(PC_TEXT_FILE_NAME);
    pc_auto_py PyObject *line = error_line(native, error);
    if (set_attribute(error, "filename", name) < 0 ||
        set_attribute(error, "text", line) < 0 || clip_end(error, line) < 0) {
        return -1;
    }
    static const char *const places[] = {"lineno", "offset", "end_lineno",
                                         "end_offset"};
    pc_auto_py PyObject *message = PyObject_GetAttrString(error, "msg");
    PyObject *place[] = {NULL, NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        place[i] = PyObject_GetAttrString(error, places[i]);
    }
    /* "N" takes the references over, also where it fails. */
    pc_auto_py PyObject *args = Py_BuildValue("(O(ONNONN))", message, name, place[0],
                                              place[1], line, place[2], place[3]);
    return set_attribute(error, "args", args);
}

/* Makes the exception in flight one of the text alone, without the library's frames. */
void
pc_text_restate_error(struct pc_native *native)
{
    pc_auto_py PyObject *error = pc_exception_take();
    if (PyException_SetTraceback(error, Py_None) < 0 ||
        (PyErr_GivenExceptionMatches(error, PyExc_SyntaxError) &&
         restate_syntax_error(native, error) < 0)) {
        PyErr_Clear();
    }
    pc_exception_raise(pc_take(&error));
}

/* Moves the error to the blank line, where the parser that reads line by line meets it. */
static int
move_to_last_line(struct pc_native *native, PyObject *error)
{
    bool dedent = message_has(error, "unexpected unindent");
    pc_auto_py PyObject *line = PyLong_FromSsize_t(PyList_GET_SIZE(native->buffer));
    pc_auto_py PyObject *offset = PyLong_FromLong(dedent ? 0 : 1);
    pc_auto_py PyObject *end_offset = PyLong_FromLong(dedent ? -1 : 1);
    if (set_attribute(error, "lineno", line) < 0 ||
        set_attribute(error, "offset", offset) < 0 ||
        set_attribute(error, "end_lineno", line) < 0 ||
        set_attribute(error, "end_offset", end_offset) < 0) {
        return -1;
    }
    return set_attribute(error, "text", native->engine.empty);
}

PyObject *
pc_text_error(struct pc_native *native, PyObject *error)
{
    if (!PyErr_GivenExceptionMatches(error, PyExc_SyntaxError)) {
        return Py_NewRef(error);
    }
    PyObject *better = error_read_by_line(native);
    if (better == NULL && !native->engine.dialect.final_pass) {
        pc_auto_py PyObject *code = pc_text_compile(native);
        better = code == NULL ? pc_exception_take() : NULL;
    }
    return better == NULL ? Py_NewRef(error) : better;
}

enum pc_text_verdict
pc_text_judge_blank_line(struct pc_native *native)
{
    pc_auto_py PyObject *code = NULL;
    if (compile_quietly(native, "", &code) < 0) {
        return PC_TEXT_WRONG;
    }
    if (code != NULL) {
        return PC_TEXT_COMPLETE; /* "x = 1 \\", and then the blank line */
    }
    if (!PyErr_ExceptionMatches(PyExc_SyntaxError)) {
        return PC_TEXT_WRONG;
    }
    pc_auto_py PyObject *error = pc_exception_take();
    if (is_open_inside(error)) {
        return PC_TEXT_OPEN;
    }
    if (move_to_last_line(native, error) == 0) {
        pc_exception_raise(pc_take(&error));
    }
    return PC_TEXT_WRONG;
}
