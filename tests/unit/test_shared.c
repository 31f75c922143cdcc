/* Sessions in the interpreter of this process: what is a session's own, how it ends, and
 * that everything is put back. See test_shared_caller.c, _input.c,
 * _interrupts.c and _output.c. */
#include "../tools/host.h"

/* ---- what is a session's own ---- */

static void
test_names__are_the_sessions_own(void **state)
{
    (void)state;
    pyconsole_session *one = open_session();
    pyconsole_session *two = open_session();
    assert_runs(one, "x = 1; import sys; sys.ps1 = '% '; 1/0",
                "ZeroDivisionError: division by zero\nerror");
    assert_runs(
        two,
        "import sys; hasattr(sys, 'ps1'), hasattr(sys, 'last_value'), 'x' in globals()",
        "=(False, False, False)\nok");
    assert_runs(one, "sys.ps1, type(sys.last_value).__name__",
                "=('% ', 'ZeroDivisionError')\nok");
    assert_runs(one, "41", "=41\nok");
    assert_runs(two, "_", "=(False, False, False)\nok");
    assert_runs(one, "_ = 'mine'", "ok");
    assert_runs(one, "5", "=5\nok");
    assert_runs(one, "_", "='mine'\nok");
    assert_runs(one, "sys.displayhook = lambda value: print('shown', value)", "ok");
    assert_runs(one, "5", "1:shown 5\nok");
    assert_runs(two, "5", "=5\nok");
    assert_host("hasattr(sys, 'ps1') or hasattr(sys, 'last_value')", "False");
    close_session(one);
    assert_runs(two, "1/0", "ZeroDivisionError: division by zero\nerror");
    close_session(two);
    assert_host("hasattr(sys, 'ps1') or hasattr(sys, 'last_value')", "False");
    assert_host(
        "[name for name in __import__('linecache').cache if 'session-' in name]", "[]");
    assert_host("hasattr(__import__('builtins'), '_')", "False");
}

static void
test_main__is_the_sessions_while_its_code_runs(void **state)
{
    (void)state;
    pyconsole_session *one = open_session();
    pyconsole_session *two = open_session();
    const char *define = "import dataclasses, pickle, typing\n"
                         "@dataclasses.dataclass\nclass P:\n    x: int\n"
                         "pickle.loads(pickle.dumps(P(3)))";
    host_run("P = 'the host has one too'");
    assert_runs(one, define, "=P(x=3)\nok");
    assert_runs(two, define, "=P(x=3)\nok");
    assert_runs(one, "import __main__; __main__.y = 7; y, __main__.P is P, __name__",
                "=(7, True, '__main__')\nok");
    assert_runs(one, "typing.get_type_hints(P)", "={'x': <class 'int'>}\nok");
    assert_host("P", "the host has one too");
    assert_host("type(sys.modules['__main__']) is type(io)", "False");
    close_session(one);
    close_session(two);
    assert_host("type(sys.modules['__main__']) is type(io)", "True");
}

/* ---- objects ---- */

static void
test_objects__are_the_hosts_own(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *list = PyList_New(0);
    assert_int_equal(pyconsole_shared_set_object(session, "shared", list),
                     PYCONSOLE_OK);
    assert_int_equal(pyconsole_shared_set_object(session, "no name", list),
                     PYCONSOLE_EINVAL);
    PyGILState_Release(gil);
    assert_runs(session, "shared.append(6 * 7)", "ok");
    gil = PyGILState_Ensure();
    assert_int_equal(PyList_GET_SIZE(list), 1);
    PyObject *module = PyModule_New("hosts");
    assert_int_equal(PyModule_AddStringConstant(module, "greeting", "hello"), 0);
    assert_int_equal(pyconsole_shared_set_locals(session, module), PYCONSOLE_OK);
    assert_int_equal(pyconsole_shared_set_locals(session, Py_None), PYCONSOLE_EINVAL);
    PyGILState_Release(gil);
    assert_runs(session, "greeting; import __main__; __main__.greeting; made = 1",
                "='hello'\n='hello'\nok");
    close_session(session);
    gil = PyGILState_Ensure();
    assert_true(PyObject_HasAttrString(module, "made"));
    assert_false(PyObject_HasAttrString(module, "_"));
    Py_DECREF(module);
    Py_DECREF(list);
    PyGILState_Release(gil);
}

/* ---- the end ---- */

static void
test_exit__ends_the_session_and_not_the_host(void **state)
{
    (void)state;
    static const char *const sources[] = {"exit(3)", "import sys; sys.exit(3)",
                                          "raise SystemExit(3)", "quit(3)"};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        pyconsole_session *session = open_session();
        struct transcript transcript = {.len = 0};
        execute(session, sources[i]);
        read_until(session, PYCONSOLE_EVENT_DIED, &transcript);
        assert_string_equal(transcript.text, "EXIT 3\nDIED 3\n");
        pyconsole_session_free(session);
    }
    assert_host("sys.stdin.closed", "False");
}

static void
test_free__interrupts_what_runs(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    execute(session, "print('on')\nwhile True: pass");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_free(session);
    session = open_session();
    execute(session, "input()");
    wait_for(session, PYCONSOLE_EVENT_INPUT);
    pyconsole_session_free(session);
    session = open_session();
    execute(session, "print('on')\nwhile True: print('x' * 999)");
    wait_for(session, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_session_free(session);
    wait_until_put_back();
}

static void
test_stop__cuts_off_what_cannot_be_stopped(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    struct transcript transcript = {.len = 0};
    /* Between two waits an interrupt does stop it: it begins again then. */
    execute(session, "import threading\n"
                     "go = threading.Event()\n"
                     "def stay():\n"
                     "    try:\n"
                     "        print('on')\n"
                     "        go.wait()\n"
                     "    except KeyboardInterrupt:\n"
                     "        stay()\n"
                     "stay()\n");
    read_until(session, PYCONSOLE_EVENT_OUTPUT, &transcript);
    PyGILState_STATE gil = PyGILState_Ensure();
    PyObject *locals = pyconsole_shared_get_locals(session);
    PyObject *go = Py_NewRef(PyDict_GetItemString(locals, "go"));
    Py_DECREF(locals);
    PyGILState_Release(gil);
    pyconsole_session_stop(session, 30);
    assert_string_equal(wait_for(session, PYCONSOLE_EVENT_DIED)->name, "stopped");
    gil = PyGILState_Ensure();
    Py_XDECREF(PyObject_CallMethod(go, "set", NULL));
    Py_DECREF(go);
    PyGILState_Release(gil);
    wait_until_put_back();
    pyconsole_session_free(session);
}

/* How the child exits is left open: under valgrind that says what it found there. */
/* From 3.12 on CPython warns of them where there are threads. */
static void
quiet_forks(pyconsole_session *session)
{
    assert_runs(session,
                "import warnings\n"
                "warnings.filterwarnings('ignore', '.*multi-threaded')",
                "ok");
}

static void
test_fork__leaves_the_session_to_the_parent(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    quiet_forks(session);
    assert_runs(session,
                "import os, sys\n"
                "r, w = os.pipe()\n"
                "pid = os.fork()\n"
                "if pid == 0:\n"
                "    print('not in the session', file=sys.stderr)\n"
                "    os.write(w, b'child')\n"
                "else:\n"
                "    os.WIFEXITED(os.waitpid(pid, 0)[1]), os.read(r, 9)",
                "=(True, b'child')\nok");
    close_session(session);
}

/* The thread of the session has all blocked; its children have what the host's has. */
static void
test_children__do_not_inherit_blocked_signals(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    assert_runs(session,
                "import os, signal, subprocess\n"
                "sleeper = subprocess.Popen(['sleep', '1000'])\n"
                "sleeper.terminate(); sleeper.wait()",
                "=-15\nok");
    assert_runs(
        session,
        "show = ['grep', 'SigBlk', '/proc/self/status']\n"
        "mask = subprocess.check_output(show)\n"
        "read, write = os.pipe()\n"
        "pid = os.posix_spawn('/bin/grep', show, {},"
        " file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])\n"
        "os.waitpid(pid, 0)[1], os.read(read, 99) == mask, int(mask.split()[1], 16)",
        "=(0, True, 0)\nok");
    assert_runs(session, "os.system('kill -TERM $$')", "=15\nok");
    quiet_forks(session);
    assert_runs(session,
                "def blocked(): return signal.pthread_sigmask(signal.SIG_BLOCK, ())\n"
                "pid = os.fork()\n"
                "if pid == 0: os.write(write, b'%d' % len(blocked())); os._exit(0)\n"
                "os.waitpid(pid, 0)[0] == pid, os.read(read, 9), len(blocked()) > 50",
                "=(True, b'0', True)\nok");
    assert_runs(session,
                "import threading\n"
                "def run(): print(subprocess.check_output(show) == mask)\n"
                "thread = threading.Thread(target=run); thread.start(); thread.join()",
                "1:True\nok");
    assert_runs(session, "os.fork.__name__, os.fork.__doc__.startswith('Fork a child')",
                "=('fork', True)\nok");
    close_session(session);
    assert_host("__import__('subprocess')._fork_exec is"
                " __import__('_posixsubprocess').fork_exec",
                "True");
}

static void
test_clone__is_refused(void **state)
{
    (void)state;
    pyconsole_session *session = open_session();
    pyconsole_session *clone = NULL;
    assert_int_equal(pyconsole_session_clone(session, &clone, NULL), PYCONSOLE_OK);
    assert_string_equal(wait_for(clone, PYCONSOLE_EVENT_REFUSED)->text,
                        "the session is in its host's process");
    pyconsole_session_free(clone);
    close_session(session);
}

static void
test_options__are_checked(void **state)
{
    (void)state;
    pyconsole_session *session = NULL;
    pyconsole_error error = {0};
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    assert_int_equal(pyconsole_session_new_shared(NULL, NULL, &session, &error),
                     PYCONSOLE_EINVAL);
    options.thread = 7;
    assert_int_equal(
        pyconsole_session_new_shared(host_python, &options, &session, &error),
        PYCONSOLE_EINVAL);
    assert_string_not_equal(error.message, "");
    assert_int_equal(pyconsole_shared_run(NULL, 0), PYCONSOLE_EINVAL);
    session = open_session();
    assert_int_equal(pyconsole_shared_run(session, 0), PYCONSOLE_EINVAL);
    close_session(session);
}

/* Left to pyconsole_python_stop. */
static void
test_stop_python__ends_the_sessions_that_are_left(void **state)
{
    (void)state;
    static pyconsole_session *left;
    left = open_session();
    execute(left, "print('on')\nwhile True: pass");
    wait_for(left, PYCONSOLE_EVENT_OUTPUT);
    pyconsole_python_stop(host_python);
    wait_for(left, PYCONSOLE_EVENT_DIED);
    pyconsole_session_free(left);
    host_python = NULL;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names__are_the_sessions_own),
        cmocka_unit_test(test_main__is_the_sessions_while_its_code_runs),
        cmocka_unit_test(test_objects__are_the_hosts_own),
        cmocka_unit_test(test_exit__ends_the_session_and_not_the_host),
        cmocka_unit_test(test_free__interrupts_what_runs),
        cmocka_unit_test(test_stop__cuts_off_what_cannot_be_stopped),
        cmocka_unit_test(test_fork__leaves_the_session_to_the_parent),
        cmocka_unit_test(test_children__do_not_inherit_blocked_signals),
        cmocka_unit_test(test_clone__is_refused),
        cmocka_unit_test(test_options__are_checked),
        cmocka_unit_test(test_stop_python__ends_the_sessions_that_are_left),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
