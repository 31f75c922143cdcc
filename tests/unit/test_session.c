/* A session as its host sees it, over a worker without Python (tests/tools/worker.c): many
 * threads on many sessions. ThreadSanitizer runs it too (`make tsan`). */
#include "../tools/requests.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pyconsole_session *
open_session(void)
{
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    pyconsole_session *session = NULL;
    options.python = getenv("PYCONSOLE_TEST_WORKER");
    options.package = "serve";
    assert_int_equal(pyconsole_session_new(&options, &session, NULL), PYCONSOLE_OK);
    return session;
}

static void
test_requests__are_done_in_order(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    uint64_t first = execute(session, "print one");
    uint64_t second = execute(session, "print two");
    const pyconsole_event *event = wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    assert_string_equal(event->text, "one");
    assert_true(event->request == first);
    assert_true(wait_for(session, PYCONSOLE_EVENT_DONE)->request == first);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_OUTPUT)->text, "two");
    assert_true(wait_for(session, PYCONSOLE_EVENT_DONE)->request == second);
    pyconsole_session_free(session);
}

static void
test_input__is_answered(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    uint64_t request = execute(session, "input");
    assert_true(wait_for(session, PYCONSOLE_EVENT_INPUT)->request == request);
    assert_int_equal(pyconsole_session_input(session, request, "line", 4),
                     PYCONSOLE_OK);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_OUTPUT)->text, "line");
    pyconsole_session_free(session);
}

static void
test_death__is_the_last_event(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    const pyconsole_event *event = NULL;
    execute(session, "print last");
    execute(session, "die 9");
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_OUTPUT)->text, "last");
    assert_int_equal(wait_for(session, PYCONSOLE_EVENT_DIED)->status, -SIGKILL);
    assert_int_equal(pyconsole_session_next(session, &event), PYCONSOLE_EEOF);
    assert_int_equal(pyconsole_session_push(session, "x", 1, NULL), PYCONSOLE_ECLOSED);
    assert_int_equal(pyconsole_session_interrupt(session, 0), PYCONSOLE_ECLOSED);
    pyconsole_session_free(session);
}

static void
test_arguments__that_are_not_valid(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    pyconsole_error error;
    pyconsole_session_options options = {.size = 1};
    assert_int_equal(pyconsole_session_new(&options, &session, &error),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_new(NULL, NULL, &error), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_execute(session, NULL, 0, NULL),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_execute(session, "\xff", 1, NULL),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_session_execute(session, "", (size_t)1 << 25, NULL),
                     PYCONSOLE_ELIMIT);
    assert_int_equal(pyconsole_session_next(session, NULL), PYCONSOLE_EINVAL);
    pyconsole_session_free(session);
    pyconsole_session_free(NULL);
}

/* ---- many threads on many sessions ---- */

enum { SESSIONS = 6, ASKERS = 4, TURNS = 1000 };

struct stage {
    pyconsole_session *sessions[SESSIONS];
    unsigned int seed; /* of an asker */
};

/* Takes the events of a session to its end; NULL if they were as they should. */
static void *
listen_to(void *argument)
{
    pyconsole_session *session = argument;
    const pyconsole_event *event = NULL;
    uint64_t sequence = 1; /* of READY */
    int status = PYCONSOLE_OK;
    bool died = false;
    while ((status = pyconsole_session_wait(session, 1000, &event)) == PYCONSOLE_OK) {
        if (event != NULL && (died || event->sequence != ++sequence ||
                              event->text[event->len] != '\0')) {
            return session;
        }
        died = event != NULL && event->kind == PYCONSOLE_EVENT_DIED;
        if (died && event->status != 0 && event->status != -SIGKILL) {
            return session; /* a sanitizer's status */
        }
    }
    return status == PYCONSOLE_EEOF && died ? NULL : session;
}

/* Asks this and that; sessions that have ended say so. Returns how many answers were none
 * that they may give. */
static void *
ask_all(void *argument)
{
    struct stage *stage = argument;
    unsigned int random = stage->seed;
    uintptr_t wrong = 0;
    for (int turn = 0; turn < TURNS; turn++) {
        random = random * 1103515245 + 12345;
        pyconsole_session *session = stage->sessions[(random >> 16) % SESSIONS];
        int status = PYCONSOLE_OK;
        switch ((random >> 20) % 6) {
        case 0:
            status = pyconsole_session_execute(session, "wait", 4, NULL);
            break;
        case 1:
            status = pyconsole_session_stop(session, 100000);
            break;
        case 2:
        case 3:
            status = pyconsole_session_interrupt(session, 0);
            break;
        case 4:
            wrong += pyconsole_session_pid(session) == 0;
            wrong += pyconsole_session_fd(session) < 0;
            break;
        default:
            status = pyconsole_session_execute(session, "print line\n", 11, NULL);
            break;
        }
        wrong += status != PYCONSOLE_OK && status != PYCONSOLE_ECLOSED &&
                 status != PYCONSOLE_ELIMIT;
    }
    return (void *)wrong;
}

/* Kills it, or has it end by itself: what it does before that is interrupted. */
static void
end(pyconsole_session *session, bool kill)
{
    (void)pyconsole_session_close(session);
    if (kill) {
        (void)pyconsole_session_kill(session);
    }
    while (pyconsole_session_interrupt(session, 0) == PYCONSOLE_OK) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
}

static void
test_threads__ask_listen_and_kill_at_once(void **state)
{
    (void)state;
    struct stage stages[ASKERS];
    pthread_t listeners[SESSIONS];
    pthread_t askers[ASKERS];
    void *result = NULL;
    for (size_t i = 0; i < SESSIONS; i++) {
        stages[0].sessions[i] = open_session();
        (void)wait_for(stages[0].sessions[i], PYCONSOLE_EVENT_READY);
        assert_int_equal(
            pthread_create(&listeners[i], NULL, listen_to, stages[0].sessions[i]), 0);
    }
    for (unsigned int i = 0; i < ASKERS; i++) {
        memcpy(stages[i].sessions, stages[0].sessions, sizeof stages[0].sessions);
        stages[i].seed = i;
        assert_int_equal(pthread_create(&askers[i], NULL, ask_all, &stages[i]), 0);
    }
    for (size_t i = 0; i < ASKERS; i++) {
        assert_int_equal(pthread_join(askers[i], &result), 0);
        assert_null(result);
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        end(stages[0].sessions[i], i % 2 == 0);
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        assert_int_equal(pthread_join(listeners[i], &result), 0);
        assert_null(result);
        pyconsole_session_free(stages[0].sessions[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests__are_done_in_order),
        cmocka_unit_test(test_input__is_answered),
        cmocka_unit_test(test_death__is_the_last_event),
        cmocka_unit_test(test_arguments__that_are_not_valid),
        cmocka_unit_test(test_threads__ask_listen_and_kill_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
