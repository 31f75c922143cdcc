/* A worker process as its host holds it: the process, and the three ways to it. */
#ifndef PC_SESSION_PROCESS_H
#define PC_SESSION_PROCESS_H

#include <sys/types.h>

#include <pyconsole/session.h>

#include "session/wire.h"

/* Descriptors are -1 where there is none. */
struct pc_process {
    int pid;
    int pidfd;
    int control; /* a stream socket */
    int out[2]; /* the reading ends of what it prints: 1 and 2; or the terminal's master
                    end alone */
    int exit;   /* of a clone: its parent writes the status of its end there; else -1 */
    int sender; /* of a clone: the process that sent what came last over `control` */
};

enum { PC_TERMINAL_SIZE_MOST = UINT16_MAX };

/* The other ends, as they go to the worker. With a terminal both outputs are that. */
struct pc_process_ends {
    int control;
    int out[2];
    int exit;
};

/* Makes the ways; a clone has an `exit` too. 0, or -1 with errno. */
int pc_process_connect(struct pc_process *process, struct pc_process_ends *ret_ends,
                       bool clone, bool terminal);

/* The size of the terminal, which tells its processes; 0, or -1 with errno. The terminal
 * of a clone has the size, and may have the settings, of the original's; where there is
 * none, nothing is done. */
int pc_process_resize(const struct pc_process *process, unsigned int rows,
                      unsigned int columns);
void pc_process_copy_terminal(const struct pc_process *from,
                              const struct pc_process *to, bool settings);

/* The byte that stops the worker at its terminal; -1: there is none. */
int pc_process_suspend_key(const struct pc_process *process);

/* Stops and continues the worker and its process group; 0, or -1 with errno. What is in the
 * foreground of its terminal is told to draw itself again. */
int pc_process_suspend(const struct pc_process *process);
int pc_process_resume(const struct pc_process *process);

/* Sends the bytes as send() does, with descriptors (at most 4) on the first of them. */
ssize_t pc_process_send(int control, const char *bytes, size_t len, const int *fds,
                        size_t count);

void pc_process_close_ends(struct pc_process_ends *ends);

/* Starts a Python that serves its ends, which stay the caller's. 0, or a status with
 * *ret_error filled. */
int pc_process_start(struct pc_process *process,
                     const pyconsole_session_options *options,
                     const struct pc_process_ends *ends, pyconsole_error *ret_error);

/* Reads from `control` as recv() does; of a clone it notes the sender. */
ssize_t pc_process_receive(struct pc_process *process, char *room, size_t len);

/* Takes note of the process of a clone. 0, or -1 with errno: it is gone, or it is another
 * one than the kernel says has sent that. */
int pc_process_adopt(struct pc_process *process, int pid);

/* SIGKILL, to the processes too that the worker started and left in its group. A clone
 * that is not known yet finds its host gone, and ends. */
void pc_process_kill(const struct pc_process *process);

/* Of a process that ended: its exit status, or minus the signal; -1000: not known. It is
 * reaped. */
int pc_process_status(struct pc_process *process);

/* Closes what there is; kills the process if it lives, and reaps it. */
void pc_process_fini(struct pc_process *process);

#endif
