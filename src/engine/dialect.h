/* Where the supported versions of Lib/code.py and Lib/codeop.py differ in what can be
 * observed. One place decides (pc_dialect_of, from the version that is running, since a
 * bug-fix release may differ from the one whose headers were used); the engine asks here
 * and never compares version numbers itself. */
#ifndef PC_ENGINE_DIALECT_H
#define PC_ENGINE_DIALECT_H

#include <stdbool.h>

/* How an exception is shown. */
enum pc_display {
    PC_DISPLAY_PLAIN,   /* 3.11: the hook sees library frames and may raise */
    PC_DISPLAY_GUARDED, /* 3.12.5: a hook that raises is reported */
    PC_DISPLAY_TRIMMED, /* 3.12.6: _showtraceback, library frames removed */
    PC_DISPLAY_SOURCE,  /* 3.13: and the source line is filled in; _excepthook */
};

struct pc_dialect {
    enum pc_display display;
    bool last_exc;            /* sys.last_exc is set (3.12) */
    bool final_pass;          /* the last compile is without codeop's flags (3.11.5) */
    bool incomplete_error;    /* _IncompleteInputError, not a message (3.13) */
    bool compile_takes_flags; /* Compile()(…, flags=0), PyCF_ONLY_AST (3.13.1) */
    bool flags_forwarded;     /* _maybe_compile passes flags on (3.14) */
    bool lineno_may_be_none;  /* a SyntaxError without lineno is shown (3.13.1) */
    bool any_error_is_shown;  /* runsource catches Exception (3.14 only) */
    bool local_exit;          /* local_exit, push(filename, _symbol), Quitter (3.13) */
    bool prompts_removed;     /* interact() removes the prompts that it set (3.14) */
};

/* `version` as in PY_VERSION_HEX. */
struct pc_dialect pc_dialect_of(unsigned long version);

#endif
