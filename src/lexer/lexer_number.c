/* Numbers: a table of states over the classes of bytes.
 *
 *     0 FIRST   00 ZEROS   12 DECIMAL   012 LEADING
 *     0x PREFIX_16   0xF HEX      and so for octal and binary
 *     1. POINT  1.5 FRACTION   1e EXP   1e+ SIGN   1e5 EXPONENT   1j IMAGINARY
 *     ..._ UNDERSCORE: each run of digits has one of its own
 *
 * The longest match ends the number. What ends in a state that no number may end in is
 * still a NUMBER, but odd; so is one with a name or digit close behind. */
#include "lexer/lexer_scan.h"

enum {
    CLASS_OTHER,
    CLASS_0,
    CLASS_1,
    CLASS_2_7,
    CLASS_8_9,
    CLASS_ACD, /* hexadecimal digits without a meaning elsewhere */
    CLASS_B,
    CLASS_E,
    CLASS_F,
    CLASS_J,
    CLASS_O,
    CLASS_X,
    CLASS_UNDERSCORE,
    CLASS_DOT,
    CLASS_SIGN,
    CLASSES,
};

static const uint8_t classes[256] = {
    ['0'] = CLASS_0,           ['1'] = CLASS_1,    ['2' ... '7'] = CLASS_2_7,
    ['8' ... '9'] = CLASS_8_9, ['A'] = CLASS_ACD,  ['a'] = CLASS_ACD,
    ['B'] = CLASS_B,           ['b'] = CLASS_B,    ['C' ... 'D'] = CLASS_ACD,
    ['c' ... 'd'] = CLASS_ACD, ['E'] = CLASS_E,    ['e'] = CLASS_E,
    ['F'] = CLASS_F,           ['f'] = CLASS_F,    ['J'] = CLASS_J,
    ['j'] = CLASS_J,           ['O'] = CLASS_O,    ['o'] = CLASS_O,
    ['X'] = CLASS_X,           ['x'] = CLASS_X,    ['_'] = CLASS_UNDERSCORE,
    ['.'] = CLASS_DOT,         ['+'] = CLASS_SIGN, ['-'] = CLASS_SIGN,
};

enum number {
    NUMBER_END,
    NUMBER_FIRST,
    NUMBER_ZEROS,
    NUMBER_DECIMAL,
    NUMBER_HEX,
    NUMBER_OCTAL,
    NUMBER_BINARY,
    NUMBER_POINT,
    NUMBER_FRACTION,
    NUMBER_EXPONENT,
    NUMBER_IMAGINARY,
    NUMBER_EXP,
    /* From here on none may end. */
    NUMBER_LEADING,
    NUMBER_PREFIX_16,
    NUMBER_PREFIX_8,
    NUMBER_PREFIX_2,
    NUMBER_UNDERSCORE_ZEROS,
    NUMBER_UNDERSCORE_LEADING,
    NUMBER_UNDERSCORE_DECIMAL,
    NUMBER_UNDERSCORE_16,
    NUMBER_UNDERSCORE_8,
    NUMBER_UNDERSCORE_2,
    NUMBER_UNDERSCORE_FRACTION,
    NUMBER_UNDERSCORE_EXPONENT,
    NUMBER_SIGN,
    NUMBERS,
};

#define BITS(to)     [CLASS_0] = NUMBER_##to, [CLASS_1] = NUMBER_##to
#define DIGITS_8(to) BITS(to), [CLASS_2_7] = NUMBER_##to
#define DIGITS(to)   DIGITS_8(to), [CLASS_8_9] = NUMBER_##to
#define DIGITS_16(to)                                                                  \
    DIGITS(to), [CLASS_ACD] = NUMBER_##to, [CLASS_B] = NUMBER_##to,                    \
                [CLASS_E] = NUMBER_##to, [CLASS_F] = NUMBER_##to
#define OTHERS(to)                                                                     \
    [CLASS_1] = NUMBER_##to, [CLASS_2_7] = NUMBER_##to, [CLASS_8_9] = NUMBER_##to
#define UNDERSCORE(to) [CLASS_UNDERSCORE] = NUMBER_UNDERSCORE_##to
#define EXP_OR_J       [CLASS_E] = NUMBER_EXP, [CLASS_J] = NUMBER_IMAGINARY
#define FLOAT          EXP_OR_J, [CLASS_DOT] = NUMBER_POINT

static const uint8_t next_number[NUMBERS][CLASSES] = {
    [NUMBER_FIRST] = {[CLASS_0] = NUMBER_ZEROS,
                      OTHERS(LEADING),
                      UNDERSCORE(ZEROS),
                      FLOAT,
                      [CLASS_X] = NUMBER_PREFIX_16,
                      [CLASS_O] = NUMBER_PREFIX_8,
                      [CLASS_B] = NUMBER_PREFIX_2},
    [NUMBER_ZEROS] = {[CLASS_0] = NUMBER_ZEROS,
                      OTHERS(LEADING),
                      UNDERSCORE(ZEROS),
                      FLOAT},
    [NUMBER_UNDERSCORE_ZEROS] = {[CLASS_0] = NUMBER_ZEROS, OTHERS(LEADING)},
    [NUMBER_LEADING] = {DIGITS(LEADING), UNDERSCORE(LEADING), FLOAT},
    [NUMBER_UNDERSCORE_LEADING] = {DIGITS(LEADING)},
    [NUMBER_DECIMAL] = {DIGITS(DECIMAL), UNDERSCORE(DECIMAL), FLOAT},
    [NUMBER_UNDERSCORE_DECIMAL] = {DIGITS(DECIMAL)},
    [NUMBER_PREFIX_16] = {DIGITS_16(HEX), UNDERSCORE(16)},
    [NUMBER_HEX] = {DIGITS_16(HEX), UNDERSCORE(16)},
    [NUMBER_UNDERSCORE_16] = {DIGITS_16(HEX)},
    [NUMBER_PREFIX_8] = {DIGITS_8(OCTAL), UNDERSCORE(8)},
    [NUMBER_OCTAL] = {DIGITS_8(OCTAL), UNDERSCORE(8)},
    [NUMBER_UNDERSCORE_8] = {DIGITS_8(OCTAL)},
    [NUMBER_PREFIX_2] = {BITS(BINARY), UNDERSCORE(2)},
    [NUMBER_BINARY] = {BITS(BINARY), UNDERSCORE(2)},
    [NUMBER_UNDERSCORE_2] = {BITS(BINARY)},
    [NUMBER_POINT] = {DIGITS(FRACTION), EXP_OR_J},
    [NUMBER_FRACTION] = {DIGITS(FRACTION), UNDERSCORE(FRACTION), EXP_OR_J},
    [NUMBER_UNDERSCORE_FRACTION] = {DIGITS(FRACTION)},
    [NUMBER_EXP] = {DIGITS(EXPONENT), [CLASS_SIGN] = NUMBER_SIGN},
    [NUMBER_SIGN] = {DIGITS(EXPONENT)},
    [NUMBER_EXPONENT] = {DIGITS(EXPONENT),
                         UNDERSCORE(EXPONENT), [CLASS_J] = NUMBER_IMAGINARY},
    [NUMBER_UNDERSCORE_EXPONENT] = {DIGITS(EXPONENT)},
};

/* The least that sys.set_int_max_str_digits() can be set to: int() and so the parser may
 * refuse a longer decimal. */
enum { DECIMAL_LONGEST = 640 };

/* The number ends at p, or a byte before, if that was an `e` without digits: the first
 * letter of a name (as in `1else`). */
static const unsigned char *
end_number(struct pc_scan *s, const unsigned char *p, enum number number)
{
    struct pc_lexer_state *state = s->state;
    size_t end = offset_of(s, p) - (number == NUMBER_EXP);
    uint8_t head_len = state->head_len;
    bool name_follows = number == NUMBER_EXP || has_trait(*p, TRAIT_NAME) || *p >= 0x80;
    bool long_decimal =
        number == NUMBER_DECIMAL && end - state->start.offset > DECIMAL_LONGEST;
    if (number >= NUMBER_LEADING || name_follows || long_decimal) {
        state->flags |= PC_TOKEN_ODD;
    }
    state->mode = MODE_CODE;
    pc_scan_emit(s, PC_TOKEN_NUMBER, end);
    if (number == NUMBER_EXP) {
        begin_at(s, end);
        state->head_len = head_len;
        return pc_scan_name(s, p);
    }
    return p;
}

const unsigned char *
pc_scan_number(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    enum number number = state->kind;
    for (; p < s->end; p++) {
        enum number next = next_number[number][classes[*p]];
        if (next == NUMBER_END) {
            return end_number(s, p, number);
        }
        number = next;
    }
    state->kind = (uint8_t)number;
    state->mode = MODE_NUMBER;
    /* An `e` may turn out to begin a name. */
    state->head_len = number == NUMBER_EXP;
    state->head[0] = (char)p[-1];
    return p;
}

const unsigned char *
pc_scan_number_start(struct pc_scan *s, const unsigned char *p)
{
    s->state->kind = *p == '0' ? NUMBER_FIRST : NUMBER_DECIMAL;
    s->state->mode = MODE_NUMBER;
    return p + 1;
}

const unsigned char *
pc_scan_fraction_start(struct pc_scan *s, const unsigned char *p)
{
    s->state->kind = NUMBER_FRACTION;
    return pc_scan_number(s, p);
}
