/* What a text binds that has not run: the names in it, and the modules that it imports,
 * where those are loaded already. Nothing is imported or run for it. The functions hold
 * the GIL. */
#ifndef PC_ENGINE_UNRUN_H
#define PC_ENGINE_UNRUN_H

#include "engine/safe.h"

/* Calls `take` for each name in the text that is no attribute and no keyword argument, as
 * often as it stands there, until it gives something else than 0: that, or 0. */
int pc_unrun_names(const char *text, size_t len,
                   int (*take)(void *ctx, struct pc_span name), void *ctx);

/* pc_safe_evaluate(), also of names that the text's imports will bind: a module, or what
 * is in one. */
PyObject *pc_unrun_evaluate(const struct pc_scope *scope, const char *text, size_t len,
                            struct pc_span span);

#endif
