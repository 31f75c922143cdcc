/* Events as calls: sugar over pyconsole_session_next, on the thread that asks. */
#include <string.h>

#include "session/session.h"

static pyconsole_session_callback
callback_for(const pyconsole_session_callbacks *callbacks, int kind)
{
    const pyconsole_session_callback own[] = {
        [PYCONSOLE_EVENT_READY] = callbacks->ready,
        [PYCONSOLE_EVENT_OUTPUT] = callbacks->output,
        [PYCONSOLE_EVENT_RESULT] = callbacks->result,
        [PYCONSOLE_EVENT_ERROR] = callbacks->error,
        [PYCONSOLE_EVENT_INPUT] = callbacks->input,
        [PYCONSOLE_EVENT_DONE] = callbacks->done,
        [PYCONSOLE_EVENT_DIED] = callbacks->died,
    };
    bool has_own = kind >= 0 && (size_t)kind < sizeof own / sizeof *own;
    return has_own && own[kind] != NULL ? own[kind] : callbacks->other;
}

int
pyconsole_session_dispatch(pyconsole_session *session,
                           const pyconsole_session_callbacks *callbacks, void *userdata)
{
    if (session == NULL || callbacks == NULL ||
        callbacks->size < 2 * sizeof callbacks->size) {
        return PYCONSOLE_EINVAL;
    }
    pyconsole_session_callbacks known = {0};
    memcpy(&known, callbacks,
           callbacks->size < sizeof known ? callbacks->size : sizeof known);
    for (;;) {
        const pyconsole_event *event = NULL;
        int status = pyconsole_session_next(session, &event);
        if (status < 0 || event == NULL) {
            return status;
        }
        pyconsole_session_callback call = callback_for(&known, event->kind);
        status = call == NULL ? PYCONSOLE_OK : call(session, event, userdata);
        if (status != PYCONSOLE_OK) {
            return status;
        }
    }
}
