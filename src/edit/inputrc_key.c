/* See inputrc_key.h. */
#include "edit/inputrc_key.h"

#include <pyconsole/status.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "edit/key.h"

enum { ESC = 0x1B, DEL = 0x7F };

/* A reader of what is between quotes. */
struct reader {
    const char *at;
    const char *end;
};

static char
control_of(char byte)
{
    return (char)(byte == '?' ? DEL : byte & 0x1F);
}

/* ---- escapes */

static int
digit_value(char byte, int base)
{
    int value = byte >= '0' && byte <= '9'   ? byte - '0'
                : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                             : base;
    return value < base ? value : -1;
}

static char
read_number(struct reader *r, int base, int most)
{
    unsigned int value = 0;
    for (; most > 0 && r->at < r->end && digit_value(*r->at, base) >= 0; most--) {
        value = value * (unsigned int)base + (unsigned int)digit_value(*r->at++, base);
    }
    return (char)value;
}

/* One character that a letter behind a backslash stands for. */
static char
read_letter(struct reader *r)
{
    static const char letters[] = "abdfnrtve";
    static const char meanings[] = "\a\b\x7f\f\n\r\t\v\x1b";
    char letter = *r->at++;
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found != NULL) {
        return meanings[found - letters];
    }
    if (letter == 'x' && r->at < r->end && digit_value(*r->at, 16) >= 0) {
        return read_number(r, 16, 2);
    }
    if (digit_value(letter, 8) >= 0) {
        r->at--;
        return read_number(r, 8, 3);
    }
    return letter;
}

/* C- and M- before a character, any number of them. */
static void
read_modifiers(struct reader *r, bool *control, bool *meta)
{
    while (r->end - r->at > 3 && r->at[0] == '\\' && r->at[2] == '-' &&
           (r->at[1] == 'C' || r->at[1] == 'M')) {
        *(r->at[1] == 'C' ? control : meta) = true;
        r->at += 3;
    }
}

int
pc_inputrc_unquote(const char *text, size_t len, struct pc_bytes *ret_bytes)
{
    struct reader r = {text, text + len};
    int status = PYCONSOLE_OK;
    while (r.at < r.end && status >= 0) {
        bool control = false;
        bool meta = false;
        read_modifiers(&r, &control, &meta);
        bool escaped = *r.at == '\\' && r.end - r.at > 1;
        r.at += escaped;
        char byte = (char)(escaped ? read_letter(&r) : *r.at++);
        if (meta) {
            status = pc_bytes_append_byte(ret_bytes, ESC);
        }
        if (status >= 0) {
            byte = (char)(control ? control_of(byte) : byte);
            status = pc_bytes_append_byte(ret_bytes, byte);
        }
    }
    return status;
}

/* ---- names */

static const struct {
    const char *name;
    char byte;
} named_bytes[] = {
    {"DEL", '\x7f'},   {"ESC", '\x1b'}, {"ESCAPE", '\x1b'}, {"LFD", '\n'},
    {"NEWLINE", '\n'}, {"RET", '\r'},   {"RETURN", '\r'},   {"RUBOUT", '\x7f'},
    {"SPACE", ' '},    {"SPC", ' '},    {"TAB", '\t'},
};

/* Takes a prefix of the name off it, whatever its letters' size. */
static bool
take_prefix(struct reader *r, const char *prefix)
{
    size_t len = strlen(prefix);
    if ((size_t)(r->end - r->at) <= len || strncasecmp(r->at, prefix, len) != 0) {
        return false;
    }
    r->at += len;
    return true;
}

static bool
find_named_byte(struct reader r, char *ret_byte)
{
    size_t len = (size_t)(r.end - r.at);
    for (size_t i = 0; i < sizeof named_bytes / sizeof *named_bytes; i++) {
        if (strlen(named_bytes[i].name) == len &&
            strncasecmp(named_bytes[i].name, r.at, len) == 0) {
            *ret_byte = named_bytes[i].byte;
            return true;
        }
    }
    *ret_byte = *r.at;
    return len == 1;
}

int
pc_inputrc_named_key(const char *name, size_t len, struct pc_bytes *ret_bytes)
{
    struct reader r = {name, name + len};
    bool control = false;
    bool meta = false;
    for (;;) {
        if (take_prefix(&r, "Control-") || take_prefix(&r, "C-")) {
            control = true;
        }
        else if (take_prefix(&r, "Meta-") || take_prefix(&r, "M-")) {
            meta = true;
        }
        else {
            break;
        }
    }
    char byte = '\0';
    uint32_t point = 0;
    size_t left = (size_t)(r.end - r.at);
    bool known = left > 0 && find_named_byte(r, &byte);
    bool character =
        left > 1 && !known && !control && pc_utf8_decode(r.at, left, &point) == left;
    if (!known && !character) {
        return 0;
    }
    int status = meta ? pc_bytes_append_byte(ret_bytes, ESC) : PYCONSOLE_OK;
    if (status >= 0) {
        byte = (char)(control ? control_of(byte) : byte);
        status = character ? pc_bytes_append(ret_bytes, r.at, left)
                           : pc_bytes_append_byte(ret_bytes, byte);
    }
    return status < 0 ? status : 1;
}

/* ---- keys */

int
pc_inputrc_keys(const struct pc_bytes *bytes, uint32_t *ret_codes, size_t most)
{
    struct pc_key_decoder decoder = {0};
    struct pc_key key;
    size_t count = 0;
    int status = 1;
    pc_key_decoder_feed(&decoder, pc_bytes_text(bytes), bytes->len);
    while (status > 0) {
        status = pc_key_decoder_next(&decoder, &key);
        if (status == 0) {
            status = pc_key_decoder_expire(&decoder, &key);
        }
        if (status > 0 && count == most) {
            status = PYCONSOLE_ELIMIT;
        }
        else if (status > 0 && key.kind < PC_KEY_PASTE) {
            ret_codes[count++] = pc_key_code(&key);
        }
    }
    pc_key_decoder_fini(&decoder);
    return status < 0 ? status : (int)count;
}
