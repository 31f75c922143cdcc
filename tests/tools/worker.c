/* A worker without Python, for tests of the host's side: started as a session's
 * interpreter, with what it is to do in the place of the package.
 *
 *     serve           runs requests: "print TEXT", "wait" (for an interrupt), "input",
 *                     "die N" (of signal N); everything else does nothing
 *     play:N:SIG:FILE says what the file says, and dies of signal SIG after N bytes of it
 *
 * A line of such a file: "read" takes a line from the host; "mark N" marks turn N in both
 * pipes; "1 TEXT" and "2 TEXT" print a line, "3 TEXT" is a message. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/control.h"

enum { CONTROL = 3, LINE_MOST = 4096 };

/* ---- serve ---- */

static void
send_named(struct pc_control *c, const char *event, json_int_t request,
           const char *text)
{
    (void)pc_control_send(c, json_pack("{s:s, s:I, s:s, s:s}", "event", event,
                                       "request", request, "name", "ok", "text", text));
}

static void
print(struct pc_control *c, const char *text)
{
    pc_control_print(c, 1);
    (void)!write(1, text, strlen(text));
}

static void
answer_input(struct pc_control *c, json_int_t request)
{
    json_t *answer = NULL;
    pc_control_ask_input(c, true);
    send_named(c, "input", request, "");
    while (answer == NULL) {
        answer = pc_control_input(c, -1);
    }
    pc_control_ask_input(c, false);
    print(c, json_is_string(answer) ? json_string_value(answer) : "end");
    json_decref(answer);
}

static void
run(struct pc_control *c, const sigset_t *interrupts, const json_t *message)
{
    json_int_t id = (json_int_t)pc_wire_number(message, "id");
    const char *text = pc_wire_text(message, "text");
    siginfo_t info;
    (void)pc_interrupt_set_current(c, (uint64_t)id);
    send_named(c, "start", id, "");
    if (strncmp(text, "print ", 6) == 0) {
        print(c, text + 6);
    }
    else if (strcmp(text, "wait") == 0) {
        (void)sigwaitinfo(interrupts, &info);
    }
    else if (strcmp(text, "input") == 0) {
        answer_input(c, id);
    }
    else if (strncmp(text, "die ", 4) == 0) {
        (void)raise(atoi(text + 4));
    }
    (void)pc_interrupt_set_current(c, 0);
    (void)sigtimedwait(interrupts, &info, &(struct timespec){0});
    send_named(c, "done", id, "");
}

static int
serve(void)
{
    static struct pc_control control;
    json_t *hello = NULL;
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupts, NULL);
    if (pc_control_init(&control, CONTROL, dup(1), dup(2), &hello) < 0 ||
        pc_control_start(&control) < 0) {
        return 1;
    }
    json_decref(hello);
    (void)pc_control_send(
        &control, json_pack("{s:s, s:i}", "event", "ready", "pid", (int)getpid()));
    for (;;) {
        struct pc_request *request = pc_control_next(&control);
        if (request == NULL) {
            continue;
        }
        bool ends = strcmp(pc_wire_text(request->message, "op"), "close") == 0;
        if (!ends) {
            run(&control, &interrupts, request->message);
        }
        pc_request_free(request);
        if (ends) {
            _exit(0);
        }
    }
}

/* ---- play ---- */

/* Bytes to say before it dies, and of which signal. */
struct life {
    size_t left;
    int signal;
};

static void
say(struct life *life, int fd, const char *bytes, size_t len)
{
    size_t count = len < life->left ? len : life->left;
    for (size_t said = 0; said < count;) {
        ssize_t written = write(fd, bytes + said, count - said);
        if (written < 0 && errno != EINTR) {
            _exit(1);
        }
        said += written > 0 ? (size_t)written : 0;
    }
    life->left -= count;
    if (life->left == 0) {
        (void)raise(life->signal);
        _exit(0); /* of none */
    }
}

static void
read_line(char *ret_line)
{
    size_t len = 0;
    while (len < LINE_MOST - 1 && read(CONTROL, ret_line + len, 1) == 1 &&
           ret_line[len] != '\n') {
        len++;
    }
    ret_line[len] = '\0';
}

static int
play(const char *how)
{
    struct life life = {0};
    char path[LINE_MOST];
    char line[LINE_MOST];
    char token[PC_MARK_TOKEN + 1] = "";
    if (sscanf(how, "play:%zu:%d:%4000s", &life.left, &life.signal, path) != 3) {
        return 2;
    }
    FILE *file = fopen(path, "r");
    read_line(line);
    const char *found = strstr(line, "\"token\":\"");
    if (file == NULL || found == NULL) {
        return 2;
    }
    strncpy(token, found + strlen("\"token\":\""), PC_MARK_TOKEN);
    while (fgets(line, sizeof line, file) != NULL) {
        char mark[PC_MARK_MOST];
        if (strcmp(line, "read\n") == 0) {
            read_line(line);
        }
        else if (strncmp(line, "mark ", 5) == 0) {
            size_t len = pc_mark_write(token, strtoull(line + 5, NULL, 10), mark);
            say(&life, 1, mark, len);
            say(&life, 2, mark, len);
        }
        else {
            say(&life, line[0] - '0', line + 2, strlen(line + 2));
        }
    }
    fclose(file);
    life.left = 0;
    say(&life, 1, "", 0);
    return 0;
}

int
main(int argc, char **argv)
{
    const char *how = argc > 3 ? argv[3] : "";
    return strcmp(how, "serve") == 0 ? serve() : play(how);
}
