/* The program `pyconsole`: gives itself over to the one that is meant. A prompt on a
 * terminal is `pyconsole-prompt`, all else `pyconsole-python`. It needs nothing but the C
 * library, since what it loads is paid for by every `pyconsole -c …`. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/neighbour.h"
#include "program/arguments.h"

/* Is there to be a prompt? As far as can be known before any code runs. */
static bool
wants_prompt(const struct pc_arguments *arguments)
{
    const char *inspect = arguments->environment ? getenv("PYTHONINSPECT") : NULL;
    bool inspects = arguments->inspect || (inspect != NULL && *inspect != '\0');
    return !arguments->help && !arguments->unknown && arguments->versions == 0 &&
           (!arguments->code || inspects) && isatty(STDIN_FILENO) &&
           isatty(STDOUT_FILENO);
}

int
main(int argc, char **argv)
{
    struct pc_arguments arguments = pc_arguments_read(argc, argv);
    return pc_neighbour_run(
        wants_prompt(&arguments) ? PC_PROMPT_PROGRAM : PC_PYTHON_PROGRAM, argv);
}
