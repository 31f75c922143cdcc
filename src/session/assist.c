/* What completion found, as a host reads it; see <pyconsole/assist.h>. */
#include <pyconsole/assist.h>

#include <string.h>

#include "session/events.h"

void
pc_event_find(pyconsole_event *event, const json_t *message)
{
    event->start = (size_t)pc_wire_number(message, "start");
    event->end = (size_t)pc_wire_number(message, "end");
    event->end = event->end < event->start ? event->start : event->end;
    event->count = json_array_size(json_object_get(message, "candidates"));
    event->found = message;
}

/* -1 for a kind of a later version. */
static int
kind_of(const char *name)
{
    static const char *const names[] = {
#define NAME(name, text) text,
        PYCONSOLE_CANDIDATES(NAME)
#undef NAME
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int
pyconsole_event_candidate(const pyconsole_event *event, size_t index,
                          pyconsole_candidate *ret_candidate)
{
    if (event == NULL || event->kind != PYCONSOLE_EVENT_COMPLETIONS ||
        index >= event->count || ret_candidate == NULL ||
        ret_candidate->size < sizeof ret_candidate->size) {
        return PYCONSOLE_EINVAL;
    }
    const json_t *item =
        json_array_get(json_object_get(event->found, "candidates"), index);
    pyconsole_candidate candidate = {
        .size = ret_candidate->size,
        .kind = kind_of(pc_wire_text(item, "kind")),
        .text = pc_wire_text(item, "text"),
        .len = pc_wire_text_len(item, "text"),
        .type = pc_wire_text(item, "type"),
        .doc = pc_wire_text(item, "doc"),
    };
    memcpy(ret_candidate, &candidate,
           candidate.size < sizeof candidate ? candidate.size : sizeof candidate);
    return PYCONSOLE_OK;
}
