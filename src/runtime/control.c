/* The control thread of a worker, and what the main thread says to it; see control.h. */
#include "runtime/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

enum { READ_ROOM = 1 << 14, NOT_KNOWN = -1000, HOST_GONE = 129 };

/* ---- sending ---- */

/* Everything, whatever signals come. Code may make the pipes non-blocking. */
static int
write_all(int fd, const char *bytes, size_t len, bool is_socket)
{
    while (len > 0) {
        ssize_t count =
            is_socket ? send(fd, bytes, len, MSG_NOSIGNAL) : write(fd, bytes, len);
        if (count < 0 && errno == EAGAIN) {
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            (void)poll(&room, 1, -1);
            continue;
        }
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return -1;
        }
        bytes += count;
        len -= (size_t)count;
    }
    return 0;
}

/* What the thread waits for in the socket: something to read, and room; or nothing. */
static void
watch_socket(struct pc_control *c, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = c->fd};
    (void)epoll_ctl(c->epoll, EPOLL_CTL_MOD, c->fd, &event);
}

/* Sends what the socket takes of the backlog. With `sending`. */
static void
flush_backlog(struct pc_control *c)
{
    struct pc_bytes *backlog = &c->backlog;
    while (c->backlog_start < backlog->len) {
        ssize_t count = send(c->fd, backlog->data + c->backlog_start,
                             backlog->len - c->backlog_start, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno == EAGAIN) {
            break;
        }
        /* With nobody there to read it, it goes nowhere. */
        c->backlog_start = count < 0 ? backlog->len : c->backlog_start + (size_t)count;
    }
    if (c->backlog_start == backlog->len) {
        pc_bytes_fini(backlog);
        c->backlog_start = 0;
        if (c->finishing) {
            (void)shutdown(c->fd, SHUT_RDWR);
        }
    }
    else if (c->backlog_start > backlog->len / 2) {
        (void)pc_bytes_replace(backlog, 0, c->backlog_start, NULL, 0);
        c->backlog_start = 0;
    }
    pthread_cond_broadcast(&c->room);
}

/* Sends what can be sent now; the thread sends the rest. With `sending`. */
static int
send_behind_backlog(struct pc_control *c, const char *line, size_t len)
{
    bool first = c->backlog.len == 0;
    int status = pc_bytes_append(&c->backlog, line, len);
    if (first) {
        flush_backlog(c);
        if (c->backlog.len > 0) {
            watch_socket(c, EPOLLIN | EPOLLOUT);
        }
    }
    return status < 0 ? -1 : 0;
}

void
pc_control_finish(struct pc_control *control)
{
    pthread_mutex_lock(&control->sending);
    control->finishing = true;
    flush_backlog(control);
    pthread_mutex_unlock(&control->sending);
}

static int
send_bytes(struct pc_control *c, const char *line, size_t len)
{
    int sent = c->home == NULL ? write_all(c->fd, line, len, true)
                               : send_behind_backlog(c, line, len);
    return sent < 0 ? PYCONSOLE_ECLOSED : PYCONSOLE_OK;
}

static int
send_line(struct pc_control *c, json_t *message)
{
    pc_auto_free char *line = NULL;
    size_t len = 0;
    int status = pc_wire_line(message, &line, &len);
    json_decref(message);
    return status < 0 ? status : send_bytes(c, line, len);
}

/* The next turn, marked in both pipes, or once in the terminal. */
static void
mark_turn(struct pc_control *c)
{
    char mark[PC_MARK_MOST];
    size_t len = pc_mark_write(c->token, ++c->turn, mark);
    (void)write_all(c->out[0], mark, len, false);
    if (!c->terminal) {
        (void)write_all(c->out[1], mark, len, false);
    }
}

/* A message with the next turn, which is marked only if there is a message of it: a host
 * waits for the message of each mark. With `sending`; steals the message. */
static int
send_in_turn(struct pc_control *c, json_t *message)
{
    pc_auto_free char *line = NULL;
    size_t len = 0;
    json_t *turn = json_integer((json_int_t)c->turn + 1);
    int status = json_object_set_new(message, "turn", turn) < 0
                     ? PYCONSOLE_ENOMEM
                     : pc_wire_line(message, &line, &len);
    json_decref(message);
    if (status < 0) {
        return status;
    }
    mark_turn(c);
    return send_bytes(c, line, len);
}

int
pc_control_send(struct pc_control *control, json_t *message)
{
    if (control->fd < 0) {
        json_decref(message);
        return PYCONSOLE_ECLOSED;
    }
    pthread_mutex_lock(&control->sending);
    int status = control->home == NULL ? send_in_turn(control, message)
                                       : send_line(control, message);
    pthread_mutex_unlock(&control->sending);
    return status;
}

void
pc_control_print(struct pc_control *control, int stream)
{
    if (control->fd < 0 || control->terminal ||
        !pc_control_changes_stream(control, stream)) {
        return;
    }
    pthread_mutex_lock(&control->sending);
    if (__atomic_exchange_n(&control->stream, stream, __ATOMIC_RELAXED) != 0) {
        (void)send_in_turn(control, json_object());
    }
    pthread_mutex_unlock(&control->sending);
}

bool
pc_control_wait_for_room(struct pc_control *control, size_t most, int timeout)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += timeout / 1000;
    end.tv_nsec += (long)(timeout % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&control->sending);
    bool room = control->backlog.len - control->backlog_start <= most;
    if (!room) {
        (void)pthread_cond_timedwait(&control->room, &control->sending, &end);
        room = control->backlog.len - control->backlog_start <= most / 2;
    }
    pthread_mutex_unlock(&control->sending);
    return room;
}

void
pc_control_reply(struct pc_control *control, json_t *message)
{
    pthread_mutex_lock(&control->sending);
    (void)send_line(control, message);
    pthread_mutex_unlock(&control->sending);
}

/* ---- what the thread does with a message ---- */

static void
silence(int eventfd_number)
{
    uint64_t count = 0;
    (void)!read(eventfd_number, &count, sizeof count);
}

static bool
asks_for_fork(const json_t *message)
{
    const char *op = pc_wire_text(message, "op");
    return strcmp(op, "clone") == 0 || strcmp(op, "checkpoint") == 0;
}

/* Puts a request in the queue; takes over the message. The ends of what is to be forked
 * are its own. */
static void
enqueue(struct pc_control *c, json_t *message, size_t len)
{
    struct pc_request *request = calloc(1, sizeof *request);
    pthread_mutex_lock(&c->lock);
    bool room = request != NULL && c->waiting < PC_REQUESTS_MOST &&
                c->waiting_bytes + len <= PC_WAITING_MOST;
    if (room) {
        bool forks = asks_for_fork(message);
        uint64_t id = forks ? 0 : pc_wire_number(message, "id");
        *request = (struct pc_request){.message = message, .len = len, .id = id};
        for (size_t i = 0; i < PC_CLONE_ENDS; i++) {
            request->ends[i] = forks ? c->ends[i] : -1;
            c->ends[i] = forks ? -1 : c->ends[i];
        }
        if (c->first == NULL) {
            c->first = request;
        }
        else {
            c->last->next = request;
        }
        c->last = request;
        c->waiting++;
        c->waiting_bytes += len;
        (void)eventfd_write(c->wake, 1);
    }
    pthread_mutex_unlock(&c->lock);
    if (room) {
        return;
    }
    free(request);
    pc_control_reply(c, json_pack("{s:s, s:s, s:I, s:s}", "event", "done", "name",
                                  "refused", "request",
                                  (json_int_t)pc_wire_number(message, "id"), "text",
                                  "too many requests wait"));
    json_decref(message);
}

/* The text is taken out of the message, so that no two threads have it. */
static void
take_answer(struct pc_control *c, json_t *message)
{
    pthread_mutex_lock(&c->lock);
    if (c->input_asked && c->input == NULL) {
        c->input = json_incref(json_object_get(message, "text"));
        (void)json_object_del(message, "text");
        (void)eventfd_write(c->answer, 1);
    }
    pthread_mutex_unlock(&c->lock);
}

/* Takes over the message. */
static void
take_message(struct pc_control *c, json_t *message, size_t len)
{
    const char *op = pc_wire_text(message, "op");
    if (strcmp(op, "interrupt") == 0) {
        pc_interrupt(c, pc_wire_number(message, "request"));
    }
    else if (strcmp(op, "input") == 0) {
        take_answer(c, message);
    }
    else {
        enqueue(c, message, len);
        return;
    }
    json_decref(message);
}

/* ---- reading ---- */

static void
close_ends(int *ends)
{
    for (size_t i = 0; i < PC_CLONE_ENDS; i++) {
        if (ends[i] >= 0) {
            close(ends[i]);
            ends[i] = -1;
        }
    }
}

int
pc_control_move_up(int fd)
{
    if (fd > STDERR_FILENO) {
        return fd;
    }
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return moved;
}

/* Keeps the descriptors that came with a clone request; there is one at a time. All four,
 * one, or none. */
static void
keep_ends(struct pc_control *c, struct msghdr *header)
{
    struct cmsghdr *rights = CMSG_FIRSTHDR(header);
    if (rights == NULL || rights->cmsg_type != SCM_RIGHTS) {
        return;
    }
    close_ends(c->ends);
    memcpy(c->ends, CMSG_DATA(rights), rights->cmsg_len - CMSG_LEN(0));
    for (size_t i = 0; i < PC_CLONE_ENDS && c->ends[i] >= 0; i++) {
        c->ends[i] = pc_control_move_up(c->ends[i]);
    }
    if (rights->cmsg_len != CMSG_LEN(sizeof c->ends) &&
        rights->cmsg_len != CMSG_LEN(sizeof c->ends[0])) {
        close_ends(c->ends);
    }
}

/* Some bytes from the socket: how many; 0 at the end. */
static ssize_t
receive(struct pc_control *c)
{
    int status = 0;
    char *room = pc_wire_reader_room(&c->reader, READ_ROOM, &status);
    union {
        char bytes[CMSG_SPACE(sizeof c->ends)];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {.iov_base = room, .iov_len = READ_ROOM};
    struct msghdr header = {.msg_iov = &iov,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    ssize_t count = 0;
    if (room == NULL) {
        return 0;
    }
    do {
        count = recvmsg(c->fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count > 0) {
        pc_wire_reader_filled(&c->reader, (size_t)count);
        keep_ends(c, &header);
    }
    return count;
}

static int
take_messages(struct pc_control *c)
{
    json_t *message = NULL;
    size_t before = c->reader.start;
    while (pc_wire_next(&c->reader, &message) == 0) {
        if (message == NULL) {
            return 0;
        }
        take_message(c, message, c->reader.start - before);
        before = c->reader.start;
    }
    return -1;
}

int
pc_control_take(struct pc_control *control)
{
    pthread_mutex_lock(&control->reading);
    ssize_t count = receive(control);
    bool nothing = count < 0 && errno == EAGAIN;
    int taken = count > 0 ? take_messages(control) : nothing ? 0 : -1;
    pthread_mutex_unlock(&control->reading);
    return taken;
}

static void
tell_exit(struct pc_child *child)
{
    siginfo_t info = {0};
    int status = NOT_KNOWN;
    if (waitid(P_PIDFD, (id_t)child->pidfd, &info, WEXITED | WNOHANG) == 0 &&
        info.si_pid != 0) {
        status = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    }
    close(child->pidfd);
    if (child->exit >= 0) {
        (void)write_all(child->exit, (char *)&status, sizeof status, false);
        close(child->exit);
    }
    free(child);
}

/* A fork under way has a copy of the descriptor, and as long as that is open the poll would
 * go on to tell of this child, under a number that may be another child's by then. */
static void
reap(struct pc_control *c, int pidfd)
{
    (void)epoll_ctl(c->epoll, EPOLL_CTL_DEL, pidfd, NULL);
    pthread_mutex_lock(&c->lock);
    struct pc_child **link = &c->children;
    while (*link != NULL && (*link)->pidfd != pidfd) {
        link = &(*link)->next;
    }
    struct pc_child *child = *link;
    if (child != NULL) {
        *link = child->next;
    }
    pthread_mutex_unlock(&c->lock);
    if (child != NULL) {
        tell_exit(child);
    }
}

/* The host is gone without a word: nobody can see what code does any more. Children that
 * it started get SIGHUP, as from a terminal. A checkpoint stays until its clones have
 * ended, since only their parent can tell how. */
static void
leave(struct pc_control *c)
{
    pthread_mutex_lock(&c->lock);
    bool stays = c->held && c->children != NULL;
    pthread_mutex_unlock(&c->lock);
    if (stays) {
        (void)epoll_ctl(c->epoll, EPOLL_CTL_DEL, c->fd, NULL);
        c->left = true;
        return;
    }
    signal(SIGHUP, SIG_IGN);
    pc_interrupt_group(SIGHUP);
    _exit(HOST_GONE);
}

/* The same where the process is the host's: wakes who waits. */
static void
end(struct pc_control *c)
{
    pthread_mutex_lock(&c->lock);
    c->ended = true;
    (void)eventfd_write(c->wake, 1);
    (void)eventfd_write(c->answer, 1);
    pthread_mutex_unlock(&c->lock);
    pthread_mutex_lock(&c->sending);
    (void)pc_bytes_fini(&c->backlog);
    c->backlog_start = 0;
    pthread_cond_broadcast(&c->room);
    pthread_mutex_unlock(&c->sending);
    c->home->gone(c);
}

static void
make_room(struct pc_control *c)
{
    pthread_mutex_lock(&c->sending);
    flush_backlog(c);
    if (c->backlog.len == 0) {
        watch_socket(c, EPOLLIN);
    }
    pthread_mutex_unlock(&c->sending);
}

int
pc_control_turn(struct pc_control *control)
{
    struct epoll_event event;
    if (epoll_wait(control->epoll, &event, 1, 0) != 1) {
        return 0;
    }
    if ((event.events & EPOLLOUT) != 0) {
        make_room(control);
    }
    return (event.events & ~(uint32_t)EPOLLOUT) != 0 ? pc_control_take(control) : 0;
}

static void *
run(void *argument)
{
    struct pc_control *c = argument;
    __atomic_store_n(&c->runs, true, __ATOMIC_RELEASE);
    for (;;) {
        struct epoll_event event;
        int count = epoll_wait(c->epoll, &event, 1, c->kicks > 0 ? PC_KICK_WAIT : -1);
        if (count == 0) {
            pc_interrupt_again(c);
        }
        if (count != 1) {
            continue;
        }
        if (event.data.fd != c->fd) {
            reap(c, event.data.fd);
            if (c->left) {
                leave(c);
            }
        }
        else if ((event.events & EPOLLOUT) != 0) {
            make_room(c);
        }
        else if (pc_control_take(c) < 0) {
            if (c->home == NULL) {
                leave(c);
                continue;
            }
            end(c);
            return NULL;
        }
    }
}

/* ---- for the main thread ---- */

static int
watch(struct pc_control *c, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event);
}

int
pc_control_init(struct pc_control *control, int fd, int out1, int out2,
                json_t **ret_hello)
{
    *control = (struct pc_control){
        .fd = fd, .out = {out1, out2}, .main = pthread_self(), .pid = getpid()};
    memset(control->ends, -1, sizeof control->ends);
    pthread_mutex_init(&control->lock, NULL);
    pthread_mutex_init(&control->sending, NULL);
    pthread_mutex_init(&control->reading, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&control->room, &clock);
    pthread_condattr_destroy(&clock);
    control->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    control->answer = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    control->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (control->wake < 0 || control->answer < 0 || control->epoll < 0 ||
        watch(control, fd) < 0) {
        return -1;
    }
    while (ret_hello != NULL) {
        if (pc_wire_next(&control->reader, ret_hello) < 0) {
            errno = EPROTO;
            return -1;
        }
        if (*ret_hello != NULL) {
            const char *token = pc_wire_text(*ret_hello, "token");
            strncpy(control->token, token, PC_MARK_TOKEN);
            return 0;
        }
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        (void)poll(&wait, 1, -1);
        ssize_t count = receive(control);
        if (count == 0 || (count < 0 && errno != EAGAIN)) {
            errno = ECONNRESET;
            return -1;
        }
    }
    return 0;
}

int
pc_control_start(struct pc_control *control)
{
    /* What came with the hello. */
    if (take_messages(control) < 0) {
        errno = EPROTO;
        return -1;
    }
    if (control->home == NULL) {
        pc_interrupt_prepare();
    }
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 18);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&control->thread, &attributes, run, control);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    errno = failed;
    return failed == 0 ? 0 : -1;
}

int
pc_control_own_terminal(struct pc_control *control)
{
    return control->terminal ? ioctl(control->out[0], TIOCSCTTY, 0) : 0;
}

void
pc_control_hold(struct pc_control *control)
{
    pthread_mutex_lock(&control->reading);
    pthread_mutex_lock(&control->sending);
    pthread_mutex_lock(&control->lock);
}

void
pc_control_release(struct pc_control *control)
{
    pthread_mutex_unlock(&control->lock);
    pthread_mutex_unlock(&control->sending);
    pthread_mutex_unlock(&control->reading);
}

void
pc_control_abandon(struct pc_control *control)
{
    const int fds[] = {control->fd,   control->out[0], control->out[1],
                       control->wake, control->answer, control->epoll};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
    close_ends(control->ends);
    while (control->first != NULL) {
        struct pc_request *request = control->first;
        control->first = request->next;
        pc_request_free(request);
    }
    while (control->children != NULL) {
        struct pc_child *child = control->children;
        control->children = child->next;
        close(child->pidfd);
        if (child->exit >= 0) {
            close(child->exit);
        }
        free(child);
    }
    json_decref(control->input);
    pc_wire_reader_fini(&control->reader);
    pc_bytes_fini(&control->backlog);
    control->input = NULL;
    control->fd = -1;
}

void
pc_request_free(struct pc_request *request)
{
    if (request == NULL) {
        return;
    }
    close_ends(request->ends);
    json_decref(request->message);
    free(request);
}

struct pc_request *
pc_control_first(struct pc_control *control)
{
    struct pc_control *c = control;
    pthread_mutex_lock(&c->lock);
    struct pc_request *request = c->first;
    c->taken = request == NULL ? 0 : request->id;
    if (request != NULL) {
        c->withdrawn = request->withdrawn;
        c->first = request->next;
        c->waiting--;
        c->waiting_bytes -= request->len;
    }
    if (request != NULL && c->first == NULL) {
        silence(c->wake); /* who is woken finds something */
    }
    pthread_mutex_unlock(&c->lock);
    return request;
}

bool
pc_control_has_ended(struct pc_control *control)
{
    pthread_mutex_lock(&control->lock);
    bool ended = control->ended;
    pthread_mutex_unlock(&control->lock);
    return ended;
}

int
pc_control_wait(struct pc_control *control, int timeout)
{
    struct pollfd wait = {.fd = control->wake, .events = POLLIN};
    int woken = poll(&wait, 1, timeout);
    if (woken > 0) {
        silence(control->wake);
    }
    return woken;
}

/* Waits for the socket as well, which the thread leaves alone meanwhile: so a request comes
 * without a switch from one to the other. The end is the thread's to see. -1: a signal
 * came. */
static int
wait_for_socket(struct pc_control *c)
{
    struct pollfd ways[] = {{.fd = c->wake, .events = POLLIN},
                            {.fd = c->fd, .events = POLLIN}};
    watch_socket(c, 0);
    int woken = poll(ways, 2, -1);
    if (woken > 0 && ways[1].revents != 0 && pc_control_take(c) < 0) {
        c->deaf = true;
        (void)shutdown(c->fd, SHUT_RD); /* nonsense may be all that there was */
    }
    if (woken > 0) {
        silence(c->wake);
    }
    watch_socket(c, EPOLLIN);
    return woken;
}

struct pc_request *
pc_control_next(struct pc_control *control)
{
    struct pc_request *request = NULL;
    while (!pc_control_has_ended(control) &&
           (request = pc_control_first(control)) == NULL) {
        /* Before the thread runs, a fork could find it within malloc(). */
        bool threaded = control->home != NULL || control->deaf ||
                        !__atomic_load_n(&control->runs, __ATOMIC_ACQUIRE);
        if ((threaded ? pc_control_wait(control, -1) : wait_for_socket(control)) < 0) {
            return NULL;
        }
    }
    return request;
}

void
pc_control_ask_input(struct pc_control *control, bool asked)
{
    pthread_mutex_lock(&control->lock);
    control->input_asked = asked;
    json_decref(control->input);
    control->input = NULL;
    silence(control->answer);
    pthread_mutex_unlock(&control->lock);
}

json_t *
pc_control_input(struct pc_control *control, int timeout)
{
    struct pollfd wait = {.fd = control->answer, .events = POLLIN};
    if (poll(&wait, 1, timeout) <= 0) {
        return NULL;
    }
    pthread_mutex_lock(&control->lock);
    silence(control->answer);
    json_t *answer = control->input;
    control->input = NULL;
    pthread_mutex_unlock(&control->lock);
    return answer;
}

void
pc_control_add_child(struct pc_control *control, pid_t pid, int exit)
{
    struct pc_child *child = malloc(sizeof *child);
    int pidfd = pidfd_open(pid, 0);
    if (child == NULL || pidfd < 0) {
        free(child);
        if (exit >= 0) {
            close(exit);
        }
        return;
    }
    *child = (struct pc_child){.next = control->children, .pidfd = pidfd, .exit = exit};
    control->children = child;
    (void)watch(control, pidfd);
}
