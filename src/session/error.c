/* What calls failed with, in words: of a function that makes a session in its caller's
 * pyconsole_error, of all others in the session, for pyconsole_session_error. */
#include <stdio.h>

#include "session/session.h"

int
pc_session_fail(pyconsole_error *error, int status, const char *what)
{
    if (error != NULL) {
        error->status = status;
        snprintf(error->message, sizeof error->message, "%s",
                 what == NULL ? pyconsole_status_text(status) : what);
    }
    return status;
}

int
pc_session_note(struct pyconsole_session *session, int status, const char *what)
{
    return status < 0 ? pc_session_fail(&session->error, status, what) : status;
}

int
pc_session_refuse(struct pyconsole_session *session, int status, const char *what)
{
    if (session != NULL && status < 0) {
        pthread_mutex_lock(&session->lock);
        (void)pc_session_note(session, status, what);
        pthread_mutex_unlock(&session->lock);
    }
    return status;
}

int
pyconsole_session_error(pyconsole_session *session, pyconsole_error *ret_error)
{
    if (session == NULL || ret_error == NULL) {
        return PYCONSOLE_EINVAL;
    }
    pthread_mutex_lock(&session->lock);
    *ret_error = session->error;
    pthread_mutex_unlock(&session->lock);
    return PYCONSOLE_OK;
}
