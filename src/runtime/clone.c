/* Clones: a worker at its prompt forks, and the child serves a host's other ends. */
#include "runtime/worker.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The ends, as they come with the request. */
enum { CONTROL, OUT1, OUT2, EXIT };

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

static void
go_on_as_clone(struct pc_worker *worker, struct pc_request *request)
{
    int taken = take_ends(worker, request);
    worker->forked = true; /* for the hook that tells a child of user code what it is */
    PyOS_AfterFork_Child();
    worker->forked = false;
    if (taken < 0 || pc_control_start(&worker->control) < 0 ||
        pc_worker_send_ready(worker) < 0) {
        _exit(1);
    }
}

void
pc_worker_clone(struct pc_worker *worker, struct pc_request *request)
{
    int others = other_threads();
    if (request->ends[CONTROL] < 0) {
        return;
    }
    if (worker->control.home != NULL) {
        refuse(request, "the session is in its host's process");
        return;
    }
    if (others != 0) {
        char why[80];
        snprintf(why, sizeof why,
                 others < 0 ? "the threads cannot be counted" : "%d other threads run",
                 others);
        refuse(request, why);
        return;
    }
    PyOS_BeforeFork();
    pc_control_hold(&worker->control);
    pid_t pid = fork();
    if (pid == 0) {
        go_on_as_clone(worker, request);
        return;
    }
    int error = errno;
    pc_control_release(&worker->control);
    PyOS_AfterFork_Parent();
    if (pid < 0) {
        refuse(request, strerror(error));
        return;
    }
    pc_control_add_child(&worker->control, pid, request->ends[EXIT]);
    request->ends[EXIT] = -1;
}
