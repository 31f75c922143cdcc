/* A worker's side of the wire: a thread of its own, which never takes the GIL, reads the
 * control socket, so that a session can be interrupted while Python is stuck; the main
 * thread takes requests and sends events, and reads the socket where it waits for nothing
 * else. No Python here.
 *
 * Locks: `lock` guards the members; `reading` is held while the socket is read; `sending`
 * while a message or a mark is written, so that they are whole and in order. None is held
 * while Python runs, nor while anything is waited for but the socket and the pipes
 * themselves. */
#ifndef PC_RUNTIME_CONTROL_H
#define PC_RUNTIME_CONTROL_H

#include <pthread.h>
#include <sys/types.h>

#include <pyconsole/status.h>

#include "base/bytes.h"
#include "session/wire.h"

/* Our own caps. */
enum { PC_REQUESTS_MOST = 10000, PC_CLONE_ENDS = 4 };
enum { PC_KICK_WAIT = 10 }; /* ms, from an interrupt to the next look whether it came */
#define PC_WAITING_MOST (4 * PC_WIRE_LINE_MOST) /* bytes of requests */

/* A request that waits for the main thread. */
struct pc_request {
    struct pc_request *next;
    json_t *message; /* owned */
    size_t len;      /* of its line */
    uint64_t id;     /* that an interrupt may name; 0: it cannot be interrupted */
    bool withdrawn;  /* it was, before it began */
    int ends[PC_CLONE_ENDS]; /* of a clone: control, out, out, exit; of a checkpoint:
                                control; else -1 */
};

/* A clone that this process is the parent of. */
struct pc_child {
    struct pc_child *next;
    int pidfd;
    int exit; /* where to write how it ended */
};

struct pc_control;

/* What is otherwise where the other side is in this process (shared.c): there are no
 * pipes, nothing that is sent waits for the socket, and the end of the connection is not
 * that of the process. The thread calls them, without locks but for `kick`. */
struct pc_control_home {
    /* Interrupts what runs, if that is still `request`. */
    void (*interrupt)(struct pc_control *control, uint64_t request);
    /* Ends the system call that it may have gone into just after. With `lock`. NULL: no
     * signal interrupts there. */
    void (*kick)(struct pc_control *control);
    /* The host is gone. The last that the thread does with the control. */
    void (*gone)(struct pc_control *control);
};

struct pc_control {
    const struct pc_control_home *home; /* NULL: a process of its own */
    int fd;                             /* the socket */
    int out[2];    /* the pipes behind descriptors 1 and 2, whatever becomes of those */
    bool terminal; /* both are the same terminal */
    bool held;     /* a checkpoint: runs nothing, and is forked to go on */
    int wake;      /* an eventfd: there are requests, or the end */
    int answer;    /* an eventfd: there is an answer to input */
    int epoll;     /* what the thread waits for */
    char token[PC_MARK_TOKEN + 1];
    pthread_t thread;
    pthread_t main;
    pid_t pid;
    pthread_mutex_t reading; /* held while the socket is read */
    pthread_mutex_t sending;
    pthread_mutex_t lock;
    pthread_cond_t
        room;   /* with `sending`: the backlog is shorter, or nobody reads it */
    int stream; /* atomic: 1 or 2, where code in this process printed last; or 0 */
    bool runs;  /* atomic: the thread has begun */
    /* guarded by `sending` */
    uint64_t turn;
    struct pc_bytes backlog; /* with a home: what the socket did not take yet */
    size_t backlog_start;
    /* guarded by `lock` */
    struct pc_request *first;
    struct pc_request *last; /* if there is a first */
    size_t waiting;
    size_t waiting_bytes;
    uint64_t current; /* the request that runs; 0: none */
    uint64_t taken;   /* out of the queue, and to run next; 0: none */
    bool withdrawn;   /* `taken` was interrupted */
    json_t *input;    /* owned: the answer */
    struct pc_child *children;
    uint64_t kicked; /* the request that was interrupted last */
    int kicks;       /* that are to come */
    /* guarded by `reading` */
    struct pc_wire_reader reader;
    int ends[PC_CLONE_ENDS];
    /* of the thread alone */
    bool left; /* the host has let the checkpoint go */
    /* of the main thread alone */
    bool deaf; /* it leaves the socket to the thread: the host is gone */
    /* guarded by `sending` */
    bool finishing; /* the connection is closed when the backlog is gone */
    /* guarded by `lock` */
    bool ended;       /* nothing more comes from the host */
    bool interrupted; /* the home has interrupted `current` */
    bool input_asked; /* code waits for an answer */
};

/* Takes over the socket and the pipes, which are closed by fini. Reads the hello and puts
 * it into *ret_hello (a new reference); then starts the thread. 0, or -1 with errno. */
int pc_control_init(struct pc_control *control, int fd, int out1, int out2,
                    json_t **ret_hello);
int pc_control_start(struct pc_control *control);

/* What the thread does when there is something in the socket: reads some of it, and does
 * what the messages say. -1: the host is gone, or makes no sense. */
int pc_control_take(struct pc_control *control);

/* Where there is no thread (local.c): the same, and sends of the backlog what can be sent,
 * without waiting. There is something to do when `epoll` is readable. */
int pc_control_turn(struct pc_control *control);

/* The descriptor, with a number above the standard ones: code may have closed one of those,
 * and a child puts others there. -1: there is no number left, and it is closed. */
int pc_control_move_up(int fd);

/* With a terminal: it becomes that of this process, which leads a session. 0, or -1 with
 * errno. */
int pc_control_own_terminal(struct pc_control *control);

/* Closes and frees everything, when the thread has ended or has never run; in the child of
 * a fork: closes what is the parent's, and forgets the thread. */
void pc_control_abandon(struct pc_control *control);

/* With a home: closes the connection when all that was sent is gone; the thread ends. */
void pc_control_finish(struct pc_control *control);

/* Nothing is sent or taken between the two, so that a fork finds all locks free. */
void pc_control_hold(struct pc_control *control);
void pc_control_release(struct pc_control *control);

/* Waits for a request, which is the caller's then; NULL with EINTR when a signal came. */
struct pc_request *pc_control_next(struct pc_control *control);

/* Waits, so many milliseconds (-1: for ever), until there may be a request: 1; 0: the time is
 * over; -1: a signal came. */
int pc_control_wait(struct pc_control *control, int timeout);

/* One that is there now, or NULL. */
struct pc_request *pc_control_first(struct pc_control *control);
void pc_request_free(struct pc_request *request);

/* With a home: is the host gone? */
bool pc_control_has_ended(struct pc_control *control);

/* Sends what is no event of a request (steals `message`), and has no place among what is
 * printed. */
void pc_control_reply(struct pc_control *control, json_t *message);

/* Sends an event (steals `message`) in its place among what was printed. 0, or a status:
 * the host is gone; ENOMEM, ELIMIT (it is too long): the host does not see it. */
int pc_control_send(struct pc_control *control, json_t *message);

/* With a home: if more than `most` bytes wait for the socket, waits until it is half of
 * that, the host is gone, something is interrupted, or the time (in ms) is over. Is there
 * room? */
bool pc_control_wait_for_room(struct pc_control *control, size_t most, int timeout);

/* Code is about to print on stream 1 or 2: keeps its place if it printed on the other.
 * The first says whether the second has to wait for others. */
static inline bool
pc_control_changes_stream(struct pc_control *control, int stream)
{
    return __atomic_load_n(&control->stream, __ATOMIC_RELAXED) != stream;
}
void pc_control_print(struct pc_control *control, int stream);

/* From the first with `true` to the next with `false` an answer to an input event is
 * taken. Waits for it, for so many milliseconds (-1: for ever): a new reference, null for
 * the end of the input; NULL when there is none yet, or a signal came. */
void pc_control_ask_input(struct pc_control *control, bool asked);
json_t *pc_control_input(struct pc_control *control, int timeout);

/* The end of a clone, or of a checkpoint without `exit`, will be told on that, which is the
 * control's now. Between hold and release. */
void pc_control_add_child(struct pc_control *control, pid_t pid, int exit);

/* ---- interrupts: interrupt.c ---- */

/* The request that an interrupt may mean from here on; 0: none. A signal that was sent
 * before has come when this returns. True: it was interrupted before, and is not to run. */
bool pc_interrupt_set_current(struct pc_control *control, uint64_t request);

/* Interrupts `request`, or what runs or is to run next (0), and tells the host. */
void pc_interrupt(struct pc_control *control, uint64_t request);

/* A signal that comes just before a system call does not end it: Python has looked for
 * signals already, and looks again when the call ends. So the call is made to end a moment
 * later, if what was interrupted still runs: PC_KICK_WAIT after pc_interrupt, while there
 * are kicks to come. _prepare: in a process of its own, before the first. */
void pc_interrupt_prepare(void);
void pc_interrupt_again(struct pc_control *control);

/* Sends a signal as a terminal does: to this process, and the children that it left in its
 * group. */
void pc_interrupt_group(int number);

#endif
