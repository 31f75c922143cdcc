/* Candidates besides Python: names from a list, as those of commands, and files as a shell
 * has them, where a backslash stands before what means something. Which of them is asked
 * for, and where the word begins, the caller knows. */
#include "engine/completion.h"

#include <string.h>

/* Our own cap, in bytes. */
enum { PATH_MOST = 4096 };

static void
begin_word(struct pc_completion *c, size_t start)
{
    c->start = start;
    c->end = c->cursor;
    c->prefix = c->text + start;
    c->prefix_len = c->cursor - start;
}

/* ---- names */

static int
offer_names(struct pc_completion *c)
{
    PyObject *name = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    while (PyDict_Next(c->asked.names, &at, &name, &value)) {
        if (PyUnicode_CheckExact(name) &&
            pc_completion_offer(c, name, pc_safe_kind(value, false), value) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- files */

struct listing {
    struct pc_completion *c;
    bool hidden; /* names that begin with a dot are asked for */
};

/* Does it mean something to a shell? */
static bool
is_special(const struct pc_asked *asked, char c)
{
    return strchr(asked->quoted ? "\"\\" : " \t\"'\\$`&|;<>()*?[]{}!#~", c) != NULL;
}

/* The name as it is written: a new str, or NULL where it cannot be. */
static PyObject *
write_name(const struct pc_asked *asked, const char *name, bool is_folder)
{
    char text[2 * PATH_MOST + 2];
    size_t len = 0;
    for (; *name != '\0' && len < 2 * PATH_MOST - 1; name++) {
        if (*name == '\n') {
            return NULL;
        }
        if (is_special(asked, *name)) {
            text[len++] = '\\';
        }
        text[len++] = *name;
    }
    if (is_folder) {
        text[len++] = '/';
    }
    return PyUnicode_DecodeFSDefaultAndSize(text, (Py_ssize_t)len);
}

static int
take_entry(void *ctx, const char *name, bool is_folder)
{
    const struct listing *listing = ctx;
    const struct pc_asked *asked = &listing->c->asked;
    if ((name[0] == '.' && !listing->hidden) ||
        (asked->what == PC_ASKED_FOLDER && !is_folder)) {
        return 0;
    }
    pc_auto_py PyObject *text = write_name(asked, name, is_folder);
    if (text == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return pc_completion_offer(
        listing->c, text,
        is_folder ? PYCONSOLE_CANDIDATE_FOLDER : PYCONSOLE_CANDIDATE_FILE, NULL);
}

/* The folder that was written, without its backslashes: false if it is too long. */
static bool
read_folder(const struct pc_completion *c, size_t slash, char *ret_folder)
{
    size_t len = 0;
    for (size_t i = c->asked.start; i < slash; i++) {
        i += c->text[i] == '\\' && i + 1 < slash;
        if (len + 1 >= PATH_MOST) {
            return false;
        }
        ret_folder[len++] = c->text[i];
    }
    ret_folder[len] = '\0';
    return true;
}

/* Only the last name of the path is replaced. */
static int
offer_files(struct pc_completion *c)
{
    char folder[PATH_MOST];
    size_t slash = c->cursor;
    while (slash > c->asked.start && c->text[slash - 1] != '/') {
        slash--;
    }
    if (!read_folder(c, slash, folder)) {
        return 0;
    }
    begin_word(c, slash);
    struct listing listing = {c, c->prefix_len > 0 && c->prefix[0] == '.'};
    c->around->list(folder[0] == '\0' ? "." : folder, take_entry, &listing);
    return PyErr_Occurred() || c->late ? -1 : 0;
}

int
pc_offer_asked(struct pc_completion *completion)
{
    if (completion->asked.what != PC_ASKED_NAME) {
        return offer_files(completion);
    }
    begin_word(completion, completion->asked.start);
    return offer_names(completion);
}
