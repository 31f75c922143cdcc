/* The beginning: what the person has set, the terminal, the history. None of it may fail
 * for more than want of memory: what is wrong in a file is said, and passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "edit/inputrc.h"
#include "repl/colour.h"
#include "repl/file.h"
#include "repl/parts.h"

/* Bytes of the name of a folder; what is cut off is not told apart. */
enum { PATH_MOST = 4096 };

/* ---- settings ---- */

static int
load_settings(struct pc_repl *repl, struct pc_bytes *errors)
{
    pc_auto_bytes struct pc_bytes path = {0};
    int status = pc_settings_init(&repl->settings);
    if (status == PYCONSOLE_OK) {
        status =
            pc_settings_path("XDG_CONFIG_HOME", ".config", "pyconsole/settings", &path);
    }
    if (status == PYCONSOLE_OK) {
        status = pc_settings_load(&repl->settings, path.data, errors);
    }
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

/* ---- key bindings ---- */

/* Nobody's own: what distributions write there is for keys that readline has no command
 * for. So it binds those that have none here; M-Left and Insert do. */
static const char common_inputrc[] = "/etc/inputrc";

/* `~/` begins a path in the person's home, as with readline. */
static int
include(void *ctx, const char *path, struct pc_bytes *ret_text)
{
    (void)ctx;
    const char *home = strncmp(path, "~/", 2) == 0 ? getenv("HOME") : NULL;
    pc_auto_bytes struct pc_bytes full = {0};
    int status = pc_bytes_append_format(&full, "%s%s", home == NULL ? "" : home,
                                        path + (home == NULL ? 0 : 1));
    return status < 0 ? status : pc_file_read(pc_bytes_text(&full), ret_text);
}

/* What is wrong in a file, and in which one; those that it includes have names. */
struct complaints {
    const char *file;
    struct pc_bytes *errors;
};

static void
complain(void *ctx, const char *path, size_t line, const char *message)
{
    const struct complaints *complaints = ctx;
    (void)pc_bytes_append_format(complaints->errors, "%s:%zu: %s\n",
                                 path == NULL ? complaints->file : path, line, message);
}

static int
bind_keys(struct pc_repl *repl, const struct pc_bytes *file,
          const struct pc_bytes *text, struct pc_bytes *errors)
{
    struct complaints complaints = {pc_bytes_text(file), errors};
    struct pc_inputrc_host host = {.term = getenv("TERM"),
                                   .unbound_only =
                                       strcmp(pc_bytes_text(file), common_inputrc) == 0,
                                   .ctx = &complaints,
                                   .include = include,
                                   .complain = complain};
    return pc_inputrc_read(&repl->editor, pc_bytes_text(text), text->len, &host);
}

/* $INPUTRC, ~/.inputrc or /etc/inputrc: the first that there is, as readline(3) has it. */
static int
read_inputrc_file(struct pc_bytes *ret_file, struct pc_bytes *ret_text)
{
    const char *named = getenv("INPUTRC");
    const char *home = getenv("HOME");
    pc_auto_bytes struct pc_bytes own = {0};
    int status = pc_bytes_append_format(&own, "%s/.inputrc", home == NULL ? "" : home);
    const char *paths[] = {named, pc_bytes_text(&own), common_inputrc};
    for (size_t i = 0; i < 3 && status == PYCONSOLE_OK; i++) {
        if (paths[i] != NULL && pc_file_read(paths[i], ret_text) == PYCONSOLE_OK) {
            return pc_bytes_append_text(ret_file, paths[i]);
        }
    }
    return status;
}

int
pc_repl_read_inputrc(struct pc_repl *repl, struct pc_bytes *errors)
{
    const struct pc_settings *settings = &repl->settings;
    pc_auto_bytes struct pc_bytes file = {0};
    pc_auto_bytes struct pc_bytes text = {0};
    int status = settings->inputrc ? read_inputrc_file(&file, &text) : PYCONSOLE_OK;
    if (status == PYCONSOLE_OK) {
        status = bind_keys(repl, &file, &text, errors);
    }
    return status < 0 ? status
                      : bind_keys(repl, &settings->file, &settings->bindings, errors);
}

static int
open_editor(struct pc_repl *repl, struct pc_bytes *errors)
{
    int status = pc_editor_init(&repl->editor, PYCONSOLE_PYTHON_MINOR);
    repl->editor.indent_width = (size_t)repl->settings.indent;
    if (status == PYCONSOLE_OK && repl->settings.editing_mode == PC_EDITING_VI) {
        pc_editor_use_vi(&repl->editor, true);
    }
    return status < 0 ? status : pc_repl_read_inputrc(repl, errors);
}

/* ---- the terminal ---- */

int
pc_repl_make_theme(struct pc_repl *repl, enum pc_background background,
                   struct pc_bytes *errors)
{
    const struct pc_settings *settings = &repl->settings;
    struct pc_colour_facts facts =
        pc_colour_facts(repl->output, repl->options->environment);
    enum pc_colors colors = settings->theme == PC_THEME_NONE || settings->screen_reader
                                ? PC_COLORS_NONE
                                : pc_colour_decide(&facts);
    int status = PYCONSOLE_OK;
    pc_theme_init(&repl->theme, colors, background);
    for (size_t i = 0; i < settings->style_count && status == PYCONSOLE_OK; i++) {
        const struct pc_style_line *line = &settings->styles[i];
        if (pc_theme_set(&repl->theme, line->name, line->value) < 0) {
            status = pc_bytes_append_format(errors, "%s:%zu: no style: %s = %s\n",
                                            pc_bytes_text(&settings->file), line->line,
                                            line->name, line->value);
        }
    }
    return status;
}

/* Tmux does, and there is no asking a terminal. */
static bool
is_rewrapping(void)
{
    const char *tmux = getenv("TMUX");
    const char *term = getenv("TERM");
    return tmux != NULL && term != NULL &&
           (strncmp(term, "tmux", 4) == 0 || strncmp(term, "screen", 6) == 0);
}

static int
open_terminal(struct pc_repl *repl)
{
    const struct pc_settings *settings = &repl->settings;
    int status = repl->options->host == NULL
                     ? pc_term_open(STDIN_FILENO, repl->output, &repl->term)
                     : pc_repl_open_shared_terminal(repl);
    if (status < 0) {
        return status;
    }
    struct pc_term_size size = pc_term_size(repl->term);
    struct pc_view_options options = {
        .columns = size.columns,
        .rows = size.rows,
        .theme = repl->theme,
        .version = repl->editor.version,
        .commands = !settings->pure_python,
        .synchronized = true,
        .marks = settings->prompt_marks,
        .rewraps = is_rewrapping(),
        .linear = settings->screen_reader,
    };
    repl->modes = settings->bracketed_paste ? PC_TERM_PASTE : 0;
    return pc_view_new(&options, &repl->view);
}

/* ---- the history ---- */

/* CPython's own, which a new database begins with. */
static int
text_history(struct pc_bytes *ret_path)
{
    const char *home = getenv("HOME");
    return home == NULL ? PYCONSOLE_OK
                        : pc_bytes_append_format(ret_path, "%s/.python_history", home);
}

static int
open_history(struct pc_repl *repl)
{
    const struct pc_settings *settings = &repl->settings;
    pc_auto_bytes struct pc_bytes path = {0};
    pc_auto_bytes struct pc_bytes text = {0};
    pc_auto_free char *folder = getcwd(NULL, 0);
    const char *named = repl->options->environment ? getenv("PYTHON_HISTORY") : NULL;
    int status = pc_settings_path("XDG_STATE_HOME", ".local/state",
                                  "pyconsole/history.sqlite3", &path);
    if (status == PYCONSOLE_ENOMEM || text_history(&text) < 0) {
        return PYCONSOLE_ENOMEM;
    }
    struct pc_history_options options = {
        .path = path.data,
        .text_path = named != NULL && *named != '\0' ? named : NULL,
        .import_path = named != NULL && *named != '\0' ? named : text.data,
        .folder = folder,
        .python = PYCONSOLE_PYTHON_VERSION,
        .keeping = (enum pc_history_keeping)settings->history,
        .keep_repeated = settings->history_duplicates,
        .keep_spaced = settings->history_space,
        .entries_most = settings->history_entries,
    };
    return pc_history_new(&options, &repl->history);
}

int
pc_repl_note_folder(struct pc_repl *repl)
{
    char link[64];
    char folder[PATH_MOST];
    snprintf(link, sizeof link, "/proc/%d/cwd", pyconsole_session_pid(repl->session));
    ssize_t len = readlink(link, folder, sizeof folder - 1);
    if (len <= 0) {
        return PYCONSOLE_OK;
    }
    folder[len] = '\0';
    return pc_history_set_folder(repl->history, folder);
}

int
pc_repl_init(struct pc_repl *repl, struct pc_bytes *errors)
{
    repl->menu.selected = PC_NOWHERE;
    repl->output = repl->options->host == NULL ? STDOUT_FILENO
                                               : pc_capture_terminal(&repl->capture);
    repl->prompts[0] = strdup(">>> ");
    repl->prompts[1] = strdup("... ");
    int status = repl->prompts[0] == NULL || repl->prompts[1] == NULL
                     ? PYCONSOLE_ENOMEM
                     : load_settings(repl, errors);
    if (status == PYCONSOLE_OK && repl->options->host != NULL &&
        !repl->settings.inside) {
        status = PYCONSOLE_EBUSY;
    }
    if (status == PYCONSOLE_OK) {
        status = open_editor(repl, errors);
    }
    if (status == PYCONSOLE_OK) {
        status = pc_repl_make_theme(repl,
                                    repl->settings.theme == PC_THEME_LIGHT
                                        ? PC_BACKGROUND_LIGHT
                                        : PC_BACKGROUND_DARK,
                                    errors);
    }
    if (status == PYCONSOLE_OK) {
        status = open_terminal(repl);
    }
    return status < 0 ? status : open_history(repl);
}
