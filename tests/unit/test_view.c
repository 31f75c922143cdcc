/* The view's behaviour, scene by scene: what a person sees on a model of a terminal, and
 * what is sent. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include <pyconsole/status.h>

#include "../tools/terminal.h"
#include "view/view.h"

struct scene {
    struct terminal terminal;
    struct pc_view *view;
    struct pc_text text;
    struct pc_view_content content;
    struct pc_bytes out;
    size_t sent; /* bytes, last time */
};

static void
flush(struct scene *s)
{
    s->sent = s->out.len;
    terminal_write(&s->terminal, pc_bytes_text(&s->out), s->out.len);
    pc_bytes_clear(&s->out);
}

static void
open_scene(struct scene *s, struct pc_view_options options)
{
    *s = (struct scene){0};
    options.version = PC_PYTHON_3_14;
    terminal_init(&s->terminal, options.columns, options.rows);
    assert_int_equal(pc_text_init(&s->text), PYCONSOLE_OK);
    assert_int_equal(pc_view_new(&options, &s->view), PYCONSOLE_OK);
    s->content = (struct pc_view_content){
        .text = &s->text,
        .ps1 = ">>> ",
        .ps1_len = 4,
        .ps2 = "... ",
        .ps2_len = 4,
    };
}

static struct pc_view_options
colourful(size_t columns, size_t rows)
{
    struct pc_view_options options = {
        .columns = columns, .rows = rows, .synchronized = true};
    pc_theme_init(&options.theme, PC_COLORS_16, PC_BACKGROUND_DARK);
    return options;
}

static struct pc_view_options
plain(size_t columns, size_t rows)
{
    return (struct pc_view_options){.columns = columns, .rows = rows};
}

static void
close_scene(struct scene *s)
{
    terminal_fini(&s->terminal);
    pc_view_free(s->view);
    pc_text_fini(&s->text);
    pc_bytes_fini(&s->out);
}

static void
render(struct scene *s)
{
    assert_int_equal(pc_view_render(s->view, &s->content, &s->out), PYCONSOLE_OK);
    flush(s);
}

static void
type(struct scene *s, const char *text)
{
    size_t cursor = s->content.cursor;
    assert_int_equal(pc_text_replace(&s->text, cursor, cursor, text, strlen(text)), 0);
    s->content.cursor += strlen(text);
    render(s);
}

static void
move(struct scene *s, size_t cursor)
{
    s->content.cursor = cursor;
    render(s);
}

static void
accept(struct scene *s)
{
    s->content.final = true;
    render(s);
    s->content.final = false;
    assert_int_equal(pc_text_replace(&s->text, 0, s->text.len, "", 0), 0);
    s->content.cursor = 0;
}

static void
print(struct scene *s, const char *output)
{
    assert_int_equal(pc_view_above(s->view, output, strlen(output), &s->out), 0);
    flush(s);
}

/* The screen's rows down to the last that is not empty, each with a newline; `^` stands
 * where the cursor is, before a row's text is over or behind it. */
static void
check_screen(const struct scene *s, const char *expected)
{
    struct pc_bytes found = {0};
    struct pc_bytes row = {0};
    size_t len = 0;
    for (size_t i = 0; i < s->terminal.rows; i++) {
        pc_bytes_clear(&row);
        terminal_row_text(&s->terminal, i, &row);
        if (i == s->terminal.cursor_row) {
            while (row.len < s->terminal.cursor_column) {
                pc_bytes_append_byte(&row, ' ');
            }
            pc_bytes_replace(&row, s->terminal.cursor_column, s->terminal.cursor_column,
                             "^", 1);
        }
        pc_bytes_append(&found, pc_bytes_text(&row), row.len);
        pc_bytes_append_byte(&found, '\n');
        len = row.len > 0 ? found.len : len;
    }
    if (found.len > len) {
        found.data[len] = '\0';
    }
    assert_string_equal(pc_bytes_text(&found), expected);
    pc_bytes_fini(&found);
    pc_bytes_fini(&row);
}

static void
test_text__in_several_lines(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    render(&s);
    check_screen(&s, ">>> ^\n");
    type(&s, "if x:\n    y");
    check_screen(&s, ">>> if x:\n...     y^\n");
    move(&s, 3);
    check_screen(&s, ">>> if ^x:\n...     y\n");
    type(&s, "not ");
    check_screen(&s, ">>> if not ^x:\n...     y\n");
    accept(&s);
    check_screen(&s, ">>> if not x:\n...     y\n^\n");
    close_scene(&s);
}

static void
test_text__at_the_edge(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(8, 5));
    type(&s, "abcd");
    check_screen(&s, ">>> abcd\n^\n");
    assert_true(s.terminal.row[0].wrapped);
    type(&s, "e");
    check_screen(&s, ">>> abcd\ne^\n");
    move(&s, 3);
    check_screen(&s, ">>> abc^d\ne\n");
    move(&s, 4);
    check_screen(&s, ">>> abcd\n^e\n");
    accept(&s);
    check_screen(&s, ">>> abcd\ne\n^\n");
    type(&s, "abcd");
    accept(&s);
    check_screen(&s, ">>> abcd\ne\n>>> abcd\n^\n");
    close_scene(&s);
}

static void
test_output__above_the_prompt(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    print(&s, "hello\n");
    type(&s, "for i in x:\n  i");
    print(&s, "one\ntwo\n");
    check_screen(&s, "hello\none\ntwo\n>>> for i in x:\n...   i^\n");
    print(&s, "three\nfour\n");
    check_screen(&s, "one\ntwo\nthree\nfour\n>>> for i in x:\n...   i^\n");
    assert_string_equal(s.terminal.scrolled.data, "hello\n");
    close_scene(&s);
}

static void
test_output__lines_in_parts(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    print(&s, "par");
    type(&s, "x");
    check_screen(&s, "par\n>>> x^\n");
    accept(&s);
    print(&s, "a");
    print(&s, "b\n");
    type(&s, "y");
    print(&s, "half ");
    check_screen(&s, "par\n>>> x\nab\nhalf\n>>> y^\n");
    print(&s, "and ");
    print(&s, "whole\nn");
    check_screen(&s, "par\n>>> x\nab\nhalf and whole\nn\n>>> y^\n");
    print(&s, "\n");
    check_screen(&s, "par\n>>> x\nab\nhalf and whole\nn\n>>> y^\n");
    close_scene(&s);
}

static void
test_output__in_colours(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    type(&s, "x");
    print(&s, "\x1b[31mred \x1b");
    print(&s, "[1mbold");
    check_screen(&s, "red bold\n>>> x^\n");
    const struct terminal_row *row = s.terminal.row;
    assert_int_equal(row[0].cells[0].style.foreground, PC_COLOR_INDEX(1));
    assert_int_equal(row[0].cells[0].style.attributes, 0);
    assert_int_equal(row[0].cells[4].style.attributes, PC_BOLD);
    assert_int_equal(row[1].cells[0].style.foreground, PC_COLOR_INDEX(5));
    assert_int_equal(row[1].cells[4].style.foreground, 0);
    print(&s, "!\x1b[m.");
    assert_int_equal(row[0].cells[8].style.foreground, PC_COLOR_INDEX(1));
    assert_int_equal(row[0].cells[9].style.foreground, 0);
    close_scene(&s);
}

static void
test_output__cut_characters(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    type(&s, "x");
    print(&s, "a\xE6\xBC");
    check_screen(&s, "a\n>>> x^\n");
    print(&s, "\xA2z\n");
    check_screen(&s, "a\xE6\xBC\xA2z\n>>> x^\n");
    close_scene(&s);
}

static void
test_output__up_to_the_edge(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(8, 6));
    type(&s, "x");
    print(&s, "12345678");
    check_screen(&s, "12345678\n>>> x^\n");
    print(&s, "\nnext\n");
    check_screen(&s, "12345678\nnext\n>>> x^\n");
    close_scene(&s);
}

static void
test_output__that_returns(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    type(&s, "x");
    print(&s, " 10%");
    check_screen(&s, " 10%\n>>> x^\n");
    print(&s, "\r 20%\r");
    check_screen(&s, " 20%\n>>> x^\n");
    print(&s, "100%\x1b[K\n");
    check_screen(&s, "100%\n>>> x^\n");
    close_scene(&s);
}

static void
test_output__others_wrote(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    terminal_write(&s.terminal, "no newline", 10);
    pc_view_lost(s.view);
    type(&s, "x");
    check_screen(&s, "no newline\n>>> x^\n");
    accept(&s);
    terminal_write(&s.terminal, "newline\r\n", 9);
    pc_view_lost(s.view);
    type(&s, "x");
    check_screen(&s, "no newline\n>>> x\nnewline\n>>> x^\n");
    accept(&s);
    terminal_write(&s.terminal, "n", 1);
    pc_view_lost(s.view);
    type(&s, "x");
    check_screen(&s, "no newline\n>>> x\nnewline\n>>> x\nn\n>>> x^\n");
    close_scene(&s);
}

/* ---- taller than the screen */

static void
type_lines(struct scene *s, size_t count)
{
    for (size_t i = 1; i <= count; i++) {
        char line[32];
        snprintf(line, sizeof line, "%sline %zu", i > 1 ? "\n" : "", i);
        type(s, line);
    }
}

static void
test_tall__a_window_on_the_text(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 4));
    print(&s, "output\n");
    type_lines(&s, 6);
    check_screen(&s, "... line 3\n... line 4\n... line 5\n... line 6^\n");
    move(&s, 0);
    check_screen(&s, ">>> ^line 1\n... line 2\n... line 3\n... line 4\n");
    move(&s, s.text.starts[4]);
    check_screen(&s, "... line 2\n... line 3\n... line 4\n... ^line 5\n");
    move(&s, s.text.starts[2]);
    check_screen(&s, "... line 2\n... ^line 3\n... line 4\n... line 5\n");
    close_scene(&s);
}

static void
test_tall__stays_whole_when_accepted(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 4));
    print(&s, "output\n");
    type_lines(&s, 6);
    move(&s, 0);
    accept(&s);
    check_screen(&s, "... line 4\n... line 5\n... line 6\n^\n");
    assert_string_equal(s.terminal.scrolled.data,
                        "output\n>>> line 1\n... line 2\n... line 3\n");
    close_scene(&s);
}

static void
test_tall__output(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 3));
    type_lines(&s, 5);
    print(&s, "one\n");
    check_screen(&s, "... line 3\n... line 4\n... line 5^\n");
    assert_string_equal(s.terminal.scrolled.data, "one\n");
    close_scene(&s);
}

/* ---- what is below and behind */

static const struct pc_menu_item items[] = {
    {"append", PC_MENU_METHOD, "(x)", "Append."},
    {"clear", PC_MENU_METHOD, "()", NULL},
    {"a", PC_MENU_NUMBER, NULL, "One.\nTwo."},
    {"b", PC_MENU_OTHER, NULL, NULL},
    {"c", PC_MENU_OTHER, NULL, NULL},
    {"d", PC_MENU_OTHER, NULL, NULL},
};

static void
test_menu__in_columns(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(30, 8));
    s.content.menu = (struct pc_view_menu){items, 3, 1};
    type(&s, "x.");
    check_screen(&s, ">>> x.^\n"
                     "append  method  (x)  Append.\n"
                     "clear   method  ()            \n"
                     "a       number       One.\n");
    assert_int_equal(s.terminal.row[2].cells[29].style.attributes, PC_REVERSE);
    assert_int_equal(s.terminal.row[1].cells[0].style.attributes, PC_BOLD);
    assert_int_equal(pc_view_menu_page(s.view), 3);
    s.content.menu.count = 0;
    render(&s);
    check_screen(&s, ">>> x.^\n");
    close_scene(&s);
}

static void
test_menu__too_narrow(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(12, 8));
    s.content.menu = (struct pc_view_menu){items, 1, PC_NOWHERE};
    type(&s, "x");
    check_screen(&s, ">>> x^\nappend  met\xE2\x80\xA6\n");
    close_scene(&s);
}

static void
test_menu__near_the_bottom(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, plain(12, 4));
    print(&s, "1\n2\n3\n");
    type(&s, "x");
    check_screen(&s, "1\n2\n3\n>>> x^\n");
    s.content.menu = (struct pc_view_menu){items + 3, 3, PC_NOWHERE};
    render(&s);
    check_screen(&s, ">>> x^\nb\nc\nd\n");
    s.content.menu.count = 0;
    render(&s);
    check_screen(&s, ">>> x^\n");
    assert_string_equal(s.terminal.scrolled.data, "1\n2\n3\n");
    close_scene(&s);
}

static void
test_menu__more_items_than_rows(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, plain(12, 4));
    s.content.menu = (struct pc_view_menu){items + 2, 4, 0};
    type(&s, "x");
    check_screen(&s, ">>> x^\na  number  \xE2\x80\xA6\nb\n1 of 4\n");
    s.content.menu.selected = 2;
    render(&s);
    check_screen(&s, ">>> x^\nb\nc\n3 of 4\n");
    s.content.menu.selected = 1;
    render(&s);
    check_screen(&s, ">>> x^\nb\nc\n2 of 4\n");
    s.content.menu.before = 10; /* it is a page of more */
    s.content.menu.behind = 3;
    render(&s);
    check_screen(&s, ">>> x^\nb\nc\n12 of 17\n");
    close_scene(&s);
}

static void
test_suggestion__behind_the_text(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    s.content.suggestion = "rint(1)\nmore";
    s.content.suggestion_len = 12;
    type(&s, "p");
    check_screen(&s, ">>> p^rint(1)\n... more\n");
    assert_int_equal(s.terminal.row[0].cells[5].style.foreground, PC_COLOR_INDEX(8));
    accept(&s);
    check_screen(&s, ">>> p\n^\n");
    close_scene(&s);
}

static void
test_hint_and_message(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    s.content.hint = (struct pc_view_hint){"f(a, b)", 7, 5, 6};
    s.content.message = (struct pc_view_message){"search: x", 9, true, 9};
    type(&s, "f(1, ");
    check_screen(&s, ">>> f(1,\nf(a, b)\nsearch: x^\n");
    assert_true(s.terminal.row[1].cells[5].style.attributes & PC_BOLD);
    assert_false(s.terminal.row[1].cells[2].style.attributes & PC_BOLD);
    s.content.message.has_cursor = false;
    render(&s);
    check_screen(&s, ">>> f(1, ^\nf(a, b)\nsearch: x\n");
    close_scene(&s);
}

static void
test_hint_and_message__their_cursor_is_seen(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(8, 8));
    s.content.hint =
        (struct pc_view_hint){"f(aaaaa, bbbbbb, cccccc, dddddd)", 32, 25, 31};
    type(&s, "f(");
    check_screen(&s, ">>> f(^\n bbbbbb,\n cccccc,\n dddddd)\n");
    assert_true(s.terminal.row[3].cells[1].style.attributes & PC_BOLD);
    s.content.hint.start = 2;
    s.content.hint.end = 7;
    render(&s);
    check_screen(&s, ">>> f(^\nf(aaaaa,\n bbbbbb,\n cccccc,\n");
    s.content.hint.len = 0;
    s.content.message =
        (struct pc_view_message){"1234567 1234567 1234567 x", 25, true, 25};
    render(&s);
    check_screen(&s, ">>> f(\n1234567\n1234567\nx^\n");
    close_scene(&s);
}

static void
test_selection_and_brackets(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    s.content.selection_start = 1;
    s.content.selection_end = 3;
    s.content.brackets[0] = 1;
    s.content.brackets[1] = 4;
    type(&s, "f(ab)");
    const struct terminal_cell *cells = s.terminal.row[0].cells + 4;
    assert_int_equal(cells[0].style.attributes, 0);
    assert_int_equal(cells[1].style.attributes, PC_REVERSE | PC_BOLD | PC_UNDERLINE);
    assert_int_equal(cells[2].style.attributes, PC_REVERSE);
    assert_int_equal(cells[3].style.attributes, 0);
    assert_int_equal(cells[4].style.attributes, PC_BOLD | PC_UNDERLINE);
    close_scene(&s);
}

/* ---- size, screen, marks */

static void
test_resize__rewrapped_or_not(void **state)
{
    (void)state;
    for (int rewraps = 0; rewraps < 2; rewraps++) {
        struct scene s;
        struct pc_view_options options = plain(20, 8);
        options.rewraps = rewraps != 0;
        open_scene(&s, options);
        print(&s, "above\n");
        type(&s, "a long line of text\nshort");
        check_screen(&s, "above\n>>> a long line of t\next\n... short^\n");
        terminal_resize(&s.terminal, 10, 8, rewraps != 0);
        pc_view_resize(s.view, 10, 8);
        render(&s);
        check_screen(&s, "above\n>>> a long\n line of t\next\n... short^\n");
        terminal_resize(&s.terminal, 30, 8, rewraps != 0);
        pc_view_resize(s.view, 30, 8);
        render(&s);
        check_screen(&s, "above\n>>> a long line of text\n... short^\n");
        close_scene(&s);
    }
}

static void
test_screen__cleared(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    print(&s, "above\npart");
    type(&s, "x");
    assert_int_equal(pc_view_clear_screen(s.view, &s.out), PYCONSOLE_OK);
    flush(&s);
    check_screen(&s, ">>> x^\n");
    type(&s, "y");
    check_screen(&s, ">>> xy^\n");
    close_scene(&s);
}

static void
test_screen__hidden(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    print(&s, "above\n");
    type(&s, "x\ny");
    assert_int_equal(pc_view_hide(s.view, &s.out), PYCONSOLE_OK);
    flush(&s);
    check_screen(&s, "above\n^\n");
    render(&s);
    check_screen(&s, "above\n>>> x\n... y^\n");
    close_scene(&s);
}

static void
test_marks(void **state)
{
    (void)state;
    struct scene s;
    struct pc_view_options options = colourful(20, 6);
    options.marks = true;
    open_scene(&s, options);
    type(&s, "x");
    type(&s, "y");
    accept(&s);
    assert_int_equal(pc_view_done(s.view, true, &s.out), PYCONSOLE_OK);
    flush(&s);
    type(&s, "x");
    print(&s, "above\n");
    assert_string_equal(s.terminal.marks.data, "ABCDABAB");
    close_scene(&s);
}

static void
test_prompt__of_its_own_kind(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, colourful(20, 6));
    s.content.ps1 = "first\n\x1b[32m\xE6\xBC\xA2\x1b[0m> ";
    s.content.ps1_len = strlen(s.content.ps1);
    type(&s, "x");
    assert_int_equal(s.terminal.cursor_row, 1);
    assert_int_equal(s.terminal.cursor_column, 5);
    assert_int_equal(s.terminal.row[1].cells[0].style.foreground, PC_COLOR_INDEX(2));
    assert_int_equal(s.terminal.row[1].cells[4].style.foreground, 0);
    close_scene(&s);
}

/* ---- linear */

static struct pc_view_options
linear(size_t columns)
{
    struct pc_view_options options = colourful(columns, 8);
    options.linear = options.marks = true;
    return options;
}

static void
check_sent(struct scene *s, const char *expected)
{
    assert_int_equal(pc_view_render(s->view, &s->content, &s->out), PYCONSOLE_OK);
    assert_string_equal(pc_bytes_text(&s->out), expected);
    flush(s);
}

static void
insert(struct scene *s, const char *text)
{
    size_t cursor = s->content.cursor;
    assert_int_equal(pc_text_replace(&s->text, cursor, cursor, text, strlen(text)), 0);
    s->content.cursor += strlen(text);
}

static void
test_linear__only_what_changes(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, linear(40));
    check_sent(&s, ">>> ");
    insert(&s, "if");
    check_sent(&s, "if");
    insert(&s, " x:");
    check_sent(&s, " x:");
    s.content.cursor = 3;
    check_sent(&s, "\b\b");
    insert(&s, "a");
    check_sent(&s, "ax:\b\b");
    s.content.cursor = 6;
    check_sent(&s, "x:");
    insert(&s, "\n    ");
    check_sent(&s, "\r\n...     ");
    pc_text_replace(&s.text, 5, 6, "", 0);
    s.content.cursor = 5;
    check_sent(&s, "\r\n>>> if ax");
    check_screen(&s, ">>> if ax:\n...\n>>> if ax^\n");
    s.content.final = true;
    check_sent(&s, "\r\n");
    close_scene(&s);
}

static void
test_linear__says_once(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, linear(40));
    insert(&s, "x");
    check_sent(&s, ">>> x");
    s.content.menu = (struct pc_view_menu){items, 3, PC_NOWHERE};
    check_sent(&s, "\r\n3 completions\r\n>>> x");
    check_sent(&s, "");
    s.content.menu.selected = 0;
    check_sent(&s, "\r\nappend, method, (x), Append.\r\n>>> x");
    s.content.menu.count = 0;
    check_sent(&s, "");
    s.content.message = (struct pc_view_message){"no match", 8, false, 0};
    check_sent(&s, "\r\nno match\r\n>>> x");
    print(&s, "out\npart");
    /* The last eight rows of it. */
    check_screen(&s, ">>> x\nappend, method, (x), Append.\n"
                     ">>> x\nno match\n>>> x\nout\npart\n>>> x^\n");
    close_scene(&s);
}

static void
test_linear__part_of_a_long_line(void **state)
{
    (void)state;
    struct scene s;
    open_scene(&s, linear(10));
    insert(&s, "abcde");
    check_sent(&s, ">>> abcde");
    insert(&s, "f");
    check_sent(&s, "\r\ncdef");
    s.content.cursor = 0;
    check_sent(&s, "\r\n>>> abcde\b\b\b\b\b");
    close_scene(&s);
}

/* ---- how much is sent */

static void
test_cost__bytes_of_a_key(void **state)
{
    (void)state;
    static const char source[] = "def f(name, value=None):\n"
                                 "    \"\"\"Say what it is.\"\"\"\n"
                                 "    for i in range(10):\n"
                                 "        print(f'{name}: {value!r}', i, sep='')\n"
                                 "    return [name for x in value if x is not None]\n";
    struct scene s;
    open_scene(&s, colourful(80, 24));
    render(&s);
    size_t total = 0;
    for (size_t i = 0; source[i] != '\0'; i++) {
        char key[2] = {source[i], '\0'};
        type(&s, key);
        total += s.sent;
    }
    assert_true(total <= 12 * strlen(source));
    /* In the middle of a block of many lines. */
    struct pc_bytes block = {0};
    for (size_t i = 0; i < 1000; i++) {
        pc_bytes_append_text(&block, "\n    value = compute(value, 'text')  # note");
    }
    type(&s, block.data);
    pc_bytes_fini(&block);
    move(&s, s.text.starts[500] + 12);
    for (size_t i = 0; i < 10; i++) {
        type(&s, "x");
        assert_true(s.sent <= 20);
    }
    type(&s, "\n");
    assert_true(s.sent <= 160);
    move(&s, s.content.cursor + 1);
    assert_true(s.sent <= 20);
    close_scene(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__in_several_lines),
        cmocka_unit_test(test_text__at_the_edge),
        cmocka_unit_test(test_output__above_the_prompt),
        cmocka_unit_test(test_output__lines_in_parts),
        cmocka_unit_test(test_output__in_colours),
        cmocka_unit_test(test_output__cut_characters),
        cmocka_unit_test(test_output__up_to_the_edge),
        cmocka_unit_test(test_output__that_returns),
        cmocka_unit_test(test_output__others_wrote),
        cmocka_unit_test(test_tall__a_window_on_the_text),
        cmocka_unit_test(test_tall__stays_whole_when_accepted),
        cmocka_unit_test(test_tall__output),
        cmocka_unit_test(test_menu__in_columns),
        cmocka_unit_test(test_menu__too_narrow),
        cmocka_unit_test(test_menu__near_the_bottom),
        cmocka_unit_test(test_menu__more_items_than_rows),
        cmocka_unit_test(test_suggestion__behind_the_text),
        cmocka_unit_test(test_hint_and_message),
        cmocka_unit_test(test_hint_and_message__their_cursor_is_seen),
        cmocka_unit_test(test_selection_and_brackets),
        cmocka_unit_test(test_resize__rewrapped_or_not),
        cmocka_unit_test(test_screen__cleared),
        cmocka_unit_test(test_screen__hidden),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_prompt__of_its_own_kind),
        cmocka_unit_test(test_linear__only_what_changes),
        cmocka_unit_test(test_linear__says_once),
        cmocka_unit_test(test_linear__part_of_a_long_line),
        cmocka_unit_test(test_cost__bytes_of_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
