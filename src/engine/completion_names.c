/* Candidates: names in scope and in the text, keywords, and attributes. */
#include "engine/completion.h"
#include "engine/unrun.h"

/* ---- keywords */

/* In the order of enum pc_token_kind from FALSE on: where each may stand. */
static const struct {
    enum pc_token_kind kind;
    unsigned int places;
} keywords[] = {
    {PC_TOKEN_FALSE, PC_PLACE_OPERAND},
    {PC_TOKEN_NONE, PC_PLACE_OPERAND},
    {PC_TOKEN_TRUE, PC_PLACE_OPERAND},
    {PC_TOKEN_AND, PC_PLACE_OPERATOR},
    {PC_TOKEN_AS, PC_PLACE_OPERATOR},
    {PC_TOKEN_ASSERT, PC_PLACE_STATEMENT},
    {PC_TOKEN_ASYNC, PC_PLACE_STATEMENT | PC_PLACE_OPERATOR},
    {PC_TOKEN_AWAIT, PC_PLACE_OPERAND},
    {PC_TOKEN_BREAK, PC_PLACE_STATEMENT},
    {PC_TOKEN_CLASS, PC_PLACE_STATEMENT},
    {PC_TOKEN_CONTINUE, PC_PLACE_STATEMENT},
    {PC_TOKEN_DEF, PC_PLACE_STATEMENT},
    {PC_TOKEN_DEL, PC_PLACE_STATEMENT},
    {PC_TOKEN_ELIF, PC_PLACE_STATEMENT},
    {PC_TOKEN_ELSE, PC_PLACE_STATEMENT | PC_PLACE_OPERATOR},
    {PC_TOKEN_EXCEPT, PC_PLACE_STATEMENT},
    {PC_TOKEN_FINALLY, PC_PLACE_STATEMENT},
    {PC_TOKEN_FOR, PC_PLACE_STATEMENT | PC_PLACE_OPERATOR},
    {PC_TOKEN_FROM, PC_PLACE_STATEMENT | PC_PLACE_OPERATOR},
    {PC_TOKEN_GLOBAL, PC_PLACE_STATEMENT},
    {PC_TOKEN_IF, PC_PLACE_STATEMENT | PC_PLACE_OPERATOR},
    {PC_TOKEN_IMPORT, PC_PLACE_STATEMENT},
    {PC_TOKEN_IN, PC_PLACE_OPERATOR},
    {PC_TOKEN_IS, PC_PLACE_OPERATOR},
    {PC_TOKEN_LAMBDA, PC_PLACE_OPERAND},
    {PC_TOKEN_NONLOCAL, PC_PLACE_STATEMENT},
    {PC_TOKEN_NOT, PC_PLACE_OPERAND | PC_PLACE_OPERATOR},
    {PC_TOKEN_OR, PC_PLACE_OPERATOR},
    {PC_TOKEN_PASS, PC_PLACE_STATEMENT},
    {PC_TOKEN_RAISE, PC_PLACE_STATEMENT},
    {PC_TOKEN_RETURN, PC_PLACE_STATEMENT},
    {PC_TOKEN_TRY, PC_PLACE_STATEMENT},
    {PC_TOKEN_WHILE, PC_PLACE_STATEMENT},
    {PC_TOKEN_WITH, PC_PLACE_STATEMENT},
    {PC_TOKEN_YIELD, PC_PLACE_OPERAND},
};

/* Those that begin a statement, and since when. */
static const struct {
    const char *text;
    int since;
} soft_keywords[] = {
    {"case", PC_PYTHON_3_11},
    {"lazy", PC_PYTHON_3_15},
    {"match", PC_PYTHON_3_11},
    {"type", PC_PYTHON_3_12},
};

static int
offer_word(struct pc_completion *c, const char *word)
{
    pc_auto_py PyObject *text = PyUnicode_FromString(word);
    return text == NULL
               ? -1
               : pc_completion_offer(c, text, PYCONSOLE_CANDIDATE_KEYWORD, NULL);
}

static int
offer_keywords(struct pc_completion *c)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (keywords[i].places & c->at.place &&
            offer_word(c, pc_token_text(keywords[i].kind)) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < sizeof soft_keywords / sizeof *soft_keywords; i++) {
        if (c->at.place & PC_PLACE_STATEMENT &&
            soft_keywords[i].since <= PY_MINOR_VERSION &&
            offer_word(c, soft_keywords[i].text) < 0) {
            return -1;
        }
    }
    return 0;
}

int
pc_offer_keyword(struct pc_completion *completion)
{
    return offer_word(completion, pc_token_text(completion->at.keyword));
}

/* ---- names */

int
pc_offer_dict(struct pc_completion *completion, PyObject *dict, bool from_type)
{
    PyObject *key = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    while (dict != NULL && PyDict_Next(dict, &at, &key, &value)) {
        if (pc_completion_offer_name(completion, key, value, from_type) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Parameters, and what a block that has not run yet will bind. */
static int
offer_span(void *ctx, struct pc_span span)
{
    struct pc_completion *c = ctx;
    if (span.start < c->asked.start || span.start == c->at.word.start) {
        return 0;
    }
    pc_auto_py PyObject *name = PyUnicode_DecodeUTF8(
        c->text + span.start, (Py_ssize_t)(span.end - span.start), NULL);
    if (name == NULL) {
        PyErr_Clear();
        return 0;
    }
    return PyUnicode_IsIdentifier(name) == 1
               ? pc_completion_offer(c, name, PYCONSOLE_CANDIDATE_VARIABLE, NULL)
               : 0;
}

int
pc_offer_promised(struct pc_completion *completion, PyObject *dict)
{
    pc_auto_py PyObject *key = PyUnicode_FromString("__all__");
    PyObject *names = key == NULL ? NULL : pc_safe_get(dict, key);
    if (names == NULL || !(PyList_CheckExact(names) || PyTuple_CheckExact(names))) {
        return key == NULL ? -1 : 0;
    }
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(names); i++) {
        PyObject *name = PySequence_Fast_GET_ITEM(names, i);
        if (pc_completion_offer_name(completion, name, NULL, false) < 0) {
            return -1;
        }
    }
    return 0;
}

int
pc_offer_names(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    if (pc_offer_arguments(c) < 0) {
        return -1;
    }
    bool operand = c->at.place & (PC_PLACE_OPERAND | PC_PLACE_STATEMENT);
    enum { SCOPES = 3 };
    PyObject *const dicts[SCOPES] = {c->scope.locals, c->scope.globals,
                                     c->scope.builtins};
    for (size_t i = 0; operand && i < SCOPES; i++) {
        bool again = i == 1 && dicts[1] == dicts[0];
        if (!again && pc_offer_dict(c, dicts[i], false) < 0) {
            return -1;
        }
    }
    int offered = offer_keywords(c);
    return offered < 0 || !operand ? offered
                                   : pc_unrun_names(c->text, c->len, offer_span, c);
}

/* ---- attributes */

static int
offer_type(struct pc_completion *c, PyTypeObject *type)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); i++) {
        pc_auto_py PyObject *dict =
            pc_safe_type_dict((PyTypeObject *)PyTuple_GET_ITEM(mro, i));
        if (pc_offer_dict(c, dict, true) < 0) {
            return -1;
        }
    }
    return 0;
}

/* What the object itself says that it has. */
static int
offer_dir(struct pc_completion *c, PyObject *object)
{
    pc_auto_py PyObject *names = PyObject_Dir(object);
    pc_safe_forget_error();
    for (Py_ssize_t i = 0; names != NULL && i < PyList_GET_SIZE(names); i++) {
        if (pc_completion_offer_name(c, PyList_GET_ITEM(names, i), NULL, false) < 0) {
            return -1;
        }
    }
    return 0;
}

/* As dir() without asking: what a type and its bases have; what a module has; what an
 * object has, and then its type. */
static int
offer_known(struct pc_completion *c, PyObject *object)
{
    if (PyType_Check(object)) {
        return offer_type(c, (PyTypeObject *)object);
    }
    pc_auto_py PyObject *dict = pc_safe_dict(object);
    if (pc_offer_dict(c, dict, false) < 0) {
        return -1;
    }
    return PyModule_Check(object) ? pc_offer_promised(c, dict)
                                  : offer_type(c, Py_TYPE(object));
}

int
pc_offer_attributes(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    pc_auto_py PyObject *object =
        pc_unrun_evaluate(&c->scope, c->text, c->len, c->at.object);
    if (object == NULL) {
        return 0;
    }
    int offered = offer_known(c, object);
    return offered < 0 || !c->scope.runs ? offered : offer_dir(c, object);
}
