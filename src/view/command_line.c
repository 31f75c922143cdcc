/* See command_line.h. */
#include "view/command_line.h"

#include <string.h>

/* Commands that take Python; the names of others are their own business. */
static const char *const with_python[] = {"time", "timeit", "debug"};

static bool
is_name_byte(char c)
{
    unsigned char byte = (unsigned char)c;
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

static size_t
skip_blanks(const char *text, size_t len, size_t at)
{
    while (at < len && (text[at] == ' ' || text[at] == '\t')) {
        at++;
    }
    return at;
}

static size_t
skip_name(const char *text, size_t len, size_t at)
{
    while (at < len && is_name_byte(text[at])) {
        at++;
    }
    return at;
}

static size_t
skip_marks(const char *text, size_t len, size_t at, char mark)
{
    size_t most = at + 2 < len ? at + 2 : len;
    while (at < most && text[at] == mark) {
        at++;
    }
    return at;
}

/* Behind `NAME =`, or where it begins if there is no such. */
static size_t
skip_target(const char *text, size_t len, size_t at)
{
    size_t end = skip_name(text, len, at);
    size_t equals = skip_blanks(text, len, end);
    return end > at && equals < len && text[equals] == '='
               ? skip_blanks(text, len, equals + 1)
               : at;
}

static bool
takes_python(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof with_python / sizeof *with_python; i++) {
        if (strlen(with_python[i]) == len && memcmp(with_python[i], name, len) == 0) {
            return true;
        }
    }
    return false;
}

bool
pc_command_line_read(const char *text, size_t len, struct pc_command_line *ret_line)
{
    size_t first = skip_blanks(text, len, 0);
    size_t start = skip_target(text, len, first);
    char mark = '\0';
    if (start < len) {
        mark = text[start];
    }
    if (mark != '%' && mark != '!' && (mark != '?' || start != first)) {
        return false;
    }
    size_t name = skip_marks(text, len, start, mark);
    size_t end = mark == '%' ? skip_name(text, len, name) : name;
    if (mark == '%' && end == name && end < len) {
        return false;
    }
    *ret_line = (struct pc_command_line){
        .start = start,
        .end = end,
        .python = mark == '?' || (mark == '%' && takes_python(text + name, end - name)),
    };
    return true;
}
