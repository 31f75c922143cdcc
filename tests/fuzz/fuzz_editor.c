/* Any bytes, as from a terminal, and an editor that takes the keys: the text stays one,
 * cursor and selection stay in it, everything done can be undone and done again. The first
 * byte chooses the mode and how the bytes are cut, the second what the host does: it
 * answers requests with what an impatient one might. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "edit/inputrc.h"

static void
check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void
check_editor(const struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t start = 0;
    size_t end = 0;
    check(text->bytes[text->len] == '\0' && editor->cursor <= text->len);
    check(pc_utf8_is_valid(text->bytes, text->len));
    /* No place is inside a character. */
    check(((unsigned char)text->bytes[editor->cursor] & 0xC0) != 0x80);
    if (pc_editor_selection(editor, &start, &end)) {
        check(start <= end && end <= text->len);
    }
    if (pc_editor_matching_bracket(editor, &start, &end)) {
        check(start < end && end < text->len);
    }
    for (size_t line = 1; line < text->lines; line++) {
        check(text->bytes[text->starts[line] - 1] == '\n');
    }
}

static void
serve(struct pc_editor *editor, int request, unsigned char host)
{
    check(request >= 0);
    for (;;) {
        if (request == PC_EDIT_ENTER && (host & 1) != 0) {
            check(pc_editor_newline(editor) == 0);
        }
        else if (request == PC_EDIT_ENTER || request == PC_EDIT_ACCEPT) {
            pc_editor_clear(editor);
        }
        else if (request == PC_EDIT_YANK_LAST_ARG) {
            check(pc_editor_reinsert(editor, "\xff(x)\r\n", 6) == 0);
        }
        else if (request == PC_EDIT_HISTORY_UP) {
            check(pc_editor_set_text(editor, "for x in y:\n\tz\n", 15) == 0);
        }
        check_editor(editor);
        if (!pc_editor_is_playing(editor)) {
            return;
        }
        request = pc_editor_play(editor);
        check(request >= 0);
    }
}

static void
redo_all(struct pc_editor *editor)
{
    size_t cursor = 0;
    while (pc_undo_forth(&editor->undo, &editor->text, &cursor) > 0) {
        check(cursor <= editor->text.len);
    }
}

/* All the way back and forth again. */
static void
check_undo(struct pc_editor *editor)
{
    struct pc_bytes before = {0};
    size_t cursor = 0;
    redo_all(editor);
    check(pc_bytes_append(&before, editor->text.bytes, editor->text.len) == 0);
    while (pc_undo_back(&editor->undo, &editor->text, &cursor) > 0) {
        check(cursor <= editor->text.len);
    }
    redo_all(editor);
    check(before.len == editor->text.len &&
          memcmp(pc_bytes_text(&before), editor->text.bytes, before.len) == 0);
    pc_bytes_fini(&before);
}

/* The bytes are bindings, too. */
static void
read_bindings(struct pc_editor *editor, const char *text, size_t len)
{
    const struct pc_inputrc_host host = {0};
    check(pc_inputrc_read(editor, text, len, &host) == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct pc_editor editor;
    struct pc_key_decoder decoder = {0};
    struct pc_key key;
    if (size < 2) {
        return 0;
    }
    check(pc_editor_init(&editor, PC_PYTHON_3_11 + data[0] % 5) == 0);
    pc_editor_use_vi(&editor, (data[0] & 0x80) != 0);
    if ((data[1] & 2) != 0) {
        read_bindings(&editor, (const char *)data + 2, size - 2);
    }
    size_t piece = data[0] / 5 % 16 + 1U;
    for (size_t at = 2; at < size; at += piece) {
        size_t len = size - at < piece ? size - at : piece;
        pc_key_decoder_feed(&decoder, (const char *)data + at, len);
        while (pc_key_decoder_next(&decoder, &key) > 0) {
            serve(&editor, pc_editor_key(&editor, &key), data[1]);
        }
        if ((data[1] & 4) != 0 && pc_key_decoder_expire(&decoder, &key) > 0) {
            serve(&editor, pc_editor_key(&editor, &key), data[1]);
        }
    }
    check_undo(&editor);
    pc_key_decoder_fini(&decoder);
    pc_editor_fini(&editor);
    return 0;
}
