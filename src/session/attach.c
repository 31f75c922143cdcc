/* A session of a worker that was not started here; see pyconsole_session_attach. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "session/session.h"

int
pyconsole_session_attach(int fd, const pyconsole_session_options *options,
                         pyconsole_session **ret_session, pyconsole_error *error)
{
    pyconsole_session_options known;
    if (ret_session == NULL || !pc_session_know_options(&known, options)) {
        close(fd);
        return pc_session_fail(error, PYCONSOLE_EINVAL,
                               "ret_session or options->size is not valid");
    }
    struct pyconsole_session *s = pc_session_allocate(&known);
    if (s == NULL) {
        close(fd);
        return pc_session_fail(error, PYCONSOLE_ENOMEM, NULL);
    }
    s->process.control = fd;
    s->attached = true;
    s->outputs = 0;
    s->options.pty = 0;
    int status = PYCONSOLE_OK;
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 || pc_session_watch(s) < 0) {
        status = pc_session_fail(error, PYCONSOLE_ESTART, strerror(errno));
    }
    else if ((status = pc_session_greet(s, NULL)) < 0) {
        (void)pc_session_fail(error, status, NULL);
    }
    if (status < 0) {
        pyconsole_session_free(s);
        return status;
    }
    *ret_session = s;
    return PYCONSOLE_OK;
}
