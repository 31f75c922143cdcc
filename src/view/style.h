/* How a cell looks, and ECMA-48's Select Graphic Rendition, which says it to a terminal.
 *
 * Any thread; nothing but what the functions name is kept. */
#ifndef PC_VIEW_STYLE_H
#define PC_VIEW_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* A colour: 0 is the terminal's own, else the kind stands in the highest byte. */
#define PC_COLOR_KIND         0xFF000000u
#define PC_COLOR_INDEXED      0x01000000u /* and the index of the palette of 256 */
#define PC_COLOR_RGB          0x02000000u /* and red, green, blue, eight bits each */
#define PC_COLOR_INDEX(index) (PC_COLOR_INDEXED | (uint32_t)(index))

enum pc_attribute {
    PC_BOLD = 1 << 0,
    PC_DIM = 1 << 1,
    PC_ITALIC = 1 << 2,
    PC_UNDERLINE = 1 << 3,
    PC_BLINK = 1 << 4,
    PC_REVERSE = 1 << 5,
    PC_STRIKE = 1 << 6,
};

/* All zero: plain. */
struct pc_style {
    uint32_t foreground;
    uint32_t background;
    uint32_t attributes; /* of enum pc_attribute */
};

static inline bool
pc_style_equal(struct pc_style a, struct pc_style b)
{
    return a.foreground == b.foreground && a.background == b.background &&
           a.attributes == b.attributes;
}

/* `over` laid on `under`: its colours where it has some, the attributes of both. */
struct pc_style pc_style_over(struct pc_style under, struct pc_style over);

/* Appends what takes a terminal from one style to another; nothing if they are equal. */
int pc_style_append(struct pc_bytes *bytes, struct pc_style from, struct pc_style to);

/* What an SGR sequence does to a style; `parameters` is what stands between ESC [ and
 * the final m. What is unknown is passed over. */
void pc_style_read_sgr(struct pc_style *style, const char *parameters, size_t len);

/* How long the control sequence is that begins with the ESC at `bytes`: CSI, OSC, DCS,
 * SOS, PM, APC up to their ends, else ESC with what belongs to it (ECMA-48, 5.3 and
 * 5.4). 0 if its end is not there yet. */
size_t pc_escape_length(const char *bytes, size_t len);

/* Whether that is a whole Select Graphic Rendition; then its parameters. */
bool pc_escape_is_sgr(const char *bytes, size_t len, const char **ret_parameters,
                      size_t *ret_len);

#endif
