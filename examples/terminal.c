/* A console on a terminal, or on a pipe, over a session in a process of its own; there is
 * no Python in this program:      terminal [PYTHON [PACKAGE]] */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <pyconsole/session.h>

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static char *
read_line(char *line, int size)
{
    fflush(stdout);
    if (fgets(line, size, stdin) == NULL) {
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line;
}

static void
show(pyconsole_session *session, const pyconsole_event *event)
{
    char line[4096] = "";
    switch (event->kind) {
    case PYCONSOLE_EVENT_OUTPUT:
        fwrite(event->text, 1, event->len, event->stream == 1 ? stdout : stderr);
        break;
    case PYCONSOLE_EVENT_RESULT:
        printf("%s\n", event->text);
        break;
    case PYCONSOLE_EVENT_ERROR:
        fprintf(stderr, "%s", event->text);
        break;
    case PYCONSOLE_EVENT_DIED:
        fprintf(stderr, "the session ended: %d\n", (int)event->status);
        break;
    case PYCONSOLE_EVENT_INPUT:
        pyconsole_session_input(session, event->request, read_line(line, sizeof line),
                                PYCONSOLE_TERMINATED);
        break;
    }
}

/* Shows what comes until the line is done: 1 if the statement goes on, -1 at the end. */
static int
run_line(pyconsole_session *session, const char *line)
{
    const pyconsole_event *event = NULL;
    if (pyconsole_session_push(session, line, PYCONSOLE_TERMINATED, NULL) < 0) {
        return -1;
    }
    while (pyconsole_session_wait(session, 100, &event) == PYCONSOLE_OK) {
        if (interrupted) {
            interrupted = 0;
            pyconsole_session_interrupt(session, 0);
        }
        if (event != NULL && event->kind == PYCONSOLE_EVENT_DONE) {
            return strcmp(event->name, "more") == 0;
        }
        if (event != NULL) {
            show(session, event);
        }
    }
    return -1;
}

int
main(int argc, char **argv)
{
    pyconsole_session *session = NULL;
    pyconsole_error error = {0, ""};
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    options.python = argc > 1 ? argv[1] : NULL;
    options.package = argc > 2 ? argv[2] : NULL;
    if (pyconsole_session_new(&options, &session, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    signal(SIGINT, on_interrupt);
    char line[65536];
    int more = 0;
    while (more >= 0 && fputs(more ? "... " : ">>> ", stdout) >= 0 &&
           read_line(line, sizeof line) != NULL) {
        more = run_line(session, line);
    }
    pyconsole_session_free(session);
    return 0;
}
