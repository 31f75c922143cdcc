/* The table of commands, from its lists. */
#include "edit/command.h"

#include <string.h>

#include "edit/editor.h"

#define PC_COMMAND_ACTING(id, text, how, what)                                         \
    [PC_COMMAND_##id] = {                                                              \
        .name = text, .doc = what, .run = pc_command_##id, .kind = PC_COMMAND_##how},
#define PC_COMMAND_ASKING(id, text, what_for, what)                                    \
    [PC_COMMAND_##id] = {.name = text,                                                 \
                         .doc = what,                                                  \
                         .kind = PC_COMMAND_ASK,                                       \
                         .request = PC_EDIT_##what_for},

static const struct pc_command commands[PC_COMMANDS] = {
    PC_COMMANDS_ACTING(PC_COMMAND_ACTING) /* */
    PC_COMMANDS_ASKING(PC_COMMAND_ASKING) /* */
};

const struct pc_command *
pc_command_of(enum pc_command_id id)
{
    return (unsigned int)id < PC_COMMANDS ? &commands[id] : NULL;
}

int
pc_command_find(const char *name, size_t len)
{
    for (int id = 0; id < PC_COMMANDS; id++) {
        if (strlen(commands[id].name) == len &&
            memcmp(commands[id].name, name, len) == 0) {
            return id;
        }
    }
    return -1;
}
