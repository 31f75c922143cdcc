/* A host holds out against any worker: bytes in its socket and its pipes give events and at
 * last the end, never a crash, and what was printed comes whole and in order. The input is
 * a script of what the two sides do: see `steps`. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "session/session.h"

enum {
    MESSAGE_MOST = 1024,
    GIVEN_MOST = 1 << 16,
    FILLS_IT = 200,      /* so often the same makes a terminal full */
    HEARD_WITHIN = 5000, /* ms */
    FOR_NOTHING_MOST = 20
};

/* Bytes of an input that are not used yet. */
struct input {
    const unsigned char *bytes;
    size_t len;
};

struct fuzzed {
    struct pyconsole_session *session;
    struct pc_process_ends ends;
    struct input input;
    uint64_t turn;
    uint64_t sequence;      /* of the last event */
    char given[GIVEN_MOST]; /* what was printed on stream 1 */
    size_t given_len;
    size_t shown_len;  /* of it, as events */
    bool marked_wrong; /* in a way that may move what is printed */
    bool terminal;     /* in the place of the pipes */
    bool quiet;        /* the last answer was that there is no event */
    bool ended;
};

static void
require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static unsigned char
next_byte(struct input *input)
{
    unsigned char byte = input->len > 0 ? *input->bytes : 0;
    input->bytes += input->len > 0;
    input->len -= input->len > 0;
    return byte;
}

/* As many bytes as the next one says. */
static struct input
next_bytes(struct input *input)
{
    size_t len = next_byte(input);
    len = len < input->len ? len : input->len;
    struct input bytes = {input->bytes, len};
    input->bytes += len;
    input->len -= len;
    return bytes;
}

static void
say(struct fuzzed *f, const char *bytes, size_t len)
{
    (void)!send(f->ends.control, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* ---- the host ---- */

static void
check_event(struct fuzzed *f, const pyconsole_event *event)
{
    require(event->sequence == ++f->sequence);
    require(event->text[event->len] == '\0');
    require(event->name != NULL && event->detail != NULL && event->missing != NULL &&
            event->indent != NULL);
    require(strcmp(pyconsole_event_name(event->kind), "?") != 0);
    if (event->kind != PYCONSOLE_EVENT_OUTPUT || event->stream == 2 ||
        f->marked_wrong) {
        return;
    }
    require(event->len <= f->given_len - f->shown_len);
    require(memcmp(event->text, f->given + f->shown_len, event->len) == 0);
    f->shown_len += event->len;
}

static bool
is_readable(int fd, int timeout)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, timeout) == 1;
}

/* Is there something to read but what is behind a mark that is ahead of its message? */
static bool
has_more(const struct pyconsole_session *s)
{
    bool more = !s->socket_ended && is_readable(s->process.control, 0);
    for (size_t i = 0; i < s->outputs; i++) {
        const struct pc_output *output = &s->output[i];
        more = more || (!output->ended && output->turn <= s->turn &&
                        is_readable(s->process.out[i], 0));
    }
    return more;
}

/* A host that polls hears of what there is; a terminal's bytes may be on their way. */
static void
check_heard(const struct fuzzed *f)
{
    if (f->quiet && has_more(f->session)) {
        int timeout = f->terminal ? HEARD_WITHIN : 0;
        require(is_readable(pyconsole_session_fd(f->session), timeout));
    }
}

/* Asks for so many events. Where there is none a host that polls waits, or is soon to. */
static void
listen_for(struct fuzzed *f, size_t count)
{
    const pyconsole_event *event = NULL;
    struct pyconsole_session *s = f->session;
    int woken_for_nothing = 0;
    check_heard(f);
    for (; count > 0 && !f->ended; count--) {
        int status = pyconsole_session_next(s, &event);
        require(status == PYCONSOLE_OK || event == NULL);
        require(s->reader.cap < 2 * PC_WIRE_LINE_MOST);
        f->ended = status < 0;
        f->quiet = status == PYCONSOLE_OK && event == NULL && !s->flooded;
        check_heard(f);
        if (event != NULL) {
            check_event(f, event);
            woken_for_nothing = 0;
        }
        else if (f->ended || !is_readable(pyconsole_session_fd(s), 0)) {
            return;
        }
        else {
            require(++woken_for_nothing < FOR_NOTHING_MOST);
        }
    }
}

static void
listen_step(struct fuzzed *f)
{
    listen_for(f, next_byte(&f->input));
}

static void
ask_step(struct fuzzed *f)
{
    struct pyconsole_session *s = f->session;
    unsigned char what = next_byte(&f->input);
    if (f->terminal && what >= 128) {
        struct input typed = next_bytes(&f->input);
        for (int i = 0; i < FILLS_IT; i++) {
            (void)pyconsole_session_write(s, (const char *)typed.bytes, typed.len);
        }
        return;
    }
    switch (what % 7) {
    case 0:
        (void)pyconsole_session_push(s, "x", 1, NULL);
        break;
    case 1:
        (void)pyconsole_session_interrupt(s, 0);
        break;
    case 2:
        (void)pyconsole_session_stop(s, 0);
        break;
    case 3:
        (void)pyconsole_session_close(s);
        break;
    case 4:
        (void)pyconsole_session_kill(s);
        break;
    case 5:
        (void)pyconsole_session_input(s, 1, "line", 4);
        break;
    default:
        (void)pyconsole_session_execute(s, "1", 1, NULL);
        break;
    }
}

/* ---- the worker ---- */

static void
say_step(struct fuzzed *f)
{
    struct input bytes = next_bytes(&f->input);
    say(f, (const char *)bytes.bytes, bytes.len);
}

static void
print(struct fuzzed *f, int which, const char *bytes, size_t len)
{
    ssize_t count = write(f->ends.out[which], bytes, len);
    if (which == 0 && count > 0 && f->given_len + (size_t)count <= GIVEN_MOST) {
        memcpy(f->given + f->given_len, bytes, (size_t)count);
        f->given_len += (size_t)count;
    }
}

/* Or reads what was typed. */
static void
print_step(struct fuzzed *f)
{
    unsigned char how = next_byte(&f->input);
    if (f->terminal && how >= 128) {
        char typed[1 << 14];
        (void)!read(f->ends.out[0], typed, sizeof typed);
        return;
    }
    int which = f->terminal ? 0 : how % 2;
    struct input bytes = next_bytes(&f->input);
    char text[256];
    for (size_t i = 0; i < bytes.len; i++) { /* no marks but those of mark_step */
        text[i] = bytes.bytes[i] == '\033' ? ' ' : (char)bytes.bytes[i];
    }
    print(f, which, text, bytes.len);
}

/* A message as a worker sends it, with text of the input, in its turn; what else the step
 * says: no turn, no mark in one of the pipes or in both. */
static void
message_step(struct fuzzed *f)
{
    static const char *const messages[] = {
        "{\"turn\":0",
        "{\"event\":\"ready\",\"pid\":1",
        "{\"event\":\"start\",\"request\":1",
        "{\"event\":\"done\",\"request\":1,\"name\":\"ok\"",
        "{\"event\":\"result\"",
        "{\"event\":\"error\",\"name\":\"E\",\"detail\":\"d\"",
        "{\"event\":\"input\",\"request\":1,\"status\":0",
        "{\"event\":\"interrupt\",\"name\":\"idle\",\"request\":0",
        "{\"event\":\"refused\"",
        "{\"event\":\"exit\",\"status\":1",
        "{\"event\":\"none\"",
    };
    const char *begin =
        messages[next_byte(&f->input) % (sizeof messages / sizeof *messages)];
    unsigned char how = next_byte(&f->input);
    struct input bytes = next_bytes(&f->input);
    char text[256] = "";
    for (size_t i = 0; i < bytes.len; i++) {
        text[i] = (char)(' ' + bytes.bytes[i] % ('~' - ' '));
        text[i] = text[i] == '"' || text[i] == '\\' ? '\'' : text[i];
    }
    char mark[PC_MARK_MOST];
    size_t mark_len = pc_mark_write(f->session->token, ++f->turn, mark);
    for (int i = 0; i < (f->terminal ? 1 : 2); i++) {
        if ((how & (1 << i)) == 0) {
            (void)!write(f->ends.out[i], mark, mark_len);
        }
    }
    char message[MESSAGE_MOST];
    int len =
        snprintf(message, sizeof message, "%s,\"text\":\"%s\",\"turn\":%llu}\n", begin,
                 text, (how & 4) != 0 ? 0ULL : (unsigned long long)f->turn);
    say(f, message, (size_t)len);
}

/* Something that is nearly a mark. */
static void
mark_step(struct fuzzed *f)
{
    int which = next_byte(&f->input) % 2;
    struct input bytes = next_bytes(&f->input);
    char mark[PC_MARK_MOST];
    size_t len = pc_mark_write(f->session->token, next_byte(&f->input), mark);
    for (size_t i = 0; i < bytes.len; i++) {
        mark[(i * 7 + bytes.bytes[i]) % len] = (char)bytes.bytes[i];
    }
    f->marked_wrong = true;
    print(f, which, mark, len);
}

static void
end_step(struct fuzzed *f)
{
    int *const ends[] = {&f->ends.control, &f->ends.out[0], &f->ends.out[1],
                         &f->ends.exit};
    int *end = ends[next_byte(&f->input) % 4];
    if (*end >= 0) {
        close(*end);
        *end = -1;
    }
}

static void (*const steps[])(struct fuzzed *f) = {
    listen_step, ask_step, say_step, print_step, message_step, mark_step, end_step,
};

/* ---- the whole ---- */

/* A session whose worker is this process. */
static void
connect_session(struct fuzzed *f)
{
    unsigned char how = next_byte(&f->input);
    pyconsole_session_options options = PYCONSOLE_SESSION_OPTIONS_INIT;
    options.output_most = (how & 2) != 0 ? 100 : 0;
    options.wall_most = (how & 4) != 0 ? 1 : 0;
    options.queue_most = (how & 8) != 0 ? 1 : 0;
    options.pty = (how & 32) != 0;
    f->terminal = options.pty != 0;
    f->marked_wrong = options.output_most > 0; /* what is over it does not come */
    f->session = pc_session_allocate(&options);
    require(f->session != NULL);
    memset(f->session->token, '0', PC_MARK_TOKEN);
    require(pc_process_connect(&f->session->process, &f->ends, (how & 1) != 0,
                               f->terminal) == 0);
    if (f->terminal) { /* what is written comes as it is */
        struct termios modes;
        require(tcgetattr(f->ends.out[0], &modes) == 0);
        cfmakeraw(&modes);
        modes.c_cc[VMIN] = 0;
        require(tcsetattr(f->ends.out[0], TCSANOW, &modes) == 0);
    }
    require(pc_session_watch(f->session) == 0);
    if ((how & 16) == 0 &&
        f->ends.exit >= 0) { /* what is not said at the end is not waited for */
        close(f->ends.exit);
        f->ends.exit = -1;
    }
    require(fcntl(f->ends.out[0], F_SETFL, O_NONBLOCK) == 0);
    require(fcntl(f->ends.out[1], F_SETFL, O_NONBLOCK) == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct fuzzed f;
    f = (struct fuzzed){.input = {data, size}};
    (void)signal(SIGPIPE, SIG_IGN);
    connect_session(&f);
    while (f.input.len > 0) {
        steps[next_byte(&f.input) % (sizeof steps / sizeof *steps)](&f);
    }
    pc_process_close_ends(&f.ends);
    while (!f.ended) {
        listen_for(&f, 1);
    }
    const pyconsole_event *event = NULL;
    require(pyconsole_session_next(f.session, &event) == PYCONSOLE_EEOF &&
            event == NULL);
    pyconsole_session_free(f.session);
    return 0;
}
