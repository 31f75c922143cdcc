/* Is a source complete? codeop's decision without the code that comes of it, and what is
 * missing where it is not. Nothing is run, and no warning is shown: those that the
 * compiler has are left to the time when the source is run. */
#include "engine/engine.h"

/* None: incomplete; a code object: complete; NULL: the exception in flight. Were there any
 * warnings? */
static PyObject *
compile_without_warnings(struct pc_engine *e, PyObject *source, PyObject *filename,
                         PyObject *symbol, bool *ret_warned)
{
    int flags = PC_CODEOP_FLAGS | (e->top_level_await ? PyCF_ALLOW_TOP_LEVEL_AWAIT : 0);
    struct pc_compiler compiler = {.kind = PC_COMPILER_FLAGS, .flags = &flags};
    struct pc_quiet quiet;
    pc_auto_py PyObject *input = PyUnicode_InternFromString("<input>");
    if (input == NULL || pc_quiet_begin(e, &quiet, true) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *code = pc_maybe_compile(
        e, &compiler, source, filename == NULL ? input : filename, symbol, NULL);
    return pc_quiet_end(e, &quiet, ret_warned) < 0 ? NULL : pc_take(&code);
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
    return pc_judge(engine, source, NULL, symbol, NULL, ret_outlook, ret_error);
}

int
pc_judge(struct pc_engine *engine, PyObject *source, PyObject *filename,
         PyObject *symbol, PyObject **ret_code, struct pc_outlook *ret_outlook,
         PyObject **ret_error)
{
    bool warned = true;
    if (!is_symbol(symbol)) {
        PyErr_SetString(PyExc_ValueError, "symbol must be 'single', 'exec' or 'eval'");
        return -1;
    }
    pc_auto_py PyObject *code =
        compile_without_warnings(engine, source, filename, symbol, &warned);
    if (code == NULL && is_verdict()) {
        *ret_error = pc_exception_take();
        return PC_INVALID;
    }
    if (code != Py_None) {
        if (ret_code != NULL && code != NULL && PyCode_Check(code) && !warned &&
            pc_codeop_is_as_it_came(engine)) {
            *ret_code = Py_NewRef(code);
        }
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
