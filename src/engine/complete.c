/* Is a source complete? codeop's decision without the code that comes of it, and what is
 * missing where it is not. Nothing is run, and no warning is shown: those that the
 * compiler has are left to the time when the source is run. */
#include "engine/engine.h"

/* None: incomplete; a code object: complete; NULL: the exception in flight. */
static PyObject *
compile_without_warnings(struct pc_engine *e, PyObject *source, PyObject *symbol)
{
    int flags = PC_CODEOP_FLAGS | (e->top_level_await ? PyCF_ALLOW_TOP_LEVEL_AWAIT : 0);
    struct pc_compiler compiler = {.kind = PC_COMPILER_FLAGS, .flags = &flags};
    struct pc_quiet quiet;
    pc_auto_py PyObject *filename = PyUnicode_InternFromString("<input>");
    if (filename == NULL || pc_quiet_begin(e, &quiet, true) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *code =
        pc_maybe_compile(e, &compiler, source, filename, symbol, NULL);
    bool noted = false;
    return pc_quiet_end(e, &quiet, &noted) < 0 ? NULL : pc_take(&code);
}

/* Is the exception in flight the compiler's verdict on the source? */
static bool
is_verdict(void)
{
    return PyErr_ExceptionMatches(PyExc_SyntaxError) ||
           PyErr_ExceptionMatches(PyExc_ValueError) ||
           PyErr_ExceptionMatches(PyExc_OverflowError);
}

static bool
is_symbol(PyObject *symbol)
{
    return PyUnicode_CompareWithASCIIString(symbol, "single") == 0 ||
           PyUnicode_CompareWithASCIIString(symbol, "exec") == 0 ||
           PyUnicode_CompareWithASCIIString(symbol, "eval") == 0;
}

int
pc_is_complete(struct pc_engine *engine, PyObject *source, PyObject *symbol,
               struct pc_outlook *ret_outlook, PyObject **ret_error)
{
    if (!is_symbol(symbol)) {
        PyErr_SetString(PyExc_ValueError, "symbol must be 'single', 'exec' or 'eval'");
        return -1;
    }
    pc_auto_py PyObject *code = compile_without_warnings(engine, source, symbol);
    if (code == NULL && is_verdict()) {
        *ret_error = pc_exception_take();
        return PC_INVALID;
    }
    if (code != Py_None) {
        return code == NULL ? -1 : PC_COMPLETE;
    }
    Py_ssize_t len = 0;
    const char *utf8 = PyUnicode_AsUTF8AndSize(source, &len);
    if (utf8 == NULL) {
        return -1;
    }
    *ret_outlook = pc_outlook_of(utf8, (size_t)len, pc_python_version());
    return PC_INCOMPLETE;
}
