/* Names of the kinds of candidates, from their one list. */
#include <pyconsole/assist.h>

static const char *const kind_names[] = {
#define KIND_NAME(name, text) text,
    PYCONSOLE_CANDIDATES(KIND_NAME)
#undef KIND_NAME
};

const char *
pyconsole_candidate_kind_name(int kind)
{
    return kind >= 0 && kind < (int)(sizeof kind_names / sizeof *kind_names)
               ? kind_names[kind]
               : "?";
}
