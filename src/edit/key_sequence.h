/* Which keys and answers the control sequences of terminals are: the tables behind key.c. */
#ifndef PC_EDIT_KEY_SEQUENCE_H
#define PC_EDIT_KEY_SEQUENCE_H

#include "edit/key.h"

/* What follows ESC in a whole CSI sequence, from its "[" to its final byte: whether it is
 * a key or an answer. An answer's text is `bytes` itself. */
bool pc_key_of_csi(const char *bytes, size_t len, bool awaits_position,
                   struct pc_key *ret_key);

/* The same for what follows ESC O. */
bool pc_key_of_ss3(const char *bytes, size_t len, struct pc_key *ret_key);

#endif
