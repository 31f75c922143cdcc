/* Shared sessions as handles of pyconsole._session; see session.c. */
#ifndef PC_MODULE_SHARED_H
#define PC_MODULE_SHARED_H

#include "runtime/shared.h"

/* Handle.shared(...): a session, or NULL with an exception set. */
pyconsole_session *pc_shared_from_arguments(PyObject *args, PyObject *kwargs,
                                            int *ret_status);

#endif
