/* What the editor asks for: one function for each request, in a table. */
#include "repl/parts.h"

#include <string.h>

/* ---- the simple ones ---- */

/* Nothing typed is lost: it can be yanked. */
static int
interrupt(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    int status = text->len == 0 ? PYCONSOLE_OK
                                : pc_kill_ring_push(&repl->editor.kills, text->bytes,
                                                    text->len, false);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_leave_text(repl);
    }
    pc_editor_clear(&repl->editor);
    repl->burst.fed = 0;
    repl->burst.begun = false;
    repl->burst.session = (struct pc_session_text){0};
    pc_bytes_clear(&repl->burst.line);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_print(repl, "KeyboardInterrupt\r\n", 19);
    }
    return status < 0 ? status : pc_repl_prompt(repl);
}

/* The session ends as at the end of the input. What it prints meanwhile is still shown. */
static int
end(struct pc_repl *repl)
{
    int status = pc_repl_leave_text(repl);
    if (repl->options->host != NULL) { /* what holds the session goes on */
        repl->state = PC_REPL_ENDED;
        return status;
    }
    repl->leaving = true;
    repl->state = PC_REPL_RUNNING;
    if (status == PYCONSOLE_OK) {
        (void)pyconsole_session_close(repl->session);
        status = pc_repl_run_terminal(repl);
    }
    return status;
}

/* What runs is stopped first, so that it prints nothing while the shell has the terminal.
 * Where this process does not stop, since it has no shell, both go on at once. */
int
pc_repl_suspend(struct pc_repl *repl)
{
    bool edits = repl->state == PC_REPL_EDITING || repl->state == PC_REPL_ASKING;
    bool runs = repl->state == PC_REPL_RUNNING;
    int status = edits ? pc_repl_leave_text(repl) : PYCONSOLE_OK;
    if (status == PYCONSOLE_OK) {
        status = pc_repl_flush(repl);
    }
    if (status < 0) {
        return status;
    }
    if (runs) {
        (void)pyconsole_session_suspend(repl->session);
    }
    status = pc_term_suspend(repl->term);
    repl->shape = NULL;
    if (status == PYCONSOLE_OK) {
        status = pc_repl_resize(repl);
    }
    if (runs) {
        (void)pyconsole_session_resume(repl->session);
    }
    return status;
}

static int
clear_screen(struct pc_repl *repl)
{
    return pc_view_clear_screen(repl->view, &repl->out);
}

static int
redraw(struct pc_repl *repl)
{
    return pc_repl_resize(repl);
}

static int
read_init_file(struct pc_repl *repl)
{
    pc_auto_bytes struct pc_bytes errors = {0};
    int status = pc_repl_read_inputrc(repl, &errors);
    return status < 0 ? status
                      : pc_repl_print_text(repl, pc_bytes_text(&errors), errors.len);
}

/* ---- the table ---- */

typedef int server(struct pc_repl *repl);

/* A request without an entry needs nothing but that the editor is drawn. */
static server *const servers[PC_EDIT_REQUEST_COUNT] = {
    [PC_EDIT_BELL] = pc_repl_bell,
    [PC_EDIT_ENTER] = pc_repl_enter,
    [PC_EDIT_ACCEPT] = pc_repl_accept,
    [PC_EDIT_END_OF_FILE] = end,
    [PC_EDIT_INTERRUPT] = interrupt,
    [PC_EDIT_COMPLETE] = pc_repl_complete,
    [PC_EDIT_COMPLETE_BACKWARD] = pc_repl_complete_backward,
    [PC_EDIT_HISTORY_PREVIOUS] = pc_repl_walk_back,
    [PC_EDIT_HISTORY_NEXT] = pc_repl_walk_on,
    [PC_EDIT_HISTORY_UP] = pc_repl_walk_back_by_prefix,
    [PC_EDIT_HISTORY_DOWN] = pc_repl_walk_on,
    [PC_EDIT_HISTORY_PREFIX_BACKWARD] = pc_repl_walk_back_by_prefix,
    [PC_EDIT_HISTORY_PREFIX_FORWARD] = pc_repl_walk_on,
    [PC_EDIT_HISTORY_FIRST] = pc_repl_walk_to_oldest,
    [PC_EDIT_HISTORY_LAST] = pc_repl_walk_to_line,
    [PC_EDIT_HISTORY_RESTORE] = pc_repl_restore_entry,
    [PC_EDIT_SEARCH_BACKWARD] = pc_repl_search_history,
    [PC_EDIT_SEARCH_FORWARD] = pc_repl_search_history,
    [PC_EDIT_SEARCH_AGAIN] = pc_repl_search_again,
    [PC_EDIT_SEARCH_REVERSE] = pc_repl_search_reverse,
    [PC_EDIT_YANK_LAST_ARG] = pc_repl_yank_last_argument,
    [PC_EDIT_YANK_NTH_ARG] = pc_repl_yank_argument,
    [PC_EDIT_OPERATE_AND_GET_NEXT] = pc_repl_operate_and_get_next,
    [PC_EDIT_SUGGESTION_ACCEPT] = pc_repl_take_suggestion,
    [PC_EDIT_SUGGESTION_WORD] = pc_repl_take_suggested_word,
    [PC_EDIT_SUSPEND] = pc_repl_suspend,
    [PC_EDIT_CLEAR_SCREEN] = clear_screen,
    [PC_EDIT_REDRAW] = redraw,
    [PC_EDIT_EDIT_IN_EDITOR] = pc_repl_edit_outside,
    [PC_EDIT_OPEN_FRAME] = pc_repl_open_frame,
    [PC_EDIT_READ_INIT_FILE] = read_init_file,
    [PC_EDIT_SHOW_COMPLETIONS] = pc_repl_show_candidates,
    [PC_EDIT_INSERT_COMPLETIONS] = pc_repl_insert_candidates,
    [PC_EDIT_HELP] = pc_repl_show_help,
    [PC_EDIT_SHOW_HISTORY] = pc_repl_show_history,
};

int
pc_repl_serve(struct pc_repl *repl, int request)
{
    if (request < 0) {
        return request == PYCONSOLE_ELIMIT ? pc_repl_bell(repl) : request;
    }
    repl->stale = true;
    server *serve = servers[request];
    int status = serve == NULL ? PYCONSOLE_OK : serve(repl);
    repl->last_request = (enum pc_edit_request)request;
    return status;
}
