/* The text of the statement that the program's console is reading; see text.c. */
#ifndef PC_PROGRAM_TEXT_H
#define PC_PROGRAM_TEXT_H

#include "runtime/native.h"

/* What tracebacks call standard input. */
#define PC_TEXT_FILE_NAME "<stdin>"

/* The lines so far, each with a newline. */
PyObject *pc_text_joined(struct pc_native *native);
/* Compiles them for real. */
PyObject *pc_text_compile(struct pc_native *native);

/* What a parser that reads line by line would raise in the place of `error`, which codeop
 * raised: a new reference; `error` itself where there is nothing better. */
PyObject *pc_text_error(struct pc_native *native, PyObject *error);
/* Makes the exception in flight one of the text alone: named after standard input, and
 * without the library's frames. */
void pc_text_restate_error(struct pc_native *native);

enum pc_text_verdict {
    PC_TEXT_WRONG, /* an exception is in flight */
    PC_TEXT_OPEN,  /* a bracket or a string is open */
    PC_TEXT_COMPLETE,
};

/* After a blank line that codeop would wait beyond: python3 waits only where a bracket or
 * a string is open; a block ends there, for better or worse. */
enum pc_text_verdict pc_text_judge_blank_line(struct pc_native *native);

/* A line of standard input without its newline; see input.c. NULL with EOFError at
 * the end. *ret_ended: there was a newline; without one the input is most likely at its
 * end, but at a terminal more may come. */
PyObject *pc_input_read(struct pc_native *native, PyObject *prompt, bool *ret_ended);

#endif
