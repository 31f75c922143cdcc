/* src/repl: the settings (values, defaults, what is said of wrong lines) and colours. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "repl/colour.h"
#include "repl/settings.h"

struct reading {
    struct pc_settings settings;
    struct pc_bytes errors;
};

static int
begin(void **state)
{
    struct reading *reading = calloc(1, sizeof *reading);
    assert_int_equal(pc_settings_init(&reading->settings), 0);
    *state = reading;
    return 0;
}

static int
end(void **state)
{
    struct reading *reading = *state;
    pc_settings_fini(&reading->settings);
    pc_bytes_fini(&reading->errors);
    free(reading);
    return 0;
}

static const char *
errors_of(struct reading *reading, const char *text)
{
    assert_int_equal(
        pc_settings_read(&reading->settings, "S", text, strlen(text), &reading->errors),
        0);
    return pc_bytes_text(&reading->errors);
}

static void
test_defaults__are_those_of_the_list(void **state)
{
    struct reading *reading = *state;
    const struct pc_settings *settings = &reading->settings;
    assert_int_equal(settings->editing_mode, PC_EDITING_EMACS);
    assert_int_equal(settings->theme, PC_THEME_AUTO);
    assert_int_equal(settings->completion, PC_COMPLETION_TAB);
    assert_true(settings->suggestions);
    assert_false(settings->pure_python);
    assert_int_equal(settings->indent, 4);
    assert_string_equal(pc_bytes_text(&settings->pager), "");
    assert_int_equal(settings->style_count, 0);
    assert_int_equal(settings->bindings.len, 0);
}

static void
test_read__each_kind_of_value(void **state)
{
    struct reading *reading = *state;
    static const char text[] = "# a remark\n"
                               "\n"
                               "  editing-mode=vi  \r\n"
                               "suggestions = off\n"
                               "menu-rows =  20\n"
                               "editor = code --wait # not a remark\n"
                               "pager = \"  less  \"";
    const struct pc_settings *settings = &reading->settings;
    assert_string_equal(errors_of(reading, text), "");
    assert_int_equal(settings->editing_mode, PC_EDITING_VI);
    assert_false(settings->suggestions);
    assert_int_equal(settings->menu_rows, 20);
    assert_string_equal(pc_bytes_text(&settings->editor), "code --wait # not a remark");
    assert_string_equal(pc_bytes_text(&settings->pager), "  less  ");
}

static void
test_read__wrong_lines_are_named_and_passed_over(void **state)
{
    struct reading *reading = *state;
    static const char text[] = "indent\n"
                               "colour = red\n"
                               "indent = 3\n"
                               "indent = 17\n"
                               "indent = 2x\n"
                               "\n"
                               "suggestions = maybe\n"
                               "theme = dar\n"
                               "theme = light\n";
    assert_string_equal(errors_of(reading, text),
                        "S:1: there is no \"=\"\n"
                        "S:2: there is no setting \"colour\"\n"
                        "S:4: \"17\" is no number from 1 to 16\n"
                        "S:5: \"2x\" is no number from 1 to 16\n"
                        "S:7: \"maybe\" is none of: off on\n"
                        "S:8: \"dar\" is none of: auto dark light none\n");
    assert_int_equal(reading->settings.indent, 3);
    assert_int_equal(reading->settings.theme, PC_THEME_LIGHT);
    assert_true(reading->settings.suggestions);
}

static void
test_read__styles_and_bindings_for_those_who_know_them(void **state)
{
    struct reading *reading = *state;
    static const char text[] = "style keyword = bold #ffaf00\n"
                               "bind \"\\C-o\": accept-line\n"
                               "style comment = \"grey\"\n"
                               "bind Meta-x: \"a = 1\"\n";
    const struct pc_settings *settings = &reading->settings;
    assert_string_equal(errors_of(reading, text), "");
    assert_int_equal(settings->style_count, 2);
    assert_string_equal(settings->styles[0].name, "keyword");
    assert_string_equal(settings->styles[0].value, "bold #ffaf00");
    assert_int_equal(settings->styles[1].line, 3);
    assert_string_equal(settings->styles[1].value, "grey");
    assert_string_equal(settings->bindings.data,
                        "\n\"\\C-o\": accept-line\n\nMeta-x: \"a = 1\"\n");
}

static void
test_set__while_it_runs(void **state)
{
    struct reading *reading = *state;
    struct pc_settings *settings = &reading->settings;
    assert_int_equal(pc_settings_set(settings, "menu-rows", "3", &reading->errors), 0);
    assert_int_equal(settings->menu_rows, 3);
    assert_int_equal(pc_settings_set(settings, "menu", "3", &reading->errors),
                     PYCONSOLE_EINVAL);
    assert_string_equal(reading->errors.data, "there is no setting \"menu\"");
}

static void
test_load__a_file_or_none(void **state)
{
    struct reading *reading = *state;
    char file[] = "/tmp/pyconsole-settings-XXXXXX";
    int fd = mkstemp(file);
    assert_int_equal(write(fd, "indent = 2\nx\n", 13), 13);
    close(fd);
    assert_int_equal(pc_settings_load(&reading->settings, file, &reading->errors), 0);
    assert_int_equal(reading->settings.indent, 2);
    assert_non_null(strstr(reading->errors.data, ":2: there is no"));
    unlink(file);
    pc_bytes_clear(&reading->errors);
    assert_int_equal(pc_settings_load(&reading->settings, file, &reading->errors), 0);
    assert_int_equal(reading->errors.len, 0);
    assert_int_equal(pc_settings_load(&reading->settings, "/tmp", &reading->errors), 0);
    assert_non_null(strstr(reading->errors.data, "/tmp: "));
}

static void
test_path__below_the_folder_that_is_named(void **state)
{
    (void)state;
    struct pc_bytes path = {0};
    setenv("HOME", "/home/x", 1);
    setenv("XDG_TEST_HOME", "/y", 1);
    assert_int_equal(pc_settings_path("XDG_TEST_HOME", ".config", "p/s", &path), 0);
    assert_string_equal(path.data, "/y/p/s");
    pc_bytes_clear(&path);
    setenv("XDG_TEST_HOME", "relative", 1);
    assert_int_equal(pc_settings_path("XDG_TEST_HOME", ".config", "p/s", &path), 0);
    assert_string_equal(path.data, "/home/x/.config/p/s");
    unsetenv("HOME");
    assert_int_equal(pc_settings_path("XDG_TEST_HOME", ".config", "p/s", &path),
                     PYCONSOLE_EINVAL);
    pc_bytes_fini(&path);
}

/* ---- colours ---- */

static void
test_colour__the_order_of_cpython(void **state)
{
    (void)state;
    static const struct {
        struct pc_colour_facts facts; /* PYTHON_COLORS, NO_COLOR, FORCE_COLOR, TERM */
        bool wanted;
    } cases[] = {
        {{NULL, NULL, NULL, "xterm", NULL, true}, true},
        {{NULL, NULL, NULL, "xterm", NULL, false}, false},
        {{NULL, NULL, NULL, NULL, NULL, true}, true},
        {{NULL, NULL, NULL, "dumb", NULL, true}, false},
        {{NULL, NULL, "1", "dumb", NULL, false}, true},
        {{NULL, NULL, "0", "dumb", NULL, false}, true},
        {{NULL, NULL, "", "dumb", NULL, true}, false},
        {{NULL, "1", "1", "xterm", NULL, true}, false},
        {{NULL, "", NULL, "xterm", NULL, true}, true},
        {{"0", NULL, "1", "xterm", NULL, true}, false},
        {{"1", "1", NULL, "dumb", NULL, false}, true},
        {{"2", "1", NULL, "xterm", NULL, true}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(pc_colour_decide(&cases[i].facts) != PC_COLORS_NONE,
                         cases[i].wanted);
    }
}

static void
test_colour__as_many_as_the_terminal_has(void **state)
{
    (void)state;
    struct pc_colour_facts facts = {.term = "linux", .is_terminal = true};
    assert_int_equal(pc_colour_decide(&facts), PC_COLORS_16);
    facts.term = "xterm-256color";
    assert_int_equal(pc_colour_decide(&facts), PC_COLORS_256);
    facts.colorterm = "truecolor";
    assert_int_equal(pc_colour_decide(&facts), PC_COLORS_TRUE);
    facts.colorterm = "yes";
    facts.term = "xterm-direct";
    assert_int_equal(pc_colour_decide(&facts), PC_COLORS_TRUE);
}

static void
test_colour__python_variables_may_not_count(void **state)
{
    (void)state;
    setenv("PYTHON_COLORS", "1", 1);
    assert_string_equal(pc_colour_facts(0, true).python_colors, "1");
    assert_null(pc_colour_facts(0, false).python_colors);
    unsetenv("PYTHON_COLORS");
}

#define READING(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        READING(test_defaults__are_those_of_the_list),
        READING(test_read__each_kind_of_value),
        READING(test_read__wrong_lines_are_named_and_passed_over),
        READING(test_read__styles_and_bindings_for_those_who_know_them),
        READING(test_set__while_it_runs),
        READING(test_load__a_file_or_none),
        cmocka_unit_test(test_colour__the_order_of_cpython),
        cmocka_unit_test(test_colour__as_many_as_the_terminal_has),
        cmocka_unit_test(test_colour__python_variables_may_not_count),
        cmocka_unit_test(test_path__below_the_folder_that_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
