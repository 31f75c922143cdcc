/* The outlook of a command that is incomplete: what its next line is for, and the
 * indentation to offer for it. Of a text that is not incomplete it says something too,
 * which means nothing.
 *
 * It reads tokens, no grammar: whether the text is incomplete is the acceptor's and the
 * compiler's to say. */
#ifndef PC_LEXER_OUTLOOK_H
#define PC_LEXER_OUTLOOK_H

#include "lexer/acceptor.h"

/* Our own cap, in bytes: where more would be offered, nothing is. */
enum { PC_OUTLOOK_INDENT_MOST = 255 };

struct pc_outlook {
    enum pc_missing missing;
    char bracket; /* '(', '[' or '{' if a bracket is missing, else 0 */
    char indent[PC_OUTLOOK_INDENT_MOST + 1]; /* blanks, and a zero byte */
};

/* The indentation offered:
 *
 *     after a header     one step more than the header; a step is what the first block
 *                        of the text has, else four spaces, or a tab below tabs
 *     in a block         that of the last line; after return, raise, break, continue and
 *                        pass that of the block's header
 *     handler, decorated that of the try, of the decorator
 *     in a bracket       that of the last item, if a line began with it; else one step
 *                        more than the bracket's line if the bracket is its last token, or
 *                        below the token that follows
 *     after a backslash  one step more than the line, then that of the last line
 *     in a string        none: it would be part of the string
 *
 * Takes time in proportion to `len`. */
struct pc_outlook pc_outlook_of(const char *text, size_t len,
                                enum pc_python_version version);

#endif
