"""The environment of a process that a test starts, in a build with the sanitizers."""

NAMES = ("LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "PYTHONMALLOC")


def without_leaks(env):
    """`env` for a program of the standard library, whose own leaks are not our concern."""
    return {**env, "ASAN_OPTIONS": "detect_leaks=0"} if "ASAN_OPTIONS" in env else env


def without_false_leaks(command, env):
    """`env` for `command`; with -I or -E the search for leaks is off.

    There CPython does not heed PYTHONMALLOC, and the search does not look into the arenas
    of CPython's own allocator: what only they point to would count as leaked.
    """
    if "ASAN_OPTIONS" in env and {"-I", "-E"} & set(map(str, command)):
        return without_leaks(env)
    return env
