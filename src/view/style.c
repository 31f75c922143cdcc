/* See style.h. */
#include "view/style.h"

#include <string.h>

#include <pyconsole/status.h>

enum { ESCAPE = 0x1B, BELL = 0x07 };

struct pc_style
pc_style_over(struct pc_style under, struct pc_style over)
{
    return (struct pc_style){
        .foreground = over.foreground != 0 ? over.foreground : under.foreground,
        .background = over.background != 0 ? over.background : under.background,
        .attributes = under.attributes | over.attributes,
    };
}

/* ---- writing */

/* The number of each attribute, in the order of its bits. */
static const char attribute_numbers[] = {1, 2, 3, 4, 5, 7, 9};

enum { ATTRIBUTES = sizeof attribute_numbers };

/* One sequence: at most reset, the attributes, and two colours of 17 characters. */
struct sgr {
    char text[80];
    size_t len;
};

static void
add_number(struct sgr *sgr, unsigned int number)
{
    char digits[4];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    if (sgr->len > 2) {
        sgr->text[sgr->len++] = ';';
    }
    while (count > 0) {
        sgr->text[sgr->len++] = digits[--count];
    }
}

/* `base` is 30 for the foreground, 40 for the background. */
static void
add_color(struct sgr *sgr, uint32_t color, unsigned int base)
{
    unsigned int value = color & ~PC_COLOR_KIND;
    if (color == 0) {
        add_number(sgr, base + 9);
    }
    else if ((color & PC_COLOR_KIND) == PC_COLOR_RGB) {
        add_number(sgr, base + 8);
        add_number(sgr, 2);
        add_number(sgr, value >> 16 & 0xFF);
        add_number(sgr, value >> 8 & 0xFF);
        add_number(sgr, value & 0xFF);
    }
    else if (value < 8) {
        add_number(sgr, base + value);
    }
    else if (value < 16) {
        add_number(sgr, base + 60 + value - 8);
    }
    else {
        add_number(sgr, base + 8);
        add_number(sgr, 5);
        add_number(sgr, value & 0xFF);
    }
}

int
pc_style_append(struct pc_bytes *bytes, struct pc_style from, struct pc_style to)
{
    if (pc_style_equal(from, to)) {
        return PYCONSOLE_OK;
    }
    struct sgr sgr = {.text = "\x1b[", .len = 2};
    if (pc_style_equal(to, (struct pc_style){0})) {
        return pc_bytes_append_text(bytes, "\x1b[m");
    }
    if (from.attributes & ~to.attributes) {
        /* The resets of single attributes are longer, and some are shared by two. */
        add_number(&sgr, 0);
        from = (struct pc_style){0};
    }
    for (unsigned int i = 0; i < ATTRIBUTES; i++) {
        if (to.attributes & ~from.attributes & 1u << i) {
            add_number(&sgr, (unsigned char)attribute_numbers[i]);
        }
    }
    if (to.foreground != from.foreground) {
        add_color(&sgr, to.foreground, 30);
    }
    if (to.background != from.background) {
        add_color(&sgr, to.background, 40);
    }
    sgr.text[sgr.len++] = 'm';
    return pc_bytes_append(bytes, sgr.text, sgr.len);
}

/* ---- reading */

struct parameters {
    const char *text;
    const char *end;
};

/* The next number; an empty one is 0. False at the end. */
static bool
next_parameter(struct parameters *p, unsigned int *ret_number)
{
    if (p->text > p->end) {
        return false;
    }
    unsigned int number = 0;
    while (p->text < p->end && *p->text != ';' && *p->text != ':') {
        if (*p->text >= '0' && *p->text <= '9' && number < 10000) {
            number = number * 10 + (unsigned int)(*p->text - '0');
        }
        p->text++;
    }
    p->text++;
    *ret_number = number;
    return true;
}

/* What follows 38 or 48: 5 and an index, or 2 and red, green, blue. */
static uint32_t
read_extended(struct parameters *p)
{
    unsigned int kind = 0;
    unsigned int parts[3] = {0};
    if (!next_parameter(p, &kind) || (kind != 5 && kind != 2)) {
        return 0;
    }
    for (size_t i = 0; i < (kind == 5 ? 1 : 3); i++) {
        if (!next_parameter(p, &parts[i])) {
            return 0;
        }
    }
    return kind == 5 ? PC_COLOR_INDEX(parts[0] & 0xFF)
                     : PC_COLOR_RGB | (parts[0] & 0xFF) << 16 | (parts[1] & 0xFF) << 8 |
                           (parts[2] & 0xFF);
}

/* 30-39, 90-97, and the same plus 10 for the background; `number` is without the 10. */
static void
read_color(uint32_t *color, unsigned int number, struct parameters *p)
{
    if (number == 38) {
        *color = read_extended(p);
    }
    else if (number == 39) {
        *color = 0;
    }
    else {
        *color = PC_COLOR_INDEX(number < 90 ? number - 30 : number - 90 + 8);
    }
}

static bool
is_color(unsigned int number)
{
    return (number >= 30 && number <= 39) || (number >= 90 && number <= 97);
}

static uint32_t
attribute_of(unsigned int number)
{
    for (unsigned int i = 0; i < ATTRIBUTES; i++) {
        if ((unsigned char)attribute_numbers[i] == number) {
            return 1u << i;
        }
    }
    return 0;
}

void
pc_style_read_sgr(struct pc_style *style, const char *parameters, size_t len)
{
    struct parameters p = {.text = parameters, .end = parameters + len};
    unsigned int number = 0;
    while (next_parameter(&p, &number)) {
        if (number == 0) {
            *style = (struct pc_style){0};
        }
        else if (number < 10) {
            style->attributes |= attribute_of(number);
        }
        else if (number == 22) {
            style->attributes &= ~(uint32_t)(PC_BOLD | PC_DIM);
        }
        else if (number > 22 && number < 30) {
            style->attributes &= ~attribute_of(number - 20);
        }
        else if (is_color(number)) {
            read_color(&style->foreground, number, &p);
        }
        else if (is_color(number - 10)) {
            read_color(&style->background, number - 10, &p);
        }
    }
}

/* ---- control sequences */

static size_t
skip_range(const char *bytes, size_t len, size_t offset, char first, char last)
{
    while (offset < len && bytes[offset] >= first && bytes[offset] <= last) {
        offset++;
    }
    return offset;
}

/* A string of OSC, DCS, SOS, PM or APC: up to ST, and OSC also up to BEL. CAN, SUB and
 * an ESC that begins something else end it too. */
static size_t
string_length(const char *bytes, size_t len)
{
    for (size_t i = 2; i < len; i++) {
        if ((bytes[i] == BELL && bytes[1] == ']') || bytes[i] == 0x18 ||
            bytes[i] == 0x1A) {
            return i + 1;
        }
        if (bytes[i] == ESCAPE) {
            return i + 1 == len ? 0 : bytes[i + 1] == '\\' ? i + 2 : i;
        }
    }
    return 0;
}

size_t
pc_escape_length(const char *bytes, size_t len)
{
    static const char strings[] = {']', 'P', 'X', '^', '_'};
    if (len < 2) {
        return 0;
    }
    if (memchr(strings, bytes[1], sizeof strings) != NULL) {
        return string_length(bytes, len);
    }
    size_t offset = 1;
    if (bytes[1] == '[') {
        offset = skip_range(bytes, len, 2, 0x30, 0x3F);
    }
    offset = skip_range(bytes, len, offset, 0x20, 0x2F);
    if (offset == len) {
        return 0;
    }
    /* A byte that can't be the last ends the sequence and is no part of it. */
    return bytes[offset] >= 0x30 && bytes[offset] <= 0x7E ? offset + 1 : offset;
}

bool
pc_escape_is_sgr(const char *bytes, size_t len, const char **ret_parameters,
                 size_t *ret_len)
{
    if (len < 3 || bytes[1] != '[' || bytes[len - 1] != 'm' ||
        skip_range(bytes, len, 2, '0', ';') != len - 1) {
        return false;
    }
    *ret_parameters = bytes + 2;
    *ret_len = len - 3;
    return true;
}
