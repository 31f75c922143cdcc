/* src/term/capture.c, in a child whose 0, 1 and 2 are a pseudo-terminal: what comes out of
 * that, the parent reads. The child says by its status in which line it went wrong. */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "term/capture.h"

enum { MIB = 1 << 20, STATUS_OFFSET = 1 };

static const struct pc_term_size size = {.rows = 33, .columns = 77};

/* In the child: leaves with the line. */
#define CHECK(condition)                                                               \
    do {                                                                               \
        if (!(condition)) {                                                            \
            _exit(STATUS_OFFSET + __LINE__ % 250);                                     \
        }                                                                              \
    } while (0)

struct child {
    int status;      /* as waitpid() gives it */
    size_t shown;    /* bytes that came out of the terminal */
    char first[256]; /* of them */
};

static void
run_child(void (*body)(struct pc_capture *capture), struct child *ret_child)
{
    int master = -1;
    struct termios raw = {.c_cflag = CS8 | CREAD};
    pid_t pid = forkpty(&master, NULL, &raw, NULL);
    assert_true(pid >= 0);
    if (pid == 0) {
        struct pc_capture capture;
        CHECK(pc_capture_init(&capture) == PYCONSOLE_OK);
        body(&capture);
        pc_capture_fini(&capture);
        _exit(0);
    }
    *ret_child = (struct child){0};
    char room[1 << 16];
    ssize_t count = 0;
    while ((count = read(master, room, sizeof room)) > 0) {
        size_t left = sizeof ret_child->first - 1;
        left -= ret_child->shown < left ? ret_child->shown : left;
        memcpy(ret_child->first + sizeof ret_child->first - 1 - left, room,
               (size_t)count < left ? (size_t)count : left);
        ret_child->shown += (size_t)count;
    }
    close(master);
    assert_int_equal(waitpid(pid, &ret_child->status, 0), pid);
    assert_int_equal(ret_child->status, 0);
}

static void
write_all(int fd, size_t len)
{
    static const char piece[1000];
    while (len > 0) {
        ssize_t count = write(fd, piece, len < sizeof piece ? len : sizeof piece);
        CHECK(count > 0);
        len -= (size_t)count;
    }
}

/* Reads what there is, up to nothing or the end. */
static size_t
read_all(struct pc_capture *capture, ssize_t *ret_last)
{
    char room[4096];
    size_t total = 0;
    while ((*ret_last = pc_capture_read(capture, room, sizeof room)) > 0) {
        total += (size_t)*ret_last;
    }
    return total;
}

/* ---- what others write */

static void
capture_words(struct pc_capture *capture)
{
    char room[64] = "";
    struct winsize seen;
    struct pollfd ready = {.events = POLLIN};
    CHECK(write(1, "before|", 7) == 7);
    pc_capture_begin(capture, size);
    CHECK(isatty(1) && isatty(2));
    CHECK(ioctl(1, TIOCGWINSZ, &seen) == 0 && seen.ws_row == 33 && seen.ws_col == 77);
    CHECK(pc_capture_read(capture, room, sizeof room) == 0);
    CHECK(write(1, "one", 3) == 3 && write(2, "two", 3) == 3);
    ready.fd = pc_capture_fd(capture);
    CHECK(poll(&ready, 1, 10000) == 1);
    for (size_t len = 0; len < 6;) {
        ssize_t count = pc_capture_read(capture, room + len, sizeof room - len);
        CHECK(count >= 0);
        len += (size_t)count;
    }
    CHECK(memcmp(room, "onetwo", 6) == 0);
    CHECK(write(pc_capture_terminal(capture), "editor|", 7) == 7);
    pc_capture_end(capture);
    CHECK(pc_capture_read(capture, room, sizeof room) == PYCONSOLE_EEOF);
    CHECK(write(1, "after", 5) == 5);
}

static void
test_capture__what_is_written_comes_out(void **state)
{
    (void)state;
    struct child child;
    run_child(capture_words, &child);
    assert_string_equal(child.first, "before|editor|after");
}

static void
keep_file(struct pc_capture *capture)
{
    char room[64];
    int fd = open("/dev/null", O_WRONLY);
    CHECK(dup2(fd, 2) == 2);
    pc_capture_fini(capture);
    CHECK(pc_capture_init(capture) == PYCONSOLE_OK);
    pc_capture_begin(capture, size);
    CHECK(!isatty(2) && write(2, "to the file", 11) == 11);
    CHECK(pc_capture_read(capture, room, sizeof room) == 0);
}

static void
test_capture__errors_that_go_elsewhere_go_there(void **state)
{
    (void)state;
    struct child child;
    run_child(keep_file, &child);
    assert_int_equal(child.shown, 0);
}

/* ---- nobody waits for ever */

static void *
write_much(void *argument)
{
    (void)argument;
    write_all(1, MIB);
    return NULL;
}

/* All of one write, however much was read when it ended. */
static void *
write_at_once(void *argument)
{
    char *much = calloc(1, MIB);
    CHECK(much != NULL && write(1, much, MIB) == MIB);
    free(much);
    return argument;
}

static void
end_in_a_write(struct pc_capture *capture)
{
    pthread_t thread;
    ssize_t last = 0;
    char room[1];
    pc_capture_begin(capture, size);
    CHECK(pthread_create(&thread, NULL, write_at_once, NULL) == 0);
    while (pc_capture_read(capture, room, 1) == 0) {} /* it has begun */
    pc_capture_end(capture);
    CHECK(read_all(capture, &last) == MIB - 1 && last == PYCONSOLE_EEOF);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void
test_end__who_is_writing_writes_all(void **state)
{
    (void)state;
    struct child child;
    run_child(end_in_a_write, &child);
    assert_int_equal(child.shown, 0);
}

static void
hold_much(struct pc_capture *capture)
{
    pthread_t thread;
    ssize_t last = 0;
    struct pollfd ready = {.events = POLLIN};
    pc_capture_begin(capture, size);
    CHECK(write(1, "first", 5) == 5);
    pc_capture_hold(capture);
    CHECK(pthread_create(&thread, NULL, write_much, NULL) == 0);
    write_all(2, MIB); /* which nobody on this thread reads */
    CHECK(pthread_join(thread, NULL) == 0);
    ready.fd = pc_capture_fd(capture);
    CHECK(poll(&ready, 1, 10000) == 1);
    CHECK(!pc_capture_release(capture));
    pc_capture_end(capture);
    CHECK(read_all(capture, &last) == 2 * MIB + 5 && last == PYCONSOLE_EEOF);
}

static void
test_hold__keeps_what_is_written_meanwhile(void **state)
{
    (void)state;
    struct child child;
    run_child(hold_much, &child);
    assert_int_equal(child.shown, 0);
}

static void
hold_too_much(struct pc_capture *capture)
{
    ssize_t last = 0;
    pc_capture_begin(capture, size);
    pc_capture_hold(capture);
    write_all(1, PC_CAPTURE_HELD_MOST + 2 * MIB);
    CHECK(pc_capture_release(capture));
    CHECK(!pc_capture_release(capture));
    pc_capture_end(capture);
    size_t kept = read_all(capture, &last);
    write_all(pc_capture_terminal(capture), kept);
}

static void
test_hold__what_is_too_much_goes_to_the_terminal(void **state)
{
    (void)state;
    struct child child;
    run_child(hold_too_much, &child);
    assert_int_equal(child.shown, PC_CAPTURE_HELD_MOST + 2 * MIB);
}

/* A child that was started meanwhile has the other terminal for its 1. */
static void
leave_child(struct pc_capture *capture)
{
    ssize_t last = 0;
    int go[2];
    char room[16];
    CHECK(pipe(go) == 0);
    pc_capture_begin(capture, size);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(read(go[0], room, 1) == 1);
        _exit(write(1, "late", 4) == 4 ? 0 : 1);
    }
    pc_capture_end(capture);
    CHECK(read_all(capture, &last) == 0 && last == PYCONSOLE_EEOF);
    CHECK(write(go[1], "", 1) == 1);
    int status = 1;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    struct pollfd ready = {.fd = pc_capture_fd(capture), .events = POLLIN};
    pc_capture_begin(capture, size);
    CHECK(poll(&ready, 1, 10000) == 1);
    CHECK(read_all(capture, &last) == 4);
}

static void
test_end__a_child_is_heard_the_next_time(void **state)
{
    (void)state;
    struct child child;
    run_child(leave_child, &child);
    assert_int_equal(child.shown, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capture__what_is_written_comes_out),
        cmocka_unit_test(test_capture__errors_that_go_elsewhere_go_there),
        cmocka_unit_test(test_end__who_is_writing_writes_all),
        cmocka_unit_test(test_hold__keeps_what_is_written_meanwhile),
        cmocka_unit_test(test_hold__what_is_too_much_goes_to_the_terminal),
        cmocka_unit_test(test_end__a_child_is_heard_the_next_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
