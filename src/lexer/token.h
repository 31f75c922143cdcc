/* The tokens of Python source, as src/lexer gives them.
 *
 * Each keyword and each operator is a kind of its own, so that a table over kinds can be
 * a grammar's. Soft keywords are PC_TOKEN_NAME, with `soft` set. Names and meanings are
 * those of the Python reference, "Lexical analysis". */
#ifndef PC_LEXER_TOKEN_H
#define PC_LEXER_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(name): the kinds that are neither keywords nor operators. COMMENT and NL are trivia:
 * they carry no meaning for the grammar. A type comment is a COMMENT. */
#define PC_TOKEN_PLAIN_KINDS(X)                                                        \
    X(ENDMARKER)                                                                       \
    X(ERROR)                                                                           \
    X(COMMENT)                                                                         \
    X(NL)                                                                              \
    X(NEWLINE)                                                                         \
    X(INDENT)                                                                          \
    X(DEDENT)                                                                          \
    X(NAME)                                                                            \
    X(NUMBER)                                                                          \
    X(STRING)                                                                          \
    X(FSTRING_START)                                                                   \
    X(FSTRING_MIDDLE)                                                                  \
    X(FSTRING_END)                                                                     \
    X(TSTRING_START)                                                                   \
    X(TSTRING_MIDDLE)                                                                  \
    X(TSTRING_END)

/* X(name, text), in the order of the texts' bytes. */
#define PC_TOKEN_KEYWORDS(X)                                                           \
    X(FALSE, "False")                                                                  \
    X(NONE, "None")                                                                    \
    X(TRUE, "True")                                                                    \
    X(AND, "and")                                                                      \
    X(AS, "as")                                                                        \
    X(ASSERT, "assert")                                                                \
    X(ASYNC, "async")                                                                  \
    X(AWAIT, "await")                                                                  \
    X(BREAK, "break")                                                                  \
    X(CLASS, "class")                                                                  \
    X(CONTINUE, "continue")                                                            \
    X(DEF, "def")                                                                      \
    X(DEL, "del")                                                                      \
    X(ELIF, "elif")                                                                    \
    X(ELSE, "else")                                                                    \
    X(EXCEPT, "except")                                                                \
    X(FINALLY, "finally")                                                              \
    X(FOR, "for")                                                                      \
    X(FROM, "from")                                                                    \
    X(GLOBAL, "global")                                                                \
    X(IF, "if")                                                                        \
    X(IMPORT, "import")                                                                \
    X(IN, "in")                                                                        \
    X(IS, "is")                                                                        \
    X(LAMBDA, "lambda")                                                                \
    X(NONLOCAL, "nonlocal")                                                            \
    X(NOT, "not")                                                                      \
    X(OR, "or")                                                                        \
    X(PASS, "pass")                                                                    \
    X(RAISE, "raise")                                                                  \
    X(RETURN, "return")                                                                \
    X(TRY, "try")                                                                      \
    X(WHILE, "while")                                                                  \
    X(WITH, "with")                                                                    \
    X(YIELD, "yield")

/* X(name, text), named as in CPython's Grammar/Tokens. */
#define PC_TOKEN_OPERATORS(X)                                                          \
    X(LPAR, "(")                                                                       \
    X(RPAR, ")")                                                                       \
    X(LSQB, "[")                                                                       \
    X(RSQB, "]")                                                                       \
    X(LBRACE, "{")                                                                     \
    X(RBRACE, "}")                                                                     \
    X(COLON, ":")                                                                      \
    X(COMMA, ",")                                                                      \
    X(SEMI, ";")                                                                       \
    X(DOT, ".")                                                                        \
    X(ELLIPSIS, "...")                                                                 \
    X(EXCLAMATION, "!")                                                                \
    X(TILDE, "~")                                                                      \
    X(PLUS, "+")                                                                       \
    X(MINUS, "-")                                                                      \
    X(STAR, "*")                                                                       \
    X(DOUBLESTAR, "**")                                                                \
    X(SLASH, "/")                                                                      \
    X(DOUBLESLASH, "//")                                                               \
    X(PERCENT, "%")                                                                    \
    X(AT, "@")                                                                         \
    X(VBAR, "|")                                                                       \
    X(AMPER, "&")                                                                      \
    X(CIRCUMFLEX, "^")                                                                 \
    X(LEFTSHIFT, "<<")                                                                 \
    X(RIGHTSHIFT, ">>")                                                                \
    X(LESS, "<")                                                                       \
    X(GREATER, ">")                                                                    \
    X(LESSEQUAL, "<=")                                                                 \
    X(GREATEREQUAL, ">=")                                                              \
    X(EQEQUAL, "==")                                                                   \
    X(NOTEQUAL, "!=")                                                                  \
    X(EQUAL, "=")                                                                      \
    X(COLONEQUAL, ":=")                                                                \
    X(RARROW, "->")                                                                    \
    X(PLUSEQUAL, "+=")                                                                 \
    X(MINEQUAL, "-=")                                                                  \
    X(STAREQUAL, "*=")                                                                 \
    X(DOUBLESTAREQUAL, "**=")                                                          \
    X(SLASHEQUAL, "/=")                                                                \
    X(DOUBLESLASHEQUAL, "//=")                                                         \
    X(PERCENTEQUAL, "%=")                                                              \
    X(ATEQUAL, "@=")                                                                   \
    X(VBAREQUAL, "|=")                                                                 \
    X(AMPEREQUAL, "&=")                                                                \
    X(CIRCUMFLEXEQUAL, "^=")                                                           \
    X(LEFTSHIFTEQUAL, "<<=")                                                           \
    X(RIGHTSHIFTEQUAL, ">>=")

#define PC_TOKEN_MEMBER(name, ...) PC_TOKEN_##name,
enum pc_token_kind {
    PC_TOKEN_PLAIN_KINDS(PC_TOKEN_MEMBER) /* */
    PC_TOKEN_KEYWORDS(PC_TOKEN_MEMBER)    /* */
    PC_TOKEN_OPERATORS(PC_TOKEN_MEMBER)   /* */
    PC_TOKEN_KINDS,                       /* how many there are */
};
#undef PC_TOKEN_MEMBER

/* A name that some statement takes as its keyword. `lazy` is one from 3.15 on. */
enum pc_soft_keyword {
    PC_SOFT_NO,
    PC_SOFT_UNDERSCORE,
    PC_SOFT_CASE,
    PC_SOFT_LAZY,
    PC_SOFT_MATCH,
    PC_SOFT_TYPE,
};

/* X(name, text): why a token is an ERROR, or what is wrong with it otherwise. */
#define PC_TOKEN_REASONS(X)                                                            \
    X(NONE, "nothing is wrong")                                                        \
    X(CHARACTER, "a character that has no place in Python")                            \
    X(NUL, "a NUL byte")                                                               \
    X(UTF8, "bytes that are not UTF-8")                                                \
    X(BACKSLASH, "a backslash that is not at a line's end")                            \
    X(BACKSLASH_AT_END, "a backslash, or the line it continues, at the end of input")  \
    X(STRING, "a string that ends with the line")                                      \
    X(TRIPLE_STRING, "a triple-quoted string at the end of input")                     \
    X(UNMATCHED, "a closing bracket without an opening one")                           \
    X(MISMATCHED, "a closing bracket of another kind than the opening one")            \
    X(OPEN_BRACKET, "an open bracket at the end of input or f-string")                 \
    X(SINGLE_BRACE, "a single closing brace in the text of an f-string")               \
    X(TOO_DEEP, "brackets, indentation or f-strings nested too deep")                  \
    X(DEDENT, "indentation that fits no outer level")                                  \
    X(TAB, "indentation that depends on the size of a tab")                            \
    X(TOO_WIDE, "one indentation of more than 255 columns")

#define PC_TOKEN_REASON_MEMBER(name, text) PC_REASON_##name,
enum pc_token_reason { PC_TOKEN_REASONS(PC_TOKEN_REASON_MEMBER) };
#undef PC_TOKEN_REASON_MEMBER

/* Flags. The prefix flags stand on STRING, and on START, MIDDLE and END of f- and
 * t-strings, and on the ERROR that such a string became. */
enum pc_token_flag {
    /* CPython refuses it, warns about it, or reads it differently in another version:
     * a number like `1_`, `0x`, `012` or `1if`; `<>`; NUL or bytes that are not UTF-8
     * in a string or comment; an f-string whose format spec is cut by a newline or
     * has doubled braces. */
    PC_TOKEN_ODD = 1 << 0,
    /* Some of it is not ASCII. A NAME is not checked against Unicode's identifiers any
     * further than that no character is surely none. */
    PC_TOKEN_NON_ASCII = 1 << 1,
    /* A string with an escape that CPython may refuse or warn about; not set for those
     * that are right whatever follows, nor for a whole \xHH or \uHHHH, nor if raw. */
    PC_TOKEN_ESCAPES = 1 << 2,
    PC_TOKEN_BYTES = 1 << 3,
    PC_TOKEN_RAW = 1 << 4,
    PC_TOKEN_UNICODE = 1 << 5,  /* u'' */
    PC_TOKEN_FORMAT = 1 << 6,   /* f'' */
    PC_TOKEN_TEMPLATE = 1 << 7, /* t'' */
    PC_TOKEN_DOUBLE = 1 << 8,   /* " and not ' */
    PC_TOKEN_TRIPLE = 1 << 9,
    /* It began in an earlier feed: the text at hand has only its end. */
    PC_TOKEN_CUT = 1 << 10,
};

/* Offsets and columns count bytes from 0, lines from 1; the end is the place after the
 * last byte. NEWLINE, INDENT, DEDENT, ENDMARKER and some ERRORs may be empty. The
 * bytes between tokens are blanks, backslashed line ends, the line feed after a carriage
 * return, and the second brace of a pair in an f-string. */
struct pc_token {
    uint8_t kind;   /* enum pc_token_kind */
    uint8_t soft;   /* enum pc_soft_keyword, of a NAME */
    uint8_t reason; /* enum pc_token_reason, of an ERROR */
    uint16_t flags; /* of enum pc_token_flag */
    uint32_t line;
    uint32_t column;
    uint32_t end_line;
    uint32_t end_column;
    size_t offset;
    size_t length;
};

static inline bool
pc_token_is_trivia(enum pc_token_kind kind)
{
    return kind == PC_TOKEN_COMMENT || kind == PC_TOKEN_NL;
}

static inline bool
pc_token_is_keyword(enum pc_token_kind kind)
{
    return kind >= PC_TOKEN_FALSE && kind <= PC_TOKEN_YIELD;
}

static inline bool
pc_token_is_operator(enum pc_token_kind kind)
{
    return kind >= PC_TOKEN_LPAR && kind <= PC_TOKEN_RIGHTSHIFTEQUAL;
}

/* In static storage; "?" for a number that is none. The text is that of a keyword or an
 * operator, and empty for other kinds. */
const char *pc_token_name(enum pc_token_kind kind);
const char *pc_token_text(enum pc_token_kind kind);
const char *pc_reason_name(enum pc_token_reason reason);
const char *pc_reason_text(enum pc_token_reason reason);

/* The keyword that the bytes are, or PC_TOKEN_NAME; the soft keyword, or PC_SOFT_NO. */
enum pc_token_kind pc_token_keyword(const char *text, size_t len);
enum pc_soft_keyword pc_token_soft_keyword(const char *text, size_t len);

#endif
