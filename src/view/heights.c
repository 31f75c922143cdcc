#include "view/heights.h"

static bool
is_same_place(struct pc_place a, struct pc_place b)
{
    return a.row == b.row && a.column == b.column;
}

void
pc_heights_begin(struct pc_heights *heights, size_t columns,
                 const struct pc_place starts[2])
{
    if (heights->columns == columns && is_same_place(heights->starts[0], starts[0]) &&
        is_same_place(heights->starts[1], starts[1])) {
        return;
    }
    *heights = (struct pc_heights){
        .columns = columns,
        .starts = {starts[0], starts[1]},
    };
}

/* Where as many lines came as went, those behind them have kept their numbers. */
void
pc_heights_change(struct pc_heights *heights, const struct pc_text_change *change)
{
    bool moved = change->removed != change->added;
    for (size_t i = 0; i < PC_HEIGHTS; i++) {
        size_t line = heights->kept[i].line;
        if (line >= change->line && (moved || line < change->line + change->removed)) {
            heights->kept[i].rows = 0;
        }
    }
}

size_t
pc_heights_get(const struct pc_heights *heights, size_t line)
{
    size_t i = line % PC_HEIGHTS;
    return heights->kept[i].line == line ? heights->kept[i].rows : 0;
}

void
pc_heights_set(struct pc_heights *heights, size_t line, size_t rows)
{
    size_t i = line % PC_HEIGHTS;
    heights->kept[i].line = line;
    heights->kept[i].rows = rows;
}
