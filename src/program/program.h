/* The program `pyconsole`, cut in the order of a run:
 *
 *     options.c   what is answered before Python starts: --help, --version
 *     python.c    which Python interpreter the program speaks for
 *     script.c    what runs before the prompt: a script, the start-up file, …
 *     console.c   the prompt
 *     session.c   the same for a host that reads the lines: a session's worker
 *     error.c     how an exception is shown, what SystemExit means
 *     main.c      joins them
 *
 * Functions that return int give 0, or -1 with SystemExit in flight: every other
 * exception has been shown. Those that take a PyConfig hold the GIL. */
#ifndef PC_PROGRAM_PROGRAM_H
#define PC_PROGRAM_PROGRAM_H

#include "engine/object.h"

#include <stdbool.h>

/* Prints help or version where the options ask for it and says whether they did. */
bool pc_program_answer(int argc, char **argv);
/* The version of the Python library: major, minor and micro. For free(); or NULL. */
char *pc_program_python_version(void);

/* The path of the interpreter that sys.executable is to name, or NULL where Python is to
 * find out by itself. For free(). */
char *pc_program_interpreter(const char *program);

bool pc_program_has_code(const PyConfig *config);
/* What CPython's main does ahead of any code: sys.path[0], and for a prompt of its own
 * readline and the header. */
int pc_program_set_first_path(const PyConfig *config);
void pc_program_prepare_prompt(const PyConfig *config);
/* That it is not there is no error. */
void pc_program_import_quietly(const char *name);
/* Runs the script, command or module in __main__; what comes of it has been shown. */
void pc_program_run_code(const PyConfig *config);
int pc_program_run_startup(const PyConfig *config);
/* sys.__interactivehook__; without `readline` not the one that sets that up. */
int pc_program_run_interactive_hook(bool readline);

/* The console in the namespace of __main__, on standard input, up to its end.
 * *interrupted: the code that ran last, so far and then in the end, was stopped by a
 * KeyboardInterrupt. */
int pc_program_console(bool *interrupted);

/* sys.ps1 and sys.ps2, where they are not there already. -1 with an exception set. */
int pc_program_ensure_prompts(void);

/* If the first option is --session=FOLDER, takes it out of the arguments and gives the
 * folder; else NULL. */
const char *pc_program_take_session_option(int *argc, char **argv);
struct pc_worker;
/* Takes over the descriptors of a session, before any code runs. The worker is there to
 * the end of the process. */
int pc_program_open_session(const char *package, struct pc_worker **ret_worker);
/* Runs the host's requests in the namespace of __main__ to the end of the session. */
int pc_program_serve(struct pc_worker *worker);

/* Shows the exception in flight as python3 does. */
int pc_program_show_error(void);
/* The exit status that the SystemExit in flight asks for; says its message. */
int pc_program_exit_status(void);

#endif
