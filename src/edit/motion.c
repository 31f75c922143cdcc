/* See motion.h. */
#include "edit/motion.h"

#include <utf8proc.h>

#include "base/utf8.h"

enum { TAB_WIDTH = 8 };

uint32_t
pc_point_at(const struct pc_text *text, size_t offset)
{
    uint32_t point = 0;
    if (offset < text->len) {
        pc_utf8_decode(text->bytes + offset, text->len - offset, &point);
    }
    return point;
}

/* ---- words */

static bool
is_word_point(uint32_t point)
{
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

enum pc_character_class
pc_class_at(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    uint32_t point = pc_point_at(text, offset);
    if (offset >= text->len || point == ' ' || point == '\t' || point == '\n') {
        return PC_CLASS_BLANK;
    }
    if (style == PC_WORDS_BLANK || is_word_point(point) ||
        (style == PC_WORDS_VI && point == '_')) {
        return PC_CLASS_WORD;
    }
    /* To Emacs what is between words is all the same. */
    return style == PC_WORDS_EMACS ? PC_CLASS_BLANK : PC_CLASS_PUNCTUATION;
}

size_t
pc_word_end_forward(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    while (offset < text->len && pc_class_at(text, offset, style) == PC_CLASS_BLANK) {
        offset = pc_text_next(text, offset);
    }
    while (offset < text->len && pc_class_at(text, offset, style) != PC_CLASS_BLANK) {
        offset = pc_text_next(text, offset);
    }
    return offset;
}

static enum pc_character_class
class_before(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    return pc_class_at(text, pc_text_previous(text, offset), style);
}

size_t
pc_word_start_back(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    while (offset > 0 && class_before(text, offset, style) == PC_CLASS_BLANK) {
        offset = pc_text_previous(text, offset);
    }
    while (offset > 0 && class_before(text, offset, style) != PC_CLASS_BLANK) {
        offset = pc_text_previous(text, offset);
    }
    return offset;
}

/* An empty line is a word to vi. */
static bool
is_empty_line(const struct pc_text *text, size_t offset)
{
    size_t line = pc_text_line_at(text, offset);
    return text->starts[line] == offset && pc_text_line_end(text, line) == offset;
}

size_t
pc_vi_word_forward(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    enum pc_character_class class = pc_class_at(text, offset, style);
    while (offset < text->len && class != PC_CLASS_BLANK &&
           pc_class_at(text, offset, style) == class) {
        offset = pc_text_next(text, offset);
    }
    size_t start = class == PC_CLASS_BLANK ? offset : text->len + 1;
    while (offset < text->len && pc_class_at(text, offset, style) == PC_CLASS_BLANK &&
           (offset == start || !is_empty_line(text, offset))) {
        offset = pc_text_next(text, offset);
    }
    return offset;
}

size_t
pc_vi_word_back(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    if (offset == 0) {
        return 0;
    }
    offset = pc_text_previous(text, offset);
    while (offset > 0 && pc_class_at(text, offset, style) == PC_CLASS_BLANK &&
           !is_empty_line(text, offset)) {
        offset = pc_text_previous(text, offset);
    }
    enum pc_character_class class = pc_class_at(text, offset, style);
    while (offset > 0 && class != PC_CLASS_BLANK &&
           class_before(text, offset, style) == class) {
        offset = pc_text_previous(text, offset);
    }
    return offset;
}

size_t
pc_vi_word_last(const struct pc_text *text, size_t offset, enum pc_word_style style)
{
    offset = pc_text_next(text, offset);
    while (offset < text->len && pc_class_at(text, offset, style) == PC_CLASS_BLANK) {
        offset = pc_text_next(text, offset);
    }
    enum pc_character_class class = pc_class_at(text, offset, style);
    for (;;) {
        size_t next = pc_text_next(text, offset);
        if (next >= text->len || pc_class_at(text, next, style) != class) {
            return offset;
        }
        offset = next;
    }
}

/* ---- blocks */

static bool
is_blank_line(const struct pc_text *text, size_t line)
{
    return pc_text_is_blank(text, text->starts[line], pc_text_line_end(text, line));
}

size_t
pc_paragraph_back(const struct pc_text *text, size_t offset)
{
    size_t line = pc_text_line_at(text, offset);
    while (line > 0 && is_blank_line(text, line)) {
        line--;
    }
    while (line > 0 && !is_blank_line(text, line)) {
        line--;
    }
    return text->starts[line];
}

size_t
pc_paragraph_forward(const struct pc_text *text, size_t offset)
{
    size_t line = pc_text_line_at(text, offset);
    while (line + 1 < text->lines && is_blank_line(text, line)) {
        line++;
    }
    while (line + 1 < text->lines && !is_blank_line(text, line)) {
        line++;
    }
    return is_blank_line(text, line) ? text->starts[line] : text->len;
}

/* ---- columns */

/* Where the cluster at `offset` ends, and the column behind it. */
static size_t
pass_cluster(const struct pc_text *text, size_t offset, size_t end, size_t *column)
{
    size_t next = pc_grapheme_next(text->bytes, end, offset);
    *column += text->bytes[offset] == '\t'
                   ? TAB_WIDTH - *column % TAB_WIDTH
                   : (size_t)pc_grapheme_width(text->bytes + offset, next - offset);
    return next;
}

size_t
pc_column_at(const struct pc_text *text, size_t offset)
{
    size_t line = pc_text_line_at(text, offset);
    size_t end = pc_text_line_end(text, line);
    size_t column = 0;
    for (size_t at = text->starts[line]; at < offset && at < end;) {
        at = pass_cluster(text, at, end, &column);
    }
    return column;
}

size_t
pc_offset_at_column(const struct pc_text *text, size_t line, size_t column)
{
    size_t end = pc_text_line_end(text, line);
    size_t at = text->starts[line];
    size_t reached = 0;
    while (at < end) {
        size_t next = pass_cluster(text, at, end, &reached);
        if (reached > column) {
            break;
        }
        at = next;
    }
    return at;
}
