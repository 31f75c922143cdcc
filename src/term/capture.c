/* The other terminal behind 1 and 2; see capture.h. It is a pseudo-terminal and not a pipe,
 * so that isatty() and the size are right for who writes, and so that its end is known: a
 * read fails when nobody has it open, a write that is under way counting as open. */
#include "term/capture.h"
#include "term/state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <pyconsole/status.h>

/* Who waits for room writes as soon as there is some: after so many ms without a byte
 * nobody does, and who still has the terminal open is a child that keeps it. */
enum { NOBODY_WRITES = 20 };

enum { NAME_MOST = 64, READ_ROOM = 1 << 12, STACK = 1 << 17 };

static void
close_if_open(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

/* ---- life ---- */

static bool
are_same_terminal(int one, int other)
{
    struct stat first;
    struct stat second;
    return isatty(other) && fstat(one, &first) == 0 && fstat(other, &second) == 0 &&
           first.st_rdev == second.st_rdev;
}

int
pc_capture_init(struct pc_capture *capture)
{
    bool both = are_same_terminal(STDOUT_FILENO, STDERR_FILENO);
    *capture = (struct pc_capture){
        .kept = {fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, PC_TERM_LOWEST_FD),
                 both ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, PC_TERM_LOWEST_FD) : -1},
        .other = -1,
        .stop = pc_term_move_up(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        .arrived = pc_term_move_up(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
    };
    if (capture->kept[0] < 0 || capture->stop < 0 || capture->arrived < 0) {
        pc_capture_fini(capture);
        return PYCONSOLE_ENOMEM;
    }
    return PYCONSOLE_OK;
}

int
pc_capture_terminal(const struct pc_capture *capture)
{
    return capture->kept[0];
}

int
pc_capture_fd(const struct pc_capture *capture)
{
    return capture->holding ? capture->arrived : capture->other;
}

/* ---- the other terminal ---- */

static int
open_other(void)
{
    int fd = pc_term_move_up(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (fd >= 0 && (grantpt(fd) < 0 || unlockpt(fd) < 0)) {
        close_if_open(&fd);
    }
    return fd;
}

/* The end that is written to. */
static int
open_end(int other, struct pc_term_size size)
{
    char name[NAME_MOST];
    struct winsize room = {.ws_row = (unsigned short)size.rows,
                           .ws_col = (unsigned short)size.columns};
    (void)ioctl(other, TIOCSWINSZ, &room);
    return ptsname_r(other, name, sizeof name) != 0
               ? -1
               : open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

void
pc_capture_begin(struct pc_capture *capture, struct pc_term_size size)
{
    if (capture->on) {
        return;
    }
    if (capture->other < 0) {
        capture->other = open_other();
    }
    int end = capture->other < 0 ? -1 : open_end(capture->other, size);
    if (end < 0) {
        close_if_open(&capture->other);
        return;
    }
    (void)dup2(end, STDOUT_FILENO);
    if (capture->kept[1] >= 0) {
        (void)dup2(end, STDERR_FILENO);
    }
    (void)close(end);
    capture->on = true;
}

void
pc_capture_end(struct pc_capture *capture)
{
    if (!capture->on) {
        return;
    }
    (void)dup2(capture->kept[0], STDOUT_FILENO);
    if (capture->kept[1] >= 0) {
        (void)dup2(capture->kept[1], STDERR_FILENO);
    }
    capture->on = false;
}

/* ---- reading ---- */

static ssize_t
read_held(struct pc_capture *capture, char *room, size_t len)
{
    size_t left = capture->held.len - capture->given;
    size_t count = left < len ? left : len;
    if (count > 0) {
        memcpy(room, capture->held.data + capture->given, count);
        capture->given += count;
        return (ssize_t)count;
    }
    pc_bytes_fini(&capture->held);
    capture->given = 0;
    return 0;
}

ssize_t
pc_capture_read(struct pc_capture *capture, char *room, size_t len)
{
    struct pollfd ready = {.fd = capture->other, .events = POLLIN};
    ssize_t count = read_held(capture, room, len);
    if (count > 0 || capture->other < 0) {
        return count > 0 ? count : PYCONSOLE_EEOF;
    }
    if (poll(&ready, 1, capture->on ? 0 : NOBODY_WRITES) <= 0) {
        return capture->on ? 0 : PYCONSOLE_EEOF;
    }
    count = read(capture->other, room, len);
    if (count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN))) {
        return count > 0 ? count : 0;
    }
    close_if_open(&capture->other); /* nobody has the other end */
    return PYCONSOLE_EEOF;
}

/* ---- the thread that reads meanwhile ---- */

static void
write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t count = write(fd, bytes, len);
        if (count < 0 && errno != EINTR) {
            return;
        }
        bytes += count < 0 ? 0 : count;
        len -= count < 0 ? 0 : (size_t)count;
    }
}

static void
keep(struct pc_capture *capture, const char *bytes, size_t len)
{
    if (capture->held.len < PC_CAPTURE_HELD_MOST &&
        pc_bytes_append(&capture->held, bytes, len) == PYCONSOLE_OK) {
        return;
    }
    capture->overflew = true;
    write_all(capture->kept[0], pc_bytes_text(&capture->held) + capture->given,
              capture->held.len - capture->given);
    write_all(capture->kept[0], bytes, len);
    pc_bytes_clear(&capture->held);
    capture->given = 0;
}

static void *
read_on(void *argument)
{
    enum { OTHER, STOP, WAYS };
    struct pc_capture *capture = argument;
    struct pollfd ways[WAYS] = {{.fd = capture->other, .events = POLLIN},
                                {.fd = capture->stop, .events = POLLIN}};
    char room[READ_ROOM];
    while (ways[STOP].revents == 0) {
        if (poll(ways, WAYS, -1) > 0 && ways[OTHER].revents != 0) {
            ssize_t count = read(capture->other, room, sizeof room);
            if (count <= 0) {
                break;
            }
            keep(capture, room, (size_t)count);
            (void)eventfd_write(capture->arrived, 1);
        }
    }
    return NULL;
}

/* Signals are for the program's own threads. */
static bool
start_thread(void *(*run)(void *), void *argument, pthread_t *ret_thread)
{
    pthread_attr_t attributes;
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(ret_thread, &attributes, run, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

void
pc_capture_hold(struct pc_capture *capture)
{
    if (capture->on && !capture->holding) {
        capture->holding = start_thread(read_on, capture, &capture->reader);
    }
}

bool
pc_capture_release(struct pc_capture *capture)
{
    eventfd_t count = 0;
    if (capture->holding) {
        (void)eventfd_write(capture->stop, 1);
        (void)pthread_join(capture->reader, NULL);
        (void)eventfd_read(capture->stop, &count);
        (void)eventfd_read(capture->arrived, &count);
        capture->holding = false;
    }
    bool overflew = capture->overflew;
    capture->overflew = false;
    return overflew;
}

/* ---- the end ---- */

/* A terminal that children have open, and the one that what they write goes to. */
struct rest {
    int from;
    int to;
};

static void *
pass_on(void *argument)
{
    struct rest *rest = argument;
    char room[READ_ROOM];
    ssize_t count = 0;
    while ((count = read(rest->from, room, sizeof room)) > 0) {
        write_all(rest->to, room, (size_t)count);
    }
    (void)close(rest->from);
    (void)close(rest->to);
    free(rest);
    return NULL;
}

/* Children that were started meanwhile write on when the editor is gone. */
static void
leave_to_children(struct pc_capture *capture)
{
    struct pollfd ready = {.fd = capture->other};
    struct rest *rest = NULL;
    pthread_t thread;
    if (capture->other < 0 || poll(&ready, 1, 0) < 0 ||
        (ready.revents & POLLHUP) != 0 || (rest = malloc(sizeof *rest)) == NULL) {
        return;
    }
    *rest = (struct rest){.from = capture->other, .to = capture->kept[0]};
    if (!start_thread(pass_on, rest, &thread)) {
        free(rest);
        return;
    }
    (void)pthread_detach(thread);
    capture->other = capture->kept[0] = -1;
}

void
pc_capture_fini(struct pc_capture *capture)
{
    (void)pc_capture_release(capture);
    pc_capture_end(capture);
    leave_to_children(capture);
    int *fds[] = {&capture->other,   &capture->stop,    &capture->arrived,
                  &capture->kept[0], &capture->kept[1], NULL};
    for (int **fd = fds; *fd != NULL; fd++) {
        close_if_open(*fd);
    }
    pc_bytes_fini(&capture->held);
}
