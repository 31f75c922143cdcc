/* What the session says. While a block runs everything goes to the terminal as it comes;
 * at a prompt the output of threads and tasks goes above it. */
#include "repl/parts.h"
#include "view/traceback.h"

#include <stdlib.h>
#include <string.h>

enum {
    EVENTS_MOST = 256, /* taken before keys are looked at again */
    TELL_AFTER = 10,   /* ms after the prompt */
};

/* ---- the terminal while code runs ---- */

/* Without the modes that only the editor wants: what code reads is what was typed. */
int
pc_repl_run_terminal(struct pc_repl *repl)
{
    return pc_term_raw(repl->term, 0);
}

int
pc_repl_edit_terminal(struct pc_repl *repl)
{
    repl->shape = NULL;
    return pc_term_raw(repl->term, repl->modes);
}

/* ---- events ---- */

/* Programs on the whole screen leave it when they end, if they live to do so. */
static void
follow_screens(struct pc_repl *repl, const pyconsole_event *event)
{
    static const char turn[] = "\033[?1049"; /* h: to the other screen; l: back */
    const char *text = event->text;
    const char *end = text + event->len;
    while ((text = memmem(text, (size_t)(end - text), turn, strlen(turn))) != NULL) {
        text += strlen(turn);
        repl->alternate = text < end && *text == 'h';
    }
}

/* What has an escape sequence in it may change the terminal's modes: it goes there before
 * those of the prompt do, and so does what the block writes behind it. */
static int
show_output(struct pc_repl *repl, const pyconsole_event *event)
{
    int status = pc_repl_print(repl, event->text, event->len);
    if (memchr(event->text, '\033', event->len) != NULL) {
        repl->unruly = true;
        follow_screens(repl, event);
    }
    return status == PYCONSOLE_OK && repl->state == PC_REPL_RUNNING && repl->unruly
               ? pc_repl_flush(repl)
               : status;
}

static int
show_result(struct pc_repl *repl, const pyconsole_event *event)
{
    int status = pc_repl_print_text(repl, event->text, event->len);
    return status < 0 ? status : pc_repl_print(repl, "\r\n", 2);
}

static int
show_error(struct pc_repl *repl, const pyconsole_event *event)
{
    pc_auto_bytes struct pc_bytes text = {0};
    pc_bytes_fini(&repl->error);
    int status = pc_bytes_append(&repl->error, event->text, event->len);
    if (status == PYCONSOLE_OK) {
        status = pc_traceback_append(&text, event->text, event->len, &repl->theme);
    }
    return status < 0 ? status
                      : pc_repl_print_text(repl, pc_bytes_text(&text), text.len);
}

static int
keep_prompts(struct pc_repl *repl, const pyconsole_event *event)
{
    char *first = strdup(event->text);
    char *further = strdup(event->detail);
    if (first == NULL || further == NULL) {
        free(first);
        free(further);
        return PYCONSOLE_ENOMEM;
    }
    free(repl->prompts[0]);
    free(repl->prompts[1]);
    repl->prompts[0] = first;
    repl->prompts[1] = further;
    repl->stale = true;
    return PYCONSOLE_OK;
}

static enum pc_outcome
outcome_of(const char *name)
{
    return strcmp(name, "ok") == 0            ? PC_OUTCOME_DONE
           : strcmp(name, "interrupted") == 0 ? PC_OUTCOME_INTERRUPTED
                                              : PC_OUTCOME_FAILED;
}

/* The prompt comes first, which the system hands on when this process sleeps. */
static void
want_to_tell(struct pc_repl *repl)
{
    repl->tell_at = pc_repl_clock() + TELL_AFTER;
}

int
pc_repl_tell_history(struct pc_repl *repl)
{
    repl->tell_at = 0;
    pc_history_write(repl->history);
    return pc_repl_note_folder(repl);
}

void
pc_repl_finish_entry(struct pc_repl *repl, enum pc_outcome outcome)
{
    if (repl->serial != 0) {
        pc_history_finish(repl->history, repl->serial, pc_repl_time() - repl->started,
                          outcome);
        repl->serial = 0;
        want_to_tell(repl);
    }
}

/* A block is over: the next prompt. */
static int
finish(struct pc_repl *repl, const pyconsole_event *event)
{
    repl->running = 0;
    enum pc_outcome outcome = outcome_of(event->name);
    pc_repl_finish_entry(repl, outcome);
    if (outcome == PC_OUTCOME_INTERRUPTED) {
        pc_editor_stop_playing(&repl->editor);
    }
    bool failed = outcome != PC_OUTCOME_DONE;
    int status = pc_repl_put_back(repl, event->detail, strlen(event->detail));
    if (status == PYCONSOLE_OK) {
        status = pc_view_done(repl->view, failed, &repl->out);
    }
    return status < 0 ? status : pc_repl_prompt(repl);
}

static int
take_done(struct pc_repl *repl, const pyconsole_event *event)
{
    if (event->request == repl->question && repl->question != 0) {
        return pc_repl_answer(repl, event);
    }
    return event->request == repl->running && repl->running != 0 ? finish(repl, event)
                                                                 : PYCONSOLE_OK;
}

static int
take_ready(struct pc_repl *repl, const pyconsole_event *event)
{
    repl->ready = true;
    want_to_tell(repl);
    pc_repl_want_checkpoint(repl);
    repl->hand_over_at = pc_repl_clock() + PC_REPL_HAND_OVER;
    int status = pc_repl_put_back(repl, event->detail, strlen(event->detail));
    return status == PYCONSOLE_OK && repl->state == PC_REPL_RUNNING &&
                   repl->running == 0 && !repl->leaving
               ? pc_repl_prompt(repl)
               : status;
}

/* Code asked to exit: its message is said as python3 says it. */
static int
take_exit(struct pc_repl *repl, const pyconsole_event *event)
{
    repl->leaving = true;
    int status = pc_repl_print_text(repl, event->text, event->len);
    return status < 0 || event->len == 0 ? status : pc_repl_print(repl, "\r\n", 2);
}

static int
take_died(struct pc_repl *repl, const pyconsole_event *event)
{
    repl->exit_status = (int)event->status;
    if (repl->leaving) {
        pc_repl_finish_entry(repl, PC_OUTCOME_DONE);
        repl->state = PC_REPL_ENDED;
        return PYCONSOLE_OK;
    }
    pc_repl_finish_entry(repl, PC_OUTCOME_DIED);
    return pc_repl_mourn(repl, event);
}

static int
take_event(struct pc_repl *repl, const pyconsole_event *event)
{
    switch (event->kind) {
    case PYCONSOLE_EVENT_READY:
        return take_ready(repl, event);
    case PYCONSOLE_EVENT_RESTORED:
        want_to_tell(repl);
        return PYCONSOLE_OK;
    case PYCONSOLE_EVENT_OUTPUT:
        return show_output(repl, event);
    case PYCONSOLE_EVENT_RESULT:
        return show_result(repl, event);
    case PYCONSOLE_EVENT_ERROR:
        return show_error(repl, event);
    case PYCONSOLE_EVENT_PROMPT:
        return keep_prompts(repl, event);
    case PYCONSOLE_EVENT_EDIT:
        pc_bytes_clear(&repl->following);
        return pc_bytes_append(&repl->following, event->text, event->len);
    case PYCONSOLE_EVENT_COMPLETIONS:
        return pc_repl_take_candidates(repl, event);
    case PYCONSOLE_EVENT_INSPECTION:
        return pc_repl_take_signature(repl, event);
    case PYCONSOLE_EVENT_REFUSED:
        return pc_repl_take_refusal(repl, event);
    case PYCONSOLE_EVENT_CHECKPOINT:
        return pc_repl_take_checkpoint(repl, event);
    case PYCONSOLE_EVENT_DONE:
        return take_done(repl, event);
    case PYCONSOLE_EVENT_EXIT:
        return take_exit(repl, event);
    case PYCONSOLE_EVENT_DIED:
        return take_died(repl, event);
    default:
        return PYCONSOLE_OK;
    }
}

int
pc_repl_listen(struct pc_repl *repl)
{
    int status = PYCONSOLE_OK;
    repl->unheard = true;
    for (int i = 0; i < EVENTS_MOST && status >= 0 && repl->state != PC_REPL_ENDED;
         i++) {
        const pyconsole_event *event = NULL;
        status = pyconsole_session_next(repl->session, &event);
        if (status < 0 || event == NULL) {
            repl->unheard = false;
            break;
        }
        status = take_event(repl, event);
    }
    return status == PYCONSOLE_EEOF ? PYCONSOLE_OK : status;
}
