/* The prompt from its beginning to its end; see parts.h. One thread, which waits in one
 * place for the terminal, its signals and the session, and wakes up for nothing else. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "repl/parts.h"

enum {
    HELD_MOST = 4096,   /* bytes */
    OUT_KEPT = 1 << 20, /* bytes of room for the next turn */
    FAILED = 1,
    WINDOWS_EVERY = 100, /* ms: a hook that comes back by itself is called so often */
};

/* ---- time ---- */

static int64_t
read_clock(clockid_t clock, int64_t unit)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * unit + now.tv_nsec / (1000000000 / unit);
}

int64_t
pc_repl_clock(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t
pc_repl_time(void)
{
    return read_clock(CLOCK_REALTIME, 1000000);
}

/* ---- the terminal ---- */

/* What a large result took is given back. */
int
pc_repl_flush(struct pc_repl *repl)
{
    int status = pc_term_write(repl->term, repl->out.data, repl->out.len);
    if (repl->out.cap > OUT_KEPT) {
        pc_bytes_fini(&repl->out);
    }
    else {
        pc_bytes_clear(&repl->out);
    }
    return status;
}

/* ---- the beginning ---- */

bool
pc_repl_is_usable(const struct pc_repl_options *options)
{
    const char *basic = options->environment ? getenv("PYTHON_BASIC_REPL") : NULL;
    return (basic == NULL || *basic == '\0') &&
           pc_term_is_usable(STDIN_FILENO, STDOUT_FILENO, getenv("TERM"));
}

static int
say_banner(struct pc_repl *repl)
{
    if (repl->options->quiet || repl->options->code || !repl->settings.banner) {
        return PYCONSOLE_OK;
    }
    int status = pc_repl_say(repl, "pyconsole " PYCONSOLE_VERSION
                                   " (Python " PYCONSOLE_PYTHON_DESCRIPTION);
    return status < 0
               ? status
               : pc_repl_say(repl, "Type \"help\", \"copyright\", \"credits\" or "
                                   "\"license\" for more information.");
}

int
pc_repl_start_session(struct pc_repl *repl)
{
    struct pc_term_size size = pc_term_size(repl->term);
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    pyconsole_error error = {0};
    options.program = repl->options->program;
    options.python = repl->options->name;
    options.package = repl->options->package;
    options.arguments = (const char *const *)repl->options->arguments;
    options.pty = 1;
    options.rows = size.rows;
    options.columns = size.columns;
    options.prompts = 1;
    options.pure_python = repl->settings.pure_python;
    options.checkpoints_most = PC_REPL_CHECKPOINTS_MOST + PC_REPL_NAMED_MOST + 1;
    const struct pc_repl_host *host = repl->options->host;
    if (host != NULL) {
        host->enter(host->ctx);
        int opened = host->open(host->ctx, &options, &repl->session);
        host->leave(host->ctx);
        return opened;
    }
    int status = pyconsole_session_new(&options, &repl->session, &error);
    if (status < 0 && repl->state == PC_REPL_EDITING) {
        (void)pc_repl_leave_text(repl);
    }
    if (status < 0) {
        (void)pc_repl_say(repl, error.message);
    }
    return status;
}

static int
show_prompt(struct pc_repl *repl)
{
    int status = pc_repl_prompt(repl);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_draw(repl);
    }
    return status < 0 ? status : pc_repl_flush(repl);
}

static bool
has_startup_file(const struct pc_repl *repl)
{
    const char *name = repl->options->host == NULL && repl->options->environment
                           ? getenv("PYTHONSTARTUP")
                           : NULL;
    return name != NULL && *name != '\0';
}

/* A script, or a start-up file, may read what is typed. Most start-up files are over soon and
 * read nothing: then it is for the prompt. */
int
pc_repl_run_first_code(struct pc_repl *repl, bool *ret_runs)
{
    bool startup = !repl->options->code && has_startup_file(repl);
    *ret_runs = startup || repl->options->code;
    repl->state = PC_REPL_RUNNING;
    repl->hand_over_at = repl->options->code ? 0
                         : startup           ? pc_repl_clock() + PC_REPL_HAND_OVER
                                             : INT64_MAX;
    return pc_repl_run_terminal(repl);
}

/* The banner and the prompt come first, before Python starts; but a script comes before the
 * prompt. */
static int
begin(struct pc_repl *repl)
{
    pc_auto_bytes struct pc_bytes errors = {0};
    bool runs = false;
    int status = pc_repl_init(repl, &errors);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_run_first_code(repl, &runs);
    }
    if (status == PYCONSOLE_OK) {
        status = say_banner(repl);
    }
    if (status == PYCONSOLE_OK) {
        status = pc_repl_print_text(repl, pc_bytes_text(&errors), errors.len);
    }
    if (status == PYCONSOLE_OK) {
        status = pc_repl_ask_terminal(repl);
    }
    if (status == PYCONSOLE_OK && !runs) {
        status = show_prompt(repl);
    }
    return status < 0 ? status : pc_repl_start_session(repl);
}

/* ---- the loop ---- */

/* A signal asked this process to end: it ends by that signal. */
static bool
is_asked_to_end(struct pc_repl *repl, unsigned notes)
{
    if ((notes & (PC_TERM_ENDED | PC_TERM_HUNG_UP)) == 0) {
        return false;
    }
    repl->exit_status = (notes & PC_TERM_ENDED) != 0 ? -SIGTERM : -SIGHUP;
    return true;
}

/* From outside: of the keyboard Control-C is a key, or a byte for the session's terminal. */
static int
take_interrupt(struct pc_repl *repl)
{
    int status = PYCONSOLE_OK;
    switch (repl->state) {
    case PC_REPL_EDITING:
        return pc_repl_serve(repl, PC_EDIT_INTERRUPT);
    case PC_REPL_ASKING:
        return pc_repl_stop_asking(repl);
    case PC_REPL_RUNNING:
        status = pyconsole_session_interrupt(repl->session, 0);
        return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
    default:
        return PYCONSOLE_OK;
    }
}

static int
take_notes(struct pc_repl *repl)
{
    unsigned notes = pc_term_take_notes(repl->term);
    if (repl->options->host != NULL) {
        int status = pc_repl_take_host_signals(repl, notes);
        notes &= ~(unsigned)(PC_TERM_ENDED | PC_TERM_HUNG_UP);
        if (status < 0) {
            return status;
        }
    }
    if (is_asked_to_end(repl, notes)) {
        if (repl->state == PC_REPL_EDITING) {
            (void)pc_repl_leave_text(repl);
        }
        (void)pc_repl_leave_screen(repl);
        return PYCONSOLE_EEOF;
    }
    if ((notes & PC_TERM_INTERRUPTED) != 0 && repl->options->host == NULL) {
        int status = take_interrupt(repl);
        if (status < 0) {
            return status;
        }
    }
    if ((notes & PC_TERM_STOPPED) != 0 && repl->options->host == NULL) {
        return pc_repl_suspend(repl);
    }
    if (notes & PC_TERM_CONTINUED) {
        int status = repl->state == PC_REPL_EDITING ? pc_repl_edit_terminal(repl)
                                                    : pc_repl_run_terminal(repl);
        return status < 0 ? status : pc_repl_resize(repl);
    }
    return notes & PC_TERM_RESIZED ? pc_repl_resize(repl) : PYCONSOLE_OK;
}

/* Waits for so many ms; -1: for ever. What has no descriptor never has anything. A signal
 * that no note is made of is the host's, too. */
static int
look(struct pc_repl *repl, struct pollfd *ways, int timeout)
{
    const struct pc_repl_host *host = repl->options->host;
    const int fds[PC_REPL_WAYS] = {
        [PC_REPL_HOST] = host == NULL ? -1 : host->fd(host->ctx),
        [PC_REPL_OTHERS] = host == NULL ? -1 : pc_capture_fd(&repl->capture),
        [PC_REPL_TERMINAL] = STDIN_FILENO,
        [PC_REPL_SIGNALS] = pc_term_signal_fd(repl->term),
        [PC_REPL_SESSION] = pyconsole_session_fd(repl->session),
    };
    for (size_t i = 0; i < PC_REPL_WAYS; i++) {
        ways[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    }
    int ready = poll(ways, PC_REPL_WAYS, timeout);
    if (ready >= 0 || errno != EINTR) {
        return ready < 0 ? PYCONSOLE_EPYTHON : ready;
    }
    ways[PC_REPL_SIGNALS].revents = POLLIN;
    return 1;
}

static int
wait_until_due(struct pc_repl *repl, struct pollfd *ways)
{
    const struct pc_repl_host *host = repl->options->host;
    int64_t due = pc_repl_due(repl);
    int64_t left = due < 0 ? -1 : due - pc_repl_clock();
    bool windows = due < 0 && host != NULL && *host->input_hook != NULL;
    int ready = look(repl, ways, windows ? 0 : due < 0 ? -1 : left < 0 ? 0 : (int)left);
    if (!windows || ready != 0) {
        return ready;
    }
    int status = pc_repl_turn_windows(repl, ways);
    return status < 0 ? status : look(repl, ways, WINDOWS_EVERY);
}

/* Trouble with the history is said at a prompt, and not among what code prints. */
static int
tell_trouble(struct pc_repl *repl)
{
    char line[600];
    const char *message =
        repl->state == PC_REPL_EDITING ? pc_history_take_message(repl->history) : NULL;
    if (message == NULL) {
        return PYCONSOLE_OK;
    }
    snprintf(line, sizeof line, "pyconsole: %s", message);
    return pc_repl_say(repl, line);
}

/* Waits until there is something to do, and does it. */
static int
turn(struct pc_repl *repl)
{
    struct pollfd ways[PC_REPL_WAYS];
    int status = wait_until_due(repl, ways);
    if (status >= 0 && ways[PC_REPL_SIGNALS].revents != 0) {
        status = take_notes(repl);
    }
    if (status >= 0 && ways[PC_REPL_OTHERS].revents != 0) {
        status = pc_repl_listen_to_others(repl);
    }
    if (status >= 0 && ways[PC_REPL_HOST].revents != 0) {
        status = pc_repl_serve_host(repl);
    }
    if (status >= 0 && ways[PC_REPL_TERMINAL].revents != 0) {
        status = pc_repl_read(repl);
    }
    if (status >= 0 && (ways[PC_REPL_SESSION].revents != 0 || repl->unheard)) {
        status = pc_repl_listen(repl);
    }
    if (status >= 0) {
        status = pc_repl_do_due(repl);
    }
    if (status >= 0) {
        status = pc_repl_take_typed(repl);
    }
    return status < 0 ? status : tell_trouble(repl);
}

/* Does what was written wait for more? A block in this process writes to the terminal itself,
 * so there nothing waits. */
static bool
is_held(const struct pc_repl *repl)
{
    return repl->state == PC_REPL_RUNNING && repl->out.len > 0 &&
           repl->out.len < HELD_MOST && pc_repl_clock() < repl->hold_until;
}

static int
loop(struct pc_repl *repl)
{
    int status = PYCONSOLE_OK;
    while (status >= 0 && repl->state != PC_REPL_ENDED) {
        status = pc_repl_draw(repl);
        if (status >= 0 && !is_held(repl)) {
            status = pc_repl_flush(repl);
        }
        if (status >= 0) {
            status = turn(repl);
        }
    }
    int flushed = repl->term == NULL ? PYCONSOLE_EEOF : pc_repl_flush(repl);
    return status < 0 ? status : flushed;
}

/* ---- the end ---- */

static void
fini(struct pc_repl *repl)
{
    struct pc_bytes *bytes[] = {
        &repl->out,         &repl->error,           &repl->typed,
        &repl->burst.line,  &repl->walk.line,       &repl->walk.prefix,
        &repl->walk.entry,  &repl->walk.shown,      &repl->following,
        &repl->suggestion,  &repl->suggested_for,   &repl->menu.asked.text,
        &repl->hint.text,   &repl->hint.asked.text, &repl->search.query,
        &repl->search.line, &repl->search.message,  NULL,
    };
    pc_repl_close_menu(repl);
    pc_repl_close_search(repl);
    pc_history_free(repl->history);
    pc_editor_fini(&repl->editor);
    pc_key_decoder_fini(&repl->decoder);
    pc_view_free(repl->view);
    pc_term_close(repl->term);
    if (repl->options->host != NULL) {
        pc_capture_fini(&repl->capture);
    }
    pc_settings_fini(&repl->settings);
    pyconsole_session_free(repl->session);
    for (struct pc_bytes **each = bytes; *each != NULL; each++) {
        pc_bytes_fini(*each);
    }
    for (size_t i = 0; i < PC_REPL_FOUND_MOST; i++) {
        pc_bytes_fini(&repl->search.names[i]);
    }
    for (size_t i = 0; i < PC_REPL_EDITED_MOST; i++) {
        pc_bytes_fini(&repl->walk.edited[i].text);
    }
    free(repl->prompts[0]);
    free(repl->prompts[1]);
}

static int
run(struct pc_repl *repl)
{
    int status = begin(repl);
    if (status == PYCONSOLE_OK) {
        status = loop(repl);
    }
    else if (repl->term != NULL) {
        (void)pc_repl_flush(repl); /* why */
    }
    if (status < 0 && repl->term != NULL && repl->options->host == NULL) {
        /* A write that was given up for the signal has ended the loop. */
        (void)is_asked_to_end(repl, pc_term_take_notes(repl->term));
    }
    if (repl->options->host != NULL && repl->term != NULL) {
        if (repl->state == PC_REPL_EDITING) {
            (void)pc_repl_leave_text(repl);
        }
        (void)pc_repl_close_shared_terminal(repl);
    }
    fini(repl);
    return status;
}

int
pc_repl_run(const struct pc_repl_options *options)
{
    struct pc_repl repl = {.options = options};
    int status = run(&repl);
    return status < 0 && repl.exit_status == 0 ? FAILED : repl.exit_status;
}

int
pc_repl_edit(const struct pc_repl_options *options)
{
    struct pc_repl repl = {.options = options};
    int status = pc_capture_init(&repl.capture);
    return status < 0 ? status : run(&repl);
}
