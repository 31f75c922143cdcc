/* What the files of the view share. */
#ifndef PC_VIEW_VIEW_PARTS_H
#define PC_VIEW_VIEW_PARTS_H

#include "view/heights.h"
#include "view/highlight.h"
#include "view/screen.h"
#include "view/stream.h"
#include "view/view.h"

/* A row of the text: of a line, counted from its first. */
struct pc_text_row {
    size_t line;
    size_t row;
};

/* What the linear view has at hand: a part of a line, laid out in rows that are as long
 * as can be. */
struct pc_linear_part {
    size_t line;
    size_t row;
    size_t first; /* column */
};

struct pc_view {
    struct pc_view_options options;
    const struct pc_text *text; /* whose lines `highlight` knows */
    struct pc_highlight highlight;
    bool highlighted;          /* it is in use, and right */
    struct pc_bytes ps2;       /* before the rows that have a source */
    struct pc_heights heights; /* of lines that are not final */
    struct pc_text_row top;    /* the first row of the text that is shown */
    size_t menu_first;         /* the first item that is shown */
    size_t menu_page;          /* how many are */
    struct pc_frame next;
    struct pc_screen screen;
    struct pc_bytes before; /* what is sent before the prompt when it is painted */
    struct pc_place
        text_at; /* in `next`: where the prompt ends; PC_NOWHERE: not there */
    struct pc_stream stream;
    struct pc_text_change change; /* of the text, since it was shown last */
    size_t unchanged;             /* lines before this one are as they were shown */
    struct pc_linear_part part;   /* in screen.shown */
    struct pc_bytes said;         /* what the linear view said last */
    bool showing;                 /* something is shown */
    bool lost;                    /* the cursor's column is not known */
    bool full; /* the line of output ended at the edge, a newline adds nothing */
};

/* Fills `next` with the content, as much as there are rows for. */
int pc_compose(struct pc_view *view, const struct pc_view_content *content);

/* The same with some lines of the text and nothing else; returns in `ret_end` the line
 * behind the last one, so that there are not many rows. */
int pc_compose_lines(struct pc_view *view, const struct pc_view_content *content,
                     size_t line, size_t *ret_end);

/* One line with its prompt in rows of PC_COLUMNS_MOST; and one of plain words. */
int pc_compose_line(struct pc_view *view, const struct pc_view_content *content,
                    size_t line);
int pc_compose_words(struct pc_view *view, const char *words, size_t len);

/* Whether the lines of the text are more than the screen has rows. */
bool pc_view_is_tall(struct pc_view *view, const struct pc_view_content *content);

/* Rows below the text: how many are wanted, at most so many; and their cells, from a row
 * of `next` on. A message may take the cursor. */
size_t pc_chrome_rows(struct pc_view *view, const struct pc_view_content *content,
                      size_t most);
int pc_compose_chrome(struct pc_view *view, const struct pc_view_content *content,
                      size_t row, size_t rows);
const char *pc_menu_kind_text(enum pc_menu_kind kind);

/* The linear view: shows the content; goes into an empty row, with what was shown in
 * `next`; and shows that again there. */
void pc_linear_show(struct pc_view *view, const struct pc_view_content *content);
void pc_linear_leave(struct pc_view *view);
void pc_linear_show_again(struct pc_view *view);

#endif
