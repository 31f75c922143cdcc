/* InteractiveConsole.push: a line is added to the buffer, and the text so far is run if it
 * is complete. Follows Lib/code.py; while it is sure that it is not, nothing is joined,
 * called or compiled (growth.c). */
#include "engine/engine.h"

/* Gives the buffer (a new reference), with the line in it. */
static PyObject *
append_line(struct pc_console *con, PyObject *line)
{
    pc_auto_py PyObject *buffer = con->hooks->get(con, PC_BUFFER);
    if (buffer == NULL) {
        return NULL;
    }
    if (PyList_CheckExact(buffer)) {
        return PyList_Append(buffer, line) < 0 ? NULL : pc_take(&buffer);
    }
    PyObject *args[] = {buffer, line};
    pc_auto_py PyObject *result =
        PyObject_VectorcallMethod(con->engine->name.append, args, 2, NULL);
    return result == NULL ? NULL : pc_take(&buffer);
}

static PyObject *
joined_buffer(struct pc_console *con)
{
    pc_auto_py PyObject *buffer = con->hooks->get(con, PC_BUFFER);
    return buffer == NULL ? NULL : PyUnicode_Join(con->engine->newline, buffer);
}

/* ---- by codeop's steps ---- */

/* runsource(source, filename): up to 3.12 the method is looked up before the name. */
static PyObject *
run_buffer(struct pc_console *con, PyObject *source)
{
    pc_auto_py PyObject *found = con->hooks->find(con, PC_RUNSOURCE);
    if (found == NULL && PyErr_Occurred()) {
        return NULL;
    }
    pc_auto_py PyObject *filename = con->hooks->get(con, PC_FILENAME);
    PyObject *args[] = {NULL, source, filename};
    return filename == NULL ? NULL
                            : pc_call_found(con, found, PC_RUNSOURCE, args, 2, NULL);
}

/* runsource(source, filename, symbol=symbol), from 3.13 on. */
static PyObject *
run_buffer_with_symbol(struct pc_console *con, PyObject *source, PyObject *filename,
                       PyObject *symbol)
{
    pc_auto_py PyObject *name =
        filename == Py_None ? con->hooks->get(con, PC_FILENAME) : Py_NewRef(filename);
    PyObject *args[] = {NULL, source, name, symbol};
    return name == NULL ? NULL
                        : con->hooks->call(con, PC_RUNSOURCE, args, 2,
                                           con->engine->symbol_kwnames);
}

static PyObject *
run_joined(struct pc_console *con, PyObject *filename, PyObject *symbol)
{
    pc_auto_py PyObject *source = joined_buffer(con);
    if (source == NULL) {
        return NULL;
    }
    return con->engine->dialect.local_exit
               ? run_buffer_with_symbol(con, source, filename, symbol)
               : run_buffer(con, source);
}

/* ---- without them ---- */

/* Would push() do nothing with the text but ask codeop about it? */
static bool
push_grows(struct pc_console *con, PyObject *filename, PyObject *symbol)
{
    /* Before 3.13 there is no symbol: it is "single". */
    if (symbol != NULL && (!PyUnicode_CheckExact(symbol) ||
                           PyUnicode_CompareWithASCIIString(symbol, "single") != 0)) {
        return false;
    }
    if (!con->hooks->grows(con)) {
        return false;
    }
    pc_auto_py PyObject *name =
        filename == Py_None ? con->hooks->get(con, PC_FILENAME) : Py_NewRef(filename);
    if (name == NULL) {
        PyErr_Clear();
        return false;
    }
    return pc_growth_has_filename(name);
}

/* Reads the line that was appended. NULL: the buffer is not known as one that grows. */
static struct pc_growth *
read_line(struct pc_console *con, PyObject *buffer, PyObject *filename,
          PyObject *symbol, bool *ret_sure)
{
    if (!PyList_CheckExact(buffer) || PyList_GET_SIZE(buffer) < 2 ||
        !push_grows(con, filename, symbol)) {
        return NULL;
    }
    return pc_growth_push(con->engine, buffer, ret_sure);
}

/* The first line of a command is incomplete: its buffer is known from here on. */
static void
begin(struct pc_console *con, PyObject *buffer, PyObject *filename, PyObject *symbol)
{
    if (PyList_CheckExact(buffer) && PyList_GET_SIZE(buffer) == 1 &&
        PyUnicode_CheckExact(PyList_GET_ITEM(buffer, 0)) &&
        push_grows(con, filename, symbol)) {
        pc_growth_begin_buffer(con->engine, buffer);
    }
}

/* ---- push ---- */

static int
reset(struct pc_console *con)
{
    PyObject *args[] = {NULL};
    pc_auto_py PyObject *result = con->hooks->call(con, PC_RESETBUFFER, args, 0, NULL);
    return result == NULL ? -1 : 0;
}

/* What codeop's steps say of the text: what push() returns, or NULL. */
static PyObject *
judge(struct pc_console *con, PyObject *buffer, PyObject *filename, PyObject *symbol,
      struct pc_growth *growth)
{
    struct pc_engine *e = con->engine;
    size_t turn = growth == NULL ? 0 : growth->turn;
    bool outer = e->pushing;
    e->pushing = growth != NULL;
    pc_auto_py PyObject *more = run_joined(con, filename, symbol);
    e->pushing = outer;
    if (growth != NULL) {
        pc_growth_judged(growth, turn, more == Py_True);
    }
    int wanted = more == NULL ? -1 : PyObject_IsTrue(more);
    if (wanted == 0) {
        wanted = reset(con);
    }
    else if (more == Py_True && growth == NULL) {
        begin(con, buffer, filename, symbol);
    }
    return wanted < 0 ? NULL : pc_take(&more);
}

PyObject *
pc_push(struct pc_console *con, PyObject *line, PyObject *filename, PyObject *symbol)
{
    pc_auto_py PyObject *buffer = append_line(con, line);
    if (buffer == NULL) {
        return NULL;
    }
    bool sure = false;
    struct pc_growth *growth = read_line(con, buffer, filename, symbol, &sure);
    if (sure) {
        int skipped = pc_quiet_skip(con->engine);
        if (skipped != 0) {
            return skipped < 0 ? NULL : Py_NewRef(Py_True);
        }
    }
    return judge(con, buffer, filename, symbol, growth);
}
