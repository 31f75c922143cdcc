/* Colours for tracebacks. Styles are written as marks here: {t} before a class, and so on. */
#include "check.h"

#include "view/traceback.h"

/* A theme whose styles are told apart by their colours; a text without its escapes, and a
 * mark where each colour begins. */
static void
show(const char *text, struct pc_bytes *ret_shown)
{
    static const struct {
        const char *name;
        const char *style;
        const char *escape;
        const char *mark;
    } styles[] = {
        {"traceback_type", "red", "\033[31m", "{t}"},
        {"traceback_message", "green", "\033[32m", "{m}"},
        {"traceback_filename", "yellow", "\033[33m", "{f}"},
        {"traceback_line", "blue", "\033[34m", "{l}"},
        {"traceback_frame", "magenta", "\033[35m", "{n}"},
        {"traceback_range", "cyan", "\033[36m", "{r}"},
        {"traceback_highlight", "white", "\033[37m", "{h}"},
    };
    struct pc_theme theme;
    pc_auto_bytes struct pc_bytes bytes = {0};
    pc_theme_init(&theme, PC_COLORS_16, PC_BACKGROUND_DARK);
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        assert_int_equal(pc_theme_set(&theme, styles[i].name, styles[i].style), 0);
    }
    assert_int_equal(pc_traceback_append(&bytes, text, strlen(text), &theme), 0);
    for (const char *at = bytes.data; at != NULL && *at != '\0';) {
        size_t len = *at == '\033' ? pc_escape_length(at, strlen(at)) : 1;
        for (size_t i = 0; len > 1 && i < sizeof styles / sizeof *styles; i++) {
            if (strncmp(at, styles[i].escape, len) == 0) {
                assert_int_equal(pc_bytes_append_text(ret_shown, styles[i].mark), 0);
            }
        }
        if (len == 1) {
            assert_int_equal(pc_bytes_append_byte(ret_shown, *at), 0);
        }
        at += len;
    }
}

static void
test_traceback__parts_have_their_styles(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Traceback (most recent call last):\n",
         "Traceback (most recent call last):\n"},
        {"  File \"<input-1>\", line 12, in f\n",
         "  File {f}\"<input-1>\", line {l}12, in {n}f\n"},
        {"  File \"a, line.py\", line 3\n", "  File {f}\"a, line.py\", line {l}3\n"},
        {"    return 1/0\n           ~^~\n",
         "    return 1/0\n           {r}~{h}^{r}~\n"},
        {"ZeroDivisionError: division by zero\n",
         "{t}ZeroDivisionError: {m}division by zero\n"},
        {"KeyboardInterrupt\n", "{t}KeyboardInterrupt\n"},
        {"  | package.Error: one: two\n", "  | {t}package.Error: {m}one: two\n"},
        {"a note in two words\n", "a note in two words\n"},
        {"\033[31mits own\033[0m: x\n", "{t}its own: x\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pc_auto_bytes struct pc_bytes shown = {0};
        show(cases[i][0], &shown);
        assert_string_equal(pc_bytes_text(&shown), cases[i][1]);
    }
}

static void
test_traceback__without_colours_it_is_as_it_came(void **state)
{
    (void)state;
    static const char text[] = "  File \"x\", line 1\nError: y";
    struct pc_theme theme;
    pc_auto_bytes struct pc_bytes bytes = {0};
    pc_theme_init(&theme, PC_COLORS_NONE, PC_BACKGROUND_DARK);
    assert_int_equal(pc_traceback_append(&bytes, text, sizeof text - 1, &theme), 0);
    assert_string_equal(bytes.data, text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traceback__parts_have_their_styles),
        cmocka_unit_test(test_traceback__without_colours_it_is_as_it_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
