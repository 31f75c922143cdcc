/* Completion and inspection in the namespace of a console; see <pyconsole/console.h>. The
 * answer is an event as that of a session, over a message that the console keeps. */
#include "embed/handle.h"

#include <string.h>

#include "runtime/assist.h"

void
pc_forget_answer(struct pyconsole_console *console)
{
    json_decref(console->answer);
    console->answer = NULL;
}

/* With the text's characters, or NULL: it is not UTF-8, or there is no memory. */
static json_t *
question(const char *op, const char *text, size_t len, size_t cursor,
         const pyconsole_assist_options *options)
{
    json_t *message = pc_wire_assist(op, cursor, options);
    if (json_object_set_new(message, "text", json_stringn(text, len)) < 0) {
        json_decref(message);
        return NULL;
    }
    return message;
}

static int
ask(struct pyconsole_console *console, json_t *message,
    const pyconsole_event **ret_event)
{
    PyObject *globals = console->native.locals;
    struct pc_scope scope =
        pc_scope_of(globals, globals, console->native.engine.builtins);
    json_t *answer = pc_assist(&scope, NULL, message);
    if (answer == NULL) {
        return PYCONSOLE_EPYTHON;
    }
    pc_forget_answer(console);
    console->answer = answer;
    pc_assist_event(&console->event, answer);
    *ret_event = &console->event;
    return PYCONSOLE_OK;
}

static int
assist(pyconsole_console *console, const char *op, const char *text, size_t len,
       size_t cursor, const pyconsole_assist_options *options,
       const pyconsole_event **ret_event)
{
    struct pc_call call;
    int begun = pc_call_begin(&call, console);
    if (begun < 0) {
        return begun;
    }
    len = text != NULL && len == PYCONSOLE_TERMINATED ? strlen(text) : len;
    if (text == NULL || ret_event == NULL || cursor > len) {
        return pc_call_end(&call, PYCONSOLE_EINVAL);
    }
    if (len > PYCONSOLE_MAX_SOURCE) {
        return pc_call_end(&call, PYCONSOLE_ELIMIT);
    }
    json_t *message = question(op, text, len, cursor, options);
    if (message == NULL) {
        pc_set_message(console, "the text is not UTF-8, or options->size is not valid");
        return pc_call_end(&call, PYCONSOLE_EINVAL);
    }
    int status = ask(console, message, ret_event);
    json_decref(message);
    return pc_call_end(&call, status);
}

int
pyconsole_console_complete(pyconsole_console *console, const char *text, size_t len,
                           size_t cursor, const pyconsole_assist_options *options,
                           const pyconsole_event **ret_event)
{
    return assist(console, "complete", text, len, cursor, options, ret_event);
}

int
pyconsole_console_inspect(pyconsole_console *console, const char *text, size_t len,
                          size_t cursor, const pyconsole_assist_options *options,
                          const pyconsole_event **ret_event)
{
    return assist(console, "inspect", text, len, cursor, options, ret_event);
}
