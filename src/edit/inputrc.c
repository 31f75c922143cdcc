/* See inputrc.h. Line by line; a line that is not understood is complained of and passed
 * over. */
#include "edit/inputrc.h"

#include <pyconsole/status.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "edit/inputrc_key.h"

/* A part of the text. */
struct span {
    const char *at;
    size_t len;
};

/* One text: the file itself or one that it includes. */
struct reader {
    struct pc_editor *editor;
    const struct pc_inputrc_host *host;
    const char *path; /* NULL: the text itself */
    size_t line;
    size_t depth; /* of includes */
    enum pc_keymap_name map;
    const char *prefix; /* of the sequences in this map */
    size_t conditions;
    size_t passed_over; /* the outermost condition that does not hold; 0 with none */
    bool had_else[PC_INPUTRC_CONDITIONS_MOST + 1];
};

static int read_text(struct reader *r, struct span text);

/* ---- words */

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct span
trim(struct span span)
{
    while (span.len > 0 && is_space(span.at[0])) {
        span.at++;
        span.len--;
    }
    while (span.len > 0 && is_space(span.at[span.len - 1])) {
        span.len--;
    }
    return span;
}

/* The first word; *rest: what is behind it. */
static struct span
take_word(struct span *rest)
{
    *rest = trim(*rest);
    struct span word = {rest->at, 0};
    while (word.len < rest->len && !is_space(word.at[word.len])) {
        word.len++;
    }
    rest->at += word.len;
    rest->len -= word.len;
    *rest = trim(*rest);
    return word;
}

static bool
is_word(struct span span, const char *word)
{
    return strlen(word) == span.len && strncasecmp(span.at, word, span.len) == 0;
}

/* ---- complaints */

static int
complain(const struct reader *r, const char *what, struct span about)
{
    enum { SHOWN_MOST = 60 };
    if (r->host->complain != NULL) {
        char message[160];
        int shown = about.len < SHOWN_MOST ? (int)about.len : SHOWN_MOST;
        (void)snprintf(message, sizeof message, "%s%.*s", what, shown,
                       about.len > 0 ? about.at : "");
        r->host->complain(r->host->ctx, r->path, r->line, message);
    }
    return PYCONSOLE_OK;
}

/* ---- set */

static const struct {
    const char *name;
    enum pc_keymap_name map;
    const char *prefix;
} keymap_names[] = {
    {"emacs", PC_KEYMAP_EMACS, ""},          {"emacs-standard", PC_KEYMAP_EMACS, ""},
    {"emacs-meta", PC_KEYMAP_EMACS, "\x1b"}, {"emacs-ctlx", PC_KEYMAP_EMACS, "\x18"},
    {"vi", PC_KEYMAP_VI_COMMAND, ""},        {"vi-command", PC_KEYMAP_VI_COMMAND, ""},
    {"vi-move", PC_KEYMAP_VI_COMMAND, ""},   {"vi-insert", PC_KEYMAP_VI_INSERT, ""},
};

static int
set_keymap(struct reader *r, struct span name)
{
    for (size_t i = 0; i < sizeof keymap_names / sizeof *keymap_names; i++) {
        if (is_word(name, keymap_names[i].name)) {
            r->map = keymap_names[i].map;
            r->prefix = keymap_names[i].prefix;
            return PYCONSOLE_OK;
        }
    }
    return complain(r, "no keymap of that name: ", name);
}

static int
set_editing_mode(struct reader *r, struct span mode)
{
    bool vi = is_word(mode, "vi");
    if (!vi && !is_word(mode, "emacs")) {
        return complain(r, "editing-mode is emacs or vi, not: ", mode);
    }
    pc_editor_use_vi(r->editor, vi);
    r->map = vi ? PC_KEYMAP_VI_INSERT : PC_KEYMAP_EMACS;
    r->prefix = "";
    return PYCONSOLE_OK;
}

static char *
copy_of(struct span span)
{
    char *copy = malloc(span.len + 1);
    if (copy != NULL) {
        memcpy(copy, span.at, span.len);
        copy[span.len] = '\0';
    }
    return copy;
}

static int
read_set(struct reader *r, struct span rest)
{
    struct span name = take_word(&rest);
    struct span value = rest;
    if (name.len == 0) {
        return complain(r, "set without a name", name);
    }
    if (is_word(name, "keymap")) {
        return set_keymap(r, value);
    }
    if (is_word(name, "editing-mode")) {
        return set_editing_mode(r, value);
    }
    if (r->host->set == NULL) {
        return PYCONSOLE_OK;
    }
    pc_auto_free char *name_copy = copy_of(name);
    pc_auto_free char *value_copy = copy_of(value);
    if (name_copy == NULL || value_copy == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    r->host->set(r->host->ctx, name_copy, value_copy);
    return PYCONSOLE_OK;
}

/* ---- $if, $include */

/* Readline's version, which files ask for to know what they may say. */
enum { VERSION_MAJOR = 8, VERSION_MINOR = 2 };

static bool
compare_version(struct span rest)
{
    char text[32] = "";
    memcpy(text, rest.at, rest.len < sizeof text ? rest.len : sizeof text - 1);
    size_t operator_len = strspn(text, "<>=!");
    struct span operator= {text, operator_len};
    char *end = NULL;
    long major = strtol(text + operator_len, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
    long difference =
        major != VERSION_MAJOR ? VERSION_MAJOR - major : VERSION_MINOR - minor;
    return is_word(operator, "=") || is_word(operator, "==") ? difference == 0
           : is_word(operator, "!=")                         ? difference != 0
           : is_word(operator, ">=")                         ? difference >= 0
           : is_word(operator, "<=")                         ? difference <= 0
           : is_word(operator, ">")                          ? difference > 0
                                                             : difference < 0;
}

/* The whole name of the terminal, or what stands before its first hyphen. */
static bool
is_term(const struct reader *r, struct span name)
{
    const char *term = r->host->term == NULL ? "" : r->host->term;
    size_t short_len = strcspn(term, "-");
    return is_word(name, term) ||
           (name.len == short_len && strncasecmp(name.at, term, short_len) == 0);
}

static bool
holds(const struct reader *r, struct span condition)
{
    static const char MODE[] = "mode=";
    static const char TERM[] = "term=";
    static const char VERSION[] = "version";
    struct span rest = condition;
    if (rest.len >= sizeof MODE - 1 && strncmp(rest.at, MODE, sizeof MODE - 1) == 0) {
        rest = (struct span){rest.at + sizeof MODE - 1, rest.len - (sizeof MODE - 1)};
        bool vi = r->editor->mode != PC_MODE_EMACS;
        return is_word(rest, vi ? "vi" : "emacs");
    }
    if (rest.len >= sizeof TERM - 1 && strncmp(rest.at, TERM, sizeof TERM - 1) == 0) {
        rest = (struct span){rest.at + sizeof TERM - 1, rest.len - (sizeof TERM - 1)};
        return is_term(r, rest);
    }
    if (rest.len > sizeof VERSION - 1 &&
        strncmp(rest.at, VERSION, sizeof VERSION - 1) == 0) {
        rest = (struct span){rest.at + sizeof VERSION - 1,
                             rest.len - (sizeof VERSION - 1)};
        return compare_version(trim(rest));
    }
    return is_word(rest, "Python") || is_word(rest, "pyconsole");
}

static int
read_if(struct reader *r, struct span condition)
{
    if (r->conditions == PC_INPUTRC_CONDITIONS_MOST) {
        return complain(r, "too many conditions in conditions", (struct span){0});
    }
    r->had_else[++r->conditions] = false;
    if (r->passed_over == 0 && !holds(r, condition)) {
        r->passed_over = r->conditions;
    }
    return PYCONSOLE_OK;
}

static int
read_else(struct reader *r)
{
    if (r->conditions == 0 || r->had_else[r->conditions]) {
        return complain(r, "$else without $if", (struct span){0});
    }
    r->had_else[r->conditions] = true;
    if (r->passed_over == 0) {
        r->passed_over = r->conditions;
    }
    else if (r->passed_over == r->conditions) {
        r->passed_over = 0;
    }
    return PYCONSOLE_OK;
}

static int
read_endif(struct reader *r)
{
    if (r->conditions == 0) {
        return complain(r, "$endif without $if", (struct span){0});
    }
    if (r->passed_over == r->conditions) {
        r->passed_over = 0;
    }
    r->conditions--;
    return PYCONSOLE_OK;
}

static int
read_include(struct reader *r, struct span name)
{
    if (r->depth == PC_INPUTRC_INCLUDES_MOST) {
        return complain(r, "too many files that include files: ", name);
    }
    pc_auto_free char *path = copy_of(name);
    pc_auto_bytes struct pc_bytes text = {0};
    if (path == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    if (r->host->include == NULL || r->host->include(r->host->ctx, path, &text) < 0) {
        return complain(r, "cannot be read: ", name);
    }
    struct reader inner = {
        .editor = r->editor,
        .host = r->host,
        .path = path,
        .depth = r->depth + 1,
        .map = r->map,
        .prefix = r->prefix,
    };
    return read_text(&inner, (struct span){pc_bytes_text(&text), text.len});
}

static int
read_directive(struct reader *r, struct span rest)
{
    struct span word = take_word(&rest);
    if (is_word(word, "$if")) {
        return read_if(r, rest);
    }
    if (is_word(word, "$else")) {
        return read_else(r);
    }
    if (is_word(word, "$endif")) {
        return read_endif(r);
    }
    if (r->passed_over > 0) {
        return PYCONSOLE_OK;
    }
    return is_word(word, "$include") ? read_include(r, rest)
                                     : complain(r, "no such directive: ", word);
}

/* ---- bindings */

/* Readline's names of what has another one here. */
static const struct {
    const char *name;
    enum pc_command_id id;
} other_names[] = {
    {"backward-byte", PC_COMMAND_backward_char},
    {"backward-kill-line", PC_COMMAND_unix_line_discard},
    {"beginning-of-history", PC_COMMAND_beginning_of_buffer},
    {"clear-display", PC_COMMAND_clear_screen},
    {"delete-char-or-list", PC_COMMAND_delete_char},
    {"do-nothing", PC_COMMAND_abort},
    {"end-of-history", PC_COMMAND_end_of_buffer},
    {"forward-byte", PC_COMMAND_forward_char},
    {"history-substring-search-backward", PC_COMMAND_history_search_backward},
    {"history-substring-search-forward", PC_COMMAND_history_search_forward},
    {"insert-comment", PC_COMMAND_comment_lines},
    {"insert-last-argument", PC_COMMAND_yank_last_arg},
    {"menu-complete", PC_COMMAND_tab},
    {"menu-complete-backward", PC_COMMAND_backtab},
    {"next-screen-line", PC_COMMAND_down},
    {"non-incremental-forward-search-history", PC_COMMAND_forward_search_history},
    {"non-incremental-reverse-search-history", PC_COMMAND_reverse_search_history},
    {"old-menu-complete", PC_COMMAND_tab},
    {"previous-screen-line", PC_COMMAND_up},
    {"revert-line", PC_COMMAND_revert_line},
    {"shell-backward-kill-word", PC_COMMAND_unix_word_rubout},
    {"shell-backward-word", PC_COMMAND_backward_word},
    {"shell-forward-word", PC_COMMAND_forward_word},
    {"shell-kill-word", PC_COMMAND_kill_word},
    {"shell-transpose-words", PC_COMMAND_transpose_words},
    {"unix-filename-rubout", PC_COMMAND_backward_kill_word},
    {"vi-append-eol", PC_COMMAND_vi_append_eol},
    {"vi-bWord", PC_COMMAND_vi_prev_bigword},
    {"vi-back-to-indent", PC_COMMAND_back_to_indentation},
    {"vi-backward-bigword", PC_COMMAND_vi_prev_bigword},
    {"vi-backward-word", PC_COMMAND_vi_prev_word},
    {"vi-bword", PC_COMMAND_vi_prev_word},
    {"vi-complete", PC_COMMAND_tab},
    {"vi-eWord", PC_COMMAND_vi_end_bigword},
    {"vi-edit-and-execute-command", PC_COMMAND_edit_in_editor},
    {"vi-eof-maybe", PC_COMMAND_delete_char},
    {"vi-eword", PC_COMMAND_vi_end_word},
    {"vi-fWord", PC_COMMAND_vi_next_bigword},
    {"vi-first-print", PC_COMMAND_back_to_indentation},
    {"vi-forward-bigword", PC_COMMAND_vi_next_bigword},
    {"vi-forward-word", PC_COMMAND_vi_next_word},
    {"vi-fword", PC_COMMAND_vi_next_word},
    {"vi-match", PC_COMMAND_matching_bracket},
    {"vi-search", PC_COMMAND_reverse_search_history},
    {"vi-search-again", PC_COMMAND_search_again},
    {"vi-undo", PC_COMMAND_undo},
    {"vi-unix-word-rubout", PC_COMMAND_unix_word_rubout},
    {"vi-yank-arg", PC_COMMAND_yank_last_arg},
};

/* Commands of readline and of bash that there is nothing for here: an inputrc that all
 * programs share may bind them, and the key stays what it is. */
static const char *const names_of_others[] = {
    "alias-expand-line",
    "arrow-key-prefix",
    "bracketed-paste-begin",
    "complete-command",
    "complete-filename",
    "complete-hostname",
    "complete-into-braces",
    "complete-username",
    "complete-variable",
    "copy-backward-word",
    "copy-forward-word",
    "dabbrev-expand",
    "display-shell-version",
    "do-lowercase-version",
    "dump-functions",
    "dump-macros",
    "dump-variables",
    "dynamic-complete-history",
    "fetch-history",
    "forward-backward-delete-char",
    "glob-complete-word",
    "glob-expand-word",
    "glob-list-expansions",
    "history-and-alias-expand-line",
    "history-expand-line",
    "magic-space",
    "non-incremental-forward-search-history-again",
    "non-incremental-reverse-search-history-again",
    "possible-command-completions",
    "possible-filename-completions",
    "possible-hostname-completions",
    "possible-username-completions",
    "possible-variable-completions",
    "print-last-kbd-macro",
    "shell-expand-line",
    "skip-csi-sequence",
    "spell-correct-word",
    "tilde-expand",
    "tty-status",
    "vi-arg-digit",
    "vi-char-search",
    "vi-fetch-history",
    "vi-goto-mark",
    "vi-overstrike",
    "vi-overstrike-delete",
    "vi-set-mark",
    "vi-tilde-expand",
    "vi-yank-pop",
};

static bool
is_of_others(struct span name)
{
    for (size_t i = 0; i < sizeof names_of_others / sizeof *names_of_others; i++) {
        if (is_word(name, names_of_others[i])) {
            return true;
        }
    }
    return false;
}

static int
find_command(struct span name)
{
    int command = pc_command_find(name.at, name.len);
    for (size_t i = 0; command < 0 && i < sizeof other_names / sizeof *other_names;
         i++) {
        if (strlen(other_names[i].name) == name.len &&
            memcmp(other_names[i].name, name.at, name.len) == 0) {
            command = (int)other_names[i].id;
        }
    }
    return command;
}

/* What is between quotes, at the start; false if there is no closing one. */
static bool
take_quoted(struct span *rest, struct span *ret_quoted)
{
    char quote = rest->at[0];
    size_t at = 1;
    while (at < rest->len && rest->at[at] != quote) {
        at += rest->at[at] == '\\' ? 2 : 1;
    }
    if (at >= rest->len) {
        return false;
    }
    *ret_quoted = (struct span){rest->at + 1, at - 1};
    rest->at += at + 1;
    rest->len -= at + 1;
    return true;
}

static int
bind_macro(const struct reader *r, const uint32_t *keys, size_t key_count,
           struct span value)
{
    struct span text = {0};
    pc_auto_bytes struct pc_bytes bytes = {0};
    if (!take_quoted(&value, &text)) {
        return complain(r, "a quote without its end: ", value);
    }
    pc_auto_free uint32_t *codes = malloc(PC_KEYMAP_MACRO_MOST * sizeof *codes);
    int status = codes == NULL ? PYCONSOLE_ENOMEM
                               : pc_inputrc_unquote(text.at, text.len, &bytes);
    int count =
        status < 0 ? status : pc_inputrc_keys(&bytes, codes, PC_KEYMAP_MACRO_MOST);
    if (count == PYCONSOLE_ELIMIT) {
        return complain(r, "too many keys: ", text);
    }
    return count < 0 ? count
                     : pc_keymap_bind_macro(&r->editor->keymaps[r->map], keys,
                                            key_count, codes, (size_t)count);
}

static bool
stays_bound(const struct reader *r, const uint32_t *keys, size_t key_count)
{
    const struct pc_binding *binding = NULL;
    return r->host->unbound_only &&
           pc_keymap_find(&r->editor->keymaps[r->map], keys, key_count, &binding) !=
               PC_KEYMAP_NOTHING;
}

/* Binds what the terminal sends to what stands behind the colon. */
static int
bind_keys(const struct reader *r, const struct pc_bytes *bytes, struct span value)
{
    uint32_t keys[PC_KEYMAP_SEQUENCE_MOST];
    int count = pc_inputrc_keys(bytes, keys, PC_KEYMAP_SEQUENCE_MOST);
    if (count == PYCONSOLE_ENOMEM) {
        return count;
    }
    if (count <= 0) {
        return complain(r, "no key, or too many of them, for: ", value);
    }
    if (stays_bound(r, keys, (size_t)count)) {
        return PYCONSOLE_OK;
    }
    if (value.len > 0 && (value.at[0] == '"' || value.at[0] == '\'')) {
        return bind_macro(r, keys, (size_t)count, value);
    }
    struct span name = take_word(&value);
    int command = find_command(name);
    if (command < 0) {
        return is_of_others(name) ? PYCONSOLE_OK
                                  : complain(r, "no command of that name: ", name);
    }
    return pc_keymap_bind(&r->editor->keymaps[r->map], keys, (size_t)count, command);
}

static int
read_binding(struct reader *r, struct span line)
{
    pc_auto_bytes struct pc_bytes bytes = {0};
    struct span rest = line;
    struct span key = {0};
    int status = pc_bytes_append_text(&bytes, r->prefix);
    bool quoted = line.at[0] == '"';
    if (status >= 0 && quoted) {
        if (!take_quoted(&rest, &key)) {
            return complain(r, "a quote without its end: ", line);
        }
        status = pc_inputrc_unquote(key.at, key.len, &bytes);
    }
    else if (status >= 0) {
        const char *colon = memchr(rest.at, ':', rest.len);
        key =
            trim((struct span){rest.at, colon == NULL ? 0 : (size_t)(colon - rest.at)});
        status = pc_inputrc_named_key(key.at, key.len, &bytes);
        if (status == 0) {
            return complain(r, "not a binding: ", line);
        }
        rest.len -= (size_t)(colon - rest.at);
        rest.at = colon;
    }
    if (status < 0) {
        return status;
    }
    rest = trim(rest);
    if (rest.len == 0 || rest.at[0] != ':') {
        return complain(r, "no colon behind the key: ", line);
    }
    return bind_keys(r, &bytes, trim((struct span){rest.at + 1, rest.len - 1}));
}

/* ---- the whole */

static int
read_line(struct reader *r, struct span line)
{
    struct span rest = line;
    if (line.len == 0 || line.at[0] == '#') {
        return PYCONSOLE_OK;
    }
    if (line.at[0] == '$') {
        return read_directive(r, line);
    }
    if (r->passed_over > 0) {
        return PYCONSOLE_OK;
    }
    return is_word(take_word(&rest), "set") ? read_set(r, rest) : read_binding(r, line);
}

static int
read_text(struct reader *r, struct span text)
{
    int status = PYCONSOLE_OK;
    while (text.len > 0 && status >= 0) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.at);
        r->line++;
        status = read_line(r, trim((struct span){text.at, len}));
        len += end != NULL;
        text.at += len;
        text.len -= len;
    }
    if (status >= 0 && r->conditions > 0) {
        complain(r, "$if without $endif", (struct span){0});
    }
    return status;
}

int
pc_inputrc_read(struct pc_editor *editor, const char *text, size_t len,
                const struct pc_inputrc_host *host)
{
    bool vi = editor->mode != PC_MODE_EMACS;
    struct reader reader = {
        .editor = editor,
        .host = host,
        .map = vi ? PC_KEYMAP_VI_INSERT : PC_KEYMAP_EMACS,
        .prefix = "",
    };
    return read_text(&reader, (struct span){text, len});
}
