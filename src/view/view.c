/* See view.h. What is shown is a frame that compose.c and chrome.c fill; screen.c and
 * screen_diff.c bring it onto the terminal. */
#include "view/view_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

/* Lines of a taller text that are printed when it is accepted. */
enum { FINAL_LINES_MOST = 10000 };

static size_t
clamp(size_t size, size_t instead, size_t most)
{
    size = size == 0 ? instead : size;
    return size < most ? size : most;
}

void
pc_view_resize(struct pc_view *view, size_t columns, size_t rows)
{
    columns = clamp(columns, 80, PC_COLUMNS_MOST);
    view->options.rows = clamp(rows, 24, PC_ROWS_MOST);
    view->options.columns = columns;
    pc_screen_resize(&view->screen, columns, view->options.rewraps);
}

void
pc_view_set_theme(struct pc_view *view, const struct pc_theme *theme)
{
    static const struct pc_theme none = {.colors = PC_COLORS_NONE};
    view->options.theme = view->options.linear ? none : *theme;
    pc_frame_forget(&view->screen.shown);
}

int
pc_view_new(const struct pc_view_options *options, struct pc_view **ret_view)
{
    struct pc_view *view = calloc(1, sizeof *view);
    if (view == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    view->options = *options;
    view->options.columns = clamp(options->columns, 80, PC_COLUMNS_MOST);
    view->options.rows = clamp(options->rows, 24, PC_ROWS_MOST);
    view->options.marks &= !options->linear;
    view->options.synchronized &= !options->linear;
    view->menu_page = 1;
    pc_view_set_theme(view, &options->theme);
    pc_screen_reset(&view->screen, view->options.columns);
    *ret_view = view;
    return PYCONSOLE_OK;
}

void
pc_view_free(struct pc_view *view)
{
    if (view == NULL) {
        return;
    }
    pc_highlight_fini(&view->highlight);
    pc_bytes_fini(&view->ps2);
    pc_frame_fini(&view->next);
    pc_screen_fini(&view->screen);
    pc_bytes_fini(&view->before);
    pc_stream_fini(&view->stream);
    pc_bytes_fini(&view->said);
    free(view);
}

size_t
pc_view_menu_page(const struct pc_view *view)
{
    return view->menu_page;
}

/* ---- following the text */

/* Begins anew with a text that is not known. */
static int
know_text(struct pc_view *view, const struct pc_text *text)
{
    struct pc_text_change all = {.removed = 1, .added = text->lines};
    pc_highlight_fini(&view->highlight);
    pc_frame_forget(&view->screen.shown);
    view->highlighted = false;
    view->text = NULL;
    int status = pc_highlight_init(&view->highlight, view->options.version,
                                   view->options.commands);
    if (status == PYCONSOLE_OK) {
        status = pc_highlight_change(&view->highlight, &all, text->lines);
    }
    if (status == PYCONSOLE_OK) {
        view->text = text;
        view->highlighted = true;
    }
    return status;
}

static int
follow_text(struct pc_view *view, struct pc_text *text)
{
    struct pc_text_change change = pc_text_take_change(text);
    bool known = view->text == text;
    if (change.removed > 0 && change.line + change.removed <= view->top.line) {
        view->top.line = view->top.line - change.removed + change.added;
    }
    view->change = change;
    view->unchanged =
        change.removed == 0 && change.added == 0 ? PC_NOWHERE : change.line;
    pc_heights_change(&view->heights, &change);
    if (view->options.plain || view->options.linear) {
        return PYCONSOLE_OK;
    }
    if (known && view->highlight.lines - change.removed == text->lines - change.added &&
        pc_highlight_change(&view->highlight, &change, text->lines) == PYCONSOLE_OK) {
        return PYCONSOLE_OK;
    }
    return know_text(view, text);
}

/* ---- drawing */

static void
send_text(struct pc_view *view, const char *text)
{
    pc_screen_send(&view->screen, text, strlen(text));
}

/* The cursor goes into the first column: behind the last line of output, or wherever it
 * may be, when a row of blanks takes it there. */
static void
begin_row(struct pc_view *view)
{
    if (view->lost) { /* no less than a row: behind one character it wraps, too */
        for (size_t i = 0; i < view->options.columns; i++) {
            send_text(view, " ");
        }
        send_text(view, "\r");
    }
    else if (view->stream.begun || view->stream.unknown) {
        send_text(view, "\r\n");
    }
}

static const char mark_text[] = "\x1b]133;B\a";
static const char mark_output[] = "\x1b]133;C\a";

static void
show_next(struct pc_view *view)
{
    bool marked = view->text_at.row != PC_NOWHERE;
    struct pc_screen_marks marks = {
        .before = pc_bytes_text(&view->before),
        .before_len = marked ? view->before.len : 0,
        .after = mark_text,
        .after_len = view->options.marks ? sizeof mark_text - 1 : 0,
        .row = view->text_at.row,
        .column = view->text_at.column,
    };
    pc_screen_show(&view->screen, &view->next, &marks);
}

/* A text that the screen can't hold is printed from its first line on, so that all of it
 * is above, to be scrolled back to. */
static void
show_whole_text(struct pc_view *view, const struct pc_view_content *content)
{
    size_t lines = content->text->lines;
    size_t line = lines > FINAL_LINES_MOST ? lines - FINAL_LINES_MOST : 0;
    pc_screen_erase(&view->screen);
    while (line < lines && view->screen.status == PYCONSOLE_OK) {
        int status = pc_compose_lines(view, content, line, &line);
        if (status < 0) {
            view->screen.status = status;
            return;
        }
        show_next(view);
        pc_screen_leave(&view->screen);
    }
}

static void
draw_content(struct pc_view *view, const struct pc_view_content *content)
{
    if (!view->showing) {
        begin_row(view);
    }
    if (view->options.linear) {
        pc_linear_show(view, content);
    }
    else if (content->final && pc_view_is_tall(view, content)) {
        show_whole_text(view, content);
    }
    else {
        int status = pc_compose(view, content);
        if (status < 0) {
            view->screen.status = status;
            return;
        }
        show_next(view);
        if (content->final) {
            pc_screen_leave(&view->screen);
        }
    }
    if (content->final && view->options.marks) {
        send_text(view, mark_output);
    }
}

/* Takes what is shown off the screen, into `next`, and puts it back into a fresh row. */
static void
take_off(struct pc_view *view)
{
    if (view->options.linear) {
        pc_linear_leave(view);
    }
    else {
        pc_screen_hide(&view->screen, &view->next);
    }
}

static void
put_back(struct pc_view *view)
{
    if (view->options.linear) {
        pc_linear_show_again(view);
        return;
    }
    pc_screen_reset(&view->screen, view->options.columns);
    show_next(view);
}

static int
end_drawing(struct pc_view *view, struct pc_bytes *bytes)
{
    return pc_screen_end(&view->screen, view->options.synchronized, bytes);
}

/* The line of output is over, wherever it ended. */
static void
end_line(struct pc_stream *stream)
{
    stream->column = 0;
    stream->begun = stream->unknown = false;
}

static void
end_output(struct pc_view *view)
{
    end_line(&view->stream);
    view->full = false;
}

int
pc_view_render(struct pc_view *view, const struct pc_view_content *content,
               struct pc_bytes *bytes)
{
    struct pc_view_content shown = *content;
    shown.cursor = shown.cursor < shown.text->len ? shown.cursor : shown.text->len;
    int status = follow_text(view, shown.text);
    if (status < 0) {
        return status;
    }
    pc_screen_begin(&view->screen);
    draw_content(view, &shown);
    status = end_drawing(view, bytes);
    if (status < 0) {
        return status;
    }
    view->lost = false;
    view->showing = !shown.final;
    if (shown.final) {
        view->top = (struct pc_text_row){0};
        end_output(view);
    }
    return PYCONSOLE_OK;
}

/* ---- output */

bool
pc_view_is_in_line(const struct pc_view *view)
{
    const struct pc_stream *stream = &view->stream;
    return stream->begun && !stream->unknown && !view->options.linear &&
           view->next.rows < view->options.rows;
}

/* Goes back behind the line of output that has no end yet, which is right above the
 * area, if it is still on the screen. */
static void
go_to_output(struct pc_view *view, struct pc_stream *stream)
{
    if (!pc_view_is_in_line(view)) {
        end_line(stream);
        return;
    }
    send_text(view, "\x1b[A");
    if (stream->column > 0) {
        char move[32];
        int len = snprintf(move, sizeof move, "\x1b[%zuC", stream->column);
        pc_screen_send(&view->screen, move, (size_t)len);
    }
}

static void
pass_output(struct pc_view *view, struct pc_stream *stream, const char *output,
            size_t len)
{
    struct pc_screen *screen = &view->screen;
    if (view->full && len > 0) {
        size_t skip = output[0] == '\r' && len > 1 ? 1 : 0;
        skip = output[skip] == '\n' ? skip + 1 : 0;
        output += skip;
        len -= skip;
    }
    pc_screen_set_style(screen, stream->style);
    int status =
        pc_stream_pass(stream, view->options.columns, output, len, &screen->out);
    if (status < 0) {
        screen->status = status;
        return;
    }
    screen->at.style = stream->style;
    pc_screen_set_style(screen, (struct pc_style){0});
}

/* What was shown is shown again, in a row of its own. */
static void
show_again(struct pc_view *view, struct pc_stream *stream, bool *ret_full)
{
    *ret_full = stream->column == view->options.columns;
    if (stream->begun || stream->unknown) {
        send_text(view, "\r\n");
    }
    if (*ret_full) {
        end_line(stream);
    }
    put_back(view);
}

int
pc_view_above(struct pc_view *view, const char *output, size_t len,
              struct pc_bytes *bytes)
{
    struct pc_stream stream = {0};
    bool full = false;
    int status = pc_stream_copy(&view->stream, &stream);
    if (status < 0) {
        return status;
    }
    pc_screen_begin(&view->screen);
    if (view->showing) {
        take_off(view);
        go_to_output(view, &stream);
    }
    pass_output(view, &stream, output, len);
    if (view->showing) {
        show_again(view, &stream, &full);
    }
    status = end_drawing(view, bytes);
    if (status < 0) {
        pc_stream_fini(&stream);
        return status;
    }
    pc_stream_fini(&view->stream);
    view->stream = stream;
    view->full = full;
    return PYCONSOLE_OK;
}

/* ---- the rest */

int
pc_view_hide(struct pc_view *view, struct pc_bytes *bytes)
{
    if (!view->showing) {
        return PYCONSOLE_OK;
    }
    pc_screen_begin(&view->screen);
    take_off(view);
    int status = end_drawing(view, bytes);
    if (status == PYCONSOLE_OK) {
        view->showing = false;
        end_output(view);
    }
    return status;
}

int
pc_view_clear_screen(struct pc_view *view, struct pc_bytes *bytes)
{
    pc_screen_begin(&view->screen);
    if (view->showing) {
        take_off(view);
    }
    send_text(view, view->options.linear ? "" : "\x1b[H\x1b[2J");
    if (view->showing) {
        put_back(view);
    }
    int status = end_drawing(view, bytes);
    if (status == PYCONSOLE_OK) {
        end_output(view);
    }
    return status;
}

int
pc_view_done(struct pc_view *view, bool failed, struct pc_bytes *bytes)
{
    if (!view->options.marks) {
        return PYCONSOLE_OK;
    }
    return pc_bytes_append_text(bytes, failed ? "\x1b]133;D;1\a" : "\x1b]133;D;0\a");
}

void
pc_view_reset(struct pc_view *view)
{
    pc_screen_reset(&view->screen, view->options.columns);
    view->showing = view->lost = false;
    view->top = (struct pc_text_row){0};
    end_output(view);
    view->stream.style = (struct pc_style){0};
    pc_bytes_clear(&view->stream.held);
}

void
pc_view_lost(struct pc_view *view)
{
    pc_view_reset(view);
    view->lost = true;
}
