/* Making text from elsewhere fit for the editor. */
#ifndef PC_EDIT_CLEAN_H
#define PC_EDIT_CLEAN_H

#include <stdbool.h>

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

#endif
