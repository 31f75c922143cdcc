/* States of the session that can be gone back to. When a prompt has been idle for a moment
 * the session makes a checkpoint, which is a fork of its process: so there is one for the
 * time before most blocks. They have the number of the blocks that had run; %undo goes
 * back to the latest from before the last block. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "repl/parts.h"

enum { IDLE = 150, NAME_SIZE = 24 };

static void
name_of(uint64_t number, char *ret_name)
{
    snprintf(ret_name, NAME_SIZE, "%" PRIu64, number);
}

/* ---- making them ---- */

void
pc_repl_want_checkpoint(struct pc_repl *repl)
{
    struct pc_repl_checkpoints *kept = &repl->checkpoints;
    kept->due = repl->settings.checkpoints > 0 ? pc_repl_clock() + IDLE : 0;
}

static void
forget(struct pc_repl *repl, size_t index)
{
    struct pc_repl_checkpoints *kept = &repl->checkpoints;
    char name[NAME_SIZE];
    name_of(kept->numbers[index], name);
    (void)pyconsole_session_forget(repl->session, name);
    memmove(kept->numbers + index, kept->numbers + index + 1,
            (kept->count - index - 1) * sizeof *kept->numbers);
    kept->count--;
}

static bool
has_one_for_now(const struct pc_repl_checkpoints *kept)
{
    return kept->count > 0 && kept->numbers[kept->count - 1] == kept->blocks;
}

int
pc_repl_make_checkpoint(struct pc_repl *repl)
{
    struct pc_repl_checkpoints *kept = &repl->checkpoints;
    size_t most = (size_t)repl->settings.checkpoints < PC_REPL_CHECKPOINTS_MOST
                      ? (size_t)repl->settings.checkpoints
                      : PC_REPL_CHECKPOINTS_MOST;
    char name[NAME_SIZE];
    kept->due = 0;
    if (!repl->ready || has_one_for_now(kept)) {
        return PYCONSOLE_OK;
    }
    while (kept->count >= most) {
        forget(repl, 0);
    }
    name_of(kept->blocks, name);
    int status = pyconsole_session_checkpoint(repl->session, name, &kept->request);
    if (status == PYCONSOLE_OK) {
        kept->numbers[kept->count++] = kept->blocks;
    }
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

/* There was none: why is said once. */
int
pc_repl_take_refusal(struct pc_repl *repl, const pyconsole_event *event)
{
    struct pc_repl_checkpoints *kept = &repl->checkpoints;
    if (event->request != kept->request || kept->count == 0) {
        return PYCONSOLE_OK;
    }
    kept->count--;
    kept->request = 0;
    if (kept->said) {
        return PYCONSOLE_OK;
    }
    kept->said = true;
    char line[512];
    snprintf(line, sizeof line, "pyconsole: no %%undo from here: %s", event->text);
    return pc_repl_say(repl, line);
}

/* ---- going back ---- */

bool
pc_repl_can_go_back(const struct pc_repl *repl)
{
    const struct pc_repl_checkpoints *kept = &repl->checkpoints;
    return kept->count > 0 && kept->numbers[0] < kept->blocks;
}

/* Restores the latest of so many blocks at most. One that was asked for may not have been
 * made: then it is the one before. */
static int
restore(struct pc_repl *repl, uint64_t blocks, uint64_t *ret_number)
{
    struct pc_repl_checkpoints *kept = &repl->checkpoints;
    int status = PYCONSOLE_EINVAL;
    while (kept->count > 0 && status == PYCONSOLE_EINVAL) {
        char name[NAME_SIZE];
        *ret_number = kept->numbers[kept->count - 1];
        name_of(*ret_number, name);
        if (*ret_number <= blocks) {
            status = pyconsole_session_restore(repl->session, name, &kept->request);
        }
        if (status == PYCONSOLE_EINVAL) {
            forget(repl, kept->count - 1);
        }
    }
    return status;
}

/* To the latest state from before the last block. */
int
pc_repl_go_back(struct pc_repl *repl)
{
    struct pc_repl_checkpoints *kept = &repl->checkpoints;
    uint64_t number = 0;
    char line[128];
    int status =
        kept->blocks == 0 ? PYCONSOLE_EINVAL : restore(repl, kept->blocks - 1, &number);
    uint64_t blocks = kept->blocks - number;
    if (status == PYCONSOLE_EINVAL) {
        return pc_repl_say(repl, "pyconsole: there is no state to go back to");
    }
    if (status < 0) {
        snprintf(line, sizeof line, "pyconsole: the state cannot be gone back to: %s",
                 pyconsole_status_text(status));
        return pc_repl_say(repl, line);
    }
    kept->blocks = number;
    repl->question = repl->running = 0;
    snprintf(line, sizeof line, "Back to before the last %s%.0" PRIu64 "%s.",
             blocks == 1 ? "block" : "", blocks == 1 ? 0 : blocks,
             blocks == 1 ? "" : " blocks");
    return pc_repl_say(repl, line);
}
