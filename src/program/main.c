/* The program `pyconsole`: what Modules/main.c is to python3.
 *
 * CPython reads the options. Code without a prompt after it goes to Py_RunMain(), so that
 * it runs exactly as under python3. Where there is to be a prompt the steps of
 * Py_RunMain() are taken here, with our console in the place of CPython's; standard input
 * that is no terminal is then a session too, as with `python3 -i`. */
#include "program/program.h"

#include <pyconsole/main.h>
#include <signal.h>
#include <unistd.h>

#define STATUS_UNFLUSHED 120 /* of Py_RunMain(): the last output could not be written */
#define STATUS_OF_SIGNAL 128

/* Reads options and environment into `config`. */
static PyStatus
read_config(PyConfig *config, int argc, char **argv)
{
    PyStatus status = PyConfig_SetBytesArgv(config, argc, argv);
    if (PyStatus_Exception(status)) {
        return status;
    }
    pc_auto_free char *interpreter = pc_program_interpreter(argc > 0 ? argv[0] : NULL);
    if (interpreter != NULL) {
        status = PyConfig_SetBytesString(config, &config->executable, interpreter);
        if (PyStatus_Exception(status)) {
            return status;
        }
    }
    return PyConfig_Read(config);
}

static bool
input_is_terminal(void)
{
    return isatty(STDIN_FILENO);
}

/* Is there to be a prompt? */
static bool
wants_console(const PyConfig *config)
{
    if (!pc_program_has_code(config)) {
        return true;
    }
    return config->inspect && (config->interactive || input_is_terminal());
}

/* Did the script end by a KeyboardInterrupt that was only shown? */
static bool
script_was_interrupted(const PyConfig *config)
{
    return pc_program_has_code(config) &&
           PySys_GetObject("last_type") == PyExc_KeyboardInterrupt;
}

/* From here on SystemExit ends the program. Up to 3.13 sys.flags does not tell. */
static int
clear_inspect_flag(void)
{
#if PY_VERSION_HEX >= 0x030E0000
    pc_auto_py PyObject *zero = PyLong_FromLong(0);
    if (zero == NULL || PyConfig_Set("inspect", zero) < 0) {
        return pc_program_show_error();
    }
#endif
    return 0;
}

/* Everything between the start of Python and its end, for a prompt here or, with
 * `package`, for one elsewhere; `*interrupted` as in pc_program_console(). */
static int
run_console(const PyConfig *config, const char *package, bool *interrupted)
{
    struct pc_worker *worker = NULL;
    if ((package != NULL && pc_program_open_session(package, &worker) < 0) ||
        pc_program_set_first_path(config) < 0) {
        return -1;
    }
    if (package == NULL) {
        pc_program_prepare_prompt(config);
    }
    bool has_code = pc_program_has_code(config);
    if (has_code) {
        pc_program_run_code(config);
    }
    if (clear_inspect_flag() < 0 || (!has_code && pc_program_run_startup(config) < 0) ||
        pc_program_run_interactive_hook(package == NULL) < 0) {
        return -1;
    }
    if (package != NULL) {
        return pc_program_serve(worker);
    }
    if (PySys_Audit("cpython.run_stdin", NULL) < 0) {
        return pc_program_show_error();
    }
    *interrupted = script_was_interrupted(config);
    return pc_program_console(interrupted);
}

/* Ends by the signal that the code did not handle, as python3 does, so that a shell that
 * runs us in a loop stops too. */
static int
end_by_interrupt(void)
{
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
    return STATUS_OF_SIGNAL + SIGINT;
}

static int
run_console_to_end(const PyConfig *config, const char *package)
{
    bool interrupted = false;
    int status = 0;
    if (run_console(config, package, &interrupted) < 0) {
        interrupted = false;
        status = pc_program_exit_status();
    }
    if (Py_FinalizeEx() < 0) {
        status = STATUS_UNFLUSHED;
    }
    /* At a terminal the user has seen the interrupt and has gone on. */
    return interrupted && !input_is_terminal() ? end_by_interrupt() : status;
}

static PyStatus
start(PyConfig *config, bool console)
{
    if (console && !pc_program_has_code(config) && !input_is_terminal()) {
        config->interactive = 1;
        config->inspect = 1;
    }
    return Py_InitializeFromConfig(config);
}

static int
leave(PyConfig *config, PyStatus status)
{
    PyConfig_Clear(config);
    if (PyStatus_IsExit(status)) {
        return status.exitcode;
    }
    Py_ExitStatusException(status);
}

int
pyconsole_main(int argc, char **argv)
{
    if (pc_program_answer(argc, argv)) {
        return 0;
    }
    const char *package = pc_program_take_session_option(&argc, argv);
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    PyStatus status = read_config(&config, argc, argv);
    bool console = false;
    if (!PyStatus_Exception(status)) {
        console = package != NULL || wants_console(&config);
        status = start(&config, console);
    }
    if (PyStatus_Exception(status)) {
        return leave(&config, status);
    }
    int exit_status = console ? run_console_to_end(&config, package) : Py_RunMain();
    PyConfig_Clear(&config);
    return exit_status;
}
