/* What stands behind <pyconsole/session.h>. */
#ifndef PC_SESSION_SESSION_H
#define PC_SESSION_SESSION_H

#include <pthread.h>

#include "session/outbox.h"
#include "session/process.h"

enum {
    PC_SESSION_QUEUE_MOST = 1000,
    PC_OUTPUT_ROOM = 1 << 16,
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

struct pyconsole_session {
    pthread_mutex_t lock;
    pyconsole_session_options options; /* without its strings */
    struct pc_process process;
    int epoll;
    int timer; /* a timerfd: the next step against what runs */
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
};

/* An empty session, or NULL; the caller connects its process, and then has it watched: 0,
 * or -1 with errno. */
struct pyconsole_session *pc_session_allocate(const pyconsole_session_options *options);
int pc_session_watch(struct pyconsole_session *session);

/* Copies as much of a host's options as are known; false: their size is none. */
bool pc_session_know_options(pyconsole_session_options *ret_known,
                             const pyconsole_session_options *options);

/* Sends the hello. */
int pc_session_greet(struct pyconsole_session *session);

/* Fills `error`, if there is one; `what` NULL: the status in words. Returns the status. */
int pc_session_fail(pyconsole_error *error, int status, const char *what);

#endif
