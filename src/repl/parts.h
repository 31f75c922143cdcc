/* What the parts of the prompt have in common. A byte's way:
 *
 *     typing.c      terminal -> keys -> editor -> requests; what comes in a burst
 *     enter.c       Enter: is the text complete? then it is a block, kept and run
 *     running.c     what the session says, and its output, on the terminal
 *     prompt.c      what is on the screen while a block is edited
 *     completing.c  the menu on Tab, the signature
 *     walking.c     history: entry by entry, by prefix; suggestions
 *     searching.c   history: the list on C-r
 *     recovering.c  checkpoints, and what there is to do when the session died
 *     repl.c        joins them: begins, waits, ends
 *
 * Functions that return int give 0 or a negative status, which ends the prompt. */
#ifndef PC_REPL_PARTS_H
#define PC_REPL_PARTS_H

#include <pyconsole/session.h>
#include <stdint.h>

#include "base/bytes.h"
#include "edit/editor.h"
#include "edit/key.h"
#include "lexer/acceptor.h"
#include "repl/repl.h"
#include "term/term.h"
#include "view/view.h"

enum pc_repl_state {
    PC_REPL_STARTING, /* nothing was typed that needs the session; it is not ready */
    PC_REPL_EDITING,
    PC_REPL_ASKING,   /* is the text complete? Keys wait */
    PC_REPL_RUNNING,  /* keys go to the session's terminal */
    PC_REPL_DEAD,     /* the session has died: what next? */
    PC_REPL_ENDED,
};

struct pc_repl {
    const struct pc_repl_options *options;
    struct pc_term *term;
    struct pc_key_decoder decoder;
    struct pc_editor editor;
    struct pc_view *view;
    pyconsole_session *session;
    struct pc_bytes out; /* for the terminal: written once in each turn of the loop */
    enum pc_repl_state state;
    char *prompts[2];    /* owned: sys.ps1 and sys.ps2 */
    bool ready;          /* the session takes requests at once */
    uint64_t request;    /* that is waited for; 0: none */
    int exit_status;
};

#endif
