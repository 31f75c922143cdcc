/* Opening a terminal, its modes, and the bytes that go in and out; see term.h.
 *
 * The descriptors are shared with other processes (the shell, what the user starts), and
 * O_NONBLOCK would be shared with them: so every write asks poll() first, and every read
 * but in raw mode, where it gives what is there (VMIN and VTIME are 0). */
#include "term/state.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <pyconsole/status.h>

/* The most that is written at once, and how often, in ms, who waits for a slow terminal
 * looks whether the process shall end. */
enum { WRITE_MOST = 16 << 10, WRITE_WAIT = 500 };

enum { ROWS = 24, COLUMNS = 80, SIZE_MOST = 10000 };

bool
pc_term_is_usable(int in_fd, int out_fd, const char *name)
{
    return name != NULL && *name != '\0' && strcmp(name, "dumb") != 0 &&
           strcmp(name, "unknown") != 0 && isatty(in_fd) && isatty(out_fd);
}

int
pc_term_open(int in_fd, int out_fd, struct pc_term **ret_term)
{
    struct termios found;
    if (tcgetattr(in_fd, &found) < 0) {
        return PYCONSOLE_EINVAL;
    }
    struct pc_term *term = calloc(1, sizeof *term);
    if (term == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    term->in = in_fd;
    term->out = out_fd;
    term->found = found;
    int status = pc_signals_catch(term);
    if (status < 0) {
        free(term);
        return status;
    }
    *ret_term = term;
    return PYCONSOLE_OK;
}

void
pc_term_close(struct pc_term *term)
{
    if (term != NULL) {
        (void)pc_term_cooked(term);
        pc_signals_release(term);
        free(term);
    }
}

/* ---- modes ---- */

static int
set_attributes(const struct pc_term *term, const struct termios *attributes)
{
    while (tcsetattr(term->in, TCSANOW, attributes) < 0) {
        if (errno != EINTR) {
            return PYCONSOLE_EEOF;
        }
    }
    return PYCONSOLE_OK;
}

static int
set_modes(struct pc_term *term, unsigned modes)
{
    unsigned before = atomic_load(&term->modes);
    /* Until both are written, a handler turns off what may be on. */
    atomic_store(&term->modes, before | modes);
    bool written = pc_modes_write(term->out, before & ~modes, false) &&
                   pc_modes_write(term->out, modes & ~before, true);
    atomic_store(&term->modes, modes);
    return written ? PYCONSOLE_OK : PYCONSOLE_EEOF;
}

int
pc_term_raw(struct pc_term *term, unsigned modes)
{
    struct termios raw = term->found;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    atomic_store(&term->raw, true);
    int status = set_attributes(term, &raw);
    return status < 0 ? status : set_modes(term, modes);
}

int
pc_term_cooked(struct pc_term *term)
{
    if (!atomic_load(&term->raw)) {
        return PYCONSOLE_OK;
    }
    int written = set_modes(term, 0);
    int status = set_attributes(term, &term->found);
    atomic_store(&term->raw, false);
    return status < 0 ? status : written;
}

int
pc_term_suspend(struct pc_term *term)
{
    bool raw = atomic_load(&term->raw);
    unsigned modes = atomic_load(&term->modes);
    (void)pc_term_cooked(term);
    if (pc_signals_stop(term)) {
        /* The shell's user may have changed them with stty. */
        (void)tcgetattr(term->in, &term->found);
    }
    return raw ? pc_term_raw(term, modes) : PYCONSOLE_OK;
}

/* Who is in the background is stopped for this call, unless SIGTTOU is blocked. */
int
pc_term_set_foreground(struct pc_term *term, pid_t group)
{
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTTOU);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    int failed = tcsetpgrp(term->in, group == 0 ? getpgrp() : group);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return failed < 0 ? PYCONSOLE_EINVAL : PYCONSOLE_OK;
}

/* ---- size ---- */

static unsigned
size_from(const char *variable, unsigned otherwise)
{
    const char *text = getenv(variable);
    char *end = NULL;
    unsigned long number = text == NULL ? 0 : strtoul(text, &end, 10);
    return number > 0 && number <= SIZE_MOST && *end == '\0' ? (unsigned)number
                                                             : otherwise;
}

struct pc_term_size
pc_term_size(const struct pc_term *term)
{
    struct winsize size = {0};
    if (ioctl(term->out, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 ||
        size.ws_col == 0) {
        return (struct pc_term_size){.rows = size_from("LINES", ROWS),
                                     .columns = size_from("COLUMNS", COLUMNS)};
    }
    return (struct pc_term_size){.rows = size.ws_row, .columns = size.ws_col};
}

/* ---- signals ---- */

int
pc_term_signal_fd(const struct pc_term *term)
{
    return term->wake[0];
}

/* The pipe first: a note that comes in between leaves its byte there, and the next call
 * finds it. */
unsigned
pc_term_take_notes(struct pc_term *term)
{
    char bytes[64];
    while (read(term->wake[0], bytes, sizeof bytes) > 0) {}
    return atomic_exchange(&term->notes, 0);
}

/* ---- bytes ---- */

ssize_t
pc_term_read(struct pc_term *term, char *room, size_t len)
{
    struct pollfd ready = {.fd = term->in, .events = POLLIN};
    bool raw = atomic_load(&term->raw);
    if (!raw && poll(&ready, 1, 0) <= 0) {
        return 0;
    }
    ssize_t count = read(term->in, room, len);
    if (count > 0) {
        return count;
    }
    if (count < 0) {
        return errno == EINTR || errno == EAGAIN ? 0 : PYCONSOLE_EEOF;
    }
    /* In raw mode there is nothing, unless the line is cut. Otherwise it is a Ctrl-D. */
    bool hung_up = poll(&ready, 1, 0) > 0 && (ready.revents & (POLLHUP | POLLERR)) != 0;
    return raw && !hung_up ? 0 : PYCONSOLE_EEOF;
}

static bool
is_asked_to_end(const struct pc_term *term)
{
    return (atomic_load(&term->notes) & (PC_TERM_ENDED | PC_TERM_HUNG_UP)) != 0;
}

int
pc_term_write(struct pc_term *term, const char *bytes, size_t len)
{
    while (len > 0) {
        struct pollfd ready = {.fd = term->out, .events = POLLOUT};
        if (poll(&ready, 1, 0) == 0) {
            if (is_asked_to_end(term)) {
                return PYCONSOLE_EINTERRUPT;
            }
            (void)poll(&ready, 1, WRITE_WAIT);
            continue;
        }
        ssize_t count = write(term->out, bytes, len < WRITE_MOST ? len : WRITE_MOST);
        if (count >= 0) {
            bytes += count;
            len -= (size_t)count;
        }
        else if (errno != EINTR && errno != EAGAIN) {
            return PYCONSOLE_EEOF;
        }
    }
    return PYCONSOLE_OK;
}
