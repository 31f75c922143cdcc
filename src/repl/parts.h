/* What the parts of the prompt have in common. In the order of a block's way:
 *
 *     begin.c       settings, key bindings, terminal, history
 *     asking.c      what the terminal is asked for, and answers
 *     typing.c      bytes from the terminal, keys or a burst, or for the session
 *     burst.c       what a program types
 *     request.c     what the editor asks for
 *     enter.c       is the text complete? then it is a block, kept in history and run
 *     running.c     what the session says, on the terminal
 *     prompt.c      what is on the screen while a block is edited
 *     completing.c  the menu on Tab, the signature
 *     walking.c     history entry by entry, and what it suggests
 *     searching.c   the list on C-r
 *     outside.c     the person's editor and pager
 *     listing.c     the history as a text
 *     checkpoints.c states of the session to go back to
 *     named.c       those that the person gives a name
 *     recovering.c  what there is to do when the session has died
 *     own.c         commands that the prompt itself serves
 *     host.c        a prompt in the process of its code: who has the terminal when
 *     repl.c        joins them: begins, waits, ends
 *
 * Functions that return int give 0 or a negative status, which ends the prompt. */
#ifndef PC_REPL_PARTS_H
#define PC_REPL_PARTS_H

#include <poll.h>
#include <pyconsole/session.h>
#include <stdint.h>

#include "base/bytes.h"
#include "edit/clean.h"
#include "edit/editor.h"
#include "edit/key.h"
#include "history/search.h"
#include "lexer/acceptor.h"
#include "repl/repl.h"
#include "repl/settings.h"
#include "term/capture.h"
#include "term/term.h"
#include "view/view.h"

/* So many ms a block may run before it gets what was typed behind it: what the session's
 * terminal has, it echoes. */
enum { PC_REPL_HAND_OVER = 200 };

/* So many ms what a block writes waits for the prompt behind it, to be one write with that: a
 * terminal that is woken three times takes longer than most blocks. */
enum { PC_REPL_HOLD = 2 };

/* Our own caps: on the setting, with the state of now, and on the states that the person
 * names. */
enum { PC_REPL_CHECKPOINTS_MOST = 100 + 1, PC_REPL_NAMED_MOST = 16 };

/* Bytes of a name, and of the beginning of a block that tells where a state is. */
enum { PC_REPL_NAME_MOST = 40, PC_REPL_BEHIND_MOST = 60 };

/* Entries that the list on C-r shows at a time. */
enum { PC_REPL_FOUND_MOST = 10 };

enum pc_repl_state {
    PC_REPL_EDITING,
    PC_REPL_ASKING,  /* is the text complete? Keys wait */
    PC_REPL_RUNNING, /* bytes go to the session's terminal */
    PC_REPL_DEAD,    /* the session has died: what next? */
    PC_REPL_ENDED,
};

/* What is waited for. */
enum pc_repl_way {
    PC_REPL_HOST,   /* it is to serve the session */
    PC_REPL_OTHERS, /* have written */
    PC_REPL_TERMINAL,
    PC_REPL_SIGNALS,
    PC_REPL_SESSION,
    PC_REPL_WAYS,
};

/* Text that is typed by a program, see burst.c. */
struct pc_repl_burst {
    bool on;
    struct pc_bytes line; /* what of one is not in the text yet */
    bool begun;           /* a part of it is */
    bool held;            /* its end waits for what follows: the line is blank */
    bool over;            /* nothing came for a moment */
    struct pc_session_text session;
    struct pc_acceptor acceptor; /* over the text up to `fed` */
    struct pc_answer answer;     /* of it */
    size_t fed;                  /* 0: nothing */
    bool newline;                /* the question is about a line that the burst ended */
};

enum { PC_REPL_EDITED_MOST = 32 }; /* Our own cap; of more, the first are forgotten. */

/* A walk through the history. */
struct pc_repl_walk {
    struct pc_history_place place;
    struct pc_bytes line;   /* what was typed before it */
    struct pc_bytes prefix; /* what entries have to begin with */
    struct pc_bytes entry;  /* what the history has there, as the editor has it */
    struct pc_bytes shown;  /* that, or what it was edited to */
    struct {
        struct pc_history_place place;
        struct pc_bytes text;
    } edited[PC_REPL_EDITED_MOST]; /* entries that were edited, and left */
    size_t edited_count;
};

/* What the session was asked about. */
struct pc_repl_asked {
    uint64_t request; /* 0: nothing */
    struct pc_bytes text;
    size_t cursor;
};

/* What becomes of candidates. */
enum pc_repl_wanted {
    PC_WANTED_BY_ITSELF, /* as one types: nothing is put in, and none is no trouble */
    PC_WANTED_SHARED,    /* Tab: what all of them share is put in */
    PC_WANTED_SHOWN,     /* M-?: nothing is put in */
    PC_WANTED_ALL,       /* M-*: all of them are put in, and none is shown */
};

struct pc_repl_menu {
    struct pc_menu_item *items; /* owned, like what the name begins */
    size_t count;               /* 0: there is no menu */
    size_t selected;            /* PC_NOWHERE: none */
    enum pc_repl_wanted wanted; /* of the candidates, when they come */
    size_t start;               /* what a candidate takes the place of */
    size_t end;
    struct pc_repl_asked asked;
};

/* The signature of the call around the cursor. */
struct pc_repl_hint {
    struct pc_bytes text;
    size_t start; /* of the current parameter in it */
    size_t end;
    int64_t due; /* when it is asked for, in ms; 0: not at all */
    struct pc_repl_asked asked;
};

/* A state of the session: so many blocks have run, the last of which begins like that. */
struct pc_repl_place {
    uint64_t blocks;
    char behind[PC_REPL_BEHIND_MOST + 1]; /* "": none has run */
};

struct pc_repl_named {
    char name[PC_REPL_NAME_MOST + 1];
    struct pc_repl_place place;
};

/* States of the session that can be gone back to. */
struct pc_repl_checkpoints {
    struct pc_repl_place now;
    struct pc_repl_place
        kept[PC_REPL_CHECKPOINTS_MOST]; /* the number of blocks rises */
    size_t count;
    struct pc_repl_named
        named[PC_REPL_NAMED_MOST]; /* in the order in which they were made */
    size_t named_count;
    uint64_t request; /* that makes one that is kept; 0: none */
    uint64_t naming;  /* that makes a named one, which `coming` is; 0: none */
    struct pc_repl_named coming;
    int64_t due;   /* when the next is made, in ms; 0: not at all */
    bool said;     /* that there can be none */
    uint64_t lost; /* blocks that ran when the session died: one or none */
};

/* The list over everything that was typed, on C-r. */
struct pc_repl_search {
    bool on;
    struct pc_bytes query;
    struct pc_history_filter filter; /* without its text */
    struct pc_history_search *found; /* owned */
    bool more;                       /* there are entries that were not looked at */
    size_t selected;
    struct pc_bytes line;    /* what was being typed before */
    size_t cursor;           /* where in it */
    struct pc_bytes message; /* the line that shows the query */
    size_t message_cursor;
    struct pc_menu_item items[PC_REPL_FOUND_MOST];
    struct pc_bytes names[PC_REPL_FOUND_MOST]; /* of the items */
    size_t first;                              /* the number of the first item shown */
    size_t shown;                              /* so many */
};

struct pc_repl {
    const struct pc_repl_options *options;
    struct pc_settings settings;
    enum pc_repl_state state;
    int exit_status;

    struct pc_term *term; /* with a host, NULL while code runs */
    int output;           /* the descriptor of the terminal */
    struct pc_capture capture;
    struct pc_theme theme;
    unsigned modes;    /* of the terminal, while a block is edited */
    const char *shape; /* the sequence that gave the cursor its own; NULL: none did */
    struct pc_view *view;
    struct pc_bytes out; /* for the terminal: written once in a turn of the loop */
    bool stale;          /* the screen is not as the editor is */
    bool wrote;          /* something, since the text was left */
    bool in_line;        /* and stopped within a line */

    pyconsole_session *session;
    bool ready;        /* it has said so */
    bool unheard;      /* it may have more to say than was taken, see running.c */
    bool leaving;      /* it was asked to end, or code asked it to exit */
    uint64_t question; /* the request whose answer says whether the text is complete */
    uint64_t running;  /* the request that runs the block; 0: none */
    struct pc_bytes error; /* the last traceback */
    char *prompts[2];      /* owned: sys.ps1 and sys.ps2 */

    struct pc_key_decoder decoder;
    struct pc_editor editor;
    enum pc_edit_request last_request;
    struct pc_bytes typed; /* bytes from the terminal that wait */
    size_t typed_start;    /* of them, those before it are done with */
    int64_t typed_at;      /* when the last came, in ms */
    int64_t hand_over_at;  /* when what was typed goes to the code that runs, in ms */
    int64_t hold_until;    /* what is written while it runs may wait so long, in ms */
    bool unruly;           /* what ran may have changed the terminal's modes */
    bool alternate;        /* what runs has turned to the terminal's other screen */
    int quick;             /* pieces that came faster than keys, in a row */
    bool pasted;           /* the last byte taken ended a paste with brackets */
    struct pc_repl_burst burst;

    struct pc_history *history;
    int64_t serial;  /* of the block that runs */
    int64_t started; /* when it was, in µs */
    int64_t tell_at; /* when the history hears how it ended, in ms; 0: it has */
    struct pc_repl_walk walk;
    struct pc_history_place yanked; /* the entry whose last argument was put in */
    struct pc_bytes following;      /* the text to begin the next prompt with */
    struct pc_bytes suggestion;
    struct pc_bytes suggested_for; /* the text that it was found for */
    size_t suggested_at;           /* after so many edits of the text */

    struct pc_repl_menu menu;
    struct pc_repl_hint hint;
    struct pc_repl_search search;
    struct pc_repl_checkpoints checkpoints;
};

/* Now: of a clock that only goes on, in ms, and of the day, in µs. */
int64_t pc_repl_clock(void);
int64_t pc_repl_time(void);

/* ---- begin.c ---- */

/* What is wrong in the person's files is appended to `errors`, a line each. PYCONSOLE_EBUSY,
 * and no terminal: the person wants no editor inside a Python. */
int pc_repl_init(struct pc_repl *repl, struct pc_bytes *errors);

/* Binds the keys of the person's inputrc. */
int pc_repl_read_inputrc(struct pc_repl *repl, struct pc_bytes *errors);

/* The colours, with the person's own styles. */
int pc_repl_make_theme(struct pc_repl *repl, enum pc_background background,
                       struct pc_bytes *errors);

/* Tells the history in which folder the session is, where the system says it. */
int pc_repl_note_folder(struct pc_repl *repl);

/* ---- asking.c ---- */

int pc_repl_ask_terminal(struct pc_repl *repl);
int pc_repl_take_reply(struct pc_repl *repl, const struct pc_key *key);

/* ---- typing.c ---- */

/* Reads what the terminal has. PYCONSOLE_EEOF: it is gone. */
int pc_repl_read(struct pc_repl *repl);

/* Reads the lines that were typed while code had the terminal, and Ctrl-D, which the terminal
 * does not give as a byte: before it is in raw mode. */
int pc_repl_read_ahead(struct pc_repl *repl);

/* Takes what was read, as far as the state lets it. */
int pc_repl_take_typed(struct pc_repl *repl);

/* Is there something that was read, and not taken? */
bool pc_repl_has_typed(const struct pc_repl *repl);

/* Takes one byte as of a key, so that what is behind an Enter stays where it is until that is
 * done. */
int pc_repl_take_byte(struct pc_repl *repl, char byte);

/* What was typed while code ran comes before all else. */
int pc_repl_put_back(struct pc_repl *repl, const char *bytes, size_t len);

/* The next moment at which something is due, in ms; -1: never. Does what is due. */
int64_t pc_repl_due(const struct pc_repl *repl);
int pc_repl_do_due(struct pc_repl *repl);

/* ---- burst.c ---- */

/* Is it text of a program: a line with its end, in one piece? */
bool pc_repl_is_program_text(const struct pc_repl *repl, const char *bytes, size_t len);

/* A piece has come from the terminal: does a burst begin, or go on? */
void pc_repl_note_pace(struct pc_repl *repl, const char *bytes, size_t len);

/* Does the next byte belong to a burst? Takes it; it may be left for when a block has run, or
 * for when it is known what follows. */
bool pc_repl_is_burst(const struct pc_repl *repl);
int pc_repl_take_burst_byte(struct pc_repl *repl, char byte);

/* The moment at which what there is of a burst is all, in ms; -1: there is none. Nothing has
 * come for `since` ms: is it that moment? */
int64_t pc_repl_burst_due(const struct pc_repl *repl);
int pc_repl_pause_burst(struct pc_repl *repl, int64_t since);

/* ---- request.c ---- */

/* Does what the editor asks for; `request` may be a status. */
int pc_repl_serve(struct pc_repl *repl, int request);

/* Stops this process, and the code that runs, until the shell continues it. */
int pc_repl_suspend(struct pc_repl *repl);

/* ---- enter.c ---- */

/* Runs the text if it is complete, else opens a line; without asking. */
int pc_repl_enter(struct pc_repl *repl);
int pc_repl_accept(struct pc_repl *repl);

/* A line of a burst has ended. Where it is known that the block goes on, nothing is asked. */
int pc_repl_enter_burst(struct pc_repl *repl, bool goes_on);

/* C-c while it is asked; the answer has come. */
int pc_repl_stop_asking(struct pc_repl *repl);
int pc_repl_answer(struct pc_repl *repl, const pyconsole_event *event);

/* ---- running.c ---- */

/* Takes what the session says, for as long as there is something. */
int pc_repl_listen(struct pc_repl *repl);

/* Notes how the block or command ended; it is written when the prompt has been on the screen
 * for a moment. */
void pc_repl_finish_entry(struct pc_repl *repl, enum pc_outcome outcome);

/* Writes that, and notes in which folder the next block will run. */
int pc_repl_tell_history(struct pc_repl *repl);

/* The terminal for code, and for the editor. */
int pc_repl_run_terminal(struct pc_repl *repl);
int pc_repl_edit_terminal(struct pc_repl *repl);

/* ---- prompt.c ---- */

/* A new prompt, below all that is on the screen. */
int pc_repl_prompt(struct pc_repl *repl);

/* After code that may have hidden the cursor or left a colour on: neither is so. */
int pc_repl_tame(struct pc_repl *repl);

/* Draws the editor as it is now, if it is not on the screen like that. */
int pc_repl_draw(struct pc_repl *repl);

/* Leaves the text on the screen as it is, with the cursor below it. */
int pc_repl_leave_text(struct pc_repl *repl);

/* Prints what the session writes; at a prompt it goes above it. */
int pc_repl_print(struct pc_repl *repl, const char *bytes, size_t len);

/* The same for a text of our own, and for a line of it. */
int pc_repl_print_text(struct pc_repl *repl, const char *text, size_t len);
int pc_repl_say(struct pc_repl *repl, const char *line);

int pc_repl_bell(struct pc_repl *repl);

/* The terminal has another size, or does not show what we think. */
int pc_repl_resize(struct pc_repl *repl);

/* ---- walking.c ---- */

int pc_repl_walk_back(struct pc_repl *repl);
int pc_repl_walk_back_by_prefix(struct pc_repl *repl);
int pc_repl_walk_on(struct pc_repl *repl);
int pc_repl_walk_to_oldest(struct pc_repl *repl);
int pc_repl_walk_to_line(struct pc_repl *repl);
int pc_repl_restore_entry(struct pc_repl *repl);
int pc_repl_yank_last_argument(struct pc_repl *repl);
int pc_repl_yank_argument(struct pc_repl *repl);
int pc_repl_operate_and_get_next(struct pc_repl *repl);
int pc_repl_begin_with_following(struct pc_repl *repl);

/* Looks for a suggestion; takes it, or its first word. */
int pc_repl_suggest(struct pc_repl *repl);
int pc_repl_take_suggestion(struct pc_repl *repl);
int pc_repl_take_suggested_word(struct pc_repl *repl);

/* ---- completing.c ---- */

int pc_repl_complete(struct pc_repl *repl);
int pc_repl_complete_backward(struct pc_repl *repl);

/* Only the menu, and all that it would have, with blanks between. */
int pc_repl_show_candidates(struct pc_repl *repl);
int pc_repl_insert_candidates(struct pc_repl *repl);
int pc_repl_take_candidates(struct pc_repl *repl, const pyconsole_event *event);

/* A key while there is a menu: was it for the menu? */
int pc_repl_menu_key(struct pc_repl *repl, const struct pc_key *key, bool *ret_taken);

/* The editor has done what a key meant: narrows the menu or closes it. */
int pc_repl_follow_menu(struct pc_repl *repl);
void pc_repl_close_menu(struct pc_repl *repl);
void pc_repl_fill_menu(const struct pc_repl *repl, struct pc_view_content *content);

/* The same for the signature; asks for it; takes it. */
void pc_repl_follow_call(struct pc_repl *repl);
int pc_repl_ask_signature(struct pc_repl *repl);
int pc_repl_take_signature(struct pc_repl *repl, const pyconsole_event *event);

/* ---- searching.c ---- */

int pc_repl_search_history(struct pc_repl *repl);
int pc_repl_search_again(struct pc_repl *repl);
int pc_repl_search_reverse(struct pc_repl *repl);

/* A key while there is the list: was it for the list? */
int pc_repl_search_key(struct pc_repl *repl, const struct pc_key *key, bool *ret_taken);

/* Are there entries to be looked at? Looks at some. */
bool pc_repl_is_searching(const struct pc_repl *repl);
int pc_repl_search_on(struct pc_repl *repl);
void pc_repl_fill_search(const struct pc_repl *repl, struct pc_view_content *content);
void pc_repl_close_search(struct pc_repl *repl);

/* ---- outside.c ---- */

/* The text in the person's editor. */
int pc_repl_edit_outside(struct pc_repl *repl);

/* The file of a frame of the last traceback there; the argument counts from its end. */
int pc_repl_open_frame(struct pc_repl *repl);

/* A text in the person's pager; the keys. */
int pc_repl_page(struct pc_repl *repl, const char *text, size_t len);
int pc_repl_show_help(struct pc_repl *repl);

/* ---- listing.c ---- */

/* The history in the pager. */
int pc_repl_show_history(struct pc_repl *repl);

/* %history, as far as it is about all sessions. */
bool pc_repl_is_about_all_sessions(const char *arguments);
int pc_repl_serve_history(struct pc_repl *repl, const char *arguments);

/* ---- checkpoints.c ---- */

/* A block is about to run. */
void pc_repl_count_block(struct pc_repl *repl, const char *text, size_t len);

/* One is to be made when the prompt has been idle for a moment; makes it. */
void pc_repl_want_checkpoint(struct pc_repl *repl);
int pc_repl_make_checkpoint(struct pc_repl *repl);
int pc_repl_take_refusal(struct pc_repl *repl, const pyconsole_event *event);

/* To before the last so many blocks, or to after the last one (0); says so, or why not. */
bool pc_repl_can_go_back(const struct pc_repl *repl, uint64_t blocks);
int pc_repl_go_back(struct pc_repl *repl, uint64_t blocks);

/* ---- named.c ---- */

/* %checkpoint and %restore. */
int pc_repl_serve_checkpoint(struct pc_repl *repl, const char *arguments);
int pc_repl_serve_restore(struct pc_repl *repl, const char *arguments);

/* It has been made, or why there can be none. */
int pc_repl_take_checkpoint(struct pc_repl *repl, const pyconsole_event *event);
int pc_repl_take_named_refusal(struct pc_repl *repl, const pyconsole_event *event);

/* Is the name of one written at the cursor? Where it begins. */
bool pc_repl_is_naming_checkpoint(const struct pc_repl *repl, size_t *ret_start);

/* To the latest of them. */
int pc_repl_restore_latest(struct pc_repl *repl);

/* ---- recovering.c ---- */

/* The session has died without being asked to; what the person says to that. */
int pc_repl_mourn(struct pc_repl *repl, const pyconsole_event *event);
int pc_repl_recover(struct pc_repl *repl, const struct pc_key *key);
/* The cursor comes back to where it was when what ends turned to the other screen. */
int pc_repl_leave_screen(struct pc_repl *repl);

/* ---- own.c ---- */

/* Is the text a command that the prompt itself serves? Serves it. */
bool pc_repl_has_own_command(const struct pc_repl *repl);
int pc_repl_serve_own_command(struct pc_repl *repl);

/* ---- host.c: with a host ---- */

/* Opens the terminal, and begins to listen to who else writes to it; gives it back. */
int pc_repl_open_shared_terminal(struct pc_repl *repl);
int pc_repl_close_shared_terminal(struct pc_repl *repl);
int pc_repl_listen_to_others(struct pc_repl *repl);

/* The session is to be served. */
int pc_repl_serve_host(struct pc_repl *repl);

/* Signals came; what the terminal notes of them. */
int pc_repl_take_host_signals(struct pc_repl *repl, unsigned notes);

/* Turns the loop of the host's windows: for a moment, or until there is something on one of
 * the ways. */
int pc_repl_turn_windows(struct pc_repl *repl, const struct pollfd *ways);

/* ---- repl.c ---- */

/* Writes what is for the terminal. */
int pc_repl_flush(struct pc_repl *repl);

int pc_repl_start_session(struct pc_repl *repl);

/* Until the session is ready it runs, if it does (*ret_runs), what comes before the first
 * prompt. */
int pc_repl_run_first_code(struct pc_repl *repl, bool *ret_runs);

#endif
