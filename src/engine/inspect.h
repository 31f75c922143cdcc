/* Inspection: what is known of the object at a cursor, or of the call around it, without
 * running anything of the user's, unless scope.runs. All functions hold the GIL. */
#ifndef PC_ENGINE_INSPECT_H
#define PC_ENGINE_INSPECT_H

#include "engine/around.h"
#include "engine/safe.h"

struct pc_inspection {
    /* The question; `detail` is that of pyconsole_session_inspect. */
    const char *text;
    size_t len;
    size_t cursor;
    unsigned int detail;
    struct pc_scope scope;
    const struct pc_around *around;
    struct pc_cursor_call call; /* what the cursor is in */

    /* The answer, if `object` is not NULL. All are owned, and NULL if not known. */
    struct pc_span span; /* of the expression in the text */
    PyObject *object;
    PyObject *signature; /* str, as the next ones */
    size_t parameter_start;
    size_t parameter_end; /* offsets in it, in UTF-8 */
    PyObject *doc;
    PyObject *value;
    PyObject *file;
    long line;
    PyObject *source;
    bool late; /* the time was over before everything was looked at */
};

/* Answers. -1 with KeyboardInterrupt set. */
int pc_inspect(struct pc_inspection *inspection);
void pc_inspection_fini(struct pc_inspection *inspection);

/* source.c: the lines (new str) of the function or class that begins at `line` of the file,
 * from linecache or from the file itself; or NULL. */
PyObject *pc_source_of(const struct pc_around *around, PyObject *file, long line);

#endif
