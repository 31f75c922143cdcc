/* Each allocation fails once, in turn: the function says so, the text is as it was, and
 * what is done after it works. Linked with --wrap, so that malloc and realloc are these. */
#include "check.h"

#include <pyconsole/status.h>
#include <stdlib.h>

#include "edit/inputrc.h"

void *__real_malloc(size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *block, size_t size);

static long left = -1; /* allocations that succeed; -1: all */
static bool failed;

static bool
fails(void)
{
    if (left < 0 || left-- > 0) {
        return false;
    }
    failed = true;
    return true;
}

void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

/* ---- what is done with a text and its cursor in the middle */

typedef int scenario(struct pc_editor *editor);

static int
key(struct pc_editor *editor, const char *name)
{
    struct pc_key parsed;
    assert_true(pc_key_parse(name, strlen(name), &parsed) > 0);
    return pc_editor_key(editor, &parsed);
}

/* The last key's result, or the first failure. */
static int
keys(struct pc_editor *editor, const char *const *names)
{
    int result = 0;
    for (; *names != NULL && result >= 0; names++) {
        result = key(editor, *names);
    }
    return result;
}

#define KEYS(name, ...)                                                                \
    static int name(struct pc_editor *editor)                                          \
    {                                                                                  \
        static const char *const names[] = {__VA_ARGS__, NULL};                        \
        return keys(editor, names);                                                    \
    }

KEYS(type_word, "a", "b", "c")
KEYS(kill_line, "C-k")
KEYS(kill_words, "M-d", "M-Backspace")
KEYS(open_line, "M-Enter")
KEYS(move_line, "M-Up")
KEYS(comment, "M-;")
KEYS(upcase, "M-u")
KEYS(transpose, "M-t")
KEYS(indent, "M-Right")
KEYS(record, "C-x", "(", "a", "C-x", ")", "M-9", "M-9", "C-x", "e")

static int
paste(struct pc_editor *editor)
{
    static const char text[] = ">>> one\r\n... two\n\xff";
    return pc_editor_paste(editor, text, sizeof text - 1);
}

static int
set_text(struct pc_editor *editor)
{
    return pc_editor_set_text(editor, "an\nother\ntext", 13);
}

/* Its keys are bound up to where it failed; the text is not touched. */
static int
read_inputrc(struct pc_editor *editor)
{
    static const char text[] = "set editing-mode vi\n\"\\C-xx\": \"macro\"\n"
                               "\"\\C-xy\": undo\nset other value\n";
    const struct pc_inputrc_host host = {0};
    return pc_inputrc_read(editor, text, sizeof text - 1, &host);
}

static int
vi_change(struct pc_editor *editor)
{
    pc_editor_use_vi(editor, true);
    return key(editor, "Escape") < 0 || key(editor, "d") < 0 ? PYCONSOLE_ENOMEM
                                                             : key(editor, "d");
}

static const struct {
    const char *name;
    scenario *run;
    bool many; /* several commands: each is all or nothing, not all of them */
} scenarios[] = {
    {"type_word", type_word, true},
    {"kill_line", kill_line, false},
    {"kill_words", kill_words, true},
    {"open_line", open_line, false},
    {"move_line", move_line, false},
    {"comment", comment, false},
    {"upcase", upcase, false},
    {"transpose", transpose, false},
    {"indent", indent, false},
    {"record", record, true},
    {"paste", paste, false},
    {"set_text", set_text, false},
    {"read_inputrc", read_inputrc, false},
    {"vi_change", vi_change, false},
};

static const char TEXT[] = "def f(a):\n    one two, three\n    return a\n";

/* Runs with the n-th allocation failing; whether one did. */
static bool
run_with_failure(size_t index, long n)
{
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    assert_int_equal(pc_editor_set_text(&editor, TEXT, sizeof TEXT - 1), 0);
    pc_editor_go(&editor, 20);
    left = n;
    failed = false;
    int result = scenarios[index].run(&editor);
    left = -1;
    if (result < 0) {
        assert_true(failed);
        assert_int_equal(result, PYCONSOLE_ENOMEM);
        if (!scenarios[index].many) {
            assert_string_equal(editor.text.bytes, TEXT);
        }
    }
    assert_true(editor.cursor <= editor.text.len);
    pc_editor_use_vi(&editor, false);
    size_t before = editor.text.len;
    assert_int_equal(key(&editor, "x"), PC_EDIT_NONE);
    assert_true(editor.text.len > before || editor.overwrite);
    while (key(&editor, "C-_") == PC_EDIT_NONE) {}
    assert_string_equal(editor.text.bytes, "");
    pc_editor_fini(&editor);
    return failed;
}

static void
test_failure__keeps_the_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        long n = 0;
        while (run_with_failure(i, n)) {
            n++;
        }
        if (n == 0) {
            print_error("%s allocates nothing\n", scenarios[i].name);
        }
        assert_true(n > 0);
    }
}

static void
test_init__fails_clean(void **state)
{
    (void)state;
    long n = 0;
    for (;; n++) {
        struct pc_editor editor;
        left = n;
        int status = pc_editor_init(&editor, PC_PYTHON_3_13);
        left = -1;
        if (status == PYCONSOLE_OK) {
            pc_editor_fini(&editor);
            break;
        }
        assert_int_equal(status, PYCONSOLE_ENOMEM);
    }
    assert_true(n > 4);
}

/* A paste that is lost does not take the keys behind it along. */
static void
test_decoder__loses_a_paste_only(void **state)
{
    (void)state;
    static const char bytes[] = "\x1b[200~a long paste, which is longer than the room "
                                "that there is for it at first\x1b[201~x";
    for (long n = 0;; n++) {
        struct pc_key_decoder decoder = {0};
        struct pc_key key;
        pc_key_decoder_feed(&decoder, bytes, sizeof bytes - 1);
        left = n;
        failed = false;
        int status = pc_key_decoder_next(&decoder, &key);
        left = -1;
        if (n == 0) {
            /* The sequence that begins it is lost: then it is typed. */
            assert_int_equal(status, 1);
        }
        else if (failed) {
            assert_int_equal(status, PYCONSOLE_ENOMEM);
            assert_int_equal(pc_key_decoder_next(&decoder, &key), 1);
            assert_int_equal(key.point, 'x');
        }
        pc_key_decoder_fini(&decoder);
        if (!failed) {
            assert_true(n > 1);
            break;
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failure__keeps_the_text),
        cmocka_unit_test(test_init__fails_clean),
        cmocka_unit_test(test_decoder__loses_a_paste_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
