/* What the files of the acceptor share: the kinds of frames, levels and stages, and the
 * functions that cross files.
 *
 * The machine: a logical line is a statement, or several. acceptor_statement.c reads what
 * stands between expressions, by `stage`; an expression is a stack of frames, the
 * bottom one the statement's own, each with a state (is an operand expected, or an
 * operator?) and flags. A token goes to the innermost frame; what the bottom frame
 * cannot take ends the expression, and `context` says which tokens may then follow.
 *
 * Refusing is always right: the rest of the logical line is then `dead`. */
#ifndef PC_LEXER_ACCEPTOR_PARTS_H
#define PC_LEXER_ACCEPTOR_PARTS_H

#include "lexer/acceptor.h"

enum result {
    REFUSED,
    TAKEN,
    ENDS, /* the token is not the expression's, which is complete without it */
};

/* A token with its text, which is NULL if it began in an earlier feed: a string's may be,
 * a name's never is. */
struct word {
    const struct pc_token *token;
    const char *text;
};

enum frame_kind {
    /* without brackets */
    FRAME_EXPRESSION, /* the statement's own */
    FRAME_TARGET,     /* of for, with, del or a comprehension */
    FRAME_LAMBDA,     /* its parameters */
    FRAME_BODY,       /* of a lambda */
    /* ( [ { */
    FRAME_GROUP,
    FRAME_WITH, /* a group that turned out to hold with's items */
    FRAME_CALL,
    FRAME_PARAMETERS,
    FRAME_LIST,
    FRAME_SUBSCRIPT,
    FRAME_BRACE, /* a set or a dict, not known yet */
    FRAME_SET,
    FRAME_DICT,
    /* f-strings */
    FRAME_STRING,
    FRAME_FIELD,
    /* patterns: one without brackets, ( [ { and a class's ( */
    FRAME_PATTERN,
    FRAME_PATTERN_GROUP,
    FRAME_PATTERN_LIST,
    FRAME_PATTERN_MAPPING,
    FRAME_PATTERN_CLASS,
};

/* Of a frame. The operand states are in the order of what they allow. */
enum frame_state {
    STATE_EXPRESSION,  /* an operand; not, lambda and unary operators too */
    STATE_DISJUNCTION, /* not lambda */
    STATE_ARITHMETIC,  /* nor not */
    STATE_PRIMARY,     /* nor unary operators and await */
    STATE_AFTER,       /* an operand was read */
    STATE_DOT,         /* a name after a dot */
    /* parameters */
    STATE_PARAMETER,       /* where one may begin */
    STATE_PARAMETER_STAR,  /* after * */
    STATE_PARAMETER_NAME,  /* after ** */
    STATE_PARAMETER_NAMED, /* after its name */
    STATE_PARAMETER_ENDED, /* after / */
    /* a field after its expression */
    STATE_FIELD_EQUAL,
    STATE_FIELD_BANG,
    STATE_FIELD_CONVERTED,
    STATE_FIELD_FORMAT,
    /* patterns */
    STATE_PATTERN,
    STATE_PATTERN_NAME,   /* after a name, dotted or not: may go on as . ( = */
    STATE_PATTERN_DOT,    /* a name after a dot */
    STATE_PATTERN_NUMBER, /* a number after a minus */
    STATE_PATTERN_STAR,   /* a name after * or ** */
    STATE_PATTERN_AS,     /* a name after as */
    STATE_PATTERN_AFTER,
    STATE_PATTERN_CLOSED, /* after as or a star's name: only a comma or the end */
};

/* What a frame's element may be besides an expression. */
enum allow {
    ALLOW_COMMA = 1 << 0,
    ALLOW_STAR = 1 << 1,
    ALLOW_WALRUS = 1 << 2,
    ALLOW_YIELD = 1 << 3,
    ALLOW_NOTHING = 1 << 4, /* the expression may be left out */
    ALLOW_AS = 1 << 5,      /* a group may turn out to be with's items */
};

/* What may not stand in a frame, nor in those inside it. */
enum forbid {
    FORBID_YIELD = 1 << 0,
    FORBID_AWAIT = 1 << 1,
    FORBID_WALRUS = 1 << 2,
    FORBID_CAPTURE = 1 << 3, /* in patterns, beside a | */
    FORBID_ALL = FORBID_YIELD | FORBID_AWAIT | FORBID_WALRUS,
};

/* What an element is as an assignment's target. */
enum target {
    TARGET_NONE,
    TARGET_NAME,
    TARGET_PLACE,   /* attribute or subscript */
    TARGET_GROUPED, /* one of these in parentheses */
    TARGET_TUPLE,   /* a tuple or list of targets */
};

/* Of the element so far. */
enum element {
    ELEMENT_BEGUN = 1 << 0,
    ELEMENT_IMPURE = 1 << 1, /* more than a primary */
    ELEMENT_STARRED = 1 << 2,
    ELEMENT_BITWISE = 1 << 3, /* no comparison, boolean or conditional operator */
    ELEMENT_TERNARY = 1 << 4, /* else is missing */
    ELEMENT_WALRUS = 1 << 5,
    ELEMENT_KEYWORD = 1 << 6, /* after name= or ** */
    ELEMENT_MUST_KEYWORD = 1 << 7,
    ELEMENT_STRING = 1 << 8,       /* a string was read last */
    ELEMENT_BYTES = 1 << 9,        /* it was bytes */
    ELEMENT_NOT = 1 << 10,         /* in must follow */
    ELEMENT_IS = 1 << 11,          /* not may follow */
    ELEMENT_CLOSED = 1 << 12,      /* no operator may follow */
    ELEMENT_IRREFUTABLE = 1 << 13, /* of a pattern */
    ELEMENT_CAPTURED = 1 << 14,
    ELEMENT_DOTTED = 1 << 15,
};

/* Of a frame as a whole. */
enum frame_flag {
    FLAG_COMMA = 1 << 0,
    FLAG_NO_TARGETS = 1 << 1,    /* an element was no target */
    FLAG_NESTED_STAR = 1 << 2,   /* in a target's tuples */
    FLAG_KEYWORDS = 1 << 3,      /* a call has name= */
    FLAG_DOUBLE_STAR = 1 << 4,   /* ** was seen */
    FLAG_COMPREHENSION = 1 << 5, /* for was seen */
    FLAG_EFFECT = 1 << 6,        /* yield, await or := was seen, here or inside */
    FLAG_YIELD = 1 << 7,         /* it begins with yield */
    FLAG_YIELD_FROM = 1 << 8,
    FLAG_VALUE = 1 << 9,   /* after a dict's colon; after a parameter's = */
    FLAG_COLON = 1 << 10,  /* in a slice; after a parameter's colon */
    FLAG_COLONS = 1 << 11, /* two of them in a slice */
    FLAG_CLAUSE = 1 << 12, /* a target of a comprehension; of with's item in a group */
    FLAG_CLASS = 1 << 13,  /* arguments of a class */
    FLAG_DEFAULTS = 1 << 14, /* a parameter had a default */
    FLAG_SLASH = 1 << 15,    /* / was seen among parameters */
};

/* Parameters have flags that no expression in them needs at the same time. */
enum parameter_flag {
    FLAG_VARIADIC = FLAG_COMMA,     /* * or *args was seen */
    FLAG_BARE_STAR = FLAG_KEYWORDS, /* a name must follow */
    FLAG_STARRED_NAME = FLAG_YIELD, /* the current one is *args or **kwargs */
};

/* What a clause's body is of. The first is none. */
enum clause {
    CLAUSE_NONE,
    CLAUSE_IF,
    CLAUSE_ELSE, /* of if, and of try */
    CLAUSE_LOOP,
    CLAUSE_LOOP_ELSE,
    CLAUSE_TRY,
    CLAUSE_EXCEPT,
    CLAUSE_EXCEPT_BARE,
    CLAUSE_EXCEPT_STAR,
    CLAUSE_TRY_ELSE,
    CLAUSE_FINALLY,
    CLAUSE_WITH,
    CLAUSE_FUNCTION,
    CLAUSE_ASYNC_FUNCTION,
    CLAUSE_CLASS,
    CLAUSE_MATCH,
    CLAUSE_CASE,
    CLAUSE_DECORATOR, /* as `last`: a function or class must follow */
};

enum level_flag {
    LEVEL_LOOP = 1 << 0,        /* break and continue may stand here */
    LEVEL_EXCEPT_STAR = 1 << 1, /* they may not leave, nor return */
    LEVEL_IN_CLASS = 1 << 2,    /* a class is around: names are mangled */
    LEVEL_IRREFUTABLE = 1 << 3, /* a match whose last case may match everything */
    LEVEL_PENDING = 1 << 4,     /* a try is around that has no handler yet */
};

enum seen {
    SEEN_YIELD = 1 << 0,
    SEEN_RETURN_VALUE = 1 << 1,
    SEEN_GLOBAL = 1 << 2, /* global or nonlocal */
};

/* What is expected next outside expressions. */
enum stage {
    STAGE_START, /* a statement */
    STAGE_EXPRESSION,
    STAGE_END,         /* ; or the line's end */
    STAGE_LINE_END,    /* the line's end */
    STAGE_COLON,       /* of a header */
    STAGE_AFTER_COLON, /* a simple statement, or the line's end */
    STAGE_INDENT,      /* a block */
    STAGE_ASYNC,
    STAGE_DEF,        /* a name */
    STAGE_PARAMETERS, /* ( */
    STAGE_AFTER_PARAMETERS,
    STAGE_CLASS, /* a name */
    STAGE_BASES, /* ( or : */
    STAGE_EXCEPT,
    STAGE_EXCEPT_NAME,
    STAGE_IMPORT, /* a name */
    STAGE_IMPORT_NAMED,
    STAGE_IMPORT_DOT,
    STAGE_IMPORT_AS,
    STAGE_IMPORT_AFTER,
    STAGE_FROM, /* dots, or a name */
    STAGE_FROM_DOTS,
    STAGE_FROM_NAMED,
    STAGE_FROM_DOT,
    STAGE_FROM_IMPORT, /* ( or a name */
    STAGE_FROM_NAME,
    STAGE_FROM_NAMED_ONE,
    STAGE_FROM_AS,
    STAGE_FROM_AFTER,
    STAGE_FROM_OPEN_NAME, /* the same in parentheses */
    STAGE_FROM_OPEN_NAMED,
    STAGE_FROM_OPEN_AS,
    STAGE_FROM_OPEN_AFTER,
};

/* What the statement's expression is for. */
enum context {
    CONTEXT_STATEMENT,
    CONTEXT_VALUE, /* right of =, which may follow again */
    CONTEXT_LAST_VALUE,
    CONTEXT_ANNOTATION,
    CONTEXT_RETURN,
    CONTEXT_RAISE,
    CONTEXT_CAUSE,
    CONTEXT_ASSERT,
    CONTEXT_MESSAGE,
    CONTEXT_DEL,
    CONTEXT_CONDITION,
    CONTEXT_FOR_TARGET,
    CONTEXT_FOR_ITERABLE,
    CONTEXT_WITH_ITEM,
    CONTEXT_WITH_TARGET,
    CONTEXT_WITH_GROUP, /* after with's items in parentheses */
    CONTEXT_EXCEPT,
    CONTEXT_RESULT, /* after -> */
    CONTEXT_DECORATOR,
    CONTEXT_PARAMETERS,
    CONTEXT_BASES,
    CONTEXT_PATTERN,
    CONTEXT_GUARD,
};

/* ---- acceptor_frame.c: the stack of frames and the names they hold */

struct pc_acceptor_frame *pc_acceptor_top(struct pc_acceptor *a);

/* False if there are too many. What is forbidden outside is so inside. */
bool pc_acceptor_push(struct pc_acceptor *a, enum frame_kind kind,
                      enum frame_state state, unsigned allow);
void pc_acceptor_pop(struct pc_acceptor *a);

/* Forget the element that ended; the next may begin. */
void pc_acceptor_next_element(struct pc_acceptor_frame *f);

/* The element ended: it counts. */
void pc_acceptor_end_element(struct pc_acceptor_frame *f);

/* Whether all elements, the current one included, make a target. */
bool pc_acceptor_is_target(const struct pc_acceptor_frame *f);

/* One more operator: false if there are too many. */
bool pc_acceptor_load(struct pc_acceptor_frame *f);

/* The word's text must be there. Words of different salt are different. */
uint32_t pc_acceptor_hash(const struct word *word, uint32_t salt);

/* Hold the name; false if one like it is held since `first`, or there are too many. */
bool pc_acceptor_hold(struct pc_acceptor *a, size_t first, uint32_t name);

bool pc_acceptor_word_is(const struct word *word, const char *text);

/* ---- acceptor_expression.c and the files for its parts */

enum result pc_acceptor_expression(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_separator(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_nothing(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_close(struct pc_acceptor *a);
enum result pc_acceptor_parameter(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_parameter_value(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_string(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_string_part(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_field_end(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_field_state(struct pc_acceptor *a, const struct word *word);
enum result pc_acceptor_pattern(struct pc_acceptor *a, const struct word *word);
bool pc_acceptor_format(struct pc_acceptor *a, const struct word *word);

/* The letter behind the exclamation mark of an f-string's field. */
static inline bool
is_conversion(char letter)
{
    return letter == 'r' || letter == 's' || letter == 'a';
}

/* ---- acceptor_block.c */

/* The scope that the statement being read is in. */
struct pc_acceptor_level *pc_acceptor_scope(struct pc_acceptor *a);
bool pc_acceptor_enter(struct pc_acceptor *a);
bool pc_acceptor_leave(struct pc_acceptor *a);

/* Whether `kind` of clause may come now; else the structure is lost. */
bool pc_acceptor_continues(struct pc_acceptor *a, enum pc_token_kind kind);

/* ---- acceptor_statement.c */

bool pc_acceptor_statement(struct pc_acceptor *a, const struct word *word);
bool pc_acceptor_start(struct pc_acceptor *a, const struct word *word);
bool pc_acceptor_expression_ended(struct pc_acceptor *a, const struct word *word);
bool pc_acceptor_import(struct pc_acceptor *a, const struct word *word);
bool pc_acceptor_begin(struct pc_acceptor *a, enum context context, unsigned allow);

#endif
