/* The notation of keys in an inputrc, as the bytes that a terminal sends for them, and as
 * the keys that those are. */
#ifndef PC_EDIT_INPUTRC_KEY_H
#define PC_EDIT_INPUTRC_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Appends what stands between quotes (without them), with its escapes read. ENOMEM. */
int pc_inputrc_unquote(const char *text, size_t len, struct pc_bytes *ret_bytes);

/* Appends the key of that name: Control-u, Meta-Rubout, C-M-x, SPC. Returns 1; 0 if there
 * is none; ENOMEM. */
int pc_inputrc_named_key(const char *name, size_t len, struct pc_bytes *ret_bytes);

/* The keys that the bytes are, at most `most`. Returns how many; ELIMIT if there are
 * more. */
int pc_inputrc_keys(const struct pc_bytes *bytes, uint32_t *ret_codes, size_t most);

#endif
