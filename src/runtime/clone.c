/* Clones: a worker at its prompt forks, and the child serves a host's other ends. And
 * checkpoints: the child runs nothing, and waits to be forked in its turn. */
#include "runtime/pages.h"
#include "runtime/worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The ends, as they come with the request. */
enum { CONTROL, OUT1, OUT2, EXIT };

enum { WHY_MOST = 80 };

/* How many threads there are but the main one and the control thread. */
static int
other_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL) {
        return -1;
    }
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(tasks);
    return count - 2;
}

/* Is there anything that makes a fork unsound? It copies only the thread that calls, and
 * CPython's children do not survive other interpreters (python/cpython#139759). A task that
 * is not done waits in an event loop whose epoll descriptor and self-pipe the child would
 * share with its parent: what one registers, the other gets, and a wake-up of one may be
 * read by the other. asyncio has no way to give a loop new ones, so there is no clone. */
static bool
is_hindered(const struct pc_worker *worker, char *ret_why)
{
    bool home = worker->control.home != NULL;
    int others = home ? 0 : other_threads();
    long tasks = pc_worker_tasks();
    bool alone = PyInterpreterState_Next(PyInterpreterState_Head()) == NULL;
    if (home) {
        snprintf(ret_why, WHY_MOST, "the session is in its host's process");
    }
    else if (others < 0) {
        snprintf(ret_why, WHY_MOST, "the threads cannot be counted");
    }
    else if (others > 0) {
        snprintf(ret_why, WHY_MOST, "%d other thread%s", others,
                 others == 1 ? " runs" : "s run");
    }
    else if (tasks > 0) {
        snprintf(ret_why, WHY_MOST, "%ld task%s", tasks,
                 tasks == 1 ? " runs" : "s run");
    }
    else if (!alone) {
        snprintf(ret_why, WHY_MOST, "there are other interpreters");
    }
    return home || others != 0 || tasks > 0 || !alone;
}

/* Says why there is no clone, on the clone's own socket. */
static void
refuse(const struct pc_request *request, const char *why)
{
    json_t *message = json_pack("{s:s, s:s}", "event", "refused", "text", why);
    char *line = NULL;
    size_t len = 0;
    if (pc_wire_line(message, &line, &len) == 0) {
        (void)!send(request->ends[CONTROL], line, len, MSG_NOSIGNAL);
        free(line);
    }
    json_decref(message);
}

/* In the child: the descriptors 1 and 2 and the control are the clone's. */
static int
take_ends(struct pc_worker *worker, struct pc_request *request)
{
    struct pc_control *control = &worker->control;
    const char *token = pc_wire_text(request->message, "token");
    bool terminal = control->terminal;
    pc_control_abandon(control);
    if ((terminal && dup2(request->ends[OUT1], 0) < 0) ||
        dup2(request->ends[OUT1], 1) < 0 || dup2(request->ends[OUT2], 2) < 0 ||
        pc_control_init(control, request->ends[CONTROL], request->ends[OUT1],
                        request->ends[OUT2], NULL) < 0) {
        return -1;
    }
    strncpy(control->token, token, PC_MARK_TOKEN);
    close(request->ends[EXIT]);
    memset(request->ends, -1, sizeof request->ends);
    control->terminal = terminal;
    return setsid() < 0 ? -1 : pc_control_own_terminal(control);
}

/* fork() at the prompt: with CPython's hooks, with both locks free in the child, and with
 * nothing half sent. The parent will tell on `exit` how the child ended. */
static pid_t
fork_worker(struct pc_worker *worker, int exit)
{
    pc_worker_warm_up();
    PyOS_BeforeFork();
    pc_control_hold(&worker->control);
    pid_t pid = fork();
    if (pid != 0) {
        int error = errno;
        if (pid > 0) {
            pc_control_add_child(&worker->control, pid, exit);
        }
        pc_control_release(&worker->control);
        PyOS_AfterFork_Parent();
        errno = error;
    }
    return pid;
}

/* The rest of the fork in the child, whose ends were taken (0) or not. */
static void
go_on(struct pc_worker *worker, int taken)
{
    worker->forked = true; /* for the hook that tells a child of user code what it is */
    PyOS_AfterFork_Child();
    worker->forked = false;
    if (taken < 0 || pc_control_start(&worker->control) < 0) {
        _exit(1);
    }
}

void
pc_worker_clone(struct pc_worker *worker, struct pc_request *request)
{
    char why[WHY_MOST];
    if (request->ends[EXIT] < 0) {
        return;
    }
    if (is_hindered(worker, why)) {
        refuse(request, why);
        return;
    }
    pid_t pid = fork_worker(worker, request->ends[EXIT]);
    if (pid == 0) {
        go_on(worker, take_ends(worker, request));
        if (pc_worker_send_ready(worker, NULL) < 0) {
            _exit(1);
        }
    }
    else if (pid < 0) {
        refuse(request, strerror(errno));
    }
    else {
        request->ends[EXIT] = -1;
    }
}

/* ---- checkpoints ---- */

/* In the child: it has its end of a socket, and nowhere to print. */
static int
fall_silent(struct pc_worker *worker, struct pc_request *request)
{
    struct pc_control *control = &worker->control;
    bool terminal = control->terminal;
    pc_control_abandon(control);
    int nowhere[2];
    for (int i = 0; i < 2; i++) {
        nowhere[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nowhere[i] < 0 || dup2(nowhere[i], i + 1) < 0) {
            return -1;
        }
    }
    if ((terminal && dup2(nowhere[0], 0) < 0) ||
        pc_control_init(control, request->ends[CONTROL], nowhere[0], nowhere[1], NULL) <
            0) {
        return -1;
    }
    request->ends[CONTROL] = -1;
    control->terminal = terminal;
    control->held = true;
    return setsid() < 0 ? -1 : 0;
}

/* Forks the checkpoint: its process, or 0 in the child, or -1 with errno. It is there when
 * it has said so over a pipe; before, it would end with its parent's process group. */
static pid_t
fork_checkpoint(struct pc_worker *worker, struct pc_request *request)
{
    int ends[2];
    char said = 0;
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -1;
    }
    ends[1] = pc_control_move_up(ends[1]);
    if (ends[1] < 0) {
        int error = errno;
        close(ends[0]);
        errno = error;
        return -1;
    }
    pid_t pid = fork_worker(worker, -1);
    if (pid == 0) {
        go_on(worker, fall_silent(worker, request));
        (void)!write(ends[1], &said, 1);
    }
    int error = errno;
    close(ends[1]);
    ssize_t count = 1;
    do {
        count = pid > 0 ? read(ends[0], &said, 1) : 1;
    } while (count < 0 && errno == EINTR);
    if (count != 1) {
        pid = -1;
        error = ECHILD;
    }
    close(ends[0]);
    errno = error;
    return pid;
}

int
pc_worker_checkpoint(struct pc_worker *worker, struct pc_request *request)
{
    json_int_t id = (json_int_t)pc_wire_number(request->message, "id");
    char why[WHY_MOST] = "there is no descriptor";
    struct pc_pages pages = {0};
    if (request->ends[CONTROL] >= 0 && !is_hindered(worker, why)) {
        pc_pages_find(&pages);
        pid_t pid = fork_checkpoint(worker, request);
        if (pid == 0) {
            return 0;
        }
        snprintf(why, sizeof why, "%s",
                 pid >= 0          ? ""
                 : errno == ECHILD ? "its process ended at once"
                                   : strerror(errno));
    }
    bool made = why[0] == '\0';
    json_t *said = json_pack("{s:s, s:I}", "event", made ? "checkpoint" : "refused",
                             "request", id);
    if (!made) {
        json_object_set_new(said, "text", json_string(why));
    }
    (void)pc_worker_send(worker, said);
    int status =
        pc_worker_send(worker, json_pack("{s:s, s:I, s:s}", "event", "done", "request",
                                         id, "name", made ? "ok" : "refused"));
    pc_pages_copy(&pages); /* now, while nobody waits */
    return status;
}
