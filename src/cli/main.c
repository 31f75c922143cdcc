/* The program `pyconsole`. It has no Python in it, so that it starts at once: a prompt on
 * a terminal is src/repl's, over a session; all else is `pyconsole-python`, which takes
 * the place of this process. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/arguments.h"

#define PYTHON_PROGRAM "pyconsole-python"

enum { CANNOT_RUN = 126 };

/* Beside this program, as it is built; or where it was installed. */
static void
find_python(char *ret_path, size_t size)
{
    ssize_t len = readlink("/proc/self/exe", ret_path, size);
    char *slash =
        len > 0 && (size_t)len < size ? memrchr(ret_path, '/', (size_t)len) : NULL;
    if (slash != NULL) {
        size_t folder = (size_t)(slash + 1 - ret_path);
        snprintf(slash + 1, size - folder, "%s", PYTHON_PROGRAM);
        if (access(ret_path, X_OK) == 0) {
            return;
        }
    }
    snprintf(ret_path, size, "%s/%s", PYCONSOLE_LIBEXEC, PYTHON_PROGRAM);
}

int
main(int argc, char **argv)
{
    char python[PATH_MAX];
    find_python(python, sizeof python);
    (void)argc;
    execv(python, argv);
    fprintf(stderr, "pyconsole: %s: %s\n", python, strerror(errno));
    return CANNOT_RUN;
}
