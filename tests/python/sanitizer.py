"""The environment of a process that a test starts, in a build with the sanitizers."""

NAMES = ("LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "PYTHONMALLOC")


def with_option(env, option):
    return {**env, "ASAN_OPTIONS": f"{env['ASAN_OPTIONS']}:{option}"} if "ASAN_OPTIONS" in env else env


def without_leaks(env):
    """`env` for a program of the standard library, whose own leaks are not our concern."""
    return with_option(env, "detect_leaks=0")


def with_segfaults(env):
    """`env` for a process that is to die of SIGSEGV, and not of the sanitizer's report."""
    return with_option(env, "handle_segv=0")


def with_threads_left(env):
    """`env` for a program that ends while threads of Python run.

    CPython ends them by pthread_exit(), and the sanitizer takes what then is left on their
    stacks for an overflow in its own code, which gives a signal stack back.
    """
    return with_option(env, "use_sigaltstack=0")


def without_false_leaks(command, env):
    """`env` for `command`; with -I or -E the search for leaks is off.

    There CPython does not heed PYTHONMALLOC, and the search does not look into the arenas
    of CPython's own allocator: what only they point to would count as leaked.
    """
    if "ASAN_OPTIONS" in env and {"-I", "-E"} & set(map(str, command)):
        return without_leaks(env)
    return env
