/* Making text from elsewhere fit for the editor. */
#ifndef PC_EDIT_CLEAN_H
#define PC_EDIT_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/* Appends the text with \n for \r\n and \r, U+FFFD for each byte that is no UTF-8, and
 * without zero bytes. ENOMEM, ELIMIT: some of it may have been appended. */
int pc_clean_text(const char *text, size_t len, struct pc_bytes *ret_clean);

/* If the text, which was cleaned, is a session at a prompt, appends the code in it; *ret_is
 * says whether it is. It is one when its first line that is not blank begins, behind its
 * indentation, with ">>> " or "In [1]: ", and holds what stands behind these and behind
 * "... " or "   ...: " on the lines that follow them, with the same indentation; the other
 * lines are output. ENOMEM. */
int pc_clean_session(const char *text, size_t len, struct pc_bytes *ret_code,
                     bool *ret_is);

/* What is known of a text that may be a session, read line by line. It begins as {0}. */
struct pc_session_text {
    bool begun;      /* a line that is not blank was read */
    bool is;         /* that line has a prompt: it is a session */
    bool numbered;   /* with "In [1]: " */
    bool after_code; /* the last line was code */
    size_t before;   /* bytes: the indentation */
};

enum { PC_NO_CODE = -1 };

/* Reads the next line, without its end. How many bytes stand before the code in it, or
 * PC_NO_CODE: it is output, or the text is no session so far. */
ptrdiff_t pc_session_text_read(struct pc_session_text *session, const char *line,
                               size_t len);

#endif
