/* Any bytes are messages, or an error, and the same ones fed whole and in pieces; what a
 * message is written as reads as that message. Any bytes printed are output and marks, the
 * same however they are cut. The first byte says how to cut; in what is printed, a byte
 * 0xFF stands for the beginning of a mark. */
#include <stdlib.h>
#include <string.h>

#include "session/wire.h"

enum { MESSAGES_MOST = 4096, PRINTED_MOST = 1 << 16 };

static const char token[] = "0123456789abcdef0123456789abcdef";

static void
require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* ---- messages ---- */

struct messages {
    json_t *all[MESSAGES_MOST];
    size_t count;
    bool failed;
};

static void
take_messages(struct pc_wire_reader *reader, struct messages *found)
{
    json_t *message = NULL;
    int status = 0;
    while (!found->failed && (status = pc_wire_next(reader, &message)) == 0 &&
           message != NULL) {
        require(json_is_object(message) && found->count < MESSAGES_MOST);
        found->all[found->count++] = message;
    }
    require(status == 0 || message == NULL);
    found->failed = found->failed || status < 0;
}

static void
read_messages(const char *bytes, size_t len, size_t piece, struct messages *ret_found)
{
    struct pc_wire_reader reader = {0};
    *ret_found = (struct messages){0};
    for (size_t i = 0; i < len; i += piece) {
        int status = 0;
        size_t count = piece < len - i ? piece : len - i;
        char *room = pc_wire_reader_room(&reader, count, &status);
        require(room != NULL);
        memcpy(room, bytes + i, count);
        pc_wire_reader_filled(&reader, count);
        take_messages(&reader, ret_found);
    }
    pc_wire_reader_fini(&reader);
}

static void
write_and_read(json_t *message)
{
    char *line = NULL;
    size_t len = 0;
    struct messages again;
    require(pc_wire_line(message, &line, &len) == 0);
    require(len > 0 && line[len - 1] == '\n' &&
            memchr(line, '\n', len) == line + len - 1);
    read_messages(line, len, len, &again);
    require(again.count == 1 && json_equal(again.all[0], message));
    require(strlen(pc_wire_text(message, "text")) <= pc_wire_text_len(message, "text"));
    json_decref(again.all[0]);
    free(line);
}

static void
check_messages(const char *bytes, size_t len, size_t piece)
{
    static struct messages whole;
    static struct messages pieces;
    read_messages(bytes, len, len, &whole);
    read_messages(bytes, len, piece, &pieces);
    require(whole.count == pieces.count && whole.failed == pieces.failed);
    for (size_t i = 0; i < whole.count; i++) {
        require(json_equal(whole.all[i], pieces.all[i]));
        write_and_read(whole.all[i]);
        json_decref(whole.all[i]);
        json_decref(pieces.all[i]);
    }
}

/* ---- marks ---- */

/* What was printed, without its marks, and the numbers of those. */
struct printed {
    char output[PRINTED_MOST];
    size_t len;
    uint64_t turns;
};

/* Takes what can be taken of some bytes; how many that were. */
static size_t
take_printed(const char *bytes, size_t len, struct printed *printed)
{
    size_t taken = 0;
    enum pc_mark_found found = PC_MARK_WHOLE;
    while (found == PC_MARK_WHOLE) {
        size_t before = 0;
        size_t mark_len = 0;
        uint64_t turn = 0;
        found =
            pc_mark_find(token, bytes + taken, len - taken, &before, &mark_len, &turn);
        require(before <= len - taken);
        memcpy(printed->output + printed->len, bytes + taken, before);
        printed->len += before;
        taken += before;
        if (found == PC_MARK_WHOLE) {
            require(mark_len <= len - taken);
            taken += mark_len;
            printed->turns = printed->turns * 31 + turn;
        }
    }
    return taken;
}

static void
read_printed(const char *bytes, size_t len, size_t piece, struct printed *ret_printed)
{
    size_t taken = 0;
    ret_printed->len = ret_printed->turns = 0;
    for (size_t end = 0; end < len;) {
        end = end + piece < len ? end + piece : len;
        char *exact = malloc(end - taken); /* so that reading beyond it is seen */
        memcpy(exact, bytes + taken, end - taken);
        taken += take_printed(exact, end - taken, ret_printed);
        free(exact);
    }
    require(taken <= len && len - taken < PC_MARK_MOST);
}

static void
check_marks(const char *bytes, size_t len, size_t piece)
{
    static struct printed whole;
    static struct printed pieces;
    static char text[PRINTED_MOST];
    char mark[PC_MARK_MOST];
    size_t beginning =
        pc_mark_write(token, 0, mark) - strlen("00000000000000000000\033\\");
    size_t text_len = 0;
    for (size_t i = 0; i < len && text_len < PRINTED_MOST - PC_MARK_MOST; i++) {
        bool is_mark = (unsigned char)bytes[i] == 0xFF;
        memcpy(text + text_len, is_mark ? mark : bytes + i, is_mark ? beginning : 1);
        text_len += is_mark ? beginning : 1;
    }
    read_printed(text, text_len, text_len, &whole);
    read_printed(text, text_len, piece, &pieces);
    require(whole.len == pieces.len && whole.turns == pieces.turns &&
            memcmp(whole.output, pieces.output, whole.len) == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size < 2 || size > MESSAGES_MOST) {
        return 0;
    }
    const char *bytes = (const char *)data + 1;
    size_t piece = data[0] % 24 + 1;
    check_messages(bytes, size - 1, piece);
    check_marks(bytes, size - 1, piece);
    return 0;
}
