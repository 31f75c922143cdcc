/* Undo and redo. Steps that go on where the last one ended (typing, deleting character by
 * character) are joined to it, so that a group of them costs one step. */
#include "edit/undo.h"

#include <pyconsole/status.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static void
free_steps(struct pc_undo *undo, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        struct pc_undo_step *step = &undo->steps[i];
        undo->bytes -= step->removed_len + step->added_len;
        free(step->bytes);
    }
}

void
pc_undo_clear(struct pc_undo *undo)
{
    free_steps(undo, 0, undo->count);
    undo->count = undo->done = 0;
    undo->open = false;
}

void
pc_undo_fini(struct pc_undo *undo)
{
    pc_undo_clear(undo);
    free(undo->steps);
    *undo = (struct pc_undo){0};
}

void
pc_undo_begin(struct pc_undo *undo)
{
    undo->open = false;
}

/* ---- doing */

static int
reserve_step(struct pc_undo *undo)
{
    if (undo->done < undo->cap) {
        return PYCONSOLE_OK;
    }
    size_t cap = undo->cap == 0 ? 64 : undo->cap * 2;
    struct pc_undo_step *steps = realloc(undo->steps, cap * sizeof *steps);
    if (steps == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    undo->steps = steps;
    undo->cap = cap;
    return PYCONSOLE_OK;
}

/* Whether the step goes on right behind what the last one of its group added. */
static bool
continues(const struct pc_undo *undo, const struct pc_undo_step *step)
{
    if (!undo->open || undo->done == 0) {
        return false;
    }
    const struct pc_undo_step *last = &undo->steps[undo->done - 1];
    return step->removed_len == 0 && last->removed_len == 0 &&
           step->offset == last->offset + last->added_len;
}

/* Puts what was added behind what the last step added; the room was made before. */
static void
join(struct pc_undo *undo, struct pc_undo_step *step, char *bytes)
{
    struct pc_undo_step *last = &undo->steps[undo->done - 1];
    memcpy(bytes + last->added_len, step->bytes, step->added_len);
    last->bytes = bytes;
    last->added_len += step->added_len;
    free(step->bytes);
}

/* Forgets the oldest groups while there is too much, but never the last one. */
static void
forget(struct pc_undo *undo)
{
    size_t gone = 0;
    size_t bytes = undo->bytes;
    while (undo->count - gone > PC_UNDO_STEPS_MOST || bytes > PC_UNDO_BYTES_MOST) {
        size_t next = gone;
        do {
            bytes -= undo->steps[next].removed_len + undo->steps[next].added_len;
            next++;
        } while (next < undo->count && !undo->steps[next].first);
        if (next == undo->count) {
            break;
        }
        gone = next;
    }
    if (gone > 0) {
        free_steps(undo, 0, gone);
        undo->count -= gone;
        undo->done -= gone;
        memmove(undo->steps, undo->steps + gone, undo->count * sizeof *undo->steps);
    }
}

int
pc_undo_replace(struct pc_undo *undo, struct pc_text *text, size_t cursor, size_t start,
                size_t end, const char *bytes, size_t len)
{
    struct pc_undo_step step = {
        .removed_len = end - start,
        .added_len = len,
        .offset = start,
        .cursor = cursor,
        .first = !undo->open || undo->done == 0,
    };
    if (end - start > PC_TEXT_MOST || len > PC_TEXT_MOST) {
        return PYCONSOLE_ELIMIT;
    }
    pc_auto_free char *kept = malloc(step.removed_len + len + 1);
    if (kept == NULL || reserve_step(undo) < 0) {
        return PYCONSOLE_ENOMEM;
    }
    memcpy(kept, text->bytes + start, step.removed_len);
    if (len > 0) {
        memcpy(kept + step.removed_len, bytes, len);
    }
    bool joined = continues(undo, &step);
    char *longer = NULL;
    if (joined) {
        struct pc_undo_step *last = &undo->steps[undo->done - 1];
        longer = realloc(last->bytes, last->added_len + len + 1);
        if (longer == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        last->bytes = longer;
    }
    int status = pc_text_replace(text, start, end, bytes, len);
    if (status < 0) {
        return status;
    }
    free_steps(undo, undo->done, undo->count);
    undo->count = undo->done;
    undo->bytes += step.removed_len + len;
    step.bytes = pc_take(&kept);
    if (joined) {
        join(undo, &step, longer);
    }
    else {
        undo->steps[undo->done++] = step;
        undo->count = undo->done;
    }
    undo->open = true;
    forget(undo);
    return PYCONSOLE_OK;
}

/* ---- undoing and redoing */

static int
take_back(const struct pc_undo_step *step, struct pc_text *text)
{
    return pc_text_replace(text, step->offset, step->offset + step->added_len,
                           step->bytes, step->removed_len);
}

static int
do_again(const struct pc_undo_step *step, struct pc_text *text)
{
    return pc_text_replace(text, step->offset, step->offset + step->removed_len,
                           step->bytes + step->removed_len, step->added_len);
}

/* A group is undone step by step; when one fails, those before it are done again, for
 * which the text has the room. */
int
pc_undo_back(struct pc_undo *undo, struct pc_text *text, size_t *ret_cursor)
{
    if (undo->done == 0) {
        return 0;
    }
    undo->open = false;
    size_t start = undo->done;
    do {
        int status = take_back(&undo->steps[start - 1], text);
        if (status < 0) {
            for (; start < undo->done; start++) {
                (void)do_again(&undo->steps[start], text);
            }
            return status;
        }
        start--;
    } while (!undo->steps[start].first);
    undo->done = start;
    *ret_cursor = undo->steps[start].cursor;
    return 1;
}

int
pc_undo_forth(struct pc_undo *undo, struct pc_text *text, size_t *ret_cursor)
{
    if (undo->done == undo->count) {
        return 0;
    }
    undo->open = false;
    size_t end = undo->done;
    do {
        int status = do_again(&undo->steps[end], text);
        if (status < 0) {
            for (; end > undo->done; end--) {
                (void)take_back(&undo->steps[end - 1], text);
            }
            return status;
        }
        end++;
    } while (end < undo->count && !undo->steps[end].first);
    undo->done = end;
    *ret_cursor = undo->steps[end - 1].offset + undo->steps[end - 1].added_len;
    return 1;
}
