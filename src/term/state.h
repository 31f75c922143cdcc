/* What term.c, modes.c and signals.c share, and nobody else sees. */
#ifndef PC_TERM_STATE_H
#define PC_TERM_STATE_H

#include <signal.h>
#include <stdatomic.h>
#include <termios.h>

#include "term/term.h"

enum { PC_SIGNALS = 13 };

/* What a handler reads is atomic, or does not change while handlers are in place but by a
 * call that leaves either value right. */
struct pc_term {
    int in;
    int out;
    struct termios found; /* how the terminal was */
    atomic_bool raw;      /* set before the first change, cleared after the last */
    atomic_uint modes;    /* enum pc_term_mode: those that are on */

    atomic_uint notes; /* enum pc_term_note: said and not taken */
    int wake[2];       /* a pipe with a byte in it for each note */
    struct sigaction before[PC_SIGNALS];
    stack_t stack_before;
    void *stack; /* for a handler after the stack has overflowed */
};

/* ---- modes.c ---- */

/* Writes what turns modes on, or off in the opposite order. Async-signal-safe. False: the terminal did not take all of it. */
bool pc_modes_write(int fd, unsigned modes, bool on);

/* Puts the terminal back if it is in raw mode and ours. Async-signal-safe. */
void pc_modes_leave(struct pc_term *term);

/* ---- signals.c ---- */

/* Catches signals for this terminal; 0, PYCONSOLE_EBUSY or PYCONSOLE_ENOMEM. */
int pc_signals_catch(struct pc_term *term);
void pc_signals_release(struct pc_term *term);

/* Stops the process group, as SIGTSTP does when it is not caught. False: it is ignored. */
bool pc_signals_stop(struct pc_term *term);

#endif
