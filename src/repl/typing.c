/* What comes from the terminal: keys for the editor or, while code runs, bytes for the
 * session's own terminal. What a program types is taken by burst.c. */
#include "repl/parts.h"

#include <string.h>

enum {
    CONTROL_C = 3,
    CONTROL_D = 4,
    READ_ROOM = 1 << 16,
    KEYS_WAIT = 500, /* ms that keys wait for others that they may be bound with */
};

bool
pc_repl_has_typed(const struct pc_repl *repl)
{
    return repl->typed_start < repl->typed.len;
}

/* ---- from the terminal ---- */

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
    pc_repl_note_pace(repl, room, (size_t)len);
    int status = pc_bytes_append(&repl->typed, room, (size_t)len);
    if (status == PYCONSOLE_OK && repl->state == PC_REPL_RUNNING &&
        (repl->typed_at >= repl->hand_over_at ||
         memchr(room, CONTROL_C, (size_t)len) != NULL ||
         find_suspend_key(repl, room, (size_t)len) != NULL)) {
        status = hand_over(repl);
    }
    if (status == PYCONSOLE_OK && repl->state == PC_REPL_ASKING &&
        memchr(room, CONTROL_C, (size_t)len) != NULL) {
        status = pc_repl_stop_asking(repl);
    }
    return status;
}

int
pc_repl_read_ahead(struct pc_repl *repl)
{
    char room[READ_ROOM];
    size_t before = repl->typed.len;
    int status = PYCONSOLE_OK;
    ssize_t len = 1;
    while (len > 0 && status == PYCONSOLE_OK) {
        len = pc_term_read(repl->term, room, sizeof room);
        status = len < 0 ? pc_bytes_append(&repl->typed, &(char){CONTROL_D}, 1)
                         : pc_bytes_append(&repl->typed, room, (size_t)len);
    }
    if (repl->typed.len > before) {
        pc_repl_note_pace(repl, repl->typed.data + before, repl->typed.len - before);
    }
    return status;
}

int
pc_repl_put_back(struct pc_repl *repl, const char *bytes, size_t len)
{
    repl->burst.on |= pc_repl_is_program_text(repl, bytes, len);
    return pc_bytes_replace(&repl->typed, repl->typed_start, repl->typed_start, bytes,
                            len);
}

/* ---- keys ---- */

/* A key is for the list of the history or the menu first. */
static int
offer_key(struct pc_repl *repl, const struct pc_key *key, bool *ret_taken)
{
    int status = PYCONSOLE_OK;
    *ret_taken = false;
    if (repl->search.on) {
        status = pc_repl_search_key(repl, key, ret_taken);
    }
    if (status >= 0 && !*ret_taken && repl->menu.count > 0) {
        status = pc_repl_menu_key(repl, key, ret_taken);
    }
    return status;
}

static int
play_key(struct pc_repl *repl)
{
    struct pc_key key = pc_editor_next_played(&repl->editor);
    bool taken = false;
    int status = offer_key(repl, &key, &taken);
    if (taken) {
        pc_editor_take_played(&repl->editor);
    }
    return status < 0 || taken ? status
                               : pc_repl_serve(repl, pc_editor_play(&repl->editor));
}

/* What a key asked for, and what a macro goes on with. */
static int
serve_request(struct pc_repl *repl, int request)
{
    int status = pc_repl_serve(repl, request);
    while (status >= 0 && repl->state == PC_REPL_EDITING &&
           pc_editor_is_playing(&repl->editor)) {
        status = play_key(repl);
    }
    pc_repl_follow_call(repl);
    return status < 0 ? status : pc_repl_follow_menu(repl);
}

static int
serve_key(struct pc_repl *repl, const struct pc_key *key)
{
    bool taken = false;
    if (key->kind == PC_KEY_REPLY) {
        return pc_repl_take_reply(repl, key);
    }
    if (repl->state == PC_REPL_DEAD) {
        return pc_repl_recover(repl, key);
    }
    repl->pasted = key->kind == PC_KEY_PASTE;
    repl->stale = true;
    int status = offer_key(repl, key, &taken);
    if (status < 0 || taken) {
        return status < 0 || pc_editor_record(&repl->editor, key) == PYCONSOLE_OK
                   ? status
                   : pc_repl_bell(repl);
    }
    return serve_request(repl, pc_editor_key(&repl->editor, key));
}

/* One byte, so that what is behind an Enter stays where it is until that is done. */
int
pc_repl_take_byte(struct pc_repl *repl, char byte)
{
    struct pc_key key;
    repl->pasted = false;
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

/* The rest of a macro comes when the block is over that it ran. */
static int
play_on(struct pc_repl *repl)
{
    return repl->state == PC_REPL_EDITING && pc_editor_is_playing(&repl->editor)
               ? serve_request(repl, pc_editor_play(&repl->editor))
               : PYCONSOLE_OK;
}

int
pc_repl_take_typed(struct pc_repl *repl)
{
    int status = play_on(repl);
    repl->burst.held = false;
    while (status >= 0 && pc_repl_has_typed(repl) && !repl->burst.held &&
           (repl->state == PC_REPL_EDITING || repl->state == PC_REPL_DEAD)) {
        char byte = repl->typed.data[repl->typed_start++];
        bool burst =
            repl->state == PC_REPL_DEAD ? repl->burst.on : pc_repl_is_burst(repl);
        status = !burst                        ? pc_repl_take_byte(repl, byte)
                 : repl->state == PC_REPL_DEAD ? PYCONSOLE_OK /* a burst is no answer */
                                               : pc_repl_take_burst_byte(repl, byte);
    }
    if (!pc_repl_has_typed(repl)) {
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
    if (repl->state == PC_REPL_RUNNING && pc_repl_has_typed(repl)) {
        due = repl->hand_over_at;
    }
    if (repl->state == PC_REPL_RUNNING && repl->out.len > 0) {
        due = earlier(due, repl->hold_until);
    }
    if (repl->state == PC_REPL_EDITING) {
        due = earlier(due, pc_repl_burst_due(repl));
    }
    if ((repl->state == PC_REPL_EDITING || repl->state == PC_REPL_DEAD) &&
        pc_key_decoder_is_pending(&repl->decoder)) {
        due = earlier(due, repl->typed_at + repl->settings.escape_milliseconds);
    }
    if (repl->state == PC_REPL_EDITING && pc_editor_is_pending(&repl->editor)) {
        due = earlier(due, repl->typed_at + KEYS_WAIT);
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
    if (repl->state == PC_REPL_RUNNING && pc_repl_has_typed(repl) &&
        now >= repl->hand_over_at) {
        return hand_over(repl);
    }
    bool expires = since >= repl->settings.escape_milliseconds;
    if (repl->state == PC_REPL_DEAD && expires &&
        pc_key_decoder_is_pending(&repl->decoder)) {
        return expire(repl);
    }
    if (repl->state != PC_REPL_EDITING) {
        return PYCONSOLE_OK;
    }
    int status = pc_repl_pause_burst(repl, since);
    if (status >= 0 && expires && repl->state == PC_REPL_EDITING &&
        pc_key_decoder_is_pending(&repl->decoder)) {
        status = expire(repl);
    }
    if (status >= 0 && since >= KEYS_WAIT && repl->state == PC_REPL_EDITING &&
        pc_editor_is_pending(&repl->editor)) {
        repl->stale = true;
        status = serve_request(repl, pc_editor_expire(&repl->editor));
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
