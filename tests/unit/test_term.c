/* src/term on a pseudo-terminal. Where it matters who has the terminal, a child plays the
 * shell: it leads a session on the terminal, starts a job in the foreground as shells do,
 * and looks at the terminal when the job has stopped or ended. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "term/term.h"

struct pty {
    int master;
    int slave;
    struct termios before;
    struct pc_term *term;
};

static int
open_pty(void **state)
{
    struct pty *pty = calloc(1, sizeof *pty);
    struct winsize size = {.ws_row = 40, .ws_col = 120};
    assert_int_equal(openpty(&pty->master, &pty->slave, NULL, NULL, &size), 0);
    assert_int_equal(tcgetattr(pty->slave, &pty->before), 0);
    assert_int_equal(pc_term_open(pty->slave, pty->slave, &pty->term), 0);
    *state = pty;
    return 0;
}

static int
close_pty(void **state)
{
    struct pty *pty = *state;
    pc_term_close(pty->term);
    close(pty->slave);
    close(pty->master);
    free(pty);
    return 0;
}

static bool
is_same(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
           a->c_lflag == b->c_lflag && a->c_cflag == b->c_cflag &&
           memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

/* Reads from the master until it has ended in this. */
static void
assert_comes(int master, const char *end)
{
    char seen[4096];
    size_t len = 0;
    do {
        ssize_t count = read(master, seen + len, sizeof seen - 1 - len);
        assert_true(count > 0);
        len += (size_t)count;
        seen[len] = '\0';
    } while (len < strlen(end) || strcmp(seen + len - strlen(end), end) != 0);
}

/* ---- what it can do ---- */

static void
test_usable__terminals_with_a_name(void **state)
{
    struct pty *pty = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(pc_term_is_usable(pty->slave, pty->slave, "xterm"));
    assert_false(pc_term_is_usable(pty->slave, pty->slave, "dumb"));
    assert_false(pc_term_is_usable(pty->slave, pty->slave, "unknown"));
    assert_false(pc_term_is_usable(pty->slave, pty->slave, ""));
    assert_false(pc_term_is_usable(pty->slave, pty->slave, NULL));
    assert_false(pc_term_is_usable(ends[0], pty->slave, "xterm"));
    assert_false(pc_term_is_usable(pty->slave, ends[1], "xterm"));
    close(ends[0]);
    close(ends[1]);
}

static void
test_open__one_terminal_at_a_time(void **state)
{
    struct pty *pty = *state;
    struct pc_term *second = NULL;
    assert_int_equal(pc_term_open(pty->slave, pty->slave, &second), PYCONSOLE_EBUSY);
    assert_null(second);
    pc_term_close(pty->term);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pc_term_open(ends[0], ends[1], &second), PYCONSOLE_EINVAL);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(pc_term_open(pty->slave, pty->slave, &pty->term), 0);
}

/* ---- modes ---- */

static void
test_raw__keys_one_by_one_and_bytes_as_they_are(void **state)
{
    struct pty *pty = *state;
    struct termios now;
    assert_int_equal(pc_term_raw(pty->term, 0), 0);
    assert_int_equal(tcgetattr(pty->slave, &now), 0);
    assert_int_equal(now.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), 0);
    assert_int_equal(now.c_iflag & (IXON | ICRNL), 0);
    assert_int_equal(now.c_oflag & OPOST, 0);
    assert_int_equal(pc_term_cooked(pty->term), 0);
    assert_int_equal(tcgetattr(pty->slave, &now), 0);
    assert_true(is_same(&now, &pty->before));
}

static void
test_modes__on_and_off_in_the_opposite_order(void **state)
{
    struct pty *pty = *state;
    assert_int_equal(pc_term_raw(pty->term, PC_TERM_KEYS | PC_TERM_PASTE), 0);
    assert_int_equal(pc_term_write(pty->term, "a", 1), 0);
    assert_comes(pty->master, "\033[?2004h\033[>1ua");
    /* Only what changes is written, with the next bytes. */
    assert_int_equal(pc_term_raw(pty->term, 0), 0);
    assert_int_equal(pc_term_raw(pty->term, PC_TERM_KEYS | PC_TERM_FOCUS), 0);
    assert_int_equal(pc_term_write(pty->term, "b", 1), 0);
    assert_comes(pty->master, "\033[?2004l\033[?1004hb");
    assert_int_equal(pc_term_write(pty->term, "c", 1), 0);
    assert_comes(pty->master, "c");
    assert_int_equal(pc_term_cooked(pty->term), 0);
    assert_comes(pty->master, "\033[<u\033[?1004l");
    assert_int_equal(pc_term_cooked(pty->term), 0);
    assert_int_equal(pc_term_raw(pty->term, PC_TERM_CURSOR | PC_TERM_XTERM_KEYS), 0);
    assert_int_equal(pc_term_write(pty->term, "d", 1), 0);
    assert_int_equal(pc_term_cooked(pty->term), 0);
    assert_comes(pty->master, "\033[>4;1md\033[>4m\033[0 q\033[?25h\033[m");
}

static void
test_size__of_the_window_or_the_environment(void **state)
{
    struct pty *pty = *state;
    struct pc_term_size size = pc_term_size(pty->term);
    assert_int_equal(size.rows, 40);
    assert_int_equal(size.columns, 120);
    struct winsize none = {0};
    assert_int_equal(ioctl(pty->master, TIOCSWINSZ, &none), 0);
    setenv("LINES", "50", 1);
    setenv("COLUMNS", "wide", 1);
    size = pc_term_size(pty->term);
    assert_int_equal(size.rows, 50);
    assert_int_equal(size.columns, 80);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    assert_int_equal(pc_term_size(pty->term).rows, 24);
}

/* ---- bytes ---- */

static void
test_read__what_is_there_and_no_waiting(void **state)
{
    struct pty *pty = *state;
    char room[16];
    assert_int_equal(pc_term_raw(pty->term, 0), 0);
    assert_int_equal(pc_term_read(pty->term, room, sizeof room), 0);
    assert_int_equal(write(pty->master, "\003\r\004", 3), 3);
    assert_int_equal(pc_term_read(pty->term, room, sizeof room), 3);
    assert_memory_equal(room, "\003\r\004", 3);
    assert_int_equal(pc_term_read(pty->term, room, sizeof room), 0);
    close(pty->master);
    assert_int_equal(pc_term_read(pty->term, room, sizeof room), PYCONSOLE_EEOF);
    assert_int_equal(pc_term_write(pty->term, "x", 1), PYCONSOLE_EEOF);
    pty->master = -1;
}

static void
test_write__all_of_it_to_a_slow_terminal(void **state)
{
    struct pty *pty = *state;
    enum { LEN = 300000 };
    char *bytes = malloc(LEN);
    memset(bytes, 'x', LEN);
    /* O_NONBLOCK is what another process may have left there. */
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        fcntl(pty->slave, F_SETFL, O_RDWR | flags);
        pid_t child = fork();
        if (child == 0) {
            _exit(pc_term_write(pty->term, bytes, LEN) == 0 ? 0 : 1);
        }
        size_t seen = 0;
        while (seen < LEN) {
            char room[1000];
            ssize_t count = read(pty->master, room, sizeof room);
            assert_true(count > 0);
            seen += (size_t)count;
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    free(bytes);
}

/* ---- signals ---- */

static void
test_notes__one_descriptor_for_all_signals(void **state)
{
    struct pty *pty = *state;
    struct pollfd ready = {.fd = pc_term_signal_fd(pty->term), .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 0), 0);
    static const int signals[] = {SIGWINCH, SIGCONT, SIGINT, SIGTSTP, SIGTERM, SIGHUP};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        raise(signals[i]);
        assert_int_equal(poll(&ready, 1, 0), 1);
        assert_int_equal(pc_term_take_notes(pty->term), 1U << i);
        assert_int_equal(pc_term_take_notes(pty->term), 0);
        assert_int_equal(poll(&ready, 1, 0), 0);
    }
    raise(SIGINT);
    raise(SIGINT);
    raise(SIGWINCH);
    assert_int_equal(pc_term_take_notes(pty->term),
                     PC_TERM_INTERRUPTED | PC_TERM_RESIZED);
    raise(SIGINT);
    raise(SIGWINCH);
    pc_term_drop_interrupt(pty->term);
    assert_int_equal(pc_term_take_notes(pty->term), PC_TERM_RESIZED);
}

static volatile sig_atomic_t counted;

static void
count_signal(int number)
{
    counted += number;
}

static void
test_notes__handlers_from_before_are_kept(void **state)
{
    struct pty *pty = *state;
    pc_term_close(pty->term);
    signal(SIGINT, count_signal);
    signal(SIGTSTP, SIG_IGN);
    assert_int_equal(pc_term_open(pty->slave, pty->slave, &pty->term), 0);
    raise(SIGTSTP);
    assert_int_equal(pc_term_take_notes(pty->term), 0);
    raise(SIGINT);
    assert_int_equal(pc_term_take_notes(pty->term), PC_TERM_INTERRUPTED);
    assert_int_equal(counted, SIGINT);
    assert_int_equal(pc_term_suspend(pty->term), 0);
    pc_term_close(pty->term);
    raise(SIGINT);
    assert_int_equal(counted, 2 * SIGINT);
    signal(SIGINT, SIG_DFL);
    signal(SIGTSTP, SIG_DFL);
    assert_int_equal(pc_term_open(pty->slave, pty->slave, &pty->term), 0);
}

/* ---- a shell and its job ---- */

enum { MODES = PC_TERM_PASTE | PC_TERM_CURSOR };

/* How the job leaves, with the terminal in raw mode. */
enum way { BY_SIGNAL, BY_SECOND_SIGNAL, BY_EXIT, BY_OVERFLOW, BY_SUSPEND };

static unsigned char
overflow(unsigned depth)
{
    volatile unsigned char room[4096] = {0};
    room[depth % sizeof room] = (unsigned char)depth;
    return depth == 0 ? 0 : (unsigned char)(overflow(depth + 1) + room[0]);
}

static void
run_job(enum way way, int number)
{
    struct pc_term *term = NULL;
    signal(way == BY_OVERFLOW ? SIGSEGV : number, SIG_DFL); /* cmocka catches some */
    if (pc_term_open(0, 1, &term) < 0 || pc_term_raw(term, MODES) < 0 ||
        pc_term_write(term, "a", 1) < 0) {
        _exit(100);
    }
    switch (way) {
    case BY_SECOND_SIGNAL:
        raise(number);
        raise(number);
        break;
    case BY_SIGNAL:
        raise(number);
        break;
    case BY_OVERFLOW:
        _exit(overflow(1));
    case BY_SUSPEND:
        if (pc_term_suspend(term) < 0) {
            _exit(101);
        }
        raise(SIGSTOP); /* in raw mode again: the shell looks */
        pc_term_close(term);
        break;
    case BY_EXIT:
        break;
    }
    exit(0);
}

/* What the shell tells the test. */
struct report {
    int status;          /* of the job's end */
    bool stopped_cooked; /* BY_SUSPEND: put back when it stopped */
    bool continued_raw;  /* and in raw mode when it was continued */
    bool ended_cooked;   /* put back at the end */
};

static bool
is_as(const struct termios *before)
{
    struct termios now;
    return tcgetattr(0, &now) == 0 && is_same(&now, before);
}

static void
run_shell(enum way way, int number, int report_fd)
{
    struct report report = {0};
    struct termios before;
    signal(SIGTTOU, SIG_IGN);
    tcgetattr(0, &before);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        run_job(way, number);
    }
    waitpid(job, &report.status, WUNTRACED);
    if (way == BY_SUSPEND) {
        report.stopped_cooked = WIFSTOPPED(report.status) && is_as(&before);
        tcsetpgrp(0, job);
        kill(-job, SIGCONT);
        waitpid(job, &report.status, WUNTRACED);
        report.continued_raw = WIFSTOPPED(report.status) && !is_as(&before);
        kill(-job, SIGCONT);
        waitpid(job, &report.status, 0);
    }
    report.ended_cooked = is_as(&before);
    _exit(write(report_fd, &report, sizeof report) == sizeof report ? 0 : 1);
}

static struct report
shell(enum way way, int number)
{
    int ends[2];
    int master = -1;
    struct report report = {.status = -1};
    assert_int_equal(pipe(ends), 0);
    pid_t child = forkpty(&master, NULL, NULL, NULL);
    if (child == 0) {
        run_shell(way, number, ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &report, sizeof report), sizeof report);
    assert_int_equal(waitpid(child, NULL, 0), child);
    char seen[256] = "";
    for (size_t len = 0; len < sizeof seen - 1;) {
        ssize_t count = read(master, seen + len, sizeof seen - 1 - len);
        if (count <= 0) {
            break;
        }
        len += (size_t)count;
    }
    assert_non_null(strstr(seen, "\033[?2004h"));
    assert_non_null(strstr(seen, "\033[?2004l\033[0 q\033[?25h\033[m"));
    close(ends[0]);
    close(master);
    return report;
}

static bool
is_under_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");
    return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

static void
test_leaving__every_signal_puts_the_terminal_back(void **state)
{
    (void)state;
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE,
                                  SIGILL,  SIGQUIT, SIGSYS};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct report report = shell(BY_SIGNAL, signals[i]);
        assert_true(WIFSIGNALED(report.status));
        assert_int_equal(WTERMSIG(report.status), signals[i]);
        assert_true(report.ended_cooked);
    }
}

static void
test_leaving__a_second_request_to_end_is_not_waited_for(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP};
    for (size_t i = 0; i < 2; i++) {
        struct report report = shell(BY_SIGNAL, signals[i]);
        assert_true(WIFEXITED(report.status));
        assert_true(report.ended_cooked);
        report = shell(BY_SECOND_SIGNAL, signals[i]);
        assert_true(WIFSIGNALED(report.status));
        assert_int_equal(WTERMSIG(report.status), signals[i]);
        assert_true(report.ended_cooked);
    }
}

static void
test_leaving__exit_without_close(void **state)
{
    (void)state;
    struct report report = shell(BY_EXIT, 0);
    assert_true(WIFEXITED(report.status));
    assert_int_equal(WEXITSTATUS(report.status), 0);
    assert_true(report.ended_cooked);
}

static void
test_leaving__a_stack_that_overflowed(void **state)
{
    (void)state;
    if (is_under_valgrind()) {
        skip(); /* its stack is another */
    }
    struct report report = shell(BY_OVERFLOW, 0);
    assert_true(WIFSIGNALED(report.status));
    assert_int_equal(WTERMSIG(report.status), SIGSEGV);
    assert_true(report.ended_cooked);
}

static void
test_suspend__puts_back_stops_and_takes_up_again(void **state)
{
    (void)state;
    if (is_under_valgrind()) {
        skip(); /* it does not stop for SIGTSTP */
    }
    struct report report = shell(BY_SUSPEND, 0);
    assert_true(report.stopped_cooked);
    assert_true(report.continued_raw);
    assert_true(WIFEXITED(report.status));
    assert_int_equal(WEXITSTATUS(report.status), 0);
    assert_true(report.ended_cooked);
}

#define ON_PTY(test) cmocka_unit_test_setup_teardown(test, open_pty, close_pty)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_PTY(test_usable__terminals_with_a_name),
        ON_PTY(test_open__one_terminal_at_a_time),
        ON_PTY(test_raw__keys_one_by_one_and_bytes_as_they_are),
        ON_PTY(test_modes__on_and_off_in_the_opposite_order),
        ON_PTY(test_size__of_the_window_or_the_environment),
        ON_PTY(test_read__what_is_there_and_no_waiting),
        ON_PTY(test_write__all_of_it_to_a_slow_terminal),
        ON_PTY(test_notes__one_descriptor_for_all_signals),
        ON_PTY(test_notes__handlers_from_before_are_kept),
        cmocka_unit_test(test_leaving__every_signal_puts_the_terminal_back),
        cmocka_unit_test(test_leaving__a_second_request_to_end_is_not_waited_for),
        cmocka_unit_test(test_leaving__exit_without_close),
        cmocka_unit_test(test_leaving__a_stack_that_overflowed),
        cmocka_unit_test(test_suspend__puts_back_stops_and_takes_up_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
