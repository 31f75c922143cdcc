/* A prompt in the process of the code that it runs. They share a thread and the terminal:
 * while a block is edited the terminal is the editor's, and what others write goes above
 * it; while the block runs terminal, signals and descriptors are as they were found.
 *
 * Between the two is what runs while a block is edited, on this thread: what completion
 * asks, the host's windows. It may write as much as it likes, so another thread reads
 * meanwhile. Handlers of signals get the terminal as code does. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "repl/parts.h"

enum {
    READ_ROOM = 1 << 14,
    LOWEST_FD = 10, /* ours stay out of the way of what code expects of 3 and so on */
};

/* ---- what others write ---- */

int
pc_repl_listen_to_others(struct pc_repl *repl)
{
    char room[READ_ROOM];
    ssize_t len = pc_capture_read(&repl->capture, room, sizeof room);
    int status = PYCONSOLE_OK;
    while (len > 0 && status == PYCONSOLE_OK) {
        status = pc_repl_print(repl, room, (size_t)len);
        len = status < 0 ? 0 : pc_capture_read(&repl->capture, room, sizeof room);
    }
    return status;
}

/* Code of the host's is over: what it has written meanwhile. */
static int
listen_again(struct pc_repl *repl)
{
    if (pc_capture_release(&repl->capture)) {
        pc_view_lost(repl->view);
        repl->stale = true;
    }
    return pc_repl_listen_to_others(repl);
}

/* ---- the terminal ---- */

int
pc_repl_open_shared_terminal(struct pc_repl *repl)
{
    const struct pc_repl_host *host = repl->options->host;
    int status = pc_term_open(STDIN_FILENO, repl->output, &repl->term);
    if (status == PYCONSOLE_OK) {
        pc_capture_begin(&repl->capture, pc_term_size(repl->term));
        /* Other threads may run meanwhile. */
        host->tell_signals(host->ctx, pc_term_wake_fd(repl->term));
    }
    return status;
}

/* What was written until now comes before what the code writes. The terminal has its own
 * modes again before anybody else writes to it: a line feed that only goes down is for us. */
int
pc_repl_close_shared_terminal(struct pc_repl *repl)
{
    const struct pc_repl_host *host = repl->options->host;
    int status = pc_repl_flush(repl);
    host->tell_signals(host->ctx, -1);
    (void)pc_term_cooked(repl->term);
    pc_capture_end(&repl->capture);
    int heard = pc_repl_listen_to_others(repl);
    status = status < 0 ? status : heard;
    status = status < 0 ? status : pc_repl_flush(repl);
    pc_term_close(repl->term);
    repl->term = NULL;
    return status;
}

/* Code runs on the terminal as it was found, and may leave the cursor anywhere. What other
 * threads write next must not come before what they wrote: they stand still. */
static int
lend(struct pc_repl *repl, int (*function)(void *ctx))
{
    const struct pc_repl_host *host = repl->options->host;
    int status = pc_repl_flush(repl);
    if (status < 0) {
        return status;
    }
    host->enter(host->ctx);
    status = pc_repl_close_shared_terminal(repl);
    int called = status < 0 ? status : function(host->ctx);
    int opened = pc_repl_open_shared_terminal(repl);
    host->leave(host->ctx);
    if (opened < 0) {
        return called < 0 ? called : opened;
    }
    repl->in_line = true;
    struct pc_term_size size = pc_term_size(repl->term);
    pc_view_resize(repl->view, size.columns, size.rows);
    status = pc_repl_read_ahead(repl);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_run_terminal(repl);
    }
    return called < 0 ? called : status;
}

/* The same while a block is edited: it is taken off the screen meanwhile. */
static int
lend_for_a_moment(struct pc_repl *repl, int (*function)(void *ctx))
{
    int status = pc_view_hide(repl->view, &repl->out);
    int called = status < 0 ? status : lend(repl, function);
    pc_view_lost(repl->view);
    repl->stale = true;
    status = repl->term == NULL ? PYCONSOLE_EEOF : pc_repl_edit_terminal(repl);
    return called < 0 ? called : status;
}

/* Has the host do something while a block is edited. */
static int
call_host(struct pc_repl *repl, int (*function)(void *ctx))
{
    const struct pc_repl_host *host = repl->options->host;
    pc_capture_hold(&repl->capture);
    host->enter(host->ctx);
    int called = function(host->ctx);
    host->leave(host->ctx);
    int status = listen_again(repl);
    return called < 0 ? called : status;
}

int
pc_repl_serve_host(struct pc_repl *repl)
{
    repl->unheard = true;
    return repl->state == PC_REPL_RUNNING ? lend(repl, repl->options->host->serve)
                                          : call_host(repl, repl->options->host->serve);
}

/* ---- signals ---- */

/* Those that ask the process to end do so, if nobody handles them. */
static int
leave_for(struct pc_repl *repl, unsigned notes)
{
    if (repl->state == PC_REPL_EDITING) {
        (void)pc_repl_leave_text(repl);
    }
    (void)pc_repl_tell_history(repl); /* it may be the end */
    int status = pc_repl_close_shared_terminal(repl);
    pc_term_take_course((notes & PC_TERM_ENDED) != 0 ? SIGTERM : SIGHUP);
    int opened = pc_repl_open_shared_terminal(repl);
    return status < 0 || opened < 0 ? PYCONSOLE_EEOF : pc_repl_prompt(repl);
}

/* Handlers may do what code does, as to begin a debugger. That there is another size, or
 * that the process goes on, is for the prompt; who else wants to know hears of it when next
 * something runs. */
int
pc_repl_take_host_signals(struct pc_repl *repl, unsigned notes)
{
    int status = PYCONSOLE_OK;
    if ((notes & (PC_TERM_ENDED | PC_TERM_HUNG_UP)) != 0) {
        status = leave_for(repl, notes);
    }
    if (status == PYCONSOLE_OK &&
        (notes == 0 ||
         (notes & ~(unsigned)(PC_TERM_RESIZED | PC_TERM_CONTINUED)) != 0)) {
        status = lend_for_a_moment(repl, repl->options->host->take_signals);
    }
    return status == PYCONSOLE_EINTERRUPT ? pc_repl_serve(repl, PC_EDIT_INTERRUPT)
                                          : status;
}

/* ---- windows ---- */

/* Hooks come back when there is something to read from descriptor 0: so that is what all
 * ways are behind, meanwhile. -1: there are no descriptors. */
static int
gather(const struct pc_repl *repl, const struct pollfd *ways, int input)
{
    int all = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    for (size_t i = 0; i < PC_REPL_WAYS && all >= 0; i++) {
        int fd = ways[i].fd == STDIN_FILENO ? input
                 : i == PC_REPL_OTHERS      ? pc_capture_fd(&repl->capture)
                                            : ways[i].fd;
        (void)epoll_ctl(all, EPOLL_CTL_ADD, fd, &event);
    }
    return all;
}

static int
run_hook(struct pc_repl *repl, const struct pollfd *ways)
{
    int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, LOWEST_FD);
    int all = input < 0 ? -1 : gather(repl, ways, input);
    if (all >= 0 && dup2(all, STDIN_FILENO) >= 0) {
        (void)(*repl->options->host->input_hook)();
        (void)dup2(input, STDIN_FILENO);
    }
    (void)close(all);
    (void)close(input);
    return all < 0 ? PYCONSOLE_ENOMEM : PYCONSOLE_OK;
}

int
pc_repl_turn_windows(struct pc_repl *repl, const struct pollfd *ways)
{
    pc_capture_hold(&repl->capture);
    int run = run_hook(repl, ways);
    int status = listen_again(repl);
    return run < 0 ? run : status;
}
