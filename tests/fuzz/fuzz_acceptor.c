/* Any bytes, line by line, give answers; a copy of the acceptor gives the same ones, and
 * what is asked is never called missing. There is an outlook for them too. The first byte
 * chooses the version, the second which of the lines that are asked are taken for
 * incomplete. */
#include <stdlib.h>
#include <string.h>

#include "lexer/outlook.h"

/* A private copy of the line, so that reading beyond it is seen. */
static struct pc_answer
feed_line(struct pc_acceptor *acceptor, const char *text, size_t len)
{
    char *line = malloc(len);
    for (size_t i = 0; i < len; i++) {
        line[i] = text[i];
    }
    struct pc_answer answer = pc_acceptor_feed(acceptor, line, len);
    free(line);
    return answer;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    const char *text = (const char *)data + 2;
    const char *end = (const char *)data + size;
    struct pc_acceptor acceptor;
    pc_acceptor_init(&acceptor, PC_PYTHON_3_11 + data[0] % 5);
    for (unsigned int line = 0; text < end; line++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t len = (size_t)((newline == NULL ? end : newline) - text);
        struct pc_acceptor copy = acceptor;
        struct pc_answer answer = feed_line(&acceptor, text, len);
        struct pc_answer again = feed_line(&copy, text, len);
        if (answer.verdict != again.verdict || answer.missing != again.missing ||
            (answer.verdict == PC_ASK) != (answer.missing == PC_MISSING_UNKNOWN) ||
            (answer.bracket != 0) != (answer.missing == PC_MISSING_BRACKET)) {
            abort();
        }
        if (answer.verdict == PC_ASK && !(data[1] >> line % 8 & 1)) {
            pc_acceptor_resume(&acceptor);
        }
        text += len + 1;
    }
    struct pc_outlook outlook =
        pc_outlook_of((const char *)data + 2, size - 2, PC_PYTHON_3_11 + data[0] % 5);
    if (memchr(outlook.indent, '\0', sizeof outlook.indent) == NULL) {
        abort();
    }
    return 0;
}
