/* The body of a process session: takes requests from the control thread, runs them on the
 * main thread of its process, and says what came of them. All functions hold the GIL. */
#ifndef PC_RUNTIME_WORKER_H
#define PC_RUNTIME_WORKER_H

#include "runtime/native.h"

#include <termios.h>

#include "engine/completion.h"
#include "runtime/control.h"

struct pc_worker;

/* What depends on where the worker lives: in a process of its own, or (shared.c) in its
 * host's interpreter. */
struct pc_worker_home {
    /* Sends an event (steals `message`), with what was printed before it. 0, or -1: the
     * host is gone. An exception in flight stays. */
    int (*send)(struct pc_worker *worker, json_t *message);
    /* Makes the value what `_` is. */
    int (*keep_value)(struct pc_worker *worker, PyObject *value);
    /* Takes back an interrupt that was meant for what has just ended. */
    void (*drop_interrupt)(struct pc_worker *worker);
    /* The answer to an input event; NULL with an exception set, or when the host is
     * gone. */
    json_t *(*wait_for_answer)(struct pc_worker *worker);
    /* Runs the Python of an `execute`: 0; 1: what went wrong was shown; -1 with an
     * exception set: the session ends with it. NULL: the worker does. */
    int (*run)(struct pc_worker *worker, PyObject *source);
};

/* See lines.c. */
struct pc_later_lines {
    PyObject *module;     /* owned: linecache, as long as it was not run; or NULL */
    PyObject *remembered; /* owned: dict, name of a source -> its text */
    unsigned long filler; /* the thread that runs the module; 0: none does */
};

/* A source that was found complete, and what compiling it gave; see sources.c. */
struct pc_judged {
    PyObject *source; /* owned, or NULL */
    PyObject *code;   /* owned */
    uint64_t number;  /* that the source would get */
};

struct pc_worker {
    struct pc_native native; /* first: its callbacks get here from it */
    const struct pc_worker_home *home;
    struct pc_control control;
    PyObject *shown;  /* owned: str, what the console wrote for this request */
    uint64_t request; /* the one that runs; 0: none */
    uint64_t session; /* of a shared session: its number, to name sources; or 0 */
    uint64_t sources; /* executed so far, to name them */
    struct pc_later_lines lines;
    struct pc_judged judged;
    uint64_t memory; /* what code may take, in bytes; 0: no limit */
    bool forked;     /* in a child of user code */
    bool input;      /* the host answers input() */
    bool prompting;  /* the host prompts for its lines, see terminal.c */
    json_t *preload; /* owned: what is to be imported ahead of clones, or NULL */
    struct filling *filling; /* owned, to the end of the process: see preload.c */
    bool commanding;         /* and commands may be typed there, see commands.c */
    bool has_terminal;       /* and descriptor 0 is one */
    struct termios modes;    /* of it, at first */
    PyObject *prompts[2];    /* owned: as told last, or NULL */
    PyObject *before;        /* owned: what is called ahead of each block, or NULL */
};

/* Takes over the descriptors and reads the hello. `worker` is all zero, and stays where it
 * is. -1 with an exception set. */
int pc_worker_open(struct pc_worker *worker, int fd, int out1, int out2);

/* Runs requests in the namespace until the session ends: with SystemExit. Code may have run at
 * the terminal before. Returns NULL with an exception set. */
PyObject *pc_worker_serve(struct pc_worker *worker, PyObject *globals);

/* A line that the host answers, with its newline; "" at the end of the input. */
PyObject *pc_worker_read_line(struct pc_worker *worker, bool password);

/* A child of user code goes on in this process, which is no session. */
void pc_worker_forked(struct pc_worker *worker);

/* Makes the console that the worker runs code with. */
int pc_worker_init(struct pc_worker *worker, PyObject *globals);

/* Does what the request, which stays the caller's, asks for. -1: the session ends, with an
 * exception set or not. */
int pc_worker_take(struct pc_worker *worker, struct pc_request *request);

/* What sys.displayhook does: a value other than None is an event, and `_`. */
PyObject *pc_worker_display(struct pc_worker *worker, PyObject *value);

/* ---- sources.c ---- */

enum pc_ran {
    PC_RAN_OK,
    PC_RAN_FAILED,
    PC_RAN_INTERRUPTED,
    PC_RAN_MORE, /* a pushed line whose statement goes on */
    PC_RAN_LEFT, /* with SystemExit in flight */
};

/* Runs a source of any number of statements; pushes a line. What is raised is shown. */
enum pc_ran pc_worker_execute(struct pc_worker *worker, PyObject *source);
enum pc_ran pc_worker_push(struct pc_worker *worker, PyObject *line);

/* Is the source complete? The members of "done" (new). */
json_t *pc_worker_judge(struct pc_worker *worker, PyObject *source);

/* The name of a source that was executed. */
PyObject *pc_worker_source_name(const struct pc_worker *worker, uint64_t number);

/* Flushes sys.stdout and sys.stderr, whatever becomes of it. An exception in flight
 * stays. */
void pc_worker_flush(void);

/* Sends an event (steals `message`), with what was printed before it. */
int pc_worker_send(struct pc_worker *worker, json_t *message);

/* `typed` (stolen, or NULL) is what was typed while other code ran. */
int pc_worker_send_ready(struct pc_worker *worker, json_t *typed);

/* A json string from a str, lone surrogates as escapes; NULL with an exception set. */
json_t *pc_worker_text(PyObject *text);

/* lines.c: lets module linecache, and so tracebacks, know the lines of a source. 0, or -1
 * with an exception set. */
int pc_worker_keep_lines(struct pc_worker *worker, PyObject *source,
                         PyObject *filename);
/* The source with a newline at its end (new), or NULL with an exception set. */
PyObject *pc_worker_ended(PyObject *source);
/* It is to have them now, for who only looks at it. 0, or -1 with an exception set. */
int pc_worker_give_lines(void);
/* At the end of a session in a process that goes on it is to know them no more. */
void pc_worker_forget_sources(const struct pc_worker *worker);
/* Before any code runs, in a process of its own: it is not run before someone needs it. */
void pc_worker_delay_linecache(struct pc_worker *worker);

/* terminal.c: tells the host of sys.ps1 and sys.ps2 if they are not as it was told last. */
void pc_worker_send_prompts(struct pc_worker *worker);
/* Takes note of the terminal, before code runs; takes it back, when code has run: what was
 * typed meanwhile (a new reference), or NULL. */
void pc_worker_keep_terminal(struct pc_worker *worker);
json_t *pc_worker_take_terminal(struct pc_worker *worker);

/* commands.c: a command that a source begins with. */
struct pc_worker_command {
    PyObject *function; /* owned: runs it, and shows its value */
    PyObject *rest;     /* owned: the source without it, or "" */
    bool complete;      /* else lines are missing */
};

/* Is there one, where a person types? 1, the command is the caller's; 0; -1 with an exception
 * set. */
int pc_worker_find_command(struct pc_worker *worker, PyObject *source,
                           struct pc_worker_command *ret_command);
void pc_worker_command_fini(struct pc_worker_command *command);

/* What stands at the cursor of a text that begins with a command; of any other
 * `*ret_asked` stays as it is. `*ret_found` is then the caller's, and has what is borrowed.
 * -1 with an exception set. */
int pc_command_asked(struct pc_worker *worker, const char *text, size_t cursor,
                     struct pc_asked *ret_asked, PyObject **ret_found);

/* Calls a function that runs what was typed, with the argument if it is not NULL. What it
 * raises is shown without the function's own frame. -1: SystemExit, or showing failed. */
int pc_worker_call(struct pc_worker *worker, PyObject *function, PyObject *argument);

/* Runs it, as pc_worker_call, and tells the host what it wants to have edited. */
int pc_worker_run_command(struct pc_worker *worker,
                          const struct pc_worker_command *command);

/* Calls what commands have asked to be called ahead of each block. */
int pc_worker_prepare_commands(struct pc_worker *worker);

/* await.c: runs code that awaits, as pc_worker_call. */
int pc_worker_await(struct pc_worker *worker, PyObject *code);

/* How many tasks of the session's event loop are not done; -1: there is no loop. */
long pc_worker_tasks(void);

/* Runs what there is to run while the prompt waits, until there may be a request, or a
 * signal came. False: there is nothing. */
bool pc_worker_idle(struct pc_worker *worker);

/* assist.c: is the request one that looks and runs nothing? Answers it with one event: 0,
 * or -1 with an exception set. */
int pc_worker_assist(struct pc_worker *worker, const json_t *message);

/* memory.c: sets the limit for code, or for the worker itself. -1 with errno. */
int pc_worker_limit_memory(const struct pc_worker *worker, bool for_code);
/* Ends the process, which cannot say any more what it has to say. */
void pc_worker_leave_without_memory(void);

/* preload.c: imports what the host named; what cannot be imported is an event. */
void pc_worker_preload(struct pc_worker *worker);
/* Imports what requests will need, so that no clone has to. */
void pc_worker_warm_up(void);

/* clone.c: forks for the request. In the clone too it returns when that is ready. */
void pc_worker_clone(struct pc_worker *worker, struct pc_request *request);

/* The same for a checkpoint. -1: the host is gone. */
int pc_worker_checkpoint(struct pc_worker *worker, struct pc_request *request);

#endif
