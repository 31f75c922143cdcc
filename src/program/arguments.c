/* See arguments.h. */
#include "program/arguments.h"

#include <string.h>

/* Short options that take an argument, in the same word or the next; after the first two
 * the arguments are the program's own. */
#define CODE_OPTIONS       "cm"
#define ARGUMENT_OPTIONS   "WX"
#define PLAIN_OPTIONS      "bBdEiIOPqRsStuvx"
#define LONG_WITH_ARGUMENT "--check-hash-based-pycs"

enum word { WORD_OPTION, WORD_TAKES_NEXT, WORD_LAST };

static enum word
read_long(const char *word, struct pc_arguments *arguments)
{
    if (strcmp(word, LONG_WITH_ARGUMENT) == 0) {
        return WORD_TAKES_NEXT;
    }
    if (strcmp(word, "--version") == 0) {
        arguments->versions++;
        return WORD_OPTION;
    }
    arguments->help = strcmp(word, "--help") == 0;
    arguments->unknown = !arguments->help;
    return WORD_LAST;
}

static void
read_plain(char letter, struct pc_arguments *arguments)
{
    arguments->inspect |= letter == 'i';
    arguments->quiet |= letter == 'q';
    arguments->environment &= letter != 'E' && letter != 'I';
}

static enum word
read_short(const char *word, struct pc_arguments *arguments)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        if (*letter == 'h' || *letter == '?') {
            arguments->help = true;
            return WORD_LAST;
        }
        if (*letter == 'V') {
            arguments->versions++;
        }
        else if (strchr(CODE_OPTIONS, *letter) != NULL) {
            arguments->code = true;
            return WORD_LAST;
        }
        else if (strchr(ARGUMENT_OPTIONS, *letter) != NULL) {
            return letter[1] == '\0' ? WORD_TAKES_NEXT : WORD_OPTION;
        }
        else if (strchr(PLAIN_OPTIONS, *letter) != NULL) {
            read_plain(*letter, arguments);
        }
        else {
            arguments->unknown = true;
            return WORD_LAST;
        }
    }
    return WORD_OPTION;
}

static enum word
read_word(const char *word, struct pc_arguments *arguments)
{
    if (word[0] != '-' || word[1] == '\0') {
        arguments->code = true;
        return WORD_LAST;
    }
    return word[1] == '-' ? read_long(word, arguments) : read_short(word, arguments);
}

struct pc_arguments
pc_arguments_read(int argc, char **argv)
{
    struct pc_arguments arguments = {.environment = true};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            arguments.code = i + 1 < argc;
            break;
        }
        enum word word = read_word(argv[i], &arguments);
        if (word == WORD_LAST) {
            break;
        }
        i += word == WORD_TAKES_NEXT;
    }
    return arguments;
}
