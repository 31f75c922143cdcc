/* Whether a source is complete, for a C host; see <pyconsole/console.h>. */
#include "embed/handle.h"

#include <string.h>

/* The exception in flight as a status, with its words. */
static int
fail(pyconsole_completeness *known)
{
    pc_auto_py PyObject *exception = pc_exception_take();
    pc_describe_exception(known->message, sizeof known->message, exception);
    if (PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) {
        return PYCONSOLE_ENOMEM;
    }
    return PyErr_GivenExceptionMatches(exception, PyExc_ValueError) ? PYCONSOLE_EINVAL
                                                                    : PYCONSOLE_EPYTHON;
}

static int
judge(struct pc_engine *engine, PyObject *source, PyObject *symbol,
      pyconsole_completeness *known)
{
    struct pc_outlook outlook = {0};
    pc_auto_py PyObject *error = NULL;
    switch (pc_is_complete(engine, source, symbol, &outlook, &error)) {
    case PC_COMPLETE:
        return PYCONSOLE_OK;
    case PC_INCOMPLETE:
        known->missing = pc_missing_word(outlook.missing);
        known->bracket = outlook.bracket;
        memcpy(known->indent, outlook.indent, sizeof known->indent);
        return PYCONSOLE_MORE;
    case PC_INVALID:
        pc_describe_exception(known->message, sizeof known->message, error);
        return PYCONSOLE_ESYNTAX;
    default:
        return fail(known);
    }
}

/* With the GIL, and no exception in flight. */
static int
is_complete(const char *source, size_t len, const char *symbol,
            pyconsole_completeness *known)
{
    pc_auto_free struct pc_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    pc_auto_py PyObject *text = PyUnicode_DecodeUTF8(source, (Py_ssize_t)len, NULL);
    pc_auto_py PyObject *how = text == NULL ? NULL : PyUnicode_FromString(symbol);
    int status = how == NULL || pc_engine_init(engine, NULL, NULL) < 0
                     ? fail(known)
                     : judge(engine, text, how, known);
    pc_engine_fini(engine);
    return status;
}

int
pyconsole_is_complete(pyconsole_python *python, const char *source, size_t len,
                      const char *symbol, pyconsole_completeness *ret_completeness)
{
    pyconsole_completeness known = PYCONSOLE_COMPLETENESS_INIT;
    if (python == NULL || source == NULL ||
        (ret_completeness != NULL && ret_completeness->size < 2 * sizeof(size_t))) {
        return PYCONSOLE_EINVAL;
    }
    len = len == PYCONSOLE_TERMINATED ? strlen(source) : len;
    int status = PYCONSOLE_ELIMIT;
    if (len <= PYCONSOLE_MAX_SOURCE) {
        PyGILState_STATE gil = PyGILState_Ensure();
        PyObject *in_flight = pc_exception_take();
        status = is_complete(source, len, symbol == NULL ? "single" : symbol, &known);
        pc_exception_raise(in_flight);
        PyGILState_Release(gil);
    }
    if (status < 0 && known.message[0] == '\0') {
        pc_copy_message(known.message, sizeof known.message,
                        pyconsole_status_text(status));
    }
    if (ret_completeness != NULL) {
        size_t size = ret_completeness->size;
        memcpy(ret_completeness, &known, size < sizeof known ? size : sizeof known);
        ret_completeness->size = size;
    }
    return status;
}
