/* Capitals and small letters, and words and characters that change places. */
#include <pyconsole/status.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "edit/editor_parts.h"
#include "edit/motion.h"

enum letters { CAPITALS, SMALL, CAPITALIZED };

/* What is from `start` up to `end`, in other letters; the cursor goes behind it. */
static int
change_letters(struct pc_editor *editor, size_t start, size_t end, enum letters letters)
{
    const struct pc_text *text = &editor->text;
    pc_auto_bytes struct pc_bytes changed = {0};
    bool capital = letters != SMALL;
    int status = PYCONSOLE_OK;
    for (size_t at = start; at < end && status >= 0;) {
        uint32_t point = 0;
        size_t len = pc_utf8_decode(text->bytes + at, end - at, &point);
        utf8proc_int32_t old = (utf8proc_int32_t)point;
        utf8proc_int32_t new = capital ? utf8proc_toupper(old) : utf8proc_tolower(old);
        bool letter = pc_class_at(text, at, PC_WORDS_EMACS) == PC_CLASS_WORD;
        capital = letters == CAPITALS || (letters == CAPITALIZED && capital && !letter);
        char bytes[PC_UTF8_MOST];
        status =
            pc_bytes_append(&changed, bytes, pc_utf8_encode((uint32_t) new, bytes));
        at += len;
    }
    if (status < 0) {
        return status;
    }
    if (start == end) {
        return PC_EDIT_BELL;
    }
    return pc_edit_replace(editor, start, end, pc_bytes_text(&changed), changed.len);
}

static int
change_words(struct pc_editor *editor, int count, enum letters letters)
{
    size_t start = editor->cursor;
    size_t end = start;
    int result = PC_EDIT_NONE;
    if (count < 0) {
        for (; count < 0; count++) {
            start = pc_word_start_back(&editor->text, start, PC_WORDS_EMACS);
        }
        size_t cursor = editor->cursor;
        result = change_letters(editor, start, end, letters);
        editor->cursor = result == PC_EDIT_NONE ? editor->cursor : cursor;
        return result;
    }
    for (; count > 0 && result == PC_EDIT_NONE; count--) {
        start = editor->cursor;
        end = pc_word_end_forward(&editor->text, start, PC_WORDS_EMACS);
        result = change_letters(editor, start, end, letters);
    }
    return result;
}

int
pc_command_upcase_word(struct pc_editor *editor, int count)
{
    return change_words(editor, count, CAPITALS);
}

int
pc_command_downcase_word(struct pc_editor *editor, int count)
{
    return change_words(editor, count, SMALL);
}

int
pc_command_capitalize_word(struct pc_editor *editor, int count)
{
    return change_words(editor, count, CAPITALIZED);
}

static int
change_region(struct pc_editor *editor, enum letters letters)
{
    size_t start = 0;
    size_t end = 0;
    if (!pc_editor_selection(editor, &start, &end)) {
        return PC_EDIT_BELL;
    }
    return change_letters(editor, start, end, letters);
}

int
pc_command_upcase_region(struct pc_editor *editor, int count)
{
    (void)count;
    return change_region(editor, CAPITALS);
}

int
pc_command_downcase_region(struct pc_editor *editor, int count)
{
    (void)count;
    return change_region(editor, SMALL);
}

/* ---- changing places */

/* Swaps [start, middle) and [after, end), and keeps what is between them. */
static int
swap(struct pc_editor *editor, const size_t places[4])
{
    const char *bytes = editor->text.bytes;
    pc_auto_bytes struct pc_bytes swapped = {0};
    int status = pc_bytes_append(&swapped, bytes + places[2], places[3] - places[2]);
    if (status >= 0) {
        status = pc_bytes_append(&swapped, bytes + places[1], places[2] - places[1]);
    }
    if (status >= 0) {
        status = pc_bytes_append(&swapped, bytes + places[0], places[1] - places[0]);
    }
    if (status < 0) {
        return status;
    }
    return pc_edit_replace(editor, places[0], places[3], pc_bytes_text(&swapped),
                           swapped.len);
}

int
pc_command_transpose_chars(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t middle = editor->cursor;
    if (middle == pc_text_line_end(text, line)) {
        middle = middle > text->starts[line] ? pc_text_previous(text, middle) : middle;
    }
    if (middle == text->starts[line]) {
        return PC_EDIT_BELL;
    }
    const size_t places[] = {pc_text_previous(text, middle), middle, middle,
                             pc_text_next(text, middle)};
    return swap(editor, places);
}

int
pc_command_transpose_words(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t end = pc_word_end_forward(text, editor->cursor, PC_WORDS_EMACS);
    size_t after = pc_word_start_back(text, end, PC_WORDS_EMACS);
    size_t start = pc_word_start_back(text, after, PC_WORDS_EMACS);
    size_t middle = pc_word_end_forward(text, start, PC_WORDS_EMACS);
    if (start == after || middle > after) {
        return PC_EDIT_BELL;
    }
    const size_t places[] = {start, middle, after, end};
    return swap(editor, places);
}
