/* What comes from the terminal: keys for the editor or, while code runs, bytes for the
 * session's own terminal.
 *
 * A program may type, too: tmux send-keys, vim-slime, an IDE. Where the terminal puts no
 * brackets around what comes, it is known by its timing: a line with its end in one piece,
 * or pieces that come faster than keys do. The lines of such a burst are
 * taken with their own indentation, and each statement runs when it is over, as if
 * python3 read them: at a blank line, or before a line at the margin that begins another. */
#include "repl/parts.h"

#include <string.h>

enum {
    CONTROL_C = 3,
    ESCAPE = 27,
    READ_ROOM = 1 << 16,
    QUICK_PIECES = 3, /* so many in a row are a burst */
    LINE_WAIT = 10,   /* ms more, after which a burst's line is all that there is */
};

static bool
is_waiting(const struct pc_repl *repl)
{
    return repl->typed_start < repl->typed.len;
}

/* ---- from the terminal ---- */

/* Is there a line end in the piece, and more than that? One behind an ESC is a key; the
 * first byte may be (`escaped`). */
static bool
has_line(const char *bytes, size_t len, bool escaped)
{
    bool found = false;
    for (size_t i = 0; i < len && !found; i++) {
        found = (bytes[i] == '\r' || bytes[i] == '\n') && !escaped;
        escaped = bytes[i] == ESCAPE;
    }
    return found && len > 2 && bytes[0] != ESCAPE;
}

static void
note_pace(struct pc_repl *repl, const char *bytes, size_t len)
{
    int64_t now = pc_repl_clock();
    int gap = repl->settings.burst_milliseconds;
    bool quick = now - repl->typed_at <= gap;
    repl->quick = quick ? repl->quick + 1 : 0;
    bool escaped = pc_key_decoder_is_pending(&repl->decoder);
    repl->burst.on =
        gap > 0 && (has_line(bytes, len, escaped) || repl->quick >= QUICK_PIECES ||
                    (repl->burst.on && quick));
    repl->typed_at = now;
}

/* Gives all that was typed to the session's terminal. */
static int
hand_over(struct pc_repl *repl)
{
    int status =
        pyconsole_session_write(repl->session, repl->typed.data + repl->typed_start,
                                repl->typed.len - repl->typed_start);
    pc_bytes_clear(&repl->typed);
    repl->typed_start = 0;
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

int
pc_repl_read(struct pc_repl *repl)
{
    char room[READ_ROOM];
    ssize_t len = pc_term_read(repl->term, room, sizeof room);
    if (len <= 0) {
        return (int)len;
    }
    note_pace(repl, room, (size_t)len);
    int status = pc_bytes_append(&repl->typed, room, (size_t)len);
    if (status == PYCONSOLE_OK && repl->state == PC_REPL_RUNNING &&
        (memchr(room, CONTROL_C, (size_t)len) != NULL ||
         repl->typed_at >= repl->hand_over_at)) {
        status = hand_over(repl);
    }
    if (status == PYCONSOLE_OK && repl->state == PC_REPL_ASKING &&
        memchr(room, CONTROL_C, (size_t)len) != NULL) {
        status = pc_repl_stop_asking(repl);
    }
    return status;
}

int
pc_repl_put_back(struct pc_repl *repl, const char *bytes, size_t len)
{
    repl->burst.on |=
        repl->settings.burst_milliseconds > 0 && has_line(bytes, len, false);
    return pc_bytes_replace(&repl->typed, repl->typed_start, repl->typed_start, bytes,
                            len);
}

/* ---- keys ---- */

static int
serve_key(struct pc_repl *repl, const struct pc_key *key)
{
    if (key->kind == PC_KEY_REPLY) {
        return pc_repl_take_reply(repl, key);
    }
    repl->stale = true;
    if (repl->search.on) {
        bool taken = false;
        int status = pc_repl_search_key(repl, key, &taken);
        if (status < 0 || taken) {
            return status;
        }
    }
    if (repl->menu.count > 0) {
        bool taken = false;
        int status = pc_repl_menu_key(repl, key, &taken);
        if (status < 0 || taken) {
            return status;
        }
    }
    int status = pc_repl_serve(repl, pc_editor_key(&repl->editor, key));
    while (status >= 0 && repl->state == PC_REPL_EDITING &&
           pc_editor_is_playing(&repl->editor)) {
        status = pc_repl_serve(repl, pc_editor_play(&repl->editor));
    }
    pc_repl_follow_call(repl);
    return status < 0 ? status : pc_repl_follow_menu(repl);
}

/* One byte, so that what is behind an Enter stays where it is until that is done. */
static int
take_byte(struct pc_repl *repl, char byte)
{
    struct pc_key key;
    pc_key_decoder_feed(&repl->decoder, &byte, 1);
    int status = pc_key_decoder_next(&repl->decoder, &key);
    while (status > 0) {
        status = serve_key(repl, &key);
        if (status >= 0) {
            status = pc_key_decoder_next(&repl->decoder, &key);
        }
    }
    if (status == PYCONSOLE_ELIMIT) {
        return pc_repl_say(repl, "pyconsole: that is too long to be pasted");
    }
    return status;
}

/* ---- bursts ---- */

/* Is it text, and not a key that does something? */
static bool
is_text(char byte)
{
    return (unsigned char)byte >= ' ' ? byte != 0x7f : byte == '\t';
}

/* Does a line that begins at the margin go on with the statement before it? */
static bool
goes_on(const char *line, size_t len)
{
    static const char *const words[] = {"elif", "else", "except", "finally", "case"};
    if (len == 0 || line[0] == ' ' || line[0] == '\t' || line[0] == '#' ||
        line[0] == ')' || line[0] == ']' || line[0] == '}') {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t word = strlen(words[i]);
        if (len > word && memcmp(line, words[i], word) == 0 &&
            (line[word] == ' ' || line[word] == ':' || line[word] == '(')) {
            return true;
        }
    }
    return false;
}

/* Of the line at the cursor: the editor has put it there. */
static int
drop_indentation(struct pc_editor *editor)
{
    size_t start = editor->text.starts[pc_text_line_at(&editor->text, editor->cursor)];
    return start < editor->cursor &&
                   pc_text_is_blank(&editor->text, start, editor->cursor)
               ? pc_editor_replace(editor, start, editor->cursor, "", 0)
               : PYCONSOLE_OK;
}

/* Puts the line that was typed into the text; or, when it begins another statement, has
 * the block before it run first, and then comes back to it. */
static int
flush_line(struct pc_repl *repl)
{
    struct pc_bytes *line = &repl->burst.line;
    if (line->len == 0) {
        return PYCONSOLE_OK;
    }
    if (repl->burst.fed > 0 && repl->burst.fed == repl->editor.text.len &&
        repl->burst.answer.missing == PC_MISSING_BLOCK_END &&
        !goes_on(line->data, line->len)) {
        return pc_repl_accept(repl);
    }
    int status = repl->burst.begun ? PYCONSOLE_OK : drop_indentation(&repl->editor);
    if (status == PYCONSOLE_OK) {
        status = pc_editor_paste(&repl->editor, line->data, line->len);
    }
    repl->burst.begun = true;
    pc_bytes_clear(line);
    repl->stale = true;
    return status;
}

static int
take_burst_byte(struct pc_repl *repl, char byte)
{
    if (is_text(byte)) {
        return pc_bytes_append_byte(&repl->burst.line, byte);
    }
    int status = flush_line(repl);
    if (status < 0 || repl->state != PC_REPL_EDITING) {
        repl->typed_start--; /* this byte once more, when the block before has run */
        return status;
    }
    if (byte != '\r' && byte != '\n') {
        return take_byte(repl, byte);
    }
    repl->stale = true;
    repl->burst.begun = false;
    return pc_repl_enter_burst(repl);
}

/* A sequence that has begun belongs to the decoder, as does a paste. */
static bool
is_literal(const struct pc_repl *repl)
{
    return repl->burst.on && repl->menu.count == 0 && !repl->search.on &&
           pc_key_decoder_is_idle(&repl->decoder);
}

int
pc_repl_take_typed(struct pc_repl *repl)
{
    int status = PYCONSOLE_OK;
    while (status >= 0 && is_waiting(repl) &&
           (repl->state == PC_REPL_EDITING || repl->state == PC_REPL_DEAD)) {
        char byte = repl->typed.data[repl->typed_start++];
        status = repl->state == PC_REPL_DEAD ? pc_repl_recover(repl, byte)
                 : is_literal(repl)          ? take_burst_byte(repl, byte)
                                             : take_byte(repl, byte);
    }
    if (!is_waiting(repl)) {
        pc_bytes_clear(&repl->typed);
        repl->typed_start = 0;
    }
    return status;
}

/* ---- what is due ---- */

/* ms without a byte after which the line of a burst is all that there is. */
static int64_t
line_wait(const struct pc_repl *repl)
{
    return repl->settings.burst_milliseconds + LINE_WAIT;
}

static int64_t
earlier(int64_t one, int64_t other)
{
    return one < 0 || (other >= 0 && other < one) ? other : one;
}

int64_t
pc_repl_due(const struct pc_repl *repl)
{
    int64_t due = -1;
    if (repl->state == PC_REPL_RUNNING && is_waiting(repl)) {
        due = repl->hand_over_at;
    }
    if (repl->state == PC_REPL_EDITING && repl->burst.line.len > 0) {
        due = earlier(due, repl->typed_at + line_wait(repl));
    }
    if (pc_key_decoder_is_pending(&repl->decoder)) {
        due = earlier(due, repl->typed_at + repl->settings.escape_milliseconds);
    }
    if (repl->state == PC_REPL_EDITING && repl->tell_at > 0) {
        due = earlier(due, repl->tell_at);
    }
    if (repl->state == PC_REPL_EDITING && repl->hint.due > 0) {
        due = earlier(due, repl->hint.due);
    }
    if (repl->state == PC_REPL_EDITING && repl->checkpoints.due > 0) {
        due = earlier(due, repl->checkpoints.due);
    }
    if (repl->state == PC_REPL_EDITING && pc_repl_is_searching(repl)) {
        due = 0;
    }
    return due;
}

/* Nothing came behind an ESC. */
static int
expire(struct pc_repl *repl)
{
    struct pc_key key;
    int status = pc_key_decoder_expire(&repl->decoder, &key);
    return status > 0 ? serve_key(repl, &key) : status;
}

int
pc_repl_do_due(struct pc_repl *repl)
{
    int64_t now = pc_repl_clock();
    int64_t since = now - repl->typed_at;
    if (repl->state == PC_REPL_RUNNING && is_waiting(repl) &&
        now >= repl->hand_over_at) {
        return hand_over(repl);
    }
    if (repl->state != PC_REPL_EDITING) {
        return PYCONSOLE_OK;
    }
    int status = since >= line_wait(repl) ? flush_line(repl) : PYCONSOLE_OK;
    if (status >= 0 && since >= repl->settings.escape_milliseconds &&
        repl->state == PC_REPL_EDITING && pc_key_decoder_is_pending(&repl->decoder)) {
        status = expire(repl);
    }
    if (status >= 0 && repl->state == PC_REPL_EDITING && repl->tell_at > 0 &&
        now >= repl->tell_at) {
        status = pc_repl_tell_history(repl);
    }
    if (status >= 0 && repl->state == PC_REPL_EDITING && repl->hint.due > 0 &&
        now >= repl->hint.due) {
        status = pc_repl_ask_signature(repl);
    }
    if (status >= 0 && repl->state == PC_REPL_EDITING && repl->checkpoints.due > 0 &&
        now >= repl->checkpoints.due) {
        status = pc_repl_make_checkpoint(repl);
    }
    if (status >= 0 && repl->state == PC_REPL_EDITING) {
        status = pc_repl_search_on(repl);
    }
    return status;
}
