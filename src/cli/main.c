/* The program `pyconsole`: the prompt on a terminal. It has no Python in it, so that it is
 * there at once; the code runs in a session, whose worker is `pyconsole-python`. Where there
 * is to be no prompt, or the terminal is none for an editor, that program takes its place. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/neighbour.h"
#include "program/arguments.h"
#include "repl/repl.h"

enum { STATUS_OF_SIGNAL = 128, LARGE = 1 << 20 };

/* A prompt lives for days: what one large result took goes back to the system. glibc learns
 * from the first one to keep pieces of that size, unless it is told what is large. */
static void
give_memory_back(void)
{
#ifdef M_MMAP_THRESHOLD
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
    (void)mallopt(M_TRIM_THRESHOLD, 2 * LARGE);
#endif
}

/* Is there to be a prompt? As far as can be known before any code runs. Where a stream goes
 * elsewhere there is none: those of a session all are its own terminal. */
static bool
wants_prompt(const struct pc_arguments *arguments)
{
    const char *inspect = arguments->environment ? getenv("PYTHONINSPECT") : NULL;
    bool inspects = arguments->inspect || (inspect != NULL && *inspect != '\0');
    return !arguments->help && !arguments->unknown && arguments->versions == 0 &&
           (!arguments->code || inspects) && isatty(STDIN_FILENO) &&
           isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
}

/* Ends as the session did: by the same signal, or with the same status. */
static int
end_as(int status)
{
    if (status >= 0) {
        return status;
    }
    signal(-status, SIG_DFL);
    raise(-status);
    return STATUS_OF_SIGNAL - status;
}

int
main(int argc, char **argv)
{
    struct pc_arguments arguments = pc_arguments_read(argc, argv);
    struct pc_neighbour python = pc_neighbour_find(PC_PYTHON_PROGRAM);
    struct pc_neighbour package;
    struct pc_repl_options options = {
        .program = python.path,
        .name = argv[0],
        .arguments = argv + (argc > 0),
        .quiet = arguments.quiet,
        .code = arguments.code,
        .environment = arguments.environment,
    };
    if (!wants_prompt(&arguments) || !pc_repl_is_usable(&options)) {
        return pc_neighbour_run(&python, argv);
    }
    if (pc_neighbour_has_package(&package)) {
        options.package = package.path;
    }
    give_memory_back();
    return end_as(pc_repl_run(&options));
}
