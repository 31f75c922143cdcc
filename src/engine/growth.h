/* Commands that grow line by line; see growth.c. */
#ifndef PC_ENGINE_GROWTH_H
#define PC_ENGINE_GROWTH_H

#include "engine/object.h"
#include "lexer/acceptor.h"

struct pc_engine;

/* Whose grammar the lexer and the acceptor follow. */
static inline enum pc_python_version
pc_python_version(void)
{
    return (enum pc_python_version)(Py_Version >> 16 & 0xFF);
}

/* So many commands may grow at the same time and be known. */
enum { PC_GROWTHS = 4 };

struct pc_growth {
    PyObject *buffer; /* owned: the list that a console appends to, or NULL */
    PyObject *lines;  /* owned: list: what of it was read */
    PyObject *text;   /* owned: str: what was read, of a command known by its text */
    Py_ssize_t checked;
    size_t turn; /* of the last time that it was read on; no two are the same */
    struct pc_acceptor acceptor;
};

/* codeop said None of the one line in `buffer` (of the `text`): from here on it is known.
 * Never fails: what can't be read is not known. */
void pc_growth_begin_buffer(struct pc_engine *engine, PyObject *buffer);
void pc_growth_begin_text(struct pc_engine *engine, PyObject *text);

/* Reads the line that was appended to `buffer` (what was added to the text known). NULL:
 * it is not known. *ret_sure: it is incomplete; if it is not, codeop's steps are to judge,
 * and pc_growth_judged to be told. */
struct pc_growth *pc_growth_push(struct pc_engine *engine, PyObject *buffer,
                                 bool *ret_sure);
struct pc_growth *pc_growth_text(struct pc_engine *engine, PyObject *text,
                                 bool *ret_sure);
/* What codeop's steps said. `turn` is growth->turn from before them: other code may have
 * run meanwhile, and then the growth is forgotten. */
void pc_growth_judged(struct pc_growth *growth, size_t turn, bool incomplete);

/* Does a text with these flags of compile() grow as one with codeop's own? */
bool pc_growth_has_flags(long flags);

/* Is that a name that compile() takes as it is? */
bool pc_growth_has_filename(PyObject *filename);

void pc_growth_drop(struct pc_growth *growth);

#endif
