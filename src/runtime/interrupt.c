/* What an interrupt means, and how it comes to code; see control.h. */
#include "runtime/control.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { KICKS = 3 };
#define KICK_SIGNAL (SIGRTMAX - 1)

void
pc_interrupt_group(int number)
{
    kill(getpgrp() == getpid() ? 0 : getpid(), number);
}

static void
do_nothing(int number)
{
    (void)number;
}

void
pc_interrupt_prepare(void)
{
    struct sigaction action = {.sa_handler = do_nothing};
    (void)sigaction(KICK_SIGNAL, &action, NULL);
}

void
pc_interrupt_again(struct pc_control *c)
{
    pthread_mutex_lock(&c->lock);
    if (c->current == c->kicked) {
        if (c->home == NULL) {
            (void)pthread_kill(c->main, KICK_SIGNAL);
        }
        else if (c->home->kick != NULL) {
            c->home->kick(c);
        }
        c->kicks--;
    }
    else {
        c->kicks = 0;
    }
    pthread_mutex_unlock(&c->lock);
}

/* The request that has not begun, `request` or the first of all (0): its mark, and its
 * number. NULL: there is none. With `lock`. */
static bool *
find_waiting(struct pc_control *c, uint64_t request, uint64_t *ret_id)
{
    if (c->taken != 0 && (request == 0 || request == c->taken)) {
        *ret_id = c->taken;
        return &c->withdrawn;
    }
    for (struct pc_request *waiting = c->first; waiting != NULL;
         waiting = waiting->next) {
        if (waiting->id != 0 && (request == 0 || request == waiting->id)) {
            *ret_id = waiting->id;
            return &waiting->withdrawn;
        }
    }
    return NULL;
}

/* What runs, with `lock`. */
static void
stop_current(struct pc_control *c)
{
    if (c->home == NULL) {
        pc_interrupt_group(SIGINT);
        (void)eventfd_write(c->answer, 1); /* if it is just going to wait for one */
    }
    c->kicked = c->current;
    c->kicks = KICKS;
}

void
pc_interrupt(struct pc_control *c, uint64_t request)
{
    pthread_mutex_lock(&c->lock);
    uint64_t meant = c->current;
    bool runs = meant != 0 && (request == 0 || request == meant);
    bool *withdrawn = runs ? NULL : find_waiting(c, request, &meant);
    if (runs) {
        stop_current(c);
    }
    else if (withdrawn != NULL) {
        *withdrawn = true;
    }
    pthread_mutex_unlock(&c->lock);
    const char *answer = runs || withdrawn != NULL ? "interrupting"
                         : meant == 0              ? "idle"
                                                   : "mismatch";
    pc_control_reply(c, json_pack("{s:s, s:s, s:I}", "event", "interrupt", "name",
                                  answer, "request", (json_int_t)meant));
    if (runs && c->home != NULL) { /* which may have to wait */
        c->home->interrupt(c, meant);
    }
}

bool
pc_interrupt_set_current(struct pc_control *control, uint64_t request)
{
    pthread_mutex_lock(&control->lock);
    bool withdrawn =
        control->taken != 0 && control->taken == request && control->withdrawn;
    control->taken = 0;
    control->current = request;
    control->interrupted = false;
    pthread_mutex_unlock(&control->lock);
    /* A signal that was sent under the lock is pending by now, and comes with a system call. */
    (void)getppid();
    return withdrawn;
}
