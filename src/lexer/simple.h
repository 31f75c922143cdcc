/* A simple statement in a line of its own, which no further line can go on with.
 *
 * Whether it is right is not known. But CPython's parser finds a text incomplete only where it
 * failed after it asked for the end of the source, and of such a line it asks for no token
 * behind NEWLINE: so codeop's answer is anything but None, and need not be waited for.
 *
 * Source: CPython's Grammar/python.gram (statement_newline, simple_stmts), Parser/pegen.c
 * (_PyPegen_run_parser, _is_end_of_source). */
#ifndef PC_LEXER_SIMPLE_H
#define PC_LEXER_SIMPLE_H

#include "lexer/lexer.h"

/* Is the text, which has no line end, surely such a line? Of one with a `?` or `!`, or with a
 * `%` that no operand is before, it says no: that may be a command of the prompt. Takes time
 * in proportion to `len`. Any thread. */
bool pc_is_simple_line(const char *text, size_t len, enum pc_python_version version);

#endif
