/* The view that never goes back, for screen readers and terminals without control
 * sequences: CR LF, backspace and characters are all it sends.
 *
 * One line of the text is at hand, with its prompt, in the terminal's last row. What is
 * typed into it changes it in place, cell by cell; when another line is at hand, or others
 * changed, they are printed below, like a teletype would. Of a line that is longer than
 * the row, a part with the cursor in it is shown. A message and the selected item of the
 * menu are said once, in a line of their own, when they change. */
#include "view/view_parts.h"

#include <string.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

/* ---- sending */

static void
send_text(struct pc_view *view, const char *text)
{
    pc_screen_send(&view->screen, text, strlen(text));
}

/* The cells of a frame's row; of `screen.shown` to move right over them, of `next` to
 * write them. `column` counts from the row's beginning. */
static void
send_cells(struct pc_view *view, const struct pc_frame *frame, size_t row,
           size_t column, size_t end)
{
    while (column < end) {
        const struct pc_cell *cell = pc_frame_cell(frame, row, column);
        char buffer[4];
        size_t len = 0;
        const char *bytes = pc_cell_bytes(frame, cell, buffer, &len);
        pc_screen_send(&view->screen, bytes, len);
        column += cell->width > 0 ? cell->width : 1;
    }
}

static void
send_left(struct pc_view *view, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        send_text(view, "\b");
    }
}

/* ---- what is at hand */

static size_t
width_of(const struct pc_view *view)
{
    return view->options.columns > 1 ? view->options.columns - 1 : 1;
}

static size_t
end_of_part(const struct pc_view *view, const struct pc_frame *frame,
            struct pc_linear_part part)
{
    size_t used = part.row < frame->rows ? frame->row[part.row].used : 0;
    size_t end = part.first + width_of(view);
    end = end < used ? end : used;
    /* Not half of a wide cell. */
    return end < used && pc_frame_cell(frame, part.row, end)->width == 0 ? end - 1
                                                                         : end;
}

/* Which part of the line in `next` is shown: the one that was, if the cursor is in it. */
static struct pc_linear_part
find_part(const struct pc_view *view, size_t line)
{
    const struct pc_frame *next = &view->next;
    struct pc_linear_part part = view->part;
    size_t column = next->cursor_column;
    if (part.line != line || part.row != next->cursor_row || column < part.first ||
        column > part.first + width_of(view)) {
        part = (struct pc_linear_part){.line = line, .row = next->cursor_row};
        if (column > width_of(view)) {
            part.first = column - width_of(view) / 2;
            part.first -= pc_frame_cell(next, part.row, part.first)->width == 0;
        }
    }
    return part;
}

static void
keep_part(struct pc_view *view, struct pc_linear_part part)
{
    struct pc_frame shown = view->screen.shown;
    view->screen.shown = view->next;
    view->next = shown;
    view->part = part;
}

/* The part in a row of its own, which is there already. */
static void
show_part(struct pc_view *view, struct pc_linear_part part)
{
    size_t end = end_of_part(view, &view->next, part);
    send_cells(view, &view->next, part.row, part.first, end);
    size_t cursor = view->next.cursor_column;
    if (cursor < end) {
        send_left(view, end - cursor);
    }
    keep_part(view, part);
}

/* Turns what is at hand into the same part of what it is now. */
static void
change_part(struct pc_view *view, struct pc_linear_part part)
{
    const struct pc_frame *shown = &view->screen.shown;
    const struct pc_frame *next = &view->next;
    size_t at = shown->cursor_column;
    size_t old_end = end_of_part(view, shown, part);
    size_t end = end_of_part(view, next, part);
    size_t column = part.first;
    while (column < end && column < old_end &&
           pc_cells_equal(shown, pc_frame_cell(shown, part.row, column), next,
                          pc_frame_cell(next, part.row, column))) {
        column++;
    }
    size_t target = next->cursor_column;
    if (column < end || column < old_end) {
        column -=
            column > part.first && pc_frame_cell(next, part.row, column)->width == 0;
        if (column < at) {
            send_left(view, at - column);
        }
        else {
            send_cells(view, shown, part.row, at, column);
        }
        send_cells(view, next, part.row, column, end);
        for (size_t i = end; i < old_end; i++) {
            send_text(view, " ");
        }
        at = end > old_end ? end : old_end;
    }
    if (target < at) {
        send_left(view, at - target);
    }
    else {
        send_cells(view, next, part.row, at, target);
    }
    keep_part(view, part);
}

/* ---- lines */

static void
print_line(struct pc_view *view, const struct pc_view_content *content, size_t line)
{
    struct pc_view_content whole = *content;
    whole.cursor = content->text->starts[line];
    int status = pc_compose_line(view, &whole, line);
    if (status < 0) {
        view->screen.status = status;
        return;
    }
    for (size_t row = 0; row < view->next.rows; row++) {
        send_cells(view, &view->next, row, 0, view->next.row[row].used);
    }
}

/* Puts the line with the cursor at hand: in place if that is possible. */
static void
show_line(struct pc_view *view, const struct pc_view_content *content, size_t line,
          bool in_place)
{
    int status = pc_compose_line(view, content, line);
    if (status < 0) {
        view->screen.status = status;
        return;
    }
    struct pc_linear_part part = find_part(view, line);
    if (in_place && part.line == view->part.line && part.row == view->part.row &&
        part.first == view->part.first) {
        change_part(view, part);
        return;
    }
    if (in_place) {
        send_text(view, "\r\n");
    }
    show_part(view, part);
}

/* The line at hand changed and is at hand no more: all of it is shown. */
static void
finish_line(struct pc_view *view, const struct pc_view_content *content, size_t line)
{
    struct pc_view_content changed = *content;
    changed.cursor = pc_text_line_end(content->text, line);
    show_line(view, &changed, line, true);
}

/* Prints the lines that changed, and puts the cursor's at hand. The terminal's cursor is
 * in the line at hand if `at_hand`, else in an empty row. */
static void
show_lines(struct pc_view *view, const struct pc_view_content *content, bool at_hand)
{
    size_t cursor = pc_text_line_at(content->text, content->cursor);
    const struct pc_text_change all = {.removed = 1, .added = content->text->lines};
    struct pc_text_change change = at_hand ? view->change : all;
    size_t end = change.line + change.added;
    for (size_t line = change.line; line < end; line++) {
        if (line == cursor && line + 1 == end) {
            break;
        }
        if (at_hand && line == change.line && line == view->part.line) {
            finish_line(view, content, line);
            continue;
        }
        send_text(view, at_hand ? "\r\n" : "");
        at_hand = true;
        view->part.line = PC_NOWHERE;
        print_line(view, content, line);
    }
    bool in_place = at_hand && cursor == view->part.line;
    if (at_hand && !in_place) {
        send_text(view, "\r\n");
    }
    show_line(view, content, cursor, in_place);
}

/* ---- what is said */

/* What there is to say: the message, or the selected item. */
static int
find_words(const struct pc_view_content *content, struct pc_bytes *ret_words)
{
    const struct pc_view_menu *menu = &content->menu;
    int status =
        pc_bytes_append(ret_words, content->message.text, content->message.len);
    if (status < 0 || content->message.len > 0 || menu->count == 0) {
        return status;
    }
    if (menu->selected == PC_NOWHERE) {
        return pc_bytes_append_format(ret_words, "%zu completions", menu->count);
    }
    const struct pc_menu_item *item = &menu->items[menu->selected];
    const char *const parts[] = {item->name, pc_menu_kind_text(item->kind), item->type,
                                 item->doc};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i] != NULL && parts[i][0] != '\0' && status == PYCONSOLE_OK) {
            status = pc_bytes_append_format(ret_words, "%s%.*s", i > 0 ? ", " : "",
                                            (int)strcspn(parts[i], "\n"), parts[i]);
        }
    }
    return status;
}

/* Says it in a row of its own if it was not said last; true if something was. */
static bool
say(struct pc_view *view, const struct pc_view_content *content)
{
    pc_auto_bytes struct pc_bytes words = {0};
    int status = content->final ? PYCONSOLE_OK : find_words(content, &words);
    bool same =
        words.len == view->said.len &&
        memcmp(pc_bytes_text(&words), pc_bytes_text(&view->said), words.len) == 0;
    if (status == PYCONSOLE_OK && words.len > 0 && !same) {
        send_text(view, "\r\n");
        status = pc_compose_words(view, words.data, words.len);
        for (size_t row = 0; row < view->next.rows && status == PYCONSOLE_OK; row++) {
            send_cells(view, &view->next, row, 0, view->next.row[row].used);
        }
        send_text(view, "\r\n");
    }
    struct pc_bytes said = view->said;
    view->said = words;
    words = said;
    if (status < 0) {
        view->screen.status = status;
    }
    return view->said.len > 0 && !same;
}

/* ---- for view.c */

void
pc_linear_show(struct pc_view *view, const struct pc_view_content *content)
{
    struct pc_view_content shown = *content;
    bool at_hand = view->showing;
    if (content->final) {
        size_t line = pc_text_line_at(content->text, content->cursor);
        shown.cursor = pc_text_line_end(content->text, line);
    }
    if (at_hand && view->screen.stale) {
        send_text(view, "\r\n");
        at_hand = false;
    }
    view->screen.stale = false;
    show_lines(view, &shown, at_hand);
    if (say(view, &shown)) {
        show_line(view, &shown, view->part.line, false);
    }
    if (content->final) {
        send_text(view, "\r\n");
        view->screen.stale = true;
    }
}

void
pc_linear_leave(struct pc_view *view)
{
    send_text(view, "\r\n");
    struct pc_frame shown = view->screen.shown;
    view->screen.shown = view->next;
    view->next = shown;
}

void
pc_linear_show_again(struct pc_view *view)
{
    show_part(view, view->part);
    view->screen.stale = false;
}
