/* Checkpoints of a session, and going back to one.
 *
 * A checkpoint is a fork of the worker that runs nothing and prints nowhere; its host
 * holds the other end of its socket and nothing else, and lets it go by closing that. To
 * go back, the checkpoint is forked in its turn: the clone becomes the session's process,
 * and the one before it is killed. So there are two for a while: what is asked goes to the
 * one to come at once, but first all events of the other are given. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session/events.h"

static const char no_checkpoint[] = "there is no such checkpoint";

/* ---- the list ---- */

static void
forget(struct pc_checkpoint **link)
{
    struct pc_checkpoint *gone = *link;
    *link = gone->next;
    close(gone->control);
    free(gone);
}

/* Where the checkpoint of that name is that is held, or the last one for NULL; or NULL. */
static struct pc_checkpoint **
find(struct pyconsole_session *s, const char *name)
{
    struct pc_checkpoint **found = NULL;
    for (struct pc_checkpoint **link = &s->checkpoints; *link != NULL;
         link = &(*link)->next) {
        if ((*link)->held && (name == NULL || strcmp((*link)->name, name) == 0)) {
            found = link;
        }
    }
    return found;
}

static struct pc_checkpoint **
find_request(struct pyconsole_session *s, uint64_t request)
{
    struct pc_checkpoint **link = &s->checkpoints;
    while (*link != NULL && ((*link)->held || (*link)->request != request)) {
        link = &(*link)->next;
    }
    return *link == NULL ? NULL : link;
}

void
pc_session_forget_all(struct pyconsole_session *session)
{
    while (session->checkpoints != NULL) {
        forget(&session->checkpoints);
    }
    if (session->parent >= 0) {
        close(session->parent);
        session->parent = -1;
    }
}

/* Of a worker that has ended: what was asked for ahead of the restore will not come. */
static void
forget_asked(struct pyconsole_session *s)
{
    struct pc_checkpoint **link = &s->checkpoints;
    while (*link != NULL) {
        if ((*link)->held || (*link)->request > s->restored.request) {
            link = &(*link)->next;
        }
        else {
            forget(link);
        }
    }
}

static unsigned int
most(const struct pyconsole_session *s)
{
    return s->options.checkpoints_most == 0 ? PC_CHECKPOINTS_MOST
                                            : s->options.checkpoints_most;
}

/* How many there are, asked for ones included, that cannot be given up for a new one. */
static unsigned int
count_named(const struct pyconsole_session *s, const char *but)
{
    unsigned int count = 0;
    for (const struct pc_checkpoint *c = s->checkpoints; c != NULL; c = c->next) {
        count += c->named && (but == NULL || strcmp(c->name, but) != 0);
    }
    return count;
}

/* ---- making one ---- */

static struct pc_checkpoint *
new_checkpoint(const char *name, uint64_t request)
{
    struct pc_checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    if (checkpoint == NULL) {
        return NULL;
    }
    *checkpoint = (struct pc_checkpoint){
        .request = request, .control = -1, .named = name != NULL};
    if (name != NULL) {
        snprintf(checkpoint->name, sizeof checkpoint->name, "%s", name);
    }
    else {
        snprintf(checkpoint->name, sizeof checkpoint->name, "#%llu",
                 (unsigned long long)request);
    }
    return checkpoint;
}

/* Asks for the checkpoint, of which the worker gets the other end. */
static int
ask(struct pyconsole_session *s, struct pc_checkpoint *checkpoint)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return PYCONSOLE_ESTART;
    }
    checkpoint->control = ends[0];
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    int status = pc_session_send_fds(s,
                                     json_pack("{s:s, s:I}", "op", "checkpoint", "id",
                                               (json_int_t)checkpoint->request),
                                     &ends[1], 1);
    close(ends[1]);
    return status;
}

static int
add(struct pyconsole_session *s, const char *name, uint64_t *ret_request)
{
    if (count_named(s, name) >= most(s) || s->waiting >= pc_session_queue_most(s)) {
        return PYCONSOLE_ELIMIT;
    }
    struct pc_checkpoint *checkpoint = new_checkpoint(name, s->requests + 1);
    if (checkpoint == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    struct pc_checkpoint **last = &s->checkpoints;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = checkpoint;
    int status = ask(s, checkpoint);
    if (status < 0) {
        forget(last);
        return status;
    }
    s->requests++;
    s->waiting++;
    if (ret_request != NULL) {
        *ret_request = s->requests;
    }
    return PYCONSOLE_OK;
}

static const char *
why_not_added(int status)
{
    switch (status) {
    case PYCONSOLE_ELIMIT:
        return "as many requests wait, or checkpoints with names are kept, as may";
    case PYCONSOLE_EBUSY:
        return "the session does not take a descriptor now";
    case PYCONSOLE_ESTART:
        return "there is no socket for the checkpoint";
    default:
        return NULL;
    }
}

int
pyconsole_session_checkpoint(pyconsole_session *session, const char *name,
                             uint64_t *ret_request)
{
    if (session == NULL ||
        (name != NULL && (name[0] == '\0' || strlen(name) > PC_CHECKPOINT_NAME_MOST))) {
        return pc_session_refuse(session, PYCONSOLE_EINVAL,
                                 "a checkpoint's name has from 1 to 63 bytes");
    }
    pthread_mutex_lock(&session->lock);
    int status = add(session, name, ret_request);
    (void)pc_session_note(session, status, why_not_added(status));
    pthread_mutex_unlock(&session->lock);
    return status;
}

/* The one that goes for a new one: that of the same name, or the oldest unnamed one when
 * there are too many; or NULL. */
static struct pc_checkpoint **
find_given_up(struct pyconsole_session *s, const struct pc_checkpoint *made)
{
    struct pc_checkpoint **oldest = NULL;
    unsigned int held = 0;
    for (struct pc_checkpoint **link = &s->checkpoints; *link != NULL;
         link = &(*link)->next) {
        if ((*link)->held && *link != made && strcmp((*link)->name, made->name) == 0) {
            return link;
        }
        held += (*link)->held;
        if ((*link)->held && !(*link)->named && oldest == NULL) {
            oldest = link;
        }
    }
    return held > most(s) ? oldest : NULL;
}

bool
pc_session_checkpoint_made(struct pyconsole_session *session, json_t *message)
{
    struct pc_checkpoint **link =
        find_request(session, pc_wire_number(message, "request"));
    if (link == NULL) {
        return false;
    }
    (*link)->held = true;
    json_object_set_new(message, "name", json_string((*link)->name));
    struct pc_checkpoint **given_up = find_given_up(session, *link);
    if (given_up != NULL) {
        json_object_set_new(message, "detail", json_string((*given_up)->name));
        forget(given_up);
    }
    json_int_t held = 0;
    for (struct pc_checkpoint *c = session->checkpoints; c != NULL; c = c->next) {
        held += c->held;
    }
    json_object_set_new(message, "status", json_integer(held));
    return true;
}

void
pc_session_checkpoint_refused(struct pyconsole_session *session, uint64_t request)
{
    struct pc_checkpoint **link = find_request(session, request);
    if (link != NULL) {
        forget(link);
    }
}

int
pyconsole_session_forget(pyconsole_session *session, const char *name)
{
    if (session == NULL || name == NULL) {
        return PYCONSOLE_EINVAL;
    }
    pthread_mutex_lock(&session->lock);
    struct pc_checkpoint **link = find(session, name);
    if (link != NULL) {
        forget(link);
    }
    int status = link != NULL ? PYCONSOLE_OK : PYCONSOLE_EINVAL;
    (void)pc_session_note(session, status, no_checkpoint);
    pthread_mutex_unlock(&session->lock);
    return status;
}

/* ---- going back ---- */

/* Asks the checkpoint for a clone that serves the ends. */
static int
ask_for_clone(const struct pc_checkpoint *checkpoint,
              const struct pyconsole_session *coming,
              const struct pc_process_ends *ends)
{
    const int fds[] = {ends->control, ends->out[0], ends->out[1], ends->exit};
    char *line = NULL;
    size_t len = 0;
    json_t *message =
        json_pack("{s:s, s:I, s:s}", "op", "clone", "id",
                  (json_int_t)checkpoint->request, "token", coming->token);
    int status = pc_wire_line(message, &line, &len);
    json_decref(message);
    if (status == PYCONSOLE_OK) {
        ssize_t sent = pc_process_send(checkpoint->control, line, len, fds, 4);
        status = sent == (ssize_t)len          ? PYCONSOLE_OK
                 : sent < 0 && errno == EAGAIN ? PYCONSOLE_EBUSY
                                               : PYCONSOLE_ECLOSED;
    }
    free(line);
    return status;
}

/* A clone of the checkpoint that waits to take over. */
static int
prepare(struct pyconsole_session *s, const struct pc_checkpoint *checkpoint,
        struct pyconsole_session **ret_coming)
{
    struct pyconsole_session *coming = pc_session_allocate(&s->options);
    struct pc_process_ends ends;
    if (coming == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    int status = PYCONSOLE_ESTART;
    if (pc_process_connect(&coming->process, &ends, true, s->options.pty) == 0) {
        pc_process_copy_terminal(&s->process, &coming->process, false);
        status = ask_for_clone(checkpoint, coming, &ends);
        pc_process_close_ends(&ends);
    }
    if (status < 0) {
        pyconsole_session_free(coming);
        return status;
    }
    *ret_coming = coming;
    return PYCONSOLE_OK;
}

/* The process before the clone is killed; the clone takes over when its events have been
 * given. */
static int
go_back(struct pyconsole_session *s, struct pc_checkpoint **link, uint64_t *ret_request)
{
    struct pyconsole_session *coming = NULL;
    int status = prepare(s, *link, &coming);
    if (status < 0) {
        if (status == PYCONSOLE_ECLOSED) {
            forget(link);
        }
        return status;
    }
    pyconsole_session_free(s->coming);
    s->coming = coming;
    s->restored = **link;
    s->restored.request = ++s->requests;
    s->waiting = 0;
    if (s->parent >= 0) {
        close(s->parent);
    }
    s->parent = fcntl((*link)->control, F_DUPFD_CLOEXEC, 0);
    if (ret_request != NULL) {
        *ret_request = s->requests;
    }
    pc_process_kill(&s->process);
    if (s->closed) {
        pc_session_begin_again(s);
    }
    return PYCONSOLE_OK;
}

static const char *
why_not_restored(int status)
{
    switch (status) {
    case PYCONSOLE_EINVAL:
        return no_checkpoint;
    case PYCONSOLE_ECLOSED:
        return "the checkpoint's process has ended";
    case PYCONSOLE_EBUSY:
        return "the checkpoint does not take a descriptor now";
    case PYCONSOLE_ESTART:
        return "there are no pipes or sockets for the process";
    default:
        return NULL;
    }
}

int
pyconsole_session_restore(pyconsole_session *session, const char *name,
                          uint64_t *ret_request)
{
    if (session == NULL) {
        return PYCONSOLE_EINVAL;
    }
    pthread_mutex_lock(&session->lock);
    struct pc_checkpoint **link = find(session, name);
    int status = link == NULL ? PYCONSOLE_EINVAL : go_back(session, link, ret_request);
    (void)pc_session_note(session, status, why_not_restored(status));
    pthread_mutex_unlock(&session->lock);
    return status;
}

#define SWAP(a, b)                                                                     \
    do {                                                                               \
        __auto_type pc_swapped_ = (a);                                                 \
        (a) = (b);                                                                     \
        (b) = pc_swapped_;                                                             \
    } while (0)

/* Everything that belongs to a process, and what was read from it. */
static void
swap_processes(struct pyconsole_session *s, struct pyconsole_session *other)
{
    SWAP(s->process, other->process);
    SWAP(s->reader, other->reader);
    SWAP(s->outbox, other->outbox);
    SWAP(s->typed, other->typed);
    SWAP(s->output[0], other->output[0]);
    SWAP(s->output[1], other->output[1]);
    SWAP(s->pending, other->pending);
    SWAP(s->turn, other->turn);
    SWAP(s->socket_ended, other->socket_ended);
    SWAP(s->died, other->died);
    memcpy(s->token, other->token, sizeof s->token);
}

void
pc_session_begin_again(struct pyconsole_session *session)
{
    struct pyconsole_session *s = session;
    struct pyconsole_session *other = s->coming;
    s->coming = NULL;
    pc_session_unwatch_worker(s);
    swap_processes(s, other);
    pyconsole_session_free(other);
    forget_asked(s);
    s->closed = false;
    s->restoring = true;
    s->running = s->printed = s->dropped = 0;
    s->step = 0;
    pc_session_set_timer(s, 0);
    if (pc_session_watch_worker(s) < 0) {
        pc_process_kill(&s->process);
        s->died = true;
    }
}

bool
pc_session_restored(struct pyconsole_session *session, json_t *message)
{
    if (!session->restoring) {
        return false;
    }
    session->restoring = false;
    if (session->parent >= 0) {
        close(session->parent);
        session->parent = -1;
    }
    json_object_set_new(message, "request",
                        json_integer((json_int_t)session->restored.request));
    json_object_set_new(message, "name", json_string(session->restored.name));
    return true;
}
