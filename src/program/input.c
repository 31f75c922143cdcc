/* The console's input: lines of standard input, by PyOS_Readline(). On a terminal that is
 * readline; elsewhere the prompt goes to standard error, and bytes are read in a way that
 * leaves what follows to sys.stdin, so that input() in a session gets it. */
#include "program/text.h"

#include <string.h>

/* The bytes cannot be decoded, as the UnicodeDecodeError in flight says: a SyntaxError at
 * the end of what was read before. */
static void
raise_decode_error(struct pc_native *native)
{
    pc_auto_py PyObject *error = pc_exception_take();
    if (!PyErr_GivenExceptionMatches(error, PyExc_UnicodeError)) {
        pc_exception_raise(pc_take(&error));
        return;
    }
    PyObject *lines = native->buffer;
    Py_ssize_t count = PyList_GET_SIZE(lines);
    PyObject *last =
        count == 0 ? native->engine.empty : PyList_GET_ITEM(lines, count - 1);
    Py_ssize_t offset = count == 0 ? 0 : PyUnicode_GetLength(last) + 1;
    pc_auto_py PyObject *message = PyUnicode_FromFormat("(unicode error) %S", error);
    pc_auto_py PyObject *place =
        Py_BuildValue("(snnOni)", PC_TEXT_FILE_NAME, count, offset, last, count, -1);
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
decoded_line(struct pc_native *native, const char *bytes)
{
    pc_auto_py PyObject *encoding = input_encoding();
    const char *name = encoding == NULL ? "utf-8" : PyUnicode_AsUTF8(encoding);
    pc_auto_py PyObject *line =
        name == NULL ? NULL
                     : PyUnicode_Decode(bytes, (Py_ssize_t)strlen(bytes), name, NULL);
    if (line == NULL) {
        raise_decode_error(native);
        return NULL;
    }
    return without_newline(line);
}

/* Reading was broken off; leaves the line that the prompt is on. */
static void
interrupt(void)
{
    if (!PyErr_Occurred()) {
        PyErr_SetNone(PyExc_KeyboardInterrupt);
    }
    pc_auto_py PyObject *raised = pc_exception_take();
    PySys_WriteStderr("\n");
    pc_exception_raise(pc_take(&raised));
}

PyObject *
pc_input_read(struct pc_native *native, PyObject *prompt, bool *ret_ended)
{
    const char *text = PyUnicode_AsUTF8(prompt);
    if (text == NULL) {
        PyErr_Clear();
        text = "";
    }
    char *bytes = PyOS_Readline(stdin, stdout, text);
    PyObject *line = NULL;
    if (bytes == NULL) {
        interrupt();
    }
    else if (*bytes == '\0') {
        PySys_WriteStderr("\n");
        PyErr_SetNone(PyExc_EOFError);
    }
    else {
        *ret_ended = bytes[strlen(bytes) - 1] == '\n';
        line = decoded_line(native, bytes);
    }
    PyMem_Free(bytes);
    return line;
}
