/* Which Python interpreter the program speaks for. sys.prefix, the standard library,
 * site-packages and whatever starts sys.executable follow from it (CPython's
 * Modules/getpath.py), so it is a real interpreter and not this program. In this order:
 *
 *     1. that of the virtual environment whose bin folder the program stands in;
 *     2. that of the active virtual environment, $VIRTUAL_ENV;
 *     3. the one that the program was built for.
 *
 * An environment of another Python version is passed over: its packages would not load. */
#include "program/program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MOST 4096

static char *
joined_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s/%s", folder, name);
    }
    return path;
}

static bool
is_executable_in(const char *folder, const char *name)
{
    pc_auto_free char *path = joined_path(folder, name);
    return path != NULL && access(path, X_OK) == 0;
}

/* Does a line of pyvenv.cfg name another Python version than ours? `version = 3.11.2`
 * (venv) or `version_info = 3.11.2.final.0` (virtualenv, uv). */
static bool
names_other_version(const char *line)
{
    unsigned major = 0;
    unsigned minor = 0;
    if (sscanf(line, " version = %u.%u", &major, &minor) != 2 &&
        sscanf(line, " version_info = %u.%u", &major, &minor) != 2) {
        return false;
    }
    return major != PY_MAJOR_VERSION || minor != PY_MINOR_VERSION;
}

static bool
is_our_environment(const char *root)
{
    pc_auto_free char *path = joined_path(root, "pyvenv.cfg");
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    char line[LINE_MOST];
    bool ours = true;
    while (ours && fgets(line, sizeof line, file) != NULL) {
        ours = !names_other_version(line);
    }
    fclose(file);
    return ours;
}

/* The interpreter in the bin folder of an environment, or NULL. */
static char *
interpreter_of(const char *root)
{
    static const char *const names[] = {"bin/python3", "bin/python"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (is_our_environment(root) && is_executable_in(root, names[i])) {
            return joined_path(root, names[i]);
        }
    }
    return NULL;
}

/* The folder of $PATH that a command without a slash was found in, or NULL. */
static char *
folder_on_path(const char *command)
{
    const char *path = getenv("PATH");
    pc_auto_free char *folders = strdup(path == NULL ? "" : path);
    char *rest = NULL;
    for (char *folder = folders == NULL ? NULL : strtok_r(folders, ":", &rest);
         folder != NULL; folder = strtok_r(NULL, ":", &rest)) {
        if (is_executable_in(folder, command)) {
            return strdup(folder);
        }
    }
    return NULL;
}

/* The folder that the program was called in, links not followed: that is where a virtual
 * environment has it. */
static char *
folder_of(const char *program)
{
    const char *slash = strrchr(program, '/');
    if (slash == NULL) {
        return folder_on_path(program);
    }
    return slash == program ? strdup("/") : strndup(program, (size_t)(slash - program));
}

static char *
interpreter_beside(const char *program)
{
    pc_auto_free char *folder = folder_of(program);
    pc_auto_free char *above = folder == NULL ? NULL : joined_path(folder, "..");
    pc_auto_free char *root = above == NULL ? NULL : realpath(above, NULL);
    return root == NULL ? NULL : interpreter_of(root);
}

char *
pc_program_interpreter(const char *program)
{
    char *path = program == NULL ? NULL : interpreter_beside(program);
    const char *environment = getenv("VIRTUAL_ENV");
    if (path == NULL && environment != NULL && *environment == '/') {
        path = interpreter_of(environment);
    }
    if (path == NULL && access(PYCONSOLE_PYTHON, X_OK) == 0) {
        path = strdup(PYCONSOLE_PYTHON);
    }
    return path;
}
