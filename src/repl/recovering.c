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
    bool runs = false;
    status = pc_repl_run_first_code(repl, &runs);
    return status < 0 || runs ? status : pc_repl_prompt(repl);
}

/* The state that Enter goes back to. */
static const char *
latest_state(const struct pc_repl_checkpoints *states)
{
    if (states->lost > 0) {
        return "the state before this block";
    }
    return states->kept[states->count - 1].blocks == states->now.blocks
               ? "the state after the last block"
               : "the latest state that is kept";
}

/* What was typed until now was for the session, and is no answer. */
static void
forget_typed(struct pc_repl *repl)
{
    pc_bytes_clear(&repl->typed);
    repl->typed_start = 0;
    pc_bytes_clear(&repl->burst.line);
    repl->burst.session = (struct pc_session_text){0};
    pc_key_decoder_fini(&repl->decoder);
}

static int
offer_states(struct pc_repl *repl)
{
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    bool kept = pc_repl_can_go_back(repl, states->lost);
    if (states->named_count == 0 && !kept) {
        int status = pc_repl_say(repl, "What it held is lost; a new one begins.");
        return status < 0 ? status : begin_anew(repl);
    }
    char line[256];
    forget_typed(repl);
    snprintf(line, sizeof line, "Enter: go back to %s%s.   n: begin anew.   q: leave.",
             kept ? latest_state(states) : "checkpoint ",
             kept ? "" : states->named[states->named_count - 1].name);
    return pc_repl_say(repl, line);
}

int
pc_repl_leave_screen(struct pc_repl *repl)
{
    if (!repl->alternate) {
        return PYCONSOLE_OK;
    }
    repl->alternate = repl->in_line = false;
    return pc_bytes_append_text(&repl->out, "\033[?1049l");
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
    repl->checkpoints.lost = repl->running != 0 && repl->checkpoints.naming == 0;
    repl->checkpoints.naming = 0;
    repl->state = PC_REPL_DEAD;
    pc_editor_stop_playing(&repl->editor);
    repl->question = repl->running = 0;
    int status = pc_repl_leave_screen(repl);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_tame(repl);
    }
    if (status == PYCONSOLE_OK && repl->in_line) {
        status = pc_repl_say(repl, "");
    }
    if (status == PYCONSOLE_OK) {
        status = pc_repl_say(repl, line);
    }
    if (status < 0 ||
        !repl->ready) { /* one that does not start will not the next time */
        repl->state = PC_REPL_ENDED;
        return status;
    }
    return offer_states(repl);
}

static int
go_back(struct pc_repl *repl)
{
    uint64_t lost = repl->checkpoints.lost;
    int status = pc_repl_can_go_back(repl, lost) ? pc_repl_go_back(repl, lost)
                                                 : pc_repl_restore_latest(repl);
    return status < 0 ? status : pc_repl_prompt(repl);
}

/* With Alt a letter is no answer. */
int
pc_repl_recover(struct pc_repl *repl, const struct pc_key *key)
{
    bool plain = key->modifiers == 0;
    bool control = key->modifiers == PC_KEY_CONTROL;
    if ((plain && (key->kind == PC_KEY_ENTER || key->point == 'y')) ||
        (control && key->point == 'j')) {
        return go_back(repl);
    }
    if ((plain && key->point == 'n') || (control && key->point == 'c')) {
        return begin_anew(repl);
    }
    if ((plain && key->point == 'q') || (control && key->point == 'd')) {
        repl->state = PC_REPL_ENDED;
        return PYCONSOLE_OK;
    }
    return pc_repl_bell(repl);
}
