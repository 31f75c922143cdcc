/* What session.c and events.c of a session need of each other; with the lock held. */
#ifndef PC_SESSION_EVENTS_H
#define PC_SESSION_EVENTS_H

#include "session/session.h"

/* Sends what the socket did not take before. ECLOSED. */
int pc_session_flush(struct pyconsole_session *session);

int pc_session_watch_process(struct pyconsole_session *session);
/* Looks for output, and for room for what is typed. */
void pc_session_watch_output(struct pyconsole_session *session, size_t which, bool on);

/* What was typed and not taken yet has changed: watches the terminal for room, or no longer. */
void pc_session_watch_typed(struct pyconsole_session *session);

/* Interrupts whatever runs. */
void pc_session_interrupt(struct pyconsole_session *session);

/* From here on the request is what runs. */
void pc_session_begin(struct pyconsole_session *session, uint64_t request);

/* The steps of pyconsole_session_stop, and the timer between them; 0 turns it off. */
void pc_session_set_timer(struct pyconsole_session *session, unsigned int milliseconds);
void pc_session_step(struct pyconsole_session *session);

/* assist.c: the members of an event that completion and inspection have. */
void pc_event_find(pyconsole_event *event, const json_t *message);

#endif
