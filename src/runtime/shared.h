/* Sessions in the host's interpreter: the body of each, and where they are kept. A body
 * speaks the wire's protocol over a socketpair, as a worker in a process of its own does;
 * the host's side is an attached session.
 *
 * Who holds what: Python objects, the list of bodies and their members are guarded by the
 * GIL; the control has its own locks, which are never held while the GIL is taken. */
#ifndef PC_RUNTIME_SHARED_H
#define PC_RUNTIME_SHARED_H

#include "runtime/worker.h"

#include <pyconsole/shared.h>

/* All functions hold the GIL. */

/* As pyconsole_session_new_shared, with known options: a status, or EPYTHON with an
 * exception set. */
int pc_shared_new(const pyconsole_shared_options *options,
                  pyconsole_session **ret_session, pyconsole_error *error);

/* As pyconsole_shared_run. */
int pc_shared_run(const pyconsole_session *session, unsigned int budget);

/* The dict in which a session's code runs: borrowed. NULL: it has ended, or is not
 * shared. */
PyObject *pc_shared_namespace(const pyconsole_session *session);

/* Makes it run in another: EBUSY, ECLOSED, EINVAL: it is no dict. */
int pc_shared_set_namespace(const pyconsole_session *session, PyObject *namespace);

#endif
