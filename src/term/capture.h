/* What others in this process write to the terminal while an editor has it: threads, C
 * code, children. Their descriptors 1 and 2 are another terminal meanwhile, and what comes
 * out of that is the editor's to put above its text.
 *
 *     pc_capture_init(&capture);                 what 1 is, is kept
 *     pc_capture_begin(&capture, size);          an editor begins
 *     pc_capture_read(&capture, room, len);      when pc_capture_fd() is readable
 *     pc_capture_hold(&capture); ... _release    while the editor's thread cannot read
 *     pc_capture_end(&capture);                  1 and 2 are as they were; what was written
 *     pc_capture_read(...) until EEOF            before is read to its end
 *
 * Nobody is left waiting for room with a lock that code wants which the editor's thread is
 * to run: while it runs something, another thread reads; and at the end who is just writing
 * gets room for all that he writes. A child that was started meanwhile keeps the other
 * terminal: it is heard at the next prompt, and when there is none any more a thread passes
 * on what it writes. */
#ifndef PC_TERM_CAPTURE_H
#define PC_TERM_CAPTURE_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "term/term.h"

/* Our own cap on what is held; beyond it everything goes to the terminal as it comes. */
enum { PC_CAPTURE_HELD_MOST = 1 << 24 };

struct pc_capture {
    int kept[2]; /* what 1 and 2 are; of 2 -1 if it is not the same terminal as 1 */
    int other;   /* where what they write comes out; -1: nothing does */
    bool on;
    bool holding;
    pthread_t reader; /* while it is held, all below is the thread's */
    int stop;         /* an eventfd: the thread is to end */
    int arrived;      /* an eventfd: it has read something */
    struct pc_bytes held;
    size_t given;  /* of that, so many bytes were read by the editor */
    bool overflew; /* something went to the terminal past the editor */
};

/* Fills `capture`. 0; PYCONSOLE_ENOMEM: there are no descriptors. */
int pc_capture_init(struct pc_capture *capture);

/* Puts 1 and 2 back, too. */
void pc_capture_fini(struct pc_capture *capture);

/* The terminal itself, for who writes past the capture. */
int pc_capture_terminal(const struct pc_capture *capture);

/* Where there is no other terminal to be had, nothing is captured. */
void pc_capture_begin(struct pc_capture *capture, struct pc_term_size size);
void pc_capture_end(struct pc_capture *capture);

/* Between the two. What is written is read by a thread, and kept. Release says whether the
 * editor has to begin on a fresh line, since more was written than is kept. */
void pc_capture_hold(struct pc_capture *capture);
bool pc_capture_release(struct pc_capture *capture);

/* Readable when something was written, also while it is held; -1: never. */
int pc_capture_fd(const struct pc_capture *capture);

/* What there is: a count of bytes; 0: nothing now; after the end waits for who is writing,
 * and gives PYCONSOLE_EEOF when nobody is any more. Not while it is held. */
ssize_t pc_capture_read(struct pc_capture *capture, char *room, size_t len);

#endif
