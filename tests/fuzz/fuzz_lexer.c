/* Any bytes give tokens, in order and within the text, and the same ones fed whole and in
 * pieces. The first byte chooses the version, the second how to cut. */
#include <stdlib.h>

#include "lexer/lexer.h"

struct tokens {
    size_t count;
    size_t hash;
    size_t offset; /* where the last one ended */
    size_t len;    /* of the text */
};

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct tokens *tokens = ctx;
    size_t end = token->offset + token->length;
    if (token->kind >= PC_TOKEN_KINDS || token->offset < tokens->offset ||
        end > tokens->len || (token->kind == PC_TOKEN_ERROR) != (token->reason != 0)) {
        abort();
    }
    const size_t parts[] = {token->kind,     token->soft,
                            token->reason,   token->flags & ~(unsigned int)PC_TOKEN_CUT,
                            token->offset,   token->length,
                            token->line,     token->column,
                            token->end_line, token->end_column};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        tokens->hash = (tokens->hash ^ parts[i]) * 1099511628211u;
    }
    tokens->offset = end;
    tokens->count++;
}

/* A private copy of each piece, so that reading beyond it is seen. */
static void
feed_piece(struct pc_lexer_state *state, const char *text, size_t len,
           struct tokens *tokens)
{
    char *piece = malloc(len);
    for (size_t i = 0; i < len; i++) {
        piece[i] = text[i];
    }
    pc_lexer_feed(state, piece, len, take_token, tokens);
    free(piece);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    enum pc_python_version version = PC_PYTHON_3_11 + data[0] % 5;
    unsigned int cut = data[1];
    const char *text = (const char *)data + 2;
    size_t len = size - 2;
    struct pc_lexer_state whole;
    struct pc_lexer_state pieces;
    struct tokens of_whole = {.len = len};
    struct tokens of_pieces = {.len = len};
    pc_lexer_init(&whole, version);
    pc_lexer_init(&pieces, version);
    feed_piece(&whole, text, len, &of_whole);
    for (size_t offset = 0; offset < len;) {
        size_t piece = 1 + (cut = (cut * 75 + 74) % 65537) % (data[1] % 16 + 1);
        piece = piece < len - offset ? piece : len - offset;
        feed_piece(&pieces, text + offset, piece, &of_pieces);
        offset += piece;
    }
    if (!pc_lexer_state_equal(&whole, &pieces) || whole.at.offset != pieces.at.offset ||
        whole.at.line != pieces.at.line || whole.at.column != pieces.at.column) {
        abort();
    }
    pc_lexer_finish(&whole, take_token, &of_whole);
    pc_lexer_finish(&pieces, take_token, &of_pieces);
    if (of_whole.count != of_pieces.count || of_whole.hash != of_pieces.hash ||
        !pc_lexer_state_equal(&whole, &pieces)) {
        abort();
    }
    return 0;
}
