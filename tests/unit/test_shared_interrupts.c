/* Interrupts of sessions in this process's Python, on a thread of their own. */
#include "../tools/host.h"

/* Waits until the code says so, and interrupts it. */
static void
assert_interrupted(pyconsole_session *session, const char *source)
{
    struct transcript transcript = {.len = 0};
    uint64_t request = execute(session, source);
    read_until(session, PYCONSOLE_EVENT_OUTPUT, &transcript);
    assert_int_equal(pyconsole_session_interrupt(session, request), PYCONSOLE_OK);
    transcript.len = 0;
    read_until(session, PYCONSOLE_EVENT_DONE, &transcript);
    assert_non_null(strstr(transcript.text, "INTERRUPT 0\n"));
    assert_non_null(strstr(transcript.text, "KeyboardInterrupt: \n"));
    assert_non_null(strstr(transcript.text, "interrupted"));
}

static void
test_interrupt__reaches_the_request_it_means(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    pyconsole_session_interrupt(session, 0);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_INTERRUPT)->name, "idle");
    uint64_t request = execute(session, "print('on')\nwhile True: pass");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_interrupt(session, request + 1);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_INTERRUPT)->name, "mismatch");
    pyconsole_session_interrupt(session, request);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_INTERRUPT)->name,
                        "interrupting");
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DONE)->name, "interrupted");
    for (int i = 0; i < 200; i++) { /* never the next one */
        request = execute(session, "1");
        pyconsole_session_interrupt(session, request);
        execute(session, "'next'");
        wait_for(session, PYCONSOLE_EVENT_DONE);
        assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DONE)->name, "ok");
    }
    close_session(session);
}

static void
test_interrupt__ends_loops_and_input(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_interrupted(session, "print('on')\nwhile True: pass");
    assert_interrupted(session, "input('waiting\\n')");
    assert_interrupted(session, "import getpass; print('on'); getpass.getpass()");
    /* One that the code has dealt with does not end the next input(). */
    struct transcript transcript = {.len = 0};
    uint64_t request = execute(session, "try:\n    print('on')\n    while True: pass\n"
                                        "except KeyboardInterrupt: input()");
    read_until(session, PYCONSOLE_EVENT_OUTPUT, &transcript);
    pyconsole_session_interrupt(session, request);
    read_until(session, PYCONSOLE_EVENT_INPUT, &transcript);
    pyconsole_session_input(session, request, "answer", 6);
    transcript.len = 0;
    read_until(session, PYCONSOLE_EVENT_DONE, &transcript);
    assert_string_equal(transcript.text, "='answer'\nok");
    close_session(session);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupt__reaches_the_request_it_means),
        cmocka_unit_test(test_interrupt__ends_loops_and_input),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
