/* Names, keywords and string prefixes; characters that are not ASCII.
 *
 * A name that is cut by the end of a feed keeps its first bytes in `head`: enough to
 * know every keyword and prefix. */
#include "lexer/lexer_scan.h"

#include <string.h>

/* ---- UTF-8, one byte after the other, as Unicode's table of well-formed sequences */

/* How many bytes follow this one, or -1 where none may begin with it. */
static int
bytes_after(unsigned char lead)
{
    if (lead < 0xC2 || lead > 0xF4) {
        return -1;
    }
    return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

/* Whether `byte` may stand where `left` bytes are still to come after a value so far. */
static bool
may_follow(unsigned char byte, unsigned int left, unsigned int seen, uint32_t point)
{
    if ((byte & 0xC0) != 0x80) {
        return false;
    }
    if (seen > 1 || left == 1) {
        return true;
    }
    if (left == 2) {
        return point == 0 ? byte >= 0xA0 : point != 0xD || byte < 0xA0;
    }
    return point == 0 ? byte >= 0x90 : point != 4 || byte < 0x90;
}

enum utf8_result
pc_scan_utf8(struct pc_scan *s, const unsigned char **p)
{
    struct pc_lexer_state *state = s->state;
    if (state->point_left == 0) {
        unsigned char lead = *(*p)++;
        int left = bytes_after(lead);
        state->point_seen = 1;
        if (left < 0) {
            return UTF8_BAD;
        }
        state->point_left = (uint8_t)left;
        state->point = lead & (0x3Fu >> left);
    }
    for (; state->point_left > 0; state->point_left--, state->point_seen++) {
        if (*p == s->end) {
            return UTF8_CUT;
        }
        if (!may_follow(**p, state->point_left, state->point_seen, state->point)) {
            state->point_left = 0;
            return UTF8_BAD;
        }
        state->point = state->point << 6 | (*(*p)++ & 0x3Fu);
    }
    return UTF8_WHOLE;
}

const unsigned char *
pc_scan_text_utf8(struct pc_scan *s, const unsigned char *p)
{
    s->state->flags |= PC_TOKEN_NON_ASCII;
    if (pc_scan_utf8(s, &p) == UTF8_BAD) {
        s->state->flags |= PC_TOKEN_ODD;
    }
    return p;
}

/* Whether no supported version has the character in an identifier. Only large or common
 * ranges: others are left to CPython, and the NAME says that it is not ASCII. */
static bool
is_surely_no_identifier(uint32_t point)
{
    static const uint32_t ranges[][2] = {
        {0x80, 0xA9},       {0xAB, 0xB4},        {0xB8, 0xB9},     {0xBB, 0xBF},
        {0xD7, 0xD7},       {0xF7, 0xF7},        {0x2000, 0x200B}, {0x200E, 0x203E},
        {0x2041, 0x2053},   {0x2055, 0x2070},    {0x207A, 0x207E}, {0x2080, 0x208F},
        {0x20A0, 0x20CF},   {0x2190, 0x2BFF},    {0x3000, 0x3004}, {0x3008, 0x3020},
        {0xE000, 0xF8FF},   {0xFEFF, 0xFEFF},    {0xFF01, 0xFF0F}, {0xFF1A, 0xFF20},
        {0x1F000, 0x1FBEF}, {0xF0000, 0x10FFFF},
    };
    size_t count = sizeof ranges / sizeof ranges[0];
    for (size_t i = 0; i < count && point >= ranges[i][0]; i++) {
        if (point <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

/* ---- names */

/* The name that ends at offset `end`: its length, and its text; of one that began in an
 * earlier feed only as much as `head` holds. */
static const char *
name_text(const struct pc_scan *s, size_t end, size_t *ret_len)
{
    struct pc_lexer_state *state = s->state;
    size_t start = state->start.offset;
    *ret_len = end - start;
    if (start >= s->base) {
        return (const char *)s->text + (start - s->base);
    }
    size_t have = state->head_len;
    size_t want = *ret_len < PC_LEXER_HEAD ? *ret_len : PC_LEXER_HEAD;
    if (have < want) {
        memcpy(state->head + have, s->text, want - have);
        state->head_len = (uint8_t)want;
    }
    return state->head;
}

/* The feed ends in a name. */
static const unsigned char *
keep_head(struct pc_scan *s)
{
    struct pc_lexer_state *state = s->state;
    size_t len;
    const char *text = name_text(s, offset_of(s, s->end), &len);
    if (text != state->head) {
        state->head_len = (uint8_t)(len < PC_LEXER_HEAD ? len : PC_LEXER_HEAD);
        memcpy(state->head, text, state->head_len);
    }
    state->mode = MODE_NAME;
    return s->end;
}

/* What a letter of a string prefix says, or 0. */
static uint16_t
prefix_flag(char letter, enum pc_python_version version)
{
    switch (letter | 0x20) {
    case 'b':
        return PC_TOKEN_BYTES;
    case 'f':
        return PC_TOKEN_FORMAT;
    case 'r':
        return PC_TOKEN_RAW;
    case 't':
        return version >= PC_PYTHON_3_14 ? PC_TOKEN_TEMPLATE : 0;
    case 'u':
        return PC_TOKEN_UNICODE;
    default:
        return 0;
    }
}

/* The flags of a string prefix, or 0: one letter, or r with b, f or t. */
static uint16_t
prefix_flags(const char *text, size_t len, enum pc_python_version version)
{
    uint16_t first = len > 0 && len <= 2 ? prefix_flag(text[0], version) : 0;
    if (len != 2 || first == 0) {
        return first;
    }
    uint16_t second = prefix_flag(text[1], version);
    uint16_t both = first | second;
    bool fits = second != 0 && first != second && both & PC_TOKEN_RAW &&
                !(both & PC_TOKEN_UNICODE);
    return fits ? both : 0;
}

static void
give_name(struct pc_scan *s, size_t end)
{
    struct pc_lexer_state *state = s->state;
    size_t len;
    const char *text = name_text(s, end, &len);
    state->mode = MODE_CODE;
    enum pc_token_kind kind = pc_token_keyword(text, len);
    enum pc_soft_keyword soft = PC_SOFT_NO;
    if (kind == PC_TOKEN_NAME && len <= PC_LEXER_HEAD) {
        soft = pc_token_soft_keyword(text, len);
        if (soft == PC_SOFT_LAZY && state->version < PC_PYTHON_3_15) {
            soft = PC_SOFT_NO;
        }
    }
    if (soft != PC_SOFT_NO) {
        pc_scan_emit_soft(s, soft, end);
        return;
    }
    pc_scan_emit(s, kind, end);
}

/* A character at [end, next) that is none, or in no name, ends the name before it. */
static void
end_at_character(struct pc_scan *s, size_t end, size_t next,
                 enum pc_token_reason reason)
{
    if (end > s->state->start.offset) {
        give_name(s, end);
    }
    begin_at(s, end);
    s->state->flags = PC_TOKEN_NON_ASCII;
    s->state->mode = MODE_CODE;
    pc_scan_emit_error(s, reason, next);
}

static const unsigned char *
end_name(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    size_t end = offset_of(s, p);
    if (*p == '"' || *p == '\'') {
        size_t len;
        const char *text = name_text(s, end, &len);
        uint16_t flags = prefix_flags(text, len, state->version);
        if (flags != 0) {
            state->flags = flags;
            return pc_scan_quote(s, p);
        }
    }
    give_name(s, end);
    return p;
}

const unsigned char *
pc_scan_name(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    for (;;) {
        if (state->point_left == 0) {
            while (p < s->end && has_trait(*p, TRAIT_NAME)) {
                p++;
            }
            if (p == s->end) {
                return keep_head(s);
            }
            if (*p < 0x80) {
                return end_name(s, p);
            }
        }
        enum utf8_result result = pc_scan_utf8(s, &p);
        size_t next = offset_of(s, p);
        if (result == UTF8_CUT) {
            return keep_head(s);
        }
        if (result == UTF8_BAD || is_surely_no_identifier(state->point)) {
            end_at_character(s, next - state->point_seen, next,
                             result == UTF8_BAD ? PC_REASON_UTF8 : PC_REASON_CHARACTER);
            return p;
        }
        state->flags |= PC_TOKEN_NON_ASCII;
        if (p == s->end) {
            return keep_head(s);
        }
    }
}
