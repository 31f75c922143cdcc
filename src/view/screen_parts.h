/* What screen.c and screen_diff.c share. */
#ifndef PC_VIEW_SCREEN_PARTS_H
#define PC_VIEW_SCREEN_PARTS_H

#include "view/screen.h"

void pc_send(struct pc_screen *screen, const char *bytes, size_t len);

/* CSI, the count if it is not 1, and the final byte. */
void pc_send_csi(struct pc_screen *screen, size_t count, char final);

/* Puts the cursor there; the row is made if need be. */
void pc_move(struct pc_screen *screen, size_t row, size_t column);

#endif
