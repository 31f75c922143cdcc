/* UTF-8: code points, grapheme clusters, and the columns that they take in a terminal.
 * Over libutf8proc, whose Unicode tables decide.
 *
 * Bytes that are no UTF-8 count one by one: each is U+FFFD, a cluster of its own, one
 * column wide. Any thread; nothing is allocated, nothing fails. */
#ifndef PC_BASE_UTF8_H
#define PC_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PC_UTF8_MOST = 4, PC_UTF8_REPLACEMENT = 0xFFFD };

/* Reads the code point at the beginning; `len` > 0. Returns how many bytes it takes. */
size_t pc_utf8_decode(const char *bytes, size_t len, uint32_t *ret_point);

/* Writes a code point (U+FFFD for what is none) and returns its length; no zero byte. */
size_t pc_utf8_encode(uint32_t point, char ret_bytes[PC_UTF8_MOST]);

bool pc_utf8_is_valid(const char *bytes, size_t len);

/* Where the cluster that begins at `offset` ends; `len` at the end of the text. */
size_t pc_grapheme_next(const char *bytes, size_t len, size_t offset);

/* Where the cluster before `offset` begins; 0 at the beginning of the text. */
size_t pc_grapheme_previous(const char *bytes, size_t len, size_t offset);

/* Columns of one cluster: 0, 1 or 2; of a control character 0. A cluster is as wide as
 * its widest code point; an emoji that asks for its coloured form (U+FE0F) and a flag
 * are 2 wide. */
int pc_grapheme_width(const char *bytes, size_t len);

#endif
