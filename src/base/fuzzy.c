/* See fuzzy.h. A subsequence is looked for forward, which gives where it ends earliest, then
 * from there backward, which gives the shortest piece with that end; that is scored. */
#include "base/fuzzy.h"

#include <stdbool.h>
#include <string.h>

enum { HIT = 16, NEXT = 12, WORD = 8, GAP_MOST = 15, START_MOST = 15 };

static char
fold(char byte, bool folding)
{
    bool is_upper = byte >= 'A' && byte <= 'Z';
    if (folding && is_upper) {
        return (char)(byte + ('a' - 'A'));
    }
    return byte;
}

static bool
is_folding(const char *query, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (query[i] >= 'A' && query[i] <= 'Z') {
            return false;
        }
    }
    return true;
}

size_t
pc_fuzzy_find(const char *query, size_t query_len, const char *text, size_t len)
{
    bool folding = is_folding(query, query_len);
    for (size_t start = 0; start + query_len <= len; start++) {
        size_t same = 0;
        while (same < query_len && query[same] == fold(text[start + same], folding)) {
            same++;
        }
        if (same == query_len) {
            return start;
        }
    }
    return PC_FUZZY_NONE;
}

static bool
is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

static bool
is_beginning(const char *text, size_t at)
{
    bool is_upper = text[at] >= 'A' && text[at] <= 'Z';
    bool was_lower = at > 0 && text[at - 1] >= 'a' && text[at - 1] <= 'z';
    return at == 0 || !is_word(text[at - 1]) || (is_upper && was_lower);
}

/* Where the shortest piece begins that ends where the subsequence ends earliest. */
static size_t
find_piece(const char *query, size_t query_len, const char *text, size_t len)
{
    bool folding = is_folding(query, query_len);
    size_t hits = 0;
    size_t at = 0;
    while (at < len && hits < query_len) {
        hits += fold(text[at++], folding) == query[hits];
    }
    if (hits < query_len) {
        return PC_FUZZY_NONE;
    }
    while (hits > 0) {
        at--;
        hits -= fold(text[at], folding) == query[hits - 1];
    }
    return at;
}

static int
most(size_t number, int limit)
{
    return number < (size_t)limit ? (int)number : limit;
}

int
pc_fuzzy_score(const char *query, size_t query_len, const char *text, size_t len,
               size_t *ret_offsets)
{
    bool folding = is_folding(query, query_len);
    size_t start = query_len == 0 ? 0 : find_piece(query, query_len, text, len);
    if (start == PC_FUZZY_NONE) {
        return 0;
    }
    int score = 1 + START_MOST - most(start, START_MOST);
    size_t gap = 0;
    size_t hits = 0;
    for (size_t at = start; hits < query_len; at++) {
        if (fold(text[at], folding) != query[hits]) {
            gap++;
            continue;
        }
        score += HIT - most(gap, GAP_MOST);
        score += hits > 0 && gap == 0 ? NEXT : 0;
        score += is_beginning(text, at) ? WORD : 0;
        if (ret_offsets != NULL) {
            ret_offsets[hits] = at;
        }
        hits++;
        gap = 0;
    }
    return score;
}
