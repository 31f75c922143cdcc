/* Undo and redo of random commands, with a fixed seed: each step back gives the text that
 * was there before a command, each step forth the one after it. */
#include "check.h"

#include <stdlib.h>

#include "edit/editor.h"

enum { COMMANDS = 400, SEEDS = 60 };

static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* One of many keys that change the text or move in it. */
static struct pc_key
random_key(uint32_t *seed)
{
    static const char *const keys[] = {
        "a",      "b",    "Space",       "(",       ")",    ":",       "é",
        "C-k",    "C-u",  "C-w",         "M-d",     "C-y",  "M-y",     "Backspace",
        "Delete", "C-t",  "M-t",         "M-u",     "M-c",  "M-Enter", "Tab",
        "S-Tab",  "Left", "Right",       "Up",      "Down", "M-b",     "M-f",
        "C-a",    "C-e",  "M-<",         "M->",     "C-@",  "S-Right", "S-Down",
        "M-Up",   "M-;",  "M-^",         "M-Right", "M-\\", "M-3",     "Insert",
        "C-d",    "M-w",  "C-Backspace", "M--",
    };
    struct pc_key key;
    const char *name = keys[next_random(seed) % (sizeof keys / sizeof *keys)];
    assert_int_equal(pc_key_parse(name, strlen(name), &key), strlen(name));
    return key;
}

static char *
copy_text(const struct pc_editor *editor)
{
    char *copy = malloc(editor->text.len + 1);
    assert_non_null(copy);
    memcpy(copy, editor->text.bytes, editor->text.len + 1);
    return copy;
}

static void
play(struct pc_editor *editor, const char *name)
{
    struct pc_key key;
    pc_key_parse(name, strlen(name), &key);
    pc_editor_key(editor, &key);
}

static void
check_seed(uint32_t seed, bool vi)
{
    struct pc_editor editor;
    char *states[COMMANDS + 1];
    size_t count = 1;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    pc_editor_use_vi(&editor, vi);
    states[0] = copy_text(&editor);
    for (int i = 0; i < COMMANDS; i++) {
        struct pc_key key = random_key(&seed);
        assert_true(pc_editor_key(&editor, &key) >= 0);
        if (strcmp(editor.text.bytes, states[count - 1]) != 0) {
            states[count++] = copy_text(&editor);
        }
    }
    pc_editor_use_vi(&editor, false);
    /* Typing is undone in groups, so some states are passed over, but none is another. */
    size_t at = count - 1;
    char *last = states[at];
    play(&editor, "C-g");
    while (editor.undo.done > 0) {
        play(&editor, "C-_");
        while (at > 0 && strcmp(editor.text.bytes, states[at]) != 0) {
            at--;
        }
        assert_string_equal(editor.text.bytes, states[at]);
        assert_true(editor.cursor <= editor.text.len);
    }
    assert_string_equal(editor.text.bytes, "");
    while (editor.undo.done < editor.undo.count) {
        play(&editor, "M-_");
        while (at < count - 1 && strcmp(editor.text.bytes, states[at]) != 0) {
            at++;
        }
        assert_string_equal(editor.text.bytes, states[at]);
    }
    assert_string_equal(editor.text.bytes, last);
    for (size_t i = 0; i < count; i++) {
        free(states[i]);
    }
    pc_editor_fini(&editor);
}

static void
test_undo__of_random_commands(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        check_seed(seed, false);
        check_seed(seed, true);
    }
}

static void
test_undo__forgets_the_oldest(void **state)
{
    (void)state;
    struct pc_text text;
    struct pc_undo undo = {0};
    size_t cursor = 0;
    size_t undone = 0;
    assert_int_equal(pc_text_init(&text), 0);
    for (int i = 0; i < PC_UNDO_STEPS_MOST + 10; i++) {
        pc_undo_begin(&undo);
        assert_int_equal(pc_undo_replace(&undo, &text, 0, 0, 0, "x", 1), 0);
    }
    while (pc_undo_back(&undo, &text, &cursor) == 1) {
        undone++;
    }
    assert_int_equal(undone, PC_UNDO_STEPS_MOST);
    assert_int_equal(text.len, 10);
    pc_undo_fini(&undo);
    pc_text_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_undo__of_random_commands),
        cmocka_unit_test(test_undo__forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
