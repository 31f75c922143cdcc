/* The texts of tokens and reasons, and which names are keywords. */
#include "lexer/token.h"

#include <string.h>

#define NAME_OF(name, ...)  #name,
#define TEXT_OF(name, text) text,

static const char *const token_names[] = {PC_TOKEN_PLAIN_KINDS(
    NAME_OF) PC_TOKEN_KEYWORDS(NAME_OF) PC_TOKEN_OPERATORS(NAME_OF)};
static const char *const token_texts[] = {PC_TOKEN_KEYWORDS(TEXT_OF)
                                              PC_TOKEN_OPERATORS(TEXT_OF)};
static const char *const reason_names[] = {PC_TOKEN_REASONS(NAME_OF)};
static const char *const reason_texts[] = {PC_TOKEN_REASONS(TEXT_OF)};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *
pc_token_name(enum pc_token_kind kind)
{
    return (size_t)kind < COUNT(token_names) ? token_names[kind] : "?";
}

const char *
pc_token_text(enum pc_token_kind kind)
{
    if ((size_t)kind >= COUNT(token_names)) {
        return "?";
    }
    return kind < PC_TOKEN_FALSE ? "" : token_texts[kind - PC_TOKEN_FALSE];
}

const char *
pc_reason_name(enum pc_token_reason reason)
{
    return (size_t)reason < COUNT(reason_names) ? reason_names[reason] : "?";
}

const char *
pc_reason_text(enum pc_token_reason reason)
{
    return (size_t)reason < COUNT(reason_texts) ? reason_texts[reason] : "?";
}

/* ---- keywords: eight bytes that count, padded with NUL, in the order of the kinds */

enum { WORD = 8 };

#define WORD_OF(name, text) {text},
static const char keywords[][WORD + 1] = {PC_TOKEN_KEYWORDS(WORD_OF)};

/* Where the keywords with a first letter begin, and how many there are. */
static const struct {
    uint8_t first;
    uint8_t count;
} keywords_with[] = {
#define FROM(letter, name, number)                                                     \
    [letter - 'A'] = {PC_TOKEN_##name - PC_TOKEN_FALSE, number}
    FROM('F', FALSE, 1),    FROM('N', NONE, 1),  FROM('T', TRUE, 1),
    FROM('a', AND, 5),      FROM('b', BREAK, 1), FROM('c', CLASS, 2),
    FROM('d', DEF, 2),      FROM('e', ELIF, 3),  FROM('f', FINALLY, 3),
    FROM('g', GLOBAL, 1),   FROM('i', IF, 4),    FROM('l', LAMBDA, 1),
    FROM('n', NONLOCAL, 2), FROM('o', OR, 1),    FROM('p', PASS, 1),
    FROM('r', RAISE, 2),    FROM('t', TRY, 1),   FROM('w', WHILE, 2),
    FROM('y', YIELD, 1),
#undef FROM
};

enum pc_token_kind
pc_token_keyword(const char *text, size_t len)
{
    size_t letter = len > 0 && len <= WORD ? (size_t)(unsigned char)text[0] - 'A'
                                           : COUNT(keywords_with);
    if (letter >= COUNT(keywords_with)) {
        return PC_TOKEN_NAME;
    }
    char word[WORD] = {0};
    memcpy(word, text, len);
    size_t first = keywords_with[letter].first;
    for (size_t i = first; i < first + keywords_with[letter].count; i++) {
        if (memcmp(word, keywords[i], WORD) == 0) {
            return (enum pc_token_kind)(PC_TOKEN_FALSE + i);
        }
    }
    return PC_TOKEN_NAME;
}

enum pc_soft_keyword
pc_token_soft_keyword(const char *text, size_t len)
{
    static const struct {
        char text[WORD];
        enum pc_soft_keyword soft;
    } words[] = {
        {"_", PC_SOFT_UNDERSCORE}, {"case", PC_SOFT_CASE}, {"lazy", PC_SOFT_LAZY},
        {"match", PC_SOFT_MATCH},  {"type", PC_SOFT_TYPE},
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        if (len == strlen(words[i].text) && memcmp(text, words[i].text, len) == 0) {
            return words[i].soft;
        }
    }
    return PC_SOFT_NO;
}
