/* See theme.h. The defaults are written as users write theirs, and read the same way. */
#include "view/theme.h"

#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ROLE_ENTRY(role, name, text, dark, light) {name, text, {dark, light}},
static const struct {
    const char *name;
    const char *text;
    const char *styles[2]; /* by enum pc_background */
} roles[] = {PC_THEME_ROLES(ROLE_ENTRY)};
#undef ROLE_ENTRY

static const struct {
    const char *word;
    enum pc_attribute attribute;
} attributes[] = {
    {"bold", PC_BOLD},           {"dim", PC_DIM},     {"italic", PC_ITALIC},
    {"underline", PC_UNDERLINE}, {"blink", PC_BLINK}, {"reverse", PC_REVERSE},
    {"strike", PC_STRIKE},
};

static const char *const colors[] = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
};

enum { BRIGHT = 8, GREY = 8 };

/* ---- palettes */

/* xterm's 16 colours, its levels of the cube of 216, and what comes before the greys. */
static const uint32_t palette[16] = {
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
};
static const uint8_t levels[6] = {0, 95, 135, 175, 215, 255};

enum { CUBE = 16, GREYS = 232, INDEXES = 256 };

static uint32_t
rgb_of_index(unsigned int index)
{
    if (index < CUBE) {
        return palette[index];
    }
    if (index < GREYS) {
        unsigned int n = index - CUBE;
        return (uint32_t)levels[n / 36] << 16 | (uint32_t)levels[n / 6 % 6] << 8 |
               levels[n % 6];
    }
    return (8 + 10 * (index - GREYS)) * 0x010101u;
}

static unsigned int
distance(uint32_t a, uint32_t b)
{
    unsigned int sum = 0;
    for (unsigned int shift = 0; shift < 24; shift += 8) {
        int difference = (int)(a >> shift & 0xFF) - (int)(b >> shift & 0xFF);
        sum += (unsigned int)(difference * difference);
    }
    return sum;
}

/* The nearest of the palette's entries from `first` up to `end`. */
static uint32_t
nearest(uint32_t rgb, unsigned int first, unsigned int end)
{
    unsigned int best = first;
    for (unsigned int i = first + 1; i < end; i++) {
        if (distance(rgb, rgb_of_index(i)) < distance(rgb, rgb_of_index(best))) {
            best = i;
        }
    }
    return PC_COLOR_INDEX(best);
}

/* A colour as the terminal can show it. */
static uint32_t
reduce(uint32_t color, enum pc_colors shown)
{
    uint32_t value = color & ~PC_COLOR_KIND;
    bool indexed = (color & PC_COLOR_KIND) == PC_COLOR_INDEXED;
    if (color == 0 || shown == PC_COLORS_TRUE || (indexed && value < CUBE) ||
        (indexed && shown == PC_COLORS_256)) {
        return color;
    }
    uint32_t rgb = indexed ? rgb_of_index(value) : value;
    /* Programs change the first 16 of 256, so that their look is not sure. */
    return shown == PC_COLORS_256 ? nearest(rgb, CUBE, INDEXES) : nearest(rgb, 0, CUBE);
}

/* ---- words */

static bool
word_is(const char *word, size_t len, const char *text)
{
    return strlen(text) == len && memcmp(word, text, len) == 0;
}

static bool
read_named_color(const char *word, size_t len, uint32_t *ret_color)
{
    static const char bright[] = "bright-";
    const size_t prefix = sizeof bright - 1;
    bool is_bright = len > prefix && memcmp(word, bright, prefix) == 0;
    if (word_is(word, len, "grey") || word_is(word, len, "gray")) {
        *ret_color = PC_COLOR_INDEX(GREY);
        return true;
    }
    if (word_is(word, len, "default")) {
        *ret_color = 0;
        return true;
    }
    size_t skip = is_bright ? prefix : 0;
    for (size_t i = 0; i < COUNT(colors); i++) {
        if (word_is(word + skip, len - skip, colors[i])) {
            *ret_color = PC_COLOR_INDEX(i + (is_bright ? BRIGHT : 0));
            return true;
        }
    }
    return false;
}

/* A number of the palette, or #rrggbb. */
static bool
read_numbered_color(const char *word, size_t len, uint32_t *ret_color)
{
    bool hex = word[0] == '#';
    if (hex ? len != 7 : len > 3) {
        return false;
    }
    uint32_t value = 0;
    for (size_t i = hex ? 1 : 0; i < len; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *at = memchr(digits, word[i], hex ? sizeof digits - 1 : 10);
        if (at == NULL) {
            return false;
        }
        uint32_t digit = (uint32_t)(at - digits);
        value = value * (hex ? 16 : 10) + (digit < 16 ? digit : digit - 6);
    }
    if (!hex && value >= INDEXES) {
        return false;
    }
    *ret_color = (hex ? PC_COLOR_RGB : PC_COLOR_INDEXED) | value;
    return true;
}

static bool
read_attribute(const char *word, size_t len, uint32_t *attributes_so_far)
{
    for (size_t i = 0; i < COUNT(attributes); i++) {
        if (word_is(word, len, attributes[i].word)) {
            *attributes_so_far |= attributes[i].attribute;
            return true;
        }
    }
    return false;
}

static bool
read_style(const char *text, struct pc_style *ret_style)
{
    struct pc_style style = {0};
    bool on = false; /* the next colour is the background's */
    for (text += strspn(text, " \t"); *text != '\0'; text += strspn(text, " \t")) {
        size_t len = strcspn(text, " \t");
        uint32_t *color = on ? &style.background : &style.foreground;
        if (!on && word_is(text, len, "on")) {
            on = true;
        }
        else if (read_named_color(text, len, color) ||
                 read_numbered_color(text, len, color)) {
            on = false;
        }
        else if (on || !read_attribute(text, len, &style.attributes)) {
            return false;
        }
        text += len;
    }
    *ret_style = style;
    return !on;
}

/* ---- themes */

/* What cannot be told from the rest by anything else keeps a look without colours. */
static uint32_t
attributes_without_colors(enum pc_role role)
{
    switch (role) {
    case PC_ROLE_SELECTION:
    case PC_ROLE_MENU_SELECTED:
        return PC_REVERSE;
    case PC_ROLE_SUGGESTION:
        return PC_DIM;
    default:
        return 0;
    }
}

static void
set_style(struct pc_theme *theme, enum pc_role role, struct pc_style style)
{
    if (theme->colors == PC_COLORS_NONE) {
        style = (struct pc_style){.attributes = attributes_without_colors(role)};
    }
    style.foreground = reduce(style.foreground, theme->colors);
    style.background = reduce(style.background, theme->colors);
    theme->styles[role] = style;
}

void
pc_theme_init(struct pc_theme *theme, enum pc_colors shown,
              enum pc_background background)
{
    theme->colors = shown;
    for (enum pc_role role = 0; role < PC_ROLES; role++) {
        struct pc_style style = {0};
        read_style(roles[role].styles[background], &style);
        set_style(theme, role, style);
    }
}

int
pc_theme_set(struct pc_theme *theme, const char *name, const char *text)
{
    for (enum pc_role role = 0; role < PC_ROLES; role++) {
        struct pc_style style = {0};
        if (strcmp(roles[role].name, name) == 0 && read_style(text, &style)) {
            set_style(theme, role, style);
            return PYCONSOLE_OK;
        }
    }
    return PYCONSOLE_EINVAL;
}

const char *
pc_role_name(enum pc_role role)
{
    return role < PC_ROLES ? roles[role].name : "?";
}

const char *
pc_role_text(enum pc_role role)
{
    return role < PC_ROLES ? roles[role].text : "?";
}
