/* The terminal that a person sits at: its modes, its size, its bytes, its signals.
 *
 * This is the only code of the terminal front end that knows termios, ioctl and signals.
 * It knows nothing of keys or of what is drawn: bytes come in, bytes go out.
 *
 * One terminal may be open at a time, since a signal handler has no argument to find it
 * by. Whatever happens to the process, but SIGKILL, the terminal is put back as
 * it was found: by pc_term_close(), at exit(), and in the handlers of the signals that end
 * a process. The descriptors stay the caller's, and nothing is changed that other
 * processes share but the modes of the terminal: O_NONBLOCK is left as it is.
 *
 * All functions but pc_term_is_usable() are for one thread. */
#ifndef PC_TERM_TERM_H
#define PC_TERM_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pc_term;

/* What can be turned on in a terminal besides raw mode; modes.c has the sequences. What a
 * terminal does not know it passes over. */
enum pc_term_mode {
    PC_TERM_PASTE = 1 << 0, /* pasted text comes in brackets (DEC 2004) */
    PC_TERM_KEYS = 1 << 1,  /* the kitty keyboard protocol, keys that are ambiguous */
    PC_TERM_XTERM_KEYS = 1 << 2, /* the same in xterm's way, modifyOtherKeys */
    PC_TERM_FOCUS = 1 << 3,      /* reports when the window gains and loses the focus */
    PC_TERM_SCHEME = 1 << 4,     /* reports when light turns to dark (DEC 2031) */
    PC_TERM_CURSOR = 1 << 5,     /* the cursor's shape and colours may be changed */
};

/* What a signal said. */
enum pc_term_note {
    PC_TERM_RESIZED = 1 << 0,     /* SIGWINCH */
    PC_TERM_CONTINUED = 1 << 1,   /* SIGCONT: call pc_term_raw() again, and redraw */
    PC_TERM_INTERRUPTED = 1 << 2, /* SIGINT */
    PC_TERM_STOPPED = 1 << 3,     /* SIGTSTP: call pc_term_suspend() */
    PC_TERM_ENDED = 1 << 4,       /* SIGTERM: save what is to be saved, and leave */
    PC_TERM_HUNG_UP = 1 << 5,     /* SIGHUP: the same; the terminal is likely gone */
};

struct pc_term_size {
    unsigned rows;
    unsigned columns;
};

/* Can an editor work here? Both descriptors are terminals, and `name`, the value of TERM,
 * is not NULL, empty, "dumb" or "unknown". Changes nothing. */
bool pc_term_is_usable(int in_fd, int out_fd, const char *name);

/* Takes note of how the terminal is, and begins to catch signals. A signal that was
 * ignored stays ignored; a handler that was there is called after ours. 0;
 * PYCONSOLE_EINVAL: `in_fd` is no terminal; PYCONSOLE_EBUSY: one is open;
 * PYCONSOLE_ENOMEM, also when descriptors ran out. */
int pc_term_open(int in_fd, int out_fd, struct pc_term **ret_term);

/* Puts the terminal and the signals back as they were; NULL is fine. */
void pc_term_close(struct pc_term *term);

/* Raw: keys come one by one, none of them is a signal, and nothing is echoed; what is
 * written goes as it is, so that a line feed only goes down (no OPOST). `modes` are those of enum
 * pc_term_mode that are to be on when something is written; may be called again for other ones.
 * Cooked: as it was found. 0; PYCONSOLE_EEOF: the terminal is gone. */
int pc_term_raw(struct pc_term *term, unsigned modes);
int pc_term_cooked(struct pc_term *term);

/* What the kernel says; if it has no size, LINES and COLUMNS; else 24 rows of 80. */
struct pc_term_size pc_term_size(const struct pc_term *term);

/* Readable while pc_term_take_notes() has something to give. */
int pc_term_signal_fd(const struct pc_term *term);

/* Where a byte makes that readable as well; it takes no more when it is full. */
int pc_term_wake_fd(const struct pc_term *term);

/* What signals said since the last call: enum pc_term_note, or 0. A second SIGTERM or
 * SIGHUP before the first one is taken ends the process. */
unsigned pc_term_take_notes(struct pc_term *term);

/* A SIGINT that came up to now is not told of. */
void pc_term_drop_interrupt(struct pc_term *term);

/* What is there, without waiting: a count of bytes, 0 for none, or PYCONSOLE_EEOF when no
 * more will come. */
ssize_t pc_term_read(struct pc_term *term, char *room, size_t len);

/* All of it, waiting where the terminal is slow. 0; PYCONSOLE_EEOF: the terminal is gone;
 * PYCONSOLE_EINTERRUPT: it took nothing, and SIGTERM or SIGHUP came. */
int pc_term_write(struct pc_term *term, const char *bytes, size_t len);

/* With no terminal open: a signal that was noted takes its course if nobody has a handler
 * for it, or else had it when it came. */
void pc_term_take_course(int number);

/* Ctrl-Z: puts the terminal back, stops the process group as the kernel would, and when it
 * is continued takes the terminal up again in the modes that were on. Where stopping is
 * ignored nothing happens. Returns as pc_term_raw(); the screen has to be drawn again. */
int pc_term_suspend(struct pc_term *term);

/* Makes a process group the one that the terminal's keys reach and that may read from it;
 * 0: our own. 0, or PYCONSOLE_EINVAL: it is no group of this session. */
int pc_term_set_foreground(struct pc_term *term, pid_t group);

#endif
