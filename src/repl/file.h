/* A file as a whole. */
#ifndef PC_REPL_FILE_H
#define PC_REPL_FILE_H

#include "base/bytes.h"

/* Our own cap, in bytes. */
enum { PC_FILE_MOST = 1 << 26 };

/* Appends what is in a file. EINVAL, with errno: it cannot be read; ELIMIT, ENOMEM. */
int pc_file_read(const char *path, struct pc_bytes *ret_bytes);

#endif
