/* The options that the program answers itself, before Python starts: --help and
 * --version. */
#include "program/arguments.h"
#include "program/program.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *option;
    const char *meaning;
} option_help[] = {
    {"-c CODE", "run CODE, then end; no more options after it"},
    {"-m MODULE",
     "run a module of the library or of your own; no more options after it"},
    {"FILE", "run a script, a folder or a zip file with a __main__.py"},
    {"-", "read from standard input (so does no FILE at all)"},
    {"ARG ...", "what the code finds in sys.argv[1:]"},
    {NULL, NULL},
    {"-i", "after the code, go on with a prompt in its namespace; also where"},
    {NULL, "standard input is no terminal"},
    {"-q", "no banner"},
    {"-V, --version", "say the version and end; -VV says more of Python"},
    {"-h, --help", "say this and end"},
    {"--help-env, --help-xoptions, --help-all", ""},
    {NULL, "what Python says of its variables, of -X, of everything"},
    {NULL, NULL},
    {"-I", "isolated: -E, -P and -s at once"},
    {"-E", "pay no heed to PYTHON* variables"},
    {"-P", "do not put the script's or the current folder into sys.path"},
    {"-s", "do not add the user's own site-packages"},
    {"-S", "do not import site"},
    {NULL, NULL},
    {"-b", "warn where bytes are turned into str or compared with it; -bb: raise"},
    {"-B", "write no .pyc files"},
    {"-d", "let the parser say what it does (debug builds of Python)"},
    {"-O", "leave out assert statements; -OO: docstrings too"},
    {"-R", "hash str and bytes by a random seed, even if PYTHONHASHSEED is 0"},
    {"-u", "unbuffered output"},
    {"-v", "say each import; -vv: each file that was looked for"},
    {"-W FILTER", "a filter for warnings: action:message:category:module:line"},
    {"-x", "skip the script's first line"},
    {"-X OPTION", "an option of CPython: dev, importtime, utf8, ..."},
    {"--check-hash-based-pycs MODE", ""},
    {NULL, "always, default or never: check .pyc files against their source"},
};

static void
print_help(void)
{
    printf("usage: pyconsole [option] ... [-c CODE | -m MODULE | FILE | -] [ARG] ...\n"
           "\nA Python console. Options mean what they mean to python3.\n\n");
    for (size_t i = 0; i < sizeof option_help / sizeof option_help[0]; i++) {
        const char *option = option_help[i].option;
        const char *meaning = option_help[i].meaning;
        if (meaning == NULL) {
            putchar('\n');
        }
        else if (*meaning == '\0') {
            printf("  %s\n", option);
        }
        else {
            printf("  %-15s %s\n", option == NULL ? "" : option, meaning);
        }
    }
    printf(
        "\nEnvironment: VIRTUAL_ENV, PYTHONSTARTUP, PYTHONINSPECT, PYTHONPATH and all "
        "others of\npython3. More: man pyconsole\n");
}

char *
pc_program_python_version(void)
{
    const char *version = Py_GetVersion();
    return strndup(version, strcspn(version, " +"));
}

static void
print_version(int times)
{
    pc_auto_free char *version = pc_program_python_version();
    printf("pyconsole " PYCONSOLE_VERSION " (Python %s)\n",
           version == NULL ? PY_VERSION : version);
    if (times > 1) {
        printf("Python %s\n", Py_GetVersion());
    }
}

bool
pc_program_answer(int argc, char **argv)
{
    struct pc_arguments arguments = pc_arguments_read(argc, argv);
    if (arguments.help) {
        print_help();
    }
    else if (arguments.versions > 0 && !arguments.unknown) {
        print_version(arguments.versions);
    }
    else {
        return false;
    }
    return true;
}
