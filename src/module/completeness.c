/* is_complete() and the type of what it gives. */
#include "module/module.h"

enum { FIELDS = 5 };

/* A str, or None for "". */
static PyObject *
word(const char *text)
{
    return text[0] == '\0' ? Py_NewRef(Py_None) : PyUnicode_FromString(text);
}

/* Steals `error`, which may be NULL. */
static PyObject *
new_completeness(struct pc_module *state, enum pc_completeness status,
                 const struct pc_outlook *outlook, PyObject *error)
{
    static const char *const names[] = {"complete", "incomplete", "invalid"};
    const char bracket[] = {outlook->bracket, '\0'};
    PyObject *values[] = {PyUnicode_InternFromString(names[status]),
                          word(pc_missing_word(outlook->missing)), word(bracket),
                          PyUnicode_FromString(outlook->indent),
                          error != NULL ? error : Py_NewRef(Py_None)};
    pc_auto_py PyObject *result =
        PyStructSequence_New((PyTypeObject *)state->completeness_type);
    bool whole = result != NULL;
    for (Py_ssize_t i = 0; i < FIELDS; i++) {
        whole = whole && values[i] != NULL;
        if (result != NULL) {
            PyStructSequence_SET_ITEM(result, i, values[i]);
        }
        else {
            Py_XDECREF(values[i]);
        }
    }
    return whole ? pc_take(&result) : NULL;
}

PyDoc_STRVAR(is_complete_doc, "is_complete(source, symbol='single')\n--\n\n"
                              "See pyconsole.is_complete().");

static PyObject *
is_complete(PyObject *extension, PyObject *args, PyObject *kwargs)
{
    char *names[] = {"source", "symbol", NULL};
    struct pc_module *state = PyModule_GetState(extension);
    PyObject *given = NULL;
    PyObject *symbol = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "U|U:is_complete", names, &given,
                                     &symbol)) {
        return NULL;
    }
    pc_auto_py PyObject *source = PyUnicode_FromObject(given);
    pc_auto_py PyObject *how =
        symbol == NULL ? PyUnicode_InternFromString("single") : Py_NewRef(symbol);
    struct pc_outlook outlook = {0};
    PyObject *error = NULL;
    int status = source == NULL || how == NULL
                     ? -1
                     : pc_is_complete(&state->engine, source, how, &outlook, &error);
    return status < 0
               ? NULL
               : new_completeness(state, (enum pc_completeness)status, &outlook, error);
}

static PyMethodDef completeness_methods[] = {
    {"is_complete", (PyCFunction)(void (*)(void))is_complete,
     METH_VARARGS | METH_KEYWORDS, is_complete_doc},
    {NULL, NULL, 0, NULL},
};

/* CPython copies what the tables say. */
static PyObject *
new_completeness_type(void)
{
    PyStructSequence_Field fields[] = {
        {"status", "\"complete\", \"incomplete\" or \"invalid\""},
        {"missing",
         "what an incomplete source lacks: \"bracket\" (a closing one), \"string\" "
         "(its end), \"continuation\", \"block\", \"decorated\" (a function or "
         "class), \"handler\" (of a try), \"block end\"; else None"},
        {"bracket", "the open bracket that is meant: \"(\", \"[\" or \"{\"; else None"},
        {"indent", "the blanks to offer for the next line; \"\" where there are none"},
        {"error",
         "of an invalid source: the SyntaxError, ValueError or OverflowError that "
         "compiling it raised; else None"},
        {NULL, NULL},
    };
    PyStructSequence_Desc desc = {
        .name = "pyconsole.Completeness",
        .doc = "What is_complete() says of a source.",
        .fields = fields,
        .n_in_sequence = FIELDS,
    };
    return (PyObject *)PyStructSequence_NewType(&desc);
}

int
pc_add_completeness(PyObject *extension, struct pc_module *state)
{
    state->completeness_type = new_completeness_type();
    return state->completeness_type == NULL
               ? -1
               : PyModule_AddFunctions(extension, completeness_methods);
}
