/* The decoder of keys: a machine that takes one byte after another. The grammar, in the
 * order of the code (quoted: bytes; final: 0x40 to 0x7E):
 *
 *     input     = character | control | ESC escape
 *     character = UTF-8                            a key; broken: U+FFFD
 *     control   = 0x00-0x1F | 0x7F                 C-@ C-a … C-_, Enter, Tab, Backspace
 *     escape    = (the timer)                      Escape
 *               | character | control              the same with Meta
 *               | ESC escape                       Escape, or Meta with what follows
 *               | "[" csi | "O" ss3
 *               | "]" digit osc | "P" dcs-start dcs    else M-] and M-P
 *     csi       = "[" any                          F1-F5 of the Linux console
 *               | "M" (0x20-0xFF)*3                a mouse report: nothing
 *               | (0x20-0x3F)* final               key_sequence.c knows which
 *               | digit+ "$"                       rxvt's Shift
 *     ss3       = (0x30-0x3B)* final               else M-O, and the character
 *     osc, dcs  = any* (BEL | ESC "\")             an answer
 *     paste     = "ESC[200~" any* "ESC[201~"
 *
 * A control byte inside a csi, a mouse report or ss3 ends it without a key and counts for
 * itself; an ESC inside a control string does, and CAN, SUB and C-c. */
#include "edit/key.h"

#include <pyconsole/status.h>
#include <string.h>

#include "base/utf8.h"
#include "edit/key_sequence.h"

enum state {
    GROUND,
    UTF8,
    ESCAPE,
    ESCAPE_STRING, /* after ESC ] or ESC P */
    CSI,
    CSI_LINUX,
    CSI_MOUSE,
    SS3,
    STRING,
    STRING_ESCAPE, /* an ESC in it */
    PASTE,
};

enum control {
    CONTROL_C = 0x03,
    BELL = 0x07,
    CANCEL = 0x18,
    SUBSTITUTE = 0x1A,
    ESC = 0x1B,
    DEL = 0x7F,
};

static const char PASTE_END[] = "\x1b[201~";

/* What a byte made of the machine. */
enum step {
    MORE,  /* it was read */
    AGAIN, /* the state changed, and it is still to be read */
    KEY,   /* it was read, and there is a key */
    KEY_AGAIN,
};

void
pc_key_decoder_fini(struct pc_key_decoder *decoder)
{
    pc_bytes_fini(&decoder->bytes);
    *decoder = (struct pc_key_decoder){0};
}

void
pc_key_decoder_feed(struct pc_key_decoder *decoder, const char *bytes, size_t len)
{
    decoder->input = bytes;
    decoder->input_len = len;
}

/* ---- keeping bytes */

static void
begin(struct pc_key_decoder *d, enum state state)
{
    d->state = state;
    d->dropped = false;
    d->dropped_status = PYCONSOLE_OK;
    pc_bytes_clear(&d->bytes);
}

/* Keeps bytes of what is being read; once some are lost, all of it is. */
static void
keep(struct pc_key_decoder *d, const char *bytes, size_t len, size_t most)
{
    if (d->dropped) {
        return;
    }
    int status = PYCONSOLE_ELIMIT;
    if (len <= most && d->bytes.len <= most - len) {
        status = pc_bytes_append(&d->bytes, bytes, len);
    }
    if (status < 0) {
        d->dropped = true;
        d->dropped_status = status;
    }
}

/* To the ground; says whether an ESC stood before. */
static unsigned int
leave(struct pc_key_decoder *d)
{
    unsigned int modifiers = d->meta ? PC_KEY_META : 0;
    d->state = GROUND;
    d->meta = false;
    return modifiers;
}

static enum step
give(struct pc_key_decoder *d, struct pc_key key, struct pc_key *ret_key,
     enum step step)
{
    key.modifiers |= leave(d);
    *ret_key = key;
    return step;
}

/* ---- character, control */

static struct pc_key
control_key(unsigned char byte)
{
    switch (byte) {
    case DEL:
        return (struct pc_key){.kind = PC_KEY_BACKSPACE};
    case 0x1C ... 0x1F:
        return pc_key_of_point(byte + '@', PC_KEY_CONTROL);
    default:
        return pc_key_of_point(byte == 0 ? '@' : byte + '`', PC_KEY_CONTROL);
    }
}

/* How many bytes follow a sequence's first one, and what the second may be (the table of
 * well-formed UTF-8, Unicode 3.9); 0 for a byte that begins none. */
static void
begin_utf8(struct pc_key_decoder *d, unsigned char byte)
{
    d->lowest = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    d->highest = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    d->left = byte < 0xC2 ? 0 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF5 ? 3 : 0;
    d->point = byte & (0x3FU >> d->left);
}

static enum step
read_ground(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    if (byte == ESC) {
        d->state = ESCAPE;
        return MORE;
    }
    if (byte < 0x20 || byte == DEL) {
        return give(d, control_key(byte), ret_key, KEY);
    }
    if (byte < 0x80) {
        return give(d, pc_key_of_point(byte, 0), ret_key, KEY);
    }
    begin_utf8(d, byte);
    if (d->left == 0) {
        return give(d, pc_key_of_point(PC_UTF8_REPLACEMENT, 0), ret_key, KEY);
    }
    d->state = UTF8;
    return MORE;
}

static enum step
read_utf8(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    if (byte < d->lowest || byte > d->highest) {
        return give(d, pc_key_of_point(PC_UTF8_REPLACEMENT, 0), ret_key, KEY_AGAIN);
    }
    d->lowest = 0x80;
    d->highest = 0xBF;
    d->point = d->point << 6 | (byte & 0x3FU);
    if (--d->left > 0) {
        return MORE;
    }
    return give(d, pc_key_of_point(d->point, 0), ret_key, KEY);
}

/* ---- escape */

static enum step
read_escape(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    switch (byte) {
    case ESC:
        if (d->meta) {
            /* The first of three was a key. */
            *ret_key = (struct pc_key){.kind = PC_KEY_ESCAPE};
            return KEY;
        }
        d->meta = true;
        return MORE;
    case '[':
        begin(d, CSI);
        keep(d, "[", 1, PC_KEY_SEQUENCE_MOST);
        return MORE;
    case 'O':
        begin(d, SS3);
        return MORE;
    case ']':
    case 'P':
        begin(d, ESCAPE_STRING);
        d->point = byte;
        keep(d, (const char *)&byte, 1, PC_KEY_ANSWER_MOST);
        return MORE;
    default:
        break;
    }
    if (d->meta) {
        d->meta = false;
        *ret_key = (struct pc_key){.kind = PC_KEY_ESCAPE};
        return KEY_AGAIN;
    }
    d->meta = true;
    d->state = GROUND;
    return AGAIN;
}

/* The key that the beginning of a sequence is if nothing follows. */
static struct pc_key
introducer_key(const struct pc_key_decoder *d)
{
    switch (d->state) {
    case ESCAPE:
        return (struct pc_key){.kind = PC_KEY_ESCAPE};
    case SS3:
        return pc_key_of_point('O', PC_KEY_META);
    case ESCAPE_STRING:
        return pc_key_of_point(d->point, PC_KEY_META);
    default:
        return pc_key_of_point('[', PC_KEY_META);
    }
}

static enum step
read_escape_string(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    static const char DCS_STARTS[] = "0123456789>!+$";
    size_t count = d->point == ']' ? strlen("0123456789") : sizeof DCS_STARTS - 1;
    if (memchr(DCS_STARTS, byte, count) != NULL) {
        d->state = STRING;
        return AGAIN;
    }
    return give(d, introducer_key(d), ret_key, KEY_AGAIN);
}

/* ---- csi, ss3 */

static bool
is_final(unsigned char byte)
{
    return byte >= 0x40 && byte <= 0x7E;
}

/* The csi is whole: the key that it is, or nothing. */
static enum step
end_csi(struct pc_key_decoder *d, struct pc_key *ret_key)
{
    struct pc_key key = {0};
    if (d->dropped) {
        leave(d);
        return MORE;
    }
    if (strcmp(d->bytes.data, "[200~") == 0) {
        leave(d);
        begin(d, PASTE);
        d->left = 0;
        d->waited = false;
        return MORE;
    }
    if (!pc_key_of_csi(d->bytes.data, d->bytes.len, d->awaits_position, &key)) {
        leave(d);
        return MORE;
    }
    return give(d, key, ret_key, KEY);
}

/* Whether "$" is a final: behind digits alone it is. */
static bool
has_digits_only(const struct pc_key_decoder *d)
{
    for (size_t i = 1; i < d->bytes.len; i++) {
        if (d->bytes.data[i] < '0' || d->bytes.data[i] > '9') {
            return false;
        }
    }
    return d->bytes.len > 1;
}

static enum step
read_csi(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    if (byte < 0x20 || byte > 0x7E) {
        leave(d);
        return AGAIN;
    }
    bool first = d->bytes.len == 1;
    bool final = is_final(byte) || (byte == '$' && has_digits_only(d));
    if (first && byte == 'M') {
        d->state = CSI_MOUSE;
        d->left = 3;
        return MORE;
    }
    keep(d, (const char *)&byte, 1, PC_KEY_SEQUENCE_MOST);
    if (first && byte == '[') {
        d->state = CSI_LINUX;
        return MORE;
    }
    return final ? end_csi(d, ret_key) : MORE;
}

static enum step
read_csi_linux(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    if (!is_final(byte)) {
        leave(d);
        return AGAIN;
    }
    keep(d, (const char *)&byte, 1, PC_KEY_SEQUENCE_MOST);
    return end_csi(d, ret_key);
}

static enum step
read_csi_mouse(struct pc_key_decoder *d, unsigned char byte)
{
    if (byte < 0x20) {
        leave(d);
        return AGAIN;
    }
    if (--d->left == 0) {
        leave(d);
    }
    return MORE;
}

static enum step
read_ss3(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    struct pc_key key = {0};
    keep(d, (const char *)&byte, 1, PC_KEY_SEQUENCE_MOST);
    if (byte >= '0' && byte <= ';') {
        return MORE;
    }
    if (d->dropped) {
        leave(d);
        return MORE;
    }
    if (pc_key_of_ss3(d->bytes.data, d->bytes.len, &key)) {
        return give(d, key, ret_key, KEY);
    }
    if (d->bytes.len == 1) {
        return give(d, introducer_key(d), ret_key, KEY_AGAIN);
    }
    leave(d);
    return is_final(byte) ? MORE : AGAIN;
}

/* ---- osc, dcs */

static enum step
end_string(struct pc_key_decoder *d, struct pc_key *ret_key)
{
    leave(d);
    if (d->dropped) {
        return MORE;
    }
    *ret_key = (struct pc_key){
        .kind = PC_KEY_REPLY, .text = d->bytes.data, .len = d->bytes.len};
    return KEY;
}

static enum step
read_string(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    switch (byte) {
    case BELL:
        return end_string(d, ret_key);
    case ESC:
        d->state = STRING_ESCAPE;
        return MORE;
    case CANCEL:
    case SUBSTITUTE:
        leave(d);
        return MORE;
    case CONTROL_C:
        leave(d);
        return AGAIN;
    default:
        keep(d, (const char *)&byte, 1, PC_KEY_ANSWER_MOST);
        return MORE;
    }
}

static enum step
read_string_escape(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    if (byte == '\\') {
        return end_string(d, ret_key);
    }
    leave(d);
    d->state = ESCAPE;
    return AGAIN;
}

/* ---- paste */

/* Reads up to the paste's end, or to the end of the input. Returns 1 with a key, 0, or why
 * the paste is lost. `left` counts the bytes of its end that were seen: only the first of
 * them is an ESC, so a byte that does not fit leaves none or one. */
static int
read_paste(struct pc_key_decoder *d, struct pc_key *ret_key)
{
    enum { END_LEN = sizeof PASTE_END - 1 };
    if (d->waited && d->input[0] == CONTROL_C) {
        leave(d);
        return 0;
    }
    d->waited = false;
    size_t len = 0;
    while (len < d->input_len && d->left < END_LEN) {
        const char *at = d->input + len;
        if (d->left == 0) {
            const char *escape = memchr(at, ESC, d->input_len - len);
            len = escape == NULL ? d->input_len : (size_t)(escape - d->input) + 1;
            d->left = escape != NULL;
            continue;
        }
        d->left = *at == PASTE_END[d->left] ? d->left + 1 : *at == ESC;
        len++;
    }
    keep(d, d->input, len, PC_KEY_PASTE_MOST + END_LEN);
    d->input += len;
    d->input_len -= len;
    if (d->left < END_LEN) {
        return 0;
    }
    leave(d);
    if (d->dropped) {
        return d->dropped_status;
    }
    *ret_key = (struct pc_key){
        .kind = PC_KEY_PASTE, .text = d->bytes.data, .len = d->bytes.len - END_LEN};
    return 1;
}

/* ---- the whole */

static enum step
read_byte(struct pc_key_decoder *d, unsigned char byte, struct pc_key *ret_key)
{
    switch ((enum state)d->state) {
    case UTF8:
        return read_utf8(d, byte, ret_key);
    case ESCAPE:
        return read_escape(d, byte, ret_key);
    case ESCAPE_STRING:
        return read_escape_string(d, byte, ret_key);
    case CSI:
        return read_csi(d, byte, ret_key);
    case CSI_LINUX:
        return read_csi_linux(d, byte, ret_key);
    case CSI_MOUSE:
        return read_csi_mouse(d, byte);
    case SS3:
        return read_ss3(d, byte, ret_key);
    case STRING:
        return read_string(d, byte, ret_key);
    case STRING_ESCAPE:
        return read_string_escape(d, byte, ret_key);
    case GROUND:
    case PASTE:
        break;
    }
    return read_ground(d, byte, ret_key);
}

int
pc_key_decoder_next(struct pc_key_decoder *decoder, struct pc_key *ret_key)
{
    while (decoder->input_len > 0) {
        if (decoder->state == PASTE) {
            int status = read_paste(decoder, ret_key);
            if (status != 0) {
                return status;
            }
            continue;
        }
        enum step step = read_byte(decoder, (unsigned char)*decoder->input, ret_key);
        if (step == MORE || step == KEY) {
            decoder->input++;
            decoder->input_len--;
        }
        if (step == KEY || step == KEY_AGAIN) {
            return 1;
        }
    }
    return 0;
}

bool
pc_key_decoder_is_idle(const struct pc_key_decoder *decoder)
{
    return decoder->state == GROUND && decoder->input_len == 0;
}

bool
pc_key_decoder_is_pending(const struct pc_key_decoder *decoder)
{
    return decoder->state != GROUND && decoder->state != UTF8 &&
           decoder->state != PASTE;
}

int
pc_key_decoder_expire(struct pc_key_decoder *decoder, struct pc_key *ret_key)
{
    decoder->waited = decoder->state == PASTE;
    if (!pc_key_decoder_is_pending(decoder)) {
        return 0;
    }
    bool introducer = decoder->state == ESCAPE || decoder->state == ESCAPE_STRING ||
                      (decoder->state == CSI && decoder->bytes.len == 1) ||
                      (decoder->state == SS3 && decoder->bytes.len == 0);
    struct pc_key key = introducer_key(decoder);
    key.modifiers |= leave(decoder);
    if (introducer) {
        *ret_key = key;
    }
    return introducer;
}
