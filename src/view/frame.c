/* The frames of frame.h; the pen is in pen.c. */
#include "view/frame.h"

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
    *row = (struct pc_row){.cells = row->cells};
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

struct pc_row *
pc_frame_row(struct pc_frame *frame, size_t row)
{
    if (pc_frame_reach(frame, row) < 0) {
        return NULL;
    }
    if (frame->row[row].cells == NULL) {
        struct pc_cell *cells = malloc(frame->columns * sizeof *cells);
        if (cells == NULL) {
            return NULL;
        }
        frame->row[row].cells = cells;
    }
    return &frame->row[row];
}

/* ---- rows that are kept */

void
pc_frame_forget(struct pc_frame *frame)
{
    for (size_t i = 0; i < frame->rows; i++) {
        frame->row[i].source = 0;
    }
}

int
pc_frame_copy_kept(struct pc_frame *frame, const struct pc_frame *other)
{
    for (size_t i = 0; i < frame->rows; i++) {
        if (!frame->row[i].kept) {
            continue;
        }
        struct pc_row *row = pc_frame_row(frame, i);
        if (row == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        struct pc_cell *cells = row->cells;
        size_t line = row->line;
        *row = other->row[i];
        row->cells = cells;
        row->line = line;
        if (row->used > 0) {
            memcpy(cells, other->row[i].cells, row->used * sizeof *cells);
        }
    }
    return PYCONSOLE_OK;
}

void
pc_frame_take_kept(struct pc_frame *frame, struct pc_frame *other)
{
    for (size_t i = 0; i < frame->rows; i++) {
        if (frame->row[i].kept) {
            struct pc_row row = other->row[i];
            row.line = frame->row[i].line;
            other->row[i] = (struct pc_row){.cells = frame->row[i].cells};
            frame->row[i] = row;
        }
    }
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
