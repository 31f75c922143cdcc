/* The menu on Tab, and the signature of the call around the cursor. Both are asked of the
 * session, which looks at objects without running anything of theirs. Until the answer
 * comes keys do what they do; an answer about a text that has changed since is dropped. */
#include <stdlib.h>
#include <string.h>

#include "lexer/cursor.h"
#include "repl/parts.h"

enum {
    DEADLINE = 250,    /* ms that the session has to find candidates */
    HINT_WAIT = 120,   /* ms without a key after which the signature is asked for */
    ITEMS_MOST = 1000, /* candidates shown; the session may know more */
};

/* ---- the text that was asked about ---- */

static int
remember(struct pc_repl_asked *asked, const struct pc_editor *editor)
{
    asked->cursor = editor->cursor;
    pc_bytes_clear(&asked->text);
    return pc_bytes_append(&asked->text, editor->text.bytes, editor->text.len);
}

static bool
is_same(const struct pc_repl_asked *asked, const struct pc_editor *editor)
{
    return asked->cursor == editor->cursor && asked->text.len == editor->text.len &&
           memcmp(pc_bytes_text(&asked->text), editor->text.bytes, asked->text.len) ==
               0;
}

/* ---- the candidates ---- */

void
pc_repl_close_menu(struct pc_repl *repl)
{
    struct pc_repl_menu *menu = &repl->menu;
    for (size_t i = 0; i < menu->count; i++) {
        free((char *)menu->items[i].name);
    }
    free(menu->items);
    menu->items = NULL;
    menu->count = 0;
    menu->selected = PC_NOWHERE;
    menu->asked.request = 0;
}

static int
ask_session(struct pc_repl *repl)
{
    const struct pc_editor *editor = &repl->editor;
    int status = remember(&repl->menu.asked, editor);
    if (status == PYCONSOLE_OK) {
        pyconsole_assist_options options = PYCONSOLE_ASSIST_OPTIONS_INIT;
        options.deadline = DEADLINE;
        status = pyconsole_session_complete(repl->session, editor->text.bytes,
                                            editor->text.len, editor->cursor, &options,
                                            &repl->menu.asked.request);
    }
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

/* How a candidate looks in the menu: of a value its type says it. */
static enum pc_menu_kind
kind_of(const pyconsole_candidate *candidate)
{
    static const enum pc_menu_kind kinds[] = {
        [PYCONSOLE_CANDIDATE_KEYWORD] = PC_MENU_KEYWORD,
        [PYCONSOLE_CANDIDATE_FUNCTION] = PC_MENU_FUNCTION,
        [PYCONSOLE_CANDIDATE_METHOD] = PC_MENU_METHOD,
        [PYCONSOLE_CANDIDATE_CLASS] = PC_MENU_CLASS,
        [PYCONSOLE_CANDIDATE_MODULE] = PC_MENU_MODULE,
        [PYCONSOLE_CANDIDATE_ARGUMENT] = PC_MENU_PARAMETER,
        [PYCONSOLE_CANDIDATE_FILE] = PC_MENU_PATH,
        [PYCONSOLE_CANDIDATE_FOLDER] = PC_MENU_PATH,
    };
    static const struct {
        const char *type;
        enum pc_menu_kind kind;
    } types[] = {
        {"int", PC_MENU_NUMBER}, {"float", PC_MENU_NUMBER}, {"complex", PC_MENU_NUMBER},
        {"str", PC_MENU_STRING}, {"bytes", PC_MENU_STRING}, {"NoneType", PC_MENU_NONE},
    };
    size_t kind = (size_t)candidate->kind;
    if (kind < sizeof kinds / sizeof *kinds && kinds[kind] != PC_MENU_OTHER) {
        return kinds[kind];
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(candidate->type, types[i].type) == 0) {
            return types[i].kind;
        }
    }
    return PC_MENU_OTHER;
}

/* The three texts in one piece, which the name is the beginning of. */
static int
keep_candidate(struct pc_repl_menu *menu, const pyconsole_candidate *candidate)
{
    size_t name = candidate->len + 1;
    size_t type = strlen(candidate->type) + 1;
    size_t doc = strlen(candidate->doc) + 1;
    char *texts = malloc(name + type + doc);
    if (texts == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    memcpy(texts, candidate->text, name);
    memcpy(texts + name, candidate->type, type);
    memcpy(texts + name + type, candidate->doc, doc);
    menu->items[menu->count++] = (struct pc_menu_item){.name = texts,
                                                       .kind = kind_of(candidate),
                                                       .type = texts + name,
                                                       .doc = texts + name + type};
    return PYCONSOLE_OK;
}

/* An empty menu with room for so many items, which take the place of a part of the text. */
static int
begin_menu(struct pc_repl *repl, size_t room, size_t start, size_t end)
{
    struct pc_repl_menu *menu = &repl->menu;
    pc_repl_close_menu(repl);
    menu->start = start;
    menu->end = end;
    menu->items = calloc(room + 1, sizeof *menu->items);
    return menu->items == NULL ? PYCONSOLE_ENOMEM : PYCONSOLE_OK;
}

static int
keep_candidates(struct pc_repl *repl, const pyconsole_event *event)
{
    size_t count = event->count < ITEMS_MOST ? event->count : ITEMS_MOST;
    int status = begin_menu(repl, count, event->start, event->end);
    for (size_t i = 0; i < count && status == PYCONSOLE_OK; i++) {
        pyconsole_candidate candidate = PYCONSOLE_CANDIDATE_INIT;
        status = pyconsole_event_candidate(event, i, &candidate);
        if (status == PYCONSOLE_OK) {
            status = keep_candidate(&repl->menu, &candidate);
        }
    }
    return status;
}

/* The names of checkpoints that begin with what is typed from `start` on. */
static int
keep_checkpoints(struct pc_repl *repl, size_t start)
{
    const struct pc_repl_checkpoints *states = &repl->checkpoints;
    const struct pc_editor *editor = &repl->editor;
    const char *typed = editor->text.bytes + start;
    size_t len = editor->cursor - start;
    int status = begin_menu(repl, states->named_count, start, editor->cursor);
    for (size_t i = 0; i < states->named_count && status == PYCONSOLE_OK; i++) {
        const struct pc_repl_named *named = &states->named[i];
        pyconsole_candidate candidate = PYCONSOLE_CANDIDATE_INIT;
        candidate.text = named->name;
        candidate.len = strlen(named->name);
        candidate.type = "checkpoint";
        candidate.doc = named->place.behind;
        if (strncmp(named->name, typed, len) == 0) {
            status = keep_candidate(&repl->menu, &candidate);
        }
    }
    return status;
}

/* ---- what is put into the text ---- */

/* How many of the candidates, which come first, begin with what was typed, and how many
 * bytes of their beginning these share. */
static size_t
shared_len(const struct pc_repl_menu *menu, const char *typed, size_t typed_len,
           size_t *ret_count)
{
    const char *first = menu->items[0].name;
    size_t len = strlen(first);
    size_t count = 0;
    while (count < menu->count &&
           strncmp(menu->items[count].name, typed, typed_len) == 0) {
        size_t same = 0;
        while (same < len && menu->items[count].name[same] == first[same]) {
            same++;
        }
        len = same;
        count++;
    }
    while (len > 0 && ((unsigned char)first[len] & 0xC0) == 0x80) {
        len--; /* not within a character */
    }
    *ret_count = count;
    return len;
}

static int
put(struct pc_repl *repl, const char *text, size_t len)
{
    struct pc_repl_menu *menu = &repl->menu;
    int status = pc_editor_replace(&repl->editor, menu->start, menu->end, text, len);
    if (status == PYCONSOLE_OK) {
        menu->end = menu->start + len;
        status = remember(&menu->asked, &repl->editor);
    }
    repl->stale = true;
    return status;
}

/* What all that begin with what was typed share; of a single one everything, without a
 * menu. */
static int
put_shared(struct pc_repl *repl)
{
    struct pc_repl_menu *menu = &repl->menu;
    size_t typed = menu->end - menu->start;
    size_t count = 0;
    size_t len = shared_len(menu, repl->editor.text.bytes + menu->start, typed, &count);
    bool single = count == 1 || menu->count == 1;
    if (!single && (count == 0 || len == typed)) {
        return PYCONSOLE_OK;
    }
    int status =
        put(repl, menu->items[0].name, single ? strlen(menu->items[0].name) : len);
    if (single) {
        pc_repl_close_menu(repl);
    }
    return status;
}

/* In the place of what was typed, with blanks between them. */
static int
put_all(struct pc_repl *repl)
{
    struct pc_repl_menu *menu = &repl->menu;
    pc_auto_bytes struct pc_bytes all = {0};
    int status = PYCONSOLE_OK;
    for (size_t i = 0; i < menu->count && status == PYCONSOLE_OK; i++) {
        status =
            pc_bytes_append_format(&all, "%s%s", i > 0 ? " " : "", menu->items[i].name);
    }
    if (status == PYCONSOLE_OK) {
        status = put(repl, all.data, all.len);
    }
    pc_repl_close_menu(repl);
    return status;
}

/* The menu has been filled; it was open before, or not. */
static int
show_menu(struct pc_repl *repl, bool narrowed)
{
    struct pc_repl_menu *menu = &repl->menu;
    repl->stale = true;
    if (menu->count == 0) {
        pc_repl_close_menu(repl);
        return narrowed || menu->wanted == PC_WANTED_BY_ITSELF ? PYCONSOLE_OK
                                                               : pc_repl_bell(repl);
    }
    if (!narrowed && menu->wanted == PC_WANTED_ALL) {
        return put_all(repl);
    }
    int status = remember(&menu->asked, &repl->editor);
    return status < 0 || narrowed || menu->wanted != PC_WANTED_SHARED
               ? status
               : put_shared(repl);
}

/* Does a name or an attribute stand before the cursor? */
static bool
is_behind_name(const struct pc_editor *editor)
{
    unsigned char last =
        editor->cursor == 0 ? 0 : (unsigned char)editor->text.bytes[editor->cursor - 1];
    return last == '_' || last == '.' || last >= 0x80 ||
           ((last | 0x20) >= 'a' && (last | 0x20) <= 'z');
}

/* Does the menu come by itself there? Behind a name that a motion or the history came to
 * it would take the keys that go on from there. */
static bool
comes_by_itself(const struct pc_repl *repl)
{
    return repl->settings.completion == PC_COMPLETION_TYPING && !repl->burst.on &&
           pc_editor_has_typed(&repl->editor) && is_behind_name(&repl->editor);
}

/* What is typed behind the word is not for its menu. */
int
pc_repl_take_candidates(struct pc_repl *repl, const pyconsole_event *event)
{
    if (event->request != repl->menu.asked.request ||
        !is_same(&repl->menu.asked, &repl->editor)) {
        return PYCONSOLE_OK;
    }
    bool narrowed = repl->menu.count > 0;
    if (narrowed && event->start != repl->menu.start && !comes_by_itself(repl)) {
        pc_repl_close_menu(repl);
        repl->stale = true;
        return PYCONSOLE_OK;
    }
    int status = keep_candidates(repl, event);
    return status < 0 ? status : show_menu(repl, narrowed);
}

/* Only the prompt knows the names of checkpoints. */
static int
ask(struct pc_repl *repl)
{
    size_t start = 0;
    if (!pc_repl_is_naming_checkpoint(repl, &start)) {
        return ask_session(repl);
    }
    bool narrowed = repl->menu.count > 0;
    int status = keep_checkpoints(repl, start);
    return status < 0 ? status : show_menu(repl, narrowed);
}

/* ---- the menu ---- */

/* Selects another item, which is put into the text. */
static int
select_item(struct pc_repl *repl, size_t selected)
{
    repl->menu.selected = selected;
    const char *name = repl->menu.items[selected].name;
    return put(repl, name, strlen(name));
}

/* Forward or back from the selected one, around the ends. */
static int
move_selection(struct pc_repl *repl, long by)
{
    const struct pc_repl_menu *menu = &repl->menu;
    long count = (long)menu->count;
    long from =
        menu->selected == PC_NOWHERE ? (by > 0 ? -1 : count) : (long)menu->selected;
    long to = from + by;
    if (by > 1 || by < -1) { /* a page stops at the ends */
        to = to < 0 ? 0 : to >= count ? count - 1 : to;
    }
    return select_item(repl, (size_t)((to % count + count) % count));
}

static int
ask_for(struct pc_repl *repl, enum pc_repl_wanted wanted)
{
    if (repl->settings.completion == PC_COMPLETION_OFF) {
        return pc_repl_bell(repl);
    }
    repl->menu.wanted = wanted;
    return ask(repl);
}

/* The first key asks, the next ones select. */
int
pc_repl_complete(struct pc_repl *repl)
{
    return repl->menu.count > 0 ? move_selection(repl, 1)
                                : ask_for(repl, PC_WANTED_SHARED);
}

int
pc_repl_complete_backward(struct pc_repl *repl)
{
    return repl->menu.count > 0 ? move_selection(repl, -1)
                                : ask_for(repl, PC_WANTED_SHARED);
}

int
pc_repl_show_candidates(struct pc_repl *repl)
{
    return repl->menu.count > 0 ? PYCONSOLE_OK : ask_for(repl, PC_WANTED_SHOWN);
}

int
pc_repl_insert_candidates(struct pc_repl *repl)
{
    return repl->menu.count > 0 ? put_all(repl) : ask_for(repl, PC_WANTED_ALL);
}

int
pc_repl_menu_key(struct pc_repl *repl, const struct pc_key *key, bool *ret_taken)
{
    long page = (long)pc_view_menu_page(repl->view);
    bool leaves = key->kind == PC_KEY_CHARACTER && key->point == 'g' &&
                  key->modifiers == PC_KEY_CONTROL;
    *ret_taken = true;
    switch (leaves ? PC_KEY_ESCAPE : key->modifiers == 0 ? key->kind : PC_KEY_KINDS) {
    case PC_KEY_DOWN:
        return move_selection(repl, 1);
    case PC_KEY_UP:
        return move_selection(repl, -1);
    case PC_KEY_PAGE_DOWN:
        return move_selection(repl, page);
    case PC_KEY_PAGE_UP:
        return move_selection(repl, -page);
    case PC_KEY_ESCAPE:
        pc_repl_close_menu(repl);
        repl->stale = true;
        return PYCONSOLE_OK;
    case PC_KEY_ENTER:
        if (repl->menu.selected != PC_NOWHERE) {
            pc_repl_close_menu(repl);
            repl->stale = true;
            return PYCONSOLE_OK;
        }
        break;
    default:
        break;
    }
    *ret_taken = false;
    return PYCONSOLE_OK;
}

/* After a key: what is typed into the word narrows the menu, everything else closes it.
 * Where the menu comes by itself, it is asked for behind a name. */
int
pc_repl_follow_menu(struct pc_repl *repl)
{
    struct pc_repl_menu *menu = &repl->menu;
    const struct pc_editor *editor = &repl->editor;
    if (is_same(&menu->asked, editor)) {
        return PYCONSOLE_OK;
    }
    if (menu->count == 0) {
        return comes_by_itself(repl) ? ask_for(repl, PC_WANTED_BY_ITSELF)
                                     : PYCONSOLE_OK;
    }
    bool in_word =
        menu->selected == PC_NOWHERE && editor->cursor >= menu->start &&
        editor->text.len + menu->asked.cursor == menu->asked.text.len + editor->cursor;
    if (in_word) {
        return ask(repl);
    }
    pc_repl_close_menu(repl);
    return PYCONSOLE_OK;
}

void
pc_repl_fill_menu(const struct pc_repl *repl, struct pc_view_content *content)
{
    content->menu = (struct pc_view_menu){.items = repl->menu.items,
                                          .count = repl->menu.count,
                                          .selected = repl->menu.selected,
                                          .most = (size_t)repl->settings.menu_rows};
}

/* ---- the signature ---- */

/* After each key: what is shown is for another place, and is asked for anew when no key
 * comes for a while. */
void
pc_repl_follow_call(struct pc_repl *repl)
{
    struct pc_repl_hint *hint = &repl->hint;
    if (is_same(&hint->asked, &repl->editor)) {
        return;
    }
    hint->due =
        repl->settings.signature && !repl->burst.on ? pc_repl_clock() + HINT_WAIT : 0;
}

int
pc_repl_ask_signature(struct pc_repl *repl)
{
    struct pc_repl_hint *hint = &repl->hint;
    const struct pc_editor *editor = &repl->editor;
    hint->due = 0;
    struct pc_cursor at =
        pc_cursor_at(editor->text.bytes, editor->cursor, editor->version);
    if (!at.call.known || pc_span_is_empty(at.call.callee)) {
        repl->stale |= hint->text.len > 0;
        pc_bytes_clear(&hint->text);
        return remember(&hint->asked, editor);
    }
    int status = remember(&hint->asked, editor);
    if (status == PYCONSOLE_OK) {
        pyconsole_assist_options options = PYCONSOLE_ASSIST_OPTIONS_INIT;
        options.deadline = DEADLINE;
        status = pyconsole_session_inspect(repl->session, editor->text.bytes,
                                           editor->text.len, editor->cursor, &options,
                                           &hint->asked.request);
    }
    return status == PYCONSOLE_ENOMEM ? status : PYCONSOLE_OK;
}

int
pc_repl_take_signature(struct pc_repl *repl, const pyconsole_event *event)
{
    struct pc_repl_hint *hint = &repl->hint;
    pyconsole_inspection found = PYCONSOLE_INSPECTION_INIT;
    if (event->request != hint->asked.request ||
        !is_same(&hint->asked, &repl->editor)) {
        return PYCONSOLE_OK;
    }
    pc_bytes_clear(&hint->text);
    repl->stale = true;
    if (pyconsole_event_inspection(event, &found) < 0) {
        return PYCONSOLE_OK;
    }
    hint->start = found.parameter_start;
    hint->end = found.parameter_end;
    return pc_bytes_append_text(&hint->text, found.signature);
}
