/* Completion and inspection: what the engine found, as an event's message. The engine does
 * not look at the clock; that is done here. */
#include "runtime/assist.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/completion.h"
#include "engine/inspect.h"
#include "runtime/folder.h"
#include "runtime/worker.h"

/* Until when to look; in milliseconds, 0: for ever. */
struct watch {
    struct pc_around around; /* first: expired() gets here from it */
    uint64_t end;
};

static uint64_t
milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* An interrupt of the request ends it, too: with the exception set. */
static bool
expired(const struct pc_around *around)
{
    const struct watch *watch = (const struct watch *)around;
    return (watch->end != 0 && milliseconds() >= watch->end) ||
           PyErr_CheckSignals() < 0;
}

static struct watch
watch_for(uint64_t deadline)
{
    return (struct watch){
        .around = {.expired = expired,
                   .list = pc_folder_list,
                   .exists = pc_folder_exists,
                   .read = pc_folder_read},
        .end = deadline == 0 ? 0 : milliseconds() + deadline,
    };
}

/* The cursor at the beginning of a character of the text. */
static size_t
cursor_of(const json_t *message)
{
    const char *text = pc_wire_text(message, "text");
    size_t len = pc_wire_text_len(message, "text");
    uint64_t asked = pc_wire_number(message, "cursor");
    size_t cursor = asked < len ? (size_t)asked : len;
    while (cursor > 0 && ((unsigned char)text[cursor] & 0xC0) == 0x80) {
        cursor--;
    }
    return cursor;
}

/* ---- completions ---- */

/* A new object, or NULL without memory. */
static json_t *
candidate_of(const struct pc_item *item)
{
    json_t *candidate =
        json_pack("{s:o*, s:s}", "text", pc_worker_text(item->text), "kind",
                  pyconsole_candidate_kind_name((int)item->kind));
    const char *type = pc_item_type(item);
    pc_auto_py PyObject *doc = pc_item_doc(item);
    if (type[0] != '\0') {
        (void)json_object_set_new(candidate, "type", json_string(type));
    }
    if (doc != NULL) {
        (void)json_object_set_new(candidate, "doc", pc_worker_text(doc));
    }
    PyErr_Clear();
    return candidate;
}

static json_t *
completions_of(const struct pc_completion *completion)
{
    json_t *candidates = json_array();
    for (size_t i = 0; i < completion->count; i++) {
        (void)json_array_append_new(candidates, candidate_of(&completion->items[i]));
    }
    return json_pack("{s:s, s:I, s:I, s:s, s:o}", "event", "completions", "start",
                     (json_int_t)completion->start, "end", (json_int_t)completion->end,
                     "name",
                     completion->late        ? "late"
                     : completion->truncated ? "truncated"
                                             : "",
                     "candidates", candidates);
}

/* The text without the command ahead of its Python: NULL without memory. */
static char *
text_behind_command(const char *text, size_t len, size_t start)
{
    char *copy = malloc(len + 1);
    if (copy != NULL) {
        memcpy(copy, text, len + 1);
        memset(copy, ' ', start);
    }
    return copy;
}

/* What is asked of a command that is being typed, or of the Python behind it: `found` and
 * `behind` are what the question then rests on. */
static int
look_at_command(struct pc_worker *worker, struct pc_completion *completion,
                PyObject **found, char **behind)
{
    if (worker == NULL) {
        return 0;
    }
    int asked = pc_command_asked(worker, completion->text, completion->cursor,
                                 &completion->asked, found);
    if (asked == 0 && completion->asked.what == PC_ASKED_PYTHON &&
        completion->asked.start > 0) {
        *behind = text_behind_command(completion->text, completion->len,
                                      completion->asked.start);
        completion->text = *behind;
        if (*behind == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return asked;
}

static json_t *
complete(const struct pc_scope *scope, struct pc_worker *worker, const json_t *message)
{
    struct pc_completion completion = {
        .text = pc_wire_text(message, "text"),
        .len = pc_wire_text_len(message, "text"),
        .cursor = cursor_of(message),
        .scope = *scope,
    };
    pc_auto_py PyObject *found = NULL;
    pc_auto_free char *behind = NULL;
    int asked = look_at_command(worker, &completion, &found, &behind);
    /* From here on: the first time that loads the commands, which finds nothing yet. */
    struct watch watch = watch_for(pc_wire_number(message, "deadline"));
    completion.around = &watch.around;
    json_t *answer = asked == 0 && pc_complete(&completion) == 0
                         ? completions_of(&completion)
                         : NULL;
    pc_completion_fini(&completion);
    return answer;
}

/* ---- inspection ---- */

/* Adds a str, if there is one. */
static void
add_text(json_t *message, const char *name, PyObject *text)
{
    if (text != NULL) {
        (void)json_object_set_new(message, name, pc_worker_text(text));
    }
}

static json_t *
inspection_of(const struct pc_inspection *in)
{
    json_t *message = json_pack("{s:s, s:i, s:I, s:I}", "event", "inspection", "status",
                                in->object != NULL, "start", (json_int_t)in->span.start,
                                "end", (json_int_t)in->span.end);
    if (in->object == NULL) {
        return message;
    }
    if (in->late) {
        (void)json_object_set_new(message, "late", json_true());
    }
    (void)json_object_set_new(
        message, "name",
        json_stringn(in->text + in->span.start, in->span.end - in->span.start));
    (void)json_object_set_new(message, "kind",
                              json_string(pyconsole_candidate_kind_name(
                                  (int)pc_safe_kind(in->object, false))));
    (void)json_object_set_new(message, "type",
                              json_string(pc_safe_type_name(in->object)));
    add_text(message, "signature", in->signature);
    add_text(message, "doc", in->doc);
    add_text(message, "value", in->value);
    add_text(message, "file", in->file);
    add_text(message, "source", in->source);
    const struct {
        const char *name;
        size_t number;
    } numbers[] = {{"parameter_start", in->parameter_start},
                   {"parameter_end", in->parameter_end},
                   {"line", in->line > 0 ? (size_t)in->line : 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (numbers[i].number > 0) {
            (void)json_object_set_new(message, numbers[i].name,
                                      json_integer((json_int_t)numbers[i].number));
        }
    }
    PyErr_Clear();
    return message;
}

static json_t *
inspect(const struct pc_scope *scope, struct pc_worker *worker, const json_t *message)
{
    (void)worker;
    struct watch watch = watch_for(pc_wire_number(message, "deadline"));
    struct pc_inspection inspection = {
        .text = pc_wire_text(message, "text"),
        .len = pc_wire_text_len(message, "text"),
        .cursor = cursor_of(message),
        .detail = (unsigned int)pc_wire_number(message, "detail"),
        .scope = *scope,
        .around = &watch.around,
    };
    json_t *answer = pc_inspect(&inspection) == 0 ? inspection_of(&inspection) : NULL;
    pc_inspection_fini(&inspection);
    return answer;
}

/* ---- requests ---- */

static const struct {
    const char *op;
    json_t *(*answer)(const struct pc_scope *scope, struct pc_worker *worker,
                      const json_t *message);
    int event;
    const char *event_name;
} assists[] = {
    {"complete", complete, PYCONSOLE_EVENT_COMPLETIONS, "completions"},
    {"inspect", inspect, PYCONSOLE_EVENT_INSPECTION, "inspection"},
};

bool
pc_assist_is_asked(const json_t *message)
{
    const char *op = pc_wire_text(message, "op");
    bool found = false;
    for (size_t i = 0; i < sizeof assists / sizeof *assists; i++) {
        found = found || strcmp(op, assists[i].op) == 0;
    }
    return found;
}

json_t *
pc_assist(const struct pc_scope *scope, struct pc_worker *worker, const json_t *message)
{
    const char *op = pc_wire_text(message, "op");
    struct pc_scope asked = *scope;
    asked.runs = json_is_true(json_object_get(message, "unsafe"));
    json_t *answer = NULL;
    for (size_t i = 0; i < sizeof assists / sizeof *assists; i++) {
        if (strcmp(op, assists[i].op) == 0) {
            answer = assists[i].answer(&asked, worker, message);
        }
    }
    if (answer == NULL && !PyErr_Occurred()) {
        PyErr_NoMemory();
    }
    return answer;
}

int
pc_worker_assist(struct pc_worker *worker, const json_t *message)
{
    PyObject *globals = worker->native.locals;
    struct pc_scope scope =
        pc_scope_of(globals, globals, worker->native.engine.builtins);
    if (pc_wire_number(message, "detail") > 1 && pc_worker_give_lines() < 0) {
        return -1;
    }
    json_t *answer = pc_assist(&scope, worker, message);
    if (answer != NULL) {
        (void)pc_worker_send(worker, answer);
    }
    return answer == NULL ? -1 : 0;
}

/* ---- without a session ---- */

void
pc_assist_event(pyconsole_event *event, const json_t *answer)
{
    *event = (pyconsole_event){
        .size = sizeof *event,
        .text = "",
        .name = pc_wire_text(answer, "name"),
        .detail = "",
        .missing = "",
        .indent = "",
        .status = (int64_t)pc_wire_number(answer, "status"),
        .start = (size_t)pc_wire_number(answer, "start"),
        .end = (size_t)pc_wire_number(answer, "end"),
        .count = json_array_size(json_object_get(answer, "candidates")),
        .found = answer,
    };
    const char *name = pc_wire_text(answer, "event");
    for (size_t i = 0; i < sizeof assists / sizeof *assists; i++) {
        if (strcmp(name, assists[i].event_name) == 0) {
            event->kind = assists[i].event;
        }
    }
}
