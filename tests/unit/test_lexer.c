/* The lexer's tokens, construct by construct. Each text is fed whole and byte by byte, and must
 * give the same tokens and the same end state.
 *
 * Expected tokens are written as kinds: a NAME that is a soft keyword with `~`, an odd token with
 * `?`, one that holds doubtful escapes with `\`, one that is not ASCII with `*`, an ERROR as
 * !REASON. ENDMARKER is left out. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "lexer/lexer.h"

struct output {
    char text[1 << 14];
    size_t len;
    size_t tokens;
};

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct output *output = ctx;
    output->tokens++;
    if (token->kind == PC_TOKEN_ENDMARKER) {
        return;
    }
    bool error = token->kind == PC_TOKEN_ERROR;
    output->len += (size_t)snprintf(
        output->text + output->len, sizeof output->text - output->len, "%s%s%s%s%s%s%s",
        output->len > 0 ? " " : "", error ? "!" : "",
        error ? pc_reason_name(token->reason) : pc_token_name(token->kind),
        token->soft ? "~" : "", token->flags & PC_TOKEN_ODD ? "?" : "",
        token->flags & PC_TOKEN_ESCAPES ? "\\" : "",
        token->flags & PC_TOKEN_NON_ASCII ? "*" : "");
    assert_true(output->len < sizeof output->text);
}

static struct output whole_output;
static struct output pieces_output;

static void
check_bytes(enum pc_python_version version, const char *text, size_t len,
            const char *expected)
{
    struct pc_lexer_state whole;
    struct pc_lexer_state pieces;
    memset(&whole_output, 0, sizeof whole_output);
    memset(&pieces_output, 0, sizeof pieces_output);
    pc_lexer_init(&whole, version);
    pc_lexer_init(&pieces, version);
    pc_lexer_feed(&whole, text, len, take_token, &whole_output);
    for (size_t i = 0; i < len; i++) {
        char byte = text[i];
        pc_lexer_feed(&pieces, &byte, 1, take_token, &pieces_output);
    }
    assert_true(pc_lexer_state_equal(&whole, &pieces));
    assert_int_equal(whole.at.offset, len);
    assert_int_equal(whole.at.line, pieces.at.line);
    assert_int_equal(whole.at.column, pieces.at.column);
    pc_lexer_finish(&whole, take_token, &whole_output);
    pc_lexer_finish(&pieces, take_token, &pieces_output);
    assert_string_equal(whole_output.text, expected);
    assert_string_equal(pieces_output.text, expected);
}

struct example {
    const char *text;
    const char *expected;
};

static void
check_examples(enum pc_python_version version, const struct example *examples)
{
    for (; examples->text != NULL; examples++) {
        check_bytes(version, examples->text, strlen(examples->text),
                    examples->expected);
    }
}

#define EXAMPLES(version, ...)                                                         \
    check_examples(version, (const struct example[]){__VA_ARGS__, {NULL, NULL}})

/* ---- names, numbers, operators */

static void
test_names__keywords_and_soft_keywords(void **state)
{
    (void)state;
    for (enum pc_token_kind kind = PC_TOKEN_FALSE; kind <= PC_TOKEN_YIELD; kind++) {
        const char *text = pc_token_text(kind);
        char expected[40];
        snprintf(expected, sizeof expected, "%s NEWLINE", pc_token_name(kind));
        check_bytes(PC_PYTHON_3_13, text, strlen(text), expected);
        assert_true(pc_token_is_keyword(kind));
    }
    EXAMPLES(PC_PYTHON_3_13,
             {"match case type _ lazy", "NAME~ NAME~ NAME~ NAME~ NAME NEWLINE"},
             {"False_ fals nonlocals i", "NAME NAME NAME NAME NEWLINE"});
    EXAMPLES(PC_PYTHON_3_15, {"lazy import x", "NAME~ IMPORT NAME NEWLINE"});
}

static void
test_names__not_ascii(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {"\xC3\xA9t\xC3\xA9", "NAME* NEWLINE"},
             {"a\xC2\xA0z", "NAME !CHARACTER* NAME NEWLINE"},
             {"\xE2\x82\xAC", "!CHARACTER* NEWLINE"},
             {"\xF0\x9D\x94\x98 = 1", "NAME* EQUAL NUMBER NEWLINE"},
             {"\xEF\xBB\xBFx", "!CHARACTER* NAME NEWLINE"},
             {"\xF0\x9F\x90\x8D", "!CHARACTER* NEWLINE"});
}

static void
test_names__bytes_that_are_not_utf8(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {"a\xFFz", "NAME !UTF8* NAME NEWLINE"},
             {"a\xC3", "NAME !UTF8* NEWLINE"}, {"\xE2\x82", "!UTF8* NEWLINE"},
             {"\xC0\xAF", "!UTF8* !UTF8* NEWLINE"},
             {"\xE0\x9F\xBF", "!UTF8* !UTF8* !UTF8* NEWLINE"},
             {"\xED\xA0\x80", "!UTF8* !UTF8* !UTF8* NEWLINE"},
             {"\xF4\x90\x80\x80", "!UTF8* !UTF8* !UTF8* !UTF8* NEWLINE"},
             {"'\xFF'", "STRING?* NEWLINE"}, {"#\xC3", "COMMENT?* NL"});
}

static void
test_numbers(void **state)
{
    (void)state;
    static const char *const whole[] = {
        "0",      "00",    "0_0",  "1",   "1_000",  "0xfF_0", "0X_1",   "0o17",
        "0b_1_0", "1.",    "1.5",  ".5",  ".5_1e3", "1e5",    "1E+5_0", "1e-5j",
        "0j",     "012.5", "09e1", "07j", "1.e5",   "1.5J",   "0.0",    "0e0",
    };
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        check_bytes(PC_PYTHON_3_13, whole[i], strlen(whole[i]), "NUMBER NEWLINE");
    }
    static const char *const odd[] = {
        "1_", "0x", "0x_", "0b", "0o_", "012", "0_7", "1e+", "1.5_", "1e5_", "0xf_",
    };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        check_bytes(PC_PYTHON_3_13, odd[i], strlen(odd[i]), "NUMBER? NEWLINE");
    }
    EXAMPLES(PC_PYTHON_3_13, {"1if", "NUMBER? IF NEWLINE"},
             {"1else", "NUMBER? ELSE NEWLINE"}, {"1e", "NUMBER? NAME NEWLINE"},
             {"1Else", "NUMBER? NAME NEWLINE"}, {"0xfor x", "NUMBER? OR NAME NEWLINE"},
             {"0b12", "NUMBER? NUMBER NEWLINE"}, {"0o8", "NUMBER? NUMBER NEWLINE"},
             {"1__0", "NUMBER? NAME NEWLINE"}, {"1.real", "NUMBER? NAME NEWLINE"},
             {"1..real", "NUMBER DOT NAME NEWLINE"}, {"1jif", "NUMBER? IF NEWLINE"},
             {"1\xC3\xA9", "NUMBER? NAME* NEWLINE"},
             {"1e5.5", "NUMBER NUMBER NEWLINE"});
}

static void
test_numbers__too_long_for_int(void **state)
{
    (void)state;
    char digits[642];
    memset(digits, '1', sizeof digits);
    check_bytes(PC_PYTHON_3_13, digits, 640, "NUMBER NEWLINE");
    check_bytes(PC_PYTHON_3_13, digits, 641, "NUMBER? NEWLINE");
}

static void
test_operators(void **state)
{
    (void)state;
    for (enum pc_token_kind kind = PC_TOKEN_COLON; kind < PC_TOKEN_KINDS; kind++) {
        if (kind != PC_TOKEN_EXCLAMATION) {
            const char *text = pc_token_text(kind);
            char expected[40];
            snprintf(expected, sizeof expected, "%s NEWLINE", pc_token_name(kind));
            check_bytes(PC_PYTHON_3_13, text, strlen(text), expected);
            assert_true(pc_token_is_operator(kind));
        }
    }
    EXAMPLES(PC_PYTHON_3_13, {"a<>b", "NAME NOTEQUAL? NAME NEWLINE"},
             {"..", "DOT DOT NEWLINE"}, {"..5", "DOT NUMBER NEWLINE"},
             {"....5", "ELLIPSIS NUMBER NEWLINE"},
             {".....", "ELLIPSIS DOT DOT NEWLINE"},
             {"a**-b", "NAME DOUBLESTAR MINUS NAME NEWLINE"},
             {"a===b", "NAME EQEQUAL EQUAL NAME NEWLINE"},
             {"x[a:=b]", "NAME LSQB NAME COLONEQUAL NAME RSQB NEWLINE"});
}

static void
test_characters__that_are_nothing(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {"a ? b", "NAME !CHARACTER NAME NEWLINE"},
             {"$`", "!CHARACTER !CHARACTER NEWLINE"}, {"!x", "!CHARACTER NAME NEWLINE"},
             {"\x01\x0B\x7F", "!CHARACTER !CHARACTER !CHARACTER NEWLINE"});
    check_bytes(PC_PYTHON_3_13, "a\0b", 3, "NAME !NUL NAME NEWLINE");
    check_bytes(PC_PYTHON_3_13, "'\0'#\0", 5, "STRING? COMMENT? NEWLINE");
}

/* ---- lines */

static void
test_lines__newline_and_nl(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {"", ""}, {"\n", "NL"},
             {"a\n\nb", "NAME NEWLINE NL NAME NEWLINE"},
             {"a\r\nb\rc\n", "NAME NEWLINE NAME NEWLINE NAME NEWLINE"},
             {"\r\r\n", "NL NL"}, {"(\n)\n", "LPAR NL RPAR NEWLINE"},
             {"# a\na # b\n", "COMMENT NL NAME COMMENT NEWLINE"}, {"# a", "COMMENT NL"},
             {"  # a\n", "COMMENT NL"});
}

static void
test_lines__continuation(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_13, {"a \\\n b\n", "NAME NAME NEWLINE"},
        {"a\\\r\n b\n", "NAME NAME NEWLINE"},
        {"a \\b\n", "NAME !BACKSLASH NAME NEWLINE"},
        {"\\ b\n", "!BACKSLASH NAME NEWLINE"},
        {"a\\", "NAME !BACKSLASH_AT_END NEWLINE"},
        {"a\\\n", "NAME !BACKSLASH_AT_END NEWLINE"}, {"\\", "!BACKSLASH_AT_END"},
        {"a\\\n\n", "NAME NEWLINE"},
        {"if a:\n  \\\n    b\n", "IF NAME COLON NEWLINE INDENT NAME NEWLINE DEDENT"},
        {"if a:\n  b\n \\\n c\n",
         "IF NAME COLON NEWLINE INDENT NAME NEWLINE !DEDENT NAME NEWLINE DEDENT"});
}

static void
test_indent__in_and_out(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_13,
        {"if a:\n  if b:\n    c\nd\n",
         "IF NAME COLON NEWLINE INDENT IF NAME COLON NEWLINE INDENT "
         "NAME NEWLINE DEDENT DEDENT NAME NEWLINE"},
        {"a\n\n  # c\n  b", "NAME NEWLINE NL COMMENT NL INDENT NAME NEWLINE DEDENT"},
        {"a\n  b\n# c\n  d",
         "NAME NEWLINE INDENT NAME NEWLINE COMMENT NL NAME NEWLINE DEDENT"},
        {"(\n  a\n b)", "LPAR NL NAME NL NAME RPAR NEWLINE"},
        {"a\n  \fb\n", "NAME NEWLINE NAME NEWLINE"},
        {"a\n  b\n  \f  c", "NAME NEWLINE INDENT NAME NEWLINE NAME NEWLINE DEDENT"});
}

static void
test_indent__dedent_to_unknown_column(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_13,
        {"a\n    b\n  c\n  d\ne\n",
         "NAME NEWLINE INDENT NAME NEWLINE !DEDENT NAME NEWLINE NAME NEWLINE DEDENT NAME NEWLINE"},
        {"a\n  b\n      c\n    d\n  e\n",
         "NAME NEWLINE INDENT NAME NEWLINE INDENT NAME NEWLINE !DEDENT NAME NEWLINE DEDENT NAME NEWLINE DEDENT"},
        {"a\n\tb\n    c\n  d\n",
         "NAME NEWLINE INDENT NAME NEWLINE !DEDENT NAME NEWLINE !DEDENT NAME NEWLINE DEDENT"});
}

static void
test_indent__tabs(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13,
             {"a\n\tb\n\tc\n", "NAME NEWLINE INDENT NAME NEWLINE NAME NEWLINE DEDENT"},
             {"a\n\tb\n        c\n",
              "NAME NEWLINE INDENT NAME NEWLINE !TAB NAME NEWLINE DEDENT"},
             {"a\n        b\n\t\tc\n",
              "NAME NEWLINE INDENT NAME NEWLINE !TAB NAME NEWLINE DEDENT"},
             {"a\n    b\n    \tc\n",
              "NAME NEWLINE INDENT NAME NEWLINE INDENT NAME NEWLINE DEDENT DEDENT"});
}

static void
test_indent__caps(void **state)
{
    (void)state;
    size_t room = 1 << 15;
    char *text = calloc(1, room);
    char *expected = calloc(1, room);
    for (int level = 0; level <= PC_LEXER_INDENTS_MOST + 1; level++) {
        sprintf(text + strlen(text), "%*sa\n", level, "");
        strcat(expected, level == 0                      ? "NAME NEWLINE"
                         : level > PC_LEXER_INDENTS_MOST ? " !TOO_DEEP NAME NEWLINE"
                                                         : " INDENT NAME NEWLINE");
    }
    for (int level = 0; level < PC_LEXER_INDENTS_MOST; level++) {
        strcat(expected, " DEDENT");
    }
    check_bytes(PC_PYTHON_3_13, text, strlen(text), expected);
    sprintf(text, "a\n%*sb\n%*sc\n", 256, "", 255, "");
    check_bytes(PC_PYTHON_3_13, text, strlen(text),
                "NAME NEWLINE !TOO_WIDE NAME NEWLINE INDENT NAME NEWLINE DEDENT");
    free(text);
    free(expected);
}

/* ---- brackets */

static void
test_brackets__that_do_not_match(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {")", "!UNMATCHED NEWLINE"},
             {"(]\n)", "LPAR !MISMATCHED NL RPAR NEWLINE"},
             {"([)\na", "LPAR LSQB !MISMATCHED NEWLINE NAME NEWLINE"},
             {"{(", "LBRACE LPAR !OPEN_BRACKET NEWLINE"},
             {"f'{(}'", "FSTRING_START LBRACE LPAR !MISMATCHED FSTRING_END NEWLINE"},
             {"(f'{)}')",
              "LPAR FSTRING_START LBRACE !MISMATCHED RBRACE FSTRING_END RPAR NEWLINE"});
}

static void
test_brackets__cap(void **state)
{
    (void)state;
    char text[PC_LEXER_BRACKETS_MOST + 1];
    char expected[PC_LEXER_BRACKETS_MOST * 5 + 60] = "";
    memset(text, '[', sizeof text);
    for (int i = 0; i < PC_LEXER_BRACKETS_MOST; i++) {
        strcat(expected, "LSQB ");
    }
    size_t len = strlen(expected);
    strcpy(expected + len, "!OPEN_BRACKET NEWLINE");
    check_bytes(PC_PYTHON_3_13, text, sizeof text - 1, expected);
    strcpy(expected + len, "!TOO_DEEP !OPEN_BRACKET NEWLINE");
    check_bytes(PC_PYTHON_3_13, text, sizeof text, expected);
}

/* ---- strings */

static void
test_strings__prefixes(void **state)
{
    (void)state;
    static const char *const prefixes[] = {"",  "b",  "B",  "r", "R",  "u",
                                           "U", "bR", "Rb", "f", "fR", "rF"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        char text[20];
        snprintf(text, sizeof text, "%s'a'", prefixes[i]);
        check_bytes(PC_PYTHON_3_11, text, strlen(text), "STRING NEWLINE");
        snprintf(text, sizeof text, "%s\"\"\"\na\"\"\"", prefixes[i]);
        check_bytes(PC_PYTHON_3_11, text, strlen(text), "STRING NEWLINE");
    }
    EXAMPLES(PC_PYTHON_3_11, {"ur'a'", "NAME STRING NEWLINE"},
             {"bu'a'", "NAME STRING NEWLINE"}, {"rr'a'", "NAME STRING NEWLINE"},
             {"fb'a'", "NAME STRING NEWLINE"}, {"t'a'", "NAME STRING NEWLINE"},
             {"rbr'a'", "NAME STRING NEWLINE"}, {"''", "STRING NEWLINE"},
             {"''''''", "STRING NEWLINE"}, {"'''a''b'\\''''", "STRING NEWLINE"},
             {"'' ''", "STRING STRING NEWLINE"}, {"''\"\"", "STRING STRING NEWLINE"});
    EXAMPLES(PC_PYTHON_3_14, {"ft'a'", "NAME STRING NEWLINE"},
             {"bt'a'", "NAME STRING NEWLINE"}, {"ut'a'", "NAME STRING NEWLINE"},
             {"trt'a'", "NAME STRING NEWLINE"});
}

static void
test_strings__escapes(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {"'\\n\\\\\\'\\0\\377\\x4A\\u00e9'", "STRING NEWLINE"},
             {"'\\d'", "STRING\\ NEWLINE"}, {"'\\x4'", "STRING\\ NEWLINE"},
             {"'\\u12'", "STRING\\ NEWLINE"}, {"'\\N{DASH}'", "STRING\\ NEWLINE"},
             {"'\\U0001F600'", "STRING\\ NEWLINE"}, {"'\\400'", "STRING\\ NEWLINE"},
             {"b'\\u1234'", "STRING\\ NEWLINE"}, {"b'\\x41'", "STRING NEWLINE"},
             {"r'\\d\\x'", "STRING NEWLINE"}, {"'\\\xC3\xA9'", "STRING\\* NEWLINE"},
             {"'a\\\nb'", "STRING NEWLINE"}, {"'a\\\r\nb'", "STRING NEWLINE"},
             {"'\\x\n", "!STRING\\ NEWLINE"},
             {"f'\\x41\\{a}\\'",
              "FSTRING_START FSTRING_MIDDLE\\ LBRACE NAME RBRACE !STRING NEWLINE"});
}

static void
test_strings__unterminated(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_13, {"'a\nb", "!STRING NEWLINE NAME NEWLINE"},
             {"'a", "!STRING NEWLINE"}, {"('a\n)", "LPAR !STRING NL RPAR NEWLINE"},
             {"'''a\n'b", "!TRIPLE_STRING NEWLINE"}, {"'", "!STRING NEWLINE"},
             {"f'a\nb", "FSTRING_START !STRING NEWLINE NAME NEWLINE"},
             {"f'''a\n", "FSTRING_START !TRIPLE_STRING NEWLINE"},
             {"f'", "FSTRING_START !STRING NEWLINE"},
             {"f'{a' b\nc", "FSTRING_START LBRACE NAME !STRING NEWLINE NAME NEWLINE"},
             {"f'''{a' b\n}'''",
              "FSTRING_START LBRACE NAME !STRING NL RBRACE FSTRING_END NEWLINE"},
             {"f'{a", "FSTRING_START LBRACE NAME !OPEN_BRACKET NEWLINE"});
}

/* ---- f-strings and t-strings */

static void
test_fstrings__one_token_in_3_11(void **state)
{
    (void)state;
    EXAMPLES(PC_PYTHON_3_11, {"f'{a!r}'", "STRING NEWLINE"},
             {"f'{a'b", "STRING NAME NEWLINE"});
}

static void
test_fstrings__fields(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_12, {"f''", "FSTRING_START FSTRING_END NEWLINE"},
        {"f''''''", "FSTRING_START FSTRING_END NEWLINE"},
        {"f'a{b}c'",
         "FSTRING_START FSTRING_MIDDLE LBRACE NAME RBRACE FSTRING_MIDDLE FSTRING_END NEWLINE"},
        {"f'{a}{b}'",
         "FSTRING_START LBRACE NAME RBRACE LBRACE NAME RBRACE FSTRING_END NEWLINE"},
        {"f'{a!r:>{n}}'",
         "FSTRING_START LBRACE NAME EXCLAMATION NAME COLON FSTRING_MIDDLE LBRACE NAME RBRACE "
         "FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"},
        {"f'{a=}{a!=b}'",
         "FSTRING_START LBRACE NAME EQUAL RBRACE LBRACE NAME NOTEQUAL NAME RBRACE FSTRING_END NEWLINE"},
        {"f'{a:=b}'",
         "FSTRING_START LBRACE NAME COLON FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"},
        {"f'{(a:=b)}'",
         "FSTRING_START LBRACE LPAR NAME COLONEQUAL NAME RPAR RBRACE FSTRING_END NEWLINE"},
        {"f'{{1:2}[1]}'",
         "FSTRING_START FSTRING_MIDDLE FSTRING_MIDDLE !SINGLE_BRACE FSTRING_MIDDLE !SINGLE_BRACE FSTRING_END NEWLINE"},
        {"f'{ {1:2}[1]}'",
         "FSTRING_START LBRACE LBRACE NUMBER COLON NUMBER RBRACE LSQB NUMBER RSQB RBRACE FSTRING_END NEWLINE"},
        {"f'{a!(b)}'",
         "FSTRING_START LBRACE NAME EXCLAMATION LPAR NAME RPAR RBRACE FSTRING_END NEWLINE"},
        {"f'{(!)}'",
         "FSTRING_START LBRACE LPAR !CHARACTER RPAR RBRACE FSTRING_END NEWLINE"},
        {"f'{a # b\n}'",
         "FSTRING_START LBRACE NAME COMMENT NL RBRACE FSTRING_END NEWLINE"});
}

static void
test_fstrings__text(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_12,
        {"f'a{{b'", "FSTRING_START FSTRING_MIDDLE FSTRING_MIDDLE FSTRING_END NEWLINE"},
        {"f'}}'", "FSTRING_START FSTRING_MIDDLE FSTRING_END NEWLINE"},
        {"f'}'", "FSTRING_START FSTRING_MIDDLE !SINGLE_BRACE FSTRING_END NEWLINE"},
        {"f'\\N{DASH}x'",
         "FSTRING_START FSTRING_MIDDLE\\ FSTRING_MIDDLE FSTRING_END NEWLINE"},
        {"rf'\\N{a}'",
         "FSTRING_START FSTRING_MIDDLE LBRACE NAME RBRACE FSTRING_END NEWLINE"},
        {"f'''\"'\n''a'''", "FSTRING_START FSTRING_MIDDLE FSTRING_END NEWLINE"},
        {"f'\xC3\xA9'", "FSTRING_START FSTRING_MIDDLE* FSTRING_END NEWLINE"});
}

static void
test_fstrings__specs(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_12,
        {"f'{a:}'",
         "FSTRING_START LBRACE NAME COLON FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"},
        {"f'{a:x'",
         "FSTRING_START LBRACE NAME COLON FSTRING_MIDDLE !OPEN_BRACKET FSTRING_END NEWLINE"},
        {"f'{a:{{b}}}'",
         "FSTRING_START LBRACE NAME COLON FSTRING_MIDDLE? LBRACE LBRACE NAME RBRACE RBRACE FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"},
        {"f'{a:{b}{{}'",
         "FSTRING_START LBRACE NAME COLON LBRACE NAME RBRACE FSTRING_MIDDLE? FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"},
        {"f'{a:x\n}'",
         "FSTRING_START LBRACE NAME COLON FSTRING_MIDDLE? NL RBRACE FSTRING_END NEWLINE"},
        {"f'''{a:x\n}'''",
         "FSTRING_START LBRACE NAME COLON FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"},
        {"f'{a:{b:{c:{d}}}}'",
         "FSTRING_START LBRACE NAME COLON LBRACE NAME COLON LBRACE NAME COLON !TOO_DEEP NAME RBRACE FSTRING_MIDDLE RBRACE "
         "FSTRING_MIDDLE RBRACE FSTRING_MIDDLE RBRACE FSTRING_END NEWLINE"});
}

static void
test_fstrings__nested(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_12,
        {"f'{f'{a}'}'",
         "FSTRING_START LBRACE FSTRING_START LBRACE NAME RBRACE FSTRING_END RBRACE FSTRING_END NEWLINE"},
        {"f'{'a'}'", "FSTRING_START LBRACE STRING RBRACE FSTRING_END NEWLINE"});
    char text[(PC_LEXER_STRINGS_MOST + 1) * 3 + 1] = "";
    char expected[1 << 13] = "";
    for (int i = 0; i <= PC_LEXER_STRINGS_MOST; i++) {
        strcat(text, i < PC_LEXER_STRINGS_MOST ? "f'{" : "f''");
        strcat(expected,
               i < PC_LEXER_STRINGS_MOST ? "FSTRING_START LBRACE " : "!TOO_DEEP ");
    }
    strcat(expected, "!OPEN_BRACKET NEWLINE");
    check_bytes(PC_PYTHON_3_12, text, strlen(text), expected);
}

static void
test_tstrings__from_3_14(void **state)
{
    (void)state;
    EXAMPLES(
        PC_PYTHON_3_14,
        {"t'a{b}'",
         "TSTRING_START TSTRING_MIDDLE LBRACE NAME RBRACE TSTRING_END NEWLINE"},
        {"Rt'''\\{b}'''",
         "TSTRING_START TSTRING_MIDDLE LBRACE NAME RBRACE TSTRING_END NEWLINE"},
        {"f'{t'{a}'}'",
         "FSTRING_START LBRACE TSTRING_START LBRACE NAME RBRACE TSTRING_END RBRACE FSTRING_END NEWLINE"});
    EXAMPLES(PC_PYTHON_3_13, {"t'{b}'", "NAME STRING NEWLINE"});
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names__keywords_and_soft_keywords),
        cmocka_unit_test(test_names__not_ascii),
        cmocka_unit_test(test_names__bytes_that_are_not_utf8),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_numbers__too_long_for_int),
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_characters__that_are_nothing),
        cmocka_unit_test(test_lines__newline_and_nl),
        cmocka_unit_test(test_lines__continuation),
        cmocka_unit_test(test_indent__in_and_out),
        cmocka_unit_test(test_indent__dedent_to_unknown_column),
        cmocka_unit_test(test_indent__tabs),
        cmocka_unit_test(test_indent__caps),
        cmocka_unit_test(test_brackets__that_do_not_match),
        cmocka_unit_test(test_brackets__cap),
        cmocka_unit_test(test_strings__prefixes),
        cmocka_unit_test(test_strings__escapes),
        cmocka_unit_test(test_strings__unterminated),
        cmocka_unit_test(test_fstrings__one_token_in_3_11),
        cmocka_unit_test(test_fstrings__fields),
        cmocka_unit_test(test_fstrings__text),
        cmocka_unit_test(test_fstrings__specs),
        cmocka_unit_test(test_fstrings__nested),
        cmocka_unit_test(test_tstrings__from_3_14),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
