/* Starting, watching and ending a worker process; see process.h.
 *
 * A worker that is started here is a child of the host. A clone is a child of the worker
 * that it was cloned from, which tells how it ended over `exit`. */
#include "session/process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Where package pyconsole was installed. */
#ifndef PYCONSOLE_PACKAGE
#define PYCONSOLE_PACKAGE ""
#endif

enum { NOT_KNOWN = -1000, EXIT_WAIT = 200 /* ms for a parent's word */, FDS_MOST = 4 };

extern char **environ;

static void
close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

void
pc_process_close_ends(struct pc_process_ends *ends)
{
    close_fd(&ends->control);
    close_fd(&ends->out[0]);
    close_fd(&ends->out[1]);
    close_fd(&ends->exit);
}

static int
connect_pipe(int *ret_read, int *ret_write)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -1;
    }
    *ret_read = ends[0];
    *ret_write = ends[1];
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

/* The worker's ends are the terminal's other end, twice. */
static int
connect_terminal(int *ret_master, int ret_ends[2])
{
    char name[64];
    *ret_master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (*ret_master < 0 || grantpt(*ret_master) < 0 || unlockpt(*ret_master) < 0 ||
        ptsname_r(*ret_master, name, sizeof name) != 0) {
        return -1;
    }
    ret_ends[0] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    ret_ends[1] = ret_ends[0] < 0 ? -1 : fcntl(ret_ends[0], F_DUPFD_CLOEXEC, 0);
    return ret_ends[1] < 0 ? -1 : 0;
}

static int
connect_outputs(struct pc_process *process, struct pc_process_ends *ends, bool terminal)
{
    if (terminal) {
        return connect_terminal(&process->out[0], ends->out);
    }
    return connect_pipe(&process->out[0], &ends->out[0]) < 0
               ? -1
               : connect_pipe(&process->out[1], &ends->out[1]);
}

int
pc_process_resize(const struct pc_process *process, unsigned int rows,
                  unsigned int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows,
                           .ws_col = (unsigned short)columns};
    return ioctl(process->out[0], TIOCSWINSZ, &size);
}

void
pc_process_copy_terminal(const struct pc_process *from, const struct pc_process *to,
                         bool settings)
{
    struct winsize size;
    struct termios modes;
    if (ioctl(from->out[0], TIOCGWINSZ, &size) == 0) {
        (void)ioctl(to->out[0], TIOCSWINSZ, &size);
    }
    if (settings && tcgetattr(from->out[0], &modes) == 0) {
        (void)tcsetattr(to->out[0], TCSANOW, &modes);
    }
}

int
pc_process_connect(struct pc_process *process, struct pc_process_ends *ret_ends,
                   bool clone, bool terminal)
{
    *process = (struct pc_process){-1, -1, -1, {-1, -1}, -1, 0};
    *ret_ends = (struct pc_process_ends){-1, {-1, -1}, -1};
    int sockets[2];
    int on = clone;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0) {
        return -1;
    }
    process->control = sockets[0];
    ret_ends->control = sockets[1];
    if (fcntl(process->control, F_SETFL, O_NONBLOCK) < 0 ||
        setsockopt(process->control, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0 ||
        connect_outputs(process, ret_ends, terminal) < 0 ||
        (clone && connect_pipe(&process->exit, &ret_ends->exit) < 0)) {
        int error = errno;
        pc_process_close_ends(ret_ends);
        pc_process_fini(process);
        errno = error;
        return -1;
    }
    return 0;
}

ssize_t
pc_process_send(int control, const char *bytes, size_t len, const int *fds,
                size_t count)
{
    union {
        char bytes[CMSG_SPACE(FDS_MOST * sizeof *fds)];
        struct cmsghdr align;
    } room = {0};
    struct iovec iov = {.iov_base = (char *)bytes, .iov_len = len};
    struct msghdr header = {.msg_iov = &iov,
                            .msg_iovlen = 1,
                            .msg_control = room.bytes,
                            .msg_controllen = CMSG_SPACE(count * sizeof *fds)};
    assert(count <= FDS_MOST);
    struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(count * sizeof *fds);
    memcpy(CMSG_DATA(rights), fds, count * sizeof *fds);
    return sendmsg(control, &header, MSG_NOSIGNAL);
}

/* ---- starting ---- */

/* What the interpreter runs: the package comes first on its path until it is loaded. */
static const char boot[] =
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "if sys.version_info < (3, 11):\n"
    "    sys.exit('pyconsole needs Python 3.11 or later; %s is '\n"
    "             'Python %s' % (sys.executable,\n"
    "                            sys.version.split()[0]))\n"
    "from pyconsole import _worker\n"
    "_worker.main()\n";

/* What a program that serves by itself is told first, with the package's folder. */
#define SESSION_OPTION "--session="

enum { CONTROL_FD = 3 };

/* Descriptors 0 to 3, and no other; signals as a new program has them; a session of its
 * own, so that no terminal reaches it but the one that is to be its own. */
static int
describe_child(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
               const struct pc_process_ends *ends,
               const pyconsole_session_options *options)
{
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    int failed =
        options->pty
            ? posix_spawn_file_actions_adddup2(actions, ends->out[0], 0)
            : posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
    /* The last first: dup2 to a descriptor closes what was there. All of ours are above
     * 3, see raise_ends. */
    failed |= posix_spawn_file_actions_adddup2(actions, ends->control, CONTROL_FD);
    failed |= posix_spawn_file_actions_adddup2(actions, ends->out[0], 1);
    failed |= posix_spawn_file_actions_adddup2(actions, ends->out[1], 2);
    failed |= posix_spawn_file_actions_addclosefrom_np(actions, CONTROL_FD + 1);
    if (options->folder != NULL) {
        failed |= posix_spawn_file_actions_addchdir_np(actions, options->folder);
    }
    failed |= posix_spawnattr_setsigdefault(attributes, &all);
    failed |= posix_spawnattr_setsigmask(attributes, &none);
    failed |= posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF |
                                                       POSIX_SPAWN_SETSIGMASK |
                                                       POSIX_SPAWN_SETSID);
    return failed;
}

/* Copies of the ends at numbers above 3, for a host whose own 0 to 3 are closed. */
static int
raise_ends(const struct pc_process_ends *ends, struct pc_process_ends *ret_ends)
{
    *ret_ends = (struct pc_process_ends){-1, {-1, -1}, -1};
    ret_ends->control = fcntl(ends->control, F_DUPFD_CLOEXEC, CONTROL_FD + 1);
    ret_ends->out[0] = fcntl(ends->out[0], F_DUPFD_CLOEXEC, CONTROL_FD + 1);
    ret_ends->out[1] = fcntl(ends->out[1], F_DUPFD_CLOEXEC, CONTROL_FD + 1);
    return ret_ends->control < 0 || ret_ends->out[0] < 0 || ret_ends->out[1] < 0 ? -1
                                                                                 : 0;
}

static size_t
count(const char *const *words)
{
    size_t n = 0;
    while (words != NULL && words[n] != NULL) {
        n++;
    }
    return n;
}

/* NULL: out of memory. The words stay whose they are. A program that serves by itself has
 * `session` ahead of its options, an interpreter has what it is to run behind them. */
static const char **
command_line(const char *name, const char *session, const char *const *options,
             const char *package)
{
    const char *const rest[] = {"-c", boot, package, NULL};
    size_t n = count(options);
    const char **words = calloc(2 + n + sizeof rest / sizeof *rest, sizeof *words);
    if (words != NULL) {
        size_t end = 0;
        words[end++] = name;
        if (session != NULL) {
            words[end++] = session;
        }
        for (size_t i = 0; i < n; i++) {
            words[end++] = options[i];
        }
        if (session == NULL) {
            memcpy(words + end, rest, sizeof rest);
        }
    }
    return words;
}

static bool
is_changed(const char *variable, const char *const *changes)
{
    size_t len = strcspn(variable, "=");
    for (size_t i = 0; i < count(changes); i++) {
        if (strcspn(changes[i], "=") == len && memcmp(changes[i], variable, len) == 0) {
            return true;
        }
    }
    return false;
}

/* The host's variables with the changes: "NAME=value", or "NAME" for none. */
static const char **
environment(const char *const *changes)
{
    size_t n = 0;
    size_t inherited = count((const char *const *)environ);
    const char **variables = calloc(inherited + count(changes) + 1, sizeof *variables);
    if (variables == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < inherited; i++) {
        if (!is_changed(environ[i], changes)) {
            variables[n++] = environ[i];
        }
    }
    for (size_t i = 0; i < count(changes); i++) {
        if (strchr(changes[i], '=') != NULL) {
            variables[n++] = changes[i];
        }
    }
    return variables;
}

static int
spawn(struct pc_process *process, const pyconsole_session_options *options,
      const struct pc_process_ends *ends)
{
    const char *name = options->python == NULL ? "python3" : options->python;
    const char *program = options->program == NULL ? name : options->program;
    const char *package =
        options->package == NULL ? PYCONSOLE_PACKAGE : options->package;
    char session[PATH_MAX + sizeof SESSION_OPTION];
    snprintf(session, sizeof session, SESSION_OPTION "%s", package);
    pc_auto_free const char **arguments = command_line(
        name, options->program == NULL ? NULL : session, options->arguments, package);
    pc_auto_free const char **variables = environment(options->environment);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (arguments == NULL || variables == NULL ||
        posix_spawn_file_actions_init(&actions) != 0) {
        return ENOMEM;
    }
    int failed = posix_spawnattr_init(&attributes) == 0 ? 0 : ENOMEM;
    if (failed == 0) {
        failed = describe_child(&actions, &attributes, ends, options) == 0
                     ? posix_spawnp(&process->pid, program, &actions, &attributes,
                                    (char *const *)arguments, (char *const *)variables)
                     : ENOMEM;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static int
fail(pyconsole_error *error, int status, const char *what, int number)
{
    if (error != NULL) {
        error->status = status;
        snprintf(error->message, sizeof error->message, "%s: %s", what,
                 strerror(number));
    }
    return status;
}

/* Of what posix_spawn() was given: the folder, if nobody can go there. */
static const char *
what_failed(const pyconsole_session_options *options)
{
    if (options->folder != NULL) {
        char inside[PATH_MAX];
        snprintf(inside, sizeof inside, "%s/.", options->folder);
        if (access(inside, X_OK) < 0) {
            return options->folder;
        }
    }
    return options->program != NULL  ? options->program
           : options->python != NULL ? options->python
                                     : "python3";
}

int
pc_process_start(struct pc_process *process, const pyconsole_session_options *options,
                 const struct pc_process_ends *ends, pyconsole_error *ret_error)
{
    struct pc_process_ends high;
    int failed = raise_ends(ends, &high) < 0 ? errno : spawn(process, options, &high);
    pc_process_close_ends(&high);
    if (failed != 0) {
        process->pid = -1;
        return fail(ret_error, PYCONSOLE_ESTART, what_failed(options), failed);
    }
    process->pidfd = pidfd_open(process->pid, 0);
    if (process->pidfd < 0) {
        return fail(ret_error, PYCONSOLE_ESTART, "pidfd_open", errno);
    }
    return PYCONSOLE_OK;
}

ssize_t
pc_process_receive(struct pc_process *process, char *room, size_t len)
{
    if (process->exit < 0 || process->pidfd >= 0) {
        return recv(process->control, room, len, MSG_DONTWAIT);
    }
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {.iov_base = room, .iov_len = len};
    struct msghdr header = {.msg_iov = &iov,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    ssize_t count = recvmsg(process->control, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    struct cmsghdr *found = count > 0 ? CMSG_FIRSTHDR(&header) : NULL;
    if (found != NULL && found->cmsg_type == SCM_CREDENTIALS) {
        struct ucred sender;
        memcpy(&sender, CMSG_DATA(found), sizeof sender);
        process->sender = sender.pid;
    }
    return count;
}

/* A worker that lies must not make its host kill what it likes. */
int
pc_process_adopt(struct pc_process *process, int pid)
{
    if (pid != process->sender || pid == getpid()) {
        errno = EPERM;
        return -1;
    }
    process->pidfd = pidfd_open(pid, 0);
    if (process->pidfd < 0) {
        return -1;
    }
    int off = 0;
    (void)setsockopt(process->control, SOL_SOCKET, SO_PASSCRED, &off, sizeof off);
    process->pid = pid;
    return 0;
}

/* ---- stopping and continuing ---- */

/* The worker leads its process group, which has its number until it is reaped. */
static int
signal_group(const struct pc_process *process, int number)
{
    return pidfd_send_signal(process->pidfd, 0, NULL, 0) < 0
               ? -1
               : kill(-process->pid, number);
}

int
pc_process_suspend_key(const struct pc_process *process)
{
    struct termios modes;
    if (process->pid < 0 || tcgetattr(process->out[0], &modes) < 0 ||
        (modes.c_lflag & ISIG) == 0 || modes.c_cc[VSUSP] == _POSIX_VDISABLE ||
        tcgetpgrp(process->out[0]) != process->pid) {
        return -1;
    }
    return modes.c_cc[VSUSP];
}

int
pc_process_suspend(const struct pc_process *process)
{
    return signal_group(process, SIGSTOP);
}

int
pc_process_resume(const struct pc_process *process)
{
    int continued = signal_group(process, SIGCONT);
    pid_t foreground = tcgetpgrp(process->out[0]);
    if (continued == 0 && foreground > 0) {
        (void)kill(-foreground, SIGWINCH);
    }
    return continued;
}

/* ---- ending ---- */

/* The worker leads a process group, of which the processes are that it started and that
 * did not leave it. Its number is its own as long as it is not reaped. */
void
pc_process_kill(const struct pc_process *process)
{
    if (process->pidfd < 0) {
        (void)shutdown(process->control, SHUT_RDWR);
    }
    else if (pidfd_send_signal(process->pidfd, SIGKILL, NULL, 0) == 0) {
        (void)kill(-process->pid, SIGKILL);
    }
}

static int
status_of(const siginfo_t *info)
{
    return info->si_code == CLD_EXITED ? info->si_status : -info->si_status;
}

/* What the parent of a clone says. It may not have come to it yet. */
static int
told_status(struct pc_process *process)
{
    int status = NOT_KNOWN;
    struct pollfd wait = {.fd = process->exit, .events = POLLIN};
    if (process->exit >= 0 && poll(&wait, 1, EXIT_WAIT) == 1 &&
        read(process->exit, &status, sizeof status) != sizeof status) {
        status = NOT_KNOWN;
    }
    return status;
}

int
pc_process_status(struct pc_process *process)
{
    siginfo_t info = {0};
    int status = NOT_KNOWN;
    if (process->exit >= 0) {
        status = told_status(process);
    }
    else if (process->pidfd >= 0 &&
             waitid(P_PIDFD, (id_t)process->pidfd, &info, WEXITED) == 0) {
        status = status_of(&info);
    }
    close_fd(&process->pidfd);
    process->pid = -1;
    return status;
}

void
pc_process_fini(struct pc_process *process)
{
    if (process->pidfd >= 0) {
        pc_process_kill(process);
        if (process->exit < 0) {
            (void)pc_process_status(process);
        }
    }
    close_fd(&process->pidfd);
    close_fd(&process->control);
    close_fd(&process->out[0]);
    close_fd(&process->out[1]);
    close_fd(&process->exit);
}
