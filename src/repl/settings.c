/* The table of settings, and the reader of their file; see settings.h. */
#include "repl/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

#include "base/cleanup.h"
#include "repl/file.h"

/* Cap of the lines that begin with `style`. */
enum { STYLES_MOST = 1000 };

enum kind { SWITCH, NUMBER, CHOICE, TEXT };

static const struct setting {
    enum kind kind;
    const char *name; /* with `_` */
    size_t offset;
    const char *fallback;
    const char *range;
} table[] = {
#define ROW(kind, member, fallback, range, text)                                       \
    {kind, #member, offsetof(struct pc_settings, member), fallback, range},
    PC_SETTINGS(ROW)
#undef ROW
};
enum { COUNT = sizeof table / sizeof *table };

/* ---- values ---- */

static void *
value_of(struct pc_settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->offset;
}

/* The index of a word in words with a space between them, or -1. */
static int
index_of(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (int i = 0; *words != '\0'; i++) {
        size_t end = strcspn(words, " ");
        if (end == len && memcmp(words, word, len) == 0) {
            return i;
        }
        words += end + (words[end] == ' ');
    }
    return -1;
}

static int
set_word(const char *words, const char *value, int *ret_index, struct pc_bytes *why)
{
    int index = index_of(words, value);
    if (index < 0) {
        (void)pc_bytes_append_format(why, "\"%s\" is none of: %s", value, words);
        return PYCONSOLE_EINVAL;
    }
    *ret_index = index;
    return PYCONSOLE_OK;
}

static int
set_number(const char *range, const char *value, int *ret_number, struct pc_bytes *why)
{
    char *end = NULL;
    long low = strtol(range, &end, 10);
    long high = strtol(end, NULL, 10);
    errno = 0;
    long number = strtol(value, &end, 10);
    if (end == value || *end != '\0' || errno != 0 || number < low || number > high) {
        (void)pc_bytes_append_format(why, "\"%s\" is no number from %ld to %ld", value,
                                     low, high);
        return PYCONSOLE_EINVAL;
    }
    *ret_number = (int)number;
    return PYCONSOLE_OK;
}

static int
set_value(struct pc_settings *settings, const struct setting *setting,
          const char *value, struct pc_bytes *why)
{
    void *room = value_of(settings, setting);
    int index = 0;
    int status;
    switch (setting->kind) {
    case SWITCH:
        status = set_word("off on", value, &index, why);
        *(bool *)room = status == PYCONSOLE_OK ? index == 1 : *(bool *)room;
        return status;
    case NUMBER:
        return set_number(setting->range, value, room, why);
    case CHOICE:
        return set_word(setting->range, value, room, why);
    case TEXT:
        break;
    }
    struct pc_bytes *text = room;
    return pc_bytes_replace(text, 0, text->len, value, strlen(value));
}

/* `-` and `_` are the same. */
static bool
is_name(const char *name, const char *other)
{
    while (*name != '\0' && (*name == *other || (*name == '_' && *other == '-'))) {
        name++;
        other++;
    }
    return *name == '\0' && *other == '\0';
}

int
pc_settings_set(struct pc_settings *settings, const char *name, const char *value,
                struct pc_bytes *why)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (is_name(table[i].name, name)) {
            return set_value(settings, &table[i], value, why);
        }
    }
    (void)pc_bytes_append_format(why, "there is no setting \"%s\"", name);
    return PYCONSOLE_EINVAL;
}

/* ---- the whole ---- */

int
pc_settings_init(struct pc_settings *settings)
{
    pc_auto_bytes struct pc_bytes why = {0};
    *settings = (struct pc_settings){0};
    int status = PYCONSOLE_OK;
    for (size_t i = 0; i < COUNT && status == PYCONSOLE_OK; i++) {
        status = set_value(settings, &table[i], table[i].fallback, &why);
    }
    return status;
}

void
pc_settings_fini(struct pc_settings *settings)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (table[i].kind == TEXT) {
            pc_bytes_fini(value_of(settings, &table[i]));
        }
    }
    free(settings->styles);
    pc_bytes_fini(&settings->bindings);
    pc_bytes_fini(&settings->file);
    *settings = (struct pc_settings){0};
}

/* ---- lines ---- */

/* Cuts blanks off both ends, in place. */
static char *
trim(char *text)
{
    while (isspace((unsigned char)*text)) {
        text++;
    }
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1])) {
        len--;
    }
    text[len] = '\0';
    return text;
}

static char *
unquote(char *value)
{
    size_t len = strlen(value);
    if (len < 2 || value[0] != '"' || value[len - 1] != '"') {
        return value;
    }
    value[len - 1] = '\0';
    return value + 1;
}

/* What stands behind a word at the beginning of the line, or NULL. */
static char *
behind(char *line, const char *word)
{
    size_t len = strlen(word);
    return strncmp(line, word, len) == 0 && isblank((unsigned char)line[len])
               ? trim(line + len)
               : NULL;
}

static int
add_style(struct pc_settings *settings, size_t line, const char *name,
          const char *value)
{
    struct pc_style_line style = {.line = line};
    if (settings->style_count >= STYLES_MOST || strlen(name) >= sizeof style.name ||
        strlen(value) >= sizeof style.value) {
        return PYCONSOLE_ELIMIT;
    }
    memcpy(style.name, name, strlen(name) + 1);
    memcpy(style.value, value, strlen(value) + 1);
    struct pc_style_line *styles = realloc(
        settings->styles, (settings->style_count + 1) * sizeof *settings->styles);
    if (styles == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    styles[settings->style_count++] = style;
    settings->styles = styles;
    return PYCONSOLE_OK;
}

/* With as many empty lines before it as the file has others. */
static int
add_binding(struct pc_settings *settings, size_t line, const char *binding)
{
    size_t newlines = 0;
    for (size_t i = 0; i < settings->bindings.len; i++) {
        newlines += settings->bindings.data[i] == '\n';
    }
    int status = PYCONSOLE_OK;
    for (; newlines + 1 < line && status == PYCONSOLE_OK; newlines++) {
        status = pc_bytes_append_byte(&settings->bindings, '\n');
    }
    return status < 0 ? status
                      : pc_bytes_append_format(&settings->bindings, "%s\n", binding);
}

static int
take_line(struct pc_settings *settings, size_t number, char *line, struct pc_bytes *why)
{
    line = trim(line);
    if (*line == '\0' || *line == '#') {
        return PYCONSOLE_OK;
    }
    const char *binding = behind(line, "bind");
    if (binding != NULL) {
        return add_binding(settings, number, binding);
    }
    char *equals = strchr(line, '=');
    if (equals == NULL) {
        (void)pc_bytes_append_text(why, "there is no \"=\"");
        return PYCONSOLE_EINVAL;
    }
    *equals = '\0';
    const char *value = unquote(trim(equals + 1));
    const char *style = behind(line, "style");
    return style != NULL ? add_style(settings, number, style, value)
                         : pc_settings_set(settings, trim(line), value, why);
}

int
pc_settings_read(struct pc_settings *settings, const char *file, const char *text,
                 size_t len, struct pc_bytes *errors)
{
    pc_auto_free char *copy = strndup(text, len);
    pc_bytes_clear(&settings->file);
    if (copy == NULL || pc_bytes_append_text(&settings->file, file) < 0) {
        return PYCONSOLE_ENOMEM;
    }
    size_t number = 0;
    for (char *line = copy, *next = copy; next != NULL; line = next) {
        pc_auto_bytes struct pc_bytes why = {0};
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        int status = take_line(settings, ++number, line, &why);
        if (status == PYCONSOLE_EINVAL || status == PYCONSOLE_ELIMIT) {
            status = pc_bytes_append_format(
                errors, "%s:%zu: %s\n", file, number,
                status == PYCONSOLE_ELIMIT ? "this is too long, or there are too many"
                                           : pc_bytes_text(&why));
        }
        if (status < 0) {
            return status;
        }
    }
    return PYCONSOLE_OK;
}

/* ---- files ---- */

int
pc_settings_load(struct pc_settings *settings, const char *file,
                 struct pc_bytes *errors)
{
    pc_auto_bytes struct pc_bytes text = {0};
    int status = pc_file_read(file, &text);
    if (status == PYCONSOLE_EINVAL && errno == ENOENT) {
        return PYCONSOLE_OK;
    }
    if (status == PYCONSOLE_EINVAL || status == PYCONSOLE_ELIMIT) {
        return pc_bytes_append_format(errors, "%s: %s\n", file,
                                      status == PYCONSOLE_ELIMIT ? "this is too long"
                                                                 : strerror(errno));
    }
    return status < 0 ? status
                      : pc_settings_read(settings, file, pc_bytes_text(&text), text.len,
                                         errors);
}

int
pc_settings_path(const char *variable, const char *folder, const char *name,
                 struct pc_bytes *ret_path)
{
    const char *base = getenv(variable);
    const char *home = getenv("HOME");
    if (base != NULL && *base == '/') {
        return pc_bytes_append_format(ret_path, "%s/%s", base, name);
    }
    if (home == NULL || *home == '\0') {
        return PYCONSOLE_EINVAL;
    }
    return pc_bytes_append_format(ret_path, "%s/%s/%s", home, folder, name);
}
