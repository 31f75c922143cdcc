/* The signals of a process at a terminal.
 *
 * Most are noted: a bit in `notes`, and a byte in a pipe that whoever waits for keys waits
 * for too. Those that end the process put the terminal back, then take their course with
 * the handler that was there before. SIGTERM and SIGHUP are noted first; if nobody
 * takes the note and they come again, they end the process too.
 *
 * A handler has no argument, so the terminal that is open is the one variable that this
 * program has at file scope. */
#include "term/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <pyconsole/status.h>

static struct pc_term *_Atomic current;

enum course {
    NOTE,      /* note it */
    NOTE_ONCE, /* note it; if it is noted already, end */
    END,       /* put the terminal back and end */
};

static const struct {
    int number;
    enum course course;
    unsigned note;
} caught[] = {
    {SIGWINCH, NOTE, PC_TERM_RESIZED},
    {SIGCONT, NOTE, PC_TERM_CONTINUED},
    {SIGINT, NOTE, PC_TERM_INTERRUPTED},
    {SIGTSTP, NOTE, PC_TERM_STOPPED},
    {SIGTERM, NOTE_ONCE, PC_TERM_ENDED},
    {SIGHUP, NOTE_ONCE, PC_TERM_HUNG_UP},
    {SIGQUIT, END, 0},
    {SIGSEGV, END, 0},
    {SIGBUS, END, 0},
    {SIGABRT, END, 0},
    {SIGFPE, END, 0},
    {SIGILL, END, 0},
    {SIGSYS, END, 0},
};
_Static_assert(sizeof caught / sizeof *caught == PC_SIGNALS, "state.h counts them");

static size_t
row_of(int number)
{
    size_t row = 0;
    while (row < PC_SIGNALS - 1 && caught[row].number != number) {
        row++;
    }
    return row;
}

/* The signal is blocked while its handler runs; raised, it comes again when that returns,
 * with the action that it had before. */
static void
end(struct pc_term *term, size_t row)
{
    pc_modes_leave(term);
    (void)sigaction(caught[row].number, &term->before[row], NULL);
    (void)raise(caught[row].number);
}

static void
pass_on(const struct sigaction *before, int number, siginfo_t *info, void *context)
{
    if ((before->sa_flags & SA_SIGINFO) != 0) {
        before->sa_sigaction(number, info, context);
    }
    else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN) {
        before->sa_handler(number);
    }
}

/* A child that another thread forked has no prompt: signals are to it what they were. */
static bool
forget_in_child(struct pc_term *term)
{
    if (term->owner == getpid()) {
        return false;
    }
    for (size_t row = 0; row < PC_SIGNALS; row++) {
        (void)sigaction(caught[row].number, &term->before[row], NULL);
    }
    atomic_store(&current, NULL);
    return true;
}

static void
handle(int number, siginfo_t *info, void *context)
{
    struct pc_term *term = atomic_load(&current);
    if (term == NULL) {
        return; /* it came while the handlers were being taken away */
    }
    if (forget_in_child(term)) {
        (void)raise(number);
        return;
    }
    int error = errno;
    size_t row = row_of(number);
    unsigned noted = atomic_fetch_or(&term->notes, caught[row].note);
    if (caught[row].course == END ||
        (caught[row].course == NOTE_ONCE && (noted & caught[row].note) != 0)) {
        end(term, row);
    }
    else {
        (void)!write(term->wake[1], "", 1);
        pass_on(&term->before[row], number, info, context);
    }
    errno = error;
}

/* A system call goes on after most signals. After those that ask the process to end it
 * does not, so that a write to a terminal that takes nothing is given up. */
static void
catch_signal(size_t row)
{
    struct sigaction action = {.sa_sigaction = handle};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    action.sa_flags |= caught[row].course == NOTE ? SA_RESTART : 0;
    sigfillset(&action.sa_mask);
    (void)sigaction(caught[row].number, &action, NULL);
}

static int
open_wake(int *wake)
{
    if (pipe2(wake, O_NONBLOCK | O_CLOEXEC) < 0) {
        wake[0] = wake[1] = -1;
        return PYCONSOLE_ENOMEM;
    }
    for (int i = 0; i < 2; i++) {
        wake[i] = pc_term_move_up(wake[i]);
    }
    return wake[0] < 0 || wake[1] < 0 ? PYCONSOLE_ENOMEM : PYCONSOLE_OK;
}

static int
open_stack(struct pc_term *term)
{
    stack_t stack = {.ss_size = (size_t)SIGSTKSZ};
    stack.ss_sp = term->stack = malloc(stack.ss_size);
    return term->stack != NULL && sigaltstack(&stack, &term->stack_before) == 0
               ? PYCONSOLE_OK
               : PYCONSOLE_ENOMEM;
}

int
pc_signals_catch(struct pc_term *term)
{
    struct pc_term *held = atomic_load(&current);
    struct pc_term *none = NULL;
    int status = open_wake(term->wake);
    if (held != NULL) {
        (void)forget_in_child(held);
    }
    if (status == PYCONSOLE_OK &&
        !atomic_compare_exchange_strong(&current, &none, term)) {
        status = PYCONSOLE_EBUSY;
    }
    else if (status == PYCONSOLE_OK && (status = open_stack(term)) < 0) {
        atomic_store(&current, NULL);
    }
    if (status < 0) {
        free(term->stack);
        (void)close(term->wake[0]);
        (void)close(term->wake[1]);
        return status;
    }
    for (size_t row = 0; row < PC_SIGNALS; row++) {
        (void)sigaction(caught[row].number, NULL, &term->before[row]);
        if (term->before[row].sa_handler != SIG_IGN) {
            catch_signal(row);
        }
    }
    return PYCONSOLE_OK;
}

void
pc_signals_release(struct pc_term *term)
{
    for (size_t row = 0; row < PC_SIGNALS; row++) {
        (void)sigaction(caught[row].number, &term->before[row], NULL);
    }
    atomic_store(&current, NULL);
    (void)sigaltstack(&term->stack_before, NULL);
    free(term->stack);
    (void)close(term->wake[0]);
    (void)close(term->wake[1]);
}

void
pc_term_take_course(int number)
{
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
        (void)raise(number);
    }
}

bool
pc_signals_stop(struct pc_term *term)
{
    size_t row = row_of(SIGTSTP);
    if (term->before[row].sa_handler == SIG_IGN) {
        return false;
    }
    sigset_t blocked;
    sigset_t before;
    struct sigaction stop = {.sa_handler = SIG_DFL};
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTSTP);
    (void)sigprocmask(SIG_BLOCK, &blocked, &before);
    (void)sigaction(SIGTSTP, &stop, NULL);
    (void)kill(0, SIGTSTP);
    (void)sigprocmask(SIG_UNBLOCK, &blocked, NULL); /* returns when it is continued */
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    catch_signal(row);
    return true;
}

/* For an exit() on the way: no handler runs then. */
__attribute__((destructor)) static void
leave_at_exit(void)
{
    struct pc_term *term = atomic_load(&current);
    if (term != NULL && term->owner == getpid()) {
        pc_modes_leave(term);
    }
}
