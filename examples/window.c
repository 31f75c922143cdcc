/* A host with an event loop of its own, as a GUI has one, and Python inside: code runs on
 * the window's own thread, where its objects may be used, and the window lives on. It ticks
 * while code sleeps, answers input(), steps through pdb, and interrupts what takes long. */
#include <stdio.h>

#include <pyconsole/shared.h>

static const char *const programs[] = {
    "import time\ntime.sleep(0.2)\nprint('slept')\n",
    "name = input('name? ')\nprint('hello', name)\n",
    "def f():\n    x = 1\n    breakpoint()\n    x = x + 1\n    return x\nf()\n",
    "while True: pass\n",
    "time.sleep(1000)\n",
};

/* What the user would type into the window, in this order; then the end of the input. */
static const char *const answers[] = {"Ada", "p x", "n", "n", "p x", "c", NULL};

struct window {
    pyconsole_session *session;
    size_t program;
    size_t answer;
    int ticks;  /* in which this program ran */
    int wanted; /* how many before it is interrupted; 0: never */
    int ended;
};

static void
show(struct window *window, const pyconsole_event *event)
{
    switch (event->kind) {
    case PYCONSOLE_EVENT_OUTPUT:
    case PYCONSOLE_EVENT_RESULT:
        fwrite(event->text, 1, event->len, stdout);
        fputs(event->kind == PYCONSOLE_EVENT_RESULT ? "\n" : "", stdout);
        break;
    case PYCONSOLE_EVENT_INPUT:
        pyconsole_session_input(window->session, event->request,
                                answers[window->answer], PYCONSOLE_TERMINATED);
        window->answer += answers[window->answer] != NULL;
        break;
    case PYCONSOLE_EVENT_DONE:
        printf("-- %s%s\n", event->name,
               window->ticks > 0 ? ", and the window ticked" : "");
        break;
    case PYCONSOLE_EVENT_DIED:
        window->ended = 1;
        break;
    }
}

/* Where a GUI lets its event loop turn: called while code runs, and from the loop. */
static void
turn(void *userdata)
{
    struct window *window = userdata;
    const pyconsole_event *event = NULL;
    while (!window->ended && pyconsole_session_next(window->session, &event) == 0 &&
           event != NULL) {
        show(window, event);
    }
    if (++window->ticks == window->wanted) {
        pyconsole_session_interrupt(window->session, 0);
    }
}

int
main(void)
{
    struct window window = {0};
    pyconsole_python *python = NULL;
    pyconsole_error error = {0, ""};
    pyconsole_shared_options options = PYCONSOLE_SHARED_OPTIONS_INIT;
    options.thread = PYCONSOLE_CALLERS_THREAD;
    options.pump = turn;
    options.pump_every = 10;
    options.userdata = &window;
    if (pyconsole_python_start(NULL, &python, &error) < 0 ||
        pyconsole_session_new_shared(python, &options, &window.session, &error) < 0) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    size_t count = sizeof programs / sizeof *programs;
    for (; window.program < count; window.program++) {
        pyconsole_session_execute(window.session, programs[window.program],
                                  PYCONSOLE_TERMINATED, NULL);
        window.ticks = 0;
        window.wanted = window.program >= 3 ? 5 : 0;
        pyconsole_shared_run(window.session, 0);
        turn(&window); /* what is left to show */
    }
    pyconsole_session_free(window.session);
    pyconsole_python_stop(python);
    return 0;
}
