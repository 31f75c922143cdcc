/* The lines of a function or class; see inspect.h. Its end is found by its tokens: where its
 * indentation ends, or its line if it has no block. */
#include "engine/inspect.h"

#include <string.h>

#include "base/cleanup.h"
#include "lexer/lexer.h"

/* Our own cap: bytes of a file that is read. */
enum { FILE_MOST = 1 << 24 };

/* The tokens of a definition, decorators before it included. */
struct block {
    size_t base;  /* how deep it is indented itself: 0 or 1 */
    size_t depth; /* how deep its lines are */
    size_t end;   /* offset: of its last line's end so far */
    bool begun;
    bool defined; /* its `def` or `class` was read */
    bool lined;   /* and its line's end, too */
    bool over;
};

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct block *block = ctx;
    switch (token->kind) {
    case PC_TOKEN_INDENT:
        block->depth++;
        block->base += !block->begun;
        break;
    case PC_TOKEN_DEDENT:
        block->depth -= block->depth > 0;
        block->over = block->over || block->depth <= block->base;
        break;
    case PC_TOKEN_NEWLINE:
        block->end = block->over ? block->end : token->offset + token->length;
        block->lined = block->defined;
        break;
    case PC_TOKEN_COMMENT:
    case PC_TOKEN_NL:
    case PC_TOKEN_ENDMARKER:
        break;
    default:
        block->begun = true;
        block->over = block->over || (block->lined && block->depth == block->base);
        block->defined = block->defined || token->kind == PC_TOKEN_DEF ||
                         token->kind == PC_TOKEN_CLASS ||
                         token->kind == PC_TOKEN_LAMBDA;
    }
}

/* How long the definition is that the text begins with. */
static size_t
definition_len(const char *text, size_t len)
{
    struct block block = {0};
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, (enum pc_python_version)PY_MINOR_VERSION);
    size_t at = 0;
    while (at < len && !block.over) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t next = newline == NULL ? len : (size_t)(newline + 1 - text);
        pc_lexer_feed(&lexer, text + at, next - at, take_token, &block);
        at = next;
    }
    pc_lexer_finish(&lexer, take_token, &block);
    return block.end < len ? block.end : len;
}

/* What begins at `line`, counted from 1; NULL if there are not so many. */
static const char *
line_at(const char *text, size_t len, long line)
{
    const char *end = text + len;
    for (long i = 1; i < line && text != NULL; i++) {
        text = memchr(text, '\n', (size_t)(end - text));
        text = text == NULL ? NULL : text + 1;
    }
    return text;
}

/* linecache.cache[file] as one str (new), if it is as linecache makes it. */
static PyObject *
cached_text(PyObject *file)
{
    pc_auto_py PyObject *module = PyUnicode_FromString("linecache");
    pc_auto_py PyObject *name = PyUnicode_FromString("cache");
    pc_auto_py PyObject *empty = PyUnicode_FromString("");
    PyObject *modules = PyImport_GetModuleDict();
    if (module == NULL || name == NULL || empty == NULL || !PyDict_Check(modules)) {
        return NULL;
    }
    PyObject *linecache = pc_safe_get(modules, module);
    PyObject *cache = linecache == NULL || !PyModule_Check(linecache)
                          ? NULL
                          : pc_safe_get(PyModule_GetDict(linecache), name);
    PyObject *entry =
        cache == NULL || !PyDict_Check(cache) ? NULL : pc_safe_get(cache, file);
    if (entry == NULL || !PyTuple_CheckExact(entry) || PyTuple_GET_SIZE(entry) < 3 ||
        !PyList_CheckExact(PyTuple_GET_ITEM(entry, 2))) {
        return NULL;
    }
    return PyUnicode_Join(empty, PyTuple_GET_ITEM(entry, 2));
}

static PyObject *
cut(const char *text, size_t len, long line)
{
    const char *start = line_at(text, len, line);
    if (start == NULL) {
        return NULL;
    }
    size_t left = len - (size_t)(start - text);
    return PyUnicode_DecodeUTF8(start, (Py_ssize_t)definition_len(start, left),
                                "replace");
}

PyObject *
pc_source_of(const struct pc_around *around, PyObject *file, long line)
{
    pc_auto_py PyObject *cached = cached_text(file);
    pc_auto_py PyObject *path = NULL;
    Py_ssize_t cached_len = 0;
    const char *text =
        cached == NULL ? NULL : PyUnicode_AsUTF8AndSize(cached, &cached_len);
    PyObject *source = NULL;
    if (text != NULL) {
        source = cut(text, (size_t)cached_len, line);
    }
    else if ((path = PyUnicode_EncodeFSDefault(file)) != NULL) {
        size_t len = 0;
        pc_auto_free char *bytes =
            around->read(PyBytes_AS_STRING(path), FILE_MOST, &len);
        source = bytes == NULL ? NULL : cut(bytes, len, line);
    }
    PyErr_Clear();
    return source;
}
