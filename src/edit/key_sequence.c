/* What the control sequences of terminals are. One CSI sequence is an optional private mark,
 * parameters with sub-parameters, intermediates, and the final byte:
 *
 *     CSI 1 ; m A      a cursor or function key with modifiers   (xterm, kitty)
 *     CSI m A          the same                                  (older xterms)
 *     CSI n ; m ~      an editing or function key                (VT220, xterm, kitty)
 *     CSI n $ ^ @      the same with Shift, Control, both        (rxvt)
 *     CSI a … d, [ A   Shift-arrows; F1 … F5                     (rxvt; Linux)
 *     CSI c ; m u      any key by its code point                 (kitty, fixterms)
 *     CSI 27 ; m ; c ~ the same                                  (xterm, modifyOtherKeys)
 *     CSI Z            Shift-Tab
 *     CSI I, O         the focus comes, goes
 *     CSI r ; c R      an answer: the cursor's position
 *     CSI ? … c n u y  answers: DA1, DSR, keyboard flags, DECRPM; and CSI > … c
 *
 * m is 1 more than the modifiers' bits; an event (m : 3, a key's release) follows it. */
#include "edit/key_sequence.h"

#include <string.h>

enum { PARAMETERS_MOST = 4, NUMBER_MOST = 0x10FFFF };

/* A control sequence, taken apart. */
struct sequence {
    char private_mark; /* one of < = > ?, or 0 */
    char final;
    bool odd; /* intermediates */
    size_t count;
    uint32_t numbers[PARAMETERS_MOST]; /* 0: not given */
    uint32_t second[PARAMETERS_MOST];  /* the first sub-parameter of each */
};

/* ---- reading */

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static void
read_parameters(struct sequence *s, const char *bytes, size_t len)
{
    size_t sub = 0;
    s->count = len > 0;
    for (size_t i = 0; i < len && s->count <= PARAMETERS_MOST; i++) {
        if (bytes[i] == ';') {
            s->count++;
            sub = 0;
        }
        else if (bytes[i] == ':') {
            sub++;
        }
        else if (is_digit(bytes[i]) && sub < 2) {
            uint32_t *number = (sub == 0 ? s->numbers : s->second) + s->count - 1;
            *number = *number * 10 + (uint32_t)(bytes[i] - '0');
            *number = *number > NUMBER_MOST ? NUMBER_MOST : *number;
        }
        else if (!is_digit(bytes[i])) {
            s->odd = true;
        }
    }
}

static struct sequence
read_sequence(const char *bytes, size_t len)
{
    struct sequence s = {.final = bytes[len - 1]};
    len--;
    if (len > 0 && bytes[0] >= '<' && bytes[0] <= '?') {
        s.private_mark = bytes[0];
        bytes++;
        len--;
    }
    read_parameters(&s, bytes, len);
    s.odd = s.odd || s.count > PARAMETERS_MOST;
    return s;
}

/* Bits as in xterm and kitty: Shift, Alt, Control, Super, Hyper, Meta, then the locks. */
static unsigned int
modifiers_of(uint32_t parameter)
{
    uint32_t bits = parameter == 0 ? 0 : parameter - 1;
    return ((bits & 1) != 0 ? PC_KEY_SHIFT : 0U) |
           ((bits & (2 | 32)) != 0 ? PC_KEY_META : 0U) |
           ((bits & 4) != 0 ? PC_KEY_CONTROL : 0U) |
           ((bits & (8 | 16)) != 0 ? PC_KEY_SUPER : 0U);
}

/* Before a letter they stand behind a 1, or alone. */
static unsigned int
modifiers_of_letter(const struct sequence *s)
{
    return modifiers_of(s->numbers[s->count > 1]);
}

static bool
make(enum pc_key_kind kind, unsigned int modifiers, struct pc_key *ret_key)
{
    *ret_key = (struct pc_key){.kind = kind, .modifiers = modifiers};
    return kind != PC_KEY_CHARACTER;
}

/* ---- tables; CHARACTER, which is 0, is "no key" in them */

/* By the final byte of CSI and SS3, from 'A' on. */
static const uint8_t by_letter[] = {
    ['A' - 'A'] = PC_KEY_UP,    ['B' - 'A'] = PC_KEY_DOWN, ['C' - 'A'] = PC_KEY_RIGHT,
    ['D' - 'A'] = PC_KEY_LEFT,  ['F' - 'A'] = PC_KEY_END,  ['H' - 'A'] = PC_KEY_HOME,
    ['M' - 'A'] = PC_KEY_ENTER, ['P' - 'A'] = PC_KEY_F1,   ['Q' - 'A'] = PC_KEY_F2,
    ['R' - 'A'] = PC_KEY_F3,    ['S' - 'A'] = PC_KEY_F4,
};

/* By the number before ~. */
static const uint8_t by_number[] = {
    [1] = PC_KEY_HOME, [2] = PC_KEY_INSERT,  [3] = PC_KEY_DELETE,
    [4] = PC_KEY_END,  [5] = PC_KEY_PAGE_UP, [6] = PC_KEY_PAGE_DOWN,
    [7] = PC_KEY_HOME, [8] = PC_KEY_END,     [11] = PC_KEY_F1,
    [12] = PC_KEY_F2,  [13] = PC_KEY_F3,     [14] = PC_KEY_F4,
    [15] = PC_KEY_F5,  [17] = PC_KEY_F6,     [18] = PC_KEY_F7,
    [19] = PC_KEY_F8,  [20] = PC_KEY_F9,     [21] = PC_KEY_F10,
    [23] = PC_KEY_F11, [24] = PC_KEY_F12,
};

/* kitty's code points for the keypad, from 57399 on: digits and signs, then keys. */
enum { KEYPAD_FIRST = 57399, KEYPAD_ENTER = 57414, PRIVATE_FIRST = 57344 };
static const char keypad_characters[] = "0123456789./*-+\n=,";
static const uint8_t keypad_keys[] = {
    PC_KEY_LEFT,      PC_KEY_RIGHT, PC_KEY_UP,  PC_KEY_DOWN,   PC_KEY_PAGE_UP,
    PC_KEY_PAGE_DOWN, PC_KEY_HOME,  PC_KEY_END, PC_KEY_INSERT, PC_KEY_DELETE,
};
enum { KEYPAD_KEYS = 57417, PRIVATE_LAST = 63743 };

/* ---- keys */

static bool
key_of_letter(char final, unsigned int modifiers, struct pc_key *ret_key)
{
    size_t index = (size_t)(final - 'A');
    return final >= 'A' && index < sizeof by_letter &&
           make((enum pc_key_kind)by_letter[index], modifiers, ret_key);
}

static bool
key_of_number(uint32_t number, unsigned int modifiers, struct pc_key *ret_key)
{
    return number < sizeof by_number &&
           make((enum pc_key_kind)by_number[number], modifiers, ret_key);
}

/* A character as kitty reports it: Shift with nothing else has made another character. */
static bool
key_of_point(uint32_t point, uint32_t shifted, unsigned int modifiers,
             struct pc_key *ret_key)
{
    if (point == '\r' || point == '\t' || point == 0x1B || point == 0x7F) {
        enum pc_key_kind kind = point == '\r'   ? PC_KEY_ENTER
                                : point == '\t' ? PC_KEY_TAB
                                : point == 0x7F ? PC_KEY_BACKSPACE
                                                : PC_KEY_ESCAPE;
        return make(kind, modifiers, ret_key);
    }
    if (point >= KEYPAD_KEYS && point < KEYPAD_KEYS + sizeof keypad_keys) {
        return make((enum pc_key_kind)keypad_keys[point - KEYPAD_KEYS], modifiers,
                    ret_key);
    }
    if (point == KEYPAD_ENTER) {
        return make(PC_KEY_ENTER, modifiers, ret_key);
    }
    if (point >= KEYPAD_FIRST && point < KEYPAD_FIRST + sizeof keypad_characters - 1) {
        point = (unsigned char)keypad_characters[point - KEYPAD_FIRST];
    }
    if (point < 0x20 || (point >= PRIVATE_FIRST && point <= PRIVATE_LAST)) {
        return false;
    }
    if ((modifiers & PC_KEY_SHIFT) != 0 && (modifiers & PC_KEY_CONTROL) == 0 &&
        (shifted != 0 || (point >= 'a' && point <= 'z'))) {
        point = shifted != 0 ? shifted : point - 'a' + 'A';
        modifiers &= ~(unsigned int)PC_KEY_SHIFT;
    }
    *ret_key = pc_key_of_point(point, modifiers);
    return true;
}

/* rxvt writes the modifier into the final byte. */
static bool
key_of_rxvt(const struct sequence *s, struct pc_key *ret_key)
{
    switch (s->final) {
    case '$':
        return key_of_number(s->numbers[0], PC_KEY_SHIFT, ret_key);
    case '^':
        return key_of_number(s->numbers[0], PC_KEY_CONTROL, ret_key);
    case '@':
        return key_of_number(s->numbers[0], PC_KEY_CONTROL | PC_KEY_SHIFT, ret_key);
    default:
        return s->count == 0 && s->final >= 'a' && s->final <= 'd' &&
               key_of_letter((char)(s->final - 'a' + 'A'), PC_KEY_SHIFT, ret_key);
    }
}

static bool
key_of_tilde(const struct sequence *s, unsigned int modifiers, struct pc_key *ret_key)
{
    if (s->numbers[0] == 27 && s->count == 3) {
        return key_of_point(s->numbers[2], 0, modifiers, ret_key);
    }
    return key_of_number(s->numbers[0], modifiers, ret_key);
}

static bool
is_answer(const struct sequence *s, bool awaits_position)
{
    if (s->private_mark == '?' || s->private_mark == '>') {
        return s->final == 'c' || s->final == 'n' || s->final == 'u' ||
               s->final == 'y' || s->final == 'R';
    }
    /* Shift-F3 is CSI 1 ; 2 R, and so is the upper left corner's second place. */
    return s->private_mark == 0 && s->final == 'R' && s->count == 2 &&
           (awaits_position || s->numbers[0] != 1);
}

bool
pc_key_of_csi(const char *bytes, size_t len, bool awaits_position,
              struct pc_key *ret_key)
{
    if (len == 3 && bytes[1] == '[') {
        bool known = bytes[2] >= 'A' && bytes[2] <= 'E';
        return known &&
               make((enum pc_key_kind)(PC_KEY_F1 + bytes[2] - 'A'), 0, ret_key);
    }
    struct sequence s = read_sequence(bytes + 1, len - 1);
    if (is_answer(&s, awaits_position)) {
        *ret_key = (struct pc_key){.kind = PC_KEY_REPLY, .text = bytes, .len = len};
        return true;
    }
    enum { RELEASED = 3 };
    if (s.private_mark != 0 || s.odd || s.second[1] == RELEASED) {
        return false;
    }
    unsigned int modifiers = modifiers_of(s.numbers[1]);
    switch (s.final) {
    case 'u':
        return key_of_point(s.numbers[0], s.second[0], modifiers, ret_key);
    case '~':
        return key_of_tilde(&s, modifiers, ret_key);
    case 'Z':
        return make(PC_KEY_TAB, modifiers | PC_KEY_SHIFT, ret_key);
    case 'I':
        return make(PC_KEY_FOCUS_IN, 0, ret_key);
    case 'O':
        return make(PC_KEY_FOCUS_OUT, 0, ret_key);
    default:
        return key_of_letter(s.final, modifiers_of_letter(&s), ret_key) ||
               key_of_rxvt(&s, ret_key);
    }
}

bool
pc_key_of_ss3(const char *bytes, size_t len, struct pc_key *ret_key)
{
    struct sequence s = read_sequence(bytes, len);
    unsigned int modifiers = modifiers_of_letter(&s);
    if (key_of_letter(s.final, modifiers, ret_key)) {
        return true;
    }
    if (s.final >= 'a' && s.final <= 'd') {
        return key_of_letter((char)(s.final - 'a' + 'A'), PC_KEY_CONTROL, ret_key);
    }
    /* The keypad in application mode: j to y are the characters * to 9. */
    if (s.final >= 'j' && s.final <= 'y') {
        *ret_key = pc_key_of_point((uint32_t)(s.final - 'j' + '*'), modifiers);
        return true;
    }
    return false;
}
