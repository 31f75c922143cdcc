/* A host with a poll loop of its own, as a GUI has one: it ticks on while code in a session
 * sleeps, asks and is debugged, and it interrupts what takes too long.
 *
 *     ticking [PYTHON [PACKAGE]] */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <pyconsole/session.h>

static const char *const programs[] = {
    "import time\ntime.sleep(0.2)\nprint('slept')\n",
    "name = input('name? ')\nprint('hello', name)\n",
    "import pdb\npdb.Pdb(nosigint=True).run('x = 1\\nx = x + 1', globals())\nx\n",
    "while True: pass\n",
};

/* What the user would type into the window, in this order; then the end of the input. */
static const char *const answers[] = {"Ada", "n", "p x", "c", NULL};

struct host {
    pyconsole_session *session;
    size_t program;
    size_t answer;
    uint64_t request;
    int ticks; /* in which this program ran */
    int ended;
};

static void
run_next(struct host *host)
{
    size_t count = sizeof programs / sizeof *programs;
    if (host->program == count) {
        pyconsole_session_close(host->session);
        return;
    }
    host->ticks = 0;
    pyconsole_session_execute(host->session, programs[host->program++],
                              PYCONSOLE_TERMINATED, &host->request);
}

static void
take(struct host *host, const pyconsole_event *event)
{
    switch (event->kind) {
    case PYCONSOLE_EVENT_READY:
        run_next(host);
        break;
    case PYCONSOLE_EVENT_OUTPUT:
    case PYCONSOLE_EVENT_RESULT:
        fwrite(event->text, 1, event->len, stdout);
        fputs(event->kind == PYCONSOLE_EVENT_RESULT ? "\n" : "", stdout);
        break;
    case PYCONSOLE_EVENT_INPUT:
        pyconsole_session_input(host->session, event->request, answers[host->answer],
                                PYCONSOLE_TERMINATED);
        host->answer += answers[host->answer] != NULL;
        break;
    case PYCONSOLE_EVENT_DONE:
        printf("-- %s%s\n", event->name,
               host->ticks > 0 ? ", and the window ticked" : "");
        run_next(host);
        break;
    case PYCONSOLE_EVENT_DIED:
        host->ended = 1;
        break;
    }
}

int
main(int argc, char **argv)
{
    struct host host = {0};
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    options.python = argc > 1 ? argv[1] : NULL;
    options.package = argc > 2 ? argv[2] : NULL;
    pyconsole_error error = {0, ""};
    if (pyconsole_session_new(&options, &host.session, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    while (!host.ended) {
        struct pollfd wait = {.fd = pyconsole_session_fd(host.session),
                              .events = POLLIN};
        if (poll(&wait, 1, 20) == 0 && ++host.ticks == 20) {
            pyconsole_session_interrupt(host.session, host.request);
        }
        const pyconsole_event *event = NULL;
        while (!host.ended && pyconsole_session_next(host.session, &event) == 0 &&
               event != NULL) {
            take(&host, event);
        }
    }
    pyconsole_session_free(host.session);
    return 0;
}
