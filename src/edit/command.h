/* The named commands: what keys are bound to. The names are those of readline, of
 * CPython's own editor (_pyrepl) where readline has none, and else of Emacs or zsh. Help,
 * man page and documentation are made from these lists (tools/keys.py); a command is added
 * here, and its function, pc_command_NAME, in one of the files command_*.c. */
#ifndef PC_EDIT_COMMAND_H
#define PC_EDIT_COMMAND_H

#include <stddef.h>

struct pc_editor;

/* X(name, text, kind, doc). A command of kind MOVE moves the cursor; one of kind MARK is
 * about the selection, or about no text at all; one of kind EDIT, and a MOVE without Shift,
 * ends a selection that Shift made. */
#define PC_COMMANDS_MOVING(X)                                                          \
    X(beginning_of_line, "beginning-of-line", MOVE, "Go to the start of the line.")    \
    X(end_of_line, "end-of-line", MOVE,                                                \
      "Go to the end of the line; at the end of the text, take the suggestion.")       \
    X(back_to_indentation, "back-to-indentation", MOVE,                                \
      "Go to the first character of the line that is no blank.")                       \
    X(forward_char, "forward-char", MOVE,                                              \
      "Go one character forward; at the end of the text, take the suggestion.")        \
    X(backward_char, "backward-char", MOVE, "Go one character back.")                  \
    X(forward_word, "forward-word", MOVE,                                              \
      "Go to the end of the word; at the end of the text, take a word of the "         \
      "suggestion.")                                                                   \
    X(backward_word, "backward-word", MOVE, "Go to the start of the word.")            \
    X(up, "up", MOVE, "Go one line up; from the first one, through the history.")      \
    X(down, "down", MOVE, "Go one line down; from the last one, through the history.") \
    X(backward_paragraph, "backward-paragraph", MOVE,                                  \
      "Go back to the blank line before the block.")                                   \
    X(forward_paragraph, "forward-paragraph", MOVE,                                    \
      "Go on to the blank line behind the block.")                                     \
    X(beginning_of_buffer, "beginning-of-buffer-or-history", MOVE,                     \
      "Go to the start of the text; from there, to the oldest entry of the history.")  \
    X(end_of_buffer, "end-of-buffer-or-history", MOVE,                                 \
      "Go to the end of the text; from there, to the newest entry of the history.")    \
    X(matching_bracket, "matching-bracket", MOVE,                                      \
      "Go to the bracket that matches the one at the cursor, or for vi the next one "  \
      "in the line.")                                                                  \
    X(character_search, "character-search", MOVE,                                      \
      "Go forward to the character that is typed next.")                               \
    X(character_search_backward, "character-search-backward", MOVE,                    \
      "Go back to the character that is typed next.")

#define PC_COMMANDS_SELECTING(X)                                                       \
    X(set_mark, "set-mark", MARK, "Begin a selection at the cursor.")                  \
    X(exchange_point_and_mark, "exchange-point-and-mark", MARK,                        \
      "Go to the other end of the selection.")                                         \
    X(mark_whole_buffer, "mark-whole-buffer", MARK, "Select the whole text.")          \
    X(copy_region_as_kill, "copy-region-as-kill", EDIT,                                \
      "Copy the selection into the kill ring.")                                        \
    X(kill_region, "kill-region", EDIT, "Cut the selection into the kill ring.")

#define PC_COMMANDS_EDITING(X)                                                         \
    X(self_insert, "self-insert", EDIT, "Insert the character typed.")                 \
    X(quoted_insert, "quoted-insert", EDIT, "Insert the next key as it is.")           \
    X(tab_insert, "tab-insert", EDIT, "Insert a tab.")                                 \
    X(newline, "newline-and-indent", EDIT, "Open a line, whatever the text is.")       \
    X(open_line, "open-line", EDIT, "Break the line behind the cursor.")               \
    X(delete_char, "delete-char", EDIT,                                                \
      "Delete the character at the cursor; with an empty text, end the session.")      \
    X(delete_forward, "delete", EDIT, "Delete the character at the cursor.")           \
    X(backward_delete_char, "backward-delete-char", EDIT,                              \
      "Delete the character before the cursor; in an indentation, one level of it.")   \
    X(delete_horizontal_space, "delete-horizontal-space", EDIT,                        \
      "Delete the blanks around the cursor.")                                          \
    X(transpose_chars, "transpose-chars", EDIT,                                        \
      "Swap the characters around the cursor.")                                        \
    X(transpose_words, "transpose-words", EDIT, "Swap the words around the cursor.")   \
    X(upcase_word, "upcase-word", EDIT, "Put the word into capitals.")                 \
    X(downcase_word, "downcase-word", EDIT, "Put the word into small letters.")        \
    X(capitalize_word, "capitalize-word", EDIT,                                        \
      "Put the word's first letter into a capital, the rest into small letters.")      \
    X(upcase_region, "upcase-region", EDIT, "Put the selection into capitals.")        \
    X(downcase_region, "downcase-region", EDIT,                                        \
      "Put the selection into small letters.")                                         \
    X(overwrite_mode, "overwrite-mode", MARK,                                          \
      "Let what is typed take the place of what is there, or no longer.")              \
    X(undo, "undo", EDIT, "Take the last change back.")                                \
    X(redo, "redo", EDIT, "Make the change again that was taken back.")

#define PC_COMMANDS_LINES(X)                                                           \
    X(indent_lines, "indent-lines", MARK,                                              \
      "Indent the line, or the lines of the selection.")                               \
    X(dedent_lines, "dedent-lines", MARK,                                              \
      "Take one level of indentation from the line, or from those of the selection.")  \
    X(move_line_up, "move-line-up", MARK,                                              \
      "Move the line, or the lines of the selection, one line up.")                    \
    X(move_line_down, "move-line-down", MARK,                                          \
      "Move the line, or the lines of the selection, one line down.")                  \
    X(comment_lines, "comment-lines", MARK,                                            \
      "Make the line, or the lines of the selection, a comment, or none.")             \
    X(join_line, "delete-indentation", EDIT, "Join the line to the one before it.")

#define PC_COMMANDS_KILLING(X)                                                          \
    X(kill_line, "kill-line", EDIT,                                                     \
      "Cut to the end of the line; with nothing but blanks there, the line's end too.") \
    X(unix_line_discard, "unix-line-discard", EDIT, "Cut to the start of the line.")    \
    X(kill_whole_line, "kill-whole-line", EDIT, "Cut the whole line.")                  \
    X(kill_word, "kill-word", EDIT, "Cut to the end of the word.")                      \
    X(backward_kill_word, "backward-kill-word", EDIT, "Cut to the start of the word.")  \
    X(unix_word_rubout, "unix-word-rubout", EDIT,                                       \
      "Cut the selection that was begun with set-mark; with none, back to a blank.")    \
    X(yank, "yank", EDIT, "Insert what was cut last.")                                  \
    X(yank_pop, "yank-pop", EDIT, "Put what was cut before in its place.")

#define PC_COMMANDS_MODES(X)                                                           \
    X(tab, "complete", MARK, "Complete the word; in an indentation, indent.")          \
    X(backtab, "complete-backward", MARK,                                              \
      "Complete, from the last candidate on; in an indentation, dedent.")              \
    X(digit_argument, "digit-argument", MARK,                                          \
      "How often the next command is to be done, or a negative count.")                \
    X(universal_argument, "universal-argument", MARK,                                  \
      "Four times as often, or what the digits that follow say.")                      \
    X(start_kbd_macro, "start-kbd-macro", MARK, "Begin to record keys.")               \
    X(end_kbd_macro, "end-kbd-macro", MARK, "End the recording.")                      \
    X(call_last_kbd_macro, "call-last-kbd-macro", EDIT, "Play the keys recorded.")     \
    X(prefix_meta, "prefix-meta", MARK, "The next key with Meta.")                     \
    X(abort, "abort", EDIT, "Drop the selection, the argument, or what was begun.")    \
    X(paste_mode, "paste-mode", MARK,                                                  \
      "Let Enter insert a plain line end only, or no longer.")                         \
    X(emacs_editing_mode, "emacs-editing-mode", MARK, "Use the keys of Emacs.")        \
    X(vi_editing_mode, "vi-editing-mode", MARK, "Use the keys of vi.")

#define PC_COMMANDS_VI(X)                                                              \
    X(vi_movement_mode, "vi-movement-mode", EDIT, "vi: to command mode.")              \
    X(vi_insertion_mode, "vi-insertion-mode", EDIT, "vi: insert before the cursor.")   \
    X(vi_append_mode, "vi-append-mode", EDIT, "vi: insert behind the cursor.")         \
    X(vi_insert_beg, "vi-insert-beg", EDIT, "vi: insert at the start of the line.")    \
    X(vi_append_eol, "vi-append-eol", EDIT, "vi: insert at the end of the line.")      \
    X(vi_open_below, "vi-open-line", EDIT, "vi: open a line below.")                   \
    X(vi_open_above, "vi-open-line-above", EDIT, "vi: open a line above.")             \
    X(vi_replace, "vi-replace", EDIT, "vi: overwrite.")                                \
    X(vi_change_char, "vi-change-char", EDIT, "vi: replace the character.")            \
    X(vi_delete_to, "vi-delete-to", MARK, "vi: delete what a motion covers.")          \
    X(vi_change_to, "vi-change-to", MARK, "vi: change what a motion covers.")          \
    X(vi_yank_to, "vi-yank-to", MARK, "vi: copy what a motion covers.")                \
    X(vi_indent, "vi-indent", MARK, "vi: indent the lines that a motion covers.")      \
    X(vi_dedent, "vi-dedent", MARK, "vi: dedent the lines that a motion covers.")      \
    X(vi_delete, "vi-delete", EDIT, "vi: delete the character.")                       \
    X(vi_rubout, "vi-rubout", EDIT, "vi: delete the character before.")                \
    X(vi_subst, "vi-subst", EDIT, "vi: change the character.")                         \
    X(vi_subst_line, "vi-subst-line", EDIT, "vi: change the line.")                    \
    X(vi_change_eol, "vi-change-eol", EDIT, "vi: change to the end of the line.")      \
    X(vi_delete_eol, "vi-delete-eol", EDIT, "vi: delete to the end of the line.")      \
    X(vi_yank_line, "vi-yank-line", EDIT, "vi: copy the line.")                        \
    X(vi_put, "vi-put", EDIT, "vi: put what was cut behind the cursor.")               \
    X(vi_put_before, "vi-put-before", EDIT, "vi: put what was cut before the cursor.") \
    X(vi_join, "vi-join", EDIT, "vi: join the next line to this one.")                 \
    X(vi_change_case, "vi-change-case", EDIT,                                          \
      "vi: a capital becomes a small letter, and the other way round.")                \
    X(vi_redo, "vi-redo", EDIT, "vi: make the last change again.")                     \
    X(vi_visual, "vi-visual-mode", MARK, "vi: select characters.")                     \
    X(vi_visual_line, "vi-visual-line-mode", MARK, "vi: select lines.")                \
    X(vi_forward_char, "vi-forward-char", MOVE, "vi: one character to the right.")     \
    X(vi_backward_char, "vi-backward-char", MOVE, "vi: one character to the left.")    \
    X(vi_next_word, "vi-next-word", MOVE, "vi: to the next word.")                     \
    X(vi_prev_word, "vi-prev-word", MOVE, "vi: to the start of the word.")             \
    X(vi_end_word, "vi-end-word", MOVE, "vi: to the end of the word.")                 \
    X(vi_next_bigword, "vi-next-bigword", MOVE, "vi: the same between blanks.")        \
    X(vi_prev_bigword, "vi-prev-bigword", MOVE, "vi: the same between blanks.")        \
    X(vi_end_bigword, "vi-end-bigword", MOVE, "vi: the same between blanks.")          \
    X(vi_zero, "vi-beginning-of-line", MOVE,                                           \
      "vi: to the start of the line, or a digit of the count.")                        \
    X(vi_end_of_line, "vi-end-of-line", MOVE, "vi: to the end of the line.")           \
    X(vi_column, "vi-column", MOVE, "vi: to the column that the count says.")          \
    X(vi_first_line, "vi-first-line", MOVE,                                            \
      "vi: to the first line, or the one that the count says.")                        \
    X(vi_goto_line, "vi-goto-line", MOVE,                                              \
      "vi: to the last line, or the one that the count says.")                         \
    X(vi_find, "vi-find-next-char", MOVE, "vi: forward to a character in the line.")   \
    X(vi_find_back, "vi-find-prev-char", MOVE, "vi: back to a character in the line.") \
    X(vi_till, "vi-find-next-char-skip", MOVE, "vi: forward to before a character.")   \
    X(vi_till_back, "vi-find-prev-char-skip", MOVE, "vi: back to behind a character.") \
    X(vi_find_again, "vi-repeat-find", MOVE, "vi: to the next such character.")        \
    X(vi_find_reverse, "vi-rev-repeat-find", MOVE,                                     \
      "vi: to such a character in the other direction.")

/* X(name, text, request, doc): commands that are the host's to carry out. */
#define PC_COMMANDS_ASKING(X)                                                          \
    X(accept_line, "accept-line", ENTER,                                               \
      "Run the text if it is complete, else open a line.")                             \
    X(accept, "accept", ACCEPT, "Run the text, whatever it is.")                       \
    X(interrupt, "interrupt", INTERRUPT, "Drop the text.")                             \
    X(possible_completions, "possible-completions", SHOW_COMPLETIONS,                  \
      "Show the candidates.")                                                          \
    X(insert_completions, "insert-completions", INSERT_COMPLETIONS,                    \
      "Insert all candidates.")                                                        \
    X(previous_history, "previous-history", HISTORY_PREVIOUS,                          \
      "The entry before in the history.")                                              \
    X(next_history, "next-history", HISTORY_NEXT, "The entry behind in the history.")  \
    X(history_search_backward, "history-search-backward", HISTORY_PREFIX_BACKWARD,     \
      "Back to an entry that begins as the text before the cursor.")                   \
    X(history_search_forward, "history-search-forward", HISTORY_PREFIX_FORWARD,        \
      "Forward to an entry that begins as the text before the cursor.")                \
    X(reverse_search_history, "reverse-search-history", SEARCH_BACKWARD,               \
      "Search back through the history.")                                              \
    X(forward_search_history, "forward-search-history", SEARCH_FORWARD,                \
      "Search forward through the history.")                                           \
    X(search_again, "search-again", SEARCH_AGAIN, "The next of what was searched.")    \
    X(search_reverse, "search-reverse", SEARCH_REVERSE,                                \
      "The next in the other direction.")                                              \
    X(yank_last_arg, "yank-last-arg", YANK_LAST_ARG,                                   \
      "Insert the last word of the entry before; again: of the one before that.")      \
    X(yank_nth_arg, "yank-nth-arg", YANK_NTH_ARG,                                      \
      "Insert the second word of the entry before, or the one that the count says.")   \
    X(revert_line, "restore-history", HISTORY_RESTORE,                                 \
      "Put the entry back as it was in the history.")                                  \
    X(operate_and_get_next, "operate-and-get-next", OPERATE_AND_GET_NEXT,              \
      "Run the entry, and bring the next one of the history.")                         \
    X(clear_screen, "clear-screen", CLEAR_SCREEN, "Clear the screen.")                 \
    X(redraw, "redraw-current-line", REDRAW, "Draw the text anew.")                    \
    X(suspend, "suspend", SUSPEND, "Stop the program until the shell resumes it.")     \
    X(help, "help", HELP, "Show help.")                                                \
    X(show_history, "show-history", SHOW_HISTORY, "Show the history in a pager.")      \
    X(edit_in_editor, "edit-and-execute-command", EDIT_IN_EDITOR,                      \
      "Edit the text in the editor that the environment names.")                       \
    X(open_frame, "open-frame", OPEN_FRAME,                                            \
      "Open the frame of the last traceback that the count says in the editor.")       \
    X(re_read_init_file, "re-read-init-file", READ_INIT_FILE,                          \
      "Read the file of key bindings again.")

#define PC_COMMANDS_ACTING(X)                                                          \
    PC_COMMANDS_MOVING(X)                                                              \
    PC_COMMANDS_SELECTING(X)                                                           \
    PC_COMMANDS_EDITING(X)                                                             \
    PC_COMMANDS_LINES(X)                                                               \
    PC_COMMANDS_KILLING(X)                                                             \
    PC_COMMANDS_MODES(X)                                                               \
    PC_COMMANDS_VI(X)

#define PC_COMMAND_MEMBER(name, ...) PC_COMMAND_##name,
enum pc_command_id {
    PC_COMMANDS_ACTING(PC_COMMAND_MEMBER) /* */
    PC_COMMANDS_ASKING(PC_COMMAND_MEMBER) /* */
    PC_COMMANDS
};
#undef PC_COMMAND_MEMBER

enum pc_command_kind {
    PC_COMMAND_MOVE,
    PC_COMMAND_MARK,
    PC_COMMAND_EDIT,
    PC_COMMAND_ASK,
};

/* Does the command `count` times, which may be negative where that has a meaning. Returns
 * an enum pc_edit_request, or a status and has then changed no text. */
typedef int pc_command_function(struct pc_editor *editor, int count);

struct pc_command {
    const char *name;
    const char *doc;
    pc_command_function *run; /* NULL for one that asks */
    enum pc_command_kind kind;
    int request; /* of one that asks */
};

#define PC_COMMAND_FUNCTION(name, ...) pc_command_function pc_command_##name;
PC_COMMANDS_ACTING(PC_COMMAND_FUNCTION)
#undef PC_COMMAND_FUNCTION

/* In static storage; NULL for a number that is none. */
const struct pc_command *pc_command_of(enum pc_command_id id);

/* The command of that name: its number, or -1. */
int pc_command_find(const char *name, size_t len);

#endif
