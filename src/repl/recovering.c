/* The session has died: what happened is said, and a new one begins at once. */
#include <stdio.h>
#include <string.h>

#include "repl/parts.h"

/* In words: how a process ended. */
static void
describe(int64_t status, char *ret_text, size_t size)
{
    if (status == -1000) {
        snprintf(ret_text, size, "is gone");
    }
    else if (status < 0) {
        snprintf(ret_text, size, "was ended by a signal: %s", strsignal((int)-status));
    }
    else {
        snprintf(ret_text, size, "has left, with status %d", (int)status);
    }
}

int
pc_repl_mourn(struct pc_repl *repl, const pyconsole_event *event)
{
    char how[128];
    char line[256];
    bool started = repl->ready;
    describe(event->status, how, sizeof how);
    snprintf(line, sizeof line, "pyconsole: Python %s.%s", how,
             started ? " What it held is lost; a new one begins." : "");
    int status = repl->in_line ? pc_repl_say(repl, "") : PYCONSOLE_OK;
    if (status == PYCONSOLE_OK) {
        status = pc_repl_say(repl, line);
    }
    if (status < 0 ||
        !started) { /* one that does not even start will not the next time */
        repl->state = PC_REPL_ENDED;
        return status;
    }
    pyconsole_session_free(repl->session);
    repl->session = NULL;
    repl->ready = false;
    repl->question = repl->running = 0;
    status = pc_repl_start_session(repl);
    return status < 0 ? status : pc_repl_prompt(repl);
}
