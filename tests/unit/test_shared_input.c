/* What code of sessions in this process's Python reads: whoever asks, it is one event, which
 * the host answers. */
#include "../tools/host.h"

/* Answers the input that the source asks for, NULL for its end. */
static struct transcript
answer(pyconsole_session *session, const char *source, const char *const *answers)
{
    struct transcript transcript = {.len = 0};
    execute(session, source);
    do {
        const pyconsole_event *event = NULL;
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
        if (event == NULL) {
            continue;
        }
        note_event(&transcript, event);
        if (event->kind == PYCONSOLE_EVENT_INPUT) {
            assert_int_equal(pyconsole_session_input(session, event->request, *answers,
                                                     PYCONSOLE_TERMINATED),
                             PYCONSOLE_OK);
            answers++;
        }
    } while (transcript.last != PYCONSOLE_EVENT_DONE);
    return transcript;
}

static void
assert_asks(pyconsole_session *session, const char *source, const char *const *answers,
            const char *expected)
{
    struct transcript transcript = answer(session, source, answers);
    assert_string_equal(transcript.text, expected);
}

static void
test_input__is_one_event_for_all_that_ask(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_asks(session, "input('name? ')", (const char *[]){"Ada"},
                "1:name? INPUT 0\n='Ada'\nok");
    assert_asks(session, "import sys; sys.stdin.readline(), sys.stdin.read()",
                (const char *[]){"a", "b", NULL},
                "INPUT 0\nINPUT 0\nINPUT 0\n=('a\\n', 'b\\n')\nok");
    assert_asks(session, "[line for line in sys.stdin]", (const char *[]){"a", NULL},
                "INPUT 0\nINPUT 0\n=['a\\n']\nok");
    assert_asks(session, "input()", (const char *[]){NULL},
                "INPUT 0\nEOFError: EOF when reading a line\nerror");
    assert_asks(session, "import getpass; getpass.getpass('pw: ')",
                (const char *[]){"secret"}, "2:pw: INPUT 1\n='secret'\nok");
    close_session(session);
}

static void
test_input__steps_through_pdb_and_help(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    struct transcript transcript = answer(
        session, "def f():\n    x = 1\n    breakpoint()\n    x = 2\n    return x\nf()",
        (const char *[]){"p x", "n", "n", "p x + 1", "c"});
    assert_non_null(strstr(transcript.text, "1:(Pdb) INPUT 0\n1:1\n"));
    assert_non_null(strstr(transcript.text, "1:(Pdb) INPUT 0\n1:3\n"));
    assert_non_null(strstr(transcript.text, "1:(Pdb) INPUT 0\n=2\nok"));
    transcript = answer(session, "help()", (const char *[]){"keywords", "quit"});
    assert_non_null(strstr(transcript.text, "help> INPUT 0\n1:\nHere is a list"));
    assert_host("'readline' in sys.modules", "False");
    close_session(session);
}

static void
test_input__is_an_error_with_nobody_to_answer(void **state)
{
    (void)state;
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    options.no_input = 1;
    pyconsole_session *session = open_with(&options);
    assert_runs(session, "input()", "EOFError: EOF when reading a line\nerror");
    close_session(session);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input__is_one_event_for_all_that_ask),
        cmocka_unit_test(test_input__steps_through_pdb_and_help),
        cmocka_unit_test(test_input__is_an_error_with_nobody_to_answer),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
