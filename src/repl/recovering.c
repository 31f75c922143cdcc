/* The session has died: what happened is said. Where there is a state to go back to, the
 * person says whether to; otherwise a new session begins. */
#include <stdio.h>
#include <string.h>

#include "repl/parts.h"

enum { NOT_KNOWN = -1000 };

/* In words: how a process ended. */
static void
describe(int64_t status, char *ret_text, size_t size)
{
    if (status == NOT_KNOWN) {
        snprintf(ret_text, size, "is gone");
    }
    else if (status < 0) {
        snprintf(ret_text, size, "was ended by a signal: %s", strsignal((int)-status));
    }
    else {
        snprintf(ret_text, size, "has left, with status %d", (int)status);
    }
}

static int
begin_anew(struct pc_repl *repl)
{
    pyconsole_session_free(repl->session);
    repl->session = NULL;
    repl->ready = false;
    repl->checkpoints = (struct pc_repl_checkpoints){0};
    int status = pc_repl_start_session(repl);
    if (status < 0) {
        repl->state = PC_REPL_ENDED;
        return status;
    }
    return pc_repl_prompt(repl);
}

int
pc_repl_mourn(struct pc_repl *repl, const pyconsole_event *event)
{
    char how[128];
    char line[256];
    describe(event->status, how, sizeof how);
    snprintf(line, sizeof line, "pyconsole: Python %s.", how);
    if (repl->state == PC_REPL_EDITING || repl->state == PC_REPL_ASKING) {
        int status = pc_repl_leave_text(repl);
        if (status < 0) {
            return status;
        }
    }
    if (repl->running == 0 || repl->checkpoints.naming != 0) {
        repl->checkpoints.now.blocks++; /* nothing that has run is taken back */
        repl->checkpoints.naming = 0;
    }
    repl->state = PC_REPL_DEAD;
    repl->question = repl->running = 0;
    int status = repl->in_line ? pc_repl_say(repl, "") : PYCONSOLE_OK;
    if (status == PYCONSOLE_OK) {
        status = pc_repl_say(repl, line);
    }
    if (status < 0 ||
        !repl->ready) { /* one that does not start will not the next time */
        repl->state = PC_REPL_ENDED;
        return status;
    }
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    bool named = states->named_count > 0 && !pc_repl_can_go_back(repl);
    if (states->named_count == 0 && !pc_repl_can_go_back(repl)) {
        status = pc_repl_say(repl, "What it held is lost; a new one begins.");
        return status < 0 ? status : begin_anew(repl);
    }
    snprintf(line, sizeof line, "Enter: go back to %s%s.   n: begin anew.   q: leave.",
             named ? "checkpoint " : "the state before this block",
             named ? states->named[states->named_count - 1].name : "");
    return pc_repl_say(repl, line);
}

/* A key that answers. */
int
pc_repl_recover(struct pc_repl *repl, char byte)
{
    enum { CONTROL_C = 3, CONTROL_D = 4 };
    switch (byte) {
    case '\r':
    case '\n':
    case 'y': {
        int status = pc_repl_can_go_back(repl) ? pc_repl_go_back(repl, 1)
                                               : pc_repl_restore_latest(repl);
        return status < 0 ? status : pc_repl_prompt(repl);
    }
    case 'n':
    case CONTROL_C:
        return begin_anew(repl);
    case 'q':
    case CONTROL_D:
        repl->state = PC_REPL_ENDED;
        return PYCONSOLE_OK;
    default:
        return pc_repl_bell(repl);
    }
}
