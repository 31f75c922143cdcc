/* The program `pyconsole`. It has no Python in it, so that it starts at once: a prompt on
 * a terminal is src/repl's, over a session; all else is `pyconsole-python`, which takes
 * the place of this process. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/arguments.h"
#include "repl/repl.h"

#define PYTHON_PROGRAM "pyconsole-python"
#define PACKAGE        "python"

enum { CANNOT_RUN = 126, STATUS_OF_SIGNAL = 128 };

/* Where the others are: beside this program, as they are built, or installed. */
struct places {
    char python[PATH_MAX]; /* pyconsole-python */
    char package
        [PATH_MAX]; /* the folder of package pyconsole; "": where it is installed */
};

static struct places
find_places(void)
{
    struct places places = {"", ""};
    char own[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    own[len < 0 ? 0 : len] = '\0';
    char *slash = strrchr(own, '/');
    if (slash != NULL) {
        *slash = '\0';
        if (snprintf(places.python, sizeof places.python, "%s/%s", own,
                     PYTHON_PROGRAM) < (int)sizeof places.python &&
            snprintf(places.package, sizeof places.package, "%s/%s", own, PACKAGE) <
                (int)sizeof places.package &&
            access(places.python, X_OK) == 0) {
            return places;
        }
    }
    places.package[0] = '\0';
    snprintf(places.python, sizeof places.python, "%s/%s", PYCONSOLE_LIBEXEC,
             PYTHON_PROGRAM);
    return places;
}

/* Is there to be a prompt? As far as can be known before any code runs. */
static bool
wants_prompt(const struct pc_arguments *arguments)
{
    const char *inspect = arguments->environment ? getenv("PYTHONINSPECT") : NULL;
    bool inspects = arguments->inspect || (inspect != NULL && *inspect != '\0');
    return !arguments->help && !arguments->unknown && arguments->versions == 0 &&
           (!arguments->code || inspects);
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
    struct places places = find_places();
    struct pc_repl_options options = {
        .program = places.python,
        .package = places.package[0] == '\0' ? NULL : places.package,
        .name = argv[0],
        .arguments = argv + (argc > 0),
        .quiet = arguments.quiet,
        .code = arguments.code,
        .environment = arguments.environment,
    };
    if (wants_prompt(&arguments) && pc_repl_is_usable(&options)) {
        return end_as(pc_repl_run(&options));
    }
    execv(places.python, argv);
    fprintf(stderr, "pyconsole: %s: %s\n", places.python, strerror(errno));
    return CANNOT_RUN;
}
