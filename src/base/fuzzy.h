/* How well a text answers what was typed to find it. Letters of ASCII are the same in both
 * cases as long as none that was typed is upper case. Any thread; nothing is allocated. */
#ifndef PC_BASE_FUZZY_H
#define PC_BASE_FUZZY_H

#include <stddef.h>

#define PC_FUZZY_NONE ((size_t)-1)

/* Where `query` stands in the text, as it is; PC_FUZZY_NONE: nowhere. */
size_t pc_fuzzy_find(const char *query, size_t query_len, const char *text, size_t len);

/* 0: the bytes of `query` are not all in the text, in their order. Else a score, higher
 * for those that are close together, at the beginnings of words, and near the beginning of
 * the text. If `ret_offsets` is not NULL, it has room for an offset of each byte. */
int pc_fuzzy_score(const char *query, size_t query_len, const char *text, size_t len,
                   size_t *ret_offsets);

#endif
