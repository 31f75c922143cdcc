/* The rows below the text: the signature of a call, a message or the line of a search,
 * and the menu.
 *
 *     >>> print(x.app
 *     print(*args, sep=' ', end='\n', file=None, flush=False)      hint
 *     append     method    (object, /)   Append object to the end  menu
 *     append_all method                                            ...
 *     2 of 31                                                      if not all are shown
 *
 * Menu rows are one item each, in columns that are as wide as the shown items need; what
 * is too long is cut with an ellipsis. */
#include "view/view_parts.h"

#include <string.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

enum {
    LINES_MOST = 3, /* rows of a hint and of a message */
    MENU_MOST = 10, /* items, where the content does not say */
    GAP = 2,        /* columns between those of the menu */
    NAME_MOST = 40, /* columns */
    TYPE_MOST = 30,
};

static const char ellipsis[] = "\xE2\x80\xA6";

#define KIND_TEXT(name, text) text,
static const char *const kind_texts[] = {PC_MENU_KINDS(KIND_TEXT)};
#undef KIND_TEXT

const char *
pc_menu_kind_text(enum pc_menu_kind kind)
{
    return kind_texts[kind];
}

/* ---- hints and messages */

static struct pc_layout_text
hint_text(const struct pc_view_hint *hint)
{
    struct pc_layout_text text = {
        .bytes = hint->text,
        .len = hint->len,
        .role = PC_ROLE_HINT,
        .cursor = PC_NOWHERE,
    };
    if (hint->start < hint->end) {
        text.spans[text.spans_count++] =
            (struct pc_extent){hint->start, hint->end, PC_ROLE_HINT_PARAMETER};
        text.cursor = hint->end; /* it is to be seen */
    }
    return text;
}

static struct pc_layout_text
message_text(const struct pc_view_message *message)
{
    return (struct pc_layout_text){
        .bytes = message->text,
        .len = message->len,
        .role = PC_ROLE_MESSAGE,
        .cursor = message->has_cursor ? message->cursor : PC_NOWHERE,
    };
}

/* Puts the text from the pen on; returns where its cursor is. */
static struct pc_place
lay_text(const struct pc_view *view, struct pc_pen *pen,
         const struct pc_layout_text *text)
{
    struct pc_place cursor = {0};
    pc_layout_text(pen, &view->options.theme, text, &cursor);
    if (text->cursor == text->len) {
        pc_pen_settle(pen);
        cursor = (struct pc_place){pen->row, pen->column};
    }
    return cursor;
}

static size_t
rows_of_text(const struct pc_view *view, const struct pc_layout_text *text)
{
    struct pc_pen pen = {.columns = view->options.columns};
    (void)lay_text(view, &pen, text);
    size_t rows = text->len == 0 ? 0 : pen.row + 1;
    return rows < LINES_MOST ? rows : LINES_MOST;
}

/* ---- how many rows of what */

struct shares {
    size_t hint;
    size_t message;
    size_t menu; /* with the line that counts, if `counted` */
    bool counted;
};

static size_t
take_share(size_t wanted, size_t *left)
{
    size_t share = wanted < *left ? wanted : *left;
    *left -= share;
    return share;
}

/* Messages come first: they may have the cursor. */
static struct shares
share_rows(const struct pc_view *view, const struct pc_view_content *content,
           size_t rows)
{
    struct pc_layout_text hint = hint_text(&content->hint);
    struct pc_layout_text message = message_text(&content->message);
    size_t count = content->menu.count;
    struct shares shares = {.message = take_share(rows_of_text(view, &message), &rows)};
    shares.hint = take_share(rows_of_text(view, &hint), &rows);
    size_t most = content->menu.most == 0 ? MENU_MOST : content->menu.most;
    shares.menu = take_share(count > most ? most + 1 : count, &rows);
    shares.counted = shares.menu > 1 && shares.menu < count;
    return shares;
}

size_t
pc_chrome_rows(struct pc_view *view, const struct pc_view_content *content, size_t most)
{
    if (content->final) {
        return 0;
    }
    struct shares shares = share_rows(view, content, most);
    return shares.hint + shares.message + shares.menu;
}

/* ---- the menu */

/* One row being filled with texts that are cut where their column ends. */
struct cut {
    struct pc_pen *pen;
    const struct pc_theme *theme;
    struct pc_style over; /* of a selected item */
};

static size_t
columns_of(const char *text)
{
    struct pc_theme theme = {.colors = PC_COLORS_NONE};
    struct pc_pen pen = {.columns = PC_COLUMNS_MOST};
    struct pc_layout_text line = {
        .bytes = text, .len = strlen(text), .cursor = PC_NOWHERE};
    struct pc_place ignored = {0};
    pc_layout_text(&pen, &theme, &line, &ignored);
    return pen.row > 0 ? PC_COLUMNS_MOST : pen.column;
}

static size_t
widest(size_t so_far, const char *text, size_t most)
{
    size_t columns = text == NULL ? 0 : columns_of(text);
    columns = columns < most ? columns : most;
    return columns > so_far ? columns : so_far;
}

/* How many bytes of the text fit into so many columns. */
static size_t
bytes_that_fit(const char *text, size_t len, size_t columns)
{
    size_t offset = 0;
    size_t used = 0;
    while (offset < len) {
        size_t end = pc_grapheme_next(text, len, offset);
        struct pc_theme theme = {.colors = PC_COLORS_NONE};
        struct pc_pen pen = {.columns = PC_COLUMNS_MOST};
        struct pc_layout_text cluster = {
            .bytes = text + offset, .len = end - offset, .cursor = PC_NOWHERE};
        struct pc_place ignored = {0};
        pc_layout_text(&pen, &theme, &cluster, &ignored);
        if (used + pen.column > columns) {
            break;
        }
        used += pen.column;
        offset = end;
    }
    return offset;
}

static void
put_text(struct cut *cut, const char *text, size_t len, enum pc_role role)
{
    struct pc_theme theme = *cut->theme;
    struct pc_layout_text line = {
        .bytes = text, .len = len, .role = role, .cursor = PC_NOWHERE};
    struct pc_place ignored = {0};
    theme.styles[role] = pc_style_over(theme.styles[role], cut->over);
    pc_layout_text(cut->pen, &theme, &line, &ignored);
}

/* Blanks up to a column. */
static void
pad(struct cut *cut, size_t column)
{
    while (cut->pen->column < column) {
        cut->pen->style = cut->over;
        pc_pen_put_ascii(cut->pen, " ", 1);
    }
}

/* The text, up to `end`, a column that is not behind the last. Only its first line: docs
 * may have more. */
static void
put_cut(struct cut *cut, const char *text, size_t end, enum pc_role role)
{
    size_t len = text == NULL ? 0 : strcspn(text, "\n");
    if (len == 0 || cut->pen->column >= end) {
        return;
    }
    size_t room = end - cut->pen->column;
    size_t fit = bytes_that_fit(text, len, room);
    if (fit < len) {
        fit = bytes_that_fit(text, len, room - 1);
    }
    put_text(cut, text, fit, role);
    if (fit < len) {
        put_text(cut, ellipsis, sizeof ellipsis - 1, role);
    }
}

struct menu_columns {
    size_t name;
    size_t kind;
    size_t type;
};

static struct menu_columns
find_columns(const struct pc_menu_item *items, size_t count)
{
    struct menu_columns columns = {0};
    for (size_t i = 0; i < count; i++) {
        columns.name = widest(columns.name, items[i].name, NAME_MOST);
        columns.kind = widest(columns.kind, kind_texts[items[i].kind], NAME_MOST);
        columns.type = widest(columns.type, items[i].type, TYPE_MOST);
    }
    return columns;
}

static void
put_item(struct cut *cut, const struct pc_menu_item *item, struct menu_columns columns,
         size_t width)
{
    const struct {
        const char *text;
        size_t columns;
        enum pc_role role;
    } parts[] = {
        {item->name, columns.name, PC_ROLE_KIND_OTHER + item->kind},
        {kind_texts[item->kind], columns.kind, PC_ROLE_MENU_DETAIL},
        {item->type, columns.type, PC_ROLE_MENU_DETAIL},
        {item->doc, width, PC_ROLE_MENU_DETAIL},
    };
    size_t start = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].columns > 0 && parts[i].text != NULL && start < width) {
            size_t end =
                start + parts[i].columns < width ? start + parts[i].columns : width;
            pad(cut, start);
            put_cut(cut, parts[i].text, end, parts[i].role);
        }
        start += parts[i].columns > 0 ? parts[i].columns + GAP : 0;
    }
}

/* The window over the items moves no more than it must. */
static void
place_menu(struct pc_view *view, const struct pc_view_menu *menu, size_t rows)
{
    size_t first = view->menu_first;
    if (menu->selected != PC_NOWHERE) {
        if (menu->selected < first) {
            first = menu->selected;
        }
        else if (menu->selected >= first + rows) {
            first = menu->selected + 1 - rows;
        }
    }
    else {
        first = 0;
    }
    size_t last = menu->count - rows;
    view->menu_first = first < last ? first : last;
    view->menu_page = rows;
}

static void
put_menu(struct pc_view *view, const struct pc_view_menu *menu, struct pc_pen *pen,
         struct shares shares)
{
    size_t rows = shares.counted ? shares.menu - 1 : shares.menu;
    size_t width = view->options.columns;
    place_menu(view, menu, rows);
    const struct pc_menu_item *items = menu->items + view->menu_first;
    struct menu_columns columns = find_columns(items, rows);
    for (size_t i = 0; i < rows; i++) {
        bool selected = view->menu_first + i == menu->selected;
        struct cut cut = {.pen = pen, .theme = &view->options.theme};
        if (selected) {
            cut.over = view->options.theme.styles[PC_ROLE_MENU_SELECTED];
        }
        put_item(&cut, &items[i], columns, width);
        if (selected) {
            pad(&cut, width);
        }
        pc_pen_end_line(pen);
    }
    if (shares.counted) {
        size_t number =
            menu->selected == PC_NOWHERE ? 0 : menu->before + menu->selected + 1;
        size_t all = menu->before + menu->count + menu->behind;
        struct cut cut = {.pen = pen, .theme = &view->options.theme};
        pc_auto_bytes struct pc_bytes count = {0};
        int status = pc_bytes_append_format(&count, "%zu of %zu", number, all);
        if (status < 0) {
            pen->status = status;
            return;
        }
        put_cut(&cut, count.data, width, PC_ROLE_MENU_DETAIL);
    }
}

/* ---- all of it */

/* At most `rows` rows of a text, up to that of its cursor where they are more; the pen is
 * then in the first column of the next. */
static struct pc_place
put_rows(struct pc_view *view, struct pc_pen *pen, const struct pc_layout_text *text,
         size_t rows)
{
    struct pc_pen measure = {.columns = pen->columns};
    struct pc_place cursor = lay_text(view, &measure, text);
    size_t skipped = cursor.row < rows ? 0 : cursor.row + 1 - rows;
    struct pc_pen window = {
        .frame = pen->frame,
        .columns = pen->columns,
        .first = skipped,
        .end = skipped + rows,
        .origin = pen->origin + pen->row - pen->first,
        .status = pen->status,
    };
    (void)lay_text(view, &window, text);
    cursor.row += pen->row - skipped;
    pen->status = window.status;
    pen->row += rows;
    pen->column = 0;
    return cursor;
}

int
pc_compose_chrome(struct pc_view *view, const struct pc_view_content *content,
                  size_t row, size_t rows)
{
    struct shares shares = share_rows(view, content, rows);
    struct pc_pen pen = {
        .frame = &view->next,
        .columns = view->options.columns,
        .first = row,
        .end = row + rows,
        .origin = row,
        .row = row,
    };
    if (shares.hint > 0) {
        struct pc_layout_text hint = hint_text(&content->hint);
        put_rows(view, &pen, &hint, shares.hint);
    }
    if (shares.message > 0) {
        struct pc_layout_text message = message_text(&content->message);
        struct pc_place cursor = put_rows(view, &pen, &message, shares.message);
        if (content->message.has_cursor) {
            view->next.cursor_row = cursor.row;
            view->next.cursor_column = cursor.column;
        }
    }
    if (shares.menu > 0) {
        put_menu(view, &content->menu, &pen, shares);
    }
    return pen.status < 0 ? pen.status : pc_frame_reach(&view->next, row + rows - 1);
}
