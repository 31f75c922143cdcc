/* See terminal.h. */
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void
fail(const char *what, const char *bytes, size_t len)
{
    fprintf(stderr, "terminal: %s:", what);
    for (size_t i = 0; i < len && i < 40; i++) {
        fprintf(stderr, bytes[i] > 0x20 && bytes[i] < 0x7F ? " %c" : " %02x",
                (unsigned char)bytes[i]);
    }
    fprintf(stderr, "\n");
    abort();
}

static void *
allocate(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        fail("no memory", "", 0);
    }
    return memory;
}

/* ---- rows */

static void
blank_cells(struct terminal *t, size_t row, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        t->row[row].cells[i] = (struct terminal_cell){.text = " "};
        t->row[row].cells[i].style.background = t->style.background;
    }
}

static struct terminal_row
new_row(size_t columns)
{
    struct terminal_row row = {.cells = allocate(columns, sizeof *row.cells)};
    for (size_t i = 0; i < columns; i++) {
        row.cells[i].text[0] = ' ';
    }
    return row;
}

void
terminal_init(struct terminal *t, size_t columns, size_t rows)
{
    *t = (struct terminal){.columns = columns, .rows = rows};
    t->row = allocate(rows, sizeof *t->row);
    for (size_t i = 0; i < rows; i++) {
        t->row[i] = new_row(columns);
    }
}

static void
free_rows(struct terminal_row *row, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        free(row[i].cells);
    }
    free(row);
}

void
terminal_fini(struct terminal *t)
{
    free_rows(t->row, t->rows);
    pc_bytes_fini(&t->scrolled);
    pc_bytes_fini(&t->marks);
    *t = (struct terminal){0};
}

static bool
is_blank(const struct terminal_cell *cell)
{
    return strcmp(cell->text, " ") == 0 &&
           pc_style_equal(cell->style, (struct pc_style){0});
}

static size_t
used_columns(const struct terminal_row *row, size_t columns)
{
    while (columns > 0 && is_blank(&row->cells[columns - 1])) {
        columns--;
    }
    return columns;
}

void
terminal_row_text(const struct terminal *t, size_t row, struct pc_bytes *bytes)
{
    size_t used = used_columns(&t->row[row], t->columns);
    for (size_t i = 0; i < used; i++) {
        pc_bytes_append_text(bytes, t->row[row].cells[i].text);
    }
}

bool
terminal_cell_equal(const struct terminal_cell *a, const struct terminal_cell *b)
{
    return strcmp(a->text, b->text) == 0 && pc_style_equal(a->style, b->style);
}

/* Rows from `start` up to `end` move up, and a blank one comes in. */
static void
scroll_up(struct terminal *t, size_t start, size_t end)
{
    struct terminal_row first = t->row[start];
    memmove(t->row + start, t->row + start + 1, (end - start - 1) * sizeof first);
    t->row[end - 1] = first;
    t->row[end - 1].wrapped = false;
    blank_cells(t, end - 1, 0, t->columns);
}

static void
scroll_down(struct terminal *t, size_t start, size_t end)
{
    struct terminal_row last = t->row[end - 1];
    memmove(t->row + start + 1, t->row + start, (end - start - 1) * sizeof last);
    t->row[start] = last;
    t->row[start].wrapped = false;
    blank_cells(t, start, 0, t->columns);
}

static void
line_feed(struct terminal *t)
{
    if (t->cursor_row + 1 < t->rows) {
        t->cursor_row++;
        return;
    }
    terminal_row_text(t, 0, &t->scrolled);
    pc_bytes_append_byte(&t->scrolled, '\n');
    scroll_up(t, 0, t->rows);
}

/* ---- characters */

/* What is left of a wide character that is written over is a blank. */
static void
cut_wide(struct terminal *t, size_t column)
{
    struct terminal_cell *cells = t->row[t->cursor_row].cells;
    if (column < t->columns && cells[column].text[0] == '\0') {
        strcpy(cells[column - 1].text, " ");
        strcpy(cells[column].text, " ");
    }
}

static void
put(struct terminal *t, const char *bytes, size_t len, size_t width)
{
    if (width == 0) {
        /* A mark: it goes on the cell before. */
        size_t column = t->pending || t->cursor_column == 0 ? t->cursor_column
                                                            : t->cursor_column - 1;
        struct terminal_cell *cells = t->row[t->cursor_row].cells;
        column -= column > 0 && cells[column].text[0] == '\0';
        if (strlen(cells[column].text) + len < TERMINAL_CLUSTER) {
            strncat(cells[column].text, bytes, len);
        }
        return;
    }
    width = width < t->columns ? width : t->columns;
    if (t->pending || t->cursor_column + width > t->columns) {
        t->row[t->cursor_row].wrapped = true;
        line_feed(t);
        t->cursor_column = 0;
        t->pending = false;
    }
    cut_wide(t, t->cursor_column);
    cut_wide(t, t->cursor_column + width);
    struct terminal_cell *cells = t->row[t->cursor_row].cells + t->cursor_column;
    for (size_t i = 0; i < width; i++) {
        cells[i] = (struct terminal_cell){.style = t->style};
    }
    if (len >= TERMINAL_CLUSTER) {
        fail("a cluster that is too long", bytes, len);
    }
    memcpy(cells[0].text, bytes, len);
    t->cursor_column += width;
    if (t->cursor_column >= t->columns) {
        t->cursor_column = t->columns - 1;
        t->pending = true;
    }
}

static size_t
take_text(struct terminal *t, const char *bytes, size_t len)
{
    if (!t->single) {
        size_t end = pc_grapheme_next(bytes, len, 0);
        put(t, bytes, end, (size_t)pc_grapheme_width(bytes, end));
        return end;
    }
    uint32_t point = 0;
    size_t end = pc_utf8_decode(bytes, len, &point);
    put(t, bytes, end, (size_t)pc_grapheme_width(bytes, end));
    return end;
}

static void
take_control(struct terminal *t, char byte)
{
    switch (byte) {
    case '\r':
        t->cursor_column = 0;
        break;
    case '\n':
        line_feed(t);
        break;
    case '\b':
        t->cursor_column -= t->cursor_column > 0;
        break;
    case '\t':
        t->cursor_column = t->cursor_column / 8 * 8 + 8;
        t->cursor_column =
            t->cursor_column < t->columns ? t->cursor_column : t->columns - 1;
        break;
    case '\a':
        return;
    default:
        fail("a control character", &byte, 1);
    }
    t->pending = false;
}

/* ---- control sequences */

static size_t
at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void
insert_cells(struct terminal *t, size_t count)
{
    struct terminal_cell *cells = t->row[t->cursor_row].cells;
    count = at_most(count, t->columns - t->cursor_column);
    cut_wide(t, t->cursor_column);
    memmove(cells + t->cursor_column + count, cells + t->cursor_column,
            (t->columns - t->cursor_column - count) * sizeof *cells);
    blank_cells(t, t->cursor_row, t->cursor_column, t->cursor_column + count);
}

static void
delete_cells(struct terminal *t, size_t count)
{
    struct terminal_cell *cells = t->row[t->cursor_row].cells;
    count = at_most(count, t->columns - t->cursor_column);
    cut_wide(t, t->cursor_column);
    cut_wide(t, t->cursor_column + count);
    memmove(cells + t->cursor_column, cells + t->cursor_column + count,
            (t->columns - t->cursor_column - count) * sizeof *cells);
    blank_cells(t, t->cursor_row, t->columns - count, t->columns);
}

static void
erase_line(struct terminal *t, size_t count)
{
    if (count != 0) {
        fail("EL with a parameter", "", 0);
    }
    cut_wide(t, t->cursor_column);
    blank_cells(t, t->cursor_row, t->cursor_column, t->columns);
    t->row[t->cursor_row].wrapped = false;
}

static void
erase_display(struct terminal *t, size_t count)
{
    size_t first = count == 2 ? 0 : t->cursor_row + 1;
    if (count == 0) {
        erase_line(t, 0);
    }
    else if (count != 2) {
        fail("ED with a parameter", "", 0);
    }
    for (size_t row = first; row < t->rows; row++) {
        blank_cells(t, row, 0, t->columns);
        t->row[row].wrapped = false;
    }
}

static void
set_mode(struct terminal *t, const char *bytes, size_t len)
{
    bool on = bytes[len - 1] == 'h';
    if (len == 8 && memcmp(bytes, "\x1b[?2026", 7) == 0) {
        t->synchronized = on;
    }
    else if (len == 6 && memcmp(bytes, "\x1b[?25", 5) == 0) {
        t->hidden = !on;
    }
    else {
        fail("a mode", bytes, len);
    }
}

static void
take_csi(struct terminal *t, const char *bytes, size_t len)
{
    const char *parameters = NULL;
    size_t parameters_len = 0;
    if (pc_escape_is_sgr(bytes, len, &parameters, &parameters_len)) {
        pc_style_read_sgr(&t->style, parameters, parameters_len);
        return;
    }
    if (bytes[2] == '?') {
        set_mode(t, bytes, len);
        return;
    }
    size_t number = (size_t)strtoul(bytes + 2, NULL, 10);
    size_t count = number > 0 ? number : 1;
    switch (bytes[len - 1]) {
    case 'A':
        t->cursor_row -= at_most(count, t->cursor_row);
        break;
    case 'B':
        t->cursor_row = at_most(t->cursor_row + count, t->rows - 1);
        break;
    case 'C':
        t->cursor_column = at_most(t->cursor_column + count, t->columns - 1);
        break;
    case 'D':
        t->cursor_column -= at_most(count, t->cursor_column);
        break;
    case 'G':
        t->cursor_column = at_most(count - 1, t->columns - 1);
        break;
    case 'H':
        if (len != 3) {
            fail("CUP with parameters", bytes, len);
        }
        t->cursor_row = t->cursor_column = 0;
        break;
    case 'J':
        erase_display(t, number);
        break;
    case 'K':
        erase_line(t, number);
        break;
    case 'L':
        for (size_t i = 0; i < at_most(count, t->rows - t->cursor_row); i++) {
            scroll_down(t, t->cursor_row, t->rows);
        }
        break;
    case 'M':
        for (size_t i = 0; i < at_most(count, t->rows - t->cursor_row); i++) {
            scroll_up(t, t->cursor_row, t->rows);
        }
        break;
    case '@':
        insert_cells(t, count);
        break;
    case 'P':
        delete_cells(t, count);
        break;
    default:
        fail("a control sequence", bytes, len);
    }
    t->pending = false;
}

void
terminal_write(struct terminal *t, const char *bytes, size_t len)
{
    size_t offset = 0;
    while (offset < len) {
        const char *at = bytes + offset;
        size_t count = 1;
        if (*at == 0x1B) {
            count = pc_escape_length(at, len - offset);
            if (count < 2) {
                fail("half a control sequence", at, len - offset);
            }
            if (at[1] == '[') {
                take_csi(t, at, count);
            }
            else if (at[1] != ']') {
                fail("a control sequence", at, count);
            }
            else if (memcmp(at, "\x1b]133;", 6) == 0) {
                pc_bytes_append_byte(&t->marks, at[6]);
            }
        }
        else if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            take_control(t, *at);
        }
        else {
            count = take_text(t, at, len - offset);
        }
        offset += count;
    }
}

/* ---- size */

/* Rows of the new size, filled from the old ones; the row in which the cursor's place now
 * is goes to `ret_row`. */
static struct terminal_row *
rewrap_rows(struct terminal *t, size_t columns, size_t *ret_count, size_t *ret_row)
{
    size_t most = t->rows * (t->columns + 1);
    struct terminal_row *rows = allocate(most, sizeof *rows);
    size_t count = 0;
    size_t column = columns; /* of the last row made; full: another one is needed */
    for (size_t row = 0; row < t->rows; row++) {
        const struct terminal_row *old = &t->row[row];
        size_t used = old->wrapped ? t->columns : used_columns(old, t->columns);
        if (row == t->cursor_row && used <= t->cursor_column) {
            used = t->cursor_column + 1;
        }
        if (row == 0 || !t->row[row - 1].wrapped) {
            rows[count++] = new_row(columns);
            column = 0;
        }
        for (size_t i = 0; i < used; i++) {
            bool wide = i + 1 < t->columns && old->cells[i + 1].text[0] == '\0';
            if (column + 1 + wide > columns) {
                rows[count - 1].wrapped = true;
                rows[count++] = new_row(columns);
                column = 0;
            }
            if (row == t->cursor_row && i == t->cursor_column) {
                *ret_row = count - 1;
                t->cursor_column = column;
            }
            rows[count - 1].cells[column++] = old->cells[i];
        }
    }
    while (count > *ret_row + 1 && used_columns(&rows[count - 1], columns) == 0) {
        free(rows[--count].cells);
    }
    *ret_count = count;
    return rows;
}

static struct terminal_row *
cut_rows(struct terminal *t, size_t columns, size_t *ret_count, size_t *ret_row)
{
    struct terminal_row *rows = allocate(t->rows, sizeof *rows);
    for (size_t row = 0; row < t->rows; row++) {
        rows[row] = new_row(columns);
        for (size_t i = 0; i < t->columns && i < columns; i++) {
            rows[row].cells[i] = t->row[row].cells[i];
        }
    }
    *ret_count = t->rows;
    *ret_row = t->cursor_row;
    t->cursor_column = at_most(t->cursor_column, columns - 1);
    return rows;
}

void
terminal_resize(struct terminal *t, size_t columns, size_t rows, bool rewrap)
{
    size_t count = 0;
    size_t cursor = 0;
    struct terminal_row *made = rewrap && columns != t->columns
                                    ? rewrap_rows(t, columns, &count, &cursor)
                                    : cut_rows(t, columns, &count, &cursor);
    free_rows(t->row, t->rows);
    t->columns = columns;
    t->row = allocate(rows, sizeof *t->row);
    size_t first = cursor >= rows ? cursor + 1 - rows : 0;
    for (size_t i = 0; i < first; i++) {
        free(made[i].cells);
    }
    for (size_t i = 0; i < rows; i++) {
        t->row[i] = first + i < count ? made[first + i] : new_row(columns);
    }
    for (size_t i = first + rows; i < count; i++) {
        free(made[i].cells);
    }
    free(made);
    t->rows = rows;
    t->cursor_row = cursor - first;
    t->pending = false;
}
