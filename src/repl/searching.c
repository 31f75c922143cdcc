/* The list over everything that was ever typed, on C-r: what is typed narrows it, the entry
 * that is selected stands in the text. C-r and Down go to older ones, C-s and Up to newer
 * ones; Tab or Enter takes it, C-g brings back what was there before; M-f turns fuzzy
 * matching on and off, M-d what ran in this directory alone, M-e leaves out what failed,
 * M-s shows this session alone; M-k and S-Delete forget the entry for good. Any other key
 * takes the entry and does what it does. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "repl/parts.h"

enum {
    LOOKED_AT = 5000, /* entries, between two looks at the keys */
    NAME_MOST = 400,  /* bytes of an entry in the list */
};

/* ---- what was found ---- */

/* An entry in one line of the list. */
static int
make_name(struct pc_bytes *name, const struct pc_history_entry *entry)
{
    size_t len = entry->len < NAME_MOST ? entry->len : NAME_MOST;
    pc_bytes_clear(name);
    int status = pc_bytes_append(name, entry->text, len);
    for (size_t i = 0; i < name->len; i++) {
        if (name->data[i] == '\n') { /* as wide, and not typed by many */
            status = status < 0 ? status : pc_bytes_replace(name, i, i + 1, "⏎", 3);
        }
    }
    return status;
}

/* The entries around the one that is selected. */
static int
fill_items(struct pc_repl_search *search)
{
    size_t count = pc_history_search_count(search->found);
    search->first = search->selected - search->selected % PC_REPL_FOUND_MOST;
    search->shown = 0;
    for (size_t i = search->first; i < count && search->shown < PC_REPL_FOUND_MOST;
         i++) {
        struct pc_history_entry entry;
        int found = pc_history_search_entry(search->found, i, &entry);
        if (found <= 0) {
            break;
        }
        struct pc_bytes *name = &search->names[search->shown];
        int status = make_name(name, &entry);
        if (status < 0) {
            return status;
        }
        search->items[search->shown++] =
            (struct pc_menu_item){.name = name->data, .kind = PC_MENU_OTHER};
    }
    return PYCONSOLE_OK;
}

static int
show_selected(struct pc_repl *repl)
{
    struct pc_repl_search *search = &repl->search;
    struct pc_history_entry entry;
    int status = fill_items(search);
    if (status < 0) {
        return status;
    }
    if (pc_history_search_entry(search->found, search->selected, &entry) > 0) {
        return pc_editor_set_text(&repl->editor, entry.text, entry.len);
    }
    return pc_editor_set_text(&repl->editor, pc_bytes_text(&search->line),
                              search->line.len);
}

static int
make_message(struct pc_repl_search *search)
{
    const struct pc_history_filter *filter = &search->filter;
    struct pc_bytes *message = &search->message;
    pc_bytes_clear(message);
    int status = pc_bytes_append_format(
        message, "history%s%s%s%s: ", filter->fuzzy ? " (fuzzy)" : "",
        filter->folder ? " (here)" : "", filter->session ? " (this session)" : "",
        filter->successful ? " (no failures)" : "");
    if (status == PYCONSOLE_OK) {
        status =
            pc_bytes_append(message, pc_bytes_text(&search->query), search->query.len);
    }
    search->message_cursor = message->len;
    return status;
}

/* Another query: from the latest entry on. */
static int
begin(struct pc_repl *repl)
{
    struct pc_repl_search *search = &repl->search;
    struct pc_history_filter filter = search->filter;
    pc_history_search_free(search->found);
    search->found = NULL;
    search->selected = 0;
    filter.text = pc_bytes_text(&search->query);
    filter.len = search->query.len;
    int status = pc_history_search_new(repl->history, &filter, &search->found);
    if (status == PYCONSOLE_OK) {
        status = make_message(search);
    }
    search->more = status == PYCONSOLE_OK;
    return status < 0 ? status : pc_repl_search_on(repl);
}

static int
look_further(struct pc_repl_search *search)
{
    int status = pc_history_search_more(search->found, LOOKED_AT);
    search->more = status == PYCONSOLE_MORE;
    return status;
}

bool
pc_repl_is_searching(const struct pc_repl *repl)
{
    return repl->search.on && repl->search.more;
}

int
pc_repl_search_on(struct pc_repl *repl)
{
    struct pc_repl_search *search = &repl->search;
    if (!pc_repl_is_searching(repl)) {
        return PYCONSOLE_OK;
    }
    int status = look_further(search);
    repl->stale = true;
    return status < 0 ? status : show_selected(repl);
}

/* ---- the list ---- */

int
pc_repl_search_history(struct pc_repl *repl)
{
    struct pc_repl_search *search = &repl->search;
    const struct pc_text *text = &repl->editor.text;
    search->on = true;
    pc_bytes_clear(&search->line);
    pc_bytes_clear(&search->query);
    search->cursor = repl->editor.cursor;
    int status = pc_bytes_append(&search->line, text->bytes, text->len);
    if (status == PYCONSOLE_OK) {
        status = pc_repl_note_folder(repl);
    }
    return status < 0 ? status : begin(repl);
}

void
pc_repl_close_search(struct pc_repl *repl)
{
    pc_history_search_free(repl->search.found);
    repl->search.found = NULL;
    repl->search.on = false;
}

/* What was found is edited as what is typed: the walk that there was is over. */
static void
take(struct pc_repl *repl)
{
    pc_repl_close_search(repl);
    repl->walk.place = (struct pc_history_place){PC_PLACE_LINE, 0};
}

static int
cancel(struct pc_repl *repl)
{
    pc_repl_close_search(repl);
    repl->search.selected = PC_NOWHERE;
    int status = pc_editor_set_text(&repl->editor, pc_bytes_text(&repl->search.line),
                                    repl->search.line.len);
    if (status == PYCONSOLE_OK) {
        repl->editor.cursor = repl->search.cursor;
    }
    return status;
}

static int
move(struct pc_repl *repl, bool older)
{
    struct pc_repl_search *search = &repl->search;
    size_t count = pc_history_search_count(search->found);
    if (older ? search->selected + 1 >= count : search->selected == 0) {
        return pc_repl_bell(repl);
    }
    search->selected += older ? 1 : (size_t)-1;
    return show_selected(repl);
}

/* The next older one comes in its place, or the oldest. */
static int
forget(struct pc_repl *repl)
{
    struct pc_repl_search *search = &repl->search;
    int status = pc_history_search_remove(search->found, search->selected);
    if (status == PYCONSOLE_EINVAL) {
        return pc_repl_bell(repl);
    }
    if (status == PYCONSOLE_EBUSY) {
        return pc_repl_say(repl, "pyconsole: the history cannot be written now");
    }
    if (search->selected > 0 &&
        search->selected == pc_history_search_count(search->found)) {
        search->selected--;
    }
    return status < 0 ? status : show_selected(repl);
}

/* ---- without the list ---- */

/* Puts what was found for the last query into the text, by its number. */
static int
put_found(struct pc_repl *repl, size_t number)
{
    struct pc_repl_search *search = &repl->search;
    struct pc_history_entry entry;
    size_t before = search->selected;
    int status = begin(repl);
    while (status >= 0 && search->more &&
           (search->filter.fuzzy || pc_history_search_count(search->found) <= number)) {
        status = look_further(search);
    }
    int found =
        status < 0 ? status : pc_history_search_entry(search->found, number, &entry);
    search->selected = found > 0 ? number : before;
    status = found > 0    ? pc_editor_set_text(&repl->editor, entry.text, entry.len)
             : found == 0 ? pc_repl_bell(repl)
                          : found;
    if (found > 0) {
        take(repl);
    }
    else {
        pc_repl_close_search(repl);
    }
    return status;
}

/* vi's n goes to older ones; where none is in the text, that is the latest. */
int
pc_repl_search_again(struct pc_repl *repl)
{
    const struct pc_repl_search *search = &repl->search;
    size_t next = search->selected == PC_NOWHERE ? 0 : search->selected + 1;
    return search->query.len == 0 ? pc_repl_bell(repl) : put_found(repl, next);
}

int
pc_repl_search_reverse(struct pc_repl *repl)
{
    const struct pc_repl_search *search = &repl->search;
    return search->query.len == 0 || search->selected == PC_NOWHERE ||
                   search->selected == 0
               ? pc_repl_bell(repl)
               : put_found(repl, search->selected - 1);
}

/* ---- keys ---- */

static int
toggle(struct pc_repl *repl, bool *which)
{
    *which = !*which;
    return begin(repl);
}

static int
type_point(struct pc_repl *repl, uint32_t point)
{
    char bytes[PC_UTF8_MOST];
    size_t len = pc_utf8_encode(point, bytes);
    int status = pc_bytes_append(&repl->search.query, bytes, len);
    return status < 0 ? status : begin(repl);
}

static int
rub_out(struct pc_repl *repl)
{
    struct pc_bytes *query = &repl->search.query;
    size_t end = pc_grapheme_previous(pc_bytes_text(query), query->len, query->len);
    int status = pc_bytes_replace(query, end, query->len, "", 0);
    return status < 0 ? status : begin(repl);
}

static int
serve_control(struct pc_repl *repl, uint32_t point, bool *ret_taken)
{
    switch (point) {
    case 'r':
        return move(repl, true);
    case 's':
        return move(repl, false);
    case 'g':
    case 'c':
        return cancel(repl);
    case 'h':
        return rub_out(repl);
    default:
        *ret_taken = false;
        return PYCONSOLE_OK;
    }
}

static int
serve_meta(struct pc_repl *repl, uint32_t point, bool *ret_taken)
{
    struct pc_history_filter *filter = &repl->search.filter;
    switch (point) {
    case 'f':
        return toggle(repl, &filter->fuzzy);
    case 'd':
        return toggle(repl, &filter->folder);
    case 's':
        return toggle(repl, &filter->session);
    case 'e':
        return toggle(repl, &filter->successful);
    case 'k':
        return forget(repl);
    default:
        *ret_taken = false;
        return PYCONSOLE_OK;
    }
}

static int
serve_named(struct pc_repl *repl, const struct pc_key *key, bool *ret_taken)
{
    if (key->kind == PC_KEY_DELETE && (key->modifiers & PC_KEY_SHIFT)) {
        return forget(repl);
    }
    switch (key->kind) {
    case PC_KEY_DOWN:
        return move(repl, true);
    case PC_KEY_UP:
        return move(repl, false);
    case PC_KEY_BACKSPACE:
        return rub_out(repl);
    case PC_KEY_TAB:
    case PC_KEY_ENTER:
        take(repl);
        return PYCONSOLE_OK;
    case PC_KEY_ESCAPE:
        return cancel(repl);
    default:
        *ret_taken = false;
        return PYCONSOLE_OK;
    }
}

int
pc_repl_search_key(struct pc_repl *repl, const struct pc_key *key, bool *ret_taken)
{
    int status = PYCONSOLE_OK;
    *ret_taken = true;
    if (key->kind != PC_KEY_CHARACTER) {
        status = serve_named(repl, key, ret_taken);
    }
    else if (key->modifiers & PC_KEY_CONTROL) {
        status = serve_control(repl, key->point, ret_taken);
    }
    else if (key->modifiers & PC_KEY_META) {
        status = serve_meta(repl, key->point, ret_taken);
    }
    else {
        status = type_point(repl, key->point);
    }
    if (!*ret_taken) {
        take(repl);
    }
    return status;
}

void
pc_repl_fill_search(const struct pc_repl *repl, struct pc_view_content *content)
{
    const struct pc_repl_search *search = &repl->search;
    if (!search->on) {
        return;
    }
    content->message = (struct pc_view_message){.text = pc_bytes_text(&search->message),
                                                .len = search->message.len,
                                                .has_cursor = true,
                                                .cursor = search->message_cursor};
    content->menu = (struct pc_view_menu){
        .items = search->items,
        .count = search->shown,
        .most = PC_REPL_FOUND_MOST,
        .before = search->first,
        .behind =
            pc_history_search_count(search->found) - search->first - search->shown,
        .selected = search->shown == 0 ? PC_NOWHERE : search->selected - search->first};
    content->suggestion_len = 0;
}
