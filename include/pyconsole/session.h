/* Sessions: a Python that runs code in a process of its own, as its host sees it. Requests
 * go in, and one ordered stream of events comes out. No Python is in this library; a host
 * may hold a thousand sessions, interrupt them, kill them, and clone them.
 *
 *     pyconsole_session_new(NULL, &session, NULL);
 *     pyconsole_session_execute(session, "6 * 7", PYCONSOLE_TERMINATED, NULL);
 *     while (pyconsole_session_wait(session, -1, &event) == PYCONSOLE_OK) ...
 *
 * Events come when the host asks for them, on the thread that asks. What a session prints
 * waits in the kernel until then: a host that does not ask lets the session wait.
 *
 * Threads:
 *
 *     ..._interrupt_signal_safe    any thread, in a signal handler too
 *     ..._next, _wait, _dispatch   any thread, one at a time for a session, since an event
 *                                  is good until the next is asked for
 *     ..._free                     any thread, when no other call is under way
 *     all others                   any thread; calls on one session take turns
 *
 * Nothing is called back, but by dispatch; no thread is started, no signal handler set.
 *
 * NULL for a session is EINVAL, or -1 where something else than a status is given.
 *
 * Text is UTF-8 with a length in bytes; PYCONSOLE_TERMINATED as length: it ends in a zero
 * byte. No function prints or exits. */
#ifndef PYCONSOLE_SESSION_H
#define PYCONSOLE_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include <pyconsole/assist.h>
#include <pyconsole/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pyconsole_session pyconsole_session;

/* ---- life ---- */

typedef struct pyconsole_session_options {
    size_t size;        /* of this struct, as the caller knows it */
    const char *python; /* the interpreter: a path, or a name that is looked up on PATH;
                            NULL: "python3" */
    const char *package; /* the folder that holds package `pyconsole`, built for that
                            interpreter; NULL: where it was installed */
    const char *folder;  /* the working directory; NULL: the host's */
    int no_input;        /* not 0: nobody answers, so input() raises EOFError at once */
    int prompts;         /* not 0: the host prompts for lines at the session's own
                            terminal; with events PROMPT */

    /* Limits; 0: none. */
    uint64_t output_most;   /* bytes of output of one request; what is beyond is counted
                               and dropped */
    uint64_t memory_most;   /* bytes of address space for its code */
    unsigned int wall_most; /* milliseconds of one request; then as
                               pyconsole_session_stop */
    unsigned int queue_most; /* requests that wait, 0: 1000; ELIMIT beyond */

    /* More about the process. Vectors end in NULL; NULL: empty. */
    const char *program; /* not an interpreter that runs the package, but a program that
                            serves by itself, as pyconsole-python does: it is called with
                            --session=PACKAGE ahead of the arguments, and `python` as the
                            name that it is called by; NULL: none */
    const char *const *arguments; /* options for the interpreter, as on a command line:
                                       {"-I", "-X", "dev", NULL} */
    const char *const *environment; /* what differs from the host's environment:
                                       "NAME=value", or "NAME": not set */
    int pty;           /* not 0: its 0, 1 and 2 are a terminal of its own, see below */
    unsigned int rows; /* of the terminal; 0: not known */
    unsigned int columns;
    unsigned int checkpoints_most; /* that are kept, 0: 16 */
    const char *const *preload; /* modules to import before READY, for a session that is
                                       to be cloned; NULL: none, and it is not. One that
                                       cannot be imported is an ERROR without a request */
    int pure_python; /* not 0: with `prompts`, no commands but Python is taken */
} pyconsole_session_options;

#define PYCONSOLE_SESSION_OPTIONS_INIT                                                 \
    {                                                                                  \
        sizeof(pyconsole_session_options), NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, NULL,   \
            NULL, NULL, 0, 0, 0, 0, NULL, 0                                            \
    }

/* Starts a Python. It is ready at its event READY; requests may be made before. The
 * options are copied; NULL for the defaults. `error` may be NULL. Errors: EINVAL, ENOMEM,
 * ESTART. */
PYCONSOLE_API int pyconsole_session_new(const pyconsole_session_options *options,
                                        pyconsole_session **ret_session,
                                        pyconsole_error *error);

/* Makes a session of a worker that is there already, at the other end of `fd`, a connected
 * stream socket on which nothing was said yet; docs/protocol.md. What the worker prints
 * comes over the socket. There is no process to watch: the session has died when the
 * connection ends, with the status that its EXIT had, or 0. Of the options `python`,
 * `package`, `folder` and `memory_most` are not used. `fd` is the session's afterwards, or
 * closed on an error. Errors: EINVAL, ENOMEM, ESTART. */
PYCONSOLE_API int pyconsole_session_attach(int fd,
                                           const pyconsole_session_options *options,
                                           pyconsole_session **ret_session,
                                           pyconsole_error *error);

/* Makes a second session out of one that is at its prompt, with everything that its
 * Python holds: a fork. A clone of a session that runs something is made when that is
 * done. Limits are those of the original. Where it cannot be (Python threads run, ...),
 * the clone's first events are REFUSED, with the reason, and DIED. Errors: as
 * pyconsole_session_new, ECLOSED, and EBUSY: the session does not take it now. */
PYCONSOLE_API int pyconsole_session_clone(pyconsole_session *session,
                                          pyconsole_session **ret_clone,
                                          pyconsole_error *error);

/* Kills the session if it lives, and forgets it. NULL is fine. */
PYCONSOLE_API void pyconsole_session_free(pyconsole_session *session);

/* Asks the session to end when what it was asked before is done; DIED is its last event.
 * Errors: ECLOSED. */
PYCONSOLE_API int pyconsole_session_close(pyconsole_session *session);

/* Makes what runs end: interrupts it, interrupts it again after a third of the grace time
 * (in milliseconds), and kills the session when it is over. Which step did it: DONE has 1
 * or 2 as its status (0: none was needed), DIED the name "stopped". Works while events are
 * asked for. Errors: ECLOSED. */
PYCONSOLE_API int pyconsole_session_stop(pyconsole_session *session,
                                         unsigned int grace);

/* Kills the session now. */
PYCONSOLE_API int pyconsole_session_kill(pyconsole_session *session);

/* Tells what the call on this session that failed last did so with: its status, and why, in
 * words; PYCONSOLE_OK and "" before one has. Not of the functions that make a session,
 * which tell their caller. Errors: EINVAL. */
PYCONSOLE_API int pyconsole_session_error(pyconsole_session *session,
                                          pyconsole_error *ret_error);

/* The process, or -1 before it is known: a clone's comes with READY. */
PYCONSOLE_API int pyconsole_session_pid(pyconsole_session *session);

/* ---- requests ----
 *
 * Each gives its number in *ret_request, which may be NULL; its last event is DONE.
 * Errors: EINVAL (not UTF-8), ELIMIT, ENOMEM, ECLOSED. */

/* Runs a source of any number of statements; values of expressions are RESULTs. */
PYCONSOLE_API int pyconsole_session_execute(pyconsole_session *session,
                                            const char *source, size_t len,
                                            uint64_t *ret_request);

/* Pushes a line, as at a prompt. DONE says "more" when the statement goes on. */
PYCONSOLE_API int pyconsole_session_push(pyconsole_session *session, const char *line,
                                         size_t len, uint64_t *ret_request);

/* DONE says "complete", "incomplete" or "invalid", as pyconsole_is_complete; or
 * "interrupted". */
PYCONSOLE_API int pyconsole_session_is_complete(pyconsole_session *session,
                                                const char *source, size_t len,
                                                uint64_t *ret_request);

/* Asks what fits at `cursor`, an offset in bytes at most `len`, of a text that may be
 * unfinished and wrong. The answer is the event COMPLETIONS. Nothing of the user's code
 * runs, without the option `unsafe`; `options` NULL: the defaults. */
PYCONSOLE_API int pyconsole_session_complete(pyconsole_session *session,
                                             const char *text, size_t len,
                                             size_t cursor,
                                             const pyconsole_assist_options *options,
                                             uint64_t *ret_request);

/* Asks in the same way what is known of an object or a call at `cursor`. The answer is the
 * event INSPECTION. */
PYCONSOLE_API int pyconsole_session_inspect(pyconsole_session *session,
                                            const char *text, size_t len, size_t cursor,
                                            const pyconsole_assist_options *options,
                                            uint64_t *ret_request);

/* Answers the INPUT event of `request`: a line without its newline, or NULL for the end
 * of the input. An answer that nobody waits for is dropped. */
PYCONSOLE_API int pyconsole_session_input(pyconsole_session *session, uint64_t request,
                                          const char *text, size_t len);

/* Raises KeyboardInterrupt in what runs if that is `request`; if it has not begun yet it
 * ends as "interrupted" in its turn, and nothing of it is run (of a pushed line, those
 * before it are dropped as well). 0: what runs, or the first that waits. An event INTERRUPT
 * says "interrupting", "idle" or "mismatch". */
PYCONSOLE_API int pyconsole_session_interrupt(pyconsole_session *session,
                                              uint64_t request);

/* The same for whatever runs, from a signal handler: it does nothing but make the
 * session's descriptor readable; the interrupt goes out when events are asked for. */
PYCONSOLE_API void pyconsole_session_interrupt_signal_safe(pyconsole_session *session);

/* ---- the terminal ----
 *
 * With the option `pty` the descriptors 0, 1 and 2 of the process are a pseudo-terminal,
 * which is its controlling terminal, with its process group in the foreground: so
 * isatty(), curses, getpass, termios, and shells with job control do what they do in a
 * terminal. What comes out of it, echoes too, are OUTPUT events of stream 1, in their place
 * among the others; as a terminal has them, lines end in "\r\n". input() and sys.stdin
 * read from it, so there are no INPUT events. A clone has a terminal of its own, of the
 * same size and settings. */

/* Types bytes on the terminal: "\3" interrupts, as the terminal is set at first. Never
 * blocks; what it does not take now goes when events are asked for. Errors: EINVAL: the
 * session has no terminal; ELIMIT: 1 MiB waits; ENOMEM, ECLOSED. */
PYCONSOLE_API int pyconsole_session_write(pyconsole_session *session, const char *bytes,
                                          size_t len);

/* The terminal has another size, which its processes are told (SIGWINCH). Errors: EINVAL:
 * no terminal, or a size over 65535; ECLOSED. */
PYCONSOLE_API int pyconsole_session_resize(pyconsole_session *session,
                                           unsigned int rows, unsigned int columns);

/* The process leads a session, so its process group is orphaned: the kernel does not stop it
 * for SIGTSTP, and the key that means that does nothing. A host that is itself stopped by that
 * key stops the session first, and continues it afterwards.
 *
 * The byte that is that key now: "\032", Ctrl-Z, as the terminal is set at first. -1: there is
 * none: what runs takes every byte (ISIG is not set); or a process group of its own is in the
 * foreground, such as a job of a shell, which the kernel stops as it should; or the session
 * has no terminal. */
PYCONSOLE_API int pyconsole_session_suspend_key(pyconsole_session *session);

/* Stops the process and its process group (SIGSTOP). Until it is resumed it sends no events;
 * it can be killed. The limit `wall_most` goes on. Errors: EINVAL: it has no process; ECLOSED:
 * it has ended, or its process is not known yet. */
PYCONSOLE_API int pyconsole_session_suspend(pyconsole_session *session);

/* Continues the process and its process group (SIGCONT), and sends SIGWINCH to what is in the
 * foreground of the terminal, so that it draws itself again. Errors: as of suspend. */
PYCONSOLE_API int pyconsole_session_resume(pyconsole_session *session);

/* ---- checkpoints ----
 *
 * A checkpoint is the session as it was at a prompt: its process forks, and the fork does
 * nothing but wait until it is wanted. It outlives the process that it was made of, and can
 * be gone back to again and again. Only memory that changes afterwards is there twice. */

/* Makes a checkpoint when what was asked before is done: a request, with an event
 * CHECKPOINT; or REFUSED, with the reason, where there can be no fork (as
 * pyconsole_session_clone). `name` has at most 63 bytes; NULL: it gets one, "#" and the
 * number of the request. It takes the place of the one of the same name. Of those without a
 * name of their own the oldest goes when there are more than `checkpoints_most`; ELIMIT
 * when all have names. Errors: as a request, EBUSY, ESTART. */
PYCONSOLE_API int pyconsole_session_checkpoint(pyconsole_session *session,
                                               const char *name, uint64_t *ret_request);

/* Goes back to a checkpoint (NULL: the last): kills the process, if it lives, and goes on
 * with a fork of the checkpoint, which stays. Works after DIED, too. The event RESTORED has
 * this request's number, and is the last of all that were asked before; before it comes
 * what there was to say until then. What is asked after this call is asked of the restored
 * session. Random seeds are others. If there is no memory for the fork, the events are
 * REFUSED and DIED, and the checkpoint is still there. Errors: EINVAL: no such checkpoint;
 * ECLOSED: its process was killed; EBUSY, ENOMEM, ESTART. After an error the session is as
 * it was. */
PYCONSOLE_API int pyconsole_session_restore(pyconsole_session *session,
                                            const char *name, uint64_t *ret_request);

/* Gives a checkpoint up. Errors: EINVAL: there is none of that name. */
PYCONSOLE_API int pyconsole_session_forget(pyconsole_session *session,
                                           const char *name);

/* ---- events ---- */

/* X(name): the members of pyconsole_event that say something are behind each. */
#define PYCONSOLE_EVENTS(X)                                                                    \
    X(READY) /* text: the version of Python; name: its executable; detail: what was      \
                    typed while a script ran and read by nobody, as for DONE */     \
    X(OUTPUT)    /* stream, text: bytes as they were written */                                \
    X(DROPPED)   /* status: so many bytes of output were over the limit */                     \
    X(RESULT)    /* text: repr() of a value */                                                 \
    X(ERROR)     /* text: as it is shown; name: the class; detail: str() of it */              \
    X(INPUT)     /* code waits for a line; status: 1 if it is a password */                    \
    X(INTERRUPT) /* name: "interrupting", "idle" or "mismatch" */                              \
    X(DONE) /* name: "ok", "error", "interrupted", "more", "complete",              \
                    "incomplete", "invalid", "refused"; missing, bracket, indent;      \
                    text: what is wrong; detail: what was typed at the session's own   \
                    terminal meanwhile and read by nobody, with the option prompts */          \
    X(REFUSED)    /* text: why there is no clone, or no checkpoint */                          \
    X(CHECKPOINT) /* name: its name; detail: that of the one that went for it, or "";  \
                    status: how many there are */       \
    X(RESTORED)   /* name: of the checkpoint. All that was asked before is over */             \
    X(PROMPT)     /* text, detail: sys.ps1 and sys.ps2, when they changed */                   \
    X(EDIT)       /* text: to begin the next prompt with, with the option prompts */           \
    X(COMPLETIONS) /* start, end, count, pyconsole_event_candidate; name: "", or why   \
                    there is not all: "truncated", "late" */       \
    X(INSPECTION) /* start, end, pyconsole_event_inspection; status: 1 if something is       \
                    known */ \
    X(EXIT) /* status: code asked to exit, with that; text: its message */                     \
    X(DIED) /* status: the exit status, or minus the signal; -1000: not known;    \
                    text: if it never ran code, that. The last event */

#define PYCONSOLE_EVENT_MEMBER(name) PYCONSOLE_EVENT_##name,
enum pyconsole_event_kind { PYCONSOLE_EVENTS(PYCONSOLE_EVENT_MEMBER) };
#undef PYCONSOLE_EVENT_MEMBER

/* Owned by the session. Texts end in a zero byte that `len` does not count, and are "" if
 * there is nothing to say. */
typedef struct pyconsole_event {
    size_t size;
    int kind;          /* enum pyconsole_event_kind */
    int stream;        /* 1 or 2 */
    uint64_t sequence; /* 1, 2, 3, ... in this session */
    uint64_t request;  /* the one that it belongs to; 0: none */
    const char *text;
    size_t len; /* of text */
    const char *name;
    const char *detail;
    const char *missing; /* as in pyconsole_completeness */
    const char *indent;
    int64_t status;
    char bracket;
    size_t start; /* offsets in the text that was asked about */
    size_t end;
    size_t count;      /* of candidates */
    const void *found; /* the library's own */
} pyconsole_event;

/* "OUTPUT" for PYCONSOLE_EVENT_OUTPUT, in static storage; "?" for none. */
PYCONSOLE_API const char *pyconsole_event_name(int kind);

/* Fills *ret_candidate, whose size is set, from a COMPLETIONS event; its texts stay as long
 * as the event. EINVAL: the event is another, or has no such candidate. */
PYCONSOLE_API int pyconsole_event_candidate(const pyconsole_event *event, size_t index,
                                            pyconsole_candidate *ret_candidate);

/* The same of an INSPECTION event. EINVAL as well where nothing is known. */
PYCONSOLE_API int pyconsole_event_inspection(const pyconsole_event *event,
                                             pyconsole_inspection *ret_inspection);

/* A descriptor that is readable when there may be an event. It stays the session's. */
PYCONSOLE_API int pyconsole_session_fd(pyconsole_session *session);

/* Gives the next event, or NULL if there is none now. Never blocks. PYCONSOLE_EEOF after
 * DIED. Errors: ENOMEM, EPROTOCOL: what came from the session makes no sense; it is
 * killed. */
PYCONSOLE_API int pyconsole_session_next(pyconsole_session *session,
                                         const pyconsole_event **ret_event);

/* A callback gives PYCONSOLE_OK to go on. Any other value, PYCONSOLE_EUSER or one of the
 * host's own, ends the dispatch, which returns it. It may make requests, but not free the
 * session or ask it for events. */
typedef int (*pyconsole_session_callback)(pyconsole_session *session,
                                          const pyconsole_event *event, void *userdata);

typedef struct pyconsole_session_callbacks {
    size_t size; /* of this struct, as the caller knows it */
    pyconsole_session_callback ready;
    pyconsole_session_callback output;
    pyconsole_session_callback result;
    pyconsole_session_callback error;
    pyconsole_session_callback input;
    pyconsole_session_callback done;
    pyconsole_session_callback died;
    pyconsole_session_callback other; /* events that have no callback above, or NULL
                                          there */
} pyconsole_session_callbacks;

#define PYCONSOLE_SESSION_CALLBACKS_INIT                                               \
    {                                                                                  \
        sizeof(pyconsole_session_callbacks), NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
            NULL                                                                       \
    }

/* Calls back for each event there is now, on this thread; then returns. Returns what next
 * does, or what a callback gave. Errors: EINVAL, and those of next. */
PYCONSOLE_API int pyconsole_session_dispatch(
    pyconsole_session *session, const pyconsole_session_callbacks *callbacks,
    void *userdata);

/* The next event, as next gives it; waits for at most so many milliseconds (-1: for ever). */
PYCONSOLE_API int pyconsole_session_wait(pyconsole_session *session, int timeout,
                                         const pyconsole_event **ret_event);

#ifdef __cplusplus
}
#endif

#endif
