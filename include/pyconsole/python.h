/* For hosts that hold Python objects: the namespace of a console or a shared session as
 * such. Includes Python.h, so it comes before any standard header. All functions here need
 * the GIL. */
#ifndef PYCONSOLE_PYTHON_H
#define PYCONSOLE_PYTHON_H

#include <Python.h>

#include <pyconsole/console.h>
#include <pyconsole/shared.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The dict in which the console's code runs: a new reference; never NULL. */
PYCONSOLE_API PyObject *pyconsole_console_get_locals(pyconsole_console *console);

/* Makes the code run in `locals`, a dict. Errors: EINVAL, EBUSY. */
PYCONSOLE_API int pyconsole_console_set_locals(pyconsole_console *console,
                                               PyObject *locals);

/* Gives `name` an object, of which the namespace takes a reference of its own. Errors as
 * pyconsole_console_set_int. */
PYCONSOLE_API int pyconsole_console_set_object(pyconsole_console *console,
                                               const char *name, PyObject *object);

/* The dict in which a shared session's code runs: a new reference; NULL when the session
 * has ended, or has a process of its own. */
PYCONSOLE_API PyObject *pyconsole_shared_get_locals(pyconsole_session *session);

/* Makes the code run in `locals`, a dict or a module, whose names it then has as
 * `__main__`. Errors: EINVAL, EBUSY: a request runs; ECLOSED. */
PYCONSOLE_API int pyconsole_shared_set_locals(pyconsole_session *session,
                                              PyObject *locals);

/* Gives `name` an object, of which the namespace takes a reference of its own. Errors:
 * EINVAL, ENOMEM, ECLOSED. */
PYCONSOLE_API int pyconsole_shared_set_object(pyconsole_session *session,
                                              const char *name, PyObject *object);

#ifdef __cplusplus
}
#endif

#endif
