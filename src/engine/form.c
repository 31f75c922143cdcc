/* Forms of a call in documentation; see signature.h.
 *
 *     doc:        form-line (form-line | " " rest)* other
 *     form-line:  NAME "(" ... ")" rest  NAME as in the first line: range, or D.pop
 *
 * Brackets [ ] say that what is in them may be left out. */
#include "engine/signature.h"

#include <string.h>

/* How long the NAME is that the line begins with; 0: it has none, or no bracket behind it. */
static size_t
name_length(const char *line)
{
    size_t len = 0;
    while ((line[len] >= 'a' && line[len] <= 'z') ||
           (line[len] >= 'A' && line[len] <= 'Z') ||
           (line[len] >= '0' && line[len] <= '9') || line[len] == '_' ||
           line[len] == '.') {
        len++;
    }
    return line[len] == '(' ? len : 0;
}

/* From bracket to bracket; 0: it is not closed in this line. */
static size_t
bracket_length(const char *bracket)
{
    size_t depth = 0;
    for (size_t i = 0; bracket[i] != '\0' && bracket[i] != '\n'; i++) {
        depth += bracket[i] == '(';
        depth -= bracket[i] == ')';
        if (depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* Goes to the next parameter, which is empty where there is a comma too many. */
static bool
next_parameter(struct pc_form *form, size_t *at)
{
    size_t depth = 0;
    size_t start = *at;
    size_t end = start;
    if (start >= form->len) {
        return false;
    }
    for (; end + 1 < form->len && (depth > 0 || form->text[end] != ','); end++) {
        depth += form->text[end] == '(';
        depth -= form->text[end] == ')';
    }
    *at = end + 1;
    while (start < end && strchr(" []", form->text[start]) != NULL) {
        start++;
    }
    while (start < end && strchr(" []", form->text[end - 1]) != NULL) {
        end--;
    }
    form->start = start;
    form->end = end;
    return true;
}

static bool
is_named(const struct pc_form *form, const char *name, size_t len)
{
    const char *parameter = form->text + form->start;
    size_t room = form->end - form->start;
    return (room >= 2 && memcmp(parameter, "**", 2) == 0) ||
           (room >= len && memcmp(parameter, name, len) == 0 &&
            (room == len || parameter[len] == '='));
}

/* Marks the parameter that the argument is for; false: this form has none. */
static bool
mark(struct pc_form *form, size_t index, const char *name, size_t name_len)
{
    size_t at = 1; /* behind the bracket */
    while (next_parameter(form, &at)) {
        const char *parameter = form->text + form->start;
        size_t len = form->end - form->start;
        bool keyword = len >= 2 && memcmp(parameter, "**", 2) == 0;
        if (name_len > 0) {
            if (is_named(form, name, name_len)) {
                return true;
            }
        }
        else if (len == 1 && *parameter == '*') {
            break; /* none by position any more */
        }
        else if (len > 0 && !keyword && !(len == 1 && *parameter == '/') &&
                 (*parameter == '*' || index-- == 0)) {
            return true;
        }
    }
    form->start = form->end = 0;
    return false;
}

bool
pc_form_of(struct pc_form *form, PyObject *callable, size_t index, const char *name,
           size_t name_len)
{
    const char *doc = pc_doc_in_c(callable);
    size_t len = doc == NULL ? 0 : name_length(doc);
    bool found = false;
    for (const char *line = doc; len > 0 && line != NULL;) {
        bool same = strncmp(line, doc, len + 1) == 0;
        size_t bracket = same ? bracket_length(line + len) : 0;
        if (bracket > 0) {
            found = true;
            *form = (struct pc_form){.text = line + len, .len = bracket};
            if (mark(form, index, name, name_len)) {
                break;
            }
        }
        else if (*line != ' ') {
            break;
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return found;
}
