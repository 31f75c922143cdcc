/* What comes from the terminal: keys for the editor or, while code runs, bytes for the
 * session's own terminal.
 *
 * A program may type, too: tmux send-keys, vim-slime, an IDE. Where the terminal puts no
 * brackets around what comes, it is known by its timing: a line with its end in one piece,
 * or pieces that come faster than keys do. The lines of such a burst are
 * taken with their own indentation, and each statement runs when it is over: before a
 * line at the margin that begins another, or at a blank line, unless an indented line
 * follows. Where nothing is there yet behind a blank line, its end waits for a moment.
 *
 * A burst whose first line has a prompt is a session: only the code in it is taken. */
#include "repl/parts.h"

#include <string.h>

enum {
    CONTROL_C = 3,
    ESCAPE = 27,
    READ_ROOM = 1 << 16,
    QUICK_PIECES = 3, /* so many in a row are a burst */
    LINE_WAIT = 10,   /* ms more, after which what there is of a burst is all */
};

/* The code behind a blank line. */
enum following { FOLLOWED_BY_NOTHING, FOLLOWED_BY_INDENTED, FOLLOWED_BY_OTHER };

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

/* ms without a byte after which what there is of a burst is all. */
static int64_t
line_wait(const struct pc_repl *repl)
{
    return repl->settings.burst_milliseconds + LINE_WAIT;
}

/* Does a part of a burst wait for the rest? */
static bool
is_burst_held(const struct pc_repl *repl)
{
    return repl->burst.line.len > 0 || repl->burst.held;
}

static void
note_pace(struct pc_repl *repl, const char *bytes, size_t len)
{
    int64_t now = pc_repl_clock();
    int gap = repl->settings.burst_milliseconds;
    bool held = is_burst_held(repl);
    bool quick = now - repl->typed_at <= gap;
    repl->quick = quick ? repl->quick + 1 : 0;
    bool escaped = pc_key_decoder_is_pending(&repl->decoder);
    repl->burst.on =
        gap > 0 && (has_line(bytes, len, escaped) || repl->quick >= QUICK_PIECES ||
                    (repl->burst.on && (quick || held)));
    repl->typed_at = now;
}

/* The key that stops what runs, if it is among the bytes; or NULL. */
static const char *
find_suspend_key(struct pc_repl *repl, const char *bytes, size_t len)
{
    int key = pyconsole_session_suspend_key(repl->session);
    return key < 0 ? NULL : memchr(bytes, key, len);
}

/* Gives what was typed to the session's terminal, up to a key that stops what runs. */
static int
hand_over(struct pc_repl *repl)
{
    const char *bytes = repl->typed.data + repl->typed_start;
    size_t len = repl->typed.len - repl->typed_start;
    const char *key = find_suspend_key(repl, bytes, len);
    size_t before = key == NULL ? len : (size_t)(key - bytes);
    int status = before == 0 ? PYCONSOLE_OK
                             : pyconsole_session_write(repl->session, bytes, before);
    repl->typed_start += before + (key != NULL);
    if (status == PYCONSOLE_ENOMEM) {
        return status;
    }
    return key == NULL ? PYCONSOLE_OK : pc_repl_suspend(repl);
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
         find_suspend_key(repl, room, (size_t)len) != NULL ||
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

static size_t
start_of_line(const struct pc_editor *editor)
{
    return editor->text.starts[pc_text_line_at(&editor->text, editor->cursor)];
}

/* Of the line at the cursor: the editor has put it there. */
static int
drop_indentation(struct pc_editor *editor)
{
    size_t start = start_of_line(editor);
    return start < editor->cursor &&
                   pc_text_is_blank(&editor->text, start, editor->cursor)
               ? pc_editor_replace(editor, start, editor->cursor, "", 0)
               : PYCONSOLE_OK;
}

/* Reads a line of the burst, with what is known of the lines before it. Where does the
 * code in it begin? PC_NO_CODE: it is the output in a session. */
static ptrdiff_t
read_line(const struct pc_repl *repl, const struct pc_bytes *line,
          struct pc_session_text *ret_session)
{
    *ret_session = repl->burst.session;
    if (repl->burst.begun) {
        return 0;
    }
    ptrdiff_t start = pc_session_text_read(ret_session, pc_bytes_text(line), line->len);
    if (ret_session->is && !repl->burst.session.is) {
        ret_session->is = !pc_editor_is_in_string(&repl->editor);
    }
    return ret_session->is ? start : 0;
}

/* Is the line that was typed the output in a session? Then nothing is left of it. */
static bool
drop_output(struct pc_repl *repl)
{
    struct pc_session_text session;
    if (read_line(repl, &repl->burst.line, &session) != PC_NO_CODE) {
        return false;
    }
    repl->burst.session = session;
    pc_bytes_clear(&repl->burst.line);
    return true;
}

/* The first bytes of a burst are not known as such: the editor has them. Where they are
 * the start of a session's line, takes them back. */
static int
take_back(struct pc_repl *repl)
{
    struct pc_editor *editor = &repl->editor;
    size_t start = start_of_line(editor);
    if (repl->burst.begun || pc_text_is_blank(&editor->text, start, editor->cursor)) {
        return PYCONSOLE_OK;
    }
    struct pc_bytes *line = &repl->burst.line;
    size_t count = editor->cursor - start;
    int status = pc_bytes_replace(line, 0, 0, editor->text.bytes + start, count);
    if (status < 0) {
        return status;
    }
    struct pc_session_text session;
    (void)read_line(repl, line, &session);
    return session.is ? pc_editor_replace(editor, start, editor->cursor, "", 0)
                      : pc_bytes_replace(line, 0, count, "", 0);
}

/* Puts the line that was typed into the text; or, when it begins another statement, has
 * the block before it run first, and then comes back to it. */
static int
flush_line(struct pc_repl *repl)
{
    struct pc_bytes *line = &repl->burst.line;
    if (line->len == 0 || drop_output(repl)) {
        return PYCONSOLE_OK;
    }
    struct pc_session_text session;
    size_t start = (size_t)read_line(repl, line, &session);
    const char *code = line->data + start;
    size_t len = line->len - start;
    if (repl->burst.fed > 0 && repl->burst.fed == repl->editor.text.len &&
        repl->burst.answer.missing == PC_MISSING_BLOCK_END && !goes_on(code, len)) {
        return pc_repl_accept(repl);
    }
    int status = repl->burst.begun ? PYCONSOLE_OK : drop_indentation(&repl->editor);
    if (status == PYCONSOLE_OK) {
        status = pc_editor_paste(&repl->editor, code, len);
    }
    repl->burst.session = session;
    repl->burst.begun = true;
    pc_bytes_clear(line);
    repl->stale = true;
    return status;
}

/* ---- blank lines of a burst ---- */

/* Is the cursor at the end of a text of several lines, the last of which is blank? */
static bool
is_behind_blank_line(const struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    return text->lines > 1 && editor->cursor == text->len &&
           pc_text_is_blank(text, start_of_line(editor), text->len);
}

static size_t
find_line_end(const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && bytes[at] != '\r' && bytes[at] != '\n') {
        at++;
    }
    return at;
}

/* What is there behind a blank line: the first line of code that is not blank decides. */
static enum following
look_ahead(const struct pc_repl *repl)
{
    struct pc_session_text session = repl->burst.session;
    for (size_t at = repl->typed_start; at < repl->typed.len; at++) {
        const char *line = repl->typed.data + at;
        size_t len = find_line_end(line, repl->typed.len - at);
        ptrdiff_t start = session.is ? pc_session_text_read(&session, line, len) : 0;
        size_t code = start == PC_NO_CODE ? len : (size_t)start;
        size_t first = code;
        while (first < len && (line[first] == ' ' || line[first] == '\t')) {
            first++;
        }
        if (first < len) {
            return first > code ? FOLLOWED_BY_INDENTED : FOLLOWED_BY_OTHER;
        }
        at += len;
    }
    return FOLLOWED_BY_NOTHING;
}

/* A line has ended, and is in the text. A blank one with nothing behind it is held. */
static int
end_burst_line(struct pc_repl *repl)
{
    enum following following =
        is_behind_blank_line(&repl->editor) ? look_ahead(repl) : FOLLOWED_BY_OTHER;
    repl->stale = true;
    repl->burst.held = following == FOLLOWED_BY_NOTHING && !repl->burst.over;
    if (repl->burst.held) {
        repl->typed_start--; /* the line's end once more, when more has come, or nothing */
        return PYCONSOLE_OK;
    }
    repl->burst.begun = false;
    return pc_repl_enter_burst(repl, following == FOLLOWED_BY_INDENTED);
}

static int
take_burst_byte(struct pc_repl *repl, char byte)
{
    if (is_text(byte)) {
        return pc_bytes_append_byte(&repl->burst.line, byte);
    }
    bool ends = byte == '\r' || byte == '\n';
    int status = take_back(repl);
    if (status == PYCONSOLE_OK && ends && drop_output(repl)) {
        return PYCONSOLE_OK;
    }
    if (status == PYCONSOLE_OK) {
        status = flush_line(repl);
    }
    if (status < 0 || repl->state != PC_REPL_EDITING) {
        repl->typed_start--; /* this byte once more, when the block before has run */
        return status;
    }
    return ends ? end_burst_line(repl) : take_byte(repl, byte);
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
    repl->burst.held = false;
    while (status >= 0 && is_waiting(repl) && !repl->burst.held &&
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
    if (repl->state == PC_REPL_EDITING &&
        (is_burst_held(repl) || repl->burst.session.begun)) {
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

/* Nothing came for a moment: is it the end of a burst? */
static int
end_pause(struct pc_repl *repl, int64_t since)
{
    repl->burst.over = since >= line_wait(repl);
    int status = repl->burst.over ? flush_line(repl) : PYCONSOLE_OK;
    if (repl->burst.over && repl->burst.line.len == 0 && !is_waiting(repl)) {
        repl->burst.session = (struct pc_session_text){0};
    }
    return status;
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
    int status = end_pause(repl, since);
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
