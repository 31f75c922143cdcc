/* The value of an expression at a cursor, without running anything, unless the scope says
 * that objects are to be asked; see safe.h.
 *
 *     primary   name | number | string | True | False | None
 *               | "[" ... "]" | "{" ... "}" | "(" ... ")" | f-string
 *     chain     primary ("." name | "[" ["-"] literal "]")*
 *
 * What stands in brackets of a display is passed over: what counts is the type. */
#include "engine/safe.h"

#include <string.h>

struct expression {
    const struct pc_scope *scope;
    const char *text;
    struct pc_token tokens[PC_EVALUATE_TOKENS + 1]; /* the last is an ENDMARKER */
    size_t count;
    size_t at;
};

/* ---- tokens */

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct expression *e = ctx;
    bool plain = token->kind != PC_TOKEN_NEWLINE && token->kind != PC_TOKEN_NL &&
                 token->kind != PC_TOKEN_COMMENT && token->kind != PC_TOKEN_INDENT &&
                 token->kind != PC_TOKEN_DEDENT && token->kind != PC_TOKEN_ENDMARKER;
    if (plain && e->count <= PC_EVALUATE_TOKENS) {
        e->tokens[e->count++] = *token;
    }
}

static enum pc_token_kind
peek(const struct expression *e)
{
    return (enum pc_token_kind)e->tokens[e->at].kind;
}

static bool
skip(struct expression *e, enum pc_token_kind kind)
{
    bool is = peek(e) == kind;
    e->at += is;
    return is;
}

static int
step_of(enum pc_token_kind kind)
{
    switch (kind) {
    case PC_TOKEN_LPAR:
    case PC_TOKEN_LSQB:
    case PC_TOKEN_LBRACE:
    case PC_TOKEN_FSTRING_START:
        return 1;
    case PC_TOKEN_RPAR:
    case PC_TOKEN_RSQB:
    case PC_TOKEN_RBRACE:
    case PC_TOKEN_FSTRING_END:
        return -1;
    default:
        return 0;
    }
}

/* Passes over what is bracketed, and says whether `kind` stands right in it. */
static bool
skip_brackets(struct expression *e, enum pc_token_kind kind)
{
    bool found = false;
    int depth = 0;
    do {
        depth += step_of(peek(e));
        found = found || (depth == 1 && peek(e) == kind);
        e->at++;
    } while (depth > 0 && peek(e) != PC_TOKEN_ENDMARKER);
    return found;
}

/* ---- literals */

static PyObject *
number_of(const char *text, size_t len)
{
    char digits[64];
    if (len >= sizeof digits) {
        return NULL;
    }
    memcpy(digits, text, len);
    digits[len] = '\0';
    bool prefixed = digits[0] == '0' && len > 1 && strchr("xXbBoO", digits[1]) != NULL;
    if (strchr("jJ", digits[len - 1]) != NULL) {
        return PyComplex_FromDoubles(0, 0);
    }
    if (!prefixed && strpbrk(digits, ".eE") != NULL) {
        return PyFloat_FromDouble(0);
    }
    PyObject *number = PyLong_FromString(digits, NULL, 0);
    PyErr_Clear();
    return number;
}

/* The text without its escapes in `bytes`, as long as it or shorter; false for escapes
 * that are not known. */
static bool
unescape(const char *text, size_t len, char *bytes, size_t *ret_len)
{
    static const char names[] = "\\'\"nrt";
    static const char values[] = "\\'\"\n\r\t";
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '\\') {
            const char *name = ++i < len ? strchr(names, text[i]) : NULL;
            if (name == NULL || *name == '\0') {
                return false;
            }
            c = values[name - names];
        }
        bytes[count++] = c;
    }
    *ret_len = count;
    return true;
}

PyObject *
pc_safe_unquote(const char *text, size_t len, uint16_t flags)
{
    pc_auto_free char *bytes = malloc(len + 1);
    if (bytes == NULL) {
        return NULL;
    }
    if (flags & PC_TOKEN_RAW) {
        memcpy(bytes, text, len);
    }
    else if (!unescape(text, len, bytes, &len)) {
        return NULL;
    }
    PyObject *value = flags & PC_TOKEN_BYTES
                          ? PyBytes_FromStringAndSize(bytes, (Py_ssize_t)len)
                          : PyUnicode_DecodeUTF8(bytes, (Py_ssize_t)len, NULL);
    PyErr_Clear();
    return value;
}

/* The value of a string's token; NULL for one with escapes that are not known. */
static PyObject *
string_of(const char *text, const struct pc_token *token)
{
    size_t quotes = token->flags & PC_TOKEN_TRIPLE ? 3 : 1;
    size_t start = quotes;
    while (text[start - quotes] != '\'' && text[start - quotes] != '"') {
        start++;
    }
    return pc_safe_unquote(text + start, token->length - start - quotes, token->flags);
}

static PyObject *
empty_string(const struct pc_token *token)
{
    return token->flags & PC_TOKEN_BYTES ? PyBytes_FromStringAndSize("", 0)
                                         : PyUnicode_FromString("");
}

/* ---- primaries */

static PyObject *evaluate(struct expression *e);

static PyObject *
name_of(const struct expression *e, const struct pc_token *token)
{
    PyObject *name =
        PyUnicode_DecodeUTF8(e->text + token->offset, (Py_ssize_t)token->length, NULL);
    PyErr_Clear();
    return name;
}

/* A tuple, or an expression in brackets. */
static PyObject *
evaluate_group(struct expression *e)
{
    size_t start = e->at;
    bool comma = skip_brackets(e, PC_TOKEN_COMMA);
    if (comma || e->at == start + 2) {
        return PyTuple_New(0);
    }
    size_t end = e->at;
    e->at = start + 1;
    pc_auto_py PyObject *value = evaluate(e);
    return e->at + 1 == end && skip(e, PC_TOKEN_RPAR) ? pc_take(&value) : NULL;
}

static PyObject *
evaluate_braces(struct expression *e)
{
    size_t start = e->at;
    bool colon = skip_brackets(e, PC_TOKEN_COLON);
    bool dict =
        colon || e->at == start + 2 || e->tokens[start + 1].kind == PC_TOKEN_DOUBLESTAR;
    return dict ? PyDict_New() : PySet_New(NULL);
}

static PyObject *
evaluate_primary(struct expression *e)
{
    const struct pc_token *token = &e->tokens[e->at];
    const char *text = e->text + token->offset;
    switch (token->kind) {
    case PC_TOKEN_NAME: {
        pc_auto_py PyObject *name = name_of(e, token);
        e->at++;
        return name == NULL ? NULL : pc_safe_name(e->scope, name);
    }
    case PC_TOKEN_NUMBER:
        e->at++;
        return number_of(text, token->length);
    case PC_TOKEN_STRING:
        e->at++;
        return empty_string(token);
    case PC_TOKEN_TRUE:
    case PC_TOKEN_FALSE:
        e->at++;
        return Py_NewRef(token->kind == PC_TOKEN_TRUE ? Py_True : Py_False);
    case PC_TOKEN_NONE:
        e->at++;
        return Py_NewRef(Py_None);
    case PC_TOKEN_FSTRING_START:
        (void)skip_brackets(e, PC_TOKEN_ENDMARKER);
        return PyUnicode_FromString("");
    case PC_TOKEN_LSQB:
        (void)skip_brackets(e, PC_TOKEN_ENDMARKER);
        return PyList_New(0);
    case PC_TOKEN_LBRACE:
        return evaluate_braces(e);
    case PC_TOKEN_LPAR:
        return evaluate_group(e);
    default:
        return NULL;
    }
}

/* ---- chains */

static PyObject *
item_of_sequence(PyObject *sequence, Py_ssize_t index, bool negative)
{
    Py_ssize_t len = PySequence_Fast_GET_SIZE(sequence);
    index = negative ? len - index : index;
    return index < 0 || index >= len
               ? NULL
               : Py_NewRef(PySequence_Fast_GET_ITEM(sequence, index));
}

/* Is the dict's key exactly this str, int or bytes? */
static bool
is_key(PyObject *key, PyObject *wanted)
{
    return Py_IS_TYPE(key, Py_TYPE(wanted)) &&
           PyObject_RichCompareBool(key, wanted, Py_EQ) == 1;
}

static PyObject *
item_of_dict(PyObject *dict, PyObject *wanted, bool negative)
{
    pc_auto_py PyObject *exact =
        negative ? PyNumber_Negative(wanted) : Py_NewRef(wanted);
    PyObject *key = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    while (exact != NULL && PyDict_Next(dict, &at, &key, &value)) {
        if (is_key(key, exact)) {
            return Py_NewRef(value);
        }
    }
    return NULL;
}

/* A key between the brackets of a subscript: an int, str or bytes. */
static PyObject *
read_key(struct expression *e)
{
    const struct pc_token *token = &e->tokens[e->at++];
    const char *text = e->text + token->offset;
    PyObject *key = token->kind == PC_TOKEN_NUMBER   ? number_of(text, token->length)
                    : token->kind == PC_TOKEN_STRING ? string_of(text, token)
                                                     : NULL;
    return skip(e, PC_TOKEN_RSQB) ? key : (Py_XDECREF(key), NULL);
}

static PyObject *
ask_for_item(PyObject *object, PyObject *key, bool negative)
{
    pc_auto_py PyObject *exact = negative ? PyNumber_Negative(key) : Py_NewRef(key);
    return exact == NULL ? NULL : PyObject_GetItem(object, exact);
}

/* Of an exact dict, list or tuple, or of what is asked. */
static PyObject *
evaluate_item(struct expression *e, PyObject *object)
{
    bool negative = skip(e, PC_TOKEN_MINUS);
    pc_auto_py PyObject *key = read_key(e);
    bool number = key != NULL && PyLong_CheckExact(key);
    if (key == NULL || (negative && !number)) {
        return NULL;
    }
    if (e->scope->runs) {
        return ask_for_item(object, key, negative);
    }
    if (PyDict_CheckExact(object)) {
        return item_of_dict(object, key, negative);
    }
    if (!number || !(PyList_CheckExact(object) || PyTuple_CheckExact(object))) {
        return NULL;
    }
    Py_ssize_t index = PyLong_AsSsize_t(key);
    return index < 0 ? NULL : item_of_sequence(object, index, negative);
}

static PyObject *
evaluate_dotted(struct expression *e, PyObject *object)
{
    pc_auto_py PyObject *name =
        peek(e) == PC_TOKEN_NAME ? name_of(e, &e->tokens[e->at]) : NULL;
    e->at++;
    return name == NULL     ? NULL
           : e->scope->runs ? PyObject_GetAttr(object, name)
                            : pc_safe_attribute(object, name);
}

static PyObject *
evaluate(struct expression *e)
{
    PyObject *value = evaluate_primary(e);
    while (value != NULL) {
        PyObject *next = NULL;
        if (skip(e, PC_TOKEN_DOT)) {
            next = evaluate_dotted(e, value);
        }
        else if (skip(e, PC_TOKEN_LSQB)) {
            next = evaluate_item(e, value);
        }
        else {
            break;
        }
        Py_SETREF(value, next);
    }
    return value;
}

PyObject *
pc_safe_evaluate(const struct pc_scope *scope, const char *text, struct pc_span span)
{
    pc_auto_free struct expression *e = calloc(1, sizeof *e);
    if (e == NULL || pc_span_is_empty(span)) {
        return NULL;
    }
    e->scope = scope;
    e->text = text + span.start;
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, PC_PYTHON_3_12);
    pc_lexer_feed(&lexer, e->text, span.end - span.start, take_token, e);
    pc_lexer_feed(&lexer, " ", 1, take_token, e);
    if (e->count > PC_EVALUATE_TOKENS) {
        return NULL;
    }
    e->tokens[e->count].kind = PC_TOKEN_ENDMARKER;
    pc_auto_py PyObject *value = evaluate(e);
    pc_safe_forget_error();
    return peek(e) == PC_TOKEN_ENDMARKER ? pc_take(&value) : NULL;
}
