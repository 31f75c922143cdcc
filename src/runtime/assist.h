/* Completion and inspection: a message that asks in, the event's message out. All functions
 * hold the GIL. */
#ifndef PC_RUNTIME_ASSIST_H
#define PC_RUNTIME_ASSIST_H

#include <pyconsole/session.h>

#include "engine/safe.h"
#include "session/wire.h"

struct pc_worker;

/* Is it a message that asks for one? */
bool pc_assist_is_asked(const json_t *message);

/* The answer, a new reference; NULL: an exception is set. The worker is the one whose
 * commands are completed, too, or NULL. */
json_t *pc_assist(const struct pc_scope *scope, struct pc_worker *worker,
                  const json_t *message);

/* The event of an answer that no session gave. It borrows the answer. */
void pc_assist_event(pyconsole_event *event, const json_t *answer);

#endif
