/* Keys, and the decoder that makes them of what a terminal sends.
 *
 *     struct pc_key_decoder decoder = {0};
 *     pc_key_decoder_feed(&decoder, bytes, len);
 *     while ((status = pc_key_decoder_next(&decoder, &key)) > 0) ...
 *     if (pc_key_decoder_is_pending(&decoder)) start the one timer, 50 ms or so; when it
 *         is over and nothing has come: pc_key_decoder_expire(&decoder), and next again
 *     pc_key_decoder_fini(&decoder);
 *
 * Bytes in, keys out: which keys come does not depend on how the bytes were cut, but for
 * the timer, which decides that an ESC was a key and not the beginning of one. Bytes that
 * are no UTF-8 give U+FFFD; sequences that are no key give nothing; no input stalls it.
 *
 * Source: ECMA-48, xterm's ctlseqs, the VT220's manual, rxvt's reference, the Linux
 * console (console_codes(4)), kitty's keyboard protocol. Any thread, one call at a time on
 * one decoder. */
#ifndef PC_EDIT_KEY_H
#define PC_EDIT_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* X(NAME, name): the keys that are no characters; the names as in a key's notation. */
#define PC_NAMED_KEYS(X)                                                               \
    X(ENTER, "Enter")                                                                  \
    X(TAB, "Tab")                                                                      \
    X(BACKSPACE, "Backspace")                                                          \
    X(ESCAPE, "Escape")                                                                \
    X(UP, "Up")                                                                        \
    X(DOWN, "Down")                                                                    \
    X(RIGHT, "Right")                                                                  \
    X(LEFT, "Left")                                                                    \
    X(HOME, "Home")                                                                    \
    X(END, "End")                                                                      \
    X(INSERT, "Insert")                                                                \
    X(DELETE, "Delete")                                                                \
    X(PAGE_UP, "PageUp")                                                               \
    X(PAGE_DOWN, "PageDown")                                                           \
    X(F1, "F1")                                                                        \
    X(F2, "F2")                                                                        \
    X(F3, "F3")                                                                        \
    X(F4, "F4")                                                                        \
    X(F5, "F5")                                                                        \
    X(F6, "F6")                                                                        \
    X(F7, "F7")                                                                        \
    X(F8, "F8")                                                                        \
    X(F9, "F9")                                                                        \
    X(F10, "F10")                                                                      \
    X(F11, "F11")                                                                      \
    X(F12, "F12")

#define PC_KEY_MEMBER(name, text) PC_KEY_##name,
enum pc_key_kind {
    PC_KEY_CHARACTER,            /* `point` */
    PC_NAMED_KEYS(PC_KEY_MEMBER) /* */
    PC_KEY_PASTE,    /* `text`: what stood between the brackets, as it came */
    PC_KEY_REPLY,    /* `text`: a terminal's answer, without ESC and terminator */
    PC_KEY_FOCUS_IN, /* the terminal's window has the focus, or lost it */
    PC_KEY_FOCUS_OUT,
    PC_KEY_KINDS,
};
#undef PC_KEY_MEMBER

/* SHIFT stands on a character only where the terminal told of it beside another one. */
enum pc_key_modifier {
    PC_KEY_SHIFT = 1 << 0,
    PC_KEY_META = 1 << 1, /* Alt; ESC before the key */
    PC_KEY_CONTROL = 1 << 2,
    PC_KEY_SUPER = 1 << 3,
};

/* Control with a character is that character in lower case: C-a is 'a', C-Space and the
 * byte 0 are '@', and what C-i, C-m and C-[ send is TAB, ENTER and ESCAPE. */
struct pc_key {
    enum pc_key_kind kind;
    unsigned int modifiers; /* of enum pc_key_modifier */
    uint32_t point;         /* of a CHARACTER, else 0 */
    const char *text;       /* the decoder's until the next call on it; else NULL */
    size_t len;
};

/* Our own caps. What goes beyond is left out up to its end: a sequence or an answer gives
 * no key; a paste gives ELIMIT. */
enum {
    PC_KEY_SEQUENCE_MOST = 64, /* of a control sequence */
    PC_KEY_ANSWER_MOST = 4096, /* of a control string */
};
#define PC_KEY_PASTE_MOST ((size_t)1 << 26)

/* Zero-initialised it is ready. Private but for `awaits_position`: set it while an answer
 * to DSR 6 is awaited. `CSI 1 ; 2 R` is then that answer, else Shift-F3. */
struct pc_key_decoder {
    bool awaits_position;
    uint8_t state;  /* enum state in key.c */
    bool meta;      /* an ESC stood before the sequence */
    bool dropped;   /* what is being read is too long, or there is no memory */
    bool waited;    /* inside a paste: nothing came for a while */
    uint8_t left;   /* bytes still to come of a UTF-8 sequence or a mouse report; bytes
                       seen of a paste's end */
    uint8_t lowest; /* what the next byte of a UTF-8 sequence may be */
    uint8_t highest;
    int dropped_status;
    uint32_t point;        /* of the UTF-8 sequence: its value so far */
    struct pc_bytes bytes; /* of the sequence, answer or paste so far */
    const char *input;     /* borrowed: what was fed and not read yet */
    size_t input_len;
};

void pc_key_decoder_fini(struct pc_key_decoder *decoder);

/* Bytes from the terminal. They are borrowed until pc_key_decoder_next gives 0; what was fed
 * before has been read up to there. */
void pc_key_decoder_feed(struct pc_key_decoder *decoder, const char *bytes, size_t len);

/* The next key: 1, and *ret_key; 0 when more bytes are needed. ENOMEM, ELIMIT: a paste is
 * lost; what follows it is not. */
int pc_key_decoder_next(struct pc_key_decoder *decoder, struct pc_key *ret_key);

/* Whether a sequence has begun of which the timer must say that it was a key. */
bool pc_key_decoder_is_pending(const struct pc_key_decoder *decoder);

/* Whether nothing has begun: no sequence, no character, no paste. */
bool pc_key_decoder_is_idle(const struct pc_key_decoder *decoder);

/* Nothing came for a while: an ESC, or the beginning of a sequence, was a key. 1, and
 * *ret_key; 0 with none. After it, in a paste whose end does not come, C-c ends it. */
int pc_key_decoder_expire(struct pc_key_decoder *decoder, struct pc_key *ret_key);

/* ---- keys as numbers, to compare, keep and write down
 *
 * The notation is that of the documentation: modifiers in the order C- M- S- s-, then
 * a character, `Space`, or a name: C-a, M-Enter, C-x, S-Up. A sequence has blanks between
 * its keys: "C-x C-e". */

/* The same for keys with the same kind, point and modifiers. */
uint32_t pc_key_code(const struct pc_key *key);
struct pc_key pc_key_of_code(uint32_t code);

/* A key for a character and modifiers, which follows the rules of struct pc_key. */
struct pc_key pc_key_of_point(uint32_t point, unsigned int modifiers);

/* Reads one key of the notation: how many bytes it takes, 0 if it is none. */
size_t pc_key_parse(const char *text, size_t len, struct pc_key *ret_key);

/* Writes the notation and a zero byte; returns its length. */
enum { PC_KEY_NAME_MOST = 24 };
size_t pc_key_name(const struct pc_key *key, char ret_name[PC_KEY_NAME_MOST]);

#endif
