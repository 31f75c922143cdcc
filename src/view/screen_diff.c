/* What differs between what is shown and what shall be, and drawing it: rows that only
 * moved are moved (IL, DL), in a row the cells behind a change are moved (ICH, DCH), and
 * what then still differs is written.
 *
 * Terminals do not agree on the width of some clusters. After such a cell the column is
 * set, not counted, and a row that has one is written to its end, so that a terminal that
 * took it for wider or narrower still shows the rest in its place. */
#include "view/screen_parts.h"

#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

enum {
    GAP_MOST = 4,        /* equal cells that are written rather than passed over */
    SHIFT_LEAST = 8,     /* cells that are worth moving */
    ROWS_DIFFER = 3,     /* so many have to before rows are moved */
    ROWS_SAVE_LEAST = 24 /* cells */
};

/* ---- comparing */

static size_t
used_of(const struct pc_frame *frame, size_t row)
{
    return row < frame->rows ? frame->row[row].used : 0;
}

static bool
is_wrapped(const struct pc_frame *frame, size_t row)
{
    return row < frame->rows && frame->row[row].wrapped;
}

static bool
is_doubtful(const struct pc_frame *frame, size_t row)
{
    return row < frame->rows && frame->row[row].doubtful;
}

static bool
same_cell(const struct pc_screen *screen, const struct pc_frame *next, size_t row,
          size_t column)
{
    return pc_cells_equal(&screen->shown, pc_frame_cell(&screen->shown, row, column),
                          next, pc_frame_cell(next, row, column));
}

/* Whether a row that wraps now did not: then the edge is written again, so that the
 * terminal knows, too. */
static bool
begins_to_wrap(const struct pc_screen *screen, const struct pc_frame *next, size_t row)
{
    return is_wrapped(next, row) && !is_wrapped(&screen->shown, row);
}

static bool
differs(const struct pc_screen *screen, const struct pc_frame *next, size_t row,
        size_t column)
{
    if (!same_cell(screen, next, row, column)) {
        return true;
    }
    return (column + 1 == used_of(next, row) && begins_to_wrap(screen, next, row)) ||
           (column == 0 && row > 0 && begins_to_wrap(screen, next, row - 1));
}

/* Whether nothing has to be done, found out at a glance; most rows are like this. */
static bool
same_row(const struct pc_screen *screen, const struct pc_frame *next, size_t row)
{
    if (row >= screen->shown.rows ||
        (row > 0 && begins_to_wrap(screen, next, row - 1))) {
        return false;
    }
    const struct pc_row *a = &screen->shown.row[row];
    const struct pc_row *b = &next->row[row];
    if (b->source != 0 && a->source == b->source) {
        return true;
    }
    return a->used == b->used && a->wrapped == b->wrapped && !a->clusters &&
           !b->clusters &&
           (a->used == 0 ||
            memcmp(a->cells, b->cells, a->used * sizeof *a->cells) == 0);
}

static size_t
first_difference(const struct pc_screen *screen, const struct pc_frame *next,
                 size_t row, size_t column, size_t end)
{
    while (column < end && !differs(screen, next, row, column)) {
        column++;
    }
    while (column < end && column > 0 && pc_frame_cell(next, row, column)->width == 0) {
        column--;
    }
    return column;
}

/* ---- writing */

/* Where the row before was written up to the edge and runs on, writing is enough to get
 * into the next one. */
static bool
wraps_into(const struct pc_screen *screen, const struct pc_frame *next, size_t row,
           size_t column)
{
    return column == 0 && row == screen->at.row + 1 && !screen->at.doubtful &&
           screen->at.column == screen->columns && is_wrapped(next, row - 1);
}

static void
go_to(struct pc_screen *screen, const struct pc_frame *next, size_t row, size_t column)
{
    if (!wraps_into(screen, next, row, column)) {
        pc_move(screen, row, column);
        return;
    }
    screen->at.row = row;
    screen->at.column = 0;
    screen->at.reach = screen->at.reach > row ? screen->at.reach : row + 1;
}

static void
write_cells(struct pc_screen *screen, const struct pc_frame *next, size_t row,
            size_t column, size_t end)
{
    while (column < end) {
        const struct pc_cell *cell = pc_frame_cell(next, row, column);
        char buffer[4];
        size_t len = 0;
        const char *bytes = pc_cell_bytes(next, cell, buffer, &len);
        go_to(screen, next, row, column);
        pc_screen_set_style(screen, cell->style);
        pc_send(screen, bytes, len);
        column += cell->width;
        screen->at.column = column;
        screen->at.doubtful = cell->doubtful;
    }
}

static void
erase_rest(struct pc_screen *screen, size_t row, size_t column)
{
    if (column < screen->columns) {
        pc_move(screen, row, column);
        pc_screen_set_style(screen, (struct pc_style){0});
        pc_send(screen, "\x1b[K", 3);
    }
}

/* From the first difference to the end. What stood there is erased first: a cluster that the
 * terminal takes for narrower than it is here covers less than it. */
static void
draw_doubtful_row(struct pc_screen *screen, const struct pc_frame *next, size_t row)
{
    size_t used = used_of(next, row);
    size_t shown = used_of(&screen->shown, row);
    size_t end = used > shown ? used : shown;
    size_t start = first_difference(screen, next, row, 0, end);
    if (start < end) {
        if (start < shown) {
            erase_rest(screen, row, start);
        }
        write_cells(screen, next, row, start, used);
        erase_rest(screen, row, used);
    }
}

/* ---- moving cells in a row */

/* How many cells at the ends of the two rows are the same, from a whole one on. */
static size_t
common_end(const struct pc_screen *screen, const struct pc_frame *next, size_t row,
           size_t most)
{
    const struct pc_row *shown = &screen->shown.row[row];
    const struct pc_row *wanted = &next->row[row];
    size_t count = 0;
    while (count < most &&
           pc_cells_equal(&screen->shown, &shown->cells[shown->used - 1 - count], next,
                          &wanted->cells[wanted->used - 1 - count])) {
        count++;
    }
    while (count > 0 && shown->cells[shown->used - count].width == 0) {
        count--;
    }
    return count;
}

static void
insert_cells(struct pc_screen *screen, size_t row, size_t column, size_t count)
{
    static const struct pc_cell blank = {.glyph = ' ', .width = 1};
    struct pc_row *shown = &screen->shown.row[row];
    pc_move(screen, row, column);
    pc_screen_set_style(screen, (struct pc_style){0});
    pc_send_csi(screen, count, '@');
    memmove(shown->cells + column + count, shown->cells + column,
            (shown->used - column) * sizeof *shown->cells);
    for (size_t i = column; i < column + count; i++) {
        shown->cells[i] = blank;
    }
    shown->used += count;
}

static void
delete_cells(struct pc_screen *screen, size_t row, size_t column, size_t count)
{
    struct pc_row *shown = &screen->shown.row[row];
    pc_move(screen, row, column);
    pc_screen_set_style(screen, (struct pc_style){0});
    pc_send_csi(screen, count, 'P');
    memmove(shown->cells + column, shown->cells + column + count,
            (shown->used - column - count) * sizeof *shown->cells);
    shown->used -= count;
}

static void
move_cells(struct pc_screen *screen, const struct pc_frame *next, size_t row)
{
    size_t used = used_of(next, row);
    size_t shown = used_of(&screen->shown, row);
    size_t shorter = used < shown ? used : shown;
    if (used == shown || shorter < SHIFT_LEAST) {
        return;
    }
    size_t start = first_difference(screen, next, row, 0, shorter);
    size_t end = common_end(screen, next, row, shorter - start);
    if (end < SHIFT_LEAST) {
        return;
    }
    if (used > shown) {
        insert_cells(screen, row, shown - end, used - shown);
    }
    else if (screen->shown.row[row].cells[used - end].width != 0) {
        delete_cells(screen, row, used - end, shown - used);
    }
}

/* ---- one row */

/* Where a run of cells to write ends: before some that are the same. */
static size_t
end_of_run(const struct pc_screen *screen, const struct pc_frame *next, size_t row,
           size_t column, size_t used)
{
    size_t end = column + 1;
    for (size_t i = end; i < used && i - end <= GAP_MOST; i++) {
        if (differs(screen, next, row, i)) {
            end = i + 1;
        }
    }
    while (end < used && pc_frame_cell(next, row, end)->width == 0) {
        end++;
    }
    return end;
}

static void
draw_row(struct pc_screen *screen, const struct pc_frame *next, size_t row)
{
    if (same_row(screen, next, row)) {
        return;
    }
    if (is_doubtful(next, row) || is_doubtful(&screen->shown, row)) {
        draw_doubtful_row(screen, next, row);
        return;
    }
    move_cells(screen, next, row);
    size_t used = used_of(next, row);
    size_t column = first_difference(screen, next, row, 0, used);
    while (column < used) {
        size_t end = end_of_run(screen, next, row, column, used);
        write_cells(screen, next, row, column, end);
        column = first_difference(screen, next, row, end, used);
    }
    if (used < used_of(&screen->shown, row)) {
        erase_rest(screen, row, used);
    }
}

/* ---- moving rows */

/* Rows from `start` up to `end` move by `count`, down or up; what comes in is blank. */
struct move {
    size_t start;
    size_t end;
    size_t count;
    bool down;
    size_t saved; /* cells */
};

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * 0x9E3779B97F4A7C15u;
}

static uint64_t
hash_of_row(const struct pc_frame *frame, size_t row)
{
    uint64_t hash = is_wrapped(frame, row);
    for (size_t i = 0; i < used_of(frame, row); i++) {
        const struct pc_cell *cell = &frame->row[row].cells[i];
        char buffer[4];
        size_t len = 0;
        const char *bytes = pc_cell_bytes(frame, cell, buffer, &len);
        for (size_t byte = 0; byte < len; byte++) {
            hash = mix(hash, (unsigned char)bytes[byte]);
        }
        hash = mix(hash, cell->style.foreground);
        hash = mix(hash, cell->style.background);
        hash = mix(hash, cell->style.attributes);
        hash ^= hash >> 32;
    }
    return hash;
}

/* The hash of each row; a row of no cells has none (0) and is not worth moving. */
static void
hash_rows(const struct pc_frame *frame, uint64_t *ret_hashes)
{
    for (size_t i = 0; i < frame->rows; i++) {
        ret_hashes[i] = used_of(frame, i) == 0 ? 0 : hash_of_row(frame, i) | 1;
    }
}

/* The longest run of rows of `next` that stood `by` rows away. */
static struct move
find_run(const struct pc_screen *screen, const struct pc_frame *next,
         const uint64_t *shown, const uint64_t *wanted, size_t by, bool down)
{
    struct move best = {0};
    size_t saved = 0;
    size_t length = 0;
    for (size_t i = down ? by : 0; i < next->rows; i++) {
        size_t from = down ? i - by : i + by;
        if (from >= screen->shown.rows || wanted[i] == 0 || wanted[i] != shown[from]) {
            saved = length = 0;
            continue;
        }
        length++;
        saved += used_of(next, i);
        if (saved > best.saved) {
            size_t first = i + 1 - length;
            best = (struct move){.start = down ? first - by : first,
                                 .end = i + 1 + (down ? 0 : by),
                                 .count = by,
                                 .down = down,
                                 .saved = saved};
        }
    }
    return best;
}

/* Cells that are right without moving anything, which the move would spoil. */
static size_t
count_spoiled(const struct move *move, const uint64_t *shown, const uint64_t *wanted,
              const struct pc_frame *next, size_t shown_rows)
{
    size_t count = 0;
    for (size_t i = move->start; i < move->end; i++) {
        if (i < next->rows && i < shown_rows && shown[i] == wanted[i]) {
            count += used_of(next, i);
        }
    }
    return count;
}

static struct move
find_move(const struct pc_screen *screen, const struct pc_frame *next,
          const uint64_t *shown, const uint64_t *wanted)
{
    struct move best = {0};
    size_t most = screen->shown.rows > next->rows ? screen->shown.rows : next->rows;
    for (size_t by = 1; by < most; by++) {
        for (int down = 0; down < 2; down++) {
            struct move move = find_run(screen, next, shown, wanted, by, down != 0);
            if (move.saved > best.saved) {
                best = move;
            }
        }
    }
    size_t spoiled = count_spoiled(&best, shown, wanted, next, screen->shown.rows);
    return best.saved > spoiled + ROWS_SAVE_LEAST ? best : (struct move){0};
}

/* In `shown`, as the terminal does it. */
static void
rotate_rows(struct pc_frame *shown, const struct move *move)
{
    for (size_t i = 0; i < move->count; i++) {
        size_t from = move->down ? move->end - 1 : move->start;
        size_t to = move->down ? move->start : move->end - 1;
        struct pc_row row = {.cells = shown->row[from].cells};
        memmove(shown->row + move->start + move->down,
                shown->row + move->start + !move->down,
                (move->end - move->start - 1) * sizeof row);
        shown->row[to] = row;
    }
}

/* Lines are deleted where rows leave and inserted where blank ones come in, so that what
 * is below stays where it is. */
static void
apply_move(struct pc_screen *screen, const struct move *move)
{
    size_t leave = move->down ? move->end - move->count : move->start;
    size_t enter = move->down ? move->start : move->end - move->count;
    bool below = screen->shown.rows > (move->down ? leave : move->end);
    pc_screen_set_style(screen, (struct pc_style){0});
    if (move->end > screen->at.reach) {
        pc_move(screen, move->end - 1, 0);
    }
    if (!move->down || below) {
        pc_move(screen, leave, 0);
        pc_send_csi(screen, move->count, 'M');
    }
    if (move->down || below) {
        pc_move(screen, enter, 0);
        pc_send_csi(screen, move->count, 'L');
    }
    int status = pc_frame_reach(&screen->shown, move->end - 1);
    if (status < 0) {
        screen->status = status;
        return;
    }
    rotate_rows(&screen->shown, move);
}

static size_t
count_different_rows(const struct pc_screen *screen, const struct pc_frame *next)
{
    size_t count = 0;
    for (size_t row = 0; row < next->rows && count < ROWS_DIFFER; row++) {
        count += !same_row(screen, next, row);
    }
    return count;
}

static void
move_rows(struct pc_screen *screen, struct pc_frame *next)
{
    size_t rows = screen->shown.rows;
    if (count_different_rows(screen, next) < ROWS_DIFFER) {
        return;
    }
    int status = pc_frame_copy_kept(next, &screen->shown);
    if (status < 0) {
        screen->status = status;
        return;
    }
    uint64_t *hashes = malloc((rows + next->rows) * sizeof *hashes);
    if (hashes == NULL) {
        screen->status = PYCONSOLE_ENOMEM;
        return;
    }
    hash_rows(&screen->shown, hashes);
    hash_rows(next, hashes + rows);
    struct move move = find_move(screen, next, hashes, hashes + rows);
    if (move.saved > 0) {
        apply_move(screen, &move);
    }
    free(hashes);
}

/* ---- a frame */

/* Goes into a row that has no cells: behind the edge, a blank makes the terminal wrap. */
static void
enter_row(struct pc_screen *screen, const struct pc_frame *next, size_t row,
          size_t column)
{
    if (used_of(next, row) > 0) {
        return;
    }
    if (wraps_into(screen, next, row, column)) {
        pc_screen_set_style(screen, (struct pc_style){0});
        go_to(screen, next, row, 0);
        pc_send(screen, " ", 1);
        screen->at.column = 1;
    }
    else {
        pc_move(screen, row, column);
    }
}

/* Nothing is shown: all is written, in order, with the marks. */
static void
draw_all(struct pc_screen *screen, const struct pc_frame *next,
         const struct pc_screen_marks *marks)
{
    pc_send(screen, marks->before, marks->before_len);
    for (size_t row = 0; row < next->rows; row++) {
        size_t used = used_of(next, row);
        size_t mark = marks->row == row && marks->column <= used ? marks->column : 0;
        enter_row(screen, next, row, 0);
        write_cells(screen, next, row, 0, mark);
        if (marks->row == row) {
            pc_send(screen, marks->after, marks->after_len);
        }
        write_cells(screen, next, row, mark, used);
    }
}

static void
draw_changes(struct pc_screen *screen, struct pc_frame *next)
{
    move_rows(screen, next);
    for (size_t row = 0; row < next->rows; row++) {
        draw_row(screen, next, row);
    }
    if (screen->shown.rows > next->rows) {
        pc_move(screen, next->rows, 0);
        pc_screen_set_style(screen, (struct pc_style){0});
        pc_send(screen, "\x1b[J", 3);
    }
    if (screen->at.reach < next->rows) {
        pc_move(screen, next->rows - 1, 0);
    }
    pc_frame_take_kept(next, &screen->shown);
}

static void
place_cursor(struct pc_screen *screen, const struct pc_frame *next)
{
    pc_screen_set_style(screen, (struct pc_style){0});
    enter_row(screen, next, next->cursor_row, next->cursor_column);
    pc_move(screen, next->cursor_row, next->cursor_column);
}

void
pc_screen_show(struct pc_screen *screen, struct pc_frame *next,
               const struct pc_screen_marks *marks)
{
    if (screen->stale) {
        pc_screen_erase(screen);
    }
    if (screen->shown.rows == 0) {
        draw_all(screen, next, marks);
    }
    else {
        draw_changes(screen, next);
    }
    struct pc_frame shown = screen->shown;
    screen->shown = *next;
    *next = shown;
    place_cursor(screen, &screen->shown);
}
