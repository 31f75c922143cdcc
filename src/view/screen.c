/* See screen.h. Here: moving, writing, erasing, and the frame around a drawing; what to
 * write is found in screen_diff.c. */
#include "view/screen_parts.h"

#include <string.h>

#include <pyconsole/status.h>

/* ---- sending */

void
pc_send(struct pc_screen *screen, const char *bytes, size_t len)
{
    if (screen->status == PYCONSOLE_OK) {
        screen->status = pc_bytes_append(&screen->out, bytes, len);
    }
}

static void
send_text(struct pc_screen *screen, const char *text)
{
    pc_send(screen, text, strlen(text));
}

void
pc_send_csi(struct pc_screen *screen, size_t count, char final)
{
    if (screen->status != PYCONSOLE_OK) {
        return;
    }
    screen->status =
        count == 1 ? pc_bytes_append_format(&screen->out, "\x1b[%c", final)
                   : pc_bytes_append_format(&screen->out, "\x1b[%zu%c", count, final);
}

void
pc_screen_set_style(struct pc_screen *screen, struct pc_style style)
{
    if (screen->status == PYCONSOLE_OK) {
        screen->status = pc_style_append(&screen->out, screen->at.style, style);
        screen->at.style = style;
    }
}

/* ---- moving */

static void
send_return(struct pc_screen *screen)
{
    pc_send(screen, "\r", 1);
    screen->at.column = 0;
    screen->at.doubtful = false;
}

/* Rows that may not be there yet come by line feeds, which scroll at the bottom. */
static void
make_rows(struct pc_screen *screen, size_t row)
{
    if (screen->at.row + 1 < screen->at.reach) {
        pc_send_csi(screen, screen->at.reach - 1 - screen->at.row, 'B');
        screen->at.row = screen->at.reach - 1;
    }
    while (screen->at.row < row) {
        pc_send(screen, "\r\n", 2);
        screen->at.row++;
    }
    screen->at.column = 0;
    screen->at.doubtful = false;
    screen->at.reach = row + 1;
}

static void
move_vertically(struct pc_screen *screen, size_t row, size_t column)
{
    if (screen->at.column >= screen->columns && row != screen->at.row) {
        /* At the edge, terminals differ in where a move begins. */
        send_return(screen);
    }
    if (row >= screen->at.reach) {
        pc_screen_set_style(screen, (struct pc_style){0});
        make_rows(screen, row);
    }
    else if (row == screen->at.row + 1 && column == 0) {
        pc_send(screen, "\r\n", 2);
        screen->at.column = 0;
        screen->at.doubtful = false;
    }
    else if (row > screen->at.row) {
        pc_send_csi(screen, row - screen->at.row, 'B');
    }
    else if (row < screen->at.row) {
        pc_send_csi(screen, screen->at.row - row, 'A');
    }
    screen->at.row = row;
}

/* Whether the cells from the cursor up to a column can be written again in place of a
 * move to the right: each is one byte in the style that is set. */
static bool
can_rewrite(const struct pc_screen *screen, size_t column)
{
    for (size_t i = screen->at.column; i < column; i++) {
        const struct pc_cell *cell = pc_frame_cell(&screen->shown, screen->at.row, i);
        if (cell->glyph >= 0x80 || cell->width != 1 ||
            !pc_style_equal(cell->style, screen->at.style)) {
            return false;
        }
    }
    return true;
}

static void
move_right(struct pc_screen *screen, size_t column)
{
    size_t count = column - screen->at.column;
    if (count > 4 || !can_rewrite(screen, column)) {
        pc_send_csi(screen, count, 'C');
        return;
    }
    for (size_t i = screen->at.column; i < column; i++) {
        char byte = (char)pc_frame_cell(&screen->shown, screen->at.row, i)->glyph;
        pc_send(screen, &byte, 1);
    }
}

static void
move_left(struct pc_screen *screen, size_t column)
{
    size_t count = screen->at.column - column;
    if (count <= 4) {
        pc_send(screen, "\b\b\b\b", count);
    }
    else {
        pc_send_csi(screen, count, 'D');
    }
}

void
pc_move(struct pc_screen *screen, size_t row, size_t column)
{
    move_vertically(screen, row, column);
    if (screen->at.column != column && column == 0) {
        send_return(screen);
    }
    if (screen->at.doubtful) {
        pc_send_csi(screen, column + 1, 'G');
        screen->at.doubtful = false;
    }
    else if (screen->at.column >= screen->columns && column != screen->at.column) {
        send_return(screen);
        move_right(screen, column);
    }
    else if (column > screen->at.column) {
        move_right(screen, column);
    }
    else if (column < screen->at.column) {
        move_left(screen, column);
    }
    screen->at.column = column;
}

/* ---- the drawing as a whole */

void
pc_screen_reset(struct pc_screen *screen, size_t columns)
{
    pc_frame_clear(&screen->shown, columns);
    screen->columns = columns;
    screen->at = (struct pc_screen_at){.reach = 1};
    screen->stale = true;
}

void
pc_screen_fini(struct pc_screen *screen)
{
    pc_frame_fini(&screen->shown);
    pc_bytes_fini(&screen->out);
}

void
pc_screen_send(struct pc_screen *screen, const char *bytes, size_t len)
{
    pc_send(screen, bytes, len);
}

void
pc_screen_erase(struct pc_screen *screen)
{
    pc_move(screen, 0, 0);
    pc_screen_set_style(screen, (struct pc_style){0});
    send_text(screen, "\x1b[J");
    pc_frame_clear(&screen->shown, screen->columns);
    screen->stale = false;
}

void
pc_screen_hide(struct pc_screen *screen, struct pc_frame *ret_kept)
{
    struct pc_frame shown = screen->shown;
    screen->shown = *ret_kept;
    *ret_kept = shown;
    pc_screen_erase(screen);
}

void
pc_screen_leave(struct pc_screen *screen)
{
    size_t rows = screen->shown.rows;
    pc_screen_set_style(screen, (struct pc_style){0});
    pc_move(screen, rows == 0 ? 0 : rows, 0);
    pc_screen_reset(screen, screen->columns);
}

/* Longer drawings are shown at once, where the terminal can. */
enum { SHORT_MOST = 80 };

int
pc_screen_end(struct pc_screen *screen, bool synchronized, struct pc_bytes *bytes)
{
    static const char begin[] = "\x1b[?2026h\x1b[?25l";
    static const char end[] = "\x1b[?25h\x1b[?2026l";
    bool wrapped = synchronized && screen->out.len > SHORT_MOST;
    size_t room = screen->out.len + sizeof begin + sizeof end;
    if (screen->status == PYCONSOLE_OK) {
        screen->status = pc_bytes_reserve(bytes, room);
    }
    if (screen->status < 0) {
        screen->at = screen->before;
        screen->stale = true;
        return screen->status;
    }
    pc_bytes_append_text(bytes, wrapped ? begin : "");
    pc_bytes_append(bytes, screen->out.data, screen->out.len);
    pc_bytes_append_text(bytes, wrapped ? end : "");
    return PYCONSOLE_OK;
}

/* ---- size */

/* Where the cursor's row goes when the terminal rewraps the rows above and its own. */
static size_t
rewrapped_row(const struct pc_screen *screen, size_t columns)
{
    size_t row = 0;
    size_t line = 0; /* columns of the line so far */
    for (size_t i = 0; i < screen->at.row && i < screen->shown.rows; i++) {
        const struct pc_row *shown = &screen->shown.row[i];
        line += shown->wrapped ? screen->columns : shown->used;
        if (!shown->wrapped) {
            row += line == 0 ? 1 : (line + columns - 1) / columns;
            line = 0;
        }
    }
    return row + (line + screen->at.column) / columns;
}

void
pc_screen_resize(struct pc_screen *screen, size_t columns, bool rewraps)
{
    screen->new_columns = columns;
    screen->rewraps = rewraps;
}

static void
take_size(struct pc_screen *screen)
{
    size_t columns = screen->new_columns;
    if (columns == 0) {
        return;
    }
    if (screen->rewraps && columns != screen->columns) {
        screen->at.row = rewrapped_row(screen, columns);
    }
    screen->new_columns = 0;
    screen->columns = columns;
    screen->at.column = 0;
    screen->at.doubtful = true;
    screen->at.reach = screen->at.row + 1;
    pc_frame_clear(&screen->shown, columns);
    screen->stale = true;
}

void
pc_screen_begin(struct pc_screen *screen)
{
    take_size(screen);
    screen->before = screen->at;
    pc_bytes_clear(&screen->out);
    screen->status = PYCONSOLE_OK;
}
