/* See utf8.h. */
#include "base/utf8.h"

#include <utf8proc.h>

/* How far pc_grapheme_previous goes back for a place where a cluster surely begins. */
enum { BACK_MOST = 4096 };

enum { VARIATION_EMOJI = 0xFE0F, REGIONAL_FIRST = 0x1F1E6, REGIONAL_LAST = 0x1F1FF };

size_t
pc_utf8_decode(const char *bytes, size_t len, uint32_t *ret_point)
{
    utf8proc_int32_t point = -1;
    utf8proc_ssize_t count = utf8proc_iterate((const utf8proc_uint8_t *)bytes,
                                              (utf8proc_ssize_t)len, &point);
    *ret_point = count > 0 ? (uint32_t)point : PC_UTF8_REPLACEMENT;
    return count > 0 ? (size_t)count : 1;
}

size_t
pc_utf8_encode(uint32_t point, char ret_bytes[PC_UTF8_MOST])
{
    utf8proc_int32_t valid = utf8proc_codepoint_valid((utf8proc_int32_t)point)
                                 ? (utf8proc_int32_t)point
                                 : PC_UTF8_REPLACEMENT;
    return (size_t)utf8proc_encode_char(valid, (utf8proc_uint8_t *)ret_bytes);
}

bool
pc_utf8_is_valid(const char *bytes, size_t len)
{
    size_t offset = 0;
    while (offset < len) {
        utf8proc_int32_t point = -1;
        utf8proc_ssize_t count =
            utf8proc_iterate((const utf8proc_uint8_t *)bytes + offset,
                             (utf8proc_ssize_t)(len - offset), &point);
        if (count <= 0) {
            return false;
        }
        offset += (size_t)count;
    }
    return true;
}

static bool
is_ascii(char byte)
{
    return (unsigned char)byte < 0x80;
}

size_t
pc_grapheme_next(const char *bytes, size_t len, size_t offset)
{
    if (offset >= len) {
        return len;
    }
    uint32_t point = 0;
    size_t end = offset + pc_utf8_decode(bytes + offset, len - offset, &point);
    utf8proc_int32_t state = 0;
    while (end < len) {
        if (is_ascii(bytes[end - 1]) && is_ascii(bytes[end])) {
            /* Nothing joins two of them but a line end of two. */
            return bytes[end - 1] == '\r' && bytes[end] == '\n' ? end + 1 : end;
        }
        uint32_t next = 0;
        size_t count = pc_utf8_decode(bytes + end, len - end, &next);
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)point,
                                             (utf8proc_int32_t)next, &state)) {
            return end;
        }
        point = next;
        end += count;
    }
    return end;
}

size_t
pc_grapheme_previous(const char *bytes, size_t len, size_t offset)
{
    if (offset <= 1) {
        return 0;
    }
    size_t start = offset - 1;
    size_t stop = offset > BACK_MOST ? offset - BACK_MOST : 0;
    while (start > stop && !(is_ascii(bytes[start - 1]) && is_ascii(bytes[start]) &&
                             !(bytes[start - 1] == '\r' && bytes[start] == '\n'))) {
        start--;
    }
    size_t next = pc_grapheme_next(bytes, len, start);
    while (next < offset) {
        start = next;
        next = pc_grapheme_next(bytes, len, start);
    }
    return start;
}

int
pc_grapheme_width(const char *bytes, size_t len)
{
    int width = 0;
    for (size_t offset = 0; offset < len;) {
        uint32_t point = 0;
        offset += pc_utf8_decode(bytes + offset, len - offset, &point);
        int own = utf8proc_charwidth((utf8proc_int32_t)point);
        bool wide = (point == VARIATION_EMOJI && width > 0) ||
                    (point >= REGIONAL_FIRST && point <= REGIONAL_LAST && width > 0);
        width = wide ? 2 : own > width ? own : width;
    }
    return width > 2 ? 2 : width;
}
