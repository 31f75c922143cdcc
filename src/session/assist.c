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

int
pyconsole_event_inspection(const pyconsole_event *event,
                           pyconsole_inspection *ret_inspection)
{
    if (event == NULL || event->kind != PYCONSOLE_EVENT_INSPECTION ||
        event->status != 1 || ret_inspection == NULL ||
        ret_inspection->size < sizeof ret_inspection->size) {
        return PYCONSOLE_EINVAL;
    }
    const json_t *message = event->found;
    pyconsole_inspection inspection = {
        .size = ret_inspection->size,
        .kind = kind_of(pc_wire_text(message, "kind")),
        .name = pc_wire_text(message, "name"),
        .type = pc_wire_text(message, "type"),
        .signature = pc_wire_text(message, "signature"),
        .parameter_start = (size_t)pc_wire_number(message, "parameter_start"),
        .parameter_end = (size_t)pc_wire_number(message, "parameter_end"),
        .doc = pc_wire_text(message, "doc"),
        .value = pc_wire_text(message, "value"),
        .file = pc_wire_text(message, "file"),
        .line = pc_wire_number(message, "line"),
        .source = pc_wire_text(message, "source"),
        .late = json_is_true(json_object_get(message, "late")),
    };
    if (inspection.parameter_end > pc_wire_text_len(message, "signature") ||
        inspection.parameter_start > inspection.parameter_end) {
        inspection.parameter_start = inspection.parameter_end = 0;
    }
    memcpy(ret_inspection, &inspection,
           inspection.size < sizeof inspection ? inspection.size : sizeof inspection);
    return PYCONSOLE_OK;
}
