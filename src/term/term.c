/* Opening a terminal, its modes, and the bytes that go in and out; see term.h.
 *
 * The descriptors are shared with other processes (the shell, what the user starts), and
 * O_NONBLOCK would be shared with them: so what is written goes through the terminal opened
 * again, where that is allowed, and every write asks poll() first; every read does, but in
 * raw mode, where it gives what is there (VMIN and VTIME are 0). */
#include "term/state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
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
pc_term_move_up(int fd)
{
    int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, PC_TERM_LOWEST_FD);
    if (fd >= 0) {
        (void)close(fd);
    }
    return moved;
}

/* The terminal behind a descriptor, opened for this process alone; or the same descriptor.
 * A write to that may wait for a terminal that takes a part of the bytes, whatever poll()
 * said. */
static int
open_again(int fd)
{
    char name[128];
    struct stat one;
    struct stat other;
    if (ttyname_r(fd, name, sizeof name) != 0) {
        return fd;
    }
    int again =
        pc_term_move_up(open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (again >= 0 && (fstat(fd, &one) < 0 || fstat(again, &other) < 0 ||
                       one.st_rdev != other.st_rdev)) {
        (void)close(again);
        again = -1;
    }
    return again < 0 ? fd : again;
}

static void
close_again(const struct pc_term *term)
{
    if (term->own_out != term->out) {
        (void)close(term->own_out);
    }
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
    term->owner = getpid();
    term->own_out = open_again(out_fd);
    int status = pc_signals_catch(term);
    if (status < 0) {
        close_again(term);
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
        close_again(term);
        free(term);
    }
}

/* ---- modes ---- */

static bool
are_equal(const struct termios *one, const struct termios *other)
{
    return one->c_iflag == other->c_iflag && one->c_oflag == other->c_oflag &&
           one->c_cflag == other->c_cflag && one->c_lflag == other->c_lflag &&
           memcmp(one->c_cc, other->c_cc, sizeof one->c_cc) == 0;
}

/* At most prompts they are as they should be. */
static int
set_attributes(const struct pc_term *term, const struct termios *attributes)
{
    struct termios now;
    if (tcgetattr(term->in, &now) == 0 && are_equal(&now, attributes)) {
        return PYCONSOLE_OK;
    }
    while (tcsetattr(term->in, TCSANOW, attributes) < 0) {
        if (errno != EINTR) {
            return PYCONSOLE_EEOF;
        }
    }
    return PYCONSOLE_OK;
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
    term->wanted = modes;
    return set_attributes(term, &raw);
}

int
pc_term_cooked(struct pc_term *term)
{
    if (!atomic_load(&term->raw)) {
        return PYCONSOLE_OK;
    }
    term->wanted = 0;
    bool written = pc_modes_turn_off(term);
    int status = set_attributes(term, &term->found);
    atomic_store(&term->raw, false);
    return written ? status : PYCONSOLE_EEOF;
}

int
pc_term_suspend(struct pc_term *term)
{
    bool raw = atomic_load(&term->raw);
    unsigned modes = term->wanted;
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
pc_term_wake_fd(const struct pc_term *term)
{
    return term->wake[1];
}

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

void
pc_term_drop_interrupt(struct pc_term *term)
{
    (void)atomic_fetch_and(&term->notes, ~(unsigned)PC_TERM_INTERRUPTED);
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

/* As much of the two parts as the terminal takes, which may be nothing. */
static int
write_some(struct pc_term *term, const struct iovec *parts, size_t *ret_count)
{
    struct pollfd ready = {.fd = term->own_out, .events = POLLOUT};
    *ret_count = 0;
    if (poll(&ready, 1, 0) > 0) {
        ssize_t count = writev(term->own_out, parts, 2);
        if (count >= 0) {
            *ret_count = (size_t)count;
            return PYCONSOLE_OK;
        }
        if (errno != EINTR && errno != EAGAIN) {
            return PYCONSOLE_EEOF;
        }
    }
    if (is_asked_to_end(term)) {
        return PYCONSOLE_EINTERRUPT;
    }
    (void)poll(&ready, 1, WRITE_WAIT);
    return PYCONSOLE_OK;
}

int
pc_term_write(struct pc_term *term, const char *bytes, size_t len)
{
    char change[PC_MODES_MOST];
    unsigned before = atomic_load(&term->modes);
    struct iovec parts[2] = {
        {.iov_base = change, .iov_len = pc_modes_change(before, term->wanted, change)}};
    /* Until all is written, a handler turns off what may be on. */
    atomic_store(&term->modes, before | term->wanted);
    int status = PYCONSOLE_OK;
    while (status == PYCONSOLE_OK && parts[0].iov_len + len > 0) {
        size_t count = 0;
        parts[1] = (struct iovec){.iov_base = (char *)bytes,
                                  .iov_len = len < WRITE_MOST ? len : WRITE_MOST};
        status = write_some(term, parts, &count);
        size_t changed = count < parts[0].iov_len ? count : parts[0].iov_len;
        parts[0].iov_base = (char *)parts[0].iov_base + changed;
        parts[0].iov_len -= changed;
        bytes += count - changed;
        len -= count - changed;
    }
    if (parts[0].iov_len == 0) {
        atomic_store(&term->modes, term->wanted);
    }
    return status;
}
