/* Places in a text: from an offset to where a motion leads. Every offset is the edge of a
 * grapheme cluster. */
#ifndef PC_EDIT_MOTION_H
#define PC_EDIT_MOTION_H

#include <stdint.h>

#include "edit/text.h"

/* What a character is to a motion by words. */
enum pc_character_class {
    PC_CLASS_BLANK, /* a line end too */
    PC_CLASS_WORD,
    PC_CLASS_PUNCTUATION,
};

/* How words are told apart: letters and digits (Emacs), the same and _ with runs of
 * punctuation as words of their own (vi), or all that is between blanks. */
enum pc_word_style { PC_WORDS_EMACS, PC_WORDS_VI, PC_WORDS_BLANK };

enum pc_character_class pc_class_at(const struct pc_text *text, size_t offset,
                                    enum pc_word_style style);

/* The code point at the offset; 0 at the end of the text. */
uint32_t pc_point_at(const struct pc_text *text, size_t offset);

/* Emacs: to the end of the word, to the start of the word. */
size_t pc_word_end_forward(const struct pc_text *text, size_t offset,
                           enum pc_word_style style);
size_t pc_word_start_back(const struct pc_text *text, size_t offset,
                          enum pc_word_style style);

/* vi: to the next word's start, the word's start, the last character of the word. */
size_t pc_vi_word_forward(const struct pc_text *text, size_t offset,
                          enum pc_word_style style);
size_t pc_vi_word_back(const struct pc_text *text, size_t offset,
                       enum pc_word_style style);
size_t pc_vi_word_last(const struct pc_text *text, size_t offset,
                       enum pc_word_style style);

/* The blank line before and behind the block, or the text's ends. */
size_t pc_paragraph_back(const struct pc_text *text, size_t offset);
size_t pc_paragraph_forward(const struct pc_text *text, size_t offset);

/* The column of an offset in its line, in cells, tabs to 8; and the offset in a line that is
 * at a column or as near before it as can be. */
size_t pc_column_at(const struct pc_text *text, size_t offset);
size_t pc_offset_at_column(const struct pc_text *text, size_t line, size_t column);

#endif
