/* Any edits of any bytes, output and sizes, and after each the terminal shows what the
 * view has noted. Input: one byte for what to do, some for how much, and for an edit or
 * output the bytes themselves, up to the next 0xFF. The first two bytes are the size, the
 * third the kind of terminal and view. */
#include <stdlib.h>
#include <string.h>

#include "../tools/terminal.h"
#include "view/view_parts.h"

enum { TEXT_MOST = 4000, STEPS_MOST = 200 };

struct scene {
    const unsigned char *data;
    size_t left;
    struct terminal terminal;
    struct pc_view_options options;
    struct pc_view *view;
    struct pc_text text;
    struct pc_view_content content;
    struct pc_bytes out;
};

static void
demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static size_t
take(struct scene *s)
{
    if (s->left == 0) {
        return 0;
    }
    s->left--;
    return *s->data++;
}

static const char *
take_bytes(struct scene *s, size_t *ret_len)
{
    const unsigned char *end = s->left > 0 ? memchr(s->data, 0xFF, s->left) : NULL;
    const char *bytes = (const char *)s->data;
    *ret_len = end == NULL ? s->left : (size_t)(end - s->data);
    size_t used = *ret_len + (end != NULL);
    s->data += used;
    s->left -= used;
    return bytes;
}

static void
check_row(const struct scene *s, const struct pc_frame *frame, size_t row,
          const struct terminal_row *shown)
{
    for (size_t i = 0; i < s->terminal.columns; i++) {
        const struct pc_cell *cell = pc_frame_cell(frame, row, i);
        char buffer[4];
        size_t len = 0;
        const char *bytes =
            cell->width == 0 ? "" : pc_cell_bytes(frame, cell, buffer, &len);
        demand(strlen(shown->cells[i].text) == len);
        demand(memcmp(shown->cells[i].text, bytes, len) == 0);
        demand(pc_style_equal(shown->cells[i].style, cell->style));
    }
}

static void
render(struct scene *s)
{
    demand(pc_view_render(s->view, &s->content, &s->out) == 0);
    terminal_write(&s->terminal, s->out.data, s->out.len);
    pc_bytes_clear(&s->out);
    const struct pc_frame *frame = &s->view->screen.shown;
    if (s->options.linear || s->content.final) {
        return;
    }
    demand(frame->cursor_row <= s->terminal.cursor_row);
    demand(frame->cursor_column == s->terminal.cursor_column);
    size_t top = s->terminal.cursor_row - frame->cursor_row;
    for (size_t row = 0; top + row < s->terminal.rows; row++) {
        check_row(s, frame, row, &s->terminal.row[top + row]);
    }
}

static size_t
edge(const struct scene *s, size_t offset)
{
    offset = offset < s->text.len ? offset : s->text.len;
    return pc_text_previous(&s->text, pc_text_next(&s->text, offset));
}

static void
edit(struct scene *s)
{
    size_t len = 0;
    size_t removed = take(s) % 16;
    size_t start = edge(s, s->content.cursor);
    size_t end = start + removed < s->text.len ? start + removed : s->text.len;
    const char *bytes = take_bytes(s, &len);
    if (s->text.len + len <= TEXT_MOST) {
        demand(pc_text_replace(&s->text, start, end, bytes, len) == 0);
        s->content.cursor = start + len;
    }
}

/* Output without control sequences: what those do is the program's affair. */
static void
print(struct scene *s)
{
    size_t len = 0;
    char output[64];
    const char *bytes = take_bytes(s, &len);
    len = len < sizeof output ? len : sizeof output;
    for (size_t i = 0; i < len; i++) {
        bool control = (unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7F;
        output[i] = (char)(control ? '\n' : bytes[i]);
    }
    demand(pc_view_above(s->view, output, len, &s->out) == 0);
}

static void
resize(struct scene *s)
{
    size_t columns = 1 + take(s) % 60;
    size_t rows = 1 + take(s) % 20;
    terminal_resize(&s->terminal, columns, rows, s->options.rewraps);
    pc_view_resize(s->view, columns, rows);
}

static void
decorate(struct scene *s)
{
    static const struct pc_menu_item items[] = {
        {"append", PC_MENU_METHOD, "(x)", "Append."},
        {"\xE6\xBC\xA2", PC_MENU_CLASS, NULL, "wide\nand more"},
        {"c", PC_MENU_OTHER, "int", NULL},
    };
    size_t what = take(s);
    s->content.selection_start = what & 1 ? take(s) : 0;
    s->content.selection_end = what & 1 ? take(s) : 0;
    s->content.suggestion = "sug\ngestion";
    s->content.suggestion_len = what & 2 ? 11 : 0;
    s->content.hint = (struct pc_view_hint){"f(a, b)", what & 4 ? 7 : 0, 2, 3};
    s->content.message =
        (struct pc_view_message){"message", what & 8 ? 7 : 0, what & 16, take(s) % 8};
    s->content.menu = (struct pc_view_menu){items, what & 32 ? 3 : 0, take(s) % 3};
}

static void
step(struct scene *s)
{
    switch (take(s) % 8) {
    case 0:
        s->content.cursor = edge(s, take(s) * 16);
        break;
    case 1:
        print(s);
        break;
    case 2:
        resize(s);
        break;
    case 3:
        decorate(s);
        break;
    case 4:
        s->content.final = true;
        render(s);
        s->content.final = false;
        break;
    default:
        edit(s);
        break;
    }
    render(s);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct scene s = {.data = data, .left = size};
    s.options.columns = 1 + take(&s) % 90;
    s.options.rows = 1 + take(&s) % 30;
    size_t kind = take(&s);
    s.options.rewraps = kind & 1;
    s.options.linear = kind & 2;
    s.options.marks = kind & 4;
    s.options.commands = !s.options.marks;
    s.options.version = PC_PYTHON_3_11 + (kind >> 3) % 5;
    pc_theme_init(&s.options.theme, PC_COLORS_256, PC_BACKGROUND_LIGHT);
    terminal_init(&s.terminal, s.options.columns, s.options.rows);
    demand(pc_text_init(&s.text) == 0 && pc_view_new(&s.options, &s.view) == 0);
    s.content = (struct pc_view_content){.text = &s.text,
                                         .ps1 = "\x1b[1m>\x1b[m ",
                                         .ps1_len = 9,
                                         .ps2 = ". ",
                                         .ps2_len = 2};
    for (size_t i = 0; i < STEPS_MOST && s.left > 0; i++) {
        step(&s);
    }
    pc_view_free(s.view);
    pc_text_fini(&s.text);
    terminal_fini(&s.terminal);
    pc_bytes_fini(&s.out);
    return 0;
}
