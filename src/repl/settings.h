/* The settings of the prompt, from $XDG_CONFIG_HOME/pyconsole/settings.
 *
 *     file:     line*
 *     line:     "#" anything | NAME "=" value | "style" ROLE "=" style | "bind" binding
 *
 * A value goes to the end of its line; in "..." it keeps its blanks. A style is for the
 * theme (view/theme.h), a binding is a line of inputrc (edit/inputrc.h). A line that
 * means nothing is passed over and told of, with its number.
 *
 * PC_SETTINGS is the one list: the struct, the table and docs/settings.md (by
 * tools/settings.py) are made of it. */
#ifndef PC_REPL_SETTINGS_H
#define PC_REPL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/* X(kind, member, default, range, what it does) for each; in files `_` is written `-`.
 *
 *     SWITCH   bool        on or off
 *     NUMBER   int         between the two numbers of the range
 *     CHOICE   int         the index of a word of the range
 *     TEXT     pc_bytes    any */
#define PC_SETTINGS(X)                                                                  \
    X(CHOICE, editing_mode, "emacs", "emacs vi", "Whose keys the editor has.")          \
    X(SWITCH, inputrc, "on", "",                                                        \
      "Whether key bindings are read from `~/.inputrc`, or the file that `INPUTRC` "    \
      "names; where there is neither, those of `/etc/inputrc` are taken for keys that " \
      "no command has.")                                                                \
    X(NUMBER, indent, "4", "1 16",                                                      \
      "Columns of an indentation, in a block that has none yet.")                       \
    X(CHOICE, theme, "auto", "auto dark light none",                                    \
      "The colours: made for a dark or a light background, as the terminal says it "    \
      "has (`auto`), or none. Lines that begin with `style` change single ones.")       \
    X(SWITCH, suggestions, "on", "",                                                    \
      "Whether the rest of the latest block that begins like this one stands grey "     \
      "behind the cursor; the right arrow takes it.")                                   \
    X(CHOICE, completion, "tab", "tab typing off",                                      \
      "When the menu of completions comes: on Tab, or as you type as well.")            \
    X(NUMBER, menu_rows, "8", "1 100", "The most rows of a menu.")                      \
    X(SWITCH, signature, "on", "",                                                      \
      "Whether the signature of the call around the cursor is shown.")                  \
    X(CHOICE, history, "on", "on private off",                                          \
      "Whether blocks are kept. `private`: what was kept is found, but nothing is "     \
      "added; `off`: neither. They are in `$XDG_STATE_HOME/pyconsole/history.sqlite3`"  \
      ".")                                                                              \
    X(SWITCH, history_duplicates, "off", "",                                            \
      "Whether a block that is the same as the one before it is kept again.")           \
    X(SWITCH, history_space, "off", "",                                                 \
      "Whether a block that begins with a space is kept.")                              \
    X(NUMBER, history_entries, "0", "0 100000000",                                      \
      "The most blocks that are kept; the oldest go first. 0: all of them.")            \
    X(SWITCH, bracketed_paste, "on", "",                                                \
      "Whether the terminal is asked to say what is pasted.")                           \
    X(NUMBER, burst_milliseconds, "5", "0 1000",                                        \
      "Lines that come faster than this one after the other are taken for pasted, "     \
      "where nothing says so. 0: never.")                                               \
    X(NUMBER, escape_milliseconds, "50", "1 60000",                                     \
      "How long the rest of a key is waited for that begins with Escape, which slow "   \
      "lines deliver in parts; after that it was the Escape key.")                      \
    X(SWITCH, pure_python, "off", "",                                                   \
      "Python and nothing else: no `obj?`, `!command` and `%command`.")                 \
    X(SWITCH, screen_reader, "off", "",                                                 \
      "For screen readers: text is written once and never repainted, without colours, " \
      "menus and suggestions.")                                                         \
    X(TEXT, pager, "", "",                                                              \
      "The command that shows long texts; if empty, `MANPAGER`, `PAGER` or `less`.")    \
    X(TEXT, editor, "", "",                                                             \
      "The command that edits a block; if empty, `VISUAL`, `EDITOR` or `vi`.")          \
    X(NUMBER, checkpoints, "10", "0 100",                                               \
      "How many earlier states of the session are kept for `%undo`. 0: none.")          \
    X(SWITCH, inside, "on", "",                                                         \
      "Whether a console inside a Python has the editor: `python3 -m pyconsole`, "      \
      "`pyconsole.embed()`, `pyconsole.interact()` and, after `pyconsole.install()`, "  \
      "those of `code`.")                                                               \
    X(SWITCH, banner, "on", "", "Whether the version is shown at the start.")           \
    X(SWITCH, prompt_marks, "on", "",                                                   \
      "Whether the terminal is told where prompts and output begin (OSC 133).")         \
    X(SWITCH, keyboard_protocol, "on", "",                                              \
      "Whether the terminal is asked to tell apart keys that send the same otherwise.")

/* The words of a range, in its order. */
enum pc_editing_mode { PC_EDITING_EMACS, PC_EDITING_VI };
enum pc_theme_choice { PC_THEME_AUTO, PC_THEME_DARK, PC_THEME_LIGHT, PC_THEME_NONE };
enum pc_completion { PC_COMPLETION_TAB, PC_COMPLETION_TYPING, PC_COMPLETION_OFF };
/* Of `history`: enum pc_history_keeping. */

#define PC_SETTING_TYPE_SWITCH bool
#define PC_SETTING_TYPE_NUMBER int
#define PC_SETTING_TYPE_CHOICE int
#define PC_SETTING_TYPE_TEXT   struct pc_bytes
#define PC_SETTING_MEMBER(kind, member, fallback, range, text)                         \
    PC_SETTING_TYPE_##kind member;

/* A line `style name = value`. */
struct pc_style_line {
    size_t line;
    char name[32];
    char value[96];
};

struct pc_settings {
    PC_SETTINGS(PC_SETTING_MEMBER)
    struct pc_bytes file;         /* the name of the one that was read */
    struct pc_style_line *styles; /* in the order of the file */
    size_t style_count;
    struct pc_bytes bindings; /* for inputrc; each in the line of the settings' file */
};
#undef PC_SETTING_MEMBER

/* The defaults. 0, or PYCONSOLE_ENOMEM. */
int pc_settings_init(struct pc_settings *settings);
void pc_settings_fini(struct pc_settings *settings);

/* Sets one by its name as in a file. 0; PYCONSOLE_ENOMEM; PYCONSOLE_EINVAL, and why is
 * appended to `why`, without a newline. */
int pc_settings_set(struct pc_settings *settings, const char *name, const char *value,
                    struct pc_bytes *why);

/* Reads a file's text. What is wrong is appended to `errors`, as `file:line: what` and a
 * newline. 0, or PYCONSOLE_ENOMEM. */
int pc_settings_read(struct pc_settings *settings, const char *file, const char *text,
                     size_t len, struct pc_bytes *errors);

/* The same of a file; that there is none is no error. */
int pc_settings_load(struct pc_settings *settings, const char *file,
                     struct pc_bytes *errors);

/* Where a file of ours is: below the folder that `variable` names (XDG_CONFIG_HOME,
 * XDG_STATE_HOME) if it is an absolute path, else below `folder` in HOME. 0;
 * PYCONSOLE_EINVAL: there is no HOME; PYCONSOLE_ENOMEM. */
int pc_settings_path(const char *variable, const char *folder, const char *name,
                     struct pc_bytes *ret_path);

#endif
