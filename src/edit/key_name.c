/* Keys as numbers and in writing: key.h, its last part. */
#include "edit/key.h"

#include <string.h>

#include "base/utf8.h"

enum { POINT_BITS = 21, MODIFIER_SHIFT = 24, POINTS = 0x110000 };

#define PC_KEY_TEXT(name, text) [PC_KEY_##name] = text,
static const char *const names[PC_KEY_KINDS] = {PC_NAMED_KEYS(PC_KEY_TEXT)};

static const struct {
    char letter;
    uint8_t modifier;
} modifier_letters[] = {
    {'C', PC_KEY_CONTROL},
    {'M', PC_KEY_META},
    {'S', PC_KEY_SHIFT},
    {'s', PC_KEY_SUPER},
};
enum { MODIFIERS = sizeof modifier_letters / sizeof *modifier_letters };

uint32_t
pc_key_code(const struct pc_key *key)
{
    uint32_t low =
        key->kind == PC_KEY_CHARACTER ? key->point : POINTS + (uint32_t)key->kind;
    return low | key->modifiers << MODIFIER_SHIFT;
}

struct pc_key
pc_key_of_code(uint32_t code)
{
    uint32_t low = code & ((1U << POINT_BITS) - 1);
    struct pc_key key = {.modifiers = code >> MODIFIER_SHIFT};
    if (low >= POINTS) {
        key.kind = (enum pc_key_kind)(low - POINTS);
    }
    else {
        key.point = low;
    }
    return key;
}

struct pc_key
pc_key_of_point(uint32_t point, unsigned int modifiers)
{
    if ((modifiers & PC_KEY_CONTROL) != 0) {
        point = point == ' '                   ? '@'
                : point >= 'A' && point <= 'Z' ? point - 'A' + 'a'
                                               : point;
        enum pc_key_kind kind = point == 'i'   ? PC_KEY_TAB
                                : point == 'm' ? PC_KEY_ENTER
                                : point == '[' ? PC_KEY_ESCAPE
                                               : PC_KEY_CHARACTER;
        if (kind != PC_KEY_CHARACTER) {
            modifiers &= ~(unsigned int)PC_KEY_CONTROL;
            return (struct pc_key){.kind = kind, .modifiers = modifiers};
        }
    }
    return (struct pc_key){.point = point, .modifiers = modifiers};
}

/* ---- in writing */

static size_t
parse_modifiers(const char *text, size_t len, unsigned int *ret_modifiers)
{
    size_t at = 0;
    *ret_modifiers = 0;
    while (len - at > 2 && text[at + 1] == '-') {
        size_t i = 0;
        while (i < MODIFIERS && modifier_letters[i].letter != text[at]) {
            i++;
        }
        if (i == MODIFIERS) {
            break;
        }
        *ret_modifiers |= modifier_letters[i].modifier;
        at += 2;
    }
    return at;
}

size_t
pc_key_parse(const char *text, size_t len, struct pc_key *ret_key)
{
    unsigned int modifiers = 0;
    size_t start = parse_modifiers(text, len, &modifiers);
    size_t end = start;
    while (end < len && text[end] != ' ') {
        end++;
    }
    size_t name_len = end - start;
    if (name_len == 0) {
        return 0;
    }
    for (size_t kind = 1; kind < PC_KEY_KINDS; kind++) {
        if (names[kind] != NULL && names[kind][0] == text[start] &&
            strlen(names[kind]) == name_len &&
            memcmp(names[kind], text + start, name_len) == 0) {
            *ret_key =
                (struct pc_key){.kind = (enum pc_key_kind)kind, .modifiers = modifiers};
            return end;
        }
    }
    uint32_t point = ' ';
    if (name_len != 5 || memcmp(text + start, "Space", 5) != 0) {
        if (pc_utf8_decode(text + start, name_len, &point) != name_len) {
            return 0;
        }
    }
    *ret_key = pc_key_of_point(point, modifiers);
    return end;
}

size_t
pc_key_name(const struct pc_key *key, char ret_name[PC_KEY_NAME_MOST])
{
    size_t len = 0;
    for (size_t i = 0; i < MODIFIERS; i++) {
        if ((key->modifiers & modifier_letters[i].modifier) != 0) {
            ret_name[len++] = modifier_letters[i].letter;
            ret_name[len++] = '-';
        }
    }
    const char *name = key->kind == PC_KEY_CHARACTER
                           ? (key->point == ' ' ? "Space" : NULL)
                           : names[key->kind];
    if (name != NULL) {
        size_t name_len = strlen(name);
        memcpy(ret_name + len, name, name_len);
        len += name_len;
    }
    else if (key->kind == PC_KEY_CHARACTER) {
        len += pc_utf8_encode(key->point, ret_name + len);
    }
    ret_name[len] = '\0';
    return len;
}
