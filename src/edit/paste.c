/* What is pasted: cleaned, and with its own indentation. */
#include <pyconsole/status.h>
#include <string.h>

#include "edit/clean.h"
#include "edit/editor_parts.h"

bool
pc_editor_is_in_string(const struct pc_editor *editor)
{
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, editor->version);
    pc_lexer_feed(&lexer, editor->text.bytes, editor->cursor, NULL, NULL);
    return pc_lexer_in_string(&lexer);
}

/* Blanks at its start are an indentation of its own, which stands in place of what is
 * before the cursor if that is blank. */
static size_t
start_of_paste(const struct pc_editor *editor, const char *bytes)
{
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[pc_text_line_at(text, editor->cursor)];
    bool own = *bytes == ' ' || *bytes == '\t';
    return own && pc_text_is_blank(text, start, editor->cursor) ? start
                                                                : editor->cursor;
}

static int
insert_paste(struct pc_editor *editor, const struct pc_bytes *bytes)
{
    size_t start = editor->cursor;
    size_t end = start;
    if (!pc_editor_selection(editor, &start, &end)) {
        start = start_of_paste(editor, pc_bytes_text(bytes));
    }
    pc_edit_deselect(editor);
    pc_undo_begin(&editor->undo);
    int status = pc_edit_replace(editor, start, end, pc_bytes_text(bytes), bytes->len);
    pc_undo_begin(&editor->undo);
    editor->last = PC_EFFECT_NONE;
    return status < 0 ? status : PYCONSOLE_OK;
}

int
pc_editor_paste(struct pc_editor *editor, const char *text, size_t len)
{
    pc_auto_bytes struct pc_bytes clean = {0};
    pc_auto_bytes struct pc_bytes code = {0};
    bool is_session = false;
    int status = pc_clean_text(text, len, &clean);
    if (status >= 0) {
        status = pc_clean_session(pc_bytes_text(&clean), clean.len, &code, &is_session);
    }
    if (status < 0) {
        return status;
    }
    return insert_paste(editor,
                        is_session && !pc_editor_is_in_string(editor) ? &code : &clean);
}
