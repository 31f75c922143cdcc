/* Other programs on the terminal: the person's editor for the text, a pager for what is
 * long. While they run the terminal is as it was found. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "repl/file.h"
#include "repl/parts.h"

extern char **environ;

/* ---- a program ---- */

/* As a shell that runs nothing else starts one: signals as they are for new programs, and
 * `input`, if it is a descriptor, as 0, `output` as 1 and 2. Its status; -1: it could not be started. */
static int
run_program(char *const *words, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all;
    sigset_t none;
    pid_t pid = -1;
    int status = -1;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (input >= 0) {
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    }
    if (output != STDOUT_FILENO) { /* which is captured */
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    }
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (posix_spawnp(&pid, words[0], &actions, &attributes, words, environ) == 0) {
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* The command line of a variable, with an argument: as the shell reads it. */
static int
run_outside(struct pc_repl *repl, const char *command, const char *argument, int input,
            int *ret_exit)
{
    char script[1024];
    int len = snprintf(script, sizeof script, "%s \"$@\"", command);
    char *words[] = {"sh", "-c", script, "sh", (char *)argument, NULL};
    if (len < 0 || (size_t)len >= sizeof script) {
        *ret_exit = -1;
        return PYCONSOLE_OK;
    }
    int status = pc_view_hide(repl->view, &repl->out);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_flush(repl);
    }
    if (status == PYCONSOLE_OK) {
        status = pc_term_cooked(repl->term);
    }
    if (status == PYCONSOLE_OK) {
        *ret_exit = run_program(words, input, repl->output);
        if (repl->options->host == NULL) {
            pc_term_drop_interrupt(repl->term); /* it was the program's */
        }
        status = pc_repl_edit_terminal(repl);
        pc_view_lost(repl->view);
        repl->stale = true;
    }
    return status;
}

static const char *
first_of(const char *const *names, const char *otherwise)
{
    for (; *names != NULL; names++) {
        const char *value = getenv(*names);
        if (value != NULL && *value != '\0') {
            return value;
        }
    }
    return otherwise;
}

static const char *
setting_or(const struct pc_bytes *setting, const char *const *names,
           const char *otherwise)
{
    return setting->len > 0 ? setting->data : first_of(names, otherwise);
}

/* ---- files ---- */

static int
write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t count = write(fd, bytes, len);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return -1;
        }
        bytes += count;
        len -= (size_t)count;
    }
    return 0;
}

/* A new file that only its owner may read, with the text in it. -1: there is none. */
static int
make_file(char *path, size_t size, const char *text, size_t len)
{
    const char *const folder[] = {"TMPDIR", NULL};
    snprintf(path, size, "%s/pyconsole-XXXXXX.py", first_of(folder, "/tmp"));
    int fd = mkostemps(path, 3, O_CLOEXEC);
    if (fd >= 0 && write_all(fd, text, len) < 0) {
        close(fd);
        unlink(path);
        return -1;
    }
    return fd;
}

/* ---- the editor ---- */

static const char *const editors[] = {"VISUAL", "EDITOR", NULL};

/* The text comes back as the editor has left it; an editor that fails changes nothing. */
int
pc_repl_edit_outside(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    char path[512];
    int ended = -1;
    int fd = make_file(path, sizeof path, text->bytes, text->len);
    if (fd < 0) {
        return pc_repl_bell(repl);
    }
    close(fd);
    const char *command = setting_or(&repl->settings.editor, editors, "vi");
    int status = run_outside(repl, command, path, -1, &ended);
    pc_auto_bytes struct pc_bytes edited = {0};
    if (status == PYCONSOLE_OK && ended == 0 &&
        pc_file_read(path, &edited) == PYCONSOLE_OK) {
        while (edited.len > 0 && edited.data[edited.len - 1] == '\n') {
            edited.len--;
        }
        status = pc_editor_set_text(&repl->editor, pc_bytes_text(&edited), edited.len);
    }
    unlink(path);
    return status;
}

/* The place of a frame of the last traceback, counted from its end: the file, which the
 * caller frees, and the line; only of files that can be read. NULL: there is none. */
static char *
place_of_frame(const struct pc_bytes *error, int frame, unsigned long *ret_line)
{
    static const char file[] = "  File \"";
    static const char line[] = "\", line ";
    for (size_t at = error->len; at-- > 0 && frame > 0;) {
        const char *text = error->data + at;
        if (error->len - at < sizeof file || memcmp(text, file, sizeof file - 1) != 0) {
            continue;
        }
        const char *name = text + sizeof file - 1;
        const char *end = strstr(name, line);
        pc_auto_free char *path =
            end == NULL ? NULL : strndup(name, (size_t)(end - name));
        if (path != NULL && access(path, R_OK) == 0 && --frame == 0) {
            *ret_line = strtoul(end + sizeof line - 1, NULL, 10);
            return pc_take(&path);
        }
    }
    return NULL;
}

int
pc_repl_open_frame(struct pc_repl *repl)
{
    int frame = repl->editor.count > 0 ? repl->editor.count : 1;
    unsigned long line = 0;
    int ended = -1;
    pc_auto_free char *path = place_of_frame(&repl->error, frame, &line);
    if (path == NULL) {
        return pc_repl_bell(repl);
    }
    char command[512];
    snprintf(command, sizeof command, "%s +%lu",
             setting_or(&repl->settings.editor, editors, "vi"), line);
    return run_outside(repl, command, path, -1, &ended);
}

/* ---- the pager ---- */

int
pc_repl_page(struct pc_repl *repl, const char *text, size_t len)
{
    static const char *const names[] = {"MANPAGER", "PAGER", NULL};
    char path[512];
    int ended = -1;
    int fd = make_file(path, sizeof path, text, len);
    if (fd < 0) {
        return pc_repl_bell(repl);
    }
    (void)lseek(fd, 0, SEEK_SET);
    const char *command = setting_or(&repl->settings.pager, names, "less -R");
    int status = run_outside(repl, command, NULL, fd, &ended);
    close(fd);
    unlink(path);
    if (status == PYCONSOLE_OK && ended != 0) { /* no pager: above the prompt */
        status = pc_repl_print_text(repl, text, len);
    }
    return status;
}

/* Every key, and what it does. */
int
pc_repl_show_help(struct pc_repl *repl)
{
    const struct pc_keymap *map =
        &repl->editor.keymaps[repl->editor.mode == PC_MODE_EMACS ? PC_KEYMAP_EMACS
                                                                 : PC_KEYMAP_VI_INSERT];
    pc_auto_bytes struct pc_bytes text = {0};
    int status = pc_bytes_append_text(&text, "Keys of pyconsole\n\n");
    for (size_t i = 0; i < map->count && status == PYCONSOLE_OK; i++) {
        const struct pc_binding *binding = &map->bindings[i];
        if (binding->command < 0) {
            continue;
        }
        char keys[PC_KEYMAP_SEQUENCE_MOST * PC_KEY_NAME_MOST] = "";
        for (size_t k = 0; k < binding->key_count; k++) {
            struct pc_key key = pc_key_of_code(binding->keys[k]);
            size_t end = strlen(keys);
            keys[end] = ' ';
            pc_key_name(&key, keys + end + (k > 0));
        }
        const struct pc_command *command =
            pc_command_of((enum pc_command_id)binding->command);
        status = pc_bytes_append_format(&text, "%-16s %-34s %s\n", keys, command->name,
                                        command->doc);
    }
    return status < 0 ? status : pc_repl_page(repl, text.data, text.len);
}
