/* How a console shows exceptions: showsyntaxerror, showtraceback, and what stands behind
 * them. Follows Lib/code.py, which changed here more than anywhere else; the four ways
 * are those of enum pc_display. */
#include "engine/engine.h"

/* ---- small steps ---- */

static int
set_sys(struct pc_engine *e, PyObject *name, PyObject *value)
{
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    return sys == NULL ? -1 : PyObject_SetAttr(sys, name, value);
}

static PyObject *
get_sys(struct pc_engine *e, PyObject *name)
{
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    return sys == NULL ? NULL : PyObject_GetAttr(sys, name);
}

/* typ, value, tb = sys.exc_info(): a tuple of three. */
static PyObject *
exc_info(struct pc_engine *e)
{
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    pc_auto_py PyObject *info =
        sys == NULL ? NULL : PyObject_CallMethodNoArgs(sys, e->name.exc_info);
    pc_auto_py PyObject *triple = info == NULL ? NULL : PySequence_Tuple(info);
    if (triple != NULL && PyTuple_GET_SIZE(triple) != 3) {
        PyErr_Format(PyExc_ValueError, "expected 3 values to unpack, got %zd",
                     PyTuple_GET_SIZE(triple));
        return NULL;
    }
    return pc_take(&triple);
}

static PyObject *
format_lines(struct pc_engine *e, PyObject *function, PyObject *const *args, size_t n)
{
    pc_auto_py PyObject *traceback = pc_code_global(e, e->name.traceback);
    pc_auto_py PyObject *format =
        traceback == NULL ? NULL : PyObject_GetAttr(traceback, function);
    pc_auto_py PyObject *lines =
        format == NULL ? NULL : PyObject_Vectorcall(format, args, n, NULL);
    return lines == NULL ? NULL : PyUnicode_Join(e->empty, lines);
}

static PyObject *
write_text(struct pc_console *con, PyObject *text)
{
    if (text == NULL) {
        return NULL;
    }
    PyObject *args[] = {NULL, text};
    pc_auto_py PyObject *written = con->hooks->call(con, PC_WRITE, args, 1, NULL);
    if (written == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* Is sys.excepthook the one that Python came with? 1, 0, or -1. */
static int
hook_is_original(struct pc_engine *e)
{
    pc_auto_py PyObject *hook = get_sys(e, e->name.excepthook);
    pc_auto_py PyObject *original =
        hook == NULL ? NULL : get_sys(e, e->name.__excepthook__);
    return original == NULL ? -1 : hook == original;
}

static PyObject *
call_hook(struct pc_engine *e, PyObject *hook_name, PyObject *typ, PyObject *value,
          PyObject *tb)
{
    pc_auto_py PyObject *hook = get_sys(e, hook_name);
    if (hook == NULL) {
        return NULL;
    }
    PyObject *args[] = {typ, value, tb};
    pc_auto_py PyObject *result = PyObject_Vectorcall(hook, args, 3, NULL);
    if (result == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static int
print_to_stderr(struct pc_engine *e, const char *text)
{
    pc_auto_py PyObject *print = pc_code_global(e, e->name.print);
    pc_auto_py PyObject *line =
        print == NULL ? NULL : PyUnicode_FromString(text == NULL ? "" : text);
    pc_auto_py PyObject *file = line == NULL ? NULL : get_sys(e, e->name.stderr);
    if (file == NULL) {
        return -1;
    }
    PyObject *args[] = {line, file};
    PyObject **first = text == NULL ? args + 1 : args;
    pc_auto_py PyObject *result =
        PyObject_Vectorcall(print, first, text == NULL ? 0 : 1, e->file_kwnames);
    return result == NULL ? -1 : 0;
}

/* ---- a hook that raises (3.12.5) ---- */

PyObject *
pc_report_broken_hook(struct pc_engine *e, PyObject *error, PyObject *typ,
                      PyObject *value, PyObject *tb)
{
    if (PyObject_SetAttr(error, e->name.__context__, Py_None) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *error_tb = PyObject_GetAttr(error, e->name.__traceback__);
    if (error_tb == NULL || print_to_stderr(e, "Error in sys.excepthook:") < 0) {
        return NULL;
    }
    pc_auto_py PyObject *first = call_hook(e, e->name.__excepthook__,
                                           (PyObject *)Py_TYPE(error), error, error_tb);
    if (first == NULL || print_to_stderr(e, NULL) < 0 ||
        print_to_stderr(e, "Original exception was:") < 0) {
        return NULL;
    }
    return call_hook(e, e->name.__excepthook__, typ, value, tb);
}

static PyObject *
call_hook_guarded(struct pc_engine *e, PyObject *typ, PyObject *value, PyObject *tb)
{
    PyObject *result = call_hook(e, e->name.excepthook, typ, value, tb);
    if (result != NULL || PyErr_ExceptionMatches(PyExc_SystemExit)) {
        return result;
    }
    struct pc_except block = pc_except_begin();
    result = pc_report_broken_hook(e, block.caught, typ, value, tb);
    pc_except_end(&block);
    return result;
}

/* ---- up to 3.12.5: everything in the two methods ---- */

static int
set_last(struct pc_engine *e, PyObject *typ, PyObject *value, PyObject *tb)
{
    if (e->dialect.last_exc && set_sys(e, e->name.last_exc, value) < 0) {
        return -1;
    }
    if (set_sys(e, e->name.last_type, typ) < 0 ||
        set_sys(e, e->name.last_value, value) < 0) {
        return -1;
    }
    return set_sys(e, e->name.last_traceback, tb);
}

static PyObject *
show_plainly(struct pc_console *con, PyObject *text, PyObject *typ, PyObject *value,
             PyObject *tb)
{
    struct pc_engine *e = con->engine;
    int original = hook_is_original(e);
    if (original < 0) {
        return NULL;
    }
    if (original) {
        return write_text(con, text);
    }
    if (e->dialect.display == PC_DISPLAY_PLAIN) {
        return call_hook(e, e->name.excepthook, typ, value, tb);
    }
    return call_hook_guarded(e, typ, value, tb);
}

/* The items of `object` as a tuple, if there are `count` of them. Otherwise NULL: with a
 * ValueError when it can be iterated, with a TypeError when not, as unpacking gives. */
static PyObject *
unpack(PyObject *object, Py_ssize_t count)
{
    pc_auto_py PyObject *items = PySequence_Tuple(object);
    if (items == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError) &&
            Py_TYPE(object)->tp_iter == NULL && !PySequence_Check(object)) {
            PyErr_Format(PyExc_TypeError, "cannot unpack non-iterable %.200s object",
                         Py_TYPE(object)->tp_name);
        }
        return NULL;
    }
    if (PyTuple_GET_SIZE(items) != count) {
        PyErr_SetString(PyExc_ValueError, "wrong number of values to unpack");
        return NULL;
    }
    return pc_take(&items);
}

/* A SyntaxError like `value` with another file name; NULL with a ValueError when its
 * arguments are not a message and four details. */
static PyObject *
renamed_syntax_error(struct pc_engine *e, PyObject *value, PyObject *filename)
{
    pc_auto_py PyObject *arguments = PyObject_GetAttr(value, e->name.args);
    pc_auto_py PyObject *pair = arguments == NULL ? NULL : unpack(arguments, 2);
    pc_auto_py PyObject *details =
        pair == NULL ? NULL : unpack(PyTuple_GET_ITEM(pair, 1), 4);
    if (details == NULL) {
        return NULL;
    }
    return PyObject_CallFunction(
        PyExc_SyntaxError, "O(OOOO)", PyTuple_GET_ITEM(pair, 0), filename,
        PyTuple_GET_ITEM(details, 1), PyTuple_GET_ITEM(details, 2),
        PyTuple_GET_ITEM(details, 3));
}

/* `value`, or a copy that names `filename`, where that can be had. */
static PyObject *
with_filename(struct pc_engine *e, PyObject *typ, PyObject *value, PyObject *filename)
{
    int named = PyObject_IsTrue(filename);
    if (named <= 0 || typ != PyExc_SyntaxError) {
        return named < 0 ? NULL : Py_NewRef(value);
    }
    PyObject *renamed = renamed_syntax_error(e, value, filename);
    if (renamed == NULL && PyErr_ExceptionMatches(PyExc_ValueError)) {
        PyErr_Clear();
        return Py_NewRef(value);
    }
    return renamed;
}

static PyObject *
showsyntaxerror_plain(struct pc_console *con, PyObject *typ, PyObject *value,
                      PyObject *tb, PyObject *filename)
{
    struct pc_engine *e = con->engine;
    if (set_last(e, typ, value, tb) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *shown = with_filename(e, typ, value, filename);
    if (shown == NULL) {
        return NULL;
    }
    if (shown != value &&
        ((e->dialect.last_exc && set_sys(e, e->name.last_exc, shown) < 0) ||
         set_sys(e, e->name.last_value, shown) < 0)) {
        return NULL;
    }
    int original = hook_is_original(e);
    pc_auto_py PyObject *text = NULL;
    if (original > 0) {
        PyObject *args[] = {typ, shown};
        text = format_lines(e, e->name.format_exception_only, args, 2);
    }
    if (original < 0 || (original > 0 && text == NULL)) {
        return NULL;
    }
    return show_plainly(con, text, typ, shown, tb);
}

static PyObject *
showtraceback_plain(struct pc_console *con, PyObject *typ, PyObject *value,
                    PyObject *tb)
{
    struct pc_engine *e = con->engine;
    if (set_last(e, typ, value, tb) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *inner = PyObject_GetAttr(tb, e->name.tb_next);
    if (inner == NULL) {
        return NULL;
    }
    PyObject *args[] = {typ, value, inner};
    pc_auto_py PyObject *text = format_lines(e, e->name.format_exception, args, 3);
    if (text == NULL) {
        return NULL;
    }
    return show_plainly(con, text, typ, value, tb);
}

/* ---- from 3.12.6 on: one function behind both ---- */

static PyObject *
with_traceback(struct pc_engine *e, PyObject *value, PyObject *tb)
{
    PyObject *args[] = {value, tb};
    return PyObject_VectorcallMethod(e->name.with_traceback, args, 2, NULL);
}

/* Has the error a line number that lies within the first `count` lines? 1, 0, or -1;
 * the number goes to *ret_line. */
static int
line_within(struct pc_engine *e, PyObject *value, Py_ssize_t count,
            Py_ssize_t *ret_line)
{
    pc_auto_py PyObject *lineno = PyObject_GetAttr(value, e->name.lineno);
    if (lineno == NULL) {
        return -1;
    }
    if (lineno == Py_None && e->dialect.lineno_may_be_none) {
        return 0;
    }
    pc_auto_py PyObject *have = PyLong_FromSsize_t(count);
    int within = have == NULL ? -1 : PyObject_RichCompareBool(have, lineno, Py_GE);
    if (within <= 0) {
        return within;
    }
    *ret_line = PyNumber_AsSsize_t(lineno, PyExc_OverflowError);
    return *ret_line == -1 && PyErr_Occurred() ? -1 : 1;
}

/* Gives a SyntaxError without text the line of `source` that it speaks of. */
static int
fill_in_text(struct pc_engine *e, PyObject *typ, PyObject *value, PyObject *source)
{
    pc_auto_py PyObject *lines = PyObject_CallMethodNoArgs(source, e->name.splitlines);
    int wanted = lines == NULL ? -1 : PyObject_IsTrue(source);
    if (wanted <= 0 || typ != PyExc_SyntaxError) {
        return wanted < 0 ? -1 : 0;
    }
    pc_auto_py PyObject *text = PyObject_GetAttr(value, e->name.text);
    int has_text = text == NULL ? -1 : PyObject_IsTrue(text);
    if (has_text != 0) {
        return has_text < 0 ? -1 : 0;
    }
    Py_ssize_t count = PyObject_Size(lines);
    Py_ssize_t line = 0;
    int within = count < 0 ? -1 : line_within(e, value, count, &line);
    if (within <= 0) {
        return within;
    }
    Py_ssize_t index = line - 1 < 0 ? line - 1 + count : line - 1;
    pc_auto_py PyObject *found = PySequence_GetItem(lines, index);
    return found == NULL ? -1 : PyObject_SetAttr(value, e->name.text, found);
}

PyObject *
pc_showtraceback_of(struct pc_console *con, PyObject *typ, PyObject *value,
                    PyObject *tb, PyObject *source)
{
    struct pc_engine *e = con->engine;
    if (set_sys(e, e->name.last_type, typ) < 0 ||
        set_sys(e, e->name.last_traceback, tb) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *shown = with_traceback(e, value, tb);
    if (shown == NULL) {
        return NULL;
    }
    if (source != NULL && fill_in_text(e, typ, shown, source) < 0) {
        return NULL;
    }
    if ((e->dialect.last_exc && set_sys(e, e->name.last_exc, shown) < 0) ||
        set_sys(e, e->name.last_value, shown) < 0) {
        return NULL;
    }
    int original = hook_is_original(e);
    if (original < 0) {
        return NULL;
    }
    if (!original) {
        return call_hook_guarded(e, typ, shown, tb);
    }
    if (e->dialect.display != PC_DISPLAY_SOURCE) {
        return pc_excepthook(con, typ, shown, tb);
    }
    PyObject *args[] = {NULL, typ, shown, tb};
    pc_auto_py PyObject *result = con->hooks->call(con, PC_EXCEPTHOOK, args, 3, NULL);
    if (result == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyObject *
pc_excepthook(struct pc_console *con, PyObject *typ, PyObject *value, PyObject *tb)
{
    struct pc_engine *e = con->engine;
    PyObject *args[] = {typ, value, tb};
    pc_auto_py PyObject *text = format_lines(e, e->name.format_exception, args, 3);
    return write_text(con, text);
}

/* `found` is _showtraceback, or NULL: not looked up yet. */
static PyObject *
call_showtraceback_of(struct pc_console *con, PyObject *found, PyObject *typ,
                      PyObject *value, PyObject *tb, PyObject *source)
{
    bool with_source = con->engine->dialect.display == PC_DISPLAY_SOURCE;
    PyObject *args[] = {NULL, typ, value, tb, source};
    pc_auto_py PyObject *result =
        pc_call_found(con, found, PC_SHOWTRACEBACK_OF, args, with_source ? 4 : 3, NULL);
    if (result == NULL) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
showsyntaxerror_with_source(struct pc_console *con, PyObject *typ, PyObject *value,
                            PyObject *filename, PyObject *kwargs)
{
    struct pc_engine *e = con->engine;
    int named = PyObject_IsTrue(filename);
    int is_syntax_error =
        named > 0 ? PyObject_IsSubclass(typ, PyExc_SyntaxError) : named;
    if (is_syntax_error < 0 ||
        (is_syntax_error > 0 &&
         PyObject_SetAttr(value, e->name.filename, filename) < 0)) {
        return NULL;
    }
    PyObject *source =
        kwargs == NULL ? NULL : PyDict_GetItemWithError(kwargs, e->name.source);
    if (source == NULL && PyErr_Occurred()) {
        return NULL;
    }
    return call_showtraceback_of(con, NULL, typ, value, Py_None,
                                 source == NULL ? e->empty : source);
}

/* ---- the methods ---- */

PyObject *
pc_showsyntaxerror(struct pc_console *con, PyObject *filename, PyObject *kwargs)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *info = exc_info(e);
    if (info == NULL) {
        return NULL;
    }
    PyObject *typ = PyTuple_GET_ITEM(info, 0);
    PyObject *value = PyTuple_GET_ITEM(info, 1);
    if (e->dialect.display == PC_DISPLAY_SOURCE) {
        return showsyntaxerror_with_source(con, typ, value, filename, kwargs);
    }
    if (e->dialect.display == PC_DISPLAY_TRIMMED) {
        pc_auto_py PyObject *shown = with_filename(e, typ, value, filename);
        return shown == NULL
                   ? NULL
                   : call_showtraceback_of(con, NULL, typ, shown, Py_None, e->empty);
    }
    return showsyntaxerror_plain(con, typ, value, PyTuple_GET_ITEM(info, 2), filename);
}

PyObject *
pc_showtraceback(struct pc_console *con)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *info = exc_info(e);
    if (info == NULL) {
        return NULL;
    }
    PyObject *typ = PyTuple_GET_ITEM(info, 0);
    PyObject *value = PyTuple_GET_ITEM(info, 1);
    PyObject *tb = PyTuple_GET_ITEM(info, 2);
    if (e->dialect.display < PC_DISPLAY_TRIMMED) {
        return showtraceback_plain(con, typ, value, tb);
    }
    pc_auto_py PyObject *found = con->hooks->find(con, PC_SHOWTRACEBACK_OF);
    if (found == NULL && PyErr_Occurred()) {
        return NULL;
    }
    pc_auto_py PyObject *inner = PyObject_GetAttr(tb, e->name.tb_next);
    return inner == NULL
               ? NULL
               : call_showtraceback_of(con, found, typ, value, inner, e->empty);
}
