/* Enter: a text that is complete is a block, which is kept in the history and run; to one
 * that is not, a line is added.
 *
 * The lexer's room knows of most texts that they are incomplete, or surely not; the rest is
 * asked of the session, which compiles it as codeop does. While the question is open keys
 * wait, so that the text stays what was asked about. */
#include "lexer/simple.h"
#include "repl/parts.h"

#include <string.h>

/* ---- is it complete? ---- */

/* The text without the indentation of a last line that has nothing else: the editor has
 * put it there, and it does not keep a block from ending. */
static size_t
len_to_ask(const struct pc_text *text)
{
    size_t start = text->starts[text->lines - 1];
    return pc_text_is_blank(text, start, text->len) ? start : text->len;
}

/* Feeds the lines from `start` to the acceptor, up to the first of which it does not know
 * whether the text is incomplete there. Did it come to the end? */
static bool
feed_lines(struct pc_acceptor *acceptor, const struct pc_text *text, size_t start,
           struct pc_answer *ret_answer)
{
    size_t len = len_to_ask(text);
    size_t line = pc_text_line_at(text, start);
    bool asks = false;
    for (; line < text->lines && !asks; line++) {
        size_t begin = text->starts[line] < start ? start : text->starts[line];
        size_t end = pc_text_line_end(text, line);
        end = end < len ? end : len;
        *ret_answer = pc_acceptor_feed(acceptor, text->bytes + begin,
                                       end < begin ? 0 : end - begin);
        asks = ret_answer->verdict == PC_ASK;
    }
    return line == text->lines;
}

static bool
is_surely_incomplete(const struct pc_repl *repl)
{
    struct pc_acceptor acceptor;
    struct pc_answer answer = {0};
    pc_acceptor_init(&acceptor, repl->editor.version);
    return feed_lines(&acceptor, &repl->editor.text, 0, &answer) &&
           answer.verdict == PC_SURELY_INCOMPLETE;
}

static bool
is_surely_not_incomplete(const struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    return text->lines == 1 &&
           pc_is_simple_line(text->bytes, text->len, repl->editor.version);
}

static int
ask(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    int status = pyconsole_session_is_complete(repl->session, text->bytes,
                                               len_to_ask(text), &repl->question);
    if (status == PYCONSOLE_OK) {
        repl->state = PC_REPL_ASKING;
    }
    return status == PYCONSOLE_ECLOSED || status == PYCONSOLE_ELIMIT ? PYCONSOLE_OK
                                                                     : status;
}

static bool
is_blank(const struct pc_text *text)
{
    return pc_text_is_blank(text, 0, text->len);
}

/* Is there nothing to find out before the text is accepted? */
static bool
needs_no_answer(const struct pc_repl *repl)
{
    return is_blank(&repl->editor.text) || pc_repl_has_own_command(repl) ||
           is_surely_not_incomplete(repl);
}

int
pc_repl_enter(struct pc_repl *repl)
{
    repl->burst.newline = false;
    if (needs_no_answer(repl)) {
        return pc_repl_accept(repl);
    }
    return is_surely_incomplete(repl) ? pc_editor_newline(&repl->editor) : ask(repl);
}

int
pc_repl_answer(struct pc_repl *repl, const pyconsole_event *event)
{
    repl->question = 0;
    repl->state = PC_REPL_EDITING;
    if (strcmp(event->name, "interrupted") == 0) {
        repl->stale = true;
        return PYCONSOLE_OK;
    }
    if (strcmp(event->name, "incomplete") != 0) {
        return pc_repl_accept(repl);
    }
    repl->stale = true;
    if (!repl->burst.newline) {
        return pc_editor_newline(&repl->editor);
    }
    if (repl->burst.fed > 0) {
        pc_acceptor_resume(&repl->burst.acceptor);
    }
    return pc_editor_insert(&repl->editor, "\n", 1);
}

/* Whatever keeps the session from its answer: the text is edited again. It may be no
 * request, but a signal handler or a task that reads its terminal: that gets C-c there. */
int
pc_repl_stop_asking(struct pc_repl *repl)
{
    int status = pyconsole_session_interrupt(repl->session, repl->question);
    if (status != PYCONSOLE_ENOMEM) {
        status = pyconsole_session_write(repl->session, "\003", 1);
    }
    repl->question = 0;
    repl->state = PC_REPL_EDITING;
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

/* ---- bursts ---- */

/* Only what is new of the text is fed, if it goes on with what was fed before. Did the
 * acceptor come to the end? */
static bool
feed_burst(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    size_t fed = repl->burst.fed;
    if (fed == 0 || fed > text->len || text->bytes[fed - 1] != '\n') {
        pc_acceptor_init(&repl->burst.acceptor, repl->editor.version);
        fed = 0;
    }
    return feed_lines(&repl->burst.acceptor, text, fed, &repl->burst.answer);
}

int
pc_repl_enter_burst(struct pc_repl *repl, bool goes_on)
{
    const struct pc_text *text = &repl->editor.text;
    if (needs_no_answer(repl)) {
        return pc_repl_accept(repl);
    }
    if (repl->editor.cursor != text->len) {
        return pc_repl_enter(repl);
    }
    repl->burst.fed = feed_burst(repl) ? text->len + 1 : 0;
    repl->burst.newline = true;
    return repl->burst.answer.verdict == PC_ASK && !goes_on
               ? ask(repl)
               : pc_editor_insert(&repl->editor, "\n", 1);
}

/* ---- running it ---- */

/* What the block ends in does not matter: lines that are blank. */
static size_t
len_of_block(const struct pc_text *text)
{
    size_t len = text->len;
    while (len > 0 && strchr(" \t\n", text->bytes[len - 1]) != NULL) {
        len--;
    }
    return len;
}

static int
keep(struct pc_repl *repl, const char *text, size_t len)
{
    repl->serial = 0;
    repl->started = pc_repl_time();
    int status = repl->tell_at > 0 ? pc_repl_note_folder(repl) : PYCONSOLE_OK;
    if (status == PYCONSOLE_OK) {
        status =
            pc_history_append(repl->history, text, len, repl->started, &repl->serial);
    }
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

/* What waits since the block before does not wait longer for this one. */
static void
begin_to_hold(struct pc_repl *repl)
{
    if (repl->out.len == 0) {
        int64_t wait = repl->options->host == NULL ? PC_REPL_HOLD : 0;
        repl->hold_until = pc_repl_clock() + wait;
    }
}

int
pc_repl_accept(struct pc_repl *repl)
{
    struct pc_text *text = &repl->editor.text;
    size_t len = len_of_block(text);
    begin_to_hold(repl);
    int status = pc_repl_leave_text(repl);
    repl->burst.fed = 0;
    repl->burst.begun = false;
    if (status < 0 || len == 0) {
        pc_editor_clear(&repl->editor);
        return status < 0 ? status : pc_repl_prompt(repl);
    }
    repl->state = PC_REPL_RUNNING;
    repl->hand_over_at = repl->ready ? pc_repl_clock() + PC_REPL_HAND_OVER : INT64_MAX;
    repl->unruly = repl->options->host != NULL;
    status = keep(repl, text->bytes, len);
    if (status == PYCONSOLE_OK && pc_repl_has_own_command(repl)) {
        return pc_repl_serve_own_command(repl);
    }
    if (status == PYCONSOLE_OK) {
        pc_repl_count_block(repl, text->bytes, len);
        status =
            pyconsole_session_execute(repl->session, text->bytes, len, &repl->running);
    }
    pc_editor_clear(&repl->editor);
    if (status < 0) {
        return status == PYCONSOLE_ECLOSED ? PYCONSOLE_OK : status;
    }
    return pc_repl_run_terminal(repl);
}
