/* Matching, order and caps of candidates; see completion.h. */
#include "engine/completion.h"

#include <string.h>

/* How a text fits the prefix, best first. */
enum match_rank { RANK_PREFIX, RANK_ANY_CASE, RANK_FUZZY, RANK_NONE };

/* Our own: a fuzzy match needs this much to go by; twice as many items as are kept are
 * held until the worse half goes; how often the clock is looked at; bytes of a first
 * line. */
enum {
    FUZZY_LEAST = 2,
    HELD_MOST = 2 * PYCONSOLE_CANDIDATES_MOST,
    OFFERS = 64,
    DOC_MOST = 200
};

/* ---- matching */

static unsigned char
lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool
starts_with(const char *text, size_t len, const char *prefix, size_t prefix_len)
{
    size_t i = 0;
    while (i < prefix_len && i < len && lower(text[i]) == lower(prefix[i])) {
        i++;
    }
    return i == prefix_len;
}

/* Whether all of the prefix is in the text in this order; *ret_gaps counts the breaks. */
static bool
is_spread(const char *text, size_t len, const char *prefix, size_t prefix_len,
          uint8_t *ret_gaps)
{
    size_t found = 0;
    size_t gaps = 0;
    bool adjacent = true;
    for (size_t i = 0; i < len && found < prefix_len; i++) {
        bool same = lower(text[i]) == lower(prefix[found]);
        gaps += same && !adjacent;
        found += same;
        adjacent = same;
    }
    *ret_gaps = (uint8_t)(gaps < UINT8_MAX ? gaps : UINT8_MAX);
    return found == prefix_len;
}

/* Whether a word of the name begins here: snake_case or CamelCase. */
static bool
begins_word(const char *text, size_t at)
{
    bool upper = text[at] >= 'A' && text[at] <= 'Z';
    return at == 0 || text[at - 1] == '_' || text[at - 1] == '.' ||
           (upper && text[at - 1] >= 'a' && text[at - 1] <= 'z');
}

/* A match that begins with a word is what was meant; others are chance. */
static bool
is_fuzzy(const char *text, size_t len, const char *prefix, size_t prefix_len,
         uint8_t *ret_gaps)
{
    for (size_t i = 0; prefix_len >= FUZZY_LEAST && i < len; i++) {
        if (lower(text[i]) == lower(prefix[0]) && begins_word(text, i) &&
            is_spread(text + i, len - i, prefix, prefix_len, ret_gaps)) {
            return true;
        }
    }
    return false;
}

static struct pc_match
match_of(const struct pc_completion *c, const char *text, size_t len)
{
    struct pc_match match = {.rank = RANK_NONE};
    if (len >= c->prefix_len && memcmp(text, c->prefix, c->prefix_len) == 0) {
        match.rank = RANK_PREFIX;
    }
    else if (starts_with(text, len, c->prefix, c->prefix_len)) {
        match.rank = RANK_ANY_CASE;
    }
    else if (is_fuzzy(text, len, c->prefix, c->prefix_len, &match.gaps)) {
        match.rank = RANK_FUZZY;
    }
    if (len > 0 && text[0] == '_') {
        match.privacy = len > 1 && text[1] == '_' ? 2 : 1;
    }
    return match;
}

/* ---- order */

static int
compare_texts(const struct pc_item *a, const struct pc_item *b)
{
    const char *x = PyUnicode_AsUTF8(a->text);
    const char *y = PyUnicode_AsUTF8(b->text);
    size_t i = 0;
    while (x[i] != '\0' && lower(x[i]) == lower(y[i])) {
        i++;
    }
    int order = (int)lower(x[i]) - (int)lower(y[i]);
    return order != 0 ? order : strcmp(x, y);
}

static int
compare_items(const void *one, const void *other)
{
    const struct pc_item *a = one;
    const struct pc_item *b = other;
    const int differences[] = {
        (int)a->match.rank - (int)b->match.rank,
        (int)a->match.group - (int)b->match.group,
        (int)a->match.gaps - (int)b->match.gaps,
        (int)a->match.privacy - (int)b->match.privacy,
    };
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
        if (differences[i] != 0) {
            return differences[i];
        }
    }
    return compare_texts(a, b);
}

static void
clear_item(struct pc_item *item)
{
    Py_CLEAR(item->text);
    Py_CLEAR(item->value);
}

/* Sorts, and lets go of what is over the cap. */
static void
settle(struct pc_completion *c)
{
    if (c->count > 0) {
        qsort(c->items, c->count, sizeof *c->items, compare_items);
    }
    while (c->count > PYCONSOLE_CANDIDATES_MOST) {
        clear_item(&c->items[--c->count]);
        c->truncated = true;
    }
}

/* ---- offers */

static int
keep(struct pc_completion *c, const struct pc_item *item)
{
    if (c->count == HELD_MOST) {
        settle(c);
    }
    if (c->items == NULL) {
        c->items = malloc(HELD_MOST * sizeof *c->items);
    }
    if (c->items == NULL || PyDict_SetItem(c->seen, item->text, Py_None) < 0) {
        if (!PyErr_Occurred()) {
            PyErr_NoMemory();
        }
        return -1;
    }
    c->items[c->count] = *item;
    Py_INCREF(item->text);
    Py_XINCREF(item->value);
    c->count++;
    return 0;
}

/* 0 as well where the text cannot be written in UTF-8, or was offered before. */
static int
offer(struct pc_completion *c, struct pc_item *item, size_t skip)
{
    Py_ssize_t len = 0;
    const char *utf8 = PyUnicode_AsUTF8AndSize(item->text, &len);
    if (utf8 == NULL) {
        PyErr_Clear();
        return 0;
    }
    item->match = match_of(c, utf8 + skip, (size_t)len - skip);
    item->match.group = item->kind != PYCONSOLE_CANDIDATE_ARGUMENT;
    return item->match.rank == RANK_NONE || PyDict_Contains(c->seen, item->text) == 1
               ? 0
               : keep(c, item);
}

static bool
is_over(struct pc_completion *c)
{
    if (c->offered++ % OFFERS == 0 && c->around->expired(c->around)) {
        c->late = true;
    }
    return c->late;
}

int
pc_completion_offer_behind(struct pc_completion *completion, PyObject *text,
                           size_t skip, enum pyconsole_candidate_kind kind,
                           PyObject *value)
{
    struct pc_item item = {.text = text, .value = value, .kind = kind};
    return is_over(completion) ? -1 : offer(completion, &item, skip);
}

int
pc_completion_offer(struct pc_completion *completion, PyObject *text,
                    enum pyconsole_candidate_kind kind, PyObject *value)
{
    return pc_completion_offer_behind(completion, text, 0, kind, value);
}

static bool
can_be_written(PyObject *name)
{
    Py_ssize_t len = 0;
    const char *utf8 =
        PyUnicode_IsIdentifier(name) == 1 ? PyUnicode_AsUTF8AndSize(name, &len) : NULL;
    PyErr_Clear();
    return utf8 != NULL && pc_token_keyword(utf8, (size_t)len) == PC_TOKEN_NAME;
}

int
pc_completion_offer_name(struct pc_completion *completion, PyObject *name,
                         PyObject *value, bool from_type)
{
    if (is_over(completion)) {
        return -1;
    }
    if (!PyUnicode_Check(name)) {
        return 0;
    }
    /* A subclass might have a hash of its own. */
    pc_auto_py PyObject *exact = PyUnicode_FromObject(name);
    if (exact == NULL) {
        return -1;
    }
    struct pc_item item = {.text = exact,
                           .value = value,
                           .kind = value == NULL ? PYCONSOLE_CANDIDATE_PROPERTY
                                                 : pc_safe_kind(value, from_type)};
    return can_be_written(exact) ? offer(completion, &item, 0) : 0;
}

/* ---- the whole */

static int
ask_sources(struct pc_completion *c)
{
    if (c->asked.what != PC_ASKED_PYTHON) {
        return pc_offer_asked(c);
    }
    switch (c->at.kind) {
    case PC_CURSOR_NAME:
        return pc_offer_names(c);
    case PC_CURSOR_KEYWORD:
        return pc_offer_keyword(c);
    case PC_CURSOR_ATTRIBUTE:
        return pc_offer_attributes(c);
    case PC_CURSOR_MODULE:
        return pc_offer_modules(c);
    case PC_CURSOR_IMPORTED:
        return pc_offer_imported(c);
    case PC_CURSOR_KEY:
        return pc_offer_keys(c);
    case PC_CURSOR_STRING:
        return pc_offer_paths(c);
    case PC_CURSOR_NOTHING:
        break;
    }
    return 0;
}

int
pc_complete(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    c->at = pc_cursor_at(c->text, c->cursor, (enum pc_python_version)PY_MINOR_VERSION);
    c->start = c->at.word.start;
    c->end = c->at.word.end;
    c->prefix = c->text + c->start;
    c->prefix_len = c->end - c->start;
    c->seen = PyDict_New();
    /* Collecting garbage would run finalizers, which may change what is gone through. */
    int collects = PyGC_Disable();
    if (c->seen != NULL) {
        (void)ask_sources(c);
    }
    settle(c);
    if (collects) {
        (void)PyGC_Enable();
    }
    return PyErr_Occurred() ? -1 : 0;
}

void
pc_completion_fini(struct pc_completion *completion)
{
    while (completion->count > 0) {
        clear_item(&completion->items[--completion->count]);
    }
    free(completion->items);
    completion->items = NULL;
    Py_CLEAR(completion->seen);
}

PyObject *
pc_item_doc(const struct pc_item *item)
{
    pc_auto_py PyObject *doc =
        item->value == NULL || item->kind == PYCONSOLE_CANDIDATE_VARIABLE
            ? NULL
            : pc_safe_doc(item->value);
    Py_ssize_t len = doc == NULL ? 0 : PyUnicode_GET_LENGTH(doc);
    Py_ssize_t start = 0;
    while (start < len && Py_UNICODE_ISSPACE(PyUnicode_READ_CHAR(doc, start))) {
        start++;
    }
    Py_ssize_t end = start;
    while (end < len && end - start < DOC_MOST &&
           !Py_UNICODE_ISLINEBREAK(PyUnicode_READ_CHAR(doc, end))) {
        end++;
    }
    PyObject *line = start == end ? NULL : PyUnicode_Substring(doc, start, end);
    PyErr_Clear();
    return line;
}

const char *
pc_item_type(const struct pc_item *item)
{
    return item->value == NULL ? "" : pc_safe_type_name(item->value);
}
