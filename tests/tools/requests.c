/* Requests and events for tests; see requests.h. */
#include "requests.h"

#include <stdio.h>

uint64_t
execute(pyconsole_session *session, const char *source)
{
    uint64_t request = 0;
    assert_int_equal(
        pyconsole_session_execute(session, source, PYCONSOLE_TERMINATED, &request),
        PYCONSOLE_OK);
    return request;
}

const pyconsole_event *
wait_for(pyconsole_session *session, int kind)
{
    const pyconsole_event *event = NULL;
    do {
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
    } while (event == NULL || event->kind != kind);
    return event;
}

static void
note(struct transcript *transcript, const char *text)
{
    size_t len = strlen(text);
    assert_true(transcript->len + len < sizeof transcript->text);
    memcpy(transcript->text + transcript->len, text, len + 1);
    transcript->len += len;
}

void
note_event(struct transcript *transcript, const pyconsole_event *event)
{
    char number[32];
    transcript->last = event->kind;
    switch (event->kind) {
    case PYCONSOLE_EVENT_OUTPUT:
        note(transcript, event->stream == 1 ? "1:" : "2:");
        note(transcript, event->text);
        break;
    case PYCONSOLE_EVENT_ERROR:
        note(transcript, event->name);
        note(transcript, ": ");
        note(transcript, event->detail);
        note(transcript, "\n");
        break;
    case PYCONSOLE_EVENT_DONE:
        note(transcript, event->name);
        break;
    case PYCONSOLE_EVENT_READY:
        break;
    case PYCONSOLE_EVENT_RESULT:
        note(transcript, "=");
        note(transcript, event->text);
        note(transcript, "\n");
        break;
    default:
        snprintf(number, sizeof number, " %d\n", (int)event->status);
        note(transcript, pyconsole_event_name(event->kind));
        note(transcript, number);
    }
}

void
read_until(pyconsole_session *session, int kind, struct transcript *transcript)
{
    const pyconsole_event *event = NULL;
    do {
        assert_int_equal(pyconsole_session_wait(session, -1, &event), PYCONSOLE_OK);
        if (event != NULL) {
            note_event(transcript, event);
        }
    } while (event == NULL || event->kind != kind);
}

void
close_session(pyconsole_session *session)
{
    struct transcript transcript = {.len = 0};
    assert_int_equal(pyconsole_session_close(session), PYCONSOLE_OK);
    read_until(session, PYCONSOLE_EVENT_DIED, &transcript);
    assert_string_equal(transcript.text, "DIED 0\n");
    pyconsole_session_free(session);
}
