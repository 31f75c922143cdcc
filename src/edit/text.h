/* The text that is being edited: UTF-8 in one piece, with \n between lines and a zero byte
 * behind the end, and the offset at which each line starts. Whatever is in it changes by
 * one primitive, pc_text_replace, which also keeps what changed for those who show it.
 *
 * Functions that can fail give PYCONSOLE_OK or a negative status, and then have changed
 * nothing. No fd, no clock, no Python; any thread, one call at a time on one text. */
#ifndef PC_EDIT_TEXT_H
#define PC_EDIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Our own cap, in bytes. */
#define PC_TEXT_MOST ((size_t)1 << 26)

/* What changed since it was taken last, in lines: at `line`, `removed` lines of the old
 * text gave way to `added` lines of the new one. All are 0 if nothing changed. */
struct pc_text_change {
    size_t line;
    size_t removed;
    size_t added;
};

/* Read the first six members as you like; write nothing. */
struct pc_text {
    char *bytes; /* owned */
    size_t len;
    size_t *starts; /* owned: offsets */
    size_t lines;   /* at least 1 */
    size_t edits;   /* how often it was changed */
    size_t edited;  /* the offset at which it was, last */

    size_t bytes_cap; /* without the zero byte */
    size_t starts_cap;
    struct pc_text_change change;
};

/* An empty text of one line. ENOMEM. */
int pc_text_init(struct pc_text *text);
void pc_text_fini(struct pc_text *text);

/* Replaces what is from offset `start` up to `end` by `len` bytes, which are not in the
 * text itself. Both offsets are at a character's edge. ENOMEM, ELIMIT. */
int pc_text_replace(struct pc_text *text, size_t start, size_t end, const char *bytes,
                    size_t len);

/* What changed since the call before. */
struct pc_text_change pc_text_take_change(struct pc_text *text);

/* The number, from 0, of the line in which the offset is; `len` is in the last line. */
size_t pc_text_line_at(const struct pc_text *text, size_t offset);

/* Where the line ends: before its \n, or at the end of the text. */
size_t pc_text_line_end(const struct pc_text *text, size_t line);

/* Where the text of the line begins, behind its blanks. */
size_t pc_text_line_indent(const struct pc_text *text, size_t line);

/* Whether nothing but blanks is from `start` up to `end`. */
bool pc_text_is_blank(const struct pc_text *text, size_t start, size_t end);

/* The grapheme cluster's edge after and before the offset; at the ends the offset itself.
 * A \n is a cluster of its own. */
size_t pc_text_next(const struct pc_text *text, size_t offset);
size_t pc_text_previous(const struct pc_text *text, size_t offset);

#endif
