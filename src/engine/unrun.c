/* Names and imports of a text that has not run; see unrun.h. */
#include "engine/unrun.h"

#include <string.h>

#include "base/bytes.h"

/* Names in fields of f-strings are seen in all versions. */
static void
read_tokens(const char *text, size_t len, pc_lexer_sink *take, void *ctx)
{
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, PC_PYTHON_3_12);
    pc_lexer_feed(&lexer, text, len, take, ctx);
    pc_lexer_finish(&lexer, take, ctx);
}

static struct pc_span
span_of(const struct pc_token *token)
{
    return (struct pc_span){token->offset, token->offset + token->length};
}

/* ---- names */

struct name_reader {
    int (*take)(void *ctx, struct pc_span name);
    void *ctx;
    struct pc_span name; /* the last token, if that is a name and no attribute */
    bool after_dot;
    bool in_def;  /* a name before `=` in brackets is a parameter, else an argument */
    size_t depth; /* of brackets */
    int status;
};

static void
take_name_token(void *ctx, const struct pc_token *token)
{
    struct name_reader *r = ctx;
    bool is_argument = token->kind == PC_TOKEN_EQUAL && r->depth > 0 && !r->in_def;
    if (!pc_span_is_empty(r->name) && !is_argument && r->status == 0) {
        r->status = r->take(r->ctx, r->name);
    }
    bool is_name = token->kind == PC_TOKEN_NAME && !r->after_dot;
    r->name = is_name ? span_of(token) : (struct pc_span){0};
    r->after_dot = token->kind == PC_TOKEN_DOT;
    r->in_def =
        token->kind == PC_TOKEN_DEF || (r->in_def && token->kind != PC_TOKEN_NEWLINE);
    r->depth += token->kind == PC_TOKEN_LPAR;
    r->depth -= token->kind == PC_TOKEN_RPAR && r->depth > 0;
}

int
pc_unrun_names(const char *text, size_t len,
               int (*take)(void *ctx, struct pc_span name), void *ctx)
{
    struct name_reader reader = {.take = take, .ctx = ctx};
    read_tokens(text, len, take_name_token, &reader);
    return reader.status;
}

/* ---- imports */

/* Where in a statement: import PATH as AS, PATH; from FROM import NAMES as NAMES_AS */
enum import_part { OUTSIDE, PATH, AS, FROM, NAMES, NAMES_AS };

struct import_reader {
    const char *text;
    PyObject *found; /* dict */
    enum import_part part;
    struct pc_bytes path;
    struct pc_span name; /* in a module, not bound yet */
};

static PyObject *
text_of(const char *text, struct pc_span span)
{
    return PyUnicode_DecodeUTF8(text + span.start, (Py_ssize_t)(span.end - span.start),
                                NULL);
}

/* Borrowed, or NULL: not loaded. */
static PyObject *
loaded_module(const char *path, size_t len)
{
    pc_auto_py PyObject *name = PyUnicode_DecodeUTF8(path, (Py_ssize_t)len, NULL);
    PyObject *module = pc_safe_module(name);
    PyErr_Clear();
    return module;
}

static void
note(struct import_reader *r, PyObject *name, PyObject *value)
{
    if (name != NULL && value != NULL) {
        (void)PyDict_SetItem(r->found, name, value);
    }
    PyErr_Clear();
}

/* `import a.b` binds a, `import a.b as c` all of it to c. */
static void
bind_module(struct import_reader *r, struct pc_span alias)
{
    if (r->path.len > 0) {
        const char *path = pc_bytes_text(&r->path);
        bool whole = !pc_span_is_empty(alias);
        size_t len = whole ? r->path.len : strcspn(path, ".");
        pc_auto_py PyObject *name =
            whole ? text_of(r->text, alias)
                  : PyUnicode_DecodeUTF8(path, (Py_ssize_t)len, NULL);
        note(r, name, loaded_module(path, len));
    }
    pc_bytes_clear(&r->path);
}

/* What the module has under the name; a module below it that is loaded is there as well. */
static void
bind_member(struct import_reader *r, struct pc_span alias)
{
    if (pc_span_is_empty(r->name)) {
        return;
    }
    PyObject *module = loaded_module(pc_bytes_text(&r->path), r->path.len);
    pc_auto_py PyObject *member = text_of(r->text, r->name);
    pc_auto_py PyObject *dict = module == NULL ? NULL : pc_safe_dict(module);
    pc_auto_py PyObject *name = text_of(r->text, alias);
    PyObject *value = dict == NULL || member == NULL ? NULL : pc_safe_get(dict, member);
    note(r, name, value);
    r->name = (struct pc_span){0};
}

/* Of a path; other tokens end it. */
static bool
append_to_path(struct import_reader *r, const struct pc_token *token)
{
    return (token->kind == PC_TOKEN_NAME || token->kind == PC_TOKEN_DOT ||
            token->kind == PC_TOKEN_ELLIPSIS) &&
           pc_bytes_append(&r->path, r->text + token->offset, token->length) == 0;
}

static void
take_member_token(struct import_reader *r, const struct pc_token *token)
{
    switch (token->kind) {
    case PC_TOKEN_NAME:
        r->name = span_of(token);
        break;
    case PC_TOKEN_AS:
        r->part = NAMES_AS;
        break;
    case PC_TOKEN_LPAR:
    case PC_TOKEN_NL:
    case PC_TOKEN_COMMENT:
        break;
    default:
        bind_member(r, r->name);
        r->part = token->kind == PC_TOKEN_COMMA ? NAMES : OUTSIDE;
        break;
    }
}

static void
take_import_token(void *ctx, const struct pc_token *token)
{
    struct import_reader *r = ctx;
    bool is_name = token->kind == PC_TOKEN_NAME;
    switch (r->part) {
    case OUTSIDE:
        pc_bytes_clear(&r->path);
        r->part = token->kind == PC_TOKEN_IMPORT ? PATH
                  : token->kind == PC_TOKEN_FROM ? FROM
                                                 : OUTSIDE;
        break;
    case PATH:
        if (append_to_path(r, token)) {
            break;
        }
        if (token->kind == PC_TOKEN_AS) {
            r->part = AS;
            break;
        }
        bind_module(r, (struct pc_span){0});
        r->part = token->kind == PC_TOKEN_COMMA ? PATH : OUTSIDE;
        break;
    case AS:
        if (is_name) {
            bind_module(r, span_of(token));
        }
        r->part = is_name ? PATH : OUTSIDE;
        break;
    case FROM:
        if (!append_to_path(r, token)) {
            r->part = token->kind == PC_TOKEN_IMPORT ? NAMES : OUTSIDE;
        }
        break;
    case NAMES:
        take_member_token(r, token);
        break;
    case NAMES_AS:
        if (is_name) {
            bind_member(r, span_of(token));
        }
        r->part = is_name ? NAMES : OUTSIDE;
        break;
    }
}

PyObject *
pc_unrun_evaluate(const struct pc_scope *scope, const char *text, size_t len,
                  struct pc_span span)
{
    PyObject *value = pc_safe_evaluate(scope, text, span);
    if (value != NULL || pc_span_is_empty(span) || PyErr_Occurred()) {
        return value;
    }
    pc_auto_py PyObject *found = PyDict_New();
    if (found == NULL) {
        PyErr_Clear();
        return NULL;
    }
    struct import_reader reader = {.text = text, .found = found};
    read_tokens(text, len, take_import_token, &reader);
    pc_bytes_fini(&reader.path);
    struct pc_scope imported = {.locals = found, .runs = scope->runs};
    return pc_safe_evaluate(&imported, text, span);
}
