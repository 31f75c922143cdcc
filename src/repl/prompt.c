/* What is on the screen while a block is edited. */
#include <string.h>

#include "repl/parts.h"

/* ---- drawing ---- */

static void
fill_hint(struct pc_repl *repl, struct pc_view_content *content)
{
    const struct pc_repl_hint *hint = &repl->hint;
    content->hint = (struct pc_view_hint){.text = pc_bytes_text(&hint->text),
                                          .len = hint->text.len,
                                          .start = hint->start,
                                          .end = hint->end};
}

/* Everything but the text is left out of a final content. */
static struct pc_view_content
content_of(struct pc_repl *repl, bool final)
{
    struct pc_editor *editor = &repl->editor;
    struct pc_view_content content = {
        .text = &editor->text,
        .cursor = editor->cursor,
        .ps1 = repl->prompts[0],
        .ps1_len = strlen(repl->prompts[0]),
        .ps2 = repl->prompts[1],
        .ps2_len = strlen(repl->prompts[1]),
        .final = final,
    };
    if (final) {
        return content;
    }
    (void)pc_editor_selection(editor, &content.selection_start, &content.selection_end);
    (void)pc_editor_matching_bracket(editor, &content.brackets[0],
                                     &content.brackets[1]);
    content.suggestion = pc_bytes_text(&repl->suggestion);
    content.suggestion_len = repl->suggestion.len;
    fill_hint(repl, &content);
    pc_repl_fill_menu(repl, &content);
    pc_repl_fill_search(repl, &content);
    return content;
}

/* With vi's keys the cursor's shape says the mode; with emacs' it is the person's own. */
static int
shape_cursor(struct pc_repl *repl)
{
    static const char *const shapes[] = {[PC_CURSOR_BAR] = "\033[6 q",
                                         [PC_CURSOR_BLOCK] = "\033[2 q",
                                         [PC_CURSOR_UNDERLINE] = "\033[4 q"};
    bool vi = repl->editor.mode != PC_MODE_EMACS;
    const char *shape = vi ? shapes[pc_editor_cursor_shape(&repl->editor)] : NULL;
    if (shape == repl->shape) {
        return PYCONSOLE_OK;
    }
    int status = PYCONSOLE_OK;
    if ((repl->modes & PC_TERM_CURSOR) == 0) { /* to be put back at the end */
        repl->modes |= PC_TERM_CURSOR;
        status = pc_repl_edit_terminal(repl);
    }
    repl->shape = shape;
    return status < 0
               ? status
               : pc_bytes_append_text(&repl->out, shape == NULL ? "\033[0 q" : shape);
}

int
pc_repl_draw(struct pc_repl *repl)
{
    if (!repl->stale || repl->state != PC_REPL_EDITING) {
        return PYCONSOLE_OK;
    }
    int status = pc_repl_suggest(repl);
    if (status == PYCONSOLE_OK) {
        status = shape_cursor(repl);
    }
    if (status < 0) {
        return status;
    }
    struct pc_view_content content = content_of(repl, false);
    status = pc_view_render(repl->view, &content, &repl->out);
    repl->stale = status < 0;
    return status;
}

int
pc_repl_leave_text(struct pc_repl *repl)
{
    pc_repl_close_menu(repl);
    pc_repl_close_search(repl);
    pc_bytes_clear(&repl->hint.text);
    repl->hint.due = 0;
    struct pc_view_content content = content_of(repl, true);
    int status = pc_view_render(repl->view, &content, &repl->out);
    repl->in_line = false;
    repl->wrote = false;
    return status;
}

/* ---- a new prompt ---- */

int
pc_repl_tame(struct pc_repl *repl)
{
    bool unruly = repl->unruly;
    repl->unruly = false;
    return unruly ? pc_bytes_append_text(&repl->out, "\033[?25h\033[m") : PYCONSOLE_OK;
}

int
pc_repl_prompt(struct pc_repl *repl)
{
    if (repl->in_line) {
        pc_view_lost(repl->view);
    }
    else if (repl->wrote) {
        pc_view_reset(repl->view);
    }
    repl->state = PC_REPL_EDITING;
    repl->stale = true;
    pc_repl_want_checkpoint(repl);
    int status = pc_repl_edit_terminal(repl);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_tame(repl);
    }
    return status < 0 ? status : pc_repl_begin_with_following(repl);
}

/* ---- what is printed ---- */

int
pc_repl_bell(struct pc_repl *repl)
{
    return pc_bytes_append_byte(&repl->out, '\a');
}

static bool
prints_above(const struct pc_repl *repl)
{
    return repl->state == PC_REPL_EDITING || repl->state == PC_REPL_ASKING;
}

int
pc_repl_print(struct pc_repl *repl, const char *bytes, size_t len)
{
    if (len == 0) {
        return PYCONSOLE_OK;
    }
    if (prints_above(repl)) {
        return pc_view_above(repl->view, bytes, len, &repl->out);
    }
    repl->wrote = true;
    repl->in_line = bytes[len - 1] != '\n';
    return pc_bytes_append(&repl->out, bytes, len);
}

/* While code runs nothing makes a carriage return of a line feed. */
int
pc_repl_print_text(struct pc_repl *repl, const char *text, size_t len)
{
    int status = PYCONSOLE_OK;
    while (len > 0 && status == PYCONSOLE_OK) {
        const char *end = memchr(text, '\n', len);
        size_t count = end == NULL ? len : (size_t)(end - text);
        status = pc_repl_print(repl, text, count);
        if (end != NULL && status == PYCONSOLE_OK) {
            status = pc_repl_print(repl, "\r\n", 2);
            count++;
        }
        text += count;
        len -= count;
    }
    return status;
}

/* Not behind a line that a thread has begun, as that of a progress bar. */
int
pc_repl_say(struct pc_repl *repl, const char *line)
{
    int status = PYCONSOLE_OK;
    if (prints_above(repl) && pc_view_is_in_line(repl->view)) {
        status = pc_repl_print(repl, "\r\n", 2);
    }
    if (status == PYCONSOLE_OK) {
        status = pc_repl_print_text(repl, line, strlen(line));
    }
    return status < 0 ? status : pc_repl_print(repl, "\r\n", 2);
}

int
pc_repl_resize(struct pc_repl *repl)
{
    struct pc_term_size size = pc_term_size(repl->term);
    pc_view_resize(repl->view, size.columns, size.rows);
    repl->stale = true;
    (void)pyconsole_session_resize(repl->session, size.rows, size.columns);
    return PYCONSOLE_OK;
}
