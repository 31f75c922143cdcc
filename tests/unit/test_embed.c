/* The C API in an interpreter that it starts itself: lines in, text and statuses out. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include <pyconsole/console.h>

struct host {
    pyconsole_python *python;
    pyconsole_console *console;
    char written[8192];
    size_t len;
    const char *const *lines; /* for read: NULL ends them */
    char prompts[256];
    int write_status;
    int reentered; /* what a push from inside the write callback gave */
    bool free_inside;
};

static int
take_text(void *userdata, const char *text, size_t len)
{
    struct host *host = userdata;
    assert_true(host->len + len < sizeof host->written);
    memcpy(host->written + host->len, text, len);
    host->len += len;
    host->written[host->len] = '\0';
    host->reentered = pyconsole_console_push(host->console, "1", 1);
    if (host->free_inside) {
        pyconsole_console_free(host->console);
    }
    return host->write_status;
}

static int
give_line(void *userdata, const char *prompt, const char **ret_line, size_t *ret_len)
{
    struct host *host = userdata;
    strncat(host->prompts, prompt, sizeof host->prompts - strlen(host->prompts) - 1);
    const char *line = *host->lines;
    if (line == NULL) {
        return PYCONSOLE_EEOF;
    }
    host->lines++;
    if (strcmp(line, "^C") == 0) {
        return PYCONSOLE_EINTERRUPT;
    }
    if (strcmp(line, "!") == 0) {
        return -77;
    }
    *ret_line = line;
    *ret_len = PYCONSOLE_TERMINATED;
    return PYCONSOLE_OK;
}

static int
start_python(void **state)
{
    struct host *host = calloc(1, sizeof *host);
    pyconsole_error error = {0};
    if (host == NULL || pyconsole_python_start(NULL, &host->python, &error) < 0) {
        print_error("%s\n", error.message);
        free(host);
        return -1;
    }
    *state = host;
    return 0;
}

static int
stop_python(void **state)
{
    struct host *host = *state;
    pyconsole_python_stop(host->python);
    free(host);
    return 0;
}

static int
open_console(void **state)
{
    struct host *host = *state;
    *host = (struct host){.python = host->python};
    pyconsole_console_options options = PYCONSOLE_CONSOLE_OPTIONS_INIT;
    options.userdata = host;
    options.write = take_text;
    options.read = give_line;
    return pyconsole_console_new(host->python, &options, &host->console, NULL);
}

static int
close_console(void **state)
{
    struct host *host = *state;
    pyconsole_console_free(host->console);
    return 0;
}

static int
push(struct host *host, const char *line)
{
    return pyconsole_console_push(host->console, line, PYCONSOLE_TERMINATED);
}

static void
assert_value(struct host *host, const char *name, const char *expected)
{
    const char *text = NULL;
    size_t len = 0;
    assert_int_equal(pyconsole_console_get_string(host->console, name, &text, &len),
                     PYCONSOLE_OK);
    assert_string_equal(text, expected);
    assert_int_equal(len, strlen(expected));
}

static void
test_push__statement_over_several_lines(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "def f(a):"), PYCONSOLE_MORE);
    assert_int_equal(push(host, "    return a * 2"), PYCONSOLE_MORE);
    assert_int_equal(push(host, ""), PYCONSOLE_OK);
    assert_int_equal(push(host, "x = f(21)"), PYCONSOLE_OK);
    assert_value(host, "x", "42");
    assert_int_equal(host->len, 0);
}

static void
test_push__errors_are_written_and_the_console_goes_on(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "1/0"), PYCONSOLE_OK);
    assert_string_equal(host->written, "Traceback (most recent call last):\n"
                                       "  File \"<console>\", line 1, in <module>\n"
                                       "ZeroDivisionError: division by zero\n");
    assert_int_equal(push(host, "x = )"), PYCONSOLE_OK);
    assert_non_null(strstr(host->written, "SyntaxError: unmatched ')'\n"));
    assert_int_equal(push(host, "x = 1"), PYCONSOLE_OK);
    assert_value(host, "x", "1");
}

static void
test_push__not_utf8_is_refused_and_nothing_is_lost(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "if 1:"), PYCONSOLE_MORE);
    assert_int_equal(push(host, "\xff"), PYCONSOLE_EINVAL);
    assert_non_null(strstr(pyconsole_console_message(host->console), "utf-8"));
    assert_int_equal(pyconsole_console_push(host->console, NULL, 0), PYCONSOLE_EINVAL);
    assert_int_equal(
        pyconsole_console_push(host->console, "x", PYCONSOLE_MAX_SOURCE + 1),
        PYCONSOLE_ELIMIT);
    assert_int_equal(push(host, "  x = 'kept'"), PYCONSOLE_MORE);
    assert_int_equal(push(host, ""), PYCONSOLE_OK);
    assert_value(host, "x", "kept");
}

static void
test_push__length_counts_not_the_zero_byte(void **state)
{
    struct host *host = *state;
    assert_int_equal(pyconsole_console_push(host->console, "x = 12345", 6),
                     PYCONSOLE_OK);
    assert_value(host, "x", "12");
    assert_int_equal(pyconsole_console_set_string(host->console, "y", "a\0b", 3), 0);
    assert_int_equal(push(host, "z = len(y)"), PYCONSOLE_OK);
    assert_value(host, "z", "3");
}

static void
test_push__exit_is_a_status(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "raise SystemExit(3)"), PYCONSOLE_EEXIT);
    assert_int_equal(pyconsole_console_exit_code(host->console), 3);
    assert_int_equal(push(host, "raise SystemExit"), PYCONSOLE_EEXIT);
    assert_int_equal(pyconsole_console_exit_code(host->console), 0);
    assert_int_equal(push(host, "raise SystemExit('no more')"), PYCONSOLE_EEXIT);
    assert_int_equal(pyconsole_console_exit_code(host->console), 1);
    assert_string_equal(pyconsole_console_message(host->console), "no more");
    assert_int_equal(push(host, "x = 5"), PYCONSOLE_OK);
    assert_value(host, "x", "5");
}

static void
test_push__exit_code_too_large(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "raise SystemExit(10**30)"), PYCONSOLE_EEXIT);
    assert_int_equal(pyconsole_console_exit_code(host->console), -1);
    assert_int_equal(pyconsole_console_set_int(host->console, "x", 1), PYCONSOLE_OK);
}

static void
test_push__exit_leaves_the_hosts_stdin_open(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "exit(4)"), PYCONSOLE_EEXIT);
    assert_int_equal(pyconsole_console_exit_code(host->console), 4);
    assert_int_equal(push(host, "import sys; closed = sys.stdin.closed"), PYCONSOLE_OK);
    assert_value(host, "closed", "False");
}

static void
test_push__future_statements_are_remembered(void **state)
{
    struct host *host = *state;
    push(host, "from __future__ import annotations");
    push(host, "def f(a: 1 + 1): pass");
    push(host, "");
    push(host, "x = f.__annotations__['a']");
    assert_value(host, "x", "1 + 1");
}

static void
test_runsource__does_not_touch_the_buffer(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "if 1:"), PYCONSOLE_MORE);
    assert_int_equal(pyconsole_console_runsource(host->console, "y = 1\nz = 2\n",
                                                 PYCONSOLE_TERMINATED, "<host>",
                                                 "exec"),
                     PYCONSOLE_OK);
    assert_value(host, "z", "2");
    assert_int_equal(pyconsole_console_runsource(host->console, "(", 1, NULL, NULL),
                     PYCONSOLE_MORE);
    assert_int_equal(pyconsole_console_runsource(host->console, "1", 1, NULL, "wrong"),
                     PYCONSOLE_EINVAL);
    assert_non_null(strstr(pyconsole_console_message(host->console), "symbol"));
    assert_int_equal(push(host, "  x = 1"), PYCONSOLE_MORE);
    assert_int_equal(push(host, ""), PYCONSOLE_OK);
}

static void
test_resetbuffer__drops_what_was_begun(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "x = ("), PYCONSOLE_MORE);
    assert_int_equal(pyconsole_console_resetbuffer(host->console), PYCONSOLE_OK);
    assert_int_equal(push(host, "x = 7"), PYCONSOLE_OK);
    assert_value(host, "x", "7");
}

static void
test_interact__prompts_and_ends(void **state)
{
    struct host *host = *state;
    static const char *const lines[] = {"if 1:", "  x = 1", "",  "(",
                                        "^C",    "y = 2",   NULL};
    host->lines = lines;
    assert_int_equal(pyconsole_console_interact(host->console, "hello", "bye"),
                     PYCONSOLE_OK);
    assert_string_equal(host->prompts, ">>> ... ... >>> ... >>> >>> ");
    assert_string_equal(host->written, "hello\n\nKeyboardInterrupt\n\nbye\n");
    assert_value(host, "y", "2");
}

static void
test_interact__default_banner_names_the_console(void **state)
{
    struct host *host = *state;
    static const char *const lines[] = {NULL};
    host->lines = lines;
    assert_int_equal(pyconsole_console_interact(host->console, NULL, NULL),
                     PYCONSOLE_OK);
    assert_non_null(strstr(host->written, "(pyconsole)\n"));
    assert_non_null(strstr(host->written, "now exiting pyconsole...\n"));
}

static void
test_interact__a_failing_callback_comes_back(void **state)
{
    struct host *host = *state;
    static const char *const lines[] = {"x = 1", "!", "x = 2", NULL};
    host->lines = lines;
    assert_int_equal(pyconsole_console_interact(host->console, "", ""), -77);
    assert_value(host, "x", "1");
    host->write_status = -42;
    assert_int_equal(push(host, "1/0"), -42);
    host->write_status = PYCONSOLE_OK;
    assert_int_equal(push(host, "x = 3"), PYCONSOLE_OK);
    assert_value(host, "x", "3");
}

static void
test_callback__second_call_is_refused(void **state)
{
    struct host *host = *state;
    assert_int_equal(push(host, "1/0"), PYCONSOLE_OK);
    assert_int_equal(host->reentered, PYCONSOLE_EBUSY);
}

static void
test_callback__free_inside_is_put_off(void **state)
{
    struct host *host = *state;
    host->free_inside = true;
    assert_int_equal(push(host, "1/0"), PYCONSOLE_OK);
    host->console = NULL;
}

static void
test_showtraceback__shows_the_last_error_again(void **state)
{
    struct host *host = *state;
    assert_int_equal(pyconsole_console_showtraceback(host->console), PYCONSOLE_EINVAL);
    push(host, "1/0");
    char first[sizeof host->written];
    strcpy(first, host->written);
    host->len = 0;
    assert_int_equal(pyconsole_console_showtraceback(host->console), PYCONSOLE_OK);
    assert_string_equal(host->written, first);
}

static void
test_write__goes_to_the_callback(void **state)
{
    struct host *host = *state;
    assert_int_equal(
        pyconsole_console_write(host->console, "gr\xc3\xbc\xc3\x9f dich", 6),
        PYCONSOLE_OK);
    assert_string_equal(host->written, "gr\xc3\xbc\xc3\x9f");
}

static void
test_values__come_in_as_python_objects(void **state)
{
    struct host *host = *state;
    static const double numbers[] = {0.5, -1};
    assert_int_equal(pyconsole_console_set_int(host->console, "i", INT64_MIN), 0);
    assert_int_equal(pyconsole_console_set_double(host->console, "d", 0.25), 0);
    assert_int_equal(pyconsole_console_set_string(host->console, "s", "a\0b", 3), 0);
    assert_int_equal(pyconsole_console_set_bytes(host->console, "b", "\xff\0", 2), 0);
    assert_int_equal(pyconsole_console_set_doubles(host->console, "n", numbers, 2), 0);
    push(host, "all = repr((i, d, s, b, n))");
    assert_value(host, "all",
                 "(-9223372036854775808, 0.25, 'a\\x00b', b'\\xff\\x00', [0.5, -1.0])");
}

static void
test_values__wrong_names_are_refused(void **state)
{
    struct host *host = *state;
    const char *text = NULL;
    assert_int_equal(pyconsole_console_set_int(host->console, "not a name", 1),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_set_int(host->console, NULL, 1),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_get_string(host->console, "no", &text, NULL),
                     PYCONSOLE_EINVAL);
    assert_null(text);
    push(host, "class C:\n  def __str__(self): raise ValueError('no text')\n");
    push(host, "c = C()");
    assert_int_equal(pyconsole_console_get_string(host->console, "c", &text, NULL),
                     PYCONSOLE_EPYTHON);
    assert_string_equal(pyconsole_console_message(host->console),
                        "ValueError: no text");
    push(host, "lone = '\\udc80'");
    assert_value(host, "lone", "\\udc80");
}

static void
test_values__a_refused_value_is_dropped(void **state)
{
    struct host *host = *state;
    static const double numbers[] = {0.5, -1};
    assert_int_equal(pyconsole_console_set_double(host->console, "not ok", 1.5),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_set_doubles(host->console, "not ok", numbers, 2),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_set_int(host->console, "\xff", 1),
                     PYCONSOLE_EINVAL);
}

static void
test_values__a_name_may_vanish_while_it_is_read(void **state)
{
    struct host *host = *state;
    const char *text = NULL;
    push(host, "class E:\n  def __repr__(self):\n    globals().pop('x', None)\n"
               "    return 'e'\n");
    push(host, "x = slice(E(), E(), E())");
    assert_int_equal(pyconsole_console_get_string(host->console, "x", &text, NULL),
                     PYCONSOLE_OK);
    assert_string_equal(text, "slice(e, e, e)");
}

static void
test_null__is_an_error_and_no_crash(void **state)
{
    struct host *host = *state;
    const char *text = NULL;
    assert_int_equal(pyconsole_console_push(NULL, "1", 1), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_runsource(NULL, "1", 1, NULL, NULL),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_resetbuffer(NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_interact(NULL, "", ""), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_write(NULL, "", 0), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_showtraceback(NULL), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_set_int(NULL, "x", 1), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_get_string(NULL, "x", &text, NULL),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_exit_code(NULL), 0);
    assert_string_equal(pyconsole_console_message(NULL), "");
    assert_int_equal(pyconsole_console_set_bytes(host->console, "b", NULL, 64),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_set_doubles(host->console, "b", NULL, 4),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_get_string(host->console, "b", &text, NULL),
                     PYCONSOLE_EINVAL);
    pyconsole_console_free(NULL);
    pyconsole_python_stop(NULL);
}

static void
test_message__is_of_the_last_call(void **state)
{
    struct host *host = *state;
    assert_int_equal(pyconsole_console_set_int(host->console, "1", 1),
                     PYCONSOLE_EINVAL);
    assert_string_equal(pyconsole_console_message(host->console),
                        "the name is not an identifier");
    assert_int_equal(
        pyconsole_console_push(host->console, "x", PYCONSOLE_MAX_SOURCE + 1),
        PYCONSOLE_ELIMIT);
    assert_string_equal(pyconsole_console_message(host->console),
                        pyconsole_status_text(PYCONSOLE_ELIMIT));
}

static void
test_new__options_of_another_size(void **state)
{
    struct host *host = *state;
    struct {
        pyconsole_console_options known;
        void *later;
    } newer = {.known = PYCONSOLE_CONSOLE_OPTIONS_INIT};
    newer.known.size = sizeof newer;
    newer.known.name = "newer";
    pyconsole_console *console = NULL;
    assert_int_equal(pyconsole_console_new(host->python, &newer.known, &console, NULL),
                     0);
    pyconsole_console_free(console);
    newer.known.size = offsetof(pyconsole_console_options, write);
    newer.known.write = (int (*)(void *, const char *, size_t))take_text;
    assert_int_equal(pyconsole_console_new(host->python, &newer.known, &console, NULL),
                     0);
    assert_int_equal(pyconsole_console_write(console, "", 0), PYCONSOLE_OK);
    assert_int_equal(host->len, 0);
    pyconsole_console_free(console);
}

static void
test_new__wrong_options_are_refused(void **state)
{
    struct host *host = *state;
    pyconsole_console *console = NULL;
    pyconsole_error error = {0};
    pyconsole_console_options options = PYCONSOLE_CONSOLE_OPTIONS_INIT;
    options.size = 1;
    assert_int_equal(pyconsole_console_new(host->python, &options, &console, &error),
                     PYCONSOLE_EINVAL);
    assert_int_equal(error.status, PYCONSOLE_EINVAL);
    assert_true(error.message[0] != '\0');
    assert_int_equal(pyconsole_console_new(NULL, NULL, &console, NULL),
                     PYCONSOLE_EINVAL);
    assert_null(console);
}

static void
test_two_consoles__have_a_namespace_each(void **state)
{
    struct host *host = *state;
    pyconsole_console *other = NULL;
    assert_int_equal(pyconsole_console_new(host->python, NULL, &other, NULL), 0);
    push(host, "x = 'mine'");
    assert_int_equal(pyconsole_console_push(other, "x = 'other'", PYCONSOLE_TERMINATED),
                     0);
    assert_value(host, "x", "mine");
    pyconsole_console_free(other);
}

static void
test_is_complete__tells_what_is_missing(void **state)
{
    struct host *host = *state;
    pyconsole_completeness it = PYCONSOLE_COMPLETENESS_INIT;
    assert_int_equal(pyconsole_is_complete(host->python, "x = 1", 5, NULL, &it), 0);
    assert_string_equal(it.missing, "");
    assert_int_equal(pyconsole_is_complete(host->python, "x = [1,", 7, NULL, &it),
                     PYCONSOLE_MORE);
    assert_string_equal(it.missing, "bracket");
    assert_int_equal(it.bracket, '[');
    assert_string_equal(it.indent, "     ");
    assert_int_equal(pyconsole_is_complete(host->python, "x = )", 5, NULL, &it),
                     PYCONSOLE_ESYNTAX);
    assert_string_equal(it.message, "SyntaxError: unmatched ')' (<input>, line 1)");
    assert_int_equal(it.bracket, 0);
    assert_int_equal(
        pyconsole_is_complete(host->python, "x\ny", PYCONSOLE_TERMINATED, "exec", NULL),
        PYCONSOLE_OK);
    assert_int_equal(host->len, 0);
}

static void
test_is_complete__wrong_arguments(void **state)
{
    struct host *host = *state;
    pyconsole_completeness it = PYCONSOLE_COMPLETENESS_INIT;
    assert_int_equal(pyconsole_is_complete(NULL, "x", 1, NULL, &it), PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_is_complete(host->python, NULL, 0, NULL, &it),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_is_complete(host->python, "\xff", 1, NULL, &it),
                     PYCONSOLE_EINVAL);
    assert_non_null(strstr(it.message, "UnicodeDecodeError"));
    assert_int_equal(pyconsole_is_complete(host->python, "x", 1, "file", &it),
                     PYCONSOLE_EINVAL);
    assert_non_null(strstr(it.message, "symbol"));
    assert_int_equal(
        pyconsole_is_complete(host->python, "x", PYCONSOLE_MAX_SOURCE + 1, NULL, &it),
        PYCONSOLE_ELIMIT);
    it.size = 1;
    assert_int_equal(pyconsole_is_complete(host->python, "x", 1, NULL, &it),
                     PYCONSOLE_EINVAL);
}

static void
test_complete__gives_an_event_of_candidates(void **state)
{
    struct host *host = *state;
    const pyconsole_event *event = NULL;
    pyconsole_candidate candidate = PYCONSOLE_CANDIDATE_INIT;
    pyconsole_assist_options options = PYCONSOLE_ASSIST_OPTIONS_INIT;
    static const char computed[] = "class C:\n"
                                   "    @property\n"
                                   "    def text(self): return ''\n"
                                   "thing = C()\n";
    assert_int_equal(pyconsole_console_runsource(host->console, computed,
                                                 PYCONSOLE_TERMINATED, NULL, "exec"),
                     PYCONSOLE_OK);
    assert_int_equal(
        pyconsole_console_complete(host->console, "x = thi", 7, 7, NULL, &event),
        PYCONSOLE_OK);
    assert_int_equal(event->kind, PYCONSOLE_EVENT_COMPLETIONS);
    assert_int_equal(event->start, 4);
    assert_int_equal(event->end, 7);
    assert_int_equal(event->count, 1);
    assert_int_equal(pyconsole_event_candidate(event, 0, &candidate), PYCONSOLE_OK);
    assert_string_equal(candidate.text, "thing");
    assert_string_equal(candidate.type, "C");
    assert_int_equal(candidate.kind, PYCONSOLE_CANDIDATE_VARIABLE);
    assert_int_equal(pyconsole_console_complete(host->console, "thing.text.upp",
                                                PYCONSOLE_TERMINATED, 14, NULL, &event),
                     PYCONSOLE_OK);
    assert_int_equal(event->count, 0);
    options.unsafe = 1;
    assert_int_equal(pyconsole_console_complete(host->console, "thing.text.upp",
                                                PYCONSOLE_TERMINATED, 14, &options,
                                                &event),
                     PYCONSOLE_OK);
    assert_int_equal(event->count, 1);
}

static void
test_inspect__gives_an_event_of_what_is_known(void **state)
{
    struct host *host = *state;
    const pyconsole_event *event = NULL;
    pyconsole_inspection found = PYCONSOLE_INSPECTION_INIT;
    assert_int_equal(pyconsole_console_runsource(host->console,
                                                 "def f(a, b=1): 'Adds.'",
                                                 PYCONSOLE_TERMINATED, NULL, "exec"),
                     PYCONSOLE_OK);
    assert_int_equal(
        pyconsole_console_inspect(host->console, "f(1, ", 5, 5, NULL, &event),
        PYCONSOLE_OK);
    assert_int_equal(event->kind, PYCONSOLE_EVENT_INSPECTION);
    assert_int_equal(pyconsole_event_inspection(event, &found), PYCONSOLE_OK);
    assert_string_equal(found.signature, "f(a, b=1)");
    assert_string_equal(found.doc, "Adds.");
    assert_int_equal(found.parameter_start, 5);
    assert_int_equal(found.late, 0);
    assert_int_equal(pyconsole_console_inspect(host->console, "g", 1, 1, NULL, &event),
                     PYCONSOLE_OK);
    assert_int_equal(event->status, 0);
    assert_int_equal(pyconsole_event_inspection(event, &found), PYCONSOLE_EINVAL);
}

static void
test_assist__refuses_what_is_not_valid(void **state)
{
    struct host *host = *state;
    const pyconsole_event *event = NULL;
    pyconsole_assist_options sizeless = {.size = 1};
    assert_int_equal(pyconsole_console_complete(NULL, "x", 1, 1, NULL, &event),
                     PYCONSOLE_EINVAL);
    assert_int_equal(
        pyconsole_console_complete(host->console, NULL, 0, 0, NULL, &event),
        PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_complete(host->console, "x", 1, 2, NULL, &event),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pyconsole_console_complete(host->console, "x", 1, 1, NULL, NULL),
                     PYCONSOLE_EINVAL);
    assert_int_equal(
        pyconsole_console_inspect(host->console, "\xff", 1, 1, NULL, &event),
        PYCONSOLE_EINVAL);
    assert_int_equal(
        pyconsole_console_inspect(host->console, "x", 1, 1, &sizeless, &event),
        PYCONSOLE_EINVAL);
    assert_string_not_equal(pyconsole_console_message(host->console), "");
    assert_null(event);
}

#define IN_CONSOLE(test)                                                               \
    cmocka_unit_test_setup_teardown(test, open_console, close_console)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CONSOLE(test_push__statement_over_several_lines),
        IN_CONSOLE(test_push__errors_are_written_and_the_console_goes_on),
        IN_CONSOLE(test_push__not_utf8_is_refused_and_nothing_is_lost),
        IN_CONSOLE(test_push__length_counts_not_the_zero_byte),
        IN_CONSOLE(test_push__exit_is_a_status),
        IN_CONSOLE(test_push__future_statements_are_remembered),
        IN_CONSOLE(test_runsource__does_not_touch_the_buffer),
        IN_CONSOLE(test_resetbuffer__drops_what_was_begun),
        IN_CONSOLE(test_interact__prompts_and_ends),
        IN_CONSOLE(test_interact__default_banner_names_the_console),
        IN_CONSOLE(test_interact__a_failing_callback_comes_back),
        IN_CONSOLE(test_callback__second_call_is_refused),
        IN_CONSOLE(test_callback__free_inside_is_put_off),
        IN_CONSOLE(test_showtraceback__shows_the_last_error_again),
        IN_CONSOLE(test_write__goes_to_the_callback),
        IN_CONSOLE(test_values__come_in_as_python_objects),
        IN_CONSOLE(test_values__wrong_names_are_refused),
        IN_CONSOLE(test_complete__gives_an_event_of_candidates),
        IN_CONSOLE(test_inspect__gives_an_event_of_what_is_known),
        IN_CONSOLE(test_assist__refuses_what_is_not_valid),
        IN_CONSOLE(test_push__exit_code_too_large),
        IN_CONSOLE(test_push__exit_leaves_the_hosts_stdin_open),
        IN_CONSOLE(test_values__a_refused_value_is_dropped),
        IN_CONSOLE(test_values__a_name_may_vanish_while_it_is_read),
        IN_CONSOLE(test_null__is_an_error_and_no_crash),
        IN_CONSOLE(test_message__is_of_the_last_call),
        IN_CONSOLE(test_new__options_of_another_size),
        IN_CONSOLE(test_new__wrong_options_are_refused),
        IN_CONSOLE(test_is_complete__tells_what_is_missing),
        IN_CONSOLE(test_is_complete__wrong_arguments),
        IN_CONSOLE(test_two_consoles__have_a_namespace_each),
    };
    return cmocka_run_group_tests(tests, start_python, stop_python);
}
