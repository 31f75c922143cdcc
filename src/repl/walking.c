/* History at the prompt, entry by entry: what was typed is kept as the last entry, and
 * comes back, as does what an entry was edited to; Up and Down go by what stood before the
 * cursor when the walk began. And what the history suggests behind the text. */
#include "repl/parts.h"

#include <string.h>

static int
copy(struct pc_bytes *bytes, const char *data, size_t len)
{
    pc_bytes_clear(bytes);
    return pc_bytes_append(bytes, data, len);
}

static bool
is_text(const struct pc_repl *repl, const struct pc_bytes *bytes)
{
    const struct pc_text *text = &repl->editor.text;
    return text->len == bytes->len &&
           memcmp(text->bytes, pc_bytes_text(bytes), bytes->len) == 0;
}

/* ---- a walk ---- */

static bool
is_walking(const struct pc_repl *repl)
{
    return repl->walk.place.part != PC_PLACE_LINE;
}

/* What the entry at the place of the walk was edited to; NULL: it was not. */
static struct pc_bytes *
find_edited(struct pc_repl_walk *walk)
{
    for (size_t i = 0; i < walk->edited_count && i < PC_REPL_EDITED_MOST; i++) {
        if (walk->edited[i].place.part == walk->place.part &&
            walk->edited[i].place.at == walk->place.at) {
            return &walk->edited[i].text;
        }
    }
    return NULL;
}

/* The walk goes on, and comes back to what is there now: to what was typed, or to what an
 * entry was edited to. */
static int
keep_text(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    struct pc_repl_walk *walk = &repl->walk;
    if (!is_walking(repl)) {
        return copy(&walk->line, text->bytes, text->len);
    }
    struct pc_bytes *edited = find_edited(walk);
    if (edited == NULL && is_text(repl, &walk->entry)) {
        return PYCONSOLE_OK;
    }
    if (edited == NULL) {
        size_t number = walk->edited_count++ % PC_REPL_EDITED_MOST;
        walk->edited[number].place = walk->place;
        edited = &walk->edited[number].text;
    }
    return copy(edited, text->bytes, text->len);
}

/* By what is there up to the cursor, a walk begins anew where an entry was edited: it is then
 * what was typed. */
static int
begin_walk(struct pc_repl *repl, bool by_prefix)
{
    const struct pc_editor *editor = &repl->editor;
    if (is_walking(repl) && (!by_prefix || is_text(repl, &repl->walk.shown))) {
        return keep_text(repl);
    }
    repl->walk.place = (struct pc_history_place){PC_PLACE_LINE, 0};
    int status = keep_text(repl);
    return status < 0 ? status
                      : copy(&repl->walk.prefix, editor->text.bytes,
                             by_prefix ? editor->cursor : 0);
}

static int
show_text(struct pc_repl *repl, const char *text, size_t len)
{
    int status = pc_editor_set_text(&repl->editor, text, len);
    return status < 0 ? status
                      : copy(&repl->walk.shown, repl->editor.text.bytes,
                             repl->editor.text.len);
}

/* The entry at the place of the walk. */
static int
show(struct pc_repl *repl, const char *text, size_t len)
{
    const struct pc_bytes *edited = find_edited(&repl->walk);
    int status = show_text(repl, text, len);
    if (status == PYCONSOLE_OK) {
        status = copy(&repl->walk.entry, pc_bytes_text(&repl->walk.shown),
                      repl->walk.shown.len);
    }
    return status < 0 || edited == NULL
               ? status
               : show_text(repl, pc_bytes_text(edited), edited->len);
}

static int
show_entry(struct pc_repl *repl, int found, const struct pc_history_entry *entry)
{
    return found > 0    ? show(repl, entry->text, entry->len)
           : found == 0 ? pc_repl_bell(repl)
                        : found;
}

/* So many entries back as the argument says, or as far as there are any. */
static int
walk_back(struct pc_repl *repl, bool by_prefix)
{
    struct pc_history_entry entry = {0};
    int found = 0;
    int status = begin_walk(repl, by_prefix);
    for (int i = 0; i < repl->editor.count && status >= 0; i++) {
        status = pc_history_step(repl->history, &repl->walk.place, PC_BACKWARD,
                                 pc_bytes_text(&repl->walk.prefix),
                                 repl->walk.prefix.len, &entry);
        if (status <= 0) {
            break;
        }
        found = 1;
    }
    return show_entry(repl, status < 0 ? status : found, &entry);
}

/* Back to what was being typed. */
static int
show_line(struct pc_repl *repl)
{
    repl->walk.place = (struct pc_history_place){PC_PLACE_LINE, 0};
    return show_text(repl, pc_bytes_text(&repl->walk.line), repl->walk.line.len);
}

static int
walk_on(struct pc_repl *repl)
{
    struct pc_history_entry entry = {0};
    if (!is_walking(repl)) {
        return pc_repl_bell(repl);
    }
    int status = keep_text(repl);
    for (int i = 0; i < repl->editor.count && status >= 0; i++) {
        int found = pc_history_step(repl->history, &repl->walk.place, PC_FORWARD,
                                    pc_bytes_text(&repl->walk.prefix),
                                    repl->walk.prefix.len, &entry);
        if (found <= 0) {
            return found < 0 ? found : show_line(repl);
        }
    }
    return status < 0 ? status : show(repl, entry.text, entry.len);
}

int
pc_repl_walk_back(struct pc_repl *repl)
{
    return walk_back(repl, false);
}

int
pc_repl_walk_on(struct pc_repl *repl)
{
    return walk_on(repl);
}

int
pc_repl_walk_back_by_prefix(struct pc_repl *repl)
{
    return walk_back(repl, true);
}

int
pc_repl_walk_to_oldest(struct pc_repl *repl)
{
    struct pc_history_entry entry = {0};
    int status = begin_walk(repl, false);
    if (status == PYCONSOLE_OK) {
        status = pc_history_oldest(repl->history, &repl->walk.place, &entry);
    }
    return show_entry(repl, status, &entry);
}

int
pc_repl_walk_to_line(struct pc_repl *repl)
{
    if (!is_walking(repl)) {
        return pc_repl_bell(repl);
    }
    int status = keep_text(repl);
    return status < 0 ? status : show_line(repl);
}

/* The entry as it was before it was edited. */
int
pc_repl_restore_entry(struct pc_repl *repl)
{
    const struct pc_bytes *entry = &repl->walk.entry;
    if (!is_walking(repl) || is_text(repl, entry)) {
        return pc_repl_bell(repl);
    }
    return pc_editor_set_text(&repl->editor, pc_bytes_text(entry), entry->len);
}

/* ---- of other entries ---- */

/* What is behind the last blank of an entry. */
static const char *
last_argument(const char *text, size_t len, size_t *ret_len)
{
    while (len > 0 && strchr(" \t\n", text[len - 1]) != NULL) {
        len--;
    }
    size_t start = len;
    while (start > 0 && strchr(" \t\n", text[start - 1]) == NULL) {
        start--;
    }
    *ret_len = len - start;
    return text + start;
}

/* The words of an entry are between blanks. Word `number` of it, from 0; NULL: it has less. */
static const char *
find_argument(const char *text, size_t len, int number, size_t *ret_len)
{
    const char *end = text + len;
    for (;; number--) {
        while (text < end && strchr(" \t\n", *text) != NULL) {
            text++;
        }
        const char *word = text;
        while (text < end && strchr(" \t\n", *text) == NULL) {
            text++;
        }
        *ret_len = (size_t)(text - word);
        if (*ret_len == 0 || number <= 0) {
            return *ret_len > 0 && number == 0 ? word : NULL;
        }
    }
}

int
pc_repl_yank_argument(struct pc_repl *repl)
{
    struct pc_history_place place = {PC_PLACE_LINE, 0};
    struct pc_history_entry entry;
    int found = pc_history_step(repl->history, &place, PC_BACKWARD, "", 0, &entry);
    size_t len = 0;
    const char *word =
        found > 0 ? find_argument(entry.text, entry.len, repl->editor.count, &len)
                  : NULL;
    if (word == NULL) {
        return found < 0 ? found : pc_repl_bell(repl);
    }
    return pc_editor_insert(&repl->editor, word, len);
}

/* Again in a row it is that of the entry before. */
int
pc_repl_yank_last_argument(struct pc_repl *repl)
{
    bool again = repl->last_request == PC_EDIT_YANK_LAST_ARG;
    if (!again) {
        repl->yanked = (struct pc_history_place){PC_PLACE_LINE, 0};
    }
    struct pc_history_entry entry;
    int found =
        pc_history_step(repl->history, &repl->yanked, PC_BACKWARD, "", 0, &entry);
    if (found <= 0) {
        return found < 0 ? found : pc_repl_bell(repl);
    }
    size_t len = 0;
    const char *word = last_argument(entry.text, entry.len, &len);
    return again ? pc_editor_reinsert(&repl->editor, word, len)
                 : pc_editor_insert(&repl->editor, word, len);
}

/* Runs the text, and offers the entry that followed it in the history, or what it was
 * before it was edited. */
int
pc_repl_operate_and_get_next(struct pc_repl *repl)
{
    struct pc_history_entry entry;
    struct pc_history_place place = repl->walk.place;
    pc_bytes_clear(&repl->following);
    if (is_walking(repl) &&
        pc_history_step(repl->history, &place, PC_FORWARD, "", 0, &entry) > 0) {
        int status = copy(&repl->following, entry.text, entry.len);
        if (status < 0) {
            return status;
        }
        repl->walk.place = place;
    }
    return pc_repl_accept(repl);
}

/* The walk goes on from there. */
int
pc_repl_begin_with_following(struct pc_repl *repl)
{
    repl->walk.edited_count = 0;
    if (repl->following.len == 0) {
        repl->walk.place = (struct pc_history_place){PC_PLACE_LINE, 0};
        repl->search.selected = PC_NOWHERE;
        return PYCONSOLE_OK;
    }
    int status = show(repl, repl->following.data, repl->following.len);
    pc_bytes_clear(&repl->following);
    pc_bytes_clear(&repl->walk.line);
    return status;
}

/* ---- suggestions ---- */

/* Does the text go on with what it was when that was noted? After a single edit, what is
 * before that need not be looked at. */
static bool
goes_on(const struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    const struct pc_bytes *known = &repl->suggested_for;
    bool single = text->edits == repl->suggested_at + 1;
    size_t same = !single ? 0 : text->edited < known->len ? text->edited : known->len;
    return known->len > 0 && text->len >= known->len &&
           memcmp(known->data + same, text->bytes + same, known->len - same) == 0;
}

/* Does what was found for the text as it was before hold for what it has become? If
 * nothing was found, nothing will be for a text that goes on; and the entry that was found
 * is the latest for as long as the text goes on as the entry does. So most keys ask
 * nothing of the database. */
static bool
follow_suggestion(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    const struct pc_bytes *known = &repl->suggested_for;
    struct pc_bytes *suggestion = &repl->suggestion;
    if (!goes_on(repl)) {
        return false;
    }
    size_t more = text->len - known->len;
    if (suggestion->len == 0) {
        return true;
    }
    return more < suggestion->len &&
           memcmp(suggestion->data, text->bytes + known->len, more) == 0 &&
           pc_bytes_replace(suggestion, 0, more, "", 0) == PYCONSOLE_OK;
}

static int
find_suggestion(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    struct pc_history_entry entry;
    pc_bytes_clear(&repl->suggestion);
    pc_bytes_clear(&repl->suggested_for);
    int found = pc_history_suggest(repl->history, text->bytes, text->len, &entry);
    return found <= 0 ? found
                      : pc_bytes_append(&repl->suggestion, entry.text + text->len,
                                        entry.len - text->len);
}

/* What the latest entry that begins with the text has behind it. Only a text that the
 * cursor stands at the end of is gone on with. */
int
pc_repl_suggest(struct pc_repl *repl)
{
    const struct pc_text *text = &repl->editor.text;
    struct pc_bytes *known = &repl->suggested_for;
    if (!repl->settings.suggestions || text->len == 0 || repl->burst.on ||
        repl->editor.cursor != text->len) {
        pc_bytes_clear(&repl->suggestion);
        pc_bytes_clear(known);
        return PYCONSOLE_OK;
    }
    int status = follow_suggestion(repl) ? PYCONSOLE_OK : find_suggestion(repl);
    repl->suggested_at = text->edits;
    return status < 0 ? status
                      : pc_bytes_append(known, text->bytes + known->len,
                                        text->len - known->len);
}

int
pc_repl_take_suggestion(struct pc_repl *repl)
{
    if (repl->suggestion.len == 0) {
        return pc_repl_bell(repl);
    }
    return pc_editor_insert(&repl->editor, repl->suggestion.data, repl->suggestion.len);
}

/* How many bytes the first word has, with what is before it. */
static size_t
len_of_word(const char *text, size_t len)
{
    size_t end = 0;
    while (end < len && strchr(" \t\n.,:;()[]{}=", text[end]) != NULL) {
        end++;
    }
    while (end < len && strchr(" \t\n.,:;()[]{}=", text[end]) == NULL) {
        end++;
    }
    return end;
}

int
pc_repl_take_suggested_word(struct pc_repl *repl)
{
    const struct pc_bytes *suggestion = &repl->suggestion;
    if (suggestion->len == 0) {
        return pc_repl_bell(repl);
    }
    return pc_editor_insert(&repl->editor, suggestion->data,
                            len_of_word(suggestion->data, suggestion->len));
}
