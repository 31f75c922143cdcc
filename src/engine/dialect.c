/* Which dialect of code and codeop a version of CPython speaks; see dialect.h. The
 * differential test compares every flag here with the modules of the running version. */
#include "engine/dialect.h"

#define VERSION(major, minor, micro)                                                   \
    ((unsigned long)(major) << 24 | (unsigned long)(minor) << 16 |                     \
     (unsigned long)(micro) << 8)

static enum pc_display
display_of(unsigned long version)
{
    if (version >= VERSION(3, 13, 0)) {
        return PC_DISPLAY_SOURCE;
    }
    if (version >= VERSION(3, 12, 6)) {
        return PC_DISPLAY_TRIMMED;
    }
    if (version >= VERSION(3, 12, 5)) {
        return PC_DISPLAY_GUARDED;
    }
    return PC_DISPLAY_PLAIN;
}

struct pc_dialect
pc_dialect_of(unsigned long version)
{
    return (struct pc_dialect){
        .display = display_of(version),
        .last_exc = version >= VERSION(3, 12, 0),
        .final_pass = version >= VERSION(3, 11, 5),
        .incomplete_error = version >= VERSION(3, 13, 0),
        .compile_takes_flags = version >= VERSION(3, 13, 1),
        .flags_forwarded = version >= VERSION(3, 14, 0),
        .lineno_may_be_none = version >= VERSION(3, 13, 1),
        .any_error_is_shown =
            version >= VERSION(3, 14, 0) && version < VERSION(3, 15, 0),
        .local_exit = version >= VERSION(3, 13, 0),
        .prompts_removed = version >= VERSION(3, 14, 0),
    };
}
