/* The sequences that turn modes of a terminal on and off, and the way back.
 *
 * Everything here may run in a signal handler: it calls what POSIX lists as
 * async-signal-safe, and nothing else. */
#include "term/state.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
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

static bool
write_text(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        struct pollfd ready = {.fd = fd, .events = POLLOUT};
        if (poll(&ready, 1, LEAVE_WAIT) == 0) {
            return false;
        }
        ssize_t count = write(fd, text, left);
        if (count > 0) {
            text += count;
            left -= (size_t)count;
        }
        else if (errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

bool
pc_modes_write(int fd, unsigned modes, bool on)
{
    for (size_t i = 0; i < MODES_KNOWN; i++) {
        size_t row = on ? i : MODES_KNOWN - 1 - i;
        if ((modes & modes_known[row].mode) != 0 &&
            !write_text(fd, on ? modes_known[row].on : modes_known[row].off)) {
            return false;
        }
    }
    return true;
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
    (void)pc_modes_write(term->out, atomic_load(&term->modes), false);
    while (tcsetattr(term->in, TCSANOW, &term->found) < 0 && errno == EINTR) {}
    atomic_store(&term->modes, 0);
    atomic_store(&term->raw, false);
}
