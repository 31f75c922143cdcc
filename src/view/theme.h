/* Styles by role. The default is CPython's own theme (Lib/_colorize.py, 3.14), in a
 * variant for dark and one for light terminals; what CPython's REPL does not show has
 * styles that go with it.
 *
 * A style is written as words: `bold`, `dim`, `italic`, `underline`, `blink`, `reverse`,
 * `strike`; a colour, and `on` before that of the background. A colour is one of `black`,
 * `red`, `green`, `yellow`, `blue`, `magenta`, `cyan`, `white`, one of them with `bright-`
 * before it, `grey`, a number of the palette of 256, or `#rrggbb`; `default` is the
 * terminal's own. Example: `bold #ffaf00 on black`. */
#ifndef PC_VIEW_THEME_H
#define PC_VIEW_THEME_H

#include "view/style.h"

/* What a terminal can show. */
enum pc_colors { PC_COLORS_NONE, PC_COLORS_16, PC_COLORS_256, PC_COLORS_TRUE };

enum pc_background { PC_BACKGROUND_DARK, PC_BACKGROUND_LIGHT };

/* X(role, name, what has it, style on dark, style on light); docs/settings.md is made of
 * it by tools/settings.py. The first ones are the classes of Python's text, with CPython's
 * names; then the kinds of completions, in the order of enum pc_menu_kind; then the rest of
 * the screen. */
#define PC_THEME_ROLES(X)                                                              \
    X(TEXT, "text", "names, and all that is nothing else", "", "")                     \
    X(KEYWORD, "keyword", "keywords", "bold blue", "bold blue")                        \
    X(KEYWORD_CONSTANT, "keyword_constant", "True, False, None", "bold blue",          \
      "bold blue")                                                                     \
    X(SOFT_KEYWORD, "soft_keyword", "match, case, type, lazy where they are keywords", \
      "bold blue", "bold blue")                                                        \
    X(BUILTIN, "builtin", "names of builtins", "cyan", "30")                           \
    X(DEFINITION, "definition", "the name that def or class defines", "bold", "bold")  \
    X(STRING, "string", "strings of all kinds", "green", "28")                         \
    X(NUMBER, "number", "numbers", "yellow", "94")                                     \
    X(COMMENT, "comment", "comments", "red", "124")                                    \
    X(OP, "op", "operators and brackets", "", "")                                      \
    X(COMMAND, "command", "commands, as %name and !", "bold magenta", "bold magenta")  \
    X(ERROR, "error", "what has no place in Python", "bold red", "bold red")           \
    X(KIND_OTHER, "completion", "completions of no kind below", "", "")                \
    X(KIND_FUNCTION, "completion_function", "functions", "bold blue", "bold blue")     \
    X(KIND_METHOD, "completion_method", "methods", "bold cyan", "bold 30")             \
    X(KIND_CLASS, "completion_type", "classes", "bold magenta", "bold magenta")        \
    X(KIND_MODULE, "completion_module", "modules", "cyan", "30")                       \
    X(KIND_NUMBER, "completion_number", "numbers", "bold yellow", "bold 94")           \
    X(KIND_STRING, "completion_str", "str and bytes", "bold green", "bold 28")         \
    X(KIND_NONE, "completion_none", "None", "grey", "grey")                            \
    X(KIND_KEYWORD, "completion_keyword", "keywords", "bold blue", "bold blue")        \
    X(KIND_PARAMETER, "completion_parameter", "arguments by name", "yellow", "94")     \
    X(KIND_PATH, "completion_path", "files and folders", "green", "28")                \
    X(KIND_COMMAND, "completion_command", "commands of the console", "magenta",        \
      "magenta")                                                                       \
    X(PROMPT, "prompt", "prompts without colours of their own", "bold magenta",        \
      "bold magenta")                                                                  \
    X(CONTROL, "control", "control characters and bytes, as ^X and \\xff", "reverse",  \
      "reverse")                                                                       \
    X(SELECTION, "selection", "selected text", "reverse", "reverse")                   \
    X(BRACKET, "bracket", "the two brackets that match", "bold underline",             \
      "bold underline")                                                                \
    X(SUGGESTION, "suggestion", "what the right arrow would take", "grey", "grey")     \
    X(MENU, "menu", "an item of the menu", "", "")                                     \
    X(MENU_SELECTED, "menu_selected", "the selected item", "reverse", "reverse")       \
    X(MENU_DETAIL, "menu_detail", "kind, type and text of an item", "grey", "grey")    \
    X(HINT, "hint", "the signature of a call", "grey", "grey")                         \
    X(HINT_PARAMETER, "hint_parameter", "its current parameter", "bold", "bold")       \
    X(TRACEBACK_TYPE, "traceback_type", "the class of an exception", "bold magenta",   \
      "bold magenta")                                                                  \
    X(TRACEBACK_MESSAGE, "traceback_message", "its message", "magenta", "magenta")     \
    X(TRACEBACK_FILENAME, "traceback_filename", "the file of a frame", "magenta",      \
      "magenta")                                                                       \
    X(TRACEBACK_LINE, "traceback_line", "its line", "magenta", "magenta")              \
    X(TRACEBACK_FRAME, "traceback_frame", "its function", "magenta", "magenta")        \
    X(TRACEBACK_RANGE, "traceback_range", "the part of the line that failed", "red",   \
      "red")                                                                           \
    X(TRACEBACK_HIGHLIGHT, "traceback_highlight", "where in it", "bold red",           \
      "bold red")                                                                      \
    X(MESSAGE, "message", "messages, and the line of a search", "", "")

#define PC_THEME_MEMBER(role, ...) PC_ROLE_##role,
enum pc_role { PC_THEME_ROLES(PC_THEME_MEMBER) PC_ROLES };
#undef PC_THEME_MEMBER

struct pc_theme {
    struct pc_style styles[PC_ROLES];
    enum pc_colors colors;
};

/* The default theme. Without colours all styles are plain but those without which
 * something could not be seen: the selection and the selected item. */
void pc_theme_init(struct pc_theme *theme, enum pc_colors colors,
                   enum pc_background background);

/* Changes one style. PYCONSOLE_OK, or EINVAL and nothing changed: there is no role of
 * that name, or `style` is not written as above. Both end in a zero byte. */
int pc_theme_set(struct pc_theme *theme, const char *name, const char *style);

/* The name of a role and what has it, in static storage, for documents. */
const char *pc_role_name(enum pc_role role);
const char *pc_role_text(enum pc_role role);

#endif
