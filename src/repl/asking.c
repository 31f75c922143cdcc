/* What the terminal is asked at the start: whether it has the kitty keyboard protocol, and
 * how light its background is. Nothing waits for the answers: they come as keys, or never. */
#include <stdlib.h>
#include <string.h>

#include "repl/parts.h"

#define ASK_KEYBOARD   "\033[?u"
#define ASK_BACKGROUND "\033]11;?\033\\"

/* As a person sees them: parts of a thousand. */
enum { RED = 299, GREEN = 587, BLUE = 114, WHOLE = 1000 };

int
pc_repl_ask_terminal(struct pc_repl *repl)
{
    int status = PYCONSOLE_OK;
    if (repl->settings.keyboard_protocol) {
        status = pc_bytes_append_text(&repl->out, ASK_KEYBOARD);
    }
    if (status == PYCONSOLE_OK && repl->settings.theme == PC_THEME_AUTO &&
        repl->theme.colors != PC_COLORS_NONE) {
        status = pc_bytes_append_text(&repl->out, ASK_BACKGROUND);
    }
    return status;
}

/* A colour of one to four hexadecimal digits, as a part of 1. -1: it is none. */
static double
read_part(const char **text)
{
    char *end = NULL;
    unsigned long value = strtoul(*text, &end, 16);
    long digits = end - *text;
    *text = *end == '/' ? end + 1 : end;
    return digits < 1 || digits > 4
               ? -1
               : (double)value / (double)((1UL << (4 * digits)) - 1);
}

/* Of "rgb:RRRR/GGGG/BBBB". */
static bool
is_light(const char *colour)
{
    double red = read_part(&colour);
    double green = read_part(&colour);
    double blue = read_part(&colour);
    return red >= 0 && green >= 0 && blue >= 0 &&
           2 * (RED * red + GREEN * green + BLUE * blue) > WHOLE;
}

static int
use_background(struct pc_repl *repl, const char *colour)
{
    if (!is_light(colour)) {
        return PYCONSOLE_OK;
    }
    pc_auto_bytes struct pc_bytes said = {0};
    int status = pc_repl_make_theme(repl, PC_BACKGROUND_LIGHT, &said);
    pc_view_set_theme(repl->view, &repl->theme);
    repl->stale = true;
    return status;
}

/* Does the text begin so? Gives what is behind. */
static const char *
behind(const char *text, const char *beginning)
{
    size_t len = strlen(beginning);
    return strncmp(text, beginning, len) == 0 ? text + len : NULL;
}

int
pc_repl_take_reply(struct pc_repl *repl, const struct pc_key *key)
{
    char text[128];
    if (key->len >= sizeof text) {
        return PYCONSOLE_OK;
    }
    memcpy(text, key->text, key->len);
    text[key->len] = '\0';
    const char *colour = behind(text, "]11;rgb:");
    if (colour != NULL) {
        return use_background(repl, colour);
    }
    if (behind(text, "[?") != NULL && text[key->len - 1] == 'u') {
        repl->modes |= PC_TERM_KEYS;
        return pc_repl_edit_terminal(repl);
    }
    return PYCONSOLE_OK;
}
