/* The acceptor as a shared library, for tests/python/test_acceptor.py, which calls it with
 * ctypes. An answer is one number: 0 to ask, else the reason. */
#include <stdlib.h>

#include "lexer/acceptor.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT struct pc_acceptor *acceptor_new(int version);
EXPORT void acceptor_free(struct pc_acceptor *acceptor);
EXPORT int acceptor_feed(struct pc_acceptor *acceptor, const char *text, size_t len);
EXPORT void acceptor_resume(struct pc_acceptor *acceptor);

struct pc_acceptor *
acceptor_new(int version)
{
    struct pc_acceptor *acceptor = malloc(sizeof *acceptor);
    if (acceptor != NULL) {
        pc_acceptor_init(acceptor, (enum pc_python_version)version);
    }
    return acceptor;
}

void
acceptor_free(struct pc_acceptor *acceptor)
{
    free(acceptor);
}

int
acceptor_feed(struct pc_acceptor *acceptor, const char *text, size_t len)
{
    struct pc_answer answer = pc_acceptor_feed(acceptor, text, len);
    return answer.verdict == PC_SURELY_INCOMPLETE ? (int)answer.missing : 0;
}

void
acceptor_resume(struct pc_acceptor *acceptor)
{
    pc_acceptor_resume(acceptor);
}
