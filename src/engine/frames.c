/* The library's own frames in tracebacks.
 *
 * In the standard library, the traceback of an exception that a console catches begins
 * with the library's own frames: `runcode`, or the chain from `runsource` down to the
 * call of compile(). Callers see them (sys.last_traceback before 3.12.6, what an
 * overridden showtraceback() finds in sys.exc_info()) and count on them: "drop the first
 * entry, it is our own code". Functions in C leave no frame, so a frame is added here,
 * with the file, the line and the columns of the same call in the running Python's own
 * Lib/code.py or Lib/codeop.py. The place is found by a piece of that line's text; where
 * the file is not there to be read, the frame has line 0.
 *
 * An exception is never lost for the sake of its frames: an error here is dropped and the
 * traceback stays as it was. */
#include "engine/engine.h"

#include <frameobject.h>

struct place {
    const char *file;
    const char *function;
    const char *after; /* look from the line that has this … */
    const char *text;  /* … for the line that has this */
    const char *call;  /* what of that line the call's columns begin with */
};

static const struct place places[] = {
    [PC_AT_RUNSOURCE] = {"code.py", "runsource", "def runsource(", "self.compile(",
                         "self.compile("},
    [PC_AT_RUNCODE] = {"code.py", "runcode", "def runcode(", "exec(code", "exec(code"},
    [PC_AT_COMMAND_COMPILER] = {"codeop.py", "__call__", "class CommandCompiler",
                                "_maybe_compile(", "_maybe_compile("},
    [PC_AT_COMPILE_COMMAND] = {"codeop.py", "compile_command", "def compile_command(",
                               "return _maybe_compile(", "_maybe_compile("},
    [PC_AT_FIRST_COMPILE] = {"codeop.py", "_maybe_compile", "def _maybe_compile(",
                             "  compiler(source, ", "compiler("},
    [PC_AT_SECOND_COMPILE] = {"codeop.py", "_maybe_compile", "def _maybe_compile(",
                              "compiler(source + ", "compiler("},
    [PC_AT_FINAL_COMPILE] = {"codeop.py", "_maybe_compile", "def _maybe_compile(",
                             "return compiler(source, ", "compiler("},
    [PC_AT_COMPILE] = {"codeop.py", "__call__", "class Compile:", "codeob = compile(",
                       "compile("},
    [PC_AT_PLAIN_COMPILE] = {"codeop.py", "_compile", "def _compile(",
                             "return compile(", "compile("},
};

struct location {
    int line;
    int column; /* in code points, from 0 */
    int end_column;
};

/* sys._stdlib_dir, or NULL. From 3.13 on PySys_GetObject prints on stderr when memory is out. */
static PyObject *
library_folder(void)
{
    PyObject *sys = PyImport_AddModule("sys");
    PyObject *folder = sys == NULL ? NULL : PyObject_GetAttrString(sys, "_stdlib_dir");
    if (folder == NULL) {
        PyErr_Clear();
    }
    return folder;
}

static PyObject *
library_path(const char *file)
{
    pc_auto_py PyObject *folder = library_folder();
    if (folder == NULL || !PyUnicode_Check(folder)) {
        return PyUnicode_FromString(file);
    }
    return PyUnicode_FromFormat("%U/%s", folder, file);
}

static PyObject *
library_lines(PyObject *path)
{
    pc_auto_py PyObject *linecache = PyImport_ImportModule("linecache");
    return linecache == NULL ? NULL
                             : PyObject_CallMethod(linecache, "getlines", "O", path);
}

static bool
find_location(PyObject *lines, const struct place *place, struct location *ret_location)
{
    Py_ssize_t count = PyList_Check(lines) ? PyList_GET_SIZE(lines) : 0;
    bool inside = false;
    for (Py_ssize_t i = 0; i < count; i++) {
        const char *line = PyUnicode_AsUTF8(PyList_GET_ITEM(lines, i));
        if (line == NULL) {
            PyErr_Clear();
            return false;
        }
        inside = inside || strstr(line, place->after) != NULL;
        if (!inside || strstr(line, place->text) == NULL) {
            continue;
        }
        const char *call = strstr(strstr(line, place->text), place->call);
        if (call == NULL) {
            return false;
        }
        size_t end = strcspn(line, "\r\n");
        *ret_location = (struct location){
            .line = (int)i + 1, .column = (int)(call - line), .end_column = (int)end};
        return true;
    }
    return false;
}

static size_t
put_varint(unsigned char *out, unsigned int value)
{
    size_t n = 0;
    for (; value >= 64; value >>= 6) {
        out[n++] = 64 | (value & 63);
    }
    out[n++] = (unsigned char)value;
    return n;
}

/* A location table that says of every instruction that it stands at these columns of the
 * first line: entries of the "long" form (CPython's Objects/locations.md), each of at
 * most eight code units. */
static PyObject *
location_table(Py_ssize_t units, const struct location *location)
{
    pc_auto_py PyObject *table = PyByteArray_FromStringAndSize(NULL, 0);
    while (table != NULL && units > 0) {
        int span = units < 8 ? (int)units : 8;
        unsigned char entry[16];
        size_t n = 0;
        entry[n++] = (unsigned char)(0x80 | 14 << 3 | (span - 1));
        n += put_varint(entry + n, 0); /* no line forward */
        n += put_varint(entry + n, 0); /* ends on the same line */
        n += put_varint(entry + n, (unsigned)location->column + 1);
        n += put_varint(entry + n, (unsigned)location->end_column + 1);
        pc_auto_py PyObject *bytes =
            PyBytes_FromStringAndSize((const char *)entry, (Py_ssize_t)n);
        Py_SETREF(table, bytes == NULL ? NULL : PySequence_InPlaceConcat(table, bytes));
        units -= span;
    }
    return table == NULL ? NULL : PyBytes_FromObject(table);
}

/* A code object that does nothing, at a place of the library. */
static PyObject *
make_code(const struct place *place)
{
    pc_auto_py PyObject *path = library_path(place->file);
    pc_auto_py PyObject *lines = path == NULL ? NULL : library_lines(path);
    if (lines == NULL) {
        return NULL;
    }
    struct location location = {0};
    bool found = find_location(lines, place, &location);
    const char *utf8_path = PyUnicode_AsUTF8(path);
    if (utf8_path == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *code =
        (PyObject *)PyCode_NewEmpty(utf8_path, place->function, location.line);
    if (code == NULL || !found) {
        return pc_take(&code);
    }
    pc_auto_py PyObject *instructions = PyObject_GetAttrString(code, "co_code");
    if (instructions == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *table =
        location_table(PyBytes_GET_SIZE(instructions) / 2, &location);
    pc_auto_py PyObject *replace =
        table == NULL ? NULL : PyObject_GetAttrString(code, "replace");
    pc_auto_py PyObject *kwnames =
        replace == NULL ? NULL : Py_BuildValue("(s)", "co_linetable");
    return kwnames == NULL ? NULL : PyObject_Vectorcall(replace, &table, 0, kwnames);
}

/* The code object for a place, made once. */
static PyObject *
code_at(struct pc_engine *e, enum pc_place place)
{
    if (e->frame_codes == NULL) {
        e->frame_codes = PyDict_New();
    }
    pc_auto_py PyObject *key =
        e->frame_codes == NULL ? NULL : PyLong_FromLong((long)place);
    if (key == NULL) {
        return NULL;
    }
    PyObject *known = PyDict_GetItemWithError(e->frame_codes, key);
    if (known != NULL || PyErr_Occurred()) {
        return Py_XNewRef(known);
    }
    pc_auto_py PyObject *code = make_code(&places[place]);
    if (code == NULL || PyDict_SetItem(e->frame_codes, key, code) < 0) {
        return NULL;
    }
    return pc_take(&code);
}

/* A traceback with one entry more, in front of `next` (NULL: of nothing). */
static PyObject *
traceback_with(struct pc_engine *e, enum pc_place place, PyObject *next)
{
    pc_auto_py PyObject *code = code_at(e, place);
    if (code == NULL) {
        return NULL;
    }
    const char *file = places[place].file;
    PyObject *globals =
        strcmp(file, "code.py") == 0 ? e->code_globals : e->codeop_globals;
    pc_auto_py PyObject *frame = (PyObject *)PyFrame_New(
        PyThreadState_Get(), (PyCodeObject *)code, globals, NULL);
    if (frame == NULL) {
        return NULL;
    }
    int line = ((PyCodeObject *)code)->co_firstlineno;
    return PyObject_CallFunction((PyObject *)&PyTraceBack_Type, "OOii",
                                 next == NULL ? Py_None : next, frame, 0, line);
}

/* The exception in flight came (Control-C, say) while `raised` (stolen) was dealt with. */
static void
chain_to(PyObject *raised)
{
    PyObject *newer = pc_exception_take();
    PyException_SetContext(newer, raised);
    pc_exception_raise(newer);
}

void
pc_frame_add(struct pc_engine *engine, enum pc_place place)
{
    pc_auto_py PyObject *raised = pc_exception_take();
    if (raised == NULL) {
        return;
    }
    pc_auto_py PyObject *next = PyException_GetTraceback(raised);
    pc_auto_py PyObject *longer = traceback_with(engine, place, next);
    if (longer == NULL || PyException_SetTraceback(raised, longer) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_Exception)) {
            chain_to(pc_take(&raised));
            return;
        }
        PyErr_Clear();
    }
    pc_exception_raise(pc_take(&raised));
}
