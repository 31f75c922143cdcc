/* The program `pyconsole`; all that it does stands in the library. */
#include <pyconsole/main.h>

int
main(int argc, char **argv)
{
    return pyconsole_main(argc, argv);
}
