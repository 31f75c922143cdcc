/* vi's text objects: a word, what is in quotes, what is in brackets. By characters: inside
 * a string they work too. */
#include <string.h>

#include "edit/motion.h"
#include "edit/vi.h"

/* ---- words */

/* The end of the run of characters of one class in the line, and its start. */
static size_t
run_end(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    size_t end = pc_text_line_end(text, pc_text_line_at(text, offset));
    enum pc_character_class class = pc_class_at(text, offset, style);
    while (offset < end && pc_class_at(text, offset, style) == class) {
        offset = pc_text_next(text, offset);
    }
    return offset;
}

static size_t
run_start(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    size_t start = text->starts[pc_text_line_at(text, offset)];
    enum pc_character_class class = pc_class_at(text, offset, style);
    while (offset > start &&
           pc_class_at(text, pc_text_previous(text, offset), style) == class) {
        offset = pc_text_previous(text, offset);
    }
    return offset;
}

size_t
pc_vi_change_word_end(const struct pc_editor *editor, int count,
                      enum pc_command_id motion)
{
    const struct pc_text *text = &editor->text;
    enum pc_word_style style =
        motion == PC_COMMAND_vi_next_bigword ? PC_WORDS_BLANK : PC_WORDS_VI;
    size_t offset = editor->cursor;
    for (; count > 1; count--) {
        offset = pc_vi_word_forward(text, offset, style);
    }
    return run_end(text, offset, style);
}

static bool
find_word(const struct pc_editor *editor, enum pc_word_style style, bool around,
          struct pc_vi_range *ret_range)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t start = run_start(text, editor->cursor, style);
    size_t end = run_end(text, editor->cursor, style);
    if (around && end > start) {
        bool blank = pc_class_at(text, start, style) == PC_CLASS_BLANK;
        size_t before = start > text->starts[line] && !blank
                            ? run_start(text, pc_text_previous(text, start), style)
                            : start;
        if (end < pc_text_line_end(text, line) &&
            (blank || pc_class_at(text, end, style) == PC_CLASS_BLANK)) {
            end = run_end(text, end, style);
        }
        /* With no blanks behind it, those before it, but not the line's indentation. */
        else if (before > text->starts[line] &&
                 pc_class_at(text, before, style) == PC_CLASS_BLANK) {
            start = before;
        }
    }
    *ret_range = (struct pc_vi_range){start, end, false};
    return end > start;
}

/* ---- quotes */

/* The first quote of the line from `offset` on that no backslash stands before. */
static size_t
find_quote(const struct pc_text *text, size_t offset, size_t end, char quote)
{
    while (offset < end && text->bytes[offset] != quote) {
        offset += text->bytes[offset] == '\\' && offset + 1 < end ? 2 : 1;
    }
    return offset < end ? offset : end;
}

static bool
find_quoted(const struct pc_editor *editor, char quote, bool around,
            struct pc_vi_range *ret_range)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t end = pc_text_line_end(text, line);
    size_t open = text->starts[line];
    for (;;) {
        open = find_quote(text, open, end, quote);
        size_t close = open < end ? find_quote(text, open + 1, end, quote) : end;
        if (close == end) {
            return false;
        }
        if (editor->cursor <= close) {
            *ret_range = (struct pc_vi_range){around ? open : open + 1,
                                              around ? close + 1 : close, false};
            return true;
        }
        open = close + 1;
    }
}

/* ---- brackets */

static bool
find_bracketed(const struct pc_editor *editor, char open, char close, bool around,
               struct pc_vi_range *ret_range)
{
    const struct pc_text *text = &editor->text;
    size_t start = editor->cursor;
    size_t depth = 0;
    if (start == text->len) {
        return false;
    }
    /* Back to the bracket that is open there; pairs on the way are passed. */
    while (text->bytes[start] != open || depth > 0) {
        if (start == 0) {
            return false;
        }
        depth -= text->bytes[start] == open && depth > 0;
        depth += start < editor->cursor && text->bytes[start] == close;
        start--;
    }
    size_t end = start + 1;
    for (depth = 1; end < text->len; end++) {
        depth += text->bytes[end] == open;
        depth -= text->bytes[end] == close;
        if (depth == 0) {
            *ret_range = (struct pc_vi_range){around ? start : start + 1,
                                              around ? end + 1 : end, false};
            return true;
        }
    }
    return false;
}

bool
pc_vi_object(const struct pc_editor *editor, uint32_t point, bool around,
             struct pc_vi_range *ret_range)
{
    static const char brackets[][4] = {"()b", "[]", "{}B", "<>"};
    if (point == 'w' || point == 'W') {
        return find_word(editor, point == 'w' ? PC_WORDS_VI : PC_WORDS_BLANK, around,
                         ret_range);
    }
    if (point == '"' || point == '\'' || point == '`') {
        return find_quoted(editor, (char)point, around, ret_range);
    }
    for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        if (point > 0 && point < 0x80 && strchr(brackets[i], (int)point) != NULL) {
            return find_bracketed(editor, brackets[i][0], brackets[i][1], around,
                                  ret_range);
        }
    }
    return false;
}
