/* Looking at objects without running anything of theirs: no property, no descriptor's
 * __get__, no __getattr__, __getattribute__ or __dir__, no metaclass's, no __eq__ or
 * __hash__, no import. Dicts and the __mro__ of types are read as they are; what would
 * have to be computed is not known.
 *
 * So what is found can differ from what an object with such hooks would say. All functions
 * hold the GIL; where they return NULL there is no exception set. */
#ifndef PC_ENGINE_SAFE_H
#define PC_ENGINE_SAFE_H

#include <stdbool.h>

#include <pyconsole/assist.h>

#include "engine/object.h"
#include "lexer/cursor.h"

/* Where names are looked up, in this order. Dicts, borrowed; each may be NULL. */
struct pc_scope {
    PyObject *locals;
    PyObject *globals;
    PyObject *builtins;
    bool runs; /* nothing is safe: pc_safe_evaluate asks objects, and their code runs */
};

/* A scope of a namespace, with the builtins that it names or else these. */
struct pc_scope pc_scope_of(PyObject *locals, PyObject *globals, PyObject *builtins);

/* The value of a str key, borrowed. Takes time in proportion to the dict, since a lookup
 * would ask odd keys whether they are equal. */
PyObject *pc_safe_get(PyObject *dict, PyObject *name);

/* The value of a name (new), or NULL. */
PyObject *pc_safe_name(const struct pc_scope *scope, PyObject *name);

/* The module that is loaded under a name (a str, or NULL), borrowed; NULL: none is. */
PyObject *pc_safe_module(PyObject *name);

/* The dict of the object itself (new), or NULL. */
PyObject *pc_safe_dict(PyObject *object);

/* What the type and its bases have under the name (new), as it is there; or NULL. */
PyObject *pc_safe_type_get(PyTypeObject *type, PyObject *name);

/* The dict of a type alone (new). */
PyObject *pc_safe_type_dict(PyTypeObject *type);

/* The attribute's value (new), or NULL if there is none or it is not known. */
PyObject *pc_safe_attribute(PyObject *object, PyObject *name);

/* What an attribute is that a type has, or an object or namespace. */
enum pyconsole_candidate_kind pc_safe_kind(PyObject *value, bool from_type);

/* The type's name without its module: of the object for the call's caller. */
const char *pc_safe_type_name(PyObject *object);

/* What was written as its documentation (new str), without a signature; or NULL. */
PyObject *pc_safe_doc(PyObject *value);

/* Drops what objects that were asked have raised, but KeyboardInterrupt. */
void pc_safe_forget_error(void);

/* The value (new) of an expression as pc_cursor gives it: the bytes of `text` in `span`.
 * Of a literal that is no number, string or constant an empty one of the same type.
 * NULL: not known, or longer than PC_EVALUATE_TOKENS; or, where objects are asked, an
 * interrupt, with KeyboardInterrupt set. */
enum { PC_EVALUATE_TOKENS = 256 };
PyObject *pc_safe_evaluate(const struct pc_scope *scope, const char *text,
                           struct pc_span span);

/* The value (new str or bytes) of a string literal's text in the quotes, `flags` as the
 * lexer has them; NULL for one with escapes other than \\ \' \" \n \r \t. */
PyObject *pc_safe_unquote(const char *text, size_t len, uint16_t flags);

#endif
