#include "cli/neighbour.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CANNOT_RUN = 126 };

static bool
is_beside(const char *name, struct pc_neighbour *neighbour)
{
    char own[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    own[len < 0 ? 0 : len] = '\0';
    char *slash = strrchr(own, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    return snprintf(neighbour->path, sizeof neighbour->path, "%s/%s", own, name) <
               (int)sizeof neighbour->path &&
           access(neighbour->path, X_OK) == 0;
}

struct pc_neighbour
pc_neighbour_find(const char *name)
{
    struct pc_neighbour neighbour;
    if (!is_beside(name, &neighbour)) {
        snprintf(neighbour.path, sizeof neighbour.path, "%s/%s", PYCONSOLE_LIBEXEC,
                 name);
    }
    return neighbour;
}

bool
pc_neighbour_has_package(struct pc_neighbour *ret_folder)
{
    return is_beside("python/pyconsole", ret_folder) && is_beside("python", ret_folder);
}

int
pc_neighbour_run(const struct pc_neighbour *program, char **argv)
{
    execv(program->path, argv);
    fprintf(stderr, "pyconsole: %s: %s\n", program->path, strerror(errno));
    return CANNOT_RUN;
}
