/* Completion: what fits at a cursor, from the objects that are there.
 *
 *     struct pc_completion completion = {.text = ..., .scope = ..., .around = ...};
 *     pc_complete(&completion);
 *     for (i < completion.count) ... pc_candidate_of(&completion.items[i], ...)
 *     pc_completion_fini(&completion);
 *
 * cursor.h says what is being written, safe.h looks at objects; one file for each source
 * of candidates calls pc_completion_offer, which keeps what matches, best first. Nothing of
 * the user's runs, unless scope.runs. All functions hold the GIL. */
#ifndef PC_ENGINE_COMPLETION_H
#define PC_ENGINE_COMPLETION_H

#include "engine/around.h"
#include "engine/safe.h"

struct pc_match {
    uint8_t rank;    /* how the name fits: enum match_rank in completion.c */
    uint8_t privacy; /* 0, 1: _private, 2: __dunder__ */
    uint8_t gaps;    /* in a fuzzy match */
    uint8_t group;   /* arguments before all others */
};

/* Owned by the completion. */
struct pc_item {
    PyObject *text;  /* owned: str, as it is written */
    PyObject *value; /* owned, or NULL */
    enum pyconsole_candidate_kind kind;
    struct pc_match match;
};

enum pc_asked_what { PC_ASKED_PYTHON, PC_ASKED_NAME, PC_ASKED_FILE, PC_ASKED_FOLDER };

/* What stands at a cursor where something besides Python is typed. `start` is where its
 * word begins; ahead of Python, the end of what is none of it. */
struct pc_asked {
    enum pc_asked_what what;
    size_t start;
    PyObject *names; /* borrowed: dict of what fits a NAME, and what that stands for */
    bool quoted;     /* the word is in quotes, where blanks need no backslash */
};

struct pc_completion {
    /* The question. `cursor` is an offset in the text, at a character's beginning. */
    const char *text;
    size_t len;
    size_t cursor;
    struct pc_asked asked;
    struct pc_scope scope;
    const struct pc_around *around;

    /* The answer: the items take the place of the bytes from start to end. */
    size_t start;
    size_t end;
    struct pc_item *items; /* owned */
    size_t count;
    bool truncated; /* there were more than PYCONSOLE_CANDIDATES_MOST */
    bool late;      /* the time was over before everything was seen */

    /* The work. */
    struct pc_cursor at;
    const char *prefix; /* what items have to match */
    size_t prefix_len;
    PyObject *seen; /* owned: dict of the texts offered so far */
    size_t offered;
};

/* Answers. -1 with MemoryError set: what is there then can be used, too. */
int pc_complete(struct pc_completion *completion);

void pc_completion_fini(struct pc_completion *completion);

/* Offers a text (a str), with the value that it stands for, or NULL: not known; a name is
 * not taken if it is no identifier, or a keyword. `skip` bytes of the text are not matched. 0, or -1:
 * stop, the time is over or an exception is set. */
int pc_completion_offer_behind(struct pc_completion *completion, PyObject *text,
                               size_t skip, enum pyconsole_candidate_kind kind,
                               PyObject *value);
int pc_completion_offer(struct pc_completion *completion, PyObject *text,
                        enum pyconsole_candidate_kind kind, PyObject *value);
int pc_completion_offer_name(struct pc_completion *completion, PyObject *name,
                             PyObject *value, bool from_type);

/* The first line of the item's documentation (new str), or NULL; the name of its type, or
 * "". */
PyObject *pc_item_doc(const struct pc_item *item);
const char *pc_item_type(const struct pc_item *item);

/* ---- sources; 0 or -1 as above */

int pc_offer_names(struct pc_completion *completion);      /* completion_names.c */
int pc_offer_keyword(struct pc_completion *completion);    /* the same */
int pc_offer_attributes(struct pc_completion *completion); /* the same */
int pc_offer_arguments(struct pc_completion *completion);  /* completion_arguments.c */
int pc_offer_modules(struct pc_completion *completion);    /* completion_modules.c */
int pc_offer_imported(struct pc_completion *completion);   /* the same */
int pc_offer_keys(struct pc_completion *completion);       /* completion_strings.c */
int pc_offer_paths(struct pc_completion *completion);      /* the same */
int pc_offer_asked(struct pc_completion *completion);      /* completion_asked.c */

/* What a dict has under names that are identifiers (completion_names.c). */
int pc_offer_dict(struct pc_completion *completion, PyObject *dict, bool from_type);

/* What a module's __all__ has and its dict does not yet: its __getattr__ makes it. */
int pc_offer_promised(struct pc_completion *completion, PyObject *dict);

#endif
