/* The one ordered stream of events, out of three that the kernel keeps apart: the socket
 * with messages, and the two pipes with what is printed.
 *
 * A message with a turn is given when both pipes have been given up to the mark with that
 * turn; a pipe that has come to a later mark waits for its message. So what was printed
 * before a message is given before it, and what was printed after it after it. When the
 * process has ended, what is left in the three comes in the same way, and a mark that is
 * missing is not waited for. */
#include "session/events.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_ROOM = 1 << 14,
    /* Reads without an event before next() returns, so that a session whose output is
     * dropped does not keep its host. */
    ROUNDS_MOST = 64,
    /* Bytes of messages behind one that waits for its mark. A worker writes the mark
     * before the message, so that there are never many. */
    BEHIND_MOST = 1 << 22,
};

static const char *const event_names[] = {
#define NAME(name) #name,
    PYCONSOLE_EVENTS(NAME)
#undef NAME
};

const char *
pyconsole_event_name(int kind)
{
    return kind >= 0 && kind < (int)(sizeof event_names / sizeof *event_names)
               ? event_names[kind]
               : "?";
}

/* ---- making an event ---- */

static pyconsole_event *
new_event(struct pyconsole_session *s, enum pyconsole_event_kind kind)
{
    json_decref(s->shown);
    s->shown = NULL;
    s->event = (pyconsole_event){
        .size = sizeof s->event,
        .kind = kind,
        .sequence = ++s->sequence,
        .request = s->running,
        .text = "",
        .name = "",
        .detail = "",
        .missing = "",
        .indent = "",
    };
    return &s->event;
}

/* An event with the members of a message, which it keeps. */
static pyconsole_event *
event_of(struct pyconsole_session *s, enum pyconsole_event_kind kind, json_t *message)
{
    pyconsole_event *event = new_event(s, kind);
    s->shown = json_incref(message);
    event->text = pc_wire_text(message, "text");
    event->len = pc_wire_text_len(message, "text");
    event->name = pc_wire_text(message, "name");
    event->detail = pc_wire_text(message, "detail");
    event->missing = pc_wire_text(message, "missing");
    event->indent = pc_wire_text(message, "indent");
    event->bracket = pc_wire_text(message, "bracket")[0];
    pc_event_find(event, message);
    event->status = (int64_t)pc_wire_number(message, "status");
    if (json_object_get(message, "request") != NULL) {
        event->request = pc_wire_number(message, "request");
    }
    return event;
}

/* ---- messages ---- */

static const pyconsole_event *
start(struct pyconsole_session *s, json_t *message)
{
    pc_session_begin(s, pc_wire_number(message, "request"));
    return NULL;
}

static const pyconsole_event *
done(struct pyconsole_session *s, json_t *message)
{
    pyconsole_event *event = event_of(s, PYCONSOLE_EVENT_DONE, message);
    event->status = s->step;
    s->waiting -= s->waiting > 0 && s->coming == NULL;
    s->running = 0;
    s->step = 0;
    pc_session_set_timer(s, 0);
    return event;
}

static const pyconsole_event *
ready(struct pyconsole_session *s, json_t *message)
{
    int pid = (int)pc_wire_number(message, "pid");
    if (s->process.pid < 0 && pid > 0 &&
        (pc_process_adopt(&s->process, pid) < 0 || pc_session_watch_process(s) < 0)) {
        pc_process_kill(&s->process); /* it is gone already, or it lies */
        s->died = true;
    }
    s->ready = true;
    return event_of(s,
                    pc_session_restored(s, message) ? PYCONSOLE_EVENT_RESTORED
                                                    : PYCONSOLE_EVENT_READY,
                    message);
}

/* Over the limit, output is counted and goes nowhere. How many bytes may still go. */
static size_t
allow(struct pyconsole_session *s, size_t len)
{
    uint64_t most = s->options.output_most;
    uint64_t left = s->printed < most ? most - s->printed : 0;
    s->printed += len;
    if (most == 0 || len <= left) {
        return len;
    }
    s->dropped += len - left;
    return (size_t)left;
}

/* What is printed comes in a message where there are no pipes. */
static const pyconsole_event *
printed(struct pyconsole_session *s, json_t *message)
{
    size_t allowed = allow(s, pc_wire_text_len(message, "text"));
    if (allowed == 0) {
        return NULL;
    }
    pyconsole_event *event = event_of(s, PYCONSOLE_EVENT_OUTPUT, message);
    event->stream = pc_wire_number(message, "stream") == 2 ? 2 : 1;
    event->len = allowed;
    ((char *)event->text)[allowed] = '\0'; /* the message is ours */
    return event;
}

static const pyconsole_event *
left(struct pyconsole_session *s, json_t *message)
{
    pyconsole_event *event = event_of(s, PYCONSOLE_EVENT_EXIT, message);
    s->left = event->status;
    return event;
}

static const pyconsole_event *
checkpoint(struct pyconsole_session *s, json_t *message)
{
    return pc_session_checkpoint_made(s, message)
               ? event_of(s, PYCONSOLE_EVENT_CHECKPOINT, message)
               : NULL;
}

static const pyconsole_event *
refused(struct pyconsole_session *s, json_t *message)
{
    pyconsole_event *event = event_of(s, PYCONSOLE_EVENT_REFUSED, message);
    pc_session_checkpoint_refused(s, event->request);
    return event;
}

/* The message as an event; NULL where there is none for the host. */
static const pyconsole_event *
take_message(struct pyconsole_session *s, json_t *message)
{
    static const struct {
        const char *name;
        const pyconsole_event *(*take)(struct pyconsole_session *, json_t *);
        enum pyconsole_event_kind kind; /* without `take` */
    } messages[] = {
        {"start", start, 0},
        {"done", done, 0},
        {"output", printed, 0},
        {"result", NULL, PYCONSOLE_EVENT_RESULT},
        {"error", NULL, PYCONSOLE_EVENT_ERROR},
        {"input", NULL, PYCONSOLE_EVENT_INPUT},
        {"interrupt", NULL, PYCONSOLE_EVENT_INTERRUPT},
        {"prompt", NULL, PYCONSOLE_EVENT_PROMPT},
        {"edit", NULL, PYCONSOLE_EVENT_EDIT},
        {"dropped", NULL, PYCONSOLE_EVENT_DROPPED},
        {"completions", NULL, PYCONSOLE_EVENT_COMPLETIONS},
        {"inspection", NULL, PYCONSOLE_EVENT_INSPECTION},
        {"ready", ready, 0},
        {"checkpoint", checkpoint, 0},
        {"refused", refused, 0},
        {"exit", left, 0},
    };
    const char *name = pc_wire_text(message, "event");
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (strcmp(name, messages[i].name) == 0) {
            return messages[i].take != NULL ? messages[i].take(s, message)
                                            : event_of(s, messages[i].kind, message);
        }
    }
    return NULL; /* a bare turn, or an event of a later version */
}

/* ---- output ---- */

/* How many of the bytes can be given: not the beginning of a character whose rest may
 * still come. */
static size_t
whole_characters(const char *bytes, size_t len)
{
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        unsigned char c = (unsigned char)bytes[len - back];
        if (c < 0x80) {
            break;
        }
        if (c >= 0xC0) {
            size_t needs = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
            return needs > back ? len - back : len;
        }
    }
    return len;
}

static const pyconsole_event *
give_output(struct pyconsole_session *s, struct pc_output *output, size_t len)
{
    const char *text = output->buf + output->start;
    output->start += len;
    size_t allowed = allow(s, len);
    if (allowed == 0) {
        return NULL;
    }
    pyconsole_event *event = new_event(s, PYCONSOLE_EVENT_OUTPUT);
    event->stream = output == &s->output[0] ? 1 : 2;
    event->text = text;
    event->len = allowed;
    output->zero = (char *)text + allowed;
    output->behind = *output->zero;
    *output->zero = '\0';
    return event;
}

/* What the pipe has up to its next mark: an event, or NULL when there is nothing, with
 * the mark passed. `at_end`: nothing more will come. */
static const pyconsole_event *
take_output(struct pyconsole_session *s, struct pc_output *output, bool at_end)
{
    while (output->turn <= s->turn && output->start < output->end) {
        size_t before = 0;
        size_t mark_len = 0;
        uint64_t turn = 0;
        const char *bytes = output->buf + output->start;
        size_t len = output->end - output->start;
        enum pc_mark_found found =
            pc_mark_find(s->token, bytes, len, &before, &mark_len, &turn);
        if (at_end && found == PC_MARK_CUT) {
            before = len;
        }
        size_t ready =
            found == PC_MARK_NONE && !at_end ? whole_characters(bytes, before) : before;
        if (ready > 0) {
            const pyconsole_event *event = give_output(s, output, ready);
            if (event != NULL) {
                return event;
            }
            continue;
        }
        if (found != PC_MARK_WHOLE) {
            return NULL;
        }
        output->start += mark_len;
        output->turn = turn;
    }
    return NULL;
}

/* ---- reading ---- */

/* Puts back the byte on which the last event's zero byte stands. */
static void
restore(struct pc_output *output)
{
    if (output->zero != NULL) {
        *output->zero = output->behind;
        output->zero = NULL;
    }
}

/* Reads what there is room for; did anything come? */
static bool
read_output(struct pyconsole_session *s, size_t which)
{
    struct pc_output *output = &s->output[which];
    if (output->ended || output->turn > s->turn) {
        return false;
    }
    memmove(output->buf, output->buf + output->start, output->end - output->start);
    output->end -= output->start;
    output->start = 0;
    ssize_t count = read(s->process.out[which], output->buf + output->end,
                         PC_OUTPUT_ROOM - output->end);
    if (count > 0) {
        output->end += (size_t)count;
        return true;
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        if (which == 0) {
            pc_outbox_fini(&s->typed); /* nobody is there to read it */
        }
        pc_session_watch_output(s, which, false);
        output->ended = true;
    }
    return false;
}

/* Reads from the socket: 1 if anything came, 0, or an error. */
static int
read_socket(struct pyconsole_session *s)
{
    int status = PYCONSOLE_OK;
    if (s->socket_ended) {
        return 0;
    }
    if (s->pending != NULL && s->reader.end - s->reader.start > BEHIND_MOST) {
        return PYCONSOLE_EPROTOCOL;
    }
    char *room = pc_wire_reader_room(&s->reader, READ_ROOM, &status);
    if (room == NULL) {
        return status;
    }
    ssize_t count = pc_process_receive(&s->process, room, READ_ROOM);
    if (count > 0) {
        pc_wire_reader_filled(&s->reader, (size_t)count);
        return 1;
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        (void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->process.control, NULL);
        s->socket_ended = true;
    }
    return 0;
}

/* The terminal's other end is closed. What is printed there may have to wait, and then nobody
 * waits for the terminal any longer: it would always be ready. */
static void
drop_typed(struct pyconsole_session *s)
{
    pc_outbox_fini(&s->typed);
    pc_session_watch_typed(s);
}

/* What there is to read, as the kernel says before any of it is read: so when the process
 * has ended, what is read after this is all that there was. */
struct ready {
    bool socket;
    bool output[2];
};

static struct ready
look_around(struct pyconsole_session *s)
{
    struct ready ready = {0};
    struct epoll_event events[6]; /* one for each descriptor */
    uint64_t times = 0;
    int count = epoll_wait(s->epoll, events, sizeof events / sizeof *events, 0);
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        bool readable = (events[i].events & ~(uint32_t)EPOLLOUT) != 0;
        if (fd == s->timer) {
            if (read(fd, &times, sizeof times) == sizeof times && s->running != 0) {
                pc_session_step(s);
            }
        }
        else if (fd == s->poke) {
            if (read(fd, &times, sizeof times) == sizeof times) {
                pc_session_interrupt(s);
            }
        }
        else if (fd == s->process.pidfd) {
            s->died = true;
        }
        else if (fd == s->process.control) {
            ready.socket = readable;
        }
        else if (fd == s->process.out[0] || fd == s->process.out[1]) {
            ready.output[fd == s->process.out[1]] = readable;
            if (fd == s->process.out[0] &&
                (events[i].events & (uint32_t)EPOLLHUP) != 0) {
                drop_typed(s);
            }
        }
    }
    return ready;
}

static void
flush(struct pyconsole_session *s)
{
    if (s->outbox.len > 0 && pc_session_flush(s) < 0) {
        pc_outbox_fini(&s->outbox);
    }
    if (s->typed.len > 0) {
        if (pc_outbox_flush(&s->typed, s->process.out[0], false) < 0) {
            pc_outbox_fini(&s->typed);
        }
        pc_session_watch_typed(s);
    }
}

/* ---- the next event ---- */

static bool
has_come(const struct pyconsole_session *s, uint64_t turn)
{
    bool come = true;
    for (size_t i = 0; i < s->outputs; i++) {
        come = come && s->output[i].turn >= turn;
    }
    return come;
}

/* The pending message, if its turn has come; `at_end`: in any case. */
static const pyconsole_event *
take_pending(struct pyconsole_session *s, bool at_end)
{
    uint64_t turn = pc_wire_number(s->pending, "turn");
    if (turn > 0 && !at_end && !has_come(s, turn)) {
        return NULL;
    }
    const char *name = pc_wire_text(s->pending, "event");
    if (s->dropped > 0 && strcmp(name, "done") == 0) {
        pyconsole_event *event = new_event(s, PYCONSOLE_EVENT_DROPPED);
        event->status = (int64_t)s->dropped;
        s->dropped = 0;
        return event;
    }
    json_t *message = s->pending;
    s->pending = NULL;
    s->turn = turn > s->turn ? turn : s->turn;
    const pyconsole_event *event = take_message(s, message);
    json_decref(message);
    return event;
}

/* The worker ended between a mark and its message: what is behind the mark may go on. */
static bool
pass_lost_turn(struct pyconsole_session *s)
{
    uint64_t before = s->turn;
    for (size_t i = 0; i < s->outputs; i++) {
        s->turn = s->output[i].turn > s->turn ? s->output[i].turn : s->turn;
    }
    return s->turn > before;
}

/* A terminal may put an echo into the middle of a mark. The mark was written before its
 * message was sent, and the terminal has been read to its end since the message came: so
 * all that belongs before the message is here. */
static bool
pass_broken_mark(struct pyconsole_session *s)
{
    uint64_t turn = pc_wire_number(s->pending, "turn");
    if (s->outputs != 1 || turn <= s->output[0].turn) {
        return false;
    }
    s->output[0].turn = turn;
    return true;
}

static const pyconsole_event *
die(struct pyconsole_session *s)
{
    int step = s->step;
    pyconsole_event *event = new_event(s, PYCONSOLE_EVENT_DIED);
    pc_session_unwatch_worker(s); /* before the pidfd is closed */
    event->status = s->attached ? s->left : pc_process_status(&s->process);
    event->request = s->running;
    if (!s->ready) {
        event->text = "it ended before it could run code";
        event->len = strlen(event->text);
    }
    if (step > 2) {
        event->name = "stopped";
    }
    s->closed = true;
    return event;
}

/* From what was read already. *ret_event NULL: more must be read. */
static int
next_from_buffers(struct pyconsole_session *s, bool at_end,
                  const pyconsole_event **ret_event)
{
    for (;;) {
        for (size_t i = 0; i < s->outputs; i++) {
            if ((*ret_event = take_output(s, &s->output[i], at_end)) != NULL) {
                return PYCONSOLE_OK;
            }
        }
        if (s->pending == NULL) {
            int status = pc_wire_next(&s->reader, &s->pending);
            if (status < 0 || s->pending == NULL) {
                return status;
            }
        }
        *ret_event = take_pending(s, at_end);
        if (*ret_event != NULL || s->pending != NULL) {
            return PYCONSOLE_OK;
        }
    }
}

/* What goes on after a mark that was ahead of its message is looked for again. */
static void
watch_outputs(struct pyconsole_session *s)
{
    for (size_t i = 0; i < s->outputs; i++) {
        if (s->output[i].turn <= s->turn) {
            pc_session_watch_output(s, i, true);
        }
    }
}

static bool
has_ended(const struct pyconsole_session *s)
{
    return s->died || (s->socket_ended && s->process.pidfd < 0);
}

/* A round of reading: 1 if anything came, 0, or an error. A message that waits has its mark
 * looked for in any case: a terminal has bytes on their way of which epoll does not know
 * yet, and a read that finds none has waited for them. */
static int
read_ready(struct pyconsole_session *s)
{
    struct ready ready = look_around(s);
    flush(s);
    int came = ready.socket || has_ended(s) ? read_socket(s) : 0;
    if (came < 0) {
        return came;
    }
    uint64_t turn = s->pending == NULL ? 0 : pc_wire_number(s->pending, "turn");
    for (size_t i = 0; i < s->outputs; i++) {
        if (ready.output[i] && s->output[i].turn > s->turn) {
            pc_session_watch_output(s, i, false);
        }
        else if (ready.output[i] || has_ended(s) || s->output[i].turn < turn) {
            came |= read_output(s, i);
        }
    }
    return came;
}

static int
next(struct pyconsole_session *s, const pyconsole_event **ret_event)
{
    *ret_event = NULL;
    for (size_t i = 0; i < s->outputs; i++) {
        restore(&s->output[i]);
    }
    if (s->closed) {
        return PYCONSOLE_EEOF;
    }
    s->flooded = false;
    for (int round = 0;; round++) {
        int status = next_from_buffers(s, false, ret_event);
        if (status < 0 || *ret_event != NULL) {
            return status;
        }
        watch_outputs(s);
        if (round == ROUNDS_MOST) {
            s->flooded = true;
            break;
        }
        int came = read_ready(s);
        if (came < 0) {
            return came;
        }
        if (came || pass_broken_mark(s)) {
            continue;
        }
        if (!has_ended(s)) {
            break;
        }
        status = next_from_buffers(s, true, ret_event);
        if (status < 0 || *ret_event != NULL) {
            return status;
        }
        if (pass_lost_turn(s)) {
            continue;
        }
        if (s->coming == NULL) {
            *ret_event = die(s);
            return PYCONSOLE_OK;
        }
        pc_session_begin_again(s);
    }
    return PYCONSOLE_OK;
}

int
pyconsole_session_next(pyconsole_session *session, const pyconsole_event **ret_event)
{
    if (session == NULL || ret_event == NULL) {
        return PYCONSOLE_EINVAL;
    }
    pthread_mutex_lock(&session->lock);
    int status = next(session, ret_event);
    if (status < 0 && status != PYCONSOLE_EEOF) {
        (void)pc_session_note(session, status, NULL);
        pc_process_kill(&session->process);
        session->closed = true;
        if (session->coming != NULL) {
            pc_session_begin_again(session);
        }
    }
    pthread_mutex_unlock(&session->lock);
    return status;
}

int
pyconsole_session_wait(pyconsole_session *session, int timeout,
                       const pyconsole_event **ret_event)
{
    int status = pyconsole_session_next(session, ret_event);
    if (status < 0 || *ret_event != NULL || timeout == 0) {
        return status;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t end = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + timeout;
    int left = timeout;
    do {
        struct pollfd wait = {.fd = session->epoll, .events = POLLIN};
        (void)poll(&wait, 1, left);
        if (session->flooded) { /* lets other threads have the lock */
            (void)nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
        }
        status = pyconsole_session_next(session, ret_event);
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
        left = timeout < 0 ? -1 : ms < end ? (int)(end - ms) : 0;
    } while (status == PYCONSOLE_OK && *ret_event == NULL && left != 0);
    return status;
}
