/* Sessions in this process's Python on the thread of the caller, whose event loop turns while
 * code runs and waits, and interrupts it. */
#include "../tools/host.h"

#include <pthread.h>
#include <signal.h>

struct window {
    pyconsole_session *session;
    pyconsole_session *other;
    struct transcript transcript;
    int ticks;
    int interrupt_at;            /* tick; 0: never */
    const char *interrupt_after; /* this has come; NULL: never */
    int inner;                   /* what a run from inside the pump gave */
    const char *answer;
};

/* A host's event loop turns once. */
static void
turn(void *userdata)
{
    struct window *window = userdata;
    const pyconsole_event *event = NULL;
    window->ticks++;
    while (pyconsole_session_next(window->session, &event) == PYCONSOLE_OK &&
           event != NULL) {
        note_event(&window->transcript, event);
        if (event->kind == PYCONSOLE_EVENT_INPUT) {
            pyconsole_session_input(window->session, event->request, window->answer,
                                    PYCONSOLE_TERMINATED);
        }
    }
    if (window->ticks == window->interrupt_at ||
        (window->interrupt_after != NULL &&
         strstr(window->transcript.text, window->interrupt_after) != NULL)) {
        pyconsole_session_interrupt(window->session, 0);
    }
    if (window->other != NULL) {
        window->inner = pyconsole_shared_run(window->other, 0);
    }
}

static void
open_window(struct window *window, bool pumps)
{
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    *window = (struct window){.answer = "Ada"};
    options.thread = PYCONSOLE_CALLERS_THREAD;
    options.pump = pumps ? turn : NULL;
    options.pump_every = 5;
    options.userdata = window;
    window->session = open_with(&options);
}

/* Runs the source here; what came of it stands in window->transcript. */
static void
run_here(struct window *window, const char *source)
{
    window->ticks = 0;
    window->transcript.len = 0;
    execute(window->session, source);
    assert_int_equal(pyconsole_shared_run(window->session, 0), PYCONSOLE_OK);
    int ticks = window->ticks;
    turn(window);
    window->ticks = ticks;
}

static void
test_callers_thread__runs_what_is_asked(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, false);
    run_here(
        &window,
        "import threading; threading.get_ident() == threading.main_thread().ident");
    assert_string_equal(window.transcript.text, "=True\nok");
    run_here(&window, "input()");
    assert_string_equal(window.transcript.text,
                        "EOFError: EOF when reading a line\nerror");
    execute(window.session, "1");
    execute(window.session, "2");
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    window.transcript.len = 0;
    turn(&window);
    assert_string_equal(window.transcript.text, "=1\nok=2\nok");
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    pyconsole_session_close(window.session);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    assert_int_equal(wait_for(window.session, PYCONSOLE_EVENT_DIED)->status, 0);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_ECLOSED);
    pyconsole_session_free(window.session);
}

static void
test_callers_thread__stops_at_its_budget(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, false);
    execute(window.session, "import time; time.sleep(0.01)");
    execute(window.session, "2");
    assert_int_equal(pyconsole_shared_run(window.session, 1), PYCONSOLE_MORE);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    pyconsole_session_free(window.session);
}

static void
test_callers_thread__prints_without_end_and_does_not_hang(void **state)
{
    (void)state;
    struct window window;
    const pyconsole_event *event = NULL;
    size_t printed = 0;
    open_window(&window, false);
    execute(window.session, "for i in range(40): print('x' * 99_999)");
    execute(window.session,
            "import threading\n"
            "t = threading.Thread(target=lambda: print('y' * 1_000_000))\n"
            "t.start(); t.join()");
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    for (int done = 0; done < 2;) {
        assert_int_equal(pyconsole_session_wait(window.session, -1, &event),
                         PYCONSOLE_OK);
        printed += event->kind == PYCONSOLE_EVENT_OUTPUT ? event->len : 0;
        done += event->kind == PYCONSOLE_EVENT_DONE;
    }
    assert_int_equal(printed, 5000001);
    pyconsole_session_free(window.session);
}

static void
test_pump__answers_input(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, true);
    run_here(&window, "input('name? ')");
    assert_string_equal(window.transcript.text, "1:name? INPUT 0\n='Ada'\nok");
    pyconsole_session_free(window.session);
}

/* The answer to an interrupt may come when the code has ended by itself. */
static void
take_until(struct window *window, const char *text)
{
    const pyconsole_event *event = NULL;
    while (strstr(window->transcript.text, text) == NULL) {
        assert_int_equal(pyconsole_session_wait(window->session, -1, &event),
                         PYCONSOLE_OK);
        note_event(&window->transcript, event);
    }
}

/* It turned while this waited, or there would be no interrupt. */
static void
test_pump__turns_while_code_waits_and_interrupts_it(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "while True: pass",
        "time.sleep(1000)",
        "a, b = socket.socketpair(); a.recv(1)",
        "lock = threading.Lock(); lock.acquire(); lock.acquire()",
        "subprocess.run(['sleep', '20'], stdout=-3, stderr=-3)",
        "threading.Event().wait()",
        "input()",
    };
    struct window window;
    open_window(&window, true);
    window.answer = NULL;
    /* An import has callbacks in which CPython drops the exception of an interrupt. */
    run_here(&window, "import socket, subprocess, threading, time");
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        window.interrupt_at = i == 6 ? 1 : 2;
        run_here(&window, sources[i]);
        take_until(&window, "INTERRUPT 0\n");
        assert_true(strstr(window.transcript.text, "interrupted") != NULL || i == 6);
        window.interrupt_at = 0;
        run_here(&window, "'next'");
        assert_non_null(strstr(window.transcript.text, "='next'\nok"));
    }
    pyconsole_session_free(window.session);
}

/* Takes the next signal of ours, as one that comes just before a system call is taken; it
 * has ended nothing then. */
static const char take_signal[] =
    "import signal, time\n"
    "kick = {signal.SIGRTMIN + 6}\n"
    "_ = signal.pthread_sigmask(signal.SIG_BLOCK, kick)\n"
    "print('on')\n"
    "_ = signal.sigwait(kick)\n"
    "_ = signal.pthread_sigmask(signal.SIG_UNBLOCK, kick)\n"
    "print('taken')\n"
    "time.sleep(1000)";

static void
test_pump__turns_again_when_a_signal_was_lost(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, true);
    window.interrupt_after = "taken\n";
    run_here(&window, take_signal);
    assert_non_null(strstr(window.transcript.text, "interrupted"));
    pyconsole_session_free(window.session);
}

static void *
interrupt_when_on(void *argument)
{
    pyconsole_session *session = argument;
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    (void)pyconsole_session_interrupt(session, 0);
    return NULL;
}

static void
test_interrupt__is_sent_again_when_a_signal_was_lost(void **state)
{
    (void)state;
    struct window window;
    pthread_t thread;
    open_window(&window, false);
    execute(window.session, take_signal);
    assert_int_equal(pthread_create(&thread, NULL, interrupt_when_on, window.session),
                     0);
    assert_int_equal(pyconsole_shared_run(window.session, 0), PYCONSOLE_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(wait_for(window.session, PYCONSOLE_EVENT_DONE)->name,
                        "interrupted");
    pyconsole_session_free(window.session);
}

static void
test_run__is_refused_inside_a_run(void **state)
{
    (void)state;
    struct window window;
    struct window other;
    open_window(&window, true);
    open_window(&other, true);
    window.other = other.session;
    execute(other.session, "1");
    run_here(&window, "import time; time.sleep(0.05)");
    assert_int_equal(window.inner, PYCONSOLE_OK); /* of the turn after it */
    window.other = window.session;
    window.interrupt_at = 2;
    run_here(&window, "while True: pass");
    assert_non_null(strstr(window.transcript.text, "interrupted"));
    pyconsole_session_free(window.session);
    pyconsole_session_free(other.session);
}

static void
count_signal(int number)
{
    (void)number;
}

static void
test_signals__are_the_hosts(void **state)
{
    (void)state;
    struct sigaction mine = {.sa_handler = count_signal};
    struct sigaction kick = {.sa_handler = count_signal};
    struct sigaction now;
    assert_int_equal(sigaction(SIGINT, &mine, NULL), 0);
    assert_int_equal(sigaction(SIGRTMIN + 6, &kick, NULL), 0);
    struct window window;
    open_window(&window, true);
    window.interrupt_at = 1;
    run_here(&window, "import time; time.sleep(1000)");
    assert_non_null(strstr(window.transcript.text, "interrupted"));
    assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
    assert_true(now.sa_handler == count_signal);
    assert_int_equal(sigaction(SIGRTMIN + 6, NULL, &now), 0);
    assert_true(now.sa_handler == count_signal);
    pyconsole_session_free(window.session);
    pyconsole_session *own = open_session();
    assert_runs(own,
                "import signal; len(signal.pthread_sigmask(signal.SIG_BLOCK, ())) > 50",
                "=True\nok");
    close_session(own);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_callers_thread__runs_what_is_asked),
        cmocka_unit_test(test_callers_thread__stops_at_its_budget),
        cmocka_unit_test(test_callers_thread__prints_without_end_and_does_not_hang),
        cmocka_unit_test(test_pump__answers_input),
        cmocka_unit_test(test_pump__turns_while_code_waits_and_interrupts_it),
        cmocka_unit_test(test_pump__turns_again_when_a_signal_was_lost),
        cmocka_unit_test(test_interrupt__is_sent_again_when_a_signal_was_lost),
        cmocka_unit_test(test_run__is_refused_inside_a_run),
        cmocka_unit_test(test_signals__are_the_hosts),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
