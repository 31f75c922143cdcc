/* What term.c, modes.c and signals.c share, and nobody else sees. */
#ifndef PC_TERM_STATE_H
#define PC_TERM_STATE_H

#include <signal.h>
#include <stdatomic.h>
#include <termios.h>

#include "term/term.h"

enum {
    PC_SIGNALS = 13,
    PC_MODES_MOST = 128, /* bytes; all modes off and on take less */
    /* Ours stay out of the way of what code expects of 3 and so on, and of 0 to 2, which
     * it may have closed. */
    PC_TERM_LOWEST_FD = 10,
};

/* What a handler reads is atomic, or does not change while handlers are in place but by a
 * call that leaves either value right. */
struct pc_term {
    int in;
    int out;
    int own_out;          /* the same terminal, opened for what is written; or `out` */
    struct termios found; /* how the terminal was */
    atomic_bool raw;      /* set before the first change, cleared after the last */
    atomic_uint modes;    /* enum pc_term_mode: those that are on */
    unsigned wanted;      /* those that are to be, from the next bytes on */

    pid_t owner;       /* the process that opened it */
    atomic_uint notes; /* enum pc_term_note: said and not taken */
    int wake[2];       /* a pipe with a byte in it for each note */
    struct sigaction before[PC_SIGNALS];
    stack_t stack_before;
    void *stack; /* for a handler after the stack has overflowed */
};

/* ---- term.c ---- */

/* The descriptor under a number that is not among the lowest; it is closed. -1: there is
 * none, or `fd` is -1. */
int pc_term_move_up(int fd);

/* ---- modes.c ---- */

/* Both async-signal-safe. What turns modes off and on, in opposite orders: its length. */
size_t pc_modes_change(unsigned before, unsigned after, char room[PC_MODES_MOST]);

/* Turns off what is on. False: the terminal did not take all of it. */
bool pc_modes_turn_off(struct pc_term *term);

/* Puts the terminal back if it is in raw mode and ours. Async-signal-safe. */
void pc_modes_leave(struct pc_term *term);

/* ---- signals.c ---- */

/* Catches signals for this terminal; 0, PYCONSOLE_EBUSY or PYCONSOLE_ENOMEM. */
int pc_signals_catch(struct pc_term *term);
void pc_signals_release(struct pc_term *term);

/* Stops the process group, as SIGTSTP does when it is not caught. False: it is ignored. */
bool pc_signals_stop(struct pc_term *term);

#endif
