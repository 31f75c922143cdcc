/* A worker that is to be cloned imports first what its clones are to have: the modules that
 * the host named, and those that requests need. Then nothing of all that is touched by the
 * garbage collector, whose marks would have the clones copy it. */
#include "runtime/worker.h"

/* The exception in flight, as an event. */
static void
send_failure(struct pc_worker *worker)
{
    pc_auto_py PyObject *exception = pc_exception_take();
    if (exception == NULL) {
        Py_UNREACHABLE();
    }
    pc_auto_py PyObject *traceback = PyImport_ImportModule("traceback");
    pc_auto_py PyObject *lines =
        traceback == NULL
            ? NULL
            : PyObject_CallMethod(traceback, "format_exception", "O", exception);
    pc_auto_py PyObject *empty = PyUnicode_FromString("");
    pc_auto_py PyObject *text =
        lines == NULL || empty == NULL ? NULL : PyUnicode_Join(empty, lines);
    pc_auto_py PyObject *detail = PyObject_Str(exception);
    PyErr_Clear();
    json_t *message = json_pack("{s:s, s:s, s:s, s:s}", "event", "error", "text", "",
                                "name", Py_TYPE(exception)->tp_name, "detail", "");
    if (text != NULL) {
        json_object_set_new(message, "text", pc_worker_text(text));
    }
    if (detail != NULL) {
        json_object_set_new(message, "detail", pc_worker_text(detail));
    }
    PyErr_Clear();
    (void)pc_worker_send(worker, message);
}

static void
import(struct pc_worker *worker, const char *name)
{
    pc_auto_py PyObject *module = PyImport_ImportModule(name);
    if (module == NULL) {
        send_failure(worker);
    }
}

/* ---- room for what clones allocate ---- */

enum {
    SMALLEST = 24, /* bytes, of what malloc() rounds up to its steps of 16 */
    LARGEST = 1032,
    STEP = 16,
    SIDE_BY_SIDE = 1024,    /* bytes of one size in a row: no hole is left for it */
    FILLING_MOST = 1 << 20, /* bytes in all */
};

struct filling {
    struct filling *before;
};

static void
keep(struct filling *block, struct filling **filling)
{
    block->before = *filling;
    *filling = block;
}

/* Allocates blocks of one size until they come side by side. Returns the bytes taken. */
static size_t
fill_holes_of(size_t size, struct filling **filling, size_t most)
{
    size_t taken = 0;
    size_t row = 0;
    while (row < SIDE_BY_SIDE && taken < most) {
        struct filling *block = malloc(size);
        if (block == NULL) {
            break;
        }
        uintptr_t distance = (uintptr_t)block - (uintptr_t)*filling;
        row = distance <= size + STEP ? row + size : 0;
        keep(block, filling);
        taken += size;
    }
    return taken;
}

/* After much was imported the C heap is full of holes, and a clone that puts something into
 * one has to copy the page around it. So they are filled here, for good, and what clones
 * allocate comes side by side. */
static void
fill_holes(struct filling **filling)
{
    size_t taken = 0;
    for (size_t size = SMALLEST; size <= LARGEST && taken < FILLING_MOST;
         size += STEP) {
        taken += fill_holes_of(size, filling, FILLING_MOST - taken);
    }
}

/* Python's own allocator has pools of one size each (Objects/obmalloc.c), and what is put
 * into an old pool changes two pages: that of the pool's head and its own. So old pools are
 * filled, and what clones allocate begins behind the head of a new one. */
enum {
    POOL_SIZE = 1 << 14,
    POOL_HEAD = 48, /* bytes before the first block */
    POOL_LARGEST = 512,
    POOLS_MOST = 1 << 16, /* bytes for one size */
};

static bool
begins_pool(const void *block)
{
    return (uintptr_t)block % POOL_SIZE == POOL_HEAD;
}

static void
fill_pools(struct filling **filling)
{
    for (size_t size = STEP; size <= POOL_LARGEST; size += STEP) {
        for (size_t taken = 0; taken < POOLS_MOST; taken += size) {
            struct filling *block = PyObject_Malloc(size);
            if (block == NULL) {
                return;
            }
            keep(block, filling);
            if (begins_pool(block)) {
                break;
            }
        }
    }
}

/* ---- imports ---- */

/* What requests import at first need. */
void
pc_worker_warm_up(void)
{
    static const char *const usual[] = {
        "ast",
        "traceback",
        "tokenize", /* which linecache and traceback import at first use */
#if PY_VERSION_HEX >= 0x030f0000
        "_colorize", /* the same */
#endif
    };
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        pc_auto_py PyObject *module = PyImport_ImportModule(usual[i]);
        if (module == NULL) {
            PyErr_Clear(); /* the request that needs it will say so */
        }
    }
    if (pc_worker_give_lines() < 0) {
        PyErr_Clear();
    }
}

void
pc_worker_preload(struct pc_worker *worker)
{
    if (worker->preload == NULL) {
        return;
    }
    pc_worker_warm_up();
    for (size_t i = 0; i < json_array_size(worker->preload); i++) {
        const char *name = json_string_value(json_array_get(worker->preload, i));
        import(worker, name == NULL ? "" : name);
    }
    json_decref(worker->preload);
    worker->preload = NULL;
    pc_auto_py PyObject *gc = PyImport_ImportModule("gc");
    pc_auto_py PyObject *collected =
        gc == NULL ? NULL : PyObject_CallMethod(gc, "collect", NULL);
    pc_auto_py PyObject *frozen =
        collected == NULL ? NULL : PyObject_CallMethod(gc, "freeze", NULL);
    if (frozen == NULL) {
        PyErr_Clear();
    }
    fill_pools(&worker->filling);
    fill_holes(&worker->filling);
}
