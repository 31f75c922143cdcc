/* The decoder of keys: every sequence, whole, byte by byte, and cut everywhere. */
#include "check.h"

#include <pyconsole/status.h>
#include <stdlib.h>

#include "edit/key.h"

/* Appends a key in its notation, with a blank behind it; texts in brackets. */
static void
note(struct pc_bytes *notes, const struct pc_key *key)
{
    char name[PC_KEY_NAME_MOST];
    if (key->text != NULL) {
        pc_bytes_append_text(notes, key->kind == PC_KEY_PASTE ? "paste<" : "reply<");
        pc_bytes_append(notes, key->text, key->len);
        pc_bytes_append_text(notes, "> ");
    }
    else if (key->kind == PC_KEY_FOCUS_IN || key->kind == PC_KEY_FOCUS_OUT) {
        pc_bytes_append_text(notes, key->kind == PC_KEY_FOCUS_IN ? "in " : "out ");
    }
    else {
        pc_key_name(key, name);
        pc_bytes_append_text(notes, name);
        pc_bytes_append_text(notes, " ");
    }
}

static void
feed(struct pc_key_decoder *decoder, const char *bytes, size_t len,
     struct pc_bytes *notes)
{
    /* A block of its own, so that reading beyond it is seen. */
    char *copy = malloc(len > 0 ? len : 1);
    struct pc_key key;
    int status = 0;
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    pc_key_decoder_feed(decoder, copy, len);
    while ((status = pc_key_decoder_next(decoder, &key)) == 1) {
        note(notes, &key);
    }
    assert_int_equal(status, 0);
    free(copy);
}

static void
expire(struct pc_key_decoder *decoder, struct pc_bytes *notes)
{
    struct pc_key key;
    if (pc_key_decoder_expire(decoder, &key) == 1) {
        note(notes, &key);
    }
    assert_false(pc_key_decoder_is_pending(decoder));
}

static void
check_cut(const char *bytes, size_t len, size_t first, size_t second,
          const char *expected)
{
    struct pc_key_decoder decoder = {0};
    struct pc_bytes notes = {0};
    feed(&decoder, bytes, first, &notes);
    feed(&decoder, bytes + first, second - first, &notes);
    feed(&decoder, bytes + second, len - second, &notes);
    expire(&decoder, &notes);
    if (notes.len > 0) {
        notes.data[--notes.len] = '\0';
    }
    assert_string_equal(pc_bytes_text(&notes), expected);
    pc_bytes_fini(&notes);
    pc_key_decoder_fini(&decoder);
}

static void
check_bytes(const char *bytes, size_t len, const char *expected)
{
    for (size_t first = 0; first <= len; first++) {
        for (size_t second = first; second <= len; second++) {
            check_cut(bytes, len, first, second, expected);
        }
    }
    struct pc_key_decoder decoder = {0};
    struct pc_bytes notes = {0};
    for (size_t i = 0; i < len; i++) {
        feed(&decoder, bytes + i, 1, &notes);
    }
    expire(&decoder, &notes);
    notes.len -= notes.len > 0;
    assert_int_equal(notes.len, strlen(expected));
    assert_memory_equal(pc_bytes_text(&notes), expected, notes.len);
    pc_bytes_fini(&notes);
    pc_key_decoder_fini(&decoder);
}

struct expected {
    const char *bytes;
    const char *keys;
};

static void
check_all(const struct expected *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_bytes(expected[i].bytes, strlen(expected[i].bytes), expected[i].keys);
    }
}

#define CHECK(...)                                                                     \
    do {                                                                               \
        static const struct expected expected[] = {__VA_ARGS__};                       \
        check_all(expected, sizeof expected / sizeof *expected);                       \
    } while (0)

static void
test_characters__and_controls(void **state)
{
    (void)state;
    CHECK({"ab ", "a b Space"}, {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8d", "é € 🐍"},
          {"\x01\x1a\x1f\x1c\x08", "C-a C-z C-_ C-\\ C-h"},
          {"\r\n\t\x7f", "Enter C-j Tab Backspace"}, {"\x1b", "Escape"});
    check_bytes("\0x", 2, "C-@ x");
}

static void
test_meta__is_an_escape_before(void **state)
{
    (void)state;
    CHECK({"\x1bx", "M-x"}, {"\x1b\x18", "C-M-x"}, {"\x1b\xc3\xa9", "M-é"},
          {"\x1b\r", "M-Enter"}, {"\x1b\x7f", "M-Backspace"}, {"\x1b\x1b", "M-Escape"},
          {"\x1b\x1bx", "Escape M-x"}, {"\x1b\x1b[A", "M-Up"}, {"\x1b\x1bOA", "M-Up"},
          {"\x1b\x1b\x1b[A", "Escape M-Up"}, {"\x1b[", "M-["}, {"\x1bO", "M-O"},
          {"\x1b]", "M-]"}, {"\x1bP", "M-P"}, {"\x1b]x", "M-] x"}, {"\x1b_", "M-_"},
          {"\x1b<", "M-<"}, {"\x1b.", "M-."});
}

static void
test_sequences__of_terminals(void **state)
{
    (void)state;
    CHECK({"\x1b[A\x1b[B\x1b[C\x1b[D", "Up Down Right Left"},
          {"\x1bOA\x1bOH\x1bOF\x1bOP\x1bOS", "Up Home End F1 F4"},
          {"\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~",
           "Home Insert Delete End PageUp PageDown"},
          {"\x1b[7~\x1b[8~\x1b[11~\x1b[15~\x1b[24~", "Home End F1 F5 F12"},
          {"\x1b[1;2A\x1b[1;3B\x1b[1;5C\x1b[1;8D", "S-Up M-Down C-Right C-M-S-Left"},
          {"\x1b[5C\x1b[5D\x1b[1D\x1b[2A", "C-Right C-Left Left S-Up"},
          {"\x1b[3;5~\x1b[5;2~\x1b[15;3~", "C-Delete S-PageUp M-F5"},
          {"\x1b[1;5H\x1b[1;6F\x1b[1;5P", "C-Home C-S-End C-F1"},
          {"\x1b[Z\x1b[1;5Z", "S-Tab C-S-Tab"},
          /* rxvt */
          {"\x1b[a\x1b[d\x1bOa\x1bOd", "S-Up S-Left C-Up C-Left"},
          {"\x1b[3$\x1b[3^\x1b[3@", "S-Delete C-Delete C-S-Delete"},
          /* the Linux console */
          {"\x1b[[A\x1b[[E", "F1 F5"},
          /* the keypad */
          {"\x1bOM\x1bOp\x1bOy\x1bOk", "Enter 0 9 +"}, {"\x1b[I\x1b[O", "in out"});
}

static void
test_kitty__and_modify_other_keys(void **state)
{
    (void)state;
    CHECK({"\x1b[97;5u\x1b[13;5u\x1b[13;2u\x1b[13;3u", "C-a C-Enter S-Enter M-Enter"},
          {"\x1b[27u\x1b[9;2u\x1b[127;5u", "Escape S-Tab C-Backspace"},
          {"\x1b[97;2u\x1b[97:65;2u\x1b[32;5u", "A A C-@"},
          {"\x1b[105;5u\x1b[109;5u\x1b[91;5u", "Tab Enter Escape"},
          {"\x1b[97;6u\x1b[97;3u\x1b[97;9u", "C-S-a M-a s-a"},
          {"\x1b[97;5:1u\x1b[97;5:2u\x1b[97;5:3u", "C-a C-a"},
          {"\x1b[1;5:1A\x1b[1;5:3A\x1b[3;5:3~", "C-Up"},
          {"\x1b[97;69u\x1b[1;129A", "C-a Up"}, /* the locks do not count */
          {"\x1b[57399u\x1b[57414u\x1b[57417u\x1b[57358u", "0 Enter Left"},
          {"\x1b[27;5;13~\x1b[27;2;9~\x1b[27;6;97~", "C-Enter S-Tab C-S-a"});
}

static void
test_replies__are_no_keys(void **state)
{
    (void)state;
    CHECK({"\x1b[24;80R", "reply<[24;80R>"}, {"\x1b[1;2R", "S-F3"},
          {"\x1b[?62;4c", "reply<[?62;4c>"}, {"\x1b[>0;1;2c", "reply<[>0;1;2c>"},
          {"\x1b[?1u", "reply<[?1u>"}, {"\x1b[?2026;2$y", "reply<[?2026;2$y>"},
          {"\x1b[?997;1n", "reply<[?997;1n>"},
          {"\x1b]11;rgb:ff/ff/ff\x07x", "reply<]11;rgb:ff/ff/ff> x"},
          {"\x1b]11;rgb:ff/ff/ff\x1b\\x", "reply<]11;rgb:ff/ff/ff> x"},
          {"\x1bP1$r0m\x1b\\x", "reply<P1$r0m> x"}, {"\x1b]11;x\x1b[A", "Up"},
          {"\x1b]11;x\x18y", "y"}, {"\x1b]11;x\x03", "C-c"}, {"\x1b]11;x", ""});
    struct pc_key_decoder decoder = {.awaits_position = true};
    struct pc_bytes notes = {0};
    feed(&decoder, "\x1b[1;2R", 6, &notes);
    assert_string_equal(notes.data, "reply<[1;2R> ");
    pc_bytes_fini(&notes);
    pc_key_decoder_fini(&decoder);
}

static void
test_nonsense__does_not_stall(void **state)
{
    (void)state;
    CHECK({"\x1b[99~x", "x"}, {"\x1b[1;2;3;4;5;6Ax", "x"}, {"\x1b[<0;1;1Mx", "x"},
          {"\x1b[M !!x", "x"}, {"\x1b[M \x03x", "C-c x"}, {"\x1b[12\x01", "C-a"},
          {"\x1b[12\x1b[A", "Up"}, {"\x1b[1;5", ""}, {"\x1bOx", "8"},
          {"\x1bOzx", "M-O z x"}, {"\x1bO5zx", "x"},
          {"\x1b[99999999999999999999~x", "x"}, {"\x1b[[9\x1b[[Zx", "9 x"});
}

static void
test_broken_utf8__is_replaced(void **state)
{
    (void)state;
    CHECK({"\xff", "\xef\xbf\xbd"}, {"\xc3x", "\xef\xbf\xbd x"},
          {"\xe2\x82x", "\xef\xbf\xbd x"}, {"\xe2\x82\xe2\x82\xac", "\xef\xbf\xbd €"},
          {"\x80", "\xef\xbf\xbd"}, {"\xc0\xaf", "\xef\xbf\xbd \xef\xbf\xbd"},
          {"\xed\xa0\x80", "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd"},
          {"\xf4\x90", "\xef\xbf\xbd \xef\xbf\xbd"}, {"\xc3\x1b[A", "\xef\xbf\xbd Up"},
          {"\x1b\xc3x", "M-\xef\xbf\xbd x"});
}

static void
test_paste__is_one_key(void **state)
{
    (void)state;
    CHECK({"a\x1b[200~x\ny\x1b[201~b", "a paste<x\ny> b"},
          {"\x1b[200~\x1b[201~", "paste<>"},
          {"\x1b[200~\x1b[A\x1b[20\x1b\x1b[201~", "paste<\x1b[A\x1b[20\x1b>"},
          {"\x1b[200~\x1b[201\x1b[201~", "paste<\x1b[201>"},
          {"\x1b[200~\x03x\x1b[201~", "paste<\x03x>"});
}

static void
test_paste__of_any_size(void **state)
{
    (void)state;
    enum { LEN = 5000000 };
    char *bytes = malloc(LEN + 12);
    struct pc_key_decoder decoder = {0};
    struct pc_key key = {0};
    assert_non_null(bytes);
    memset(bytes, '~', LEN + 12);
    memcpy(bytes, "\x1b[200~", 6);
    memcpy(bytes + LEN + 6, "\x1b[201~", 6);
    for (size_t at = 0; at < LEN + 12; at += 4096) {
        size_t len = LEN + 12 - at < 4096 ? LEN + 12 - at : 4096;
        pc_key_decoder_feed(&decoder, bytes + at, len);
        assert_int_equal(pc_key_decoder_next(&decoder, &key), at + len == LEN + 12);
    }
    assert_int_equal(key.kind, PC_KEY_PASTE);
    assert_int_equal(key.len, LEN);
    free(bytes);
    pc_key_decoder_fini(&decoder);
}

static void
test_paste__beyond_the_limit_is_lost(void **state)
{
    (void)state;
    enum { BLOCK = 1 << 20 };
    char *block = malloc(BLOCK);
    struct pc_key_decoder decoder = {0};
    struct pc_key key;
    assert_non_null(block);
    memset(block, 'x', BLOCK);
    pc_key_decoder_feed(&decoder, "\x1b[200~", 6);
    assert_int_equal(pc_key_decoder_next(&decoder, &key), 0);
    for (size_t i = 0; i <= PC_KEY_PASTE_MOST / BLOCK; i++) {
        pc_key_decoder_feed(&decoder, block, BLOCK);
        assert_int_equal(pc_key_decoder_next(&decoder, &key), 0);
    }
    pc_key_decoder_feed(&decoder, "\x1b[201~y", 7);
    assert_int_equal(pc_key_decoder_next(&decoder, &key), PYCONSOLE_ELIMIT);
    assert_int_equal(pc_key_decoder_next(&decoder, &key), 1);
    assert_int_equal(key.point, 'y');
    free(block);
    pc_key_decoder_fini(&decoder);
}

static void
test_paste__without_end_is_left_by_interrupt(void **state)
{
    (void)state;
    struct pc_key_decoder decoder = {0};
    struct pc_bytes notes = {0};
    feed(&decoder, "\x1b[200~ab\x03", 9, &notes);
    feed(&decoder, "\x03", 1, &notes);
    assert_int_equal(notes.len, 0);
    expire(&decoder, &notes);
    feed(&decoder, "\x03x", 2, &notes);
    assert_string_equal(pc_bytes_text(&notes), "C-c x ");
    pc_bytes_fini(&notes);
    pc_key_decoder_fini(&decoder);
}

static void
test_timer__is_for_escapes_only(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool pending;
    } cases[] = {{"a", false},       {"\x1b", true},    {"\x1b[", true},
                 {"\x1b[1;", true},  {"\xc3", false},   {"\x1b[200~x", false},
                 {"\x1b]11;", true}, {"\x1b[A", false}, {"\x1b\x1b", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pc_key_decoder decoder = {0};
        struct pc_bytes notes = {0};
        feed(&decoder, cases[i].bytes, strlen(cases[i].bytes), &notes);
        assert_int_equal(pc_key_decoder_is_pending(&decoder), cases[i].pending);
        pc_bytes_fini(&notes);
        pc_key_decoder_fini(&decoder);
    }
}

static void
test_notation__there_and_back(void **state)
{
    (void)state;
    static const char *const names[] = {"a",   "C-a",     "M-Enter", "C-M-S-Left", "é",
                                        "s-a", "Space",   "C-@",     "F12",        "-",
                                        "C--", "M-Space", "|",       "M--"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pc_key key;
        char name[PC_KEY_NAME_MOST];
        assert_int_equal(pc_key_parse(names[i], strlen(names[i]), &key),
                         strlen(names[i]));
        struct pc_key again = pc_key_of_code(pc_key_code(&key));
        assert_int_equal(pc_key_name(&again, name), strlen(names[i]));
        assert_string_equal(name, names[i]);
    }
    struct pc_key key;
    assert_int_equal(pc_key_parse("C-Nothing", 9, &key), 0);
    assert_int_equal(pc_key_parse("", 0, &key), 0);
    assert_int_equal(pc_key_parse("C-i", 3, &key), 3);
    assert_int_equal(key.kind, PC_KEY_TAB);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters__and_controls),
        cmocka_unit_test(test_meta__is_an_escape_before),
        cmocka_unit_test(test_sequences__of_terminals),
        cmocka_unit_test(test_kitty__and_modify_other_keys),
        cmocka_unit_test(test_replies__are_no_keys),
        cmocka_unit_test(test_nonsense__does_not_stall),
        cmocka_unit_test(test_broken_utf8__is_replaced),
        cmocka_unit_test(test_paste__is_one_key),
        cmocka_unit_test(test_paste__of_any_size),
        cmocka_unit_test(test_paste__beyond_the_limit_is_lost),
        cmocka_unit_test(test_paste__without_end_is_left_by_interrupt),
        cmocka_unit_test(test_timer__is_for_escapes_only),
        cmocka_unit_test(test_notation__there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
