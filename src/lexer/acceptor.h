/* The acceptor: is a command that grows line by line surely incomplete?
 *
 *     struct pc_acceptor acceptor;
 *     pc_acceptor_init(&acceptor, PC_PYTHON_3_13);
 *     answer = pc_acceptor_feed(&acceptor, line, len);      each line, without its end
 *     if (answer.verdict == PC_ASK && what codeop says is None)
 *         pc_acceptor_resume(&acceptor);
 *
 * PC_SURELY_INCOMPLETE is said only if codeop's compile_command gives None for the lines
 * so far, joined by \n, as a "single" command: then nothing need be compiled. PC_ASK
 * means nothing: the text may be complete, wrong, incomplete, or not understood.
 *
 * It holds for the flags that codeop starts with, and for __future__ features added to
 * them but barry_as_FLUFL; for a call whose recursion is some hundred levels below
 * Python's limit; for text that is at most 4 GB.
 *
 * The state is a plain struct without pointers, copied with =. Nothing is allocated; a
 * line takes time in proportion to its length. Any thread, one call at a time on one
 * acceptor.
 *
 * Source: CPython's Grammar/python.gram, Parser/pegen.c (_PyPegen_run_parser,
 * _is_end_of_source), Lib/codeop.py. */
#ifndef PC_LEXER_ACCEPTOR_H
#define PC_LEXER_ACCEPTOR_H

#include "lexer/lexer.h"

/* Our own caps: what goes beyond is asked. */
enum {
    PC_ACCEPTOR_FRAMES_MOST = 40,  /* open brackets, lambdas, fields, targets */
    PC_ACCEPTOR_LEVELS_MOST = 40,  /* blocks in blocks */
    PC_ACCEPTOR_NAMES_MOST = 256,  /* parameters, keywords, captures in what is open */
    PC_ACCEPTOR_LOAD_MOST = 100,   /* operators and brackets nested in one expression */
    PC_ACCEPTOR_CHAIN_MOST = 200,  /* elif after elif, blocks in blocks included */
    PC_ACCEPTOR_NESTED_MOST = 18,  /* of CPython's 20 nested loops, with and try */
    PC_ACCEPTOR_DIGITS_MOST = 4000 /* of a number; sys.int_info's default is 4300 */
};

enum pc_verdict {
    PC_ASK,
    PC_SURELY_INCOMPLETE,
};

/* X(name, word): what is missing, innermost first. */
#define PC_MISSING_REASONS(X)                                                          \
    X(UNKNOWN, "")                                                                     \
    X(BRACKET, "bracket")           /* a closing one */                                \
    X(STRING, "string")             /* its end */                                      \
    X(CONTINUATION, "continuation") /* the line after a backslash */                   \
    X(BLOCK, "block")               /* of a header */                                  \
    X(DECORATED, "decorated")       /* the function or class after a decorator */      \
    X(HANDLER, "handler")           /* the except or finally of a try */               \
    X(BLOCK_END, "block end")       /* the blank line that ends a block */

#define PC_MISSING_MEMBER(name, word) PC_MISSING_##name,
enum pc_missing { PC_MISSING_REASONS(PC_MISSING_MEMBER) };
#undef PC_MISSING_MEMBER

struct pc_answer {
    enum pc_verdict verdict;
    enum pc_missing missing; /* UNKNOWN if the verdict is PC_ASK */
    char bracket;            /* '(', '[' or '{' if a bracket is missing, else 0 */
};

/* One open bracket, or what plays one: a lambda, a target, a statement's expression. */
struct pc_acceptor_frame {
    uint8_t kind;
    uint8_t state;
    uint8_t allow;
    uint8_t forbid;
    uint8_t target; /* what the element so far is as an assignment's target */
    uint8_t count;  /* elements before this one; stops at 255 */
    uint8_t stars;  /* starred elements, this one included */
    uint8_t load;
    uint8_t load_base;
    uint8_t serial;   /* of a pattern's brackets */
    uint16_t names;   /* how many names were held when it was opened */
    uint16_t element; /* flags of the element so far */
    uint16_t flags;
};

/* One block, outermost first; the first is the text itself. */
struct pc_acceptor_level {
    uint8_t kind;  /* of the clause whose body it is */
    uint8_t last;  /* the clause that ended last in it, if a statement may go on */
    uint8_t scope; /* which level is the function, class or text around */
    uint8_t flags;
    uint8_t seen;   /* in the scope that this level is */
    uint8_t nested; /* loops, with and try around, in the same scope */
    uint8_t load;
};

/* Owned by the caller; private. */
struct pc_acceptor {
    struct pc_lexer_state lexer;
    struct pc_acceptor_frame frames[PC_ACCEPTOR_FRAMES_MOST];
    struct pc_acceptor_level levels[PC_ACCEPTOR_LEVELS_MOST];
    uint32_t names[PC_ACCEPTOR_NAMES_MOST]; /* hashes */
    uint32_t name;   /* hash of the name read last in an expression */
    size_t end;      /* offset after the token before */
    uint32_t tokens; /* of the line being fed, without trivia; stops nowhere */
    uint16_t name_count;
    uint8_t frame_count;
    uint8_t level;    /* the innermost */
    uint8_t stage;    /* of the statement being read */
    uint8_t context;  /* what its expression is for */
    uint8_t clause;   /* the compound statement's clause whose header is being read */
    uint8_t previous; /* the clause before it, of the same statement */
    uint8_t items;    /* of a with statement */
    uint8_t serial;
    uint8_t last;     /* kind of the token before, comments aside */
    bool fields;      /* an f-string's field is read out of turn (3.11) */
    bool entered;     /* a header's colon was read: its block is the innermost level */
    bool decorated;   /* the statement has a decorator */
    bool matched;     /* the logical line begins with `match` */
    bool simple_only; /* after a semicolon */
    bool begun;       /* a token was seen in the logical line */
    bool started;     /* a statement of the text was seen */
    bool comment;     /* the line being fed has a comment */
    bool dead;        /* the rest of the logical line is not understood */
    bool doubt;       /* what was read may not compile, once it is complete */
    bool lost;        /* the structure is not known: for ever */
};

/* Start at the beginning of a command. */
void pc_acceptor_init(struct pc_acceptor *acceptor, enum pc_python_version version);

/* Read the next line, which has no end of its own: `text` is what was pushed. Line ends
 * inside it are fine, and make it several lines that get one answer. */
struct pc_answer pc_acceptor_feed(struct pc_acceptor *acceptor, const char *text,
                                  size_t len);

/* codeop says that the text up to here is incomplete. Call it after each PC_ASK of which
 * that is so. */
void pc_acceptor_resume(struct pc_acceptor *acceptor);

/* Its word, in static storage; "?" for a number that is none. */
const char *pc_missing_word(enum pc_missing missing);

#endif
