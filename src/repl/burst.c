/* What a program types: tmux send-keys, vim-slime, an IDE. Where the terminal puts no
 * brackets around it, it is known by its timing: a line with its end in one piece, or
 * pieces that come faster than keys do. The lines of such a burst are taken with their own
 * indentation, and each statement runs when it is over: before a line at the margin that
 * begins another, or at a blank line, unless an indented line follows. Where nothing is there
 * yet behind a blank line, its end waits for a moment.
 *
 * A burst whose first line has a prompt is a session: only the code in it is taken. */
#include "repl/parts.h"

#include <string.h>

enum {
    ESCAPE = 27,
    QUICK_PIECES = 3, /* so many in a row are a burst */
    LINE_WAIT = 10,   /* ms more, after which what there is of a burst is all */
};

/* The code behind a blank line. */
enum following { FOLLOWED_BY_NOTHING, FOLLOWED_BY_INDENTED, FOLLOWED_BY_OTHER };

/* ---- what is one ---- */

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

bool
pc_repl_is_program_text(const struct pc_repl *repl, const char *bytes, size_t len)
{
    return repl->settings.burst_milliseconds > 0 &&
           has_line(bytes, len, pc_key_decoder_is_pending(&repl->decoder));
}

void
pc_repl_note_pace(struct pc_repl *repl, const char *bytes, size_t len)
{
    int64_t now = pc_repl_clock();
    int gap = repl->settings.burst_milliseconds;
    bool quick = now - repl->typed_at <= gap;
    repl->quick = quick ? repl->quick + 1 : 0;
    bool goes_on = repl->burst.on && (quick || is_burst_held(repl));
    repl->burst.on = pc_repl_is_program_text(repl, bytes, len) ||
                     (gap > 0 && (goes_on || repl->quick >= QUICK_PIECES));
    repl->typed_at = now;
}

/* ---- its lines ---- */

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

/* Puts the line that was typed into the text, unless it is the output in a session; or,
 * when it begins another statement, has the block before it run first, and then comes back
 * to it. */
static int
flush_line(struct pc_repl *repl, bool *ret_is_output)
{
    struct pc_bytes *line = &repl->burst.line;
    struct pc_session_text session;
    ptrdiff_t start = read_line(repl, line, &session);
    *ret_is_output = start == PC_NO_CODE;
    if (*ret_is_output) {
        repl->burst.session = session;
        pc_bytes_clear(line);
        return PYCONSOLE_OK;
    }
    if (line->len == 0) {
        return PYCONSOLE_OK;
    }
    const char *code = line->data + start;
    size_t len = line->len - (size_t)start;
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

/* ---- blank lines ---- */

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

int
pc_repl_take_burst_byte(struct pc_repl *repl, char byte)
{
    if (is_text(byte)) {
        return pc_bytes_append_byte(&repl->burst.line, byte);
    }
    bool ends = byte == '\r' || byte == '\n';
    bool is_output = false;
    int status = take_back(repl);
    if (status == PYCONSOLE_OK && (ends || repl->burst.line.len > 0)) {
        status = flush_line(repl, &is_output);
    }
    if (status < 0 || repl->state != PC_REPL_EDITING) {
        repl->typed_start--; /* this byte once more, when the block before has run */
        return status;
    }
    if (!ends) {
        return pc_repl_take_byte(repl, byte);
    }
    return is_output ? PYCONSOLE_OK : end_burst_line(repl);
}

/* A sequence that has begun belongs to the decoder, as does a paste; an Enter behind that is
 * a key, however soon it comes. */
bool
pc_repl_is_burst(const struct pc_repl *repl)
{
    return repl->burst.on && !repl->pasted && repl->menu.count == 0 &&
           !repl->search.on && pc_key_decoder_is_idle(&repl->decoder);
}

/* ---- its end ---- */

int64_t
pc_repl_burst_due(const struct pc_repl *repl)
{
    return is_burst_held(repl) || repl->burst.session.begun
               ? repl->typed_at + line_wait(repl)
               : -1;
}

int
pc_repl_pause_burst(struct pc_repl *repl, int64_t since)
{
    repl->burst.over = since >= line_wait(repl);
    bool is_output;
    int status = repl->burst.over && repl->burst.line.len > 0
                     ? flush_line(repl, &is_output)
                     : PYCONSOLE_OK;
    if (repl->burst.over && repl->burst.line.len == 0 && !pc_repl_has_typed(repl)) {
        repl->burst.session = (struct pc_session_text){0};
    }
    return status;
}
