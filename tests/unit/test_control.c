/* src/runtime/control.c: the thread goes on taking requests whatever becomes of children; and
 * interrupt.c: an interrupt finds the request that it means at whatever moment it comes. */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/control.h"

enum { WAIT = 20000 }; /* ms; nothing here takes as long */

struct worker {
    struct pc_control control;
    int host; /* the other end of its socket */
};

static void
start(struct worker *worker)
{
    static const char hello[] =
        "{\"op\":\"hello\",\"version\":1,\"token\":\"0123456789abcdef0123456789abcdef\"}\n";
    int sockets[2];
    json_t *message = NULL;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
    assert_int_equal(write(sockets[0], hello, sizeof hello - 1), sizeof hello - 1);
    int out1 = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int out2 = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_int_equal(
        pc_control_init(&worker->control, sockets[1], out1, out2, &message), 0);
    json_decref(message);
    worker->host = sockets[0];
    assert_int_equal(pc_control_start(&worker->control), 0);
}

/* A child that waits to be killed; its end is told on `exit`. */
static pid_t
add_child(struct worker *worker, int exit)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        for (;;) {
            pause();
        }
    }
    pc_control_hold(&worker->control);
    pc_control_add_child(&worker->control, pid, exit);
    pc_control_release(&worker->control);
    return pid;
}

static int
descriptor_of_child(struct worker *worker)
{
    pthread_mutex_lock(&worker->control.lock);
    int pidfd = worker->control.children->pidfd;
    pthread_mutex_unlock(&worker->control.lock);
    return pidfd;
}

static void
check_told(int told, int expected)
{
    int status = 0;
    struct pollfd wait = {.fd = told, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, WAIT), 1);
    assert_int_equal(read(told, &status, sizeof status), sizeof status);
    assert_int_equal(status, expected);
    assert_int_equal(read(told, &status, sizeof status), 0); /* it was closed, too */
}

static void
check_takes_requests(struct worker *worker)
{
    static const char request[] = "{\"op\":\"execute\",\"id\":1,\"text\":\"\"}\n";
    assert_int_equal(write(worker->host, request, sizeof request - 1),
                     sizeof request - 1);
    assert_int_equal(pc_control_wait(&worker->control, WAIT), 1);
    pc_request_free(pc_control_next(&worker->control));
}

/* A fork under way has a copy of each descriptor. While it has that of a child that has
 * ended, another child may get its number. */
static void
test_children__a_descriptor_that_was_copied(void **state)
{
    (void)state;
    /* Not freed: the thread goes on to the end of the process. */
    struct worker *worker = calloc(1, sizeof *worker);
    int told[2];
    int later[2];
    assert_non_null(worker);
    start(worker);
    assert_int_equal(pipe2(told, O_CLOEXEC), 0);
    assert_int_equal(pipe2(later, O_CLOEXEC), 0);
    pid_t first = add_child(worker, told[1]);
    int number = descriptor_of_child(worker);
    int copy = fcntl(number, F_DUPFD_CLOEXEC, 100);
    assert_true(copy >= 100);
    assert_int_equal(kill(first, SIGTERM), 0);
    check_told(told[0], -SIGTERM);
    assert_int_equal(dup(told[0]), told[1]); /* so the next to be free is `number` */

    pid_t second = add_child(worker, later[1]);
    assert_int_equal(descriptor_of_child(worker), number);
    check_takes_requests(worker);
    assert_int_equal(kill(second, SIGKILL), 0);
    check_told(later[0], -SIGKILL);
    check_takes_requests(worker);
    close(copy);
}

static void
say(struct worker *worker, const char *message)
{
    size_t len = strlen(message);
    assert_int_equal(write(worker->host, message, len), len);
}

/* What the worker said to the last of several messages. */
static void
check_last_answer(struct worker *worker, const char *expected)
{
    char said[400] = "";
    size_t len = strlen(expected);
    size_t count = 0;
    struct pollfd wait = {.fd = worker->host, .events = POLLIN};
    while (count < len || memcmp(said + count - len, expected, len) != 0) {
        assert_int_equal(poll(&wait, 1, WAIT), 1);
        ssize_t got = read(worker->host, said + count, sizeof said - count);
        assert_true(got > 0);
        count += (size_t)got;
    }
}

/* Here nothing runs requests but the test, so each is where the test wants it. */
static void
test_interrupt__a_request_that_has_not_begun(void **state)
{
    (void)state;
    struct worker *worker = calloc(1, sizeof *worker);
    assert_non_null(worker);
    start(worker);
    struct pc_control *control = &worker->control;
    say(worker, "{\"op\":\"interrupt\",\"request\":0}\n");
    check_last_answer(worker, "\"name\":\"idle\",\"request\":0}\n");

    /* In the queue: the second by its number, the first as what is to run next. */
    say(worker, "{\"op\":\"execute\",\"id\":1}\n{\"op\":\"execute\",\"id\":2}\n"
                "{\"op\":\"interrupt\",\"request\":2}\n");
    check_last_answer(worker, "\"name\":\"interrupting\",\"request\":2}\n");
    say(worker, "{\"op\":\"interrupt\",\"request\":0}\n");
    check_last_answer(worker, "\"name\":\"interrupting\",\"request\":1}\n");
    for (uint64_t id = 1; id <= 2; id++) {
        pc_request_free(pc_control_first(control));
        assert_true(pc_interrupt_set_current(control, id));
        assert_false(pc_interrupt_set_current(control, 0));
    }

    /* Taken out of it, and not yet begun; the next is whole. */
    say(worker, "{\"op\":\"execute\",\"id\":3}\n{\"op\":\"execute\",\"id\":4}\n");
    pc_request_free(pc_control_next(control));
    say(worker, "{\"op\":\"interrupt\",\"request\":3}\n");
    check_last_answer(worker, "\"name\":\"interrupting\",\"request\":3}\n");
    assert_true(pc_interrupt_set_current(control, 3));
    say(worker, "{\"op\":\"interrupt\",\"request\":9}\n");
    check_last_answer(worker, "\"name\":\"mismatch\",\"request\":3}\n");
    assert_false(pc_interrupt_set_current(control, 0));
    pc_request_free(pc_control_next(control));
    assert_false(pc_interrupt_set_current(control, 4));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupt__a_request_that_has_not_begun),
        cmocka_unit_test(test_children__a_descriptor_that_was_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
