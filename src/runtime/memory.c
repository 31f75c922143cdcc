/* A limit on memory is for the code of a session. The worker itself may have a little more,
 * so that it can still say what happened when code has taken everything. */
#include "runtime/worker.h"

#include <sys/resource.h>
#include <unistd.h>

enum { SPARE = 1 << 24, OUT_OF_MEMORY = 1 };

int
pc_worker_limit_memory(const struct pc_worker *worker, bool for_code)
{
    uint64_t most = worker->memory;
    const struct rlimit limit = {most + (for_code ? 0 : SPARE), most + SPARE};
    return most == 0 ? 0 : setrlimit(RLIMIT_AS, &limit);
}

/* A message that is lost would leave the host waiting. */
void
pc_worker_leave_without_memory(void)
{
    static const char text[] = "pyconsole: out of memory\n";
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(OUT_OF_MEMORY);
}
