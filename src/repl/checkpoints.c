/* States of the session that can be gone back to. When a prompt has been idle for a moment
 * the session makes a checkpoint, which is a fork of its process: so there is one for the
 * time before most blocks. They have the number of the blocks that had run; %undo goes
 * back to the latest from before the last block. What the person names is in named.c. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "repl/parts.h"

enum { IDLE = 150, NAME_SIZE = 24 };

/* The blank keeps it apart from names that are typed. */
static void
name_of(const struct pc_repl_place *place, char *ret_name)
{
    snprintf(ret_name, NAME_SIZE, " %" PRIu64, place->blocks);
}

/* ---- where the session is ---- */

/* So much of the first line as is kept, in whole characters. */
void
pc_repl_count_block(struct pc_repl *repl, const char *text, size_t len)
{
    struct pc_repl_place *now = &repl->checkpoints.now;
    size_t end = 0;
    while (end < len && end < PC_REPL_BEHIND_MOST && text[end] != '\n') {
        end++;
    }
    while (end > 0 && end < len && ((unsigned char)text[end] & 0xC0) == 0x80) {
        end--;
    }
    memcpy(now->behind, text, end);
    now->behind[end] = '\0';
    now->blocks++;
}

/* ---- making them ---- */

void
pc_repl_want_checkpoint(struct pc_repl *repl)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    states->due = repl->settings.checkpoints > 0 ? pc_repl_clock() + IDLE : 0;
}

static void
forget(struct pc_repl *repl, size_t index)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    char name[NAME_SIZE];
    name_of(&states->kept[index], name);
    (void)pyconsole_session_forget(repl->session, name);
    memmove(states->kept + index, states->kept + index + 1,
            (states->count - index - 1) * sizeof *states->kept);
    states->count--;
}

static bool
has_one_for_now(const struct pc_repl_checkpoints *states)
{
    return states->count > 0 &&
           states->kept[states->count - 1].blocks == states->now.blocks;
}

int
pc_repl_make_checkpoint(struct pc_repl *repl)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    size_t before_now = (size_t)repl->settings.checkpoints;
    char name[NAME_SIZE];
    states->due = 0;
    if (!repl->ready || before_now == 0 || repl->options->host != NULL ||
        has_one_for_now(states)) {
        return PYCONSOLE_OK;
    }
    while (states->count > before_now) {
        forget(repl, 0);
    }
    name_of(&states->now, name);
    int status = pyconsole_session_checkpoint(repl->session, name, &states->request);
    if (status == PYCONSOLE_OK) {
        states->kept[states->count++] = states->now;
    }
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

/* There was none: why is said once. */
int
pc_repl_take_refusal(struct pc_repl *repl, const pyconsole_event *event)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    if (event->request == states->naming && states->naming != 0) {
        return pc_repl_take_named_refusal(repl, event);
    }
    if (event->request != states->request || states->count == 0) {
        return PYCONSOLE_OK;
    }
    states->count--;
    states->request = 0;
    if (states->said) {
        return PYCONSOLE_OK;
    }
    states->said = true;
    char line[512];
    snprintf(line, sizeof line, "pyconsole: no %%undo from here: %s", event->text);
    return pc_repl_say(repl, line);
}

/* ---- going back ---- */

bool
pc_repl_can_go_back(const struct pc_repl *repl, uint64_t blocks)
{
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    return states->count > 0 && blocks <= states->now.blocks &&
           states->kept[0].blocks <= states->now.blocks - blocks;
}

/* Restores the latest of so many blocks at most. One that was asked for may not have been
 * made: then it is the one before. */
static int
restore(struct pc_repl *repl, uint64_t blocks, struct pc_repl_place *ret_place)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    int status = PYCONSOLE_EINVAL;
    while (states->count > 0 && status == PYCONSOLE_EINVAL) {
        char name[NAME_SIZE];
        *ret_place = states->kept[states->count - 1];
        name_of(ret_place, name);
        if (ret_place->blocks <= blocks) {
            status = pyconsole_session_restore(repl->session, name, NULL);
        }
        if (status == PYCONSOLE_EINVAL) {
            forget(repl, states->count - 1);
        }
    }
    return status;
}

static int
say_where(struct pc_repl *repl, uint64_t blocks)
{
    char line[128];
    if (blocks == 0) {
        return pc_repl_say(repl, "Back to after the last block.");
    }
    snprintf(line, sizeof line, "Back to before the last %s%.0" PRIu64 "%s.",
             blocks == 1 ? "block" : "", blocks == 1 ? 0 : blocks,
             blocks == 1 ? "" : " blocks");
    return pc_repl_say(repl, line);
}

/* To the latest state from before the last so many blocks. */
int
pc_repl_go_back(struct pc_repl *repl, uint64_t blocks)
{
    struct pc_repl_checkpoints *states = &repl->checkpoints;
    struct pc_repl_place place = {0};
    uint64_t before = states->now.blocks;
    char line[128];
    int status = pc_repl_can_go_back(repl, blocks)
                     ? restore(repl, before - blocks, &place)
                     : PYCONSOLE_EINVAL;
    if (status == PYCONSOLE_EINVAL) {
        return pc_repl_say(repl, "pyconsole: there is no state to go back to");
    }
    if (status < 0) {
        snprintf(line, sizeof line, "pyconsole: the state cannot be gone back to: %s",
                 pyconsole_status_text(status));
        return pc_repl_say(repl, line);
    }
    states->now = place;
    states->request = 0;
    repl->question = repl->running = 0;
    return say_where(repl, before - place.blocks);
}
