/* Commands that grow line by line, so that nothing need be joined or compiled while it is
 * sure that more is to come.
 *
 * codeop compiles the whole text at each line, which takes time in proportion to its
 * square. Here the acceptor (src/lexer) reads each line once. While it says "surely
 * incomplete", the answer is codeop's None; when it says "ask", codeop's own steps decide,
 * and when they say None too, the acceptor goes on behind that line.
 *
 * A growth is known by the list that a console's push() appends to, or by the text that
 * runsource() or compile_command() was given last. It holds what it has read, so that a
 * buffer that was changed by hand, or a text that does not go on from the last one, is
 * noticed and judged by codeop's steps: a buffer of up to WHOLE lines is compared at each
 * push; of a longer one the last WINDOW lines are, and the rest in turn. A growth begins when codeop has said None of the
 * first line, so that single statements pay nothing.
 *
 * What must hold for it to stand in for codeop: the compiler is codeop's own with flags
 * that do not change the grammar, the symbol is "single". Warnings are told that their
 * filters changed, as codeop's catch_warnings() does for each text. */
#include "engine/growth.h"

#include "engine/engine.h"

enum { WHOLE = 1024, WINDOW = 128 };

void
pc_growth_drop(struct pc_growth *growth)
{
    Py_CLEAR(growth->buffer);
    Py_CLEAR(growth->lines);
    Py_CLEAR(growth->text);
}

/* The place for a new growth: a free one, or the one that was taken longest ago. */
static struct pc_growth *
new_growth(struct pc_engine *e)
{
    struct pc_growth *growth = &e->growths[e->next_growth];
    e->next_growth = (e->next_growth + 1) % PC_GROWTHS;
    pc_growth_drop(growth);
    pc_acceptor_init(&growth->acceptor, pc_python_version());
    growth->checked = 0;
    return growth;
}

/* Reads the text of a str. 1: surely incomplete; 0: ask; -1: it has no UTF-8. */
static int
feed(struct pc_engine *e, struct pc_growth *growth, PyObject *text, Py_ssize_t skip)
{
    Py_ssize_t len = 0;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &len);
    if (utf8 == NULL) {
        PyErr_Clear();
        return -1;
    }
    growth->turn = e->turns++;
    struct pc_answer answer =
        pc_acceptor_feed(&growth->acceptor, utf8 + skip, (size_t)(len - skip));
    return answer.verdict == PC_SURELY_INCOMPLETE;
}

/* Reads what codeop has said None of. False: it can't be read. */
static bool
feed_incomplete(struct pc_engine *e, struct pc_growth *growth, PyObject *text)
{
    int sure = feed(e, growth, text, 0);
    if (sure == 0) {
        pc_acceptor_resume(&growth->acceptor);
    }
    return sure >= 0;
}

/* ---- by the buffer of a console ---- */

static struct pc_growth *
growth_of_buffer(struct pc_engine *e, PyObject *buffer)
{
    for (size_t i = 0; i < PC_GROWTHS; i++) {
        if (e->growths[i].buffer == buffer) {
            return &e->growths[i];
        }
    }
    return NULL;
}

/* Are `count` lines from `start` on the ones that were read? */
static bool
same_lines(struct pc_growth *growth, Py_ssize_t start, Py_ssize_t count)
{
    PyObject **buffer = ((PyListObject *)growth->buffer)->ob_item;
    PyObject **lines = ((PyListObject *)growth->lines)->ob_item;
    return memcmp(buffer + start, lines + start, (size_t)count * sizeof(void *)) == 0;
}

/* Is the buffer what was read, and one line? */
static bool
grew_by_a_line(struct pc_growth *growth)
{
    Py_ssize_t read = PyList_GET_SIZE(growth->lines);
    if (PyList_GET_SIZE(growth->buffer) != read + 1) {
        return false;
    }
    if (read <= WHOLE) {
        return same_lines(growth, 0, read);
    }
    if (growth->checked + WINDOW > read) {
        growth->checked = 0;
    }
    Py_ssize_t start = growth->checked;
    growth->checked += WINDOW;
    return same_lines(growth, start, WINDOW) &&
           same_lines(growth, read - WINDOW, WINDOW);
}

void
pc_growth_begin_buffer(struct pc_engine *engine, PyObject *buffer)
{
    PyObject *line = PyList_GET_ITEM(buffer, 0);
    struct pc_growth *growth = new_growth(engine);
    growth->lines = PyList_New(0);
    if (growth->lines == NULL || PyList_Append(growth->lines, line) < 0 ||
        !feed_incomplete(engine, growth, line)) {
        PyErr_Clear();
        pc_growth_drop(growth);
        return;
    }
    growth->buffer = Py_NewRef(buffer);
}

struct pc_growth *
pc_growth_push(struct pc_engine *engine, PyObject *buffer, bool *ret_sure)
{
    struct pc_growth *growth = growth_of_buffer(engine, buffer);
    if (growth == NULL) {
        return NULL;
    }
    PyObject *line = PyList_GET_ITEM(buffer, PyList_GET_SIZE(buffer) - 1);
    int sure = grew_by_a_line(growth) && PyUnicode_CheckExact(line) &&
                       PyList_Append(growth->lines, line) == 0
                   ? feed(engine, growth, line, 0)
                   : -1;
    if (sure < 0) {
        PyErr_Clear();
        pc_growth_drop(growth);
        return NULL;
    }
    *ret_sure = sure == 1;
    return growth;
}

/* ---- by the text of a command ---- */

/* Does `text` go on from `before` with a new line? Where it goes on, or -1. */
static Py_ssize_t
goes_on(PyObject *before, PyObject *text)
{
    Py_ssize_t old_len = 0;
    Py_ssize_t new_len = 0;
    const char *old = PyUnicode_AsUTF8AndSize(before, &old_len);
    const char *new = old == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &new_len);
    if (new == NULL) {
        PyErr_Clear();
        return -1;
    }
    bool longer = new_len > old_len && new[old_len] == '\n' &&
                  memcmp(old, new, (size_t)old_len) == 0;
    return longer ? old_len + 1 : -1;
}

void
pc_growth_begin_text(struct pc_engine *engine, PyObject *text)
{
    struct pc_growth *growth = new_growth(engine);
    if (feed_incomplete(engine, growth, text)) {
        growth->text = Py_NewRef(text);
    }
}

struct pc_growth *
pc_growth_text(struct pc_engine *engine, PyObject *text, bool *ret_sure)
{
    for (size_t i = 0; i < PC_GROWTHS; i++) {
        struct pc_growth *growth = &engine->growths[i];
        Py_ssize_t skip = growth->text == NULL ? -1 : goes_on(growth->text, text);
        if (skip < 0) {
            continue;
        }
        int sure = feed(engine, growth, text, skip);
        if (sure < 0) {
            pc_growth_drop(growth);
            return NULL;
        }
        Py_SETREF(growth->text, Py_NewRef(text));
        *ret_sure = sure == 1;
        return growth;
    }
    return NULL;
}

void
pc_growth_judged(struct pc_growth *growth, size_t turn, bool incomplete)
{
    if (incomplete && growth->turn == turn) {
        pc_acceptor_resume(&growth->acceptor);
    }
    else {
        pc_growth_drop(growth);
    }
}

/* barry_as_FLUFL changes what is an operator. */
bool
pc_growth_has_flags(long flags)
{
    const long harmless = PyCF_MASK & ~(long)CO_FUTURE_BARRY_AS_BDFL;
    return (flags & ~harmless) == PC_CODEOP_FLAGS;
}

bool
pc_growth_has_filename(PyObject *filename)
{
    return PyUnicode_CheckExact(filename) &&
           PyUnicode_FindChar(filename, 0, 0, PyUnicode_GET_LENGTH(filename), 1) == -1;
}
