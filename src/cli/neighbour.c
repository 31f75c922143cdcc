#include "cli/neighbour.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CANNOT_RUN = 126 };

bool
pc_neighbour_is_beside(const char *name, struct pc_neighbour *neighbour)
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
    if (!pc_neighbour_is_beside(name, &neighbour)) {
        snprintf(neighbour.path, sizeof neighbour.path, "%s/%s", PYCONSOLE_LIBEXEC,
                 name);
    }
    return neighbour;
}

int
pc_neighbour_run(const char *name, char **argv)
{
    struct pc_neighbour neighbour = pc_neighbour_find(name);
    execv(neighbour.path, argv);
    fprintf(stderr, "pyconsole: %s: %s\n", neighbour.path, strerror(errno));
    return CANNOT_RUN;
}
