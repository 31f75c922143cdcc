/* Each allocation of a short session fails once: that call gives ENOMEM and sends nothing,
 * and when there is memory again the screen is as if nothing had happened. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include <pyconsole/status.h>

#include "../tools/terminal.h"
#include "view/view.h"

/* ---- an allocator that fails: the linker sends calls here (--wrap) */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool counting;
static size_t count;   /* of allocations while counting */
static size_t failing; /* the number of the one that fails; 0: none */

static bool
fails(void)
{
    return counting && ++count == failing;
}

void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t number, size_t size)
{
    return fails() ? NULL : __real_calloc(number, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

/* ---- the session */

struct session {
    struct terminal terminal;
    struct pc_view *view;
    struct pc_text text;
    struct pc_view_content content;
    struct pc_bytes out;
    bool linear;
    size_t failures;
};

static const char long_line[] =
    "x = ['e\xCC\x81', '\xE6\xBC\xA2', f'''{y}\n\n\n\n\n\n\n\n\n\n\nlast = '''";

/* Takes the same step until it succeeds. */
static void
take(struct session *s, int (*step)(struct session *s))
{
    for (;;) {
        size_t len = s->out.len;
        counting = true;
        int status = step(s);
        counting = false;
        if (status == PYCONSOLE_OK) {
            break;
        }
        assert_int_equal(status, PYCONSOLE_ENOMEM);
        assert_int_equal(s->out.len, len);
        s->failures++;
    }
    terminal_write(&s->terminal, pc_bytes_text(&s->out), s->out.len);
    pc_bytes_clear(&s->out);
}

static int
step_new(struct session *s)
{
    struct pc_view_options options = {.columns = 20,
                                      .rows = 8,
                                      .version = PC_PYTHON_3_14,
                                      .marks = true,
                                      .linear = s->linear};
    pc_theme_init(&options.theme, PC_COLORS_16, PC_BACKGROUND_DARK);
    return pc_view_new(&options, &s->view);
}

static int
step_render(struct session *s)
{
    return pc_view_render(s->view, &s->content, &s->out);
}

static int
step_above(struct session *s)
{
    return pc_view_above(s->view, "output \xE6\xBC", 9, &s->out);
}

static int
step_clear(struct session *s)
{
    return pc_view_clear_screen(s->view, &s->out);
}

static void
insert(struct session *s, const char *text)
{
    size_t len = strlen(text);
    assert_int_equal(
        pc_text_replace(&s->text, s->content.cursor, s->content.cursor, text, len), 0);
    s->content.cursor += len;
}

/* Runs it with the allocation of that number failing; false if there are fewer. */
static bool
run(bool linear, size_t number, struct pc_bytes *ret_screen)
{
    static const struct pc_menu_item items[] = {{"name", PC_MENU_OTHER, "type", "doc"},
                                                {"b", PC_MENU_OTHER, NULL, NULL},
                                                {"c", PC_MENU_OTHER, NULL, NULL},
                                                {"d", PC_MENU_OTHER, NULL, NULL}};
    struct session s = {.linear = linear};
    count = 0;
    failing = number;
    terminal_init(&s.terminal, 20, 8);
    assert_int_equal(pc_text_init(&s.text), PYCONSOLE_OK);
    s.content = (struct pc_view_content){.text = &s.text,
                                         .ps1 = "\x1b]0;t\a> ",
                                         .ps1_len = 8,
                                         .ps2 = ". ",
                                         .ps2_len = 2};
    take(&s, step_new);
    take(&s, step_render);
    insert(&s, long_line);
    take(&s, step_render);
    s.content.cursor = 0;
    take(&s, step_render);
    insert(&s, "if x:\n    ");
    take(&s, step_render);
    take(&s, step_above);
    s.content.menu = (struct pc_view_menu){items, 4, 1};
    take(&s, step_render);
    take(&s, step_clear);
    s.content.final = true;
    take(&s, step_render);
    for (size_t row = 0; row < s.terminal.rows; row++) {
        terminal_row_text(&s.terminal, row, ret_screen);
        pc_bytes_append_byte(ret_screen, '\n');
    }
    pc_view_free(s.view);
    pc_text_fini(&s.text);
    pc_bytes_fini(&s.out);
    terminal_fini(&s.terminal);
    assert_true(s.failures <= 1);
    return count >= number;
}

static void
check_each(bool linear)
{
    struct pc_bytes expected = {0};
    run(linear, 0, &expected);
    size_t number = 1;
    for (bool more = true; more; number++) {
        struct pc_bytes screen = {0};
        more = run(linear, number, &screen);
        /* The linear view says again what may not have been said. */
        if (!linear) {
            assert_string_equal(pc_bytes_text(&screen), pc_bytes_text(&expected));
        }
        pc_bytes_fini(&screen);
    }
    assert_true(number > 10);
    pc_bytes_fini(&expected);
}

static void
test_memory__each_allocation_fails_once(void **state)
{
    (void)state;
    check_each(false);
}

static void
test_memory__each_allocation_fails_once_in_linear(void **state)
{
    (void)state;
    check_each(true);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory__each_allocation_fails_once),
        cmocka_unit_test(test_memory__each_allocation_fails_once_in_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
