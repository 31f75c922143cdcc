/* Sessions against a worker that the test plays: events as calls, interrupts from signal
 * handlers, and what each function refuses. */
#include <pyconsole/session.h>

#include "check.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct played {
    int worker;
    pyconsole_session *session;
};

static int
begin(void **state)
{
    static struct played played;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(pyconsole_session_attach(ends[0], NULL, &played.session, NULL),
                     PYCONSOLE_OK);
    played.worker = ends[1];
    *state = &played;
    return 0;
}

static int
end(void **state)
{
    struct played *played = *state;
    pyconsole_session_free(played->session);
    return close(played->worker);
}

static void
say(const struct played *played, const char *lines)
{
    assert_int_equal(write(played->worker, lines, strlen(lines)),
                     (ssize_t)strlen(lines));
}

/* What the host has sent up to now, as text. */
static const char *
heard(const struct played *played)
{
    static char text[4096];
    ssize_t len = recv(played->worker, text, sizeof text - 1, MSG_DONTWAIT);
    text[len < 0 ? 0 : len] = '\0';
    return text;
}

/* ---- dispatch ---- */

struct noted {
    char kinds[16]; /* one letter for each call */
    size_t count;
    int answer; /* of the second call */
};

static int
note(struct noted *noted, char kind)
{
    noted->kinds[noted->count++] = kind;
    return noted->count == 2 ? noted->answer : PYCONSOLE_OK;
}

static int
note_output(pyconsole_session *session, const pyconsole_event *event, void *userdata)
{
    (void)session;
    assert_int_equal(event->kind, PYCONSOLE_EVENT_OUTPUT);
    assert_string_equal(event->text, "hello");
    return note(userdata, 'o');
}

static int
note_done(pyconsole_session *session, const pyconsole_event *event, void *userdata)
{
    assert_int_equal(event->kind, PYCONSOLE_EVENT_DONE);
    assert_int_equal(pyconsole_session_execute(session, "1", 1, NULL), PYCONSOLE_OK);
    return note(userdata, 'd');
}

static int
note_other(pyconsole_session *session, const pyconsole_event *event, void *userdata)
{
    (void)session;
    return note(userdata, event->kind == PYCONSOLE_EVENT_DIED ? 'D' : '?');
}

#define EVENTS                                                                         \
    "{\"event\":\"output\",\"stream\":1,\"text\":\"hello\"}\n"                         \
    "{\"event\":\"result\",\"text\":\"42\"}\n"                                         \
    "{\"event\":\"done\",\"request\":1,\"name\":\"ok\"}\n"

static const pyconsole_session_callbacks callbacks = {
    .size = sizeof callbacks,
    .output = note_output,
    .done = note_done,
    .other = note_other,
};

static void
test_dispatch__calls_for_each_event_in_order(void **state)
{
    struct played *played = *state;
    struct noted noted = {0};
    assert_int_equal(pyconsole_session_dispatch(played->session, &callbacks, &noted),
                     PYCONSOLE_OK);
    assert_int_equal(noted.count, 0);
    say(played, EVENTS);
    assert_int_equal(pyconsole_session_dispatch(played->session, &callbacks, &noted),
                     PYCONSOLE_OK);
    assert_string_equal(noted.kinds, "o?d");
    assert_non_null(strstr(heard(played), "\"execute\""));
    shutdown(played->worker, SHUT_RDWR);
    assert_int_equal(pyconsole_session_dispatch(played->session, &callbacks, &noted),
                     PYCONSOLE_EEOF);
    assert_string_equal(noted.kinds, "o?dD");
}

static void
test_dispatch__ends_with_what_a_callback_gives(void **state)
{
    struct played *played = *state;
    struct noted noted = {.answer = 77};
    say(played, EVENTS);
    assert_int_equal(pyconsole_session_dispatch(played->session, &callbacks, &noted),
                     77);
    assert_string_equal(noted.kinds, "o?");
    assert_int_equal(pyconsole_session_dispatch(played->session, &callbacks, &noted),
                     PYCONSOLE_OK);
    assert_string_equal(noted.kinds, "o?d");
}

static void
test_dispatch__knows_callbacks_by_the_size(void **state)
{
    struct played *played = *state;
    struct noted noted = {0};
    pyconsole_session_callbacks shorter = callbacks;
    shorter.size = offsetof(pyconsole_session_callbacks, done);
    say(played, EVENTS);
    assert_int_equal(pyconsole_session_dispatch(played->session, &shorter, &noted),
                     PYCONSOLE_OK);
    assert_string_equal(noted.kinds, "o");
    shorter.size = 0;
    assert_int_equal(pyconsole_session_dispatch(played->session, &shorter, &noted),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_dispatch(played->session, NULL, &noted),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_dispatch(NULL, &callbacks, &noted),
                     PYCONSOLE_EINVAL);
}

/* ---- interrupts from a signal handler ---- */

static pyconsole_session *handled; /* by the handler */

static void
interrupt_handled(int number)
{
    (void)number;
    pyconsole_session_interrupt_signal_safe(handled);
}

static bool
is_readable(pyconsole_session *session)
{
    struct pollfd wait = {.fd = pyconsole_session_fd(session), .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

static void
test_interrupt__from_a_signal_handler(void **state)
{
    struct played *played = *state;
    const pyconsole_event *event = NULL;
    (void)heard(played); /* the hello */
    assert_false(is_readable(played->session));
    handled = played->session;
    struct sigaction before;
    struct sigaction action = {.sa_handler = interrupt_handled};
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigaction(SIGUSR1, &before, NULL);
    assert_true(is_readable(played->session));
    assert_int_equal(pyconsole_session_next(played->session, &event), PYCONSOLE_OK);
    assert_null(event);
    assert_string_equal(heard(played), "{\"op\":\"interrupt\",\"request\":0}\n");
    assert_false(is_readable(played->session));
}

static void
test_no_session__is_refused_by_all(void **state)
{
    (void)state;
    handled = NULL;
    interrupt_handled(SIGUSR1); /* a handler that is there before its session */
    assert_int_equal(pyconsole_session_fd(NULL), -1);
    assert_int_equal(pyconsole_session_pid(NULL), -1);
    assert_int_equal(pyconsole_session_suspend_key(NULL), -1);
    assert_int_equal(pyconsole_session_close(NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_kill(NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_stop(NULL, 0), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_interrupt(NULL, 0), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_execute(NULL, "1", 1, NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_input(NULL, 1, "", 0), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_write(NULL, "1", 1), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_resize(NULL, 1, 1), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_suspend(NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_resume(NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_checkpoint(NULL, NULL, NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_restore(NULL, NULL, NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_forget(NULL, "one"), PYCONSOLE_EINVAL);
    const pyconsole_event *event = NULL;
    assert_int_equal(pyconsole_session_next(NULL, &event), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_wait(NULL, 0, &event), PYCONSOLE_EINVAL);
    pyconsole_session_free(NULL);
}

/* ---- completion and inspection ---- */

static void
test_assist__asks_as_the_options_say(void **state)
{
    struct played *played = *state;
    pyconsole_session *s = played->session;
    pyconsole_assist_options options = PYCONSOLE_ASSIST_OPTIONS_INIT;
    (void)heard(played); /* the hello */
    assert_int_equal(pyconsole_session_complete(s, "x.", 2, 2, NULL, NULL),
                     PYCONSOLE_OK);
    assert_string_equal(heard(played),
                        "{\"op\":\"complete\",\"cursor\":2,\"deadline\":0,\"detail\":0,"
                        "\"unsafe\":false,\"text\":\"x.\",\"id\":1}\n");
    options.deadline = 100;
    options.detail = 2;
    options.unsafe = 1;
    assert_int_equal(pyconsole_session_inspect(s, "x", 1, 1, &options, NULL),
                     PYCONSOLE_OK);
    assert_string_equal(
        heard(played), "{\"op\":\"inspect\",\"cursor\":1,\"deadline\":100,\"detail\":2,"
                       "\"unsafe\":true,\"text\":\"x\",\"id\":2}\n");
    options.size = 2 * sizeof(size_t); /* of a host that knows no more */
    assert_int_equal(pyconsole_session_inspect(s, "x", 1, 1, &options, NULL),
                     PYCONSOLE_OK);
    assert_non_null(strstr(heard(played), "\"unsafe\":false"));
}

/* ---- what is refused ---- */

#define assert_refused(session, call, expected, words)                                 \
    do {                                                                               \
        pyconsole_error error_ = {0};                                                  \
        assert_int_equal((call), (expected));                                          \
        assert_int_equal(pyconsole_session_error((session), &error_), PYCONSOLE_OK);   \
        assert_int_equal(error_.status, (expected));                                   \
        assert_string_equal(error_.message, (words));                                  \
    } while (0)

static void
assert_no_error(pyconsole_session *session)
{
    pyconsole_error error = {.status = -1, .message = "?"};
    assert_int_equal(pyconsole_session_error(session, &error), PYCONSOLE_OK);
    assert_int_equal(error.status, PYCONSOLE_OK);
    assert_string_equal(error.message, "");
}

static void
test_refusals__have_a_status_and_words(void **state)
{
    struct played *played = *state;
    pyconsole_session *s = played->session;
    uint64_t request = 0;
    pyconsole_assist_options sizeless = {.size = 1};
    assert_no_error(s);
    assert_refused(s, pyconsole_session_execute(s, "\xff", 1, NULL), PYCONSOLE_EINVAL,
                   "the text is not UTF-8");
    assert_refused(s, pyconsole_session_execute(s, NULL, 0, NULL), PYCONSOLE_EINVAL,
                   "there is no text");
    assert_int_equal(pyconsole_session_execute(NULL, "1", 1, NULL), PYCONSOLE_EINVAL);
    assert_refused(s, pyconsole_session_complete(s, "x", 1, 2, NULL, NULL),
                   PYCONSOLE_EINVAL, "the cursor is behind the end of the text");
    assert_refused(s, pyconsole_session_inspect(s, "x", 1, 0, &sizeless, NULL),
                   PYCONSOLE_EINVAL, "options->size is not valid");
    assert_refused(s, pyconsole_session_input(s, 1, "\xff", 1), PYCONSOLE_EINVAL,
                   "the text is not UTF-8");
    assert_refused(s, pyconsole_session_write(s, "x", 1), PYCONSOLE_EINVAL,
                   "the session has no terminal");
    assert_refused(s, pyconsole_session_resize(s, 1 << 16, 80), PYCONSOLE_EINVAL,
                   "a terminal is not that large");
    assert_refused(s, pyconsole_session_resize(s, 24, 80), PYCONSOLE_EINVAL,
                   "the session has no terminal");
    assert_refused(s, pyconsole_session_suspend(s), PYCONSOLE_EINVAL,
                   "the session has no process of its own");
    assert_refused(s, pyconsole_session_resume(s), PYCONSOLE_EINVAL,
                   "the session has no process of its own");
    assert_int_equal(pyconsole_session_suspend_key(s), -1);
    assert_int_equal(pyconsole_session_suspend_key(NULL), -1);
    assert_int_equal(pyconsole_session_suspend(NULL), PYCONSOLE_EINVAL);
    assert_refused(s, pyconsole_session_restore(s, NULL, &request), PYCONSOLE_EINVAL,
                   "there is no such checkpoint");
    assert_refused(s, pyconsole_session_checkpoint(s, "", &request), PYCONSOLE_EINVAL,
                   "a checkpoint's name has from 1 to 63 bytes");
    assert_refused(s, pyconsole_session_forget(s, "x"), PYCONSOLE_EINVAL,
                   "there is no such checkpoint");
    assert_int_equal(request, 0);
    assert_int_equal(pyconsole_session_execute(s, "1", 1, NULL), PYCONSOLE_OK);
    assert_refused(s, PYCONSOLE_EINVAL, PYCONSOLE_EINVAL,
                   "there is no such checkpoint"); /* still the last error */
    assert_int_equal(pyconsole_session_error(NULL, NULL), PYCONSOLE_EINVAL);
}

static void
test_errors__of_a_session_that_has_ended(void **state)
{
    struct played *played = *state;
    pyconsole_session *s = played->session;
    const pyconsole_event *event = NULL;
    say(played, "nonsense\n");
    assert_refused(s, pyconsole_session_next(s, &event), PYCONSOLE_EPROTOCOL,
                   pyconsole_status_text(PYCONSOLE_EPROTOCOL));
    assert_refused(s, pyconsole_session_interrupt(s, 0), PYCONSOLE_ECLOSED,
                   "the session has ended");
    assert_refused(s, pyconsole_session_stop(s, 0), PYCONSOLE_ECLOSED,
                   "the session has ended");
}

static void
test_refusals__of_a_source_that_is_too_long(void **state)
{
    struct played *played = *state;
    size_t len = (1 << 26) / 6 + 1;
    char *source = malloc(len);
    assert_non_null(source);
    memset(source, ' ', len);
    assert_int_equal(pyconsole_session_execute(played->session, source, len, NULL),
                     PYCONSOLE_ELIMIT);
    free(source);
}

static void
test_refusals__when_too_many_wait(void **state)
{
    (void)state;
    int ends[2];
    pyconsole_session *s = NULL;
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    options.queue_most = 2;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(pyconsole_session_attach(ends[0], &options, &s, NULL), 0);
    assert_int_equal(pyconsole_session_execute(s, "1", 1, NULL), PYCONSOLE_OK);
    assert_int_equal(pyconsole_session_execute(s, "1", 1, NULL), PYCONSOLE_OK);
    assert_refused(s, pyconsole_session_execute(s, "1", 1, NULL), PYCONSOLE_ELIMIT,
                   "as many requests wait as may");
    assert_refused(s, pyconsole_session_checkpoint(s, NULL, NULL), PYCONSOLE_ELIMIT,
                   "as many requests wait, or checkpoints with names are kept, as may");
    pyconsole_session_free(s);
    close(ends[1]);
}

static void
test_refusals__of_options_without_a_size(void **state)
{
    (void)state;
    pyconsole_session *s = NULL;
    pyconsole_error error = {0};
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    options.size = 1;
    assert_int_equal(pyconsole_session_new(&options, &s, &error), PYCONSOLE_EINVAL);
    assert_int_equal(error.status, PYCONSOLE_EINVAL);
    assert_string_equal(error.message, "ret_session or options->size is not valid");
    assert_int_equal(pyconsole_session_new(NULL, NULL, NULL), PYCONSOLE_EINVAL);
    assert_null(s);
}

static void
test_checkpoint__of_a_worker_that_says_nonsense(void **state)
{
    struct played *played = *state;
    const pyconsole_event *event = NULL;
    uint64_t request = 0;
    say(played, "{\"event\":\"checkpoint\",\"request\":9}\n");
    assert_int_equal(pyconsole_session_next(played->session, &event), PYCONSOLE_OK);
    assert_null(event);
    assert_int_equal(pyconsole_session_checkpoint(played->session, "one", &request), 0);
    assert_int_equal(request, 1);
    assert_int_equal(pyconsole_session_restore(played->session, "one", NULL),
                     PYCONSOLE_EINVAL); /* it is not there yet */
    say(played, "{\"event\":\"checkpoint\",\"request\":1}\n"
                "{\"event\":\"checkpoint\",\"request\":1}\n");
    assert_int_equal(pyconsole_session_next(played->session, &event), PYCONSOLE_OK);
    assert_int_equal(event->kind, PYCONSOLE_EVENT_CHECKPOINT);
    assert_string_equal(event->name, "one");
    assert_int_equal(event->status, 1);
    assert_int_equal(pyconsole_session_next(played->session, &event), PYCONSOLE_OK);
    assert_null(event);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_dispatch__calls_for_each_event_in_order,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_dispatch__ends_with_what_a_callback_gives,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_dispatch__knows_callbacks_by_the_size,
                                        begin, end),
        cmocka_unit_test_setup_teardown(test_interrupt__from_a_signal_handler, begin,
                                        end),
        cmocka_unit_test(test_no_session__is_refused_by_all),
        cmocka_unit_test_setup_teardown(test_assist__asks_as_the_options_say, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_refusals__have_a_status_and_words, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_errors__of_a_session_that_has_ended, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_refusals__of_a_source_that_is_too_long,
                                        begin, end),
        cmocka_unit_test(test_refusals__when_too_many_wait),
        cmocka_unit_test(test_refusals__of_options_without_a_size),
        cmocka_unit_test_setup_teardown(test_checkpoint__of_a_worker_that_says_nonsense,
                                        begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
