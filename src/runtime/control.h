/* A worker's side of the wire: a thread of its own, which never takes the GIL, reads the
 * control socket, so that a session can be interrupted while Python is stuck; the main
 * thread takes requests from it and sends events. No Python here.
 *
 * Locks: `lock` guards the members; `sending` is held while a message or a mark is
 * written, so that they are whole and in order. Neither is held while Python runs, nor
 * while anything is waited for but the socket and the pipes themselves. */
#ifndef PC_RUNTIME_CONTROL_H
#define PC_RUNTIME_CONTROL_H

#include <pthread.h>
#include <sys/types.h>

#include "session/wire.h"

/* Our own caps. */
enum { PC_REQUESTS_MOST = 10000, PC_CLONE_ENDS = 4 };
#define PC_WAITING_MOST (4 * PC_WIRE_LINE_MOST) /* bytes of requests */

/* A request that waits for the main thread. */
struct pc_request {
    struct pc_request *next;
    json_t *message;         /* owned */
    size_t len;              /* of its line */
    int ends[PC_CLONE_ENDS]; /* of a clone: control, out, out, exit; else -1 */
};

/* A clone that this process is the parent of. */
struct pc_child {
    struct pc_child *next;
    int pidfd;
    int exit; /* where to write how it ended */
};

struct pc_control {
    int fd;     /* the socket */
    int out[2]; /* the pipes behind descriptors 1 and 2, whatever becomes of those */
    int wake;   /* an eventfd: there are requests, or the end */
    int answer; /* an eventfd: there is an answer to input */
    int epoll;  /* what the thread waits for */
    int quit;   /* an eventfd: the thread is to end */
    char token[PC_MARK_TOKEN + 1];
    pthread_t thread;
    pthread_t main;
    pid_t pid;
    pthread_mutex_t sending;
    pthread_mutex_t lock;
    int stream; /* atomic: 1 or 2, where code in this process printed last; or 0 */
    /* guarded by `sending` */
    uint64_t turn;
    /* guarded by `lock` */
    struct pc_request *first;
    struct pc_request **last;
    size_t waiting;
    size_t waiting_bytes;
    uint64_t current; /* the request that runs; 0: none */
    bool input_asked; /* code waits for an answer */
    json_t *input;    /* owned: the answer */
    struct pc_child *children;
    /* of the thread alone */
    struct pc_wire_reader reader;
    int ends[PC_CLONE_ENDS];
};

/* Takes over the socket and the pipes, which are closed by fini. Reads the hello and puts
 * it into *ret_hello (a new reference); then starts the thread. 0, or -1 with errno. */
int pc_control_init(struct pc_control *control, int fd, int out1, int out2,
                    json_t **ret_hello);
int pc_control_start(struct pc_control *control);

/* What the thread does when there is something in the socket: reads some of it, and does
 * what the messages say. -1: the host is gone, or makes no sense. */
int pc_control_take(struct pc_control *control);

/* In the child of a fork: closes what is the parent's, and forgets the thread. */
void pc_control_abandon(struct pc_control *control);

/* Nothing is sent or taken between the two, so that a fork finds both locks free. */
void pc_control_hold(struct pc_control *control);
void pc_control_release(struct pc_control *control);

/* Waits for a request, which is the caller's then; NULL with EINTR when a signal came. */
struct pc_request *pc_control_next(struct pc_control *control);
void pc_request_free(struct pc_request *request);

/* The request that an interrupt may mean from here on; 0: none. A signal that was sent
 * before has come when this returns. */
void pc_control_set_current(struct pc_control *control, uint64_t request);

/* Sends an event (steals `message`) in its place among what was printed. 0, or -1: the
 * host is gone, or there is no memory. */
int pc_control_send(struct pc_control *control, json_t *message);

/* Code is about to print on stream 1 or 2: keeps its place if it printed on the other.
 * The first says whether the second has to wait for others. */
static inline bool
pc_control_changes_stream(struct pc_control *control, int stream)
{
    return __atomic_load_n(&control->stream, __ATOMIC_RELAXED) != stream;
}
void pc_control_print(struct pc_control *control, int stream);

/* From the first with `true` to the next with `false` an answer to an input event is
 * taken. Waits for it: a new reference, null for the end of the input; NULL with EINTR
 * when a signal came, or when there is none yet. */
void pc_control_ask_input(struct pc_control *control, bool asked);
json_t *pc_control_input(struct pc_control *control);

/* The clone's end will be told on `exit`, which is the control's now. */
void pc_control_add_child(struct pc_control *control, pid_t pid, int exit);

#endif
