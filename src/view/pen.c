/* The pen of frame.h. */
#include "view/frame.h"

#include <pyconsole/status.h>

#include "base/utf8.h"

static const struct pc_cell blank = {.glyph = ' ', .width = 1};

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
    struct pc_row *row = pc_frame_row(pen->frame, pen->origin + pen->row - pen->first);
    if (row == NULL) {
        pen->status = PYCONSOLE_ENOMEM;
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
