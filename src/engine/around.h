/* What completion and inspection need of the world, which the engine does not touch
 * itself: the clock and files. */
#ifndef PC_ENGINE_AROUND_H
#define PC_ENGINE_AROUND_H

#include <stdbool.h>
#include <stddef.h>

/* Takes an entry of a folder, borrowed for the call. 0, or -1: no more. */
typedef int pc_entry_sink(void *ctx, const char *name, bool is_folder);

/* Filled by src/runtime/assist.c. */
struct pc_around {
    /* Is the time over, or is the completion not wanted any more? Asked often. */
    bool (*expired)(const struct pc_around *around);
    /* Gives the entries of a folder, but . and .., to `sink`; none if it cannot be read.
     * A path that begins with ~/ is below the user's home. */
    void (*list)(const char *folder, pc_entry_sink *sink, void *ctx);
    /* Is there such a file? */
    bool (*exists)(const char *path);
    /* The bytes of a file of at most `most`, which the caller frees; NULL. */
    char *(*read)(const char *path, size_t most, size_t *ret_len);
};

#endif
