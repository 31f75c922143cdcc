/* Lines of JSON however they are cut, and marks in what is printed. */
#include "check.h"

#include <stdlib.h>

#include <pyconsole/status.h>

#include "session/wire.h"

static void
feed(struct pc_wire_reader *reader, const char *bytes, size_t len)
{
    int status = 0;
    char *room = pc_wire_reader_room(reader, len, &status);
    assert_non_null(room);
    memcpy(room, bytes, len);
    pc_wire_reader_filled(reader, len);
}

static void
test_lines__come_whole_however_they_are_cut(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":1}\n{\"a\":2,\"b\":\"x\\n\"}\n{}\n";
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct pc_wire_reader reader = {0};
        uint64_t sum = 0;
        int count = 0;
        for (size_t i = 0; i < sizeof text - 1; i += piece) {
            size_t left = sizeof text - 1 - i;
            feed(&reader, text + i, piece < left ? piece : left);
            json_t *message = NULL;
            while (pc_wire_next(&reader, &message) == 0 && message != NULL) {
                sum += pc_wire_number(message, "a");
                count++;
                json_decref(message);
            }
        }
        assert_int_equal(sum, 3);
        assert_int_equal(count, 3);
        pc_wire_reader_fini(&reader);
    }
}

static void
test_lines__that_make_no_sense(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "[1]\n",        "{\n",       "\n", "nonsense\n", "{\"a\":\"\xff\"}\n",
        "{\"a\":1}x\n", "\"text\"\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct pc_wire_reader reader = {0};
        json_t *message = NULL;
        feed(&reader, lines[i], strlen(lines[i]));
        assert_int_equal(pc_wire_next(&reader, &message), PYCONSOLE_EPROTOCOL);
        assert_null(message);
        pc_wire_reader_fini(&reader);
    }
}

static void
test_lines__have_a_longest(void **state)
{
    (void)state;
    struct pc_wire_reader reader = {0};
    json_t *message = NULL;
    int status = 0;
    char *room = NULL;
    size_t fed = 0;
    while ((room = pc_wire_reader_room(&reader, 1 << 22, &status)) != NULL) {
        memset(room, 'x', 1 << 22);
        pc_wire_reader_filled(&reader, 1 << 22);
        fed += 1 << 22;
        assert_int_equal(pc_wire_next(&reader, &message), 0);
        assert_null(message);
    }
    assert_int_equal(status, PYCONSOLE_ELIMIT);
    assert_true(fed <= 2 * PC_WIRE_LINE_MOST);
    pc_wire_reader_fini(&reader);
}

static void
test_members__of_another_type_are_missing(void **state)
{
    (void)state;
    json_t *message =
        json_pack("{s:s#, s:i, s:n}", "text", "a\0b", 3, "number", 7, "none");
    assert_int_equal(pc_wire_text_len(message, "text"), 3);
    assert_string_equal(pc_wire_text(message, "number"), "");
    assert_string_equal(pc_wire_text(message, "none"), "");
    assert_int_equal(pc_wire_number(message, "text"), 0);
    assert_int_equal(pc_wire_number(message, "number"), 7);
    char *line = NULL;
    size_t len = 0;
    assert_int_equal(pc_wire_line(message, &line, &len), 0);
    assert_int_equal(line[len - 1], '\n');
    assert_null(memchr(line, '\n', len - 1));
    free(line);
    json_decref(message);
    assert_int_equal(pc_wire_line(NULL, &line, &len), PYCONSOLE_ENOMEM);
}

static const char token[] = "0123456789abcdef0123456789abcdef";

/* A mark is found at each place, and while it is not whole, what is before it is output. */
static void
test_marks__are_found_however_they_are_cut(void **state)
{
    (void)state;
    char text[200] = "printed \033[1m";
    size_t before = strlen(text);
    size_t mark_len = pc_mark_write(token, 123456789012ULL, text + before);
    strcpy(text + before + mark_len, "more");
    for (size_t len = 0; len <= strlen(text); len++) {
        size_t found_before = 0;
        size_t found_len = 0;
        uint64_t turn = 0;
        enum pc_mark_found found =
            pc_mark_find(token, text, len, &found_before, &found_len, &turn);
        if (len <= before) {
            assert_true(found == PC_MARK_NONE || found_before == strlen("printed "));
        }
        else if (len < before + mark_len) {
            assert_int_equal(found, PC_MARK_CUT);
            assert_int_equal(found_before, before);
        }
        else {
            assert_int_equal(found, PC_MARK_WHOLE);
            assert_int_equal(found_before, before);
            assert_int_equal(found_len, mark_len);
            assert_true(turn == 123456789012ULL);
        }
    }
}

/* The page of the protocol leaves a host the choice. */
static void
test_marks__of_a_short_token(void **state)
{
    (void)state;
    static const char mark[] = "\033]pyconsole;abc;00000000000000000107\033\\";
    char text[PC_MARK_MOST];
    size_t len = pc_mark_write("abc", 107, text);
    size_t before = 0;
    size_t found_len = 0;
    uint64_t turn = 0;
    assert_int_equal(len, sizeof mark - 1);
    assert_memory_equal(text, mark, len);
    assert_int_equal(pc_mark_find("abc", mark, len, &before, &found_len, &turn),
                     PC_MARK_WHOLE);
    assert_int_equal(found_len, len);
    assert_true(turn == 107);
}

static void
test_marks__of_another_session_are_output(void **state)
{
    (void)state;
    char text[PC_MARK_MOST];
    size_t len = pc_mark_write("ffffffffffffffffffffffffffffffff", 1, text);
    size_t before = 0;
    size_t mark_len = 0;
    uint64_t turn = 0;
    assert_int_equal(pc_mark_find(token, text, len, &before, &mark_len, &turn),
                     PC_MARK_NONE);
    assert_int_equal(before, len);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines__come_whole_however_they_are_cut),
        cmocka_unit_test(test_lines__that_make_no_sense),
        cmocka_unit_test(test_lines__have_a_longest),
        cmocka_unit_test(test_members__of_another_type_are_missing),
        cmocka_unit_test(test_marks__are_found_however_they_are_cut),
        cmocka_unit_test(test_marks__of_a_short_token),
        cmocka_unit_test(test_marks__of_another_session_are_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
