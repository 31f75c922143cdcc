/* What the command line asks for, as far as it must be known before Python starts: words
 * are stepped over by the rules of CPython's Python/getopt.c. What is wrong with them is
 * CPython's business. No Python here: the program without Python in it reads its command
 * line by this, too. */
#ifndef PC_PROGRAM_ARGUMENTS_H
#define PC_PROGRAM_ARGUMENTS_H

#include <stdbool.h>

struct pc_arguments {
    int versions;     /* how often the version is asked for, before anything unknown */
    bool help;        /* and nothing unknown before it */
    bool unknown;     /* there is an option that CPython may know, or will refuse */
    bool code;        /* -c, -m, a script, or `-` */
    bool inspect;     /* -i */
    bool quiet;       /* -q */
    bool environment; /* the PYTHON variables count: neither -E nor -I */
};

struct pc_arguments pc_arguments_read(int argc, char **argv);

#endif
