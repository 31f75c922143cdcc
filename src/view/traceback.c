/* See traceback.h. A line is one of these, by how it begins:
 *
 *     `  File "NAME", line N, in F`   a frame; groups of exceptions put `|` before it
 *     `    ~~~^^^`                    what is meant in the line before
 *     `Name.of.Class: message`        an exception, at the margin
 *     any other                       as it is: headings, source, notes */
#include "view/traceback.h"

#include <pyconsole/status.h>
#include <stdbool.h>
#include <string.h>

struct writer {
    struct pc_bytes *bytes;
    const struct pc_theme *theme;
    int status;
};

static void
put(struct writer *w, const char *text, size_t len, enum pc_role role)
{
    const struct pc_style plain = {0};
    struct pc_style style = w->theme->styles[role];
    if (len == 0) {
        return;
    }
    if (w->status == PYCONSOLE_OK) {
        w->status = pc_style_append(w->bytes, plain, style);
    }
    if (w->status == PYCONSOLE_OK) {
        w->status = pc_bytes_append(w->bytes, text, len);
    }
    if (w->status == PYCONSOLE_OK) {
        w->status = pc_style_append(w->bytes, style, plain);
    }
}

/* Blanks, and the bars of an exception group. */
static size_t
len_of_margin(const char *line, size_t len)
{
    size_t margin = 0;
    while (margin < len && (line[margin] == ' ' || line[margin] == '|')) {
        margin++;
    }
    return margin;
}

static const char *
find(const char *line, size_t len, const char *word)
{
    return memmem(line, len, word, strlen(word));
}

/* The line from `File "` on. */
static void
put_frame(struct writer *w, const char *line, size_t len)
{
    const char *end = line + len;
    const char *number = find(line, len, ", line ");
    const char *name = line + strlen("File ");
    if (number == NULL) {
        put(w, line, len, PC_ROLE_TEXT);
        return;
    }
    const char *digits = number + strlen(", line ");
    const char *after = digits;
    while (after < end && *after >= '0' && *after <= '9') {
        after++;
    }
    put(w, line, (size_t)(name - line), PC_ROLE_TEXT);
    put(w, name, (size_t)(number - name), PC_ROLE_TRACEBACK_FILENAME);
    put(w, number, (size_t)(digits - number), PC_ROLE_TEXT);
    put(w, digits, (size_t)(after - digits), PC_ROLE_TRACEBACK_LINE);
    const char *frame = find(after, (size_t)(end - after), ", in ");
    if (frame != NULL) {
        frame += strlen(", in ");
        put(w, after, (size_t)(frame - after), PC_ROLE_TEXT);
        put(w, frame, (size_t)(end - frame), PC_ROLE_TRACEBACK_FRAME);
    }
    else {
        put(w, after, (size_t)(end - after), PC_ROLE_TEXT);
    }
}

static bool
is_marks(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (line[i] != '^' && line[i] != '~' && line[i] != ' ') {
            return false;
        }
    }
    return len > 0;
}

static void
put_marks(struct writer *w, const char *line, size_t len)
{
    for (size_t start = 0, end = 0; start < len; start = end) {
        while (end < len && line[end] == line[start]) {
            end++;
        }
        enum pc_role role = line[start] == '^'   ? PC_ROLE_TRACEBACK_HIGHLIGHT
                            : line[start] == '~' ? PC_ROLE_TRACEBACK_RANGE
                                                 : PC_ROLE_TEXT;
        put(w, line + start, end - start, role);
    }
}

static bool
is_name(char byte)
{
    return byte == '.' || byte == '_' || (byte >= '0' && byte <= '9') ||
           (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (unsigned char)byte >= 0x80;
}

/* An exception's name, and a message behind a colon or nothing. */
static bool
put_exception(struct writer *w, const char *line, size_t len)
{
    size_t name = 0;
    while (name < len && is_name(line[name])) {
        name++;
    }
    if (name == 0 || (name < len && line[name] != ':')) {
        return false;
    }
    size_t message = name + 2 < len ? name + 2 : len;
    put(w, line, name, PC_ROLE_TRACEBACK_TYPE);
    put(w, line + name, message - name, PC_ROLE_TEXT);
    put(w, line + message, len - message, PC_ROLE_TRACEBACK_MESSAGE);
    return true;
}

static void
put_line(struct writer *w, const char *line, size_t len)
{
    size_t margin = len_of_margin(line, len);
    bool at_margin = margin == 0 || memchr(line, '|', margin) != NULL;
    put(w, line, margin, PC_ROLE_TEXT);
    line += margin;
    len -= margin;
    if (len > 6 && memcmp(line, "File \"", 6) == 0) {
        put_frame(w, line, len);
    }
    else if (margin > 0 && is_marks(line, len)) {
        put_marks(w, line, len);
    }
    else if (!at_margin || !put_exception(w, line, len)) {
        put(w, line, len, PC_ROLE_TEXT);
    }
}

int
pc_traceback_append(struct pc_bytes *bytes, const char *text, size_t len,
                    const struct pc_theme *theme)
{
    struct writer w = {.bytes = bytes, .theme = theme};
    if (theme->colors == PC_COLORS_NONE || memchr(text, '\033', len) != NULL) {
        return pc_bytes_append(bytes, text, len);
    }
    while (len > 0 && w.status == PYCONSOLE_OK) {
        const char *end = memchr(text, '\n', len);
        size_t count = end == NULL ? len : (size_t)(end - text);
        put_line(&w, text, count);
        count += end != NULL;
        if (end != NULL && w.status == PYCONSOLE_OK) {
            w.status = pc_bytes_append_byte(bytes, '\n');
        }
        text += count;
        len -= count;
    }
    return w.status;
}
