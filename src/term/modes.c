/* The sequences that turn modes of a terminal on and off, and the way back.
 *
 * Everything here may run in a signal handler: it calls what POSIX lists as
 * async-signal-safe, and nothing else. */
#include "term/state.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* How long a terminal that takes nothing is waited for, in ms, before its modes are left
 * as they are. */
enum { LEAVE_WAIT = 200 };

/* In the order in which they are turned on. */
static const struct {
    unsigned mode;
    const char *on;
    const char *off;
} modes_known[] = {
    /* The shape that the user had, visible, and no colour. */
    {PC_TERM_CURSOR, "", "\033[0 q\033[?25h\033[m"},
    {PC_TERM_PASTE, "\033[?2004h", "\033[?2004l"},
    {PC_TERM_FOCUS, "\033[?1004h", "\033[?1004l"},
    {PC_TERM_SCHEME, "\033[?2031h", "\033[?2031l"},
    /* xterm's first: a terminal that knows both then speaks kitty's. */
    {PC_TERM_XTERM_KEYS, "\033[>4;1m", "\033[>4m"},
    {PC_TERM_KEYS, "\033[>1u", "\033[<u"},
};
enum { MODES_KNOWN = sizeof modes_known / sizeof *modes_known };

static size_t
text_of(unsigned modes, bool on, char *room)
{
    size_t len = 0;
    for (size_t i = 0; i < MODES_KNOWN; i++) {
        size_t row = on ? i : MODES_KNOWN - 1 - i;
        if ((modes & modes_known[row].mode) != 0) {
            const char *text = on ? modes_known[row].on : modes_known[row].off;
            while (*text != '\0') {
                room[len++] = *text++;
            }
        }
    }
    return len;
}

size_t
pc_modes_change(unsigned before, unsigned after, char room[PC_MODES_MOST])
{
    size_t len = text_of(before & ~after, false, room);
    return len + text_of(after & ~before, true, room + len);
}

bool
pc_modes_turn_off(struct pc_term *term)
{
    char text[PC_MODES_MOST];
    size_t left = pc_modes_change(atomic_load(&term->modes), 0, text);
    const char *rest = text;
    while (left > 0) {
        struct pollfd ready = {.fd = term->own_out, .events = POLLOUT};
        if (poll(&ready, 1, LEAVE_WAIT) == 0) {
            break;
        }
        ssize_t count = write(term->own_out, rest, left);
        if (count > 0) {
            rest += count;
            left -= (size_t)count;
        }
        else if (errno != EINTR && errno != EAGAIN) {
            break;
        }
    }
    atomic_store(&term->modes, 0);
    return left == 0;
}

/* When a shell has taken the terminal, it is in the shell's modes. Without job control
 * (-1) nobody takes it. */
void
pc_modes_leave(struct pc_term *term)
{
    pid_t group = tcgetpgrp(term->in);
    if (!atomic_load(&term->raw) || (group >= 0 && group != getpgrp())) {
        return;
    }
    (void)pc_modes_turn_off(term);
    while (tcsetattr(term->in, TCSANOW, &term->found) < 0 && errno == EINTR) {}
    atomic_store(&term->raw, false);
}
