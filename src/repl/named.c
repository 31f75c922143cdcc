/* States of the session that the person gives a name: %checkpoint makes one, lists them and
 * gives one up, %restore goes back to it. They stay until then, whatever %undo does, and
 * going back to one is a step like a block, so that %undo takes that back as well.
 *
 * A checkpoint is awaited, as a block is: `coming` is in the list when the session has made
 * it. */
#include <stdio.h>
#include <string.h>

#include "repl/parts.h"

enum { LINE_SIZE = 256 };

/* ---- the list ---- */

/* The index of a name, or their count. */
static size_t
find(const struct pc_repl_checkpoints *states, const char *name)
{
    size_t i = 0;
    while (i < states->named_count && strcmp(states->named[i].name, name) != 0) {
        i++;
    }
    return i;
}

static void
drop(struct pc_repl_checkpoints *states, size_t index)
{
    memmove(states->named + index, states->named + index + 1,
            (states->named_count - index - 1) * sizeof *states->named);
    states->named_count--;
}

/* ---- what is said ---- */

/* `before`, where a state is, and an end of line. */
static int
say_place(struct pc_repl *repl, const char *before, const struct pc_repl_place *place)
{
    pc_auto_bytes struct pc_bytes line = {0};
    int status = pc_bytes_append_format(
        &line, "%s%s%s", before,
        place->behind[0] == '\0' ? "where nothing had run" : "after ", place->behind);
    return status < 0 ? status : pc_repl_say(repl, pc_bytes_text(&line));
}

static int
list(struct pc_repl *repl)
{
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    int status = PYCONSOLE_OK;
    for (size_t i = 0; i < states->named_count && status == PYCONSOLE_OK; i++) {
        char before[PC_REPL_NAME_MOST + 8];
        snprintf(before, sizeof before, "%-16s  ", states->named[i].name);
        status = say_place(repl, before, &states->named[i].place);
    }
    return status < 0 || states->named_count > 0
               ? status
               : pc_repl_say(repl,
                             "There are no checkpoints; %checkpoint NAME makes one.");
}

/* Refuses a name, since it is none, or none of a checkpoint. */
static int
say_unknown(struct pc_repl *repl, const char *name)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line,
             "pyconsole: there is no checkpoint %.*s; %%checkpoint lists them",
             PC_REPL_NAME_MOST, name);
    return pc_repl_say(repl, line);
}

/* ---- %checkpoint ---- */

/* One word, and not an option. */
static bool
is_name(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= PC_REPL_NAME_MOST && text[0] != '-' &&
           strcspn(text, " \t") == len;
}

static int
give_up(struct pc_repl *repl, const char *name)
{
    size_t index = find(&repl->checkpoints, name);
    if (index == repl->checkpoints.named_count) {
        return say_unknown(repl, name);
    }
    drop(&repl->checkpoints, index);
    (void)pyconsole_session_forget(repl->session, name);
    return PYCONSOLE_OK;
}

/* Asks for one, in the place of another of the name. */
static int
make(struct pc_repl *repl, const char *name)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    char line[LINE_SIZE];
    if (!is_name(name)) {
        snprintf(line, sizeof line,
                 "pyconsole: the name of a checkpoint is a word of at most %d bytes",
                 PC_REPL_NAME_MOST);
        return pc_repl_say(repl, line);
    }
    if (states->named_count == PC_REPL_NAMED_MOST &&
        find(states, name) == states->named_count) {
        snprintf(line, sizeof line,
                 "pyconsole: there are %d checkpoints, which is the most; "
                 "%%checkpoint -d NAME gives one up",
                 PC_REPL_NAMED_MOST);
        return pc_repl_say(repl, line);
    }
    int status = pyconsole_session_checkpoint(repl->session, name, &states->naming);
    if (status < 0) {
        states->naming = 0;
        snprintf(line, sizeof line, "pyconsole: there can be no checkpoint: %s",
                 pyconsole_status_text(status));
        return status == PYCONSOLE_ENOMEM ? status : pc_repl_say(repl, line);
    }
    states->coming.place = states->now;
    snprintf(states->coming.name, sizeof states->coming.name, "%s", name);
    repl->running = states->naming;
    return PYCONSOLE_OK;
}

int
pc_repl_serve_checkpoint(struct pc_repl *repl, const char *arguments)
{
    if (*arguments == '\0') {
        return list(repl);
    }
    if (strncmp(arguments, "-d ", 3) == 0) {
        return give_up(repl, arguments + 3 + strspn(arguments + 3, " \t"));
    }
    return make(repl, arguments);
}

int
pc_repl_take_checkpoint(struct pc_repl *repl, const pyconsole_event *event)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    if (event->request != states->naming || states->naming == 0) {
        return PYCONSOLE_OK;
    }
    size_t same = find(states, states->coming.name);
    if (same < states->named_count) {
        drop(states, same);
    }
    states->naming = 0;
    states->named[states->named_count++] = states->coming;
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "Checkpoint %s (%zu of %d).", states->coming.name,
             states->named_count, PC_REPL_NAMED_MOST);
    return pc_repl_say(repl, line);
}

int
pc_repl_take_named_refusal(struct pc_repl *repl, const pyconsole_event *event)
{
    char line[LINE_SIZE];
    repl->checkpoints.naming = 0;
    snprintf(line, sizeof line, "pyconsole: there can be no checkpoint now: %s",
             event->text);
    return pc_repl_say(repl, line);
}

/* ---- %restore ---- */

/* What is asked behind it comes from the session as it was: so the checkpoint for the step
 * that this is can be asked for at once. */
static int
restore(struct pc_repl *repl, const struct pc_repl_named *named)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    char line[LINE_SIZE];
    int status = pyconsole_session_restore(repl->session, named->name, NULL);
    if (status < 0) {
        snprintf(line, sizeof line, "pyconsole: %s cannot be gone back to: %s",
                 named->name, pyconsole_status_text(status));
        return status == PYCONSOLE_ENOMEM ? status : pc_repl_say(repl, line);
    }
    repl->question = repl->running = 0;
    states->request = 0;
    states->now.blocks++;
    memcpy(states->now.behind, named->place.behind, sizeof states->now.behind);
    status = pc_repl_make_checkpoint(repl);
    snprintf(line, sizeof line, "Back at checkpoint %s, ", named->name);
    return status < 0 ? status : say_place(repl, line, &named->place);
}

int
pc_repl_serve_restore(struct pc_repl *repl, const char *arguments)
{
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    if (*arguments == '\0') {
        return list(repl);
    }
    size_t index = find(states, arguments);
    return index == states->named_count ? say_unknown(repl, arguments)
                                        : restore(repl, &states->named[index]);
}

int
pc_repl_restore_latest(struct pc_repl *repl)
{
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    return restore(repl, &states->named[states->named_count - 1]);
}

/* ---- completing ---- */

bool
pc_repl_is_naming_checkpoint(const struct pc_repl *repl, size_t *ret_start)
{
    static const char *const before[] = {"%restore ", "%checkpoint -d ",
                                         "%checkpoint "};
    const struct pc_editor *editor = &repl->editor;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t len = strlen(before[i]);
        if (!repl->settings.pure_python && editor->cursor >= len &&
            strncmp(editor->text.bytes, before[i], len) == 0) {
            *ret_start = len;
            return true;
        }
    }
    return false;
}
