/* Random edits, moves, menus, output and sizes, each from a fixed seed: after every step
 * the terminal shows what the view believes that it shows, that is what a new view would
 * draw of the same content, and nothing is below it. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include <pyconsole/status.h>

#include "../tools/terminal.h"
#include "view/view_parts.h"

enum { STEPS = 1000 };

static const char *const pieces[] = {
    "a",
    "if x:",
    "%timeit",
    "!ls?",
    "\n",
    "\n    ",
    "def f(a):",
    "'",
    "\"\"\"",
    "f'{x!r:>{w}}'",
    "print(",
    ")",
    "# note",
    "\t",
    "12.5",
    " ",
    "match x",
    "case _:",
    "\xC3\xA9",
    "e\xCC\x81",
    "\xE6\xBC\xA2\xE5\xAD\x97",
    "\x01",
    "\x7F",
    "\xFF",
    "\xE2\x80\x8D",
    "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
    "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA",
    "\xE2\x9D\xA4\xEF\xB8\x8F",
    "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB",
    "x = [1, 2, 3]\ny = {'a': None}\nfor i in range(10):\n    pass\n",
    "a_rather_long_name_that_goes_on_and_on_until_it_reaches_the_edge",
};

static const char *const ps2[] = {"... ", "::: ", "", "\x1b[32m... \x1b[0m", ". "};

static const char *const outputs[] = {
    "done\n",
    "part",
    "\x1b[31mred",
    "\x1b[0m plain\n",
    "one\ntwo\nthree\n",
    "\n",
    "a line that is rather long, longer than most of the screens that it is shown on\n",
    "\r\n",
    "\xE6\xBC\xA2",
    "50%\r",
};

static const struct pc_menu_item items[] = {
    {"append", PC_MENU_METHOD, "(object, /)", "Append object to the end of the list."},
    {"clear", PC_MENU_METHOD, "()", "Remove all items."},
    {"count", PC_MENU_NUMBER, "int", NULL},
    {"a_name_that_is_quite_a_bit_longer_than_names_should_be_really", PC_MENU_OTHER,
     NULL, "first line\nsecond line"},
    {"\xE6\xBC\xA2\xE5\xAD\x97", PC_MENU_MODULE, "module", "wide"},
    {"f", PC_MENU_FUNCTION, "()", ""},
    {"g", PC_MENU_FUNCTION, "()", "g"},
    {"h", PC_MENU_CLASS, NULL, "h"},
    {"i", PC_MENU_KEYWORD, NULL, NULL},
    {"j", PC_MENU_PATH, NULL, NULL},
    {"k", PC_MENU_STRING, "str", "k"},
    {"l", PC_MENU_NONE, "None", "l"},
    {"m", PC_MENU_COMMAND, NULL, "m"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct scene {
    uint64_t random;
    struct terminal terminal;
    struct pc_view_options options;
    struct pc_view *view;
    struct pc_text text;
    struct pc_view_content content;
    struct pc_bytes out;
    bool sizes;
};

static size_t
draw(struct scene *s, size_t below)
{
    s->random = s->random * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(s->random >> 33) % below;
}

static void
flush(struct scene *s)
{
    terminal_write(&s->terminal, pc_bytes_text(&s->out), s->out.len);
    pc_bytes_clear(&s->out);
}

static void
open_scene(struct scene *s, uint64_t seed, const struct pc_view_options *options)
{
    *s = (struct scene){.random = seed, .options = *options};
    s->options.version = PC_PYTHON_3_14;
    s->options.synchronized = true;
    s->options.marks = seed % 2 == 0;
    s->options.rewraps = seed % 3 == 0;
    s->options.commands = seed % 5 < 3;
    pc_theme_init(&s->options.theme, PC_COLORS_256, PC_BACKGROUND_DARK);
    terminal_init(&s->terminal, options->columns, options->rows);
    assert_int_equal(pc_text_init(&s->text), PYCONSOLE_OK);
    assert_int_equal(pc_view_new(&s->options, &s->view), PYCONSOLE_OK);
    s->content = (struct pc_view_content){
        .text = &s->text,
        .ps1 = ">>> ",
        .ps1_len = 4,
        .ps2 = "... ",
        .ps2_len = 4,
    };
}

static void
close_scene(struct scene *s)
{
    terminal_fini(&s->terminal);
    pc_view_free(s->view);
    pc_text_fini(&s->text);
    pc_bytes_fini(&s->out);
}

/* ---- checks */

static void
show_screen(const struct scene *s)
{
    for (size_t i = 0; i < s->terminal.rows; i++) {
        struct pc_bytes text = {0};
        terminal_row_text(&s->terminal, i, &text);
        print_message("%c|%s\n", i == s->terminal.cursor_row ? '>' : ' ',
                      pc_bytes_text(&text));
        pc_bytes_fini(&text);
    }
}

static void
check_cell(const struct scene *s, const struct pc_frame *frame, size_t top, size_t row,
           size_t column)
{
    const struct pc_cell *cell = pc_frame_cell(frame, row, column);
    const struct terminal_cell *shown = &s->terminal.row[top + row].cells[column];
    char buffer[4];
    size_t len = 0;
    const char *bytes =
        cell->width == 0 ? "" : pc_cell_bytes(frame, cell, buffer, &len);
    if (strlen(shown->text) != len || memcmp(shown->text, bytes, len) != 0 ||
        !pc_style_equal(shown->style, cell->style)) {
        show_screen(s);
        fail_msg("row %zu, column %zu: '%s' and not '%.*s'", row, column, shown->text,
                 (int)len, bytes);
    }
}

/* The terminal shows what the view has noted. */
static void
check_terminal(const struct scene *s)
{
    const struct pc_frame *frame = &s->view->screen.shown;
    const struct terminal *t = &s->terminal;
    assert_false(t->synchronized);
    assert_false(t->hidden);
    assert_true(frame->cursor_row <= t->cursor_row);
    size_t top = t->cursor_row - frame->cursor_row;
    assert_true(top + frame->rows <= t->rows);
    assert_int_equal(frame->cursor_column, t->cursor_column);
    for (size_t row = 0; top + row < t->rows; row++) {
        for (size_t column = 0; column < t->columns; column++) {
            check_cell(s, frame, top, row, column);
        }
    }
}

/* In the linear view, the row of the cursor shows a part of the line at hand. */
static void
check_linear(const struct scene *s)
{
    const struct pc_frame *frame = &s->view->screen.shown;
    const struct terminal *t = &s->terminal;
    const struct pc_linear_part *part = &s->view->part;
    size_t cursor_line = pc_text_line_at(&s->text, s->content.cursor);
    assert_int_equal(part->line, cursor_line);
    assert_int_equal(part->first + t->cursor_column, frame->cursor_column);
    size_t end = t->columns > 1 ? t->columns - 1 : 1;
    for (size_t i = 0; i + 1 < end; i++) {
        const struct pc_cell *cell = pc_frame_cell(frame, part->row, part->first + i);
        char buffer[4];
        size_t len = 0;
        const char *bytes =
            cell->width == 0 ? "" : pc_cell_bytes(frame, cell, buffer, &len);
        const char *shown = t->row[t->cursor_row].cells[i].text;
        if (strlen(shown) != len || memcmp(shown, bytes, len) != 0) {
            show_screen(s);
            fail_msg("column %zu: '%s' and not '%.*s'", i, shown, (int)len, bytes);
        }
    }
}

/* A view that knows nothing but which part of the text is shown draws the same. */
static void
check_fresh(const struct scene *s)
{
    struct pc_view *fresh = NULL;
    struct pc_bytes out = {0};
    const struct pc_frame *shown = &s->view->screen.shown;
    assert_int_equal(pc_view_new(&s->view->options, &fresh), PYCONSOLE_OK);
    fresh->top = s->view->top;
    fresh->menu_first = s->view->menu_first;
    assert_int_equal(pc_view_render(fresh, &s->content, &out), PYCONSOLE_OK);
    const struct pc_frame *wanted = &fresh->screen.shown;
    assert_int_equal(wanted->rows, shown->rows);
    assert_int_equal(wanted->cursor_row, shown->cursor_row);
    assert_int_equal(wanted->cursor_column, shown->cursor_column);
    for (size_t row = 0; row < shown->rows; row++) {
        for (size_t column = 0; column < shown->columns; column++) {
            if (!pc_cells_equal(shown, pc_frame_cell(shown, row, column), wanted,
                                pc_frame_cell(wanted, row, column))) {
                show_screen(s);
                fail_msg("row %zu, column %zu: not as a new view has it", row, column);
            }
        }
    }
    pc_view_free(fresh);
    pc_bytes_fini(&out);
}

/* ---- steps */

static size_t
random_offset(struct scene *s)
{
    size_t offset = draw(s, s->text.len + 1);
    size_t edge = pc_text_previous(&s->text, pc_text_next(&s->text, offset));
    return edge < s->text.len ? edge : s->text.len;
}

static void
step_insert(struct scene *s)
{
    const char *piece = pieces[draw(s, COUNT(pieces))];
    size_t len = strlen(piece);
    assert_int_equal(
        pc_text_replace(&s->text, s->content.cursor, s->content.cursor, piece, len),
        PYCONSOLE_OK);
    s->content.cursor += len;
}

static void
step_delete(struct scene *s)
{
    size_t end = s->content.cursor;
    size_t start = end > 0 ? pc_text_previous(&s->text, end) : 0;
    if (draw(s, 8) == 0) {
        start = random_offset(s);
    }
    if (start > end) {
        size_t swapped = start;
        start = end;
        end = swapped;
    }
    assert_int_equal(pc_text_replace(&s->text, start, end, "", 0), PYCONSOLE_OK);
    s->content.cursor = start;
}

static void
step_move(struct scene *s)
{
    switch (draw(s, 4)) {
    case 0:
        s->content.cursor = random_offset(s);
        break;
    case 1:
        s->content.cursor = s->text.len;
        break;
    case 2:
        s->content.cursor = pc_text_previous(&s->text, s->content.cursor);
        break;
    default:
        s->content.cursor = pc_text_next(&s->text, s->content.cursor);
        break;
    }
}

static void
step_extras(struct scene *s)
{
    struct pc_view_content *content = &s->content;
    content->selection_start = content->selection_end = 0;
    content->suggestion_len = content->hint.len = content->message.len = 0;
    content->menu.count = 0;
    switch (draw(s, 6)) {
    case 0:
        content->selection_start = draw(s, s->text.len + 1);
        content->selection_end = draw(s, s->text.len + 1);
        break;
    case 1:
        content->suggestion = "(1, 2)\n    more\n";
        content->suggestion_len = draw(s, 17);
        break;
    case 2:
        content->hint = (struct pc_view_hint){"print(*args, sep=' ')", 21, 13, 20};
        break;
    case 3:
        content->message =
            (struct pc_view_message){"search: something that may take more than a row",
                                     47, draw(s, 2) == 0, draw(s, 48)};
        break;
    case 4:
        content->menu =
            (struct pc_view_menu){items, 1 + draw(s, COUNT(items)), PC_NOWHERE};
        if (draw(s, 3) > 0) {
            content->menu.selected = draw(s, content->menu.count);
        }
        break;
    default:
        break;
    }
}

static void
step_final(struct scene *s)
{
    s->content.final = true;
    assert_int_equal(pc_view_render(s->view, &s->content, &s->out), PYCONSOLE_OK);
    flush(s);
    assert_int_equal(s->terminal.cursor_column, 0);
    s->content.final = false;
    assert_int_equal(pc_text_replace(&s->text, 0, s->text.len, "", 0), PYCONSOLE_OK);
    s->content.cursor = 0;
    s->content.selection_end = s->content.selection_start = 0;
}

static void
step_above(struct scene *s)
{
    const char *output = outputs[draw(s, COUNT(outputs))];
    assert_int_equal(pc_view_above(s->view, output, strlen(output), &s->out),
                     PYCONSOLE_OK);
    flush(s);
}

static void
step_resize(struct scene *s)
{
    size_t columns = 1 + draw(s, draw(s, 3) == 0 ? 6 : 60);
    size_t rows = 1 + draw(s, draw(s, 3) == 0 ? 4 : 20);
    terminal_resize(&s->terminal, columns, rows, s->options.rewraps);
    pc_view_resize(s->view, columns, rows);
}

/* Another theme, or other prompts. */
static void
step_look(struct scene *s)
{
    struct pc_theme theme;
    if (draw(s, 2) == 0) {
        pc_theme_init(&theme, draw(s, 2) == 0 ? PC_COLORS_256 : PC_COLORS_NONE,
                      draw(s, 2) == 0 ? PC_BACKGROUND_DARK : PC_BACKGROUND_LIGHT);
        pc_view_set_theme(s->view, &theme);
    }
    else {
        s->content.ps2 = ps2[draw(s, COUNT(ps2))];
        s->content.ps2_len = strlen(s->content.ps2);
    }
}

static void
step(struct scene *s)
{
    size_t kind = draw(s, 100);
    if (s->text.len > 3000 || kind < 1) {
        step_final(s);
    }
    else if (kind < 45) {
        step_insert(s);
    }
    else if (kind < 60) {
        step_delete(s);
    }
    else if (kind < 78) {
        step_move(s);
    }
    else if (kind < 90) {
        step_extras(s);
    }
    else if (kind < 95) {
        step_above(s);
    }
    else if (kind < 96) {
        assert_int_equal(pc_view_clear_screen(s->view, &s->out), PYCONSOLE_OK);
    }
    else if (kind < 97) {
        assert_int_equal(pc_view_hide(s->view, &s->out), PYCONSOLE_OK);
    }
    else if (kind < 98) {
        step_look(s);
    }
    else if (s->sizes) {
        step_resize(s);
    }
    assert_int_equal(pc_view_render(s->view, &s->content, &s->out), PYCONSOLE_OK);
    flush(s);
    if (s->options.linear) {
        check_linear(s);
        return;
    }
    check_terminal(s);
    check_fresh(s);
}

static void
run(uint64_t seed, struct pc_view_options options, bool sizes)
{
    struct scene s;
    open_scene(&s, seed, &options);
    s.sizes = sizes;
    for (size_t i = 0; i < STEPS; i++) {
        step(&s);
    }
    close_scene(&s);
}

static void
test_random__of_one_size(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{80, 24}, {30, 8}, {7, 5}, {1, 1}, {2, 3}};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct pc_view_options options = {.columns = sizes[i][0], .rows = sizes[i][1]};
        run(i, options, false);
    }
}

static void
test_random__of_many_sizes(void **state)
{
    (void)state;
    for (uint64_t seed = 10; seed < 16; seed++) {
        run(seed, (struct pc_view_options){.columns = 40, .rows = 12}, true);
    }
}

static void
test_random__linear(void **state)
{
    (void)state;
    for (size_t columns = 3; columns < 90; columns += 27) {
        struct pc_view_options options = {
            .columns = columns, .rows = 24, .linear = true};
        run(columns, options, false);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random__of_one_size),
        cmocka_unit_test(test_random__of_many_sizes),
        cmocka_unit_test(test_random__linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
