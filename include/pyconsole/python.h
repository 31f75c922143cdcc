/* For hosts that hold Python objects: a console's namespace as such. Includes Python.h,
 * so it comes before any standard header. All functions here need the GIL. */
#ifndef PYCONSOLE_PYTHON_H
#define PYCONSOLE_PYTHON_H

#include <Python.h>

#include <pyconsole/console.h>

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

#ifdef __cplusplus
}
#endif

#endif
