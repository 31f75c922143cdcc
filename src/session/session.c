/* A session's life, and what is asked of it; see <pyconsole/session.h>. Events are in
 * events.c. */
#include "session/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "session/events.h"

/* Bytes that wait for the socket. */
#define MESSAGES_MOST (2 * PC_WIRE_LINE_MOST)

/* What ends at its limit of time is stopped with this grace, in ms. */
enum { WALL_GRACE = 1000 };

/* ---- sending ---- */

static int
watch(struct pyconsole_session *s, int operation, int fd, unsigned int events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(s->epoll, operation, fd, &event);
}

/* After a restore that is the process to come, while the other's events are given. */
static struct pyconsole_session *
spoken_to(struct pyconsole_session *session)
{
    return session->coming != NULL ? session->coming : session;
}

/* Messages, and room for those that are kept. */
static void
watch_control(struct pyconsole_session *s)
{
    (void)watch(s, EPOLL_CTL_MOD, s->process.control,
                s->outbox.len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

int
pc_session_flush(struct pyconsole_session *session)
{
    int status = pc_outbox_flush(&session->outbox, session->process.control, true);
    watch_control(session);
    return status;
}

/* Sends what can be sent now; the rest goes when events are asked for. */
static int
send_message(struct pyconsole_session *session, json_t *message)
{
    struct pyconsole_session *s = spoken_to(session);
    pc_auto_free char *line = NULL;
    size_t len = 0;
    int status = pc_wire_line(message, &line, &len);
    json_decref(message);
    if (status < 0) {
        return status;
    }
    if (s->died || s->closed || s->socket_ended) {
        return PYCONSOLE_ECLOSED;
    }
    status =
        pc_outbox_send(&s->outbox, s->process.control, true, line, len, MESSAGES_MOST);
    if (s->outbox.len > 0) {
        watch_control(s);
    }
    return status;
}

/* The same with descriptors, which must go with the message's first byte: waits until
 * what was kept is gone. */
int
pc_session_send_fds(struct pyconsole_session *session, json_t *message, const int *fds,
                    size_t count)
{
    struct pyconsole_session *s = spoken_to(session);
    pc_auto_free char *line = NULL;
    size_t len = 0;
    int status = pc_wire_line(message, &line, &len);
    json_decref(message);
    while (status == PYCONSOLE_OK && s->outbox.len > 0) {
        struct pollfd room = {.fd = s->process.control, .events = POLLOUT};
        (void)poll(&room, 1, -1);
        status = pc_session_flush(s);
    }
    if (status < 0) {
        return status;
    }
    if (s->died || s->closed || s->socket_ended) {
        return PYCONSOLE_ECLOSED;
    }
    ssize_t sent = pc_process_send(s->process.control, line, len, fds, count);
    if (sent <= 0) {
        return sent < 0 && errno == EAGAIN ? PYCONSOLE_EBUSY : PYCONSOLE_ECLOSED;
    }
    status = pc_outbox_keep(&s->outbox, line + sent, len - (size_t)sent, MESSAGES_MOST);
    watch_control(s);
    return status;
}

/* ---- life ---- */

static void
make_token(char *token)
{
    unsigned char random[PC_MARK_TOKEN / 2] = {0};
    (void)getrandom(random, sizeof random, 0);
    for (size_t i = 0; i < sizeof random; i++) {
        snprintf(token + 2 * i, 3, "%02x", random[i]);
    }
}

int
pc_session_watch(struct pyconsole_session *session)
{
    session->epoll = epoll_create1(EPOLL_CLOEXEC);
    session->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    session->poke = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return session->epoll < 0 || session->timer < 0 || session->poke < 0 ||
                   watch(session, EPOLL_CTL_ADD, session->timer, EPOLLIN) < 0 ||
                   watch(session, EPOLL_CTL_ADD, session->poke, EPOLLIN) < 0
               ? -1
               : pc_session_watch_worker(session);
}

int
pc_session_watch_worker(struct pyconsole_session *session)
{
    struct pyconsole_session *s = session;
    if (watch(s, EPOLL_CTL_ADD, s->process.control,
              s->outbox.len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN) < 0) {
        return -1;
    }
    for (size_t i = 0; i < s->outputs; i++) {
        s->output[i].watched = 0;
        pc_session_watch_output(s, i, true);
        if (s->output[i].watched == 0) {
            return -1;
        }
    }
    return s->process.pidfd < 0 ? 0
                                : watch(s, EPOLL_CTL_ADD, s->process.pidfd, EPOLLIN);
}

/* Not left to close(): a fork of the host may have the descriptors too. */
void
pc_session_unwatch_worker(struct pyconsole_session *session)
{
    const struct pc_process *process = &session->process;
    const int fds[] = {process->control, process->pidfd, process->out[0],
                       process->out[1]};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        (void)watch(session, EPOLL_CTL_DEL, fds[i], 0);
    }
}

int
pc_session_watch_process(struct pyconsole_session *session)
{
    return watch(session, EPOLL_CTL_ADD, session->process.pidfd, EPOLLIN);
}

void
pc_session_watch_output(struct pyconsole_session *session, size_t which, bool on)
{
    struct pc_output *output = &session->output[which];
    unsigned int events = on && !output->ended ? EPOLLIN : 0;
    events |= which == 0 && session->typed.len > 0 ? EPOLLOUT : 0;
    int operation = output->watched == 0 ? EPOLL_CTL_ADD
                    : events == 0        ? EPOLL_CTL_DEL
                                         : EPOLL_CTL_MOD;
    if (events != output->watched &&
        watch(session, operation, session->process.out[which], events) == 0) {
        output->watched = events;
    }
}

void
pc_session_watch_typed(struct pyconsole_session *session)
{
    pc_session_watch_output(session, 0, (session->output[0].watched & EPOLLIN) != 0);
}

struct pyconsole_session *
pc_session_allocate(const pyconsole_session_options *options)
{
    struct pyconsole_session *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->options = *options;
    s->options.python = s->options.package = s->options.folder = NULL;
    s->options.program = NULL;
    s->options.arguments = s->options.environment = s->options.preload = NULL;
    s->parent = -1;
    s->outputs = s->options.pty ? 1 : 2;
    s->process = (struct pc_process){-1, -1, -1, {-1, -1}, -1, 0};
    s->epoll = s->timer = s->poke = -1;
    s->event.size = sizeof s->event;
    pthread_mutex_init(&s->lock, NULL);
    make_token(s->token);
    for (size_t i = 0; i < s->outputs; i++) {
        s->output[i].buf = malloc(PC_OUTPUT_ROOM + 1);
        if (s->output[i].buf == NULL) {
            pyconsole_session_free(s);
            return NULL;
        }
    }
    return s;
}

void
pyconsole_session_free(pyconsole_session *session)
{
    if (session == NULL) {
        return;
    }
    pc_process_fini(&session->process);
    pc_session_forget_all(session);
    pyconsole_session_free(session->coming);
    if (session->epoll >= 0) {
        close(session->epoll);
    }
    if (session->timer >= 0) {
        close(session->timer);
    }
    if (session->poke >= 0) {
        close(session->poke);
    }
    pc_wire_reader_fini(&session->reader);
    json_decref(session->pending);
    json_decref(session->shown);
    pc_outbox_fini(&session->outbox);
    pc_outbox_fini(&session->typed);
    free(session->output[0].buf);
    free(session->output[1].buf);
    pthread_mutex_destroy(&session->lock);
    free(session);
}

void
pc_session_interrupt(struct pyconsole_session *session)
{
    (void)send_message(session,
                       json_pack("{s:s, s:i}", "op", "interrupt", "request", 0));
}

static json_t *
hello(const struct pyconsole_session *s)
{
    return json_pack("{s:s, s:i, s:s, s:b, s:b, s:b, s:b, s:I}", "op", "hello",
                     "version", PC_WIRE_VERSION, "token", s->token, "input",
                     !s->options.no_input, "terminal", s->options.pty != 0, "prompts",
                     s->options.prompts, "commands",
                     s->options.prompts && !s->options.pure_python, "memory",
                     (json_int_t)s->options.memory_most);
}

int
pc_session_greet(struct pyconsole_session *session, const char *const *preload)
{
    json_t *message = hello(session);
    json_t *names = preload == NULL ? NULL : json_array();
    for (size_t i = 0; names != NULL && preload[i] != NULL; i++) {
        (void)json_array_append_new(names, json_string(preload[i]));
    }
    if (names != NULL) {
        (void)json_object_set_new(message, "preload", names);
    }
    return send_message(session, message);
}

bool
pc_session_know_options(pyconsole_session_options *ret_known,
                        const pyconsole_session_options *options)
{
    const pyconsole_session_options defaults = PYCONSOLE_SESSION_OPTIONS_INIT;
    *ret_known = defaults;
    if (options == NULL) {
        return true;
    }
    if (options->size < 2 * sizeof options->size) {
        return false;
    }
    memcpy(ret_known, options,
           options->size < sizeof defaults ? options->size : sizeof defaults);
    ret_known->size = sizeof defaults;
    return true;
}

static const char too_large[] = "a terminal is not that large";

static bool
is_size(unsigned int rows, unsigned int columns)
{
    return rows <= PC_TERMINAL_SIZE_MOST && columns <= PC_TERMINAL_SIZE_MOST;
}

int
pyconsole_session_new(const pyconsole_session_options *options,
                      pyconsole_session **ret_session, pyconsole_error *error)
{
    pyconsole_session_options known;
    if (ret_session == NULL || !pc_session_know_options(&known, options)) {
        return pc_session_fail(error, PYCONSOLE_EINVAL,
                               "ret_session or options->size is not valid");
    }
    if (!is_size(known.rows, known.columns)) {
        return pc_session_fail(error, PYCONSOLE_EINVAL, too_large);
    }
    struct pyconsole_session *s = pc_session_allocate(&known);
    if (s == NULL) {
        return pc_session_fail(error, PYCONSOLE_ENOMEM, NULL);
    }
    struct pc_process_ends ends;
    int status = PYCONSOLE_OK;
    if (pc_process_connect(&s->process, &ends, false, known.pty) < 0) {
        status = pc_session_fail(error, PYCONSOLE_ESTART, strerror(errno));
    }
    else {
        (void)pc_process_resize(&s->process, known.rows, known.columns);
        /* Ahead of the process, which may end at once. */
        status = pc_session_fail(error, pc_session_greet(s, known.preload), NULL);
        if (status == PYCONSOLE_OK) {
            status = pc_process_start(&s->process, &known, &ends, error);
        }
        pc_process_close_ends(&ends);
    }
    if (status == PYCONSOLE_OK && pc_session_watch(s) < 0) {
        status = pc_session_fail(error, PYCONSOLE_ESTART, strerror(errno));
    }
    if (status < 0) {
        pyconsole_session_free(s);
        return status;
    }
    *ret_session = s;
    return PYCONSOLE_OK;
}

int
pyconsole_session_clone(pyconsole_session *session, pyconsole_session **ret_clone,
                        pyconsole_error *error)
{
    if (session == NULL || ret_clone == NULL) {
        return pc_session_fail(error, PYCONSOLE_EINVAL, NULL);
    }
    struct pyconsole_session *s = pc_session_allocate(&session->options);
    if (s == NULL) {
        return pc_session_fail(error, PYCONSOLE_ENOMEM, NULL);
    }
    struct pc_process_ends ends;
    if (pc_process_connect(&s->process, &ends, true, s->options.pty) < 0 ||
        pc_session_watch(s) < 0) {
        int number = errno;
        pyconsole_session_free(s);
        return pc_session_fail(error, PYCONSOLE_ESTART, strerror(number));
    }
    const int fds[] = {ends.control, ends.out[0], ends.out[1], ends.exit};
    pthread_mutex_lock(&session->lock);
    pc_process_copy_terminal(&spoken_to(session)->process, &s->process, true);
    json_t *message = json_pack("{s:s, s:I, s:s}", "op", "clone", "id",
                                (json_int_t)++session->requests, "token", s->token);
    int status = pc_session_send_fds(session, message, fds, 4);
    pthread_mutex_unlock(&session->lock);
    pc_process_close_ends(&ends);
    if (status < 0) {
        pyconsole_session_free(s);
        return pc_session_fail(error, status, NULL);
    }
    *ret_clone = s;
    return PYCONSOLE_OK;
}

int
pyconsole_session_pid(pyconsole_session *session)
{
    if (session == NULL) {
        return -1;
    }
    pthread_mutex_lock(&session->lock);
    int pid = spoken_to(session)->process.pid;
    pthread_mutex_unlock(&session->lock);
    return pid;
}

int
pyconsole_session_fd(pyconsole_session *session)
{
    return session == NULL ? -1 : session->epoll;
}

/* ---- requests ---- */

static const char no_text[] = "there is no text";
static const char not_utf8[] = "the text is not UTF-8";
static const char no_terminal[] = "the session has no terminal";

/* With the lock: notes why a message was not sent. */
static int
note_unsent(pyconsole_session *session, int status)
{
    return pc_session_note(
        session, status,
        status == PYCONSOLE_ELIMIT ? "more waits for the session than it may" : NULL);
}

/* Sends a message under the lock; steals it. */
static int
tell(pyconsole_session *session, json_t *message)
{
    pthread_mutex_lock(&session->lock);
    int status = note_unsent(session, send_message(session, message));
    pthread_mutex_unlock(&session->lock);
    return status;
}

uint64_t
pc_session_queue_most(const struct pyconsole_session *session)
{
    return session->options.queue_most == 0 ? PC_SESSION_QUEUE_MOST
                                            : session->options.queue_most;
}

/* Does what is sent now run at once? */
static bool
is_idle(const pyconsole_session *session)
{
    return session->waiting == 0 && session->ready && !session->restoring &&
           session->coming == NULL;
}

void
pc_session_begin(struct pyconsole_session *session, uint64_t request)
{
    session->running = request;
    session->printed = 0;
    if (session->options.wall_most > 0) {
        session->grace = WALL_GRACE;
        pc_session_set_timer(session, session->options.wall_most);
    }
}

/* With the lock: sends the request, unless too many wait already. The worker need not say
 * that it begins where it does so at once. */
static int
send_request(pyconsole_session *session, json_t *message, uint64_t *ret_request)
{
    if (session->waiting >= pc_session_queue_most(session)) {
        return pc_session_note(session, PYCONSOLE_ELIMIT,
                               "as many requests wait as may");
    }
    uint64_t id = session->requests + 1;
    bool begins = is_idle(session);
    (void)json_object_set_new(message, "id", json_integer((json_int_t)id));
    if (begins) {
        (void)json_object_set_new(message, "begun", json_true());
    }
    int status = note_unsent(session, send_message(session, json_incref(message)));
    if (status == PYCONSOLE_OK) {
        session->requests = id;
        session->waiting++;
        if (begins) {
            pc_session_begin(session, id);
        }
        if (ret_request != NULL) {
            *ret_request = id;
        }
    }
    return status;
}

/* A request of the message, which is stolen, and a text. */
static int
ask_with(pyconsole_session *session, json_t *message, const char *text, size_t len,
         uint64_t *ret_request)
{
    if (len > PC_WIRE_LINE_MOST / 6) { /* as escaped as it can be */
        json_decref(message);
        return pc_session_refuse(session, PYCONSOLE_ELIMIT, NULL);
    }
    if (json_object_set_new(message, "text", json_stringn(text, len)) < 0) {
        json_decref(message);
        return pc_session_refuse(session, PYCONSOLE_EINVAL, not_utf8);
    }
    pthread_mutex_lock(&session->lock);
    int status = send_request(session, message, ret_request);
    pthread_mutex_unlock(&session->lock);
    json_decref(message);
    return status;
}

static int
ask(pyconsole_session *session, const char *op, const char *text, size_t len,
    uint64_t *ret_request)
{
    if (session == NULL || text == NULL) {
        return pc_session_refuse(session, PYCONSOLE_EINVAL, no_text);
    }
    len = len == PYCONSOLE_TERMINATED ? strlen(text) : len;
    return ask_with(session, json_pack("{s:s}", "op", op), text, len, ret_request);
}

int
pyconsole_session_execute(pyconsole_session *session, const char *source, size_t len,
                          uint64_t *ret_request)
{
    return ask(session, "execute", source, len, ret_request);
}

int
pyconsole_session_push(pyconsole_session *session, const char *line, size_t len,
                       uint64_t *ret_request)
{
    return ask(session, "push", line, len, ret_request);
}

int
pyconsole_session_is_complete(pyconsole_session *session, const char *source,
                              size_t len, uint64_t *ret_request)
{
    return ask(session, "is_complete", source, len, ret_request);
}

/* The same of a place in the text. */
static int
ask_at(pyconsole_session *session, json_t *message, const char *text, size_t len,
       uint64_t *ret_request)
{
    const char *wrong = message == NULL ? "options->size is not valid"
                        : text == NULL  ? no_text
                                        : NULL;
    len = text != NULL && len == PYCONSOLE_TERMINATED ? strlen(text) : len;
    if (wrong == NULL && pc_wire_number(message, "cursor") > len) {
        wrong = "the cursor is behind the end of the text";
    }
    if (session == NULL || wrong != NULL) {
        json_decref(message);
        return pc_session_refuse(session, PYCONSOLE_EINVAL, wrong);
    }
    return ask_with(session, message, text, len, ret_request);
}

int
pyconsole_session_complete(pyconsole_session *session, const char *text, size_t len,
                           size_t cursor, const pyconsole_assist_options *options,
                           uint64_t *ret_request)
{
    return ask_at(session, pc_wire_assist("complete", cursor, options), text, len,
                  ret_request);
}

int
pyconsole_session_inspect(pyconsole_session *session, const char *text, size_t len,
                          size_t cursor, const pyconsole_assist_options *options,
                          uint64_t *ret_request)
{
    return ask_at(session, pc_wire_assist("inspect", cursor, options), text, len,
                  ret_request);
}

int
pyconsole_session_input(pyconsole_session *session, uint64_t request, const char *text,
                        size_t len)
{
    if (session == NULL) {
        return PYCONSOLE_EINVAL;
    }
    json_t *line = json_null();
    if (text != NULL) {
        line = json_stringn(text, len == PYCONSOLE_TERMINATED ? strlen(text) : len);
    }
    if (line == NULL) {
        return pc_session_refuse(session, PYCONSOLE_EINVAL, not_utf8);
    }
    return tell(session, json_pack("{s:s, s:I, s:o}", "op", "input", "request",
                                   (json_int_t)request, "text", line));
}

int
pyconsole_session_interrupt(pyconsole_session *session, uint64_t request)
{
    return session == NULL ? PYCONSOLE_EINVAL
                           : tell(session, json_pack("{s:s, s:I}", "op", "interrupt",
                                                     "request", (json_int_t)request));
}

void
pyconsole_session_interrupt_signal_safe(pyconsole_session *session)
{
    if (session == NULL) {
        return;
    }
    int error = errno;
    uint64_t one = 1;
    (void)!write(session->poke, &one, sizeof one);
    errno = error;
}

int
pyconsole_session_close(pyconsole_session *session)
{
    return session == NULL ? PYCONSOLE_EINVAL
                           : tell(session, json_pack("{s:s}", "op", "close"));
}

int
pyconsole_session_kill(pyconsole_session *session)
{
    if (session == NULL) {
        return PYCONSOLE_EINVAL;
    }
    pthread_mutex_lock(&session->lock);
    pc_process_kill(&spoken_to(session)->process);
    pthread_mutex_unlock(&session->lock);
    return PYCONSOLE_OK;
}

/* ---- the terminal ---- */

int
pyconsole_session_write(pyconsole_session *session, const char *bytes, size_t len)
{
    if (session == NULL || bytes == NULL || !session->options.pty) {
        return pc_session_refuse(session, PYCONSOLE_EINVAL,
                                 bytes == NULL ? no_text : no_terminal);
    }
    len = len == PYCONSOLE_TERMINATED ? strlen(bytes) : len;
    pthread_mutex_lock(&session->lock);
    struct pyconsole_session *s = spoken_to(session);
    int status = s->died || s->closed || s->output[0].ended
                     ? PYCONSOLE_ECLOSED
                     : pc_outbox_send(&s->typed, s->process.out[0], false, bytes, len,
                                      PC_TYPED_MOST);
    if (s == session) {
        pc_session_watch_typed(s);
    }
    (void)pc_session_note(session, status,
                          status == PYCONSOLE_ELIMIT
                              ? "the terminal is not read: more waits for it than may"
                              : NULL);
    pthread_mutex_unlock(&session->lock);
    return status;
}

int
pyconsole_session_resize(pyconsole_session *session, unsigned int rows,
                         unsigned int columns)
{
    bool valid = is_size(rows, columns);
    if (session == NULL || !session->options.pty || !valid) {
        return pc_session_refuse(session, PYCONSOLE_EINVAL,
                                 valid ? no_terminal : too_large);
    }
    pthread_mutex_lock(&session->lock);
    int resized = pc_process_resize(&spoken_to(session)->process, rows, columns);
    int status = resized < 0 ? PYCONSOLE_ECLOSED : PYCONSOLE_OK;
    (void)pc_session_note(session, status, NULL);
    pthread_mutex_unlock(&session->lock);
    return status;
}

int
pyconsole_session_suspend_key(pyconsole_session *session)
{
    if (session == NULL) {
        return -1;
    }
    pthread_mutex_lock(&session->lock);
    int key = pc_process_suspend_key(&spoken_to(session)->process);
    pthread_mutex_unlock(&session->lock);
    return key;
}

/* Has a signal sent to the process, if there is one. */
static int
signal_process(pyconsole_session *session,
               int (*send)(const struct pc_process *process))
{
    if (session == NULL || session->attached) {
        return pc_session_refuse(session, PYCONSOLE_EINVAL,
                                 "the session has no process of its own");
    }
    pthread_mutex_lock(&session->lock);
    int sent = send(&spoken_to(session)->process);
    int status =
        pc_session_note(session, sent < 0 ? PYCONSOLE_ECLOSED : PYCONSOLE_OK, NULL);
    pthread_mutex_unlock(&session->lock);
    return status;
}

int
pyconsole_session_suspend(pyconsole_session *session)
{
    return signal_process(session, pc_process_suspend);
}

int
pyconsole_session_resume(pyconsole_session *session)
{
    return signal_process(session, pc_process_resume);
}

/* ---- the ladder ---- */

void
pc_session_set_timer(struct pyconsole_session *session, unsigned int milliseconds)
{
    struct itimerspec when = {
        .it_value = {.tv_sec = milliseconds / 1000,
                     .tv_nsec = (long)(milliseconds % 1000) * 1000000}};
    if (session->timed || milliseconds > 0) {
        session->timed = milliseconds > 0;
        (void)timerfd_settime(session->timer, 0, &when, NULL);
    }
}

/* One step further: interrupt, interrupt again, kill. */
void
pc_session_step(struct pyconsole_session *session)
{
    session->step++;
    if (session->step > 2) {
        pc_process_kill(&session->process);
        return;
    }
    pc_session_interrupt(session);
    unsigned int third = session->grace / 3;
    unsigned int wait = session->step == 1 ? third : session->grace - third;
    pc_session_set_timer(session, wait == 0 ? 1 : wait);
}

int
pyconsole_session_stop(pyconsole_session *session, unsigned int grace)
{
    if (session == NULL) {
        return PYCONSOLE_EINVAL;
    }
    pthread_mutex_lock(&session->lock);
    struct pyconsole_session *s = spoken_to(session);
    int status = s->died || s->closed ? PYCONSOLE_ECLOSED : PYCONSOLE_OK;
    if (status == PYCONSOLE_OK && session->running != 0 && s == session) {
        session->grace = grace;
        session->step = 0;
        pc_session_step(session);
    }
    (void)pc_session_note(session, status, NULL);
    pthread_mutex_unlock(&session->lock);
    return status;
}
