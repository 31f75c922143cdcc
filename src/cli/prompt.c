/* The program `pyconsole-prompt`: the prompt on a terminal. It has no Python in it, so that
 * it is there at once; the code runs in a session, whose worker is `pyconsole-python`. Where
 * the terminal is none for an editor, that program takes its place. */
#include <signal.h>
#include <sys/prctl.h>

#include "cli/neighbour.h"
#include "program/arguments.h"
#include "repl/repl.h"

#define PACKAGE "python"

enum { STATUS_OF_SIGNAL = 128 };

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
        .package = pc_neighbour_is_beside(PACKAGE, &package) ? package.path : NULL,
        .name = argv[0],
        .arguments = argv + (argc > 0),
        .quiet = arguments.quiet,
        .code = arguments.code,
        .environment = arguments.environment,
    };
    if (!pc_repl_is_usable(&options)) {
        return pc_neighbour_run(PC_PYTHON_PROGRAM, argv);
    }
    /* To users, this is the program that they started. */
    (void)prctl(PR_SET_NAME, "pyconsole");
    return end_as(pc_repl_run(&options));
}
