/* What tests of sessions share: requests, and the events that come, one by one or as text. */
#ifndef PC_TESTS_REQUESTS_H
#define PC_TESTS_REQUESTS_H

#include "../unit/check.h"

#include <pyconsole/session.h>

uint64_t execute(pyconsole_session *session, const char *source);

/* The next event of a kind, of those that come. */
const pyconsole_event *wait_for(pyconsole_session *session, int kind);

/* Events as text. */
struct transcript {
    char text[8192];
    size_t len;
    int last; /* the kind of the last event */
};

void note_event(struct transcript *transcript, const pyconsole_event *event);

/* Takes events until one of the kind. */
void read_until(pyconsole_session *session, int kind, struct transcript *transcript);

#define assert_runs(session, source, expected)                                         \
    do {                                                                               \
        struct transcript transcript_ = {.len = 0};                                    \
        execute((session), (source));                                                  \
        read_until((session), PYCONSOLE_EVENT_DONE, &transcript_);                     \
        assert_string_equal(transcript_.text, (expected));                             \
    } while (0)

/* Ends it. When DIED has come, everything is put back. */
void close_session(pyconsole_session *session);

#endif
