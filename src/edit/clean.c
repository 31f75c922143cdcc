/* See clean.h. */
#include "edit/clean.h"

#include <pyconsole/status.h>
#include <string.h>

#include "base/utf8.h"

/* How many bytes from the start of the text are as they should be. */
static size_t
count_clean(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        unsigned char byte = (unsigned char)text[at];
        if (byte == '\r' || byte == '\0') {
            break;
        }
        uint32_t point = 0;
        size_t count = byte < 0x80 ? 1 : pc_utf8_decode(text + at, len - at, &point);
        if (byte >= 0x80 && count == 1) {
            break;
        }
        at += count;
    }
    return at;
}

int
pc_clean_text(const char *text, size_t len, struct pc_bytes *ret_clean)
{
    size_t at = 0;
    for (;;) {
        size_t count = count_clean(text + at, len - at);
        int status = pc_bytes_append(ret_clean, text + at, count);
        at += count;
        if (status < 0 || at == len) {
            return status;
        }
        char byte = text[at++];
        if (byte == '\r') {
            at += at < len && text[at] == '\n';
            status = pc_bytes_append_byte(ret_clean, '\n');
        }
        else if (byte != '\0') {
            char bytes[PC_UTF8_MOST];
            status = pc_bytes_append(ret_clean, bytes,
                                     pc_utf8_encode(PC_UTF8_REPLACEMENT, bytes));
        }
        if (status < 0) {
            return status;
        }
    }
}

/* ---- sessions */

struct line {
    const char *text;
    size_t len;
};

static struct line
line_at(const char *text, size_t len)
{
    const char *end = len > 0 ? memchr(text, '\n', len) : NULL;
    return (struct line){text, end == NULL ? len : (size_t)(end - text)};
}

static size_t
count_blanks(struct line line)
{
    size_t count = 0;
    while (count < line.len && (line.text[count] == ' ' || line.text[count] == '\t')) {
        count++;
    }
    return count;
}

/* A prompt with the blank behind it, or alone in its line: how long it is, else 0. */
static size_t
match(struct line line, const char *prompt)
{
    size_t len = strlen(prompt);
    if (line.len < len || memcmp(line.text, prompt, len) != 0) {
        return 0;
    }
    return line.len == len ? len : line.text[len] == ' ' ? len + 1 : 0;
}

/* In [1]: */
static size_t
match_numbered(struct line line)
{
    static const char START[] = "In [";
    size_t at = sizeof START - 1;
    if (line.len < at || memcmp(line.text, START, at) != 0) {
        return 0;
    }
    size_t digits = at;
    while (at < line.len && line.text[at] >= '0' && line.text[at] <= '9') {
        at++;
    }
    struct line rest = {line.text + at, line.len - at};
    size_t end = match(rest, "]:");
    return at > digits && end > 0 ? at + end : 0;
}

/* ...: below it, aligned with its end. */
static size_t
match_numbered_more(struct line line)
{
    size_t blanks = count_blanks(line);
    struct line rest = {line.text + blanks, line.len - blanks};
    size_t end = match(rest, "...:");
    return blanks > 0 && end > 0 ? blanks + end : 0;
}

/* What a line is in a session of either kind: how long its prompt is, 0 for output. */
static size_t
prompt_of(struct line line, bool numbered, bool after_code)
{
    size_t first = numbered ? match_numbered(line) : match(line, ">>>");
    if (first > 0 || !after_code) {
        return first;
    }
    return numbered ? match_numbered_more(line) : match(line, "...");
}

ptrdiff_t
pc_session_text_read(struct pc_session_text *session, const char *line, size_t len)
{
    struct line whole = {line, len};
    size_t blanks = count_blanks(whole);
    if (!session->begun && blanks == len) {
        return PC_NO_CODE;
    }
    bool first = !session->begun;
    if (first) {
        session->begun = true;
        session->before = blanks;
        session->numbered =
            match_numbered((struct line){line + blanks, len - blanks}) > 0;
    }
    size_t prompt = 0;
    if (blanks >= session->before && (first || session->is)) {
        struct line rest = {line + session->before, len - session->before};
        prompt = prompt_of(rest, session->numbered, session->after_code);
    }
    session->is |= prompt > 0;
    session->after_code = prompt > 0;
    return prompt > 0 ? (ptrdiff_t)(session->before + prompt) : PC_NO_CODE;
}

int
pc_clean_session(const char *text, size_t len, struct pc_bytes *ret_code, bool *ret_is)
{
    struct pc_session_text session = {0};
    bool begun = false;
    for (size_t at = 0; at < len && session.begun == session.is;) {
        struct line line = line_at(text + at, len - at);
        at += line.len + (at + line.len < len);
        ptrdiff_t start = pc_session_text_read(&session, line.text, line.len);
        if (start == PC_NO_CODE) {
            continue;
        }
        int status = begun ? pc_bytes_append_byte(ret_code, '\n') : PYCONSOLE_OK;
        begun = true;
        if (status >= 0) {
            status =
                pc_bytes_append(ret_code, line.text + start, line.len - (size_t)start);
        }
        if (status < 0) {
            return status;
        }
    }
    *ret_is = session.is;
    return PYCONSOLE_OK;
}
