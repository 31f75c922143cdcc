/* A worker holds out against any host: bytes and descriptors in its socket give requests
 * or the end, never a crash, and no descriptor is left over. The input is a script: what
 * comes with a chunk, its length, its bytes. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/control.h"

enum { ENDS_MOST = PC_CLONE_ENDS + 2 };

static void
require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static int
open_descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

/* Sends bytes with so many descriptors. */
static void
send_with_ends(int fd, const unsigned char *bytes, size_t len, size_t count)
{
    int ends[ENDS_MOST];
    union {
        char bytes[CMSG_SPACE(sizeof ends)];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {.iov_base = (void *)bytes, .iov_len = len};
    struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
    for (size_t i = 0; i < count; i++) {
        ends[i] = fd;
    }
    if (count > 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(count * sizeof *ends);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(count * sizeof *ends);
        memcpy(CMSG_DATA(rights), ends, count * sizeof *ends);
    }
    (void)sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* What the worker answers goes nowhere. */
static void
drain(int fd)
{
    char bytes[4096];
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {}
}

/* What is to be forked has all ends, the first one, or none; other requests have none. */
static void
require_ends(const struct pc_request *request)
{
    const char *op = pc_wire_text(request->message, "op");
    bool forks = strcmp(op, "clone") == 0 || strcmp(op, "checkpoint") == 0;
    require(forks || request->ends[0] < 0);
    require(request->ends[0] >= 0 || request->ends[1] < 0);
    for (size_t i = 1; i < PC_CLONE_ENDS; i++) {
        require((request->ends[i] < 0) == (request->ends[1] < 0));
    }
}

/* What the main thread does with its requests, without running them. */
static void
serve(struct pc_control *c)
{
    while (c->first != NULL) {
        struct pc_request *request = pc_control_next(c);
        require_ends(request);
        (void)pc_interrupt_set_current(c, pc_wire_number(request->message, "id"));
        pc_request_free(request);
        (void)pc_control_send(c, json_pack("{s:s}", "event", "done"));
    }
    require(c->waiting == 0 && c->waiting_bytes == 0);
}

/* Chunks of the script, until it ends or the worker has had enough. */
static void
run(struct pc_control *c, int host, const unsigned char *data, size_t size)
{
    while (size > 2) {
        unsigned char how = data[0];
        size_t len = data[1] < size - 2 ? data[1] : size - 2;
        send_with_ends(host, data + 2, len, how % (ENDS_MOST + 1));
        data += 2 + len;
        size -= 2 + len;
        if (len > 0 && pc_control_take(c) < 0) {
            return;
        }
        if ((how & 0x40) != 0) {
            pc_control_ask_input(c, (how & 0x20) != 0);
        }
        if ((how & 0x80) != 0) {
            serve(c);
        }
        drain(host);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char hello[] =
        "{\"op\":\"hello\",\"version\":1,\"token\":\"0123456789abcdef0123456789abcdef\"}\n";
    (void)signal(SIGINT, SIG_IGN); /* an interrupt is for this process */
    int before = open_descriptors();
    int sockets[2];
    struct pc_control control;
    json_t *message = NULL;
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
    if (size > 0 && data[0] % 8 != 0) {
        (void)!write(sockets[0], hello, sizeof hello - 1);
    }
    else {
        (void)!write(sockets[0], data, size);
        shutdown(sockets[0], SHUT_WR);
    }
    int out1 = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int out2 = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (pc_control_init(&control, sockets[1], out1, out2, &message) == 0) {
        run(&control, sockets[0], data, size);
    }
    json_decref(message);
    pc_control_abandon(&control);
    close(sockets[0]);
    require(open_descriptors() == before);
    return 0;
}
