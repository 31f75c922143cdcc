/* Shared sessions at their host's own terminal: what a prompt in this process is over. The
 * host and the session have one thread between them. The host asks and takes events as of
 * any session (<pyconsole/session.h>), and has it served when there is something to do;
 * code runs in that call. It prints on the host's own streams and reads from them, and it
 * is interrupted as the host is: nothing of the interpreter is changed for the session, and
 * no thread is started.
 *
 * All functions hold the GIL. */
#ifndef PC_RUNTIME_LOCAL_H
#define PC_RUNTIME_LOCAL_H

#include "runtime/worker.h"

#include <pyconsole/session.h>

struct pc_local;

/* Makes a session. `run`, a callable, runs a source that is Python: true if all went well;
 * what it raises ends the session. Completion looks at `namespace`, a dict. `awaits`: code
 * may await outside of functions. Of the options `prompts` and `pure_python` are used. -1
 * with an exception set. */
int pc_local_new(PyObject *namespace, PyObject *run, bool awaits,
                 const pyconsole_session_options *options, struct pc_local **ret_local,
                 pyconsole_session **ret_session);

/* After its pyconsole_session was freed; NULL is fine. */
void pc_local_free(struct pc_local *local);

/* A descriptor that is readable when the session is to be served. */
int pc_local_fd(const struct pc_local *local);

/* Does what it was asked. -1 with an exception set: it is over. */
int pc_local_serve(struct pc_local *local);

#endif
