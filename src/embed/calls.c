/* What a C host does with a console: run lines, and values in its namespace. Each
 * function is one call of the engine between pc_call_begin and pc_call_end. */
#include "embed/handle.h"

#include <string.h>

/* ---- text ---- */

/* A str from UTF-8, or NULL with *ret_status set. */
static PyObject *
text_from(struct pyconsole_console *console, const char *text, size_t len,
          int *ret_status)
{
    *ret_status = PYCONSOLE_EINVAL;
    if (text == NULL) {
        pc_set_message(console, "the text is NULL");
        return NULL;
    }
    len = len == PYCONSOLE_TERMINATED ? strlen(text) : len;
    if (len > PYCONSOLE_MAX_SOURCE) {
        *ret_status = PYCONSOLE_ELIMIT;
        return NULL;
    }
    PyObject *string = PyUnicode_DecodeUTF8(text, (Py_ssize_t)len, NULL);
    if (string == NULL) {
        bool not_utf8 = PyErr_ExceptionMatches(PyExc_UnicodeDecodeError);
        int status = pc_status_of_exception(console);
        *ret_status = not_utf8 ? PYCONSOLE_EINVAL : status;
    }
    return string;
}

/* What runsource() or push() gave: a status; the exception in flight stays for
 * pc_call_end. */
static int
status_of_more(PyObject *more)
{
    return more == NULL ? PYCONSOLE_EPYTHON
                        : (more == Py_True ? PYCONSOLE_MORE : PYCONSOLE_OK);
}

/* ---- running ---- */

static int
push(struct pyconsole_console *console, const char *line, size_t len)
{
    int status = PYCONSOLE_OK;
    pc_auto_py PyObject *text = text_from(console, line, len, &status);
    if (text == NULL) {
        return status;
    }
    struct pc_console *con = &console->native.con;
    PyObject *args[] = {NULL, text};
    pc_auto_py PyObject *more = con->hooks->call(con, PC_PUSH, args, 1, NULL);
    if (more == NULL) {
        /* The statement is over, whatever came out of it. */
        struct pc_except block = pc_except_begin();
        pc_auto_py PyObject *reset = pc_resetbuffer(con);
        if (reset == NULL) {
            PyErr_Clear();
        }
        pc_except_reraise(&block);
    }
    return status_of_more(more);
}

int
pyconsole_console_push(pyconsole_console *console, const char *line, size_t len)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return pc_call_end(&call, push(console, line, len));
}

static bool
is_symbol(const char *symbol)
{
    return strcmp(symbol, "single") == 0 || strcmp(symbol, "exec") == 0 ||
           strcmp(symbol, "eval") == 0;
}

static int
run_source(struct pyconsole_console *console, const char *source, size_t len,
           const char *filename, const char *symbol)
{
    symbol = symbol == NULL ? "single" : symbol;
    if (!is_symbol(symbol)) {
        pc_set_message(console, "the symbol is not \"single\", \"exec\" or \"eval\"");
        return PYCONSOLE_EINVAL;
    }
    int status = PYCONSOLE_OK;
    pc_auto_py PyObject *text = text_from(console, source, len, &status);
    if (text == NULL) {
        return status;
    }
    pc_auto_py PyObject *file = filename == NULL ? Py_NewRef(console->native.filename)
                                                 : PyUnicode_DecodeFSDefault(filename);
    pc_auto_py PyObject *start = file == NULL ? NULL : PyUnicode_FromString(symbol);
    pc_auto_py PyObject *more =
        start == NULL ? NULL : pc_runsource(&console->native.con, text, file, start);
    return status_of_more(more);
}

int
pyconsole_console_runsource(pyconsole_console *console, const char *source, size_t len,
                            const char *filename, const char *symbol)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return pc_call_end(&call, run_source(console, source, len, filename, symbol));
}

int
pyconsole_console_resetbuffer(pyconsole_console *console)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    pc_auto_py PyObject *result = pc_resetbuffer(&console->native.con);
    Py_CLEAR(result);
    return pc_call_end(&call, PYCONSOLE_OK);
}

/* A str from a text that may be NULL: None. */
static PyObject *
text_or_none(struct pyconsole_console *console, const char *text, int *ret_status)
{
    return text == NULL ? Py_NewRef(Py_None)
                        : text_from(console, text, PYCONSOLE_TERMINATED, ret_status);
}

static int
interact(struct pyconsole_console *console, const char *banner, const char *exitmsg)
{
    int status = PYCONSOLE_OK;
    pc_auto_py PyObject *hello = text_or_none(console, banner, &status);
    pc_auto_py PyObject *goodbye =
        hello == NULL ? NULL : text_or_none(console, exitmsg, &status);
    if (goodbye == NULL) {
        return status;
    }
    pc_auto_py PyObject *result = pc_interact(&console->native.con, hello, goodbye);
    return result == NULL ? PYCONSOLE_EPYTHON : PYCONSOLE_OK;
}

int
pyconsole_console_interact(pyconsole_console *console, const char *banner,
                           const char *exitmsg)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return pc_call_end(&call, interact(console, banner, exitmsg));
}

static int
write_text(struct pyconsole_console *console, const char *text, size_t len)
{
    int status = PYCONSOLE_OK;
    pc_auto_py PyObject *string = text_from(console, text, len, &status);
    if (string == NULL) {
        return status;
    }
    return console->native.io->write(&console->native, string) < 0 ? PYCONSOLE_EPYTHON
                                                                   : PYCONSOLE_OK;
}

int
pyconsole_console_write(pyconsole_console *console, const char *text, size_t len)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return pc_call_end(&call, write_text(console, text, len));
}

static int
show_traceback(struct pyconsole_console *console)
{
    pc_auto_py PyObject *shown = pc_native_show_again(&console->native);
    if (shown == NULL && !PyErr_Occurred()) {
        pc_set_message(console, "there was no exception");
        return PYCONSOLE_EINVAL;
    }
    return shown == NULL ? PYCONSOLE_EPYTHON : PYCONSOLE_OK;
}

int
pyconsole_console_showtraceback(pyconsole_console *console)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return pc_call_end(&call, show_traceback(console));
}

/* ---- values ---- */

static int
set_value(struct pyconsole_console *console, const char *name, PyObject *value)
{
    int status = PYCONSOLE_OK;
    pc_auto_py PyObject *key = text_from(console, name, PYCONSOLE_TERMINATED, &status);
    if (key == NULL) {
        return status;
    }
    if (!PyUnicode_IsIdentifier(key)) {
        pc_set_message(console, "the name is not an identifier");
        return PYCONSOLE_EINVAL;
    }
    return PyDict_SetItem(console->native.locals, key, value) < 0 ? PYCONSOLE_EPYTHON
                                                                  : PYCONSOLE_OK;
}

/* Sets a name to what `value` (stolen; NULL with an exception set) is. */
static int
set_and_end(struct pc_call *call, const char *name, PyObject *value)
{
    int status =
        value == NULL ? PYCONSOLE_EPYTHON : set_value(call->console, name, value);
    Py_XDECREF(value); /* before the GIL goes */
    return pc_call_end(call, status);
}

int
pyconsole_console_set_int(pyconsole_console *console, const char *name, int64_t value)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return set_and_end(&call, name, PyLong_FromLongLong(value));
}

int
pyconsole_console_set_double(pyconsole_console *console, const char *name, double value)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return set_and_end(&call, name, PyFloat_FromDouble(value));
}

int
pyconsole_console_set_string(pyconsole_console *console, const char *name,
                             const char *text, size_t len)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    int status = PYCONSOLE_OK;
    PyObject *string = text_from(console, text, len, &status);
    return string == NULL ? pc_call_end(&call, status)
                          : set_and_end(&call, name, string);
}

int
pyconsole_console_set_bytes(pyconsole_console *console, const char *name,
                            const void *data, size_t len)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    if (len > PYCONSOLE_MAX_SOURCE || (data == NULL && len > 0)) {
        return pc_call_end(&call, data == NULL ? PYCONSOLE_EINVAL : PYCONSOLE_ELIMIT);
    }
    return set_and_end(&call, name, PyBytes_FromStringAndSize(data, (Py_ssize_t)len));
}

static PyObject *
list_of(const double *values, size_t count)
{
    pc_auto_py PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = PyFloat_FromDouble(values[i]);
        if (item == NULL) {
            return NULL;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    return pc_take(&list);
}

int
pyconsole_console_set_doubles(pyconsole_console *console, const char *name,
                              const double *values, size_t count)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    if (count > PYCONSOLE_MAX_SOURCE / sizeof *values ||
        (values == NULL && count > 0)) {
        return pc_call_end(&call, values == NULL ? PYCONSOLE_EINVAL : PYCONSOLE_ELIMIT);
    }
    return set_and_end(&call, name, list_of(values, count));
}

/* What `name` is: a new reference, or NULL with *ret_status set. */
static PyObject *
get_value(struct pyconsole_console *console, const char *name, int *ret_status)
{
    pc_auto_py PyObject *key =
        text_from(console, name, PYCONSOLE_TERMINATED, ret_status);
    if (key == NULL) {
        return NULL;
    }
    PyObject *value = PyDict_GetItemWithError(console->native.locals, key);
    if (value == NULL) {
        *ret_status = PyErr_Occurred() ? PYCONSOLE_EPYTHON : PYCONSOLE_EINVAL;
        pc_set_message(console, "there is no such name");
    }
    return Py_XNewRef(value);
}

static int
get_string(struct pyconsole_console *console, const char *name, const char **ret_text,
           size_t *ret_len)
{
    int status = PYCONSOLE_EINVAL;
    pc_auto_py PyObject *value =
        ret_text == NULL ? NULL : get_value(console, name, &status);
    if (value == NULL) {
        return status;
    }
    pc_auto_py PyObject *string = PyObject_Str(value);
    pc_auto_py PyObject *bytes = string == NULL ? NULL : pc_encode(string);
    if (bytes == NULL) {
        return PYCONSOLE_EPYTHON;
    }
    *ret_text = PyBytes_AS_STRING(bytes);
    if (ret_len != NULL) {
        *ret_len = (size_t)PyBytes_GET_SIZE(bytes);
    }
    Py_XSETREF(console->text, pc_take(&bytes));
    return PYCONSOLE_OK;
}

int
pyconsole_console_get_string(pyconsole_console *console, const char *name,
                             const char **ret_text, size_t *ret_len)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return pc_call_end(&call, get_string(console, name, ret_text, ret_len));
}

/* ---- for hosts that hold Python objects ---- */

PyObject *
pyconsole_console_get_locals(pyconsole_console *console)
{
    return console == NULL ? NULL : Py_NewRef(console->native.locals);
}

int
pyconsole_console_set_locals(pyconsole_console *console, PyObject *locals)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    if (locals == NULL || !PyDict_Check(locals)) {
        return pc_call_end(&call, PYCONSOLE_EINVAL);
    }
    Py_SETREF(console->native.locals, Py_NewRef(locals));
    return pc_call_end(&call, PYCONSOLE_OK);
}

int
pyconsole_console_set_object(pyconsole_console *console, const char *name,
                             PyObject *object)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    return set_and_end(&call, name, Py_XNewRef(object));
}
