/* Which rows of the text are shown, and their cells.
 *
 * Of a text with more rows than there are, a window is shown that moves no more than it
 * must to have the cursor in it. Nothing is known of lines that are not near the window,
 * so that a long text costs no more than a short one. */
#include "view/view_parts.h"

#include <string.h>

#include <pyconsole/status.h>

/* ---- one line */

static void
add_span(struct pc_layout_text *text, size_t line_start, size_t start, size_t end,
         enum pc_role role)
{
    size_t line_end = line_start + text->len;
    start = start > line_start ? start : line_start;
    end = end < line_end ? end : line_end;
    if (start < end) {
        text->spans[text->spans_count++] =
            (struct pc_extent){start - line_start, end - line_start, role};
    }
}

static struct pc_layout_text
text_of_line(const struct pc_view_content *content, size_t line)
{
    const struct pc_text *text = content->text;
    size_t start = text->starts[line];
    struct pc_layout_text result = {
        .bytes = text->bytes + start,
        .len = pc_text_line_end(text, line) - start,
        .role = PC_ROLE_TEXT,
        .cursor = content->cursor >= start ? content->cursor - start : PC_NOWHERE,
    };
    if (!content->final) {
        if (content->brackets[0] != content->brackets[1]) {
            for (size_t i = 0; i < 2; i++) {
                add_span(&result, start, content->brackets[i], content->brackets[i] + 1,
                         PC_ROLE_BRACKET);
            }
        }
        add_span(&result, start, content->selection_start, content->selection_end,
                 PC_ROLE_SELECTION);
    }
    return result;
}

static void
put_prompt(struct pc_view *view, const struct pc_view_content *content,
           struct pc_pen *pen, size_t line)
{
    const char *prompt = line == 0 ? content->ps1 : content->ps2;
    size_t len = line == 0 ? content->ps1_len : content->ps2_len;
    bool painted = line == 0 && pen->frame != NULL && pen->first == 0;
    if (len > 0) {
        pc_layout_prompt(pen, &view->options.theme, prompt, len,
                         painted ? &view->before : NULL);
    }
    if (painted) {
        view->text_at = (struct pc_place){pen->row, pen->column};
    }
}

/* Puts a line with its prompt. While editing, a line that ends at the edge has one more
 * row, since the cursor may go there. */
static void
put_line(struct pc_view *view, const struct pc_view_content *content,
         struct pc_pen *pen, size_t line, const uint8_t *roles,
         struct pc_place *ret_cursor)
{
    struct pc_layout_text text = text_of_line(content, line);
    text.roles = roles;
    put_prompt(view, content, pen, line);
    pc_layout_text(pen, &view->options.theme, &text, ret_cursor);
    if (!content->final) {
        pc_pen_settle(pen);
    }
    if (text.cursor == text.len) {
        *ret_cursor = (struct pc_place){pen->row, pen->column};
    }
}

/* Where a pen that only measures is after the line, and where the cursor is in it. */
static size_t
measure_line(struct pc_view *view, const struct pc_view_content *content, size_t line,
             struct pc_place *ret_cursor)
{
    struct pc_pen pen = {.columns = view->options.columns};
    put_line(view, content, &pen, line, NULL, ret_cursor);
    return pen.row + 1;
}

static size_t
rows_of_line(struct pc_view *view, const struct pc_view_content *content, size_t line)
{
    size_t rows = content->final ? 0 : pc_heights_get(&view->heights, line);
    if (rows == 0) {
        struct pc_place ignored = {0};
        rows = measure_line(view, content, line, &ignored);
        if (!content->final) {
            pc_heights_set(&view->heights, line, rows);
        }
    }
    return rows;
}

static struct pc_place
end_of_prompt(struct pc_view *view, const char *prompt, size_t len)
{
    struct pc_pen pen = {.columns = view->options.columns};
    pc_layout_prompt(&pen, &view->options.theme, prompt, len, NULL);
    return (struct pc_place){pen.row, pen.column};
}

/* What is known of the lines' rows is only right behind prompts of the same size, and the
 * rows that are shown behind the same prompt. */
static int
know_prompts(struct pc_view *view, const struct pc_view_content *content)
{
    struct pc_bytes *ps2 = &view->ps2;
    const struct pc_place starts[2] = {
        end_of_prompt(view, content->ps1, content->ps1_len),
        end_of_prompt(view, content->ps2, content->ps2_len),
    };
    pc_heights_begin(&view->heights, view->options.columns, starts);
    if (ps2->len == content->ps2_len &&
        (ps2->len == 0 || memcmp(ps2->data, content->ps2, ps2->len) == 0)) {
        return PYCONSOLE_OK;
    }
    pc_frame_forget(&view->screen.shown);
    pc_bytes_clear(ps2);
    return pc_bytes_append(ps2, content->ps2, content->ps2_len);
}

/* ---- the window */

/* How many rows there are from one place down to the other, if not more than `most`. */
static size_t
rows_between(struct pc_view *view, const struct pc_view_content *content,
             struct pc_text_row from, struct pc_text_row to, size_t most)
{
    size_t rows = to.row;
    size_t line = from.line;
    for (; line < to.line && rows <= most + from.row; line++) {
        rows += rows_of_line(view, content, line);
    }
    return rows - from.row;
}

/* How many rows there are from a place to the text's end, if not more than `most`. */
static size_t
rows_from(struct pc_view *view, const struct pc_view_content *content,
          struct pc_text_row from, size_t most)
{
    struct pc_text_row end = {.line = content->text->lines};
    return rows_between(view, content, from, end, most);
}

/* The place so many rows higher, or the first. */
static struct pc_text_row
rows_up(struct pc_view *view, const struct pc_view_content *content,
        struct pc_text_row place, size_t count)
{
    while (count > place.row && place.line > 0) {
        count -= place.row + 1;
        place.line--;
        place.row = rows_of_line(view, content, place.line) - 1;
    }
    place.row = count < place.row ? place.row - count : 0;
    return place;
}

static bool
is_before(struct pc_text_row a, struct pc_text_row b)
{
    return a.line < b.line || (a.line == b.line && a.row < b.row);
}

/* Moves the window of `rows` rows as little as possible, so that the cursor is in it and
 * no row is left empty that could show text. */
static void
place_window(struct pc_view *view, const struct pc_view_content *content, size_t rows)
{
    struct pc_place in_line = {0};
    struct pc_text_row cursor = {.line =
                                     pc_text_line_at(content->text, content->cursor)};
    measure_line(view, content, cursor.line, &in_line);
    cursor.row = in_line.row;
    struct pc_text_row top = view->top;
    if (top.line >= content->text->lines || is_before(cursor, top)) {
        top = cursor;
    }
    else if (top.row >= rows_of_line(view, content, top.line)) {
        top.row = 0;
    }
    if (rows_between(view, content, top, cursor, rows) >= rows) {
        top = rows_up(view, content, cursor, rows - 1);
    }
    size_t below = rows_from(view, content, top, rows);
    if (below < rows) {
        top = rows_up(view, content, top, rows - below);
    }
    view->top = top;
}

bool
pc_view_is_tall(struct pc_view *view, const struct pc_view_content *content)
{
    size_t rows = view->options.rows;
    return rows_from(view, content, (struct pc_text_row){0}, rows) > rows;
}

/* ---- cells */

/* The roles of a line's bytes, until the next call, with their serial number; NULL if it
 * is plain, or there is no memory. */
static const uint8_t *
roles_of_line(struct pc_view *view, const struct pc_text *text, size_t line,
              uint64_t *ret_serial, int *ret_status)
{
    if (!view->highlighted) {
        return NULL;
    }
    const uint8_t *roles = pc_highlight_line(&view->highlight, text, line, ret_serial);
    if (roles == NULL) {
        *ret_status = PYCONSOLE_ENOMEM;
    }
    return roles;
}

/* Whether a line's row says all: it has no other prompt, nothing is marked in it, nothing
 * comes behind it, and it is not asked where the cursor is. */
static bool
is_plain_line(const struct pc_view_content *content, size_t line, size_t cursor_line)
{
    return line > 0 && line + 1 < content->text->lines && line != cursor_line &&
           text_of_line(content, line).spans_count == 0;
}

/* The row that is shown where the pen is, if it is known of what it was laid out. */
static const struct pc_row *
shown_row(const struct pc_view *view, const struct pc_pen *pen)
{
    const struct pc_screen *screen = &view->screen;
    size_t row = pen->row - pen->first;
    bool known = pen->row >= pen->first && !screen->stale && row < screen->shown.rows &&
                 screen->shown.row[row].source != 0;
    return known ? &screen->shown.row[row] : NULL;
}

static void
keep_row(struct pc_pen *pen, const struct pc_row *shown, size_t line)
{
    size_t row = pen->row - pen->first;
    pen->status = pc_frame_reach(pen->frame, row);
    if (pen->status == PYCONSOLE_OK) {
        pen->frame->row[row].source = shown->source;
        pen->frame->row[row].line = line;
        pen->frame->row[row].kept = true;
    }
}

/* Says of what the row was laid out, if that is all of the line. Clusters belong to the
 * frame. */
static void
name_source(const struct pc_pen *pen, size_t row, size_t line, uint64_t source)
{
    if (row >= pen->first && pen->row == row && pen->status == PYCONSOLE_OK) {
        struct pc_row *put = pc_frame_row(pen->frame, row - pen->first);
        if (put != NULL && !put->clusters) {
            put->source = source;
            put->line = line;
        }
    }
}

/* Puts a line, or keeps its row. */
static void
put_or_keep_line(struct pc_view *view, const struct pc_view_content *content,
                 struct pc_pen *pen, size_t line, bool plain,
                 struct pc_place *ret_cursor)
{
    const struct pc_row *shown = plain ? shown_row(view, pen) : NULL;
    if (shown != NULL && shown->line == line && line < view->unchanged) {
        keep_row(pen, shown, line);
        return;
    }
    size_t row = pen->row;
    uint64_t source = 0;
    const uint8_t *roles =
        roles_of_line(view, content->text, line, &source, &pen->status);
    if (shown != NULL && shown->source == source) {
        keep_row(pen, shown, line);
        return;
    }
    put_line(view, content, pen, line, roles, ret_cursor);
    name_source(pen, row, line, plain ? source : 0);
}

/* What could follow: first in the last line, then in lines of their own. */
static void
put_suggestion(struct pc_view *view, const struct pc_view_content *content,
               struct pc_pen *pen)
{
    struct pc_layout_text text = {.role = PC_ROLE_SUGGESTION, .cursor = PC_NOWHERE};
    size_t start = 0;
    for (size_t i = 0; i <= content->suggestion_len && pen->row < pen->end; i++) {
        if (i == content->suggestion_len || content->suggestion[i] == '\n') {
            text.bytes = content->suggestion + start;
            text.len = i - start;
            if (start > 0) {
                pc_pen_end_line(pen);
                put_prompt(view, content, pen, content->text->lines);
            }
            struct pc_place ignored = {0};
            pc_layout_text(pen, &view->options.theme, &text, &ignored);
            start = i + 1;
        }
    }
}

/* Puts lines from `line` on until the pen is at its end or the text is; returns the line
 * behind the last one put. */
static size_t
put_lines(struct pc_view *view, const struct pc_view_content *content,
          struct pc_pen *pen, size_t line, struct pc_place *ret_cursor)
{
    size_t cursor_line = pc_text_line_at(content->text, content->cursor);
    for (; pen->row < pen->end && pen->status == PYCONSOLE_OK; line++) {
        struct pc_place cursor = {0};
        bool plain = is_plain_line(content, line, cursor_line);
        put_or_keep_line(view, content, pen, line, plain, &cursor);
        if (line == cursor_line) {
            *ret_cursor = cursor;
        }
        if (line + 1 == content->text->lines) {
            return line + 1;
        }
        pc_pen_end_line(pen);
    }
    return line;
}

static const char mark_prompt[] = "\x1b]133;A;redraw=0\a";

/* Empties the frame, and what belongs to it. */
static int
begin_frame(struct pc_view *view)
{
    pc_frame_clear(&view->next, view->options.columns);
    pc_bytes_clear(&view->before);
    view->text_at = (struct pc_place){PC_NOWHERE, 0};
    return pc_bytes_append_text(&view->before, view->options.marks ? mark_prompt : "");
}

int
pc_compose_lines(struct pc_view *view, const struct pc_view_content *content,
                 size_t line, size_t *ret_end)
{
    /* So many rows are begun; the last line is put whole. */
    enum { ROWS = 64 };
    struct pc_place cursor = {0};
    struct pc_pen pen = {
        .frame = &view->next,
        .columns = view->options.columns,
        .end = PC_NOWHERE,
        .status = begin_frame(view),
    };
    size_t end = line;
    while (end < content->text->lines && pen.row < ROWS && pen.status == PYCONSOLE_OK) {
        if (end > line) {
            pc_pen_end_line(&pen);
        }
        uint64_t ignored = 0;
        const uint8_t *roles =
            roles_of_line(view, content->text, end, &ignored, &pen.status);
        put_line(view, content, &pen, end, roles, &cursor);
        end++;
    }
    if (pen.status == PYCONSOLE_OK) {
        pen.status = pc_frame_reach(&view->next, pen.row);
    }
    view->next.cursor_row = pen.row;
    view->next.cursor_column = 0;
    *ret_end = end;
    return pen.status;
}

int
pc_compose_line(struct pc_view *view, const struct pc_view_content *content,
                size_t line)
{
    struct pc_place cursor = {0};
    struct pc_pen pen = {
        .frame = &view->next, .columns = PC_COLUMNS_MOST, .end = PC_NOWHERE};
    pc_frame_clear(&view->next, pen.columns);
    put_line(view, content, &pen, line, NULL, &cursor);
    view->next.cursor_row = cursor.row;
    view->next.cursor_column = cursor.column;
    return pen.status < 0 ? pen.status : pc_frame_reach(&view->next, pen.row);
}

int
pc_compose_words(struct pc_view *view, const char *words, size_t len)
{
    struct pc_layout_text text = {.bytes = words, .len = len, .cursor = PC_NOWHERE};
    struct pc_place ignored = {0};
    struct pc_pen pen = {
        .frame = &view->next, .columns = PC_COLUMNS_MOST, .end = PC_NOWHERE};
    pc_frame_clear(&view->next, pen.columns);
    pc_layout_text(&pen, &view->options.theme, &text, &ignored);
    return pen.status < 0 ? pen.status : pc_frame_reach(&view->next, pen.row);
}

int
pc_compose(struct pc_view *view, const struct pc_view_content *content)
{
    size_t screen_rows = view->options.rows;
    struct pc_text_row start = {0};
    int status = know_prompts(view, content);
    if (status < 0) {
        return status;
    }
    size_t wanted = rows_from(view, content, start, screen_rows);
    size_t least = screen_rows / 3 > 0 ? screen_rows / 3 : 1;
    least = wanted < least ? wanted : least;
    size_t chrome = pc_chrome_rows(view, content, screen_rows - least);
    size_t rows = screen_rows - chrome;
    place_window(view, content, rows);

    struct pc_place cursor = {0};
    struct pc_pen pen = {
        .frame = &view->next,
        .columns = view->options.columns,
        .first = view->top.row,
        .end = view->top.row + rows,
        .status = begin_frame(view),
    };
    size_t end = put_lines(view, content, &pen, view->top.line, &cursor);
    if (end == content->text->lines && content->suggestion_len > 0 && !content->final) {
        put_suggestion(view, content, &pen);
    }
    size_t last = pen.row < pen.end ? pen.row : pen.end - 1;
    status =
        pen.status < 0 ? pen.status : pc_frame_reach(&view->next, last - pen.first);
    view->next.cursor_row = cursor.row - pen.first;
    view->next.cursor_column = cursor.column;
    if (status < 0 || chrome == 0) {
        return status;
    }
    return pc_compose_chrome(view, content, view->next.rows, chrome);
}
