/* Candidates in quotes: keys of a dict, and paths. They are written with the quotes and
 * escapes of the string that was begun. */
#include "engine/completion.h"

#include <string.h>

#include "engine/signature.h"
#include "engine/unrun.h"

/* Our own cap: characters of a key, bytes of a path. */
enum { KEY_MOST = 200, PATH_MOST = 4096 };

/* How text is written in the string at the cursor. */
struct quoting {
    char quote;
    bool raw;
    bool ascii;  /* of a bytes literal */
    bool braces; /* have a meaning */
};

static struct quoting
quoting_of(const struct pc_cursor *at)
{
    return (struct quoting){
        .quote = at->string_flags & PC_TOKEN_DOUBLE ? '"' : '\'',
        .raw = at->string_flags & PC_TOKEN_RAW,
        .ascii = at->string_flags & PC_TOKEN_BYTES,
        .braces = at->string_flags & (PC_TOKEN_FORMAT | PC_TOKEN_TEMPLATE),
    };
}

/* ---- writing */

/* The character, escaped if it must be; returns the length, 0: it cannot be written. */
static size_t
write_character(Py_UCS4 c, const struct quoting *quoting, char *ret_text)
{
    static const char names[] = "nrt";
    static const char values[] = "\n\r\t";
    const char *value = c < 0x80 && c != 0 ? strchr(values, (int)c) : NULL;
    bool plain = Py_UNICODE_ISPRINTABLE(c) && (c != '\\' || quoting->raw) &&
                 c != (Py_UCS4)quoting->quote;
    if (quoting->braces && (c == '{' || c == '}')) {
        return 0;
    }
    if (quoting->ascii && c >= 0x80) {
        return c > 0xFF || quoting->raw ? 0 : (size_t)sprintf(ret_text, "\\x%02x", c);
    }
    if (plain) {
        return 1; /* the caller copies it */
    }
    if (quoting->raw) {
        return 0;
    }
    if (value != NULL) {
        return (size_t)sprintf(ret_text, "\\%c", names[value - values]);
    }
    if (c == '\\' || c == (Py_UCS4)quoting->quote) {
        return (size_t)sprintf(ret_text, "\\%c", (int)c);
    }
    return (size_t)sprintf(ret_text,
                           c < 0x100     ? "\\x%02x"
                           : c < 0x10000 ? "\\u%04x"
                                         : "\\U%08x",
                           c);
}

/* The text (new str) as it stands between the quotes, between `before` and `after`; NULL
 * without an exception where it cannot be written so. */
static PyObject *
quote(PyObject *text, const struct quoting *quoting, const char *before,
      const char *after)
{
    Py_ssize_t len = PyUnicode_GET_LENGTH(text);
    if (quoting->raw && len > 0 && PyUnicode_READ_CHAR(text, len - 1) == '\\') {
        return NULL; /* it would escape the quote */
    }
    pc_auto_py PyObject *result = PyUnicode_FromString(before);
    for (Py_ssize_t i = 0; result != NULL && i < len; i++) {
        char escaped[16];
        Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        size_t count = write_character(c, quoting, escaped);
        if (count == 0) {
            return NULL;
        }
        pc_auto_py PyObject *piece =
            count == 1 ? PyUnicode_Substring(text, i, i + 1)
                       : PyUnicode_FromStringAndSize(escaped, (Py_ssize_t)count);
        PyUnicode_Append(&result, piece);
    }
    if (result != NULL) {
        pc_auto_py PyObject *end = PyUnicode_FromString(after);
        PyUnicode_Append(&result, end);
    }
    return pc_take(&result);
}

/* ---- keys */

/* A bytes key as a str of the same characters (new). */
static PyObject *
text_of_key(PyObject *key)
{
    if (PyBytes_CheckExact(key)) {
        return PyUnicode_DecodeLatin1(PyBytes_AS_STRING(key), PyBytes_GET_SIZE(key),
                                      NULL);
    }
    return Py_NewRef(key);
}

/* The key in quotes of its own, since none were begun; or a number. */
static PyObject *
write_new_key(PyObject *key)
{
    if (PyLong_CheckExact(key)) {
        return PyObject_Repr(key);
    }
    struct quoting quoting = {.quote = '\'', .ascii = PyBytes_CheckExact(key)};
    pc_auto_py PyObject *text = text_of_key(key);
    return text == NULL ? NULL : quote(text, &quoting, quoting.ascii ? "b'" : "'", "'");
}

/* The key in the quotes that were begun, which are closed if they are not. */
static PyObject *
write_quoted_key(const struct pc_completion *c, PyObject *key)
{
    struct quoting quoting = quoting_of(&c->at);
    char before[8];
    size_t len = c->at.content - c->at.word.start;
    bool closed = c->cursor < c->len && c->text[c->cursor] == quoting.quote;
    const char after[] = {quoting.quote, '\0'};
    if (PyBytes_CheckExact(key) != quoting.ascii || PyLong_CheckExact(key) ||
        len >= sizeof before) {
        return NULL;
    }
    memcpy(before, c->text + c->at.word.start, len);
    before[len] = '\0';
    pc_auto_py PyObject *text = text_of_key(key);
    return text == NULL ? NULL : quote(text, &quoting, before, closed ? "" : after);
}

static bool
is_plain_key(PyObject *key)
{
    return PyLong_CheckExact(key) ||
           (PyUnicode_CheckExact(key) && PyUnicode_GET_LENGTH(key) <= KEY_MOST) ||
           (PyBytes_CheckExact(key) && PyBytes_GET_SIZE(key) <= KEY_MOST);
}

static int
offer_key(struct pc_completion *c, PyObject *key, PyObject *value)
{
    bool quoted = c->at.content > 0;
    pc_auto_py PyObject *text = quoted ? write_quoted_key(c, key) : write_new_key(key);
    if (text == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return pc_completion_offer_behind(c, text,
                                      quoted ? c->at.content - c->at.word.start : 0,
                                      PYCONSOLE_CANDIDATE_KEY, value);
}

/* Whether the object's keys are those of the dict that it is: a class of Python code that
 * says itself what they are would have to be asked. */
static bool
has_own_keys(PyObject *object)
{
    static const char *const names[] = {"__iter__", "keys"};
    bool builtin = PyDict_Check(object);
    for (size_t i = 0; builtin && i < sizeof names / sizeof *names; i++) {
        pc_auto_py PyObject *name = PyUnicode_FromString(names[i]);
        pc_auto_py PyObject *method =
            name == NULL ? NULL : pc_safe_type_get(Py_TYPE(object), name);
        builtin = method != NULL && pc_doc_in_c(method) != NULL;
    }
    PyErr_Clear();
    return builtin;
}

/* Where no dict is known, what stands in the brackets is an expression as any, or a path.
 */
static int
offer_instead(struct pc_completion *c)
{
    if (c->at.content > 0) {
        return pc_offer_paths(c);
    }
    c->at.place = PC_PLACE_OPERAND;
    return pc_span_is_empty(c->at.word) ? pc_offer_names(c) : 0;
}

int
pc_offer_keys(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    pc_auto_py PyObject *dict =
        pc_unrun_evaluate(&c->scope, c->text, c->len, c->at.object);
    if (dict == NULL || !has_own_keys(dict) || PyDict_GET_SIZE(dict) == 0) {
        return offer_instead(c);
    }
    if (c->at.content > 0) {
        c->prefix = c->text + c->at.content;
        c->prefix_len = c->cursor - c->at.content;
    }
    PyObject *key = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    while (PyDict_Next(dict, &at, &key, &value)) {
        if (is_plain_key(key) && offer_key(c, key, value) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- paths */

struct listing {
    struct pc_completion *c;
    struct quoting quoting;
    bool hidden; /* names that begin with a dot are asked for */
};

static int
take_entry(void *ctx, const char *name, bool is_folder)
{
    struct listing *listing = ctx;
    if (name[0] == '.' && !listing->hidden) {
        return 0;
    }
    pc_auto_py PyObject *file =
        listing->quoting.ascii
            ? PyUnicode_DecodeLatin1(name, (Py_ssize_t)strlen(name), NULL)
            : PyUnicode_DecodeFSDefault(name);
    pc_auto_py PyObject *text =
        file == NULL ? NULL : quote(file, &listing->quoting, "", is_folder ? "/" : "");
    if (text == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return pc_completion_offer(
        listing->c, text,
        is_folder ? PYCONSOLE_CANDIDATE_FOLDER : PYCONSOLE_CANDIDATE_FILE, NULL);
}

/* The folder that was written (new bytes), up to its last slash. */
static PyObject *
folder_of(const struct pc_completion *c, size_t slash)
{
    uint16_t flags = c->at.string_flags & PC_TOKEN_RAW;
    pc_auto_py PyObject *text =
        pc_safe_unquote(c->text + c->at.content, slash - c->at.content, flags);
    PyObject *folder = text == NULL ? NULL : PyUnicode_EncodeFSDefault(text);
    PyErr_Clear();
    return folder;
}

/* Only the last name of the path is replaced. */
int
pc_offer_paths(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    size_t slash = c->cursor;
    while (slash > c->at.content && c->text[slash - 1] != '/') {
        slash--;
    }
    pc_auto_py PyObject *folder = folder_of(c, slash);
    if (folder == NULL || PyBytes_GET_SIZE(folder) >= PATH_MOST) {
        return 0;
    }
    c->start = slash;
    c->prefix = c->text + slash;
    c->prefix_len = c->cursor - slash;
    struct listing listing = {
        .c = c,
        .quoting = quoting_of(&c->at),
        .hidden = c->prefix_len > 0 && c->prefix[0] == '.',
    };
    const char *path = PyBytes_GET_SIZE(folder) > 0 ? PyBytes_AS_STRING(folder) : ".";
    c->around->list(path, take_entry, &listing);
    return PyErr_Occurred() || c->late ? -1 : 0;
}
