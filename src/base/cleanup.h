/* Scope cleanup and ownership that leaves by name.
 *
 * `pc_auto_free char *p = NULL;` frees p when the scope ends; `pc_take(&p)` moves the
 * value out, so that nothing is left to free. Every variable with a cleanup is
 * initialised where it is declared. */
#ifndef PC_BASE_CLEANUP_H
#define PC_BASE_CLEANUP_H

#include <stdlib.h>

static inline void
pc_free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

#define pc_auto_free __attribute__((cleanup(pc_free_pointer)))

#define pc_take(pointer)                                                               \
    ({                                                                                 \
        __auto_type pc_source_ = (pointer);                                            \
        __auto_type pc_value_ = *pc_source_;                                           \
        *pc_source_ = NULL;                                                            \
        pc_value_;                                                                     \
    })

#endif
