/* See frame.h. */
#include "view/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

static const struct pc_cell blank = {.glyph = ' ', .width = 1};

/* ---- frames */

static void
free_rows(struct pc_frame *frame)
{
    for (size_t i = 0; i < frame->cap; i++) {
        free(frame->row[i].cells);
    }
    free(frame->row);
    frame->row = NULL;
    frame->rows = frame->cap = 0;
}

void
pc_frame_fini(struct pc_frame *frame)
{
    free_rows(frame);
    pc_bytes_fini(&frame->clusters);
    *frame = (struct pc_frame){0};
}

static void
empty_row(struct pc_row *row)
{
    row->used = 0;
    row->wrapped = row->doubtful = row->clusters = false;
}

void
pc_frame_clear(struct pc_frame *frame, size_t columns)
{
    if (frame->columns != columns) {
        free_rows(frame);
        frame->columns = columns;
    }
    for (size_t i = 0; i < frame->rows; i++) {
        empty_row(&frame->row[i]);
    }
    frame->rows = 0;
    frame->cursor_row = frame->cursor_column = 0;
    pc_bytes_clear(&frame->clusters);
}

int
pc_frame_reach(struct pc_frame *frame, size_t row)
{
    if (row < frame->rows) {
        return PYCONSOLE_OK;
    }
    if (row >= frame->cap) {
        size_t cap = frame->cap == 0 ? 8 : 2 * frame->cap;
        cap = cap > row ? cap : row + 1;
        struct pc_row *rows = realloc(frame->row, cap * sizeof *rows);
        if (rows == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        memset(rows + frame->cap, 0, (cap - frame->cap) * sizeof *rows);
        frame->row = rows;
        frame->cap = cap;
    }
    frame->rows = row + 1;
    return PYCONSOLE_OK;
}

/* ---- cells */

const char *
pc_cell_bytes(const struct pc_frame *frame, const struct pc_cell *cell, char buffer[4],
              size_t *ret_len)
{
    if (cell->glyph & PC_GLYPH_CLUSTER) {
        const char *cluster =
            frame->clusters.data + (cell->glyph & ~(uint32_t)PC_GLYPH_CLUSTER);
        *ret_len = (unsigned char)cluster[0];
        return cluster + 1;
    }
    *ret_len = pc_utf8_encode(cell->glyph, buffer);
    return buffer;
}

bool
pc_cells_equal(const struct pc_frame *a, const struct pc_cell *cell_a,
               const struct pc_frame *b, const struct pc_cell *cell_b)
{
    if (cell_a->width != cell_b->width ||
        !pc_style_equal(cell_a->style, cell_b->style)) {
        return false;
    }
    if (!((cell_a->glyph | cell_b->glyph) & PC_GLYPH_CLUSTER)) {
        return cell_a->glyph == cell_b->glyph;
    }
    char buffers[2][PC_UTF8_MOST];
    size_t len_a = 0;
    size_t len_b = 0;
    const char *bytes_a = pc_cell_bytes(a, cell_a, buffers[0], &len_a);
    const char *bytes_b = pc_cell_bytes(b, cell_b, buffers[1], &len_b);
    return len_a == len_b && memcmp(bytes_a, bytes_b, len_a) == 0;
}

const struct pc_cell *
pc_frame_cell(const struct pc_frame *frame, size_t row, size_t column)
{
    bool used = row < frame->rows && column < frame->row[row].used;
    return used ? &frame->row[row].cells[column] : &blank;
}

/* ---- the pen */

static bool
is_writing(const struct pc_pen *pen)
{
    return pen->frame != NULL && pen->status == PYCONSOLE_OK &&
           pen->row >= pen->first && pen->row < pen->end;
}

/* The pen's row of the frame, with memory for its cells; NULL: not to be written. */
static struct pc_row *
row_to_write(struct pc_pen *pen)
{
    if (!is_writing(pen)) {
        return NULL;
    }
    size_t index = pen->origin + pen->row - pen->first;
    pen->status = pc_frame_reach(pen->frame, index);
    if (pen->status < 0) {
        return NULL;
    }
    struct pc_row *row = &pen->frame->row[index];
    if (row->cells == NULL) {
        row->cells = malloc(pen->frame->columns * sizeof *row->cells);
        if (row->cells == NULL) {
            pen->status = PYCONSOLE_ENOMEM;
            return NULL;
        }
    }
    return row;
}

static void
put_cell(struct pc_pen *pen, const struct pc_cell *cell)
{
    struct pc_row *row = row_to_write(pen);
    if (row != NULL) {
        row->cells[row->used] = *cell;
        row->cells[row->used++].style = pen->style;
        row->doubtful |= cell->doubtful;
        row->clusters |= (cell->glyph & PC_GLYPH_CLUSTER) != 0;
        if (cell->width == 2) {
            row->cells[row->used++] =
                (struct pc_cell){.glyph = ' ', .style = pen->style};
        }
    }
    pen->column += cell->width;
}

static void
wrap(struct pc_pen *pen)
{
    struct pc_row *row = row_to_write(pen);
    if (row != NULL) {
        row->wrapped = true;
    }
    pen->row++;
    pen->column = 0;
}

/* Leaves blank what is too narrow for a cluster at the right edge. */
static void
make_place(struct pc_pen *pen, size_t width)
{
    while (pen->column < pen->columns && pen->column + width > pen->columns) {
        put_cell(pen, &blank);
    }
    if (pen->column >= pen->columns) {
        wrap(pen);
    }
    pen->at_row = pen->row;
    pen->at_column = pen->column;
}

/* Code points that terminals show in different widths: punctuation and symbols that are
 * wide in East Asia, what is for private use, emoji. */
static const struct {
    uint32_t first;
    uint32_t last;
} doubtful[] = {
    {0x00AD, 0x00AD},   {0x2010, 0x2BFF},    {0xE000, 0xF8FF},
    {0x1F000, 0x1FFFF}, {0x30000, 0x10FFFF},
};

enum { DOUBTFUL = sizeof doubtful / sizeof doubtful[0], MARKS_END = 0x1100 };

static bool
is_doubtful(uint32_t point)
{
    for (size_t i = 0; i < DOUBTFUL; i++) {
        if (point >= doubtful[i].first && point <= doubtful[i].last) {
            return true;
        }
    }
    return false;
}

/* Puts a cluster of several code points among those of the frame. They agree on a letter
 * with marks, and on nothing else. */
static void
keep_cluster(struct pc_pen *pen, const char *bytes, size_t len, struct pc_cell *cell)
{
    struct pc_bytes *clusters = &pen->frame->clusters;
    size_t kept = 0;
    while (kept < len) {
        uint32_t point = 0;
        size_t count = pc_utf8_decode(bytes + kept, len - kept, &point);
        if (kept + count > PC_CLUSTER_MOST) {
            break;
        }
        cell->doubtful |= point >= MARKS_END;
        kept += count;
    }
    pen->status = pc_bytes_reserve(clusters, kept + 1);
    if (pen->status == PYCONSOLE_OK) {
        cell->glyph = PC_GLYPH_CLUSTER | (uint32_t)clusters->len;
        pc_bytes_append_byte(clusters, (char)kept);
        pc_bytes_append(clusters, bytes, kept);
    }
}

void
pc_pen_put(struct pc_pen *pen, const char *bytes, size_t len, size_t width)
{
    uint32_t point = 0;
    size_t first = pc_utf8_decode(bytes, len, &point);
    struct pc_cell cell = {.glyph = point, .width = (uint8_t)width};
    if (width > pen->columns) {
        cell = (struct pc_cell){.glyph = '?', .width = 1};
        len = first;
    }
    cell.doubtful = is_doubtful(cell.glyph);
    make_place(pen, cell.width);
    if (len > first && is_writing(pen)) {
        keep_cluster(pen, bytes, len, &cell);
    }
    put_cell(pen, &cell);
}

void
pc_pen_put_ascii(struct pc_pen *pen, const char *characters, size_t count)
{
    make_place(pen, 1);
    while (count > 0) {
        if (pen->column >= pen->columns) {
            wrap(pen);
        }
        size_t left = pen->columns - pen->column;
        size_t here = count < left ? count : left;
        struct pc_row *row = row_to_write(pen);
        for (size_t i = 0; row != NULL && i < here; i++) {
            row->cells[row->used++] = (struct pc_cell){
                .glyph = (unsigned char)characters[i], .width = 1, .style = pen->style};
        }
        pen->column += here;
        characters += here;
        count -= here;
    }
}

void
pc_pen_end_line(struct pc_pen *pen)
{
    if (is_writing(pen)) {
        pen->status = pc_frame_reach(pen->frame, pen->origin + pen->row - pen->first);
    }
    pen->row++;
    pen->column = 0;
}

void
pc_pen_settle(struct pc_pen *pen)
{
    if (pen->column >= pen->columns) {
        wrap(pen);
        if (is_writing(pen)) {
            pen->status =
                pc_frame_reach(pen->frame, pen->origin + pen->row - pen->first);
        }
    }
}
