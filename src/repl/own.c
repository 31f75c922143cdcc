/* Commands that the prompt itself serves, since they are about it and not about what
 * Python holds: they are typed as IPython's are, and stand alone. What they do is noted in
 * the table, in the words of docs/commands.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "repl/parts.h"

typedef int server(struct pc_repl *repl, const char *arguments);

/* ---- %undo ---- */

static int
undo(struct pc_repl *repl, const char *arguments)
{
    char *end = NULL;
    long blocks = *arguments == '\0' ? 1 : strtol(arguments, &end, 10);
    return blocks < 1 || (end != NULL && *end != '\0')
               ? pc_repl_say(repl, "pyconsole: %undo takes a number of blocks")
               : pc_repl_go_back(repl, (uint64_t)blocks);
}

/* ---- which one it is ---- */

/* Without `takes` it is the prompt's whatever stands behind it. `forks`: it takes a process
 * that can be put in the place of another. */
static const struct command {
    const char *name;
    server *serve;
    bool (*takes)(const char *arguments);
    bool forks;
} commands[] = {
    {"%undo", undo, NULL, true},
    {"%checkpoint", pc_repl_serve_checkpoint, NULL, true},
    {"%restore", pc_repl_serve_restore, NULL, true},
    {"%history", pc_repl_serve_history, pc_repl_is_about_all_sessions, false},
};

static const struct command *
command_of(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strlen(commands[i].name) == len &&
            memcmp(commands[i].name, name, len) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* The command, and what stands behind it; NULL: the text is none of them, or memory is
 * short. */
static const struct command *
find(const struct pc_repl *repl, struct pc_bytes *ret_arguments)
{
    const struct pc_text *text = &repl->editor.text;
    if (repl->settings.pure_python || text->len == 0 || text->bytes[0] != '%') {
        return NULL;
    }
    size_t len = text->len;
    while (strchr(" \t\n", text->bytes[len - 1]) != NULL) {
        len--;
    }
    size_t name = strcspn(text->bytes, " \t\n");
    size_t start = name + strspn(text->bytes + name, " \t");
    start = start < len ? start : len;
    const struct command *command = command_of(text->bytes, name < len ? name : len);
    bool fits = command != NULL && memchr(text->bytes, '\n', len) == NULL &&
                pc_bytes_append(ret_arguments, text->bytes + start, len - start) ==
                    PYCONSOLE_OK;
    return fits && (command->takes == NULL ||
                    command->takes(pc_bytes_text(ret_arguments)))
               ? command
               : NULL;
}

bool
pc_repl_has_own_command(const struct pc_repl *repl)
{
    pc_auto_bytes struct pc_bytes arguments = {0};
    return find(repl, &arguments) != NULL;
}

static int
serve(struct pc_repl *repl, const struct command *command, const char *arguments)
{
    char line[128];
    if (!command->forks || repl->options->host == NULL) {
        return command->serve(repl, arguments);
    }
    snprintf(line, sizeof line,
             "pyconsole: %s needs a Python of its own; here it is the program's",
             command->name);
    return pc_repl_say(repl, line);
}

/* One that awaits the session is over when that has done it, as a block is. */
int
pc_repl_serve_own_command(struct pc_repl *repl)
{
    pc_auto_bytes struct pc_bytes arguments = {0};
    const struct command *command = find(repl, &arguments);
    pc_editor_clear(&repl->editor);
    int status = command == NULL ? PYCONSOLE_ENOMEM
                                 : serve(repl, command, pc_bytes_text(&arguments));
    if (status < 0 || repl->running != 0) {
        return status < 0 ? status : pc_repl_run_terminal(repl);
    }
    pc_repl_finish_entry(repl, PC_OUTCOME_DONE);
    return pc_repl_prompt(repl);
}
