/* Key bindings in readline's notation. */
#include "check.h"

#include "edit/inputrc.h"

struct heard {
    struct pc_bytes complaints;
    struct pc_bytes settings;
};

static int
include(void *ctx, const char *path, struct pc_bytes *ret_text)
{
    (void)ctx;
    if (strcmp(path, "/etc/inputrc") == 0) {
        return pc_bytes_append_text(ret_text, "# ours\n\"\\C-xa\": redo\nnonsense\n");
    }
    return strcmp(path, "loop") == 0 ? pc_bytes_append_text(ret_text, "$include loop")
                                     : -1;
}

static void
set(void *ctx, const char *name, const char *value)
{
    struct heard *heard = ctx;
    pc_bytes_append_format(&heard->settings, "%s=%s;", name, value);
}

static void
complain(void *ctx, const char *path, size_t line, const char *message)
{
    struct heard *heard = ctx;
    pc_bytes_append_format(&heard->complaints, "%s%zu: %s\n", path == NULL ? "" : path,
                           line, message);
}

/* Reads the text; what it complains of is in `complaints`. */
static void
read_text(struct pc_editor *editor, const char *text, const char *complaints)
{
    struct heard heard = {0};
    const struct pc_inputrc_host host = {
        .term = "xterm-256color",
        .ctx = &heard,
        .include = include,
        .set = set,
        .complain = complain,
    };
    size_t len = strlen(text);
    assert_int_equal(pc_inputrc_read(editor, text, len, &host), 0);
    assert_string_equal(pc_bytes_text(&heard.complaints), complaints);
    pc_bytes_fini(&heard.complaints);
    pc_bytes_fini(&heard.settings);
}

/* What a sequence is bound to in a map: the command's name, "macro", or "". */
static const char *
bound(const struct pc_editor *editor, enum pc_keymap_name map, const char *notation)
{
    uint32_t keys[PC_KEYMAP_SEQUENCE_MOST];
    size_t count = 0;
    for (const char *at = notation; *at != '\0'; at += *at == ' ') {
        struct pc_key key;
        at += pc_key_parse(at, strlen(at), &key);
        keys[count++] = pc_key_code(&key);
    }
    const struct pc_binding *binding = NULL;
    pc_keymap_find(&editor->keymaps[map], keys, count, &binding);
    if (binding == NULL) {
        return "";
    }
    return binding->macro != NULL
               ? "macro"
               : pc_command_of((enum pc_command_id)binding->command)->name;
}

#define CHECK_BOUND(map, keys, name)                                                   \
    assert_string_equal(bound(&editor, PC_KEYMAP_##map, keys), name)

static void
test_bindings__by_sequence_and_by_name(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor,
              "# keys\n\n"
              "\"\\C-x\\C-t\": redo\n"
              "  \"\\e[A\" : history-search-backward  \n"
              "\"\\eOB\": history-search-forward\r\n"
              "\"\\M-x\": undo\n"
              "\"\\e[1;5C\": kill-word\n"
              "Control-u: kill-whole-line\n"
              "Meta-Rubout: kill-word\n"
              "C-M-t: undo\n"
              "TAB: menu-complete\n"
              "\"\\x07\": redo\n"
              "\"\\033q\": yank\n"
              "\"\\C-\\M-k\": yank\n",
              "");
    CHECK_BOUND(EMACS, "C-x C-t", "redo");
    CHECK_BOUND(EMACS, "Up", "history-search-backward");
    CHECK_BOUND(EMACS, "Down", "history-search-forward");
    CHECK_BOUND(EMACS, "M-x", "undo");
    CHECK_BOUND(EMACS, "C-Right", "kill-word");
    CHECK_BOUND(EMACS, "C-u", "kill-whole-line");
    CHECK_BOUND(EMACS, "M-Backspace", "kill-word");
    CHECK_BOUND(EMACS, "C-M-t", "undo");
    CHECK_BOUND(EMACS, "Tab", "complete");
    CHECK_BOUND(EMACS, "C-g", "redo");
    CHECK_BOUND(EMACS, "M-q", "yank");
    CHECK_BOUND(EMACS, "C-M-k", "yank");
    CHECK_BOUND(EMACS, "C-a", "beginning-of-line");
    pc_editor_fini(&editor);
}

static void
test_macro__is_played(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor, "\"\\C-xp\": \"print(\\\"\\\")\\C-b\\C-b\"\n", "");
    CHECK_BOUND(EMACS, "C-x p", "macro");
    const struct pc_key keys[] = {pc_key_of_point('x', PC_KEY_CONTROL),
                                  pc_key_of_point('p', 0), pc_key_of_point('!', 0)};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pc_editor_key(&editor, &keys[i]), PC_EDIT_NONE);
    }
    assert_string_equal(editor.text.bytes, "print(\"!\")");
    pc_editor_fini(&editor);
}

static void
test_macro__that_calls_itself_ends(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor, "\"a\": \"a\"\n\"b\": \"bb\"\n", "");
    struct pc_key key = pc_key_of_point('a', 0);
    assert_int_equal(pc_editor_key(&editor, &key), PC_EDIT_BELL);
    assert_false(pc_editor_is_playing(&editor));
    key = pc_key_of_point('b', 0);
    assert_true(pc_editor_key(&editor, &key) != PC_EDIT_NONE);
    assert_false(pc_editor_is_playing(&editor));
    pc_editor_fini(&editor);
}

static void
type(struct pc_editor *editor, const char *text)
{
    for (; *text != '\0'; text++) {
        struct pc_key key = pc_key_of_point((unsigned char)*text, 0);
        assert_int_equal(pc_editor_key(editor, &key), PC_EDIT_NONE);
    }
}

static void
test_sequences__of_characters_are_typed_where_they_do_not_fit(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor, "\"jk\": \"!\"\n\"abcd\": \"?\"\n\"abc\": \"#\"\n", "");
    type(&editor, "jjust ab abx abcx abcd jk j");
    assert_string_equal(editor.text.bytes, "jjust ab abx #x ? ! ");
    assert_true(pc_editor_is_pending(&editor));
    assert_int_equal(pc_editor_expire(&editor), PC_EDIT_NONE);
    assert_string_equal(editor.text.bytes, "jjust ab abx #x ? ! j");
    assert_false(pc_editor_is_pending(&editor));
    type(&editor, "ab");
    assert_int_equal(pc_editor_expire(&editor), PC_EDIT_NONE);
    assert_string_equal(editor.text.bytes, "jjust ab abx #x ? ! jab");
    pc_editor_fini(&editor);
}

static void
test_sequences__of_characters_are_repeated_by_vi_as_they_were_typed(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor, "set editing-mode vi\n\"jk\": vi-movement-mode\n", "");
    type(&editor, "junojkSjunojk.");
    assert_string_equal(editor.text.bytes, "juno");
    type(&editor, "ijunojk.");
    assert_string_equal(editor.text.bytes, "junjunjunooo");
    pc_editor_fini(&editor);
}

static void
test_modes__and_keymaps(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor,
              "set editing-mode vi\n"
              "$if mode=vi\n\"jk\": vi-movement-mode\n$else\n\"\\C-t\": undo\n$endif\n"
              "set keymap vi-command\n\"gt\": redo\n\"H\": vi-first-print\n"
              "set keymap emacs-ctlx\n\"q\": redo\n"
              "set keymap emacs-meta\nz: redo\n",
              "");
    assert_int_equal(editor.mode, PC_MODE_VI_INSERT);
    CHECK_BOUND(VI_INSERT, "j k", "vi-movement-mode");
    CHECK_BOUND(VI_INSERT, "C-t", "transpose-chars");
    CHECK_BOUND(VI_COMMAND, "g t", "redo");
    CHECK_BOUND(VI_COMMAND, "H", "back-to-indentation");
    CHECK_BOUND(EMACS, "C-x q", "redo");
    CHECK_BOUND(EMACS, "M-z", "redo");
    pc_editor_fini(&editor);
}

static void
test_conditions__nest(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor,
              "$if Bash\n$if Python\n\"\\C-t\": undo\n$else\n\"\\C-t\": undo\n$endif\n"
              "$else\n$if term=xterm\n\"\\C-xt\": undo\n$endif\n$endif\n"
              "$if python\n\"\\C-xy\": undo\n$endif\n"
              "$if version >= 8.0\n\"\\C-xz\": undo\n$endif\n"
              "$if version < 8.0\n\"\\C-xw\": undo\n$endif\n",
              "");
    CHECK_BOUND(EMACS, "C-t", "transpose-chars");
    CHECK_BOUND(EMACS, "C-x t", "undo");
    CHECK_BOUND(EMACS, "C-x y", "undo");
    CHECK_BOUND(EMACS, "C-x z", "undo");
    CHECK_BOUND(EMACS, "C-x w", "");
    pc_editor_fini(&editor);
}

static void
test_bad_lines__are_named(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor,
              "\"\\C-x\n"
              "\"\\C-xx\" undo\n"
              "\"\\C-xx\": no-such-thing\n"
              "Control-nothing: undo\n"
              "what is this\n"
              "set keymap elsewhere\n"
              "set editing-mode ed\n"
              "\"\": undo\n"
              "\"\\C-xx\": \"open\n"
              "$nothing\n"
              "$endif\n"
              "$else\n"
              "$include none\n"
              "$if Python\n",
              "1: a quote without its end: \"\\C-x\n"
              "2: no colon behind the key: \"\\C-xx\" undo\n"
              "3: no command of that name: no-such-thing\n"
              "4: not a binding: Control-nothing: undo\n"
              "5: not a binding: what is this\n"
              "6: no keymap of that name: elsewhere\n"
              "7: editing-mode is emacs or vi, not: ed\n"
              "8: no key, or too many of them, for: undo\n"
              "9: a quote without its end: \"open\n"
              "10: no such directive: $nothing\n"
              "11: $endif without $if\n"
              "12: $else without $if\n"
              "13: cannot be read: none\n"
              "14: $if without $endif\n");
    pc_editor_fini(&editor);
}

static void
test_commands_of_others__are_no_mistakes(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor,
              "Space: magic-space\n"
              "Control-t: tilde-expand\n"
              "\"\\C-xd\": delete-char-or-list\n",
              "");
    CHECK_BOUND(EMACS, "Space", "");
    CHECK_BOUND(EMACS, "C-t", "transpose-chars");
    CHECK_BOUND(EMACS, "C-x d", "delete-char");
    pc_editor_fini(&editor);
}

static void
test_include__reads_another_file(void **state)
{
    (void)state;
    struct pc_editor editor;
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    read_text(&editor, "$include /etc/inputrc\n$include loop\n",
              "/etc/inputrc3: not a binding: nonsense\n"
              "loop1: too many files that include files: loop\n");
    CHECK_BOUND(EMACS, "C-x a", "redo");
    pc_editor_fini(&editor);
}

static void
test_unbound_only__what_has_a_command_keeps_it(void **state)
{
    (void)state;
    struct pc_editor editor;
    const struct pc_inputrc_host host = {.unbound_only = true};
    static const char text[] = "\"\\e\\e[D\": backward-word\n\"\\C-x\": undo\n"
                               "\"\\e[2~\": \"x\"\n\"\\C-xq\": undo\n";
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    assert_int_equal(pc_inputrc_read(&editor, text, sizeof text - 1, &host), 0);
    CHECK_BOUND(EMACS, "M-Left", "dedent-lines");
    CHECK_BOUND(EMACS, "C-x", "");
    CHECK_BOUND(EMACS, "Insert", "overwrite-mode");
    CHECK_BOUND(EMACS, "C-x q", "undo");
    pc_editor_fini(&editor);
}

static void
test_settings__go_to_the_host(void **state)
{
    (void)state;
    struct pc_editor editor;
    struct heard heard = {0};
    const struct pc_inputrc_host host = {.ctx = &heard, .set = set};
    static const char text[] = "set bell-style  none\nset show-mode-in-prompt on";
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    assert_int_equal(pc_inputrc_read(&editor, text, sizeof text - 1, &host), 0);
    assert_string_equal(heard.settings.data, "bell-style=none;show-mode-in-prompt=on;");
    pc_bytes_fini(&heard.settings);
    pc_editor_fini(&editor);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bindings__by_sequence_and_by_name),
        cmocka_unit_test(test_macro__is_played),
        cmocka_unit_test(test_macro__that_calls_itself_ends),
        cmocka_unit_test(test_sequences__of_characters_are_typed_where_they_do_not_fit),
        cmocka_unit_test(
            test_sequences__of_characters_are_repeated_by_vi_as_they_were_typed),
        cmocka_unit_test(test_modes__and_keymaps),
        cmocka_unit_test(test_conditions__nest),
        cmocka_unit_test(test_bad_lines__are_named),
        cmocka_unit_test(test_commands_of_others__are_no_mistakes),
        cmocka_unit_test(test_include__reads_another_file),
        cmocka_unit_test(test_unbound_only__what_has_a_command_keeps_it),
        cmocka_unit_test(test_settings__go_to_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
