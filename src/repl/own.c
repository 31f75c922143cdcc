/* Commands that the prompt itself serves, since they are about it and not about what
 * Python holds: %undo, %history. They are typed as IPython's are. */
#include <string.h>

#include "repl/parts.h"

typedef int server(struct pc_repl *repl);

static const struct {
    const char *name;
    server *serve;
} commands[] = {
    {"%undo", pc_repl_go_back},
    {"%history", pc_repl_print_history},
};

static server *
server_of(const struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    if (repl->settings.pure_python || text->len == 0 || text->bytes[0] != '%') {
        return NULL;
    }
    size_t len = text->len;
    while (len > 0 && strchr(" \t\n", text->bytes[len - 1]) != NULL) {
        len--;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strlen(commands[i].name) == len &&
            memcmp(commands[i].name, text->bytes, len) == 0) {
            return commands[i].serve;
        }
    }
    return NULL;
}

bool
pc_repl_has_own_command(const struct pc_repl *repl)
{
    return server_of(repl) != NULL;
}

int
pc_repl_serve_own_command(struct pc_repl *repl)
{
    server *serve = server_of(repl);
    pc_editor_clear(&repl->editor);
    int status = serve(repl);
    return status < 0 ? status : pc_repl_prompt(repl);
}
