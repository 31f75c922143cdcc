/* The program `pyconsole-python`, a Python with our console in the place of its own: it
 * runs scripts, serves what is no terminal, and is the worker behind a terminal. All that
 * it does stands in the library. */
#include <pyconsole/main.h>

int
main(int argc, char **argv)
{
    return pyconsole_main(argc, argv);
}
