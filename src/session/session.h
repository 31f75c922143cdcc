/* What stands behind <pyconsole/session.h>. */
#ifndef PC_SESSION_SESSION_H
#define PC_SESSION_SESSION_H

#include <pthread.h>

#include "session/outbox.h"
#include "session/process.h"

enum {
    PC_SESSION_QUEUE_MOST = 1000,
    PC_OUTPUT_ROOM = 1 << 16,
    PC_CHECKPOINTS_MOST = 16,
    PC_CHECKPOINT_NAME_MOST = 63,
    PC_TYPED_MOST = 1 << 20, /* bytes for a terminal that nobody reads yet */
};

/* One of the two pipes, or the terminal: what was read, and where the marks in it have come to. */
struct pc_output {
    char *buf; /* owned: PC_OUTPUT_ROOM bytes and a zero byte */
    size_t start;
    size_t end;
    char behind; /* what the zero byte of the event given last stands on */
    char *zero;  /* where, or NULL */
    uint64_t turn;
    bool ended;
    unsigned int watched; /* EPOLLIN, EPOLLOUT: for what the epoll descriptor looks */
};

/* A clone that is held at its prompt, at the other end of a socket. */
struct pc_checkpoint {
    struct pc_checkpoint *next; /* the one made after it */
    uint64_t request;           /* that asked for it */
    int control;
    bool held;  /* the worker has said so */
    bool named; /* by the host */
    char name[PC_CHECKPOINT_NAME_MOST + 1];
};

struct pyconsole_session {
    pthread_mutex_t lock;
    pyconsole_session_options options; /* without its strings */
    struct pc_process process;
    int epoll;
    int poke;   /* an eventfd: somebody asked for an interrupt from a signal handler */
    int timer;  /* a timerfd: the next step against what runs */
    bool timed; /* it is set */
    char token[PC_MARK_TOKEN + 1];
    struct pc_wire_reader reader;
    struct pc_outbox outbox;
    struct pc_outbox typed; /* for the terminal */
    struct pc_output output[2];
    size_t outputs;     /* how many there are: 1 with a terminal, 0 when it is
                              attached */
    uint64_t turn;      /* up to which everything was given */
    json_t *pending;    /* owned: a message whose turn has not come */
    json_t *shown;      /* owned: what the event given last is made of */
    uint64_t requests;  /* numbers given so far */
    uint64_t running;   /* the request that runs, as events tell */
    uint64_t waiting;   /* requests without their DONE */
    uint64_t sequence;  /* of events */
    uint64_t printed;   /* bytes of output of the request that runs */
    uint64_t dropped;   /* of them, over the limit */
    unsigned int grace; /* of the stop under way, in ms */
    int step;           /* of it; 0: none */
    int64_t left;       /* without a process: the status of EXIT */
    bool attached;      /* there is no process, and there are no pipes */
    bool socket_ended;
    bool died;    /* the process ended */
    bool closed;  /* DIED was given, or the protocol is broken */
    bool flooded; /* of the thread that asks for events: it stopped while more came */
    pyconsole_event event;
    struct pc_checkpoint *checkpoints; /* owned; the oldest first */
    struct pyconsole_session *coming;  /* owned: holds the process that is to take over
                                             when the other's events have been given */
    struct pc_checkpoint restored;     /* a copy of what that was made of */
    int parent;     /* the same checkpoint's socket, until its clone is ready; or -1 */
    bool ready;     /* some process has been */
    bool restoring; /* it has taken over, and is not ready yet */
    pyconsole_error error; /* what a call failed with last */
};

/* An empty session, or NULL; the caller connects its process, and then has it watched: 0,
 * or -1 with errno. */
struct pyconsole_session *pc_session_allocate(const pyconsole_session_options *options);
int pc_session_watch(struct pyconsole_session *session);
int pc_session_watch_worker(struct pyconsole_session *session);
void pc_session_unwatch_worker(struct pyconsole_session *session);

/* Sends a message (steals it) with descriptors. EBUSY: not now. */
int pc_session_send_fds(struct pyconsole_session *session, json_t *message,
                        const int *fds, size_t count);

/* How many requests may wait. */
uint64_t pc_session_queue_most(const struct pyconsole_session *session);

/* ---- checkpoint.c ---- */

/* The worker says that a checkpoint is there: completes its message for the event. False:
 * none was asked for. */
bool pc_session_checkpoint_made(struct pyconsole_session *session, json_t *message);
void pc_session_checkpoint_refused(struct pyconsole_session *session, uint64_t request);

/* The process to come takes over. */
void pc_session_begin_again(struct pyconsole_session *session);

/* The process is ready. True: it is a checkpoint's, and its message is for RESTORED. */
bool pc_session_restored(struct pyconsole_session *session, json_t *message);

void pc_session_forget_all(struct pyconsole_session *session);

/* Copies as much of a host's options as are known; false: their size is none. */
bool pc_session_know_options(pyconsole_session_options *ret_known,
                             const pyconsole_session_options *options);

/* Sends the hello, with the names of modules to import first: a vector, or NULL. */
int pc_session_greet(struct pyconsole_session *session, const char *const *preload);

/* ---- error.c ----
 *
 * Give the status; `what` NULL: that in words. */

/* Fills `error`, if there is one. */
int pc_session_fail(pyconsole_error *error, int status, const char *what);

/* With the lock: keeps an error for the host. */
int pc_session_note(struct pyconsole_session *session, int status, const char *what);

/* Without the lock: the same; the session may be NULL. */
int pc_session_refuse(struct pyconsole_session *session, int status, const char *what);

#endif
