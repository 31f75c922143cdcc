/* Consoles of a C host: making, calling, and the callbacks; see <pyconsole/console.h>. */
#include "embed/handle.h"

#include <string.h>

/* ---- the border between the two worlds ---- */

void
pc_copy_message(char *message, size_t size, const char *text)
{
    size_t len = strlen(text);
    if (len >= size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    memcpy(message, text, len);
    message[len] = '\0';
}

void
pc_set_message(struct pyconsole_console *console, const char *text)
{
    pc_copy_message(console->message, sizeof console->message, text);
}

/* The status with which Python leaves the process for this SystemExit; a message in place
 * of a number becomes the console's. */
static int
exit_code_of(struct pyconsole_console *console, PyObject *exit)
{
    pc_auto_py PyObject *code = PyObject_GetAttrString(exit, "code");
    int status = 0;
    if (code != NULL && PyLong_Check(code)) {
        status = (int)PyLong_AsLong(code); /* too large: -1, as in Python */
    }
    else if (code != NULL && code != Py_None) {
        pc_auto_py PyObject *text = PyObject_Str(code);
        const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8(text);
        if (utf8 != NULL) {
            pc_set_message(console, utf8);
        }
        status = 1;
    }
    PyErr_Clear();
    return status;
}

void
pc_describe_exception(char *message, size_t size, PyObject *exception)
{
    const char *type = Py_TYPE(exception)->tp_name;
    pc_auto_py PyObject *text = PyUnicode_FromFormat("%s: %S", type, exception);
    const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    pc_copy_message(message, size, utf8 == NULL ? type : utf8);
    PyErr_Clear();
}

int
pc_status_of_exception(struct pyconsole_console *console)
{
    pc_auto_py PyObject *exception = pc_exception_take();
    if (exception == NULL) {
        Py_UNREACHABLE();
    }
    if (console->callback_status < 0) {
        return console->callback_status;
    }
    if (PyErr_GivenExceptionMatches(exception, PyExc_SystemExit)) {
        console->exit_code = exit_code_of(console, exception);
        return PYCONSOLE_EEXIT;
    }
    pc_describe_exception(console->message, sizeof console->message, exception);
    if (PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) {
        return PYCONSOLE_ENOMEM;
    }
    if (PyErr_GivenExceptionMatches(exception, PyExc_KeyboardInterrupt)) {
        return PYCONSOLE_EINTERRUPT;
    }
    return PYCONSOLE_EPYTHON;
}

int
pc_call_begin(struct pc_call *call, struct pyconsole_console *console)
{
    if (console == NULL) {
        return PYCONSOLE_EINVAL;
    }
    *call = (struct pc_call){.console = console, .gil = PyGILState_Ensure()};
    if (console->busy) {
        PyGILState_Release(call->gil);
        return PYCONSOLE_EBUSY;
    }
    call->in_flight = pc_exception_take();
    console->busy = true;
    console->callback_status = 0;
    console->message[0] = '\0';
    return PYCONSOLE_OK;
}

/* With the GIL. */
static void
destroy(struct pyconsole_console *console)
{
    pc_native_fini(&console->native);
    Py_CLEAR(console->text);
    pc_forget_answer(console);
    free(console->name);
    free(console->filename);
    free(console);
}

int
pc_call_end(struct pc_call *call, int status)
{
    struct pyconsole_console *console = call->console;
    if (PyErr_Occurred()) {
        status = pc_status_of_exception(console);
    }
    if (status < 0 && console->message[0] == '\0') {
        pc_set_message(console, pyconsole_status_text(status));
    }
    console->busy = false;
    if (console->freed) {
        destroy(console);
    }
    pc_exception_raise(pc_take(&call->in_flight));
    PyGILState_Release(call->gil);
    return status;
}

/* ---- callbacks ---- */

static struct pyconsole_console *
console_of(struct pc_native *native)
{
    return (struct pyconsole_console *)native;
}

static int
callback_failed(struct pyconsole_console *console, int status, const char *which)
{
    console->callback_status = status < 0 ? status : PYCONSOLE_EUSER;
    PyErr_Format(PyExc_RuntimeError, "the host's %s callback failed: %s", which,
                 pyconsole_status_text(status));
    return -1;
}

PyObject *
pc_encode(PyObject *text)
{
    return PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
}

static int
write_out(struct pc_native *native, PyObject *text)
{
    struct pyconsole_console *console = console_of(native);
    if (console->options.write == NULL) {
        pc_auto_py PyObject *written = pc_write(&native->con, text);
        return written == NULL ? -1 : 0;
    }
    pc_auto_py PyObject *bytes = pc_encode(text);
    if (bytes == NULL) {
        return -1;
    }
    int status = 0;
    Py_BEGIN_ALLOW_THREADS
    status = console->options.write(console->options.userdata, PyBytes_AS_STRING(bytes),
                                    (size_t)PyBytes_GET_SIZE(bytes));
    Py_END_ALLOW_THREADS
    return status == PYCONSOLE_OK ? 0 : callback_failed(console, status, "write");
}

static PyObject *
line_read(struct pyconsole_console *console, int status, const char *line, size_t len)
{
    switch (status) {
    case PYCONSOLE_OK:
        len = len == PYCONSOLE_TERMINATED ? strlen(line) : len;
        if (len > PYCONSOLE_MAX_SOURCE) {
            (void)callback_failed(console, PYCONSOLE_ELIMIT, "read");
            return NULL;
        }
        return PyUnicode_DecodeUTF8(line, (Py_ssize_t)len, NULL);
    case PYCONSOLE_EEOF:
        PyErr_SetNone(PyExc_EOFError);
        return NULL;
    case PYCONSOLE_EINTERRUPT:
        PyErr_SetNone(PyExc_KeyboardInterrupt);
        return NULL;
    default:
        (void)callback_failed(console, status, "read");
        return NULL;
    }
}

static PyObject *
read_in(struct pc_native *native, PyObject *prompt)
{
    struct pyconsole_console *console = console_of(native);
    if (console->options.read == NULL) {
        return pc_raw_input(&native->con, prompt);
    }
    pc_auto_py PyObject *text = PyObject_Str(prompt);
    pc_auto_py PyObject *bytes = text == NULL ? NULL : pc_encode(text);
    if (bytes == NULL) {
        return NULL;
    }
    int status = 0;
    const char *line = "";
    size_t len = 0;
    Py_BEGIN_ALLOW_THREADS
    status = console->options.read(console->options.userdata, PyBytes_AS_STRING(bytes),
                                   &line, &len);
    Py_END_ALLOW_THREADS
    return line_read(console, status, line, len);
}

static const struct pc_native_io callbacks = {.write = write_out, .read = read_in};

/* ---- life and death ---- */

/* exit(code=None) and quit(code=None). Those of module site close sys.stdin, which is the
 * host's. */
static PyObject *
leave(PyObject *self, PyObject *args)
{
    (void)self;
    pc_auto_py PyObject *exit = PyObject_CallObject(PyExc_SystemExit, args);
    if (exit != NULL) {
        PyErr_SetObject(PyExc_SystemExit, exit);
    }
    return NULL;
}

static PyMethodDef exit_def = {"exit", leave, METH_VARARGS, "Leave the console."};
static PyMethodDef quit_def = {"quit", leave, METH_VARARGS, "Leave the console."};

static int
add_function(PyObject *namespace, PyMethodDef *def)
{
    pc_auto_py PyObject *function = PyCFunction_New(def, NULL);
    return function == NULL ? -1
                            : PyDict_SetItemString(namespace, def->ml_name, function);
}

static PyObject *
new_namespace(void)
{
    pc_auto_py PyObject *locals =
        Py_BuildValue("{s:s,s:O}", "__name__", "__console__", "__doc__", Py_None);
    if (locals == NULL ||
        PyDict_SetItemString(locals, "__builtins__", PyEval_GetBuiltins()) < 0 ||
        add_function(locals, &exit_def) < 0 || add_function(locals, &quit_def) < 0) {
        return NULL;
    }
    return pc_take(&locals);
}

static int
fill(struct pyconsole_console *console)
{
    console->name =
        strdup(console->options.name != NULL ? console->options.name : "pyconsole");
    console->filename = strdup(
        console->options.filename != NULL ? console->options.filename : "<console>");
    pc_auto_py PyObject *locals = new_namespace();
    if (console->name == NULL || console->filename == NULL || locals == NULL) {
        return PyErr_Occurred() ? pc_status_of_exception(console) : PYCONSOLE_ENOMEM;
    }
    if (pc_native_init(&console->native, &callbacks, console->name, locals,
                       console->filename) < 0) {
        return pc_status_of_exception(console);
    }
    return PYCONSOLE_OK;
}

int
pc_report(pyconsole_error *error, int status, const char *message)
{
    if (error != NULL) {
        error->status = status;
        pc_copy_message(error->message, sizeof error->message,
                        message[0] != '\0' ? message : pyconsole_status_text(status));
    }
    return status;
}

int
pyconsole_console_new(pyconsole_python *python,
                      const pyconsole_console_options *options,
                      pyconsole_console **ret_console, pyconsole_error *error)
{
    pyconsole_console_options known = PYCONSOLE_CONSOLE_OPTIONS_INIT;
    if (python == NULL || ret_console == NULL ||
        !pc_copy_options(&known, sizeof known, options)) {
        return pc_report(error, PYCONSOLE_EINVAL,
                         "python, ret_console or options->size is not valid");
    }
    struct pyconsole_console *console = calloc(1, sizeof *console);
    if (console == NULL) {
        return pc_report(error, PYCONSOLE_ENOMEM, "");
    }
    console->options = known;
    PyGILState_STATE gil = PyGILState_Ensure();
    int status = fill(console);
    if (status == PYCONSOLE_OK) {
        *ret_console = console;
    }
    else {
        (void)pc_report(error, status, console->message);
        destroy(console);
    }
    PyGILState_Release(gil);
    return status;
}

void
pyconsole_console_free(pyconsole_console *console)
{
    if (console == NULL) {
        return;
    }
    PyGILState_STATE gil = PyGILState_Ensure();
    if (console->busy) {
        console->freed = true;
    }
    else {
        destroy(console);
    }
    PyGILState_Release(gil);
}

int
pyconsole_console_exit_code(const pyconsole_console *console)
{
    return console == NULL ? 0 : console->exit_code;
}

const char *
pyconsole_console_message(const pyconsole_console *console)
{
    return console == NULL ? "" : console->message;
}
