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
        pc_copy_message(console->message, sizeof console->message, "the text is NULL");
        return NULL;
    }
    len = len == PYCONSOLE_TERMINATED ? strlen(text) : len;
    if (len > PYCONSOLE_MAX_SOURCE) {
        *ret_status = PYCONSOLE_ELIMIT;
        pc_copy_message(console->message, sizeof console->message,
                        pyconsole_status_text(PYCONSOLE_ELIMIT));
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
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return pc_call_end(&call, push(console, line, len));
}

static int
run_source(struct pyconsole_console *console, const char *source, size_t len,
           const char *filename, const char *symbol)
{
    int status = PYCONSOLE_OK;
    pc_auto_py PyObject *text = text_from(console, source, len, &status);
    if (text == NULL) {
        return status;
    }
    pc_auto_py PyObject *file = filename == NULL ? Py_NewRef(console->native.filename)
                                                 : PyUnicode_DecodeFSDefault(filename);
    pc_auto_py PyObject *start =
        file == NULL ? NULL : PyUnicode_FromString(symbol == NULL ? "single" : symbol);
    pc_auto_py PyObject *more =
        start == NULL ? NULL : pc_runsource(&console->native.con, text, file, start);
    return status_of_more(more);
}

int
pyconsole_console_runsource(pyconsole_console *console, const char *source, size_t len,
                            const char *filename, const char *symbol)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return pc_call_end(&call, run_source(console, source, len, filename, symbol));
}

int
pyconsole_console_resetbuffer(pyconsole_console *console)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    pc_auto_py PyObject *result = pc_resetbuffer(&console->native.con);
    Py_CLEAR(result);
    return pc_call_end(&call, PYCONSOLE_OK);
}

static int
interact(struct pyconsole_console *console, const char *banner, const char *exitmsg)
{
    pc_auto_py PyObject *hello =
        banner == NULL ? Py_NewRef(Py_None) : PyUnicode_FromString(banner);
    if (hello == NULL) {
        return PYCONSOLE_EPYTHON;
    }
    pc_auto_py PyObject *goodbye =
        exitmsg == NULL ? Py_NewRef(Py_None) : PyUnicode_FromString(exitmsg);
    if (goodbye == NULL) {
        return PYCONSOLE_EPYTHON;
    }
    pc_auto_py PyObject *result = pc_interact(&console->native.con, hello, goodbye);
    return result == NULL ? PYCONSOLE_EPYTHON : PYCONSOLE_OK;
}

int
pyconsole_console_interact(pyconsole_console *console, const char *banner,
                           const char *exitmsg)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
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
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return pc_call_end(&call, write_text(console, text, len));
}

static int
show_traceback(struct pyconsole_console *console)
{
    pc_auto_py PyObject *shown = pc_native_show_again(&console->native);
    if (shown == NULL && !PyErr_Occurred()) {
        pc_copy_message(console->message, sizeof console->message,
                        "there was no exception");
        return PYCONSOLE_EINVAL;
    }
    return shown == NULL ? PYCONSOLE_EPYTHON : PYCONSOLE_OK;
}

int
pyconsole_console_showtraceback(pyconsole_console *console)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return pc_call_end(&call, show_traceback(console));
}

/* ---- values ---- */

static int
set_value(struct pyconsole_console *console, const char *name, PyObject *value)
{
    pc_auto_py PyObject *key = name == NULL ? NULL : PyUnicode_FromString(name);
    if (name != NULL && key == NULL) {
        return PYCONSOLE_EPYTHON;
    }
    if (key == NULL || !PyUnicode_IsIdentifier(key)) {
        pc_copy_message(console->message, sizeof console->message,
                        "the name is not an identifier");
        return PYCONSOLE_EINVAL;
    }
    return PyDict_SetItem(console->native.locals, key, value) < 0 ? PYCONSOLE_EPYTHON
                                                                  : PYCONSOLE_OK;
}

/* Sets a name to what `value` (stolen; NULL with an exception set) is. */
static int
set_and_end(struct pc_call *call, const char *name, PyObject *value)
{
    pc_auto_py PyObject *owned = value;
    int status =
        owned == NULL ? PYCONSOLE_EPYTHON : set_value(call->console, name, owned);
    return pc_call_end(call, status);
}

int
pyconsole_console_set_int(pyconsole_console *console, const char *name, int64_t value)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return set_and_end(&call, name, PyLong_FromLongLong(value));
}

int
pyconsole_console_set_double(pyconsole_console *console, const char *name, double value)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return set_and_end(&call, name, PyFloat_FromDouble(value));
}

int
pyconsole_console_set_string(pyconsole_console *console, const char *name,
                             const char *text, size_t len)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
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
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    if (len > PYCONSOLE_MAX_SOURCE) {
        return pc_call_end(&call, PYCONSOLE_ELIMIT);
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
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    if (count > PYCONSOLE_MAX_SOURCE / sizeof *values) {
        return pc_call_end(&call, PYCONSOLE_ELIMIT);
    }
    return set_and_end(&call, name, list_of(values, count));
}

static int
get_string(struct pyconsole_console *console, const char *name, const char **ret_text,
           size_t *ret_len)
{
    PyObject *value =
        name == NULL ? NULL : PyDict_GetItemString(console->native.locals, name);
    if (value == NULL || ret_text == NULL) {
        pc_copy_message(console->message, sizeof console->message,
                        "there is no such name");
        return PYCONSOLE_EINVAL;
    }
    pc_auto_py PyObject *string = PyObject_Str(value);
    pc_auto_py PyObject *bytes =
        string == NULL ? NULL
                       : PyUnicode_AsEncodedString(string, "utf-8", "backslashreplace");
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
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return pc_call_end(&call, get_string(console, name, ret_text, ret_len));
}

/* ---- for hosts that hold Python objects ---- */

PyObject *
pyconsole_console_get_locals(pyconsole_console *console)
{
    return Py_NewRef(console->native.locals);
}

int
pyconsole_console_set_locals(pyconsole_console *console, PyObject *locals)
{
    struct pc_call call;
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
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
    if (pc_call_begin(&call, console) < 0) {
        return PYCONSOLE_EBUSY;
    }
    return set_and_end(&call, name, Py_XNewRef(object));
}
