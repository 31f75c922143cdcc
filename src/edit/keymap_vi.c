/* vi's keys. In insert mode the keys that are no characters do what they do in Emacs'
 * map; a key with Meta that is bound to nothing is Escape and the key without. */
#include "edit/keymap.h"

#define BIND(keys, name)                                                               \
    {                                                                                  \
        keys, PC_COMMAND_##name                                                        \
    }

/* What is the same in both modes. */
#define COMMON                                                                         \
    BIND("Up", up), BIND("Down", down), BIND("Home", beginning_of_line),               \
        BIND("Enter", accept_line), BIND("C-j", accept_line),                          \
        BIND("M-Enter", newline), BIND("S-Enter", newline), BIND("C-Enter", accept),   \
        BIND("C-x Enter", accept), BIND("Delete", delete_forward),                     \
        BIND("Insert", overwrite_mode), BIND("C-Left", backward_word),                 \
        BIND("C-Right", forward_word), BIND("C-Up", backward_paragraph),               \
        BIND("C-Down", forward_paragraph), BIND("C-Home", beginning_of_buffer),        \
        BIND("C-End", end_of_buffer), BIND("M-Up", move_line_up),                      \
        BIND("M-Down", move_line_down), BIND("M-Right", indent_lines),                 \
        BIND("M-Left", dedent_lines), BIND("PageUp", history_search_backward),         \
        BIND("PageDown", history_search_forward), BIND("C-p", previous_history),       \
        BIND("C-n", next_history), BIND("C-c", interrupt), BIND("C-z", suspend),       \
        BIND("C-l", clear_screen), BIND("F1", help), BIND("F2", show_history),         \
        BIND("F3", paste_mode), BIND("C-x C-e", edit_in_editor),                       \
        BIND("C-x C-r", re_read_init_file), BIND("C-x f", open_frame)

const struct pc_default_binding pc_keymap_vi_insert[] = {
    COMMON,
    BIND("Escape", vi_movement_mode),
    BIND("C-M-j", emacs_editing_mode),
    BIND("Left", backward_char),
    BIND("Right", forward_char),
    BIND("C-f", forward_char),
    BIND("End", end_of_line),
    BIND("C-e", end_of_line),
    BIND("C-a", beginning_of_line),
    BIND("Tab", tab),
    BIND("S-Tab", backtab),
    BIND("Backspace", backward_delete_char),
    BIND("S-Backspace", backward_delete_char),
    BIND("S-Space", self_insert),
    BIND("C-h", backward_delete_char),
    BIND("C-Backspace", backward_kill_word),
    BIND("C-Delete", kill_word),
    BIND("C-d", delete_char),
    BIND("C-w", unix_word_rubout),
    BIND("C-u", unix_line_discard),
    BIND("C-k", kill_line),
    BIND("C-y", yank),
    BIND("C-t", transpose_chars),
    BIND("C-v", quoted_insert),
    BIND("C-q", quoted_insert),
    BIND("C-r", reverse_search_history),
    BIND("C-s", forward_search_history),
    BIND("C-o", operate_and_get_next),
    BIND("C-_", undo),
    BIND("C-g", abort),
    {NULL, PC_COMMANDS},
};

const struct pc_default_binding pc_keymap_vi_command[] = {
    COMMON,
    BIND("Escape", vi_movement_mode),
    BIND("C-M-j", emacs_editing_mode),
    BIND("C-g", abort),
    BIND("C-d", delete_char),
    /* motions */
    BIND("h", vi_backward_char),
    BIND("Left", vi_backward_char),
    BIND("Backspace", vi_backward_char),
    BIND("C-h", vi_backward_char),
    BIND("l", vi_forward_char),
    BIND("Right", vi_forward_char),
    BIND("Space", vi_forward_char),
    BIND("k", up),
    BIND("-", up),
    BIND("j", down),
    BIND("+", down),
    BIND("w", vi_next_word),
    BIND("W", vi_next_bigword),
    BIND("b", vi_prev_word),
    BIND("B", vi_prev_bigword),
    BIND("e", vi_end_word),
    BIND("E", vi_end_bigword),
    BIND("0", vi_zero),
    BIND("^", back_to_indentation),
    BIND("_", back_to_indentation),
    BIND("$", vi_end_of_line),
    BIND("End", vi_end_of_line),
    BIND("|", vi_column),
    BIND("g g", vi_first_line),
    BIND("G", vi_goto_line),
    BIND("f", vi_find),
    BIND("F", vi_find_back),
    BIND("t", vi_till),
    BIND("T", vi_till_back),
    BIND(";", vi_find_again),
    BIND(",", vi_find_reverse),
    BIND("%", matching_bracket),
    BIND("{", backward_paragraph),
    BIND("}", forward_paragraph),
    /* counts */
    BIND("1", digit_argument),
    BIND("2", digit_argument),
    BIND("3", digit_argument),
    BIND("4", digit_argument),
    BIND("5", digit_argument),
    BIND("6", digit_argument),
    BIND("7", digit_argument),
    BIND("8", digit_argument),
    BIND("9", digit_argument),
    /* operators */
    BIND("d", vi_delete_to),
    BIND("c", vi_change_to),
    BIND("y", vi_yank_to),
    BIND(">", vi_indent),
    BIND("<", vi_dedent),
    /* changes */
    BIND("i", vi_insertion_mode),
    BIND("a", vi_append_mode),
    BIND("I", vi_insert_beg),
    BIND("A", vi_append_eol),
    BIND("o", vi_open_below),
    BIND("O", vi_open_above),
    BIND("R", vi_replace),
    BIND("r", vi_change_char),
    BIND("x", vi_delete),
    BIND("X", vi_rubout),
    BIND("s", vi_subst),
    BIND("S", vi_subst_line),
    BIND("C", vi_change_eol),
    BIND("D", vi_delete_eol),
    BIND("Y", vi_yank_line),
    BIND("p", vi_put),
    BIND("P", vi_put_before),
    BIND("J", vi_join),
    BIND("~", vi_change_case),
    BIND("u", undo),
    BIND("C-r", redo),
    BIND(".", vi_redo),
    BIND("#", comment_lines),
    BIND("C-k", kill_line),
    BIND("C-u", unix_line_discard),
    BIND("C-w", unix_word_rubout),
    BIND("C-y", yank),
    /* selections */
    BIND("v", vi_visual),
    BIND("V", vi_visual_line),
    BIND("U", upcase_region),
    /* the history */
    BIND("/", reverse_search_history),
    BIND("?", forward_search_history),
    BIND("n", search_again),
    BIND("N", search_reverse),
    {NULL, PC_COMMANDS},
};
