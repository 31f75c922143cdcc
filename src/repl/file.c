/* See file.h. */
#include "repl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <pyconsole/status.h>

enum { READ_ROOM = 1 << 16 };

static int
read_all(int fd, struct pc_bytes *bytes)
{
    for (;;) {
        int status = pc_bytes_reserve(bytes, READ_ROOM);
        if (status < 0) {
            return status;
        }
        ssize_t count = read(fd, bytes->data + bytes->len, READ_ROOM);
        if (count < 0 && errno != EINTR) {
            return PYCONSOLE_EINVAL;
        }
        if (count == 0) {
            return PYCONSOLE_OK;
        }
        bytes->len += count > 0 ? (size_t)count : 0;
        bytes->data[bytes->len] = '\0';
        if (bytes->len > PC_FILE_MOST) {
            return PYCONSOLE_ELIMIT;
        }
    }
}

int
pc_file_read(const char *path, struct pc_bytes *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return PYCONSOLE_EINVAL;
    }
    int status = read_all(fd, ret_bytes);
    int error = errno;
    close(fd);
    errno = error;
    return status;
}
