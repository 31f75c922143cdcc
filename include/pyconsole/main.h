/* The whole program `pyconsole` as one call, for those who want to ship it under a name or
 * with a main() of their own. To link with: pyconsole-embed. */
#ifndef PYCONSOLE_MAIN_H
#define PYCONSOLE_MAIN_H

#if defined(__GNUC__)
#define PYCONSOLE_MAIN_EXPORT __attribute__((visibility("default")))
#else
#define PYCONSOLE_MAIN_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Runs the program from its arguments to its exit status: options, script, prompt, and
 * the end of Python. It is to pyconsole what Py_BytesMain() is to python3, and means the
 * same by every option of python3 (see pyconsole(1)).
 *
 * `argc` and `argv` are as main() got them: bytes in the encoding of the locale;
 * argv[argc] is NULL. argv[0] is used to find a virtual environment that the program
 * stands in, and in messages. Not changed, not kept after the return.
 *
 * Returns the exit status for main() to return: 0; 1 after an exception nobody caught; 2
 * for wrong options; what was given to sys.exit(); 120 when the last output could not be
 * written. Python may end the process from within, as under Py_BytesMain(): by exit()
 * where it fails to start, by SIGINT after an interrupt that nothing handled.
 *
 * Threads: call it once in a process, from the main thread, before anything else has
 * started Python. Signal handlers, the locale, and standard input and output belong to
 * it until it returns. */
PYCONSOLE_MAIN_EXPORT int pyconsole_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
