/* Print the tokens of files, or check that they do not depend on cuts.
 *
 *     tokens VERSION FILE...           a line for each token, after "= FILE"
 *     tokens VERSION --cuts FILE...    feeds each file whole, and in several other ways;
 *                                      prints what differs, fails if anything does
 *     tokens VERSION --time FILE...    MB/s of the files, each a hundred times
 *
 * VERSION is 11 to 15, for 3.11 to 3.15. A line is: kind, start line and column, end line
 * and column, flags, reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lexer/lexer.h"

struct text {
    char *bytes;
    size_t len;
};

static struct text
read_file(const char *name)
{
    struct text text = {0};
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        perror(name);
        exit(2);
    }
    size_t room = 1 << 16;
    size_t count;
    text.bytes = malloc(room);
    while ((count = fread(text.bytes + text.len, 1, room - text.len, file)) > 0) {
        text.len += count;
        if (text.len == room) {
            text.bytes = realloc(text.bytes, room *= 2);
        }
    }
    fclose(file);
    return text;
}

/* ---- printing */

static void
print_token(void *ctx, const struct pc_token *token)
{
    (void)ctx;
    printf("%s %u %u %u %u %u %s\n", pc_token_name(token->kind), token->line,
           token->column, token->end_line, token->end_column, token->flags,
           pc_reason_name(token->reason));
}

static int
print_tokens(enum pc_python_version version, const char *name)
{
    struct text text = read_file(name);
    struct pc_lexer_state state;
    printf("= %s\n", name);
    pc_lexer_init(&state, version);
    pc_lexer_feed(&state, text.bytes, text.len, print_token, NULL);
    pc_lexer_finish(&state, print_token, NULL);
    free(text.bytes);
    return 0;
}

/* ---- cuts */

struct tokens {
    struct pc_token *items;
    size_t count;
    size_t room;
};

static void
keep_token(void *ctx, const struct pc_token *token)
{
    struct tokens *tokens = ctx;
    if (tokens->count == tokens->room) {
        tokens->room = tokens->room * 2 + 64;
        tokens->items = realloc(tokens->items, tokens->room * sizeof *tokens->items);
    }
    tokens->items[tokens->count] = *token;
    tokens->items[tokens->count++].flags &= (uint16_t)~PC_TOKEN_CUT;
}

enum cuts { CUT_NOWHERE, CUT_BYTES, CUT_LINES, CUT_SHORT, CUT_LONG, CUTS };

static unsigned int
random_number(unsigned int *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

static size_t
piece_of(struct text text, size_t offset, enum cuts cuts, unsigned int *seed)
{
    size_t left = text.len - offset;
    size_t len = left;
    if (cuts == CUT_BYTES) {
        len = 1;
    }
    else if (cuts == CUT_LINES) {
        const char *end = memchr(text.bytes + offset, '\n', left);
        len = end ? (size_t)(end - text.bytes) - offset + 1 : left;
    }
    else if (cuts != CUT_NOWHERE) {
        len = 1 + random_number(seed) % (cuts == CUT_SHORT ? 7 : 500);
    }
    return len < left ? len : left;
}

static struct tokens
tokens_of(enum pc_python_version version, struct text text, enum cuts cuts,
          struct pc_lexer_state *state)
{
    struct tokens tokens = {0};
    unsigned int seed = 20240229u + (unsigned int)text.len;
    pc_lexer_init(state, version);
    for (size_t offset = 0; offset < text.len;) {
        size_t len = piece_of(text, offset, cuts, &seed);
        pc_lexer_feed(state, text.bytes + offset, len, keep_token, &tokens);
        offset += len;
    }
    return tokens;
}

static bool
same_token(const struct pc_token *a, const struct pc_token *b)
{
    return a->kind == b->kind && a->soft == b->soft && a->reason == b->reason &&
           a->flags == b->flags && a->offset == b->offset && a->length == b->length &&
           a->line == b->line && a->column == b->column && a->end_line == b->end_line &&
           a->end_column == b->end_column;
}

static bool
same_place(struct pc_lexer_place a, struct pc_lexer_place b)
{
    return a.offset == b.offset && a.line == b.line && a.column == b.column;
}

static bool
same_tokens(const struct tokens *a, const struct tokens *b)
{
    size_t i = 0;
    while (i < a->count && i < b->count && same_token(&a->items[i], &b->items[i])) {
        i++;
    }
    if (i == a->count && i == b->count) {
        return true;
    }
    printf("token %zu differs; whole and in pieces:\n", i);
    if (i < a->count) {
        print_token(NULL, &a->items[i]);
    }
    if (i < b->count) {
        print_token(NULL, &b->items[i]);
    }
    return false;
}

static int
check_cuts(enum pc_python_version version, const char *name)
{
    struct text text = read_file(name);
    struct pc_lexer_state whole_state;
    struct tokens whole = tokens_of(version, text, CUT_NOWHERE, &whole_state);
    int failed = 0;
    for (enum cuts cuts = CUT_BYTES; cuts < CUTS; cuts++) {
        struct pc_lexer_state state;
        struct tokens tokens = tokens_of(version, text, cuts, &state);
        if (!same_tokens(&whole, &tokens) ||
            !pc_lexer_state_equal(&whole_state, &state) ||
            !same_place(whole_state.at, state.at)) {
            printf("%s: cut in way %d: not the same\n", name, cuts);
            failed = 1;
        }
        free(tokens.items);
    }
    free(whole.items);
    free(text.bytes);
    return failed;
}

/* ---- time */

static void
count_token(void *ctx, const struct pc_token *token)
{
    *(size_t *)ctx += token->kind != PC_TOKEN_ERROR;
}

static int
time_file(enum pc_python_version version, const char *name)
{
    enum { TIMES = 100 };
    struct text text = read_file(name);
    struct timespec from;
    struct timespec to;
    size_t count = 0;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < TIMES; i++) {
        struct pc_lexer_state state;
        pc_lexer_init(&state, version);
        pc_lexer_feed(&state, text.bytes, text.len, count_token, &count);
        pc_lexer_finish(&state, count_token, &count);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double seconds =
        (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
    printf("%s: %zu bytes, %zu tokens, %.1f MB/s\n", name, text.len, count / TIMES,
           (double)text.len * TIMES / seconds / 1e6);
    free(text.bytes);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: tokens VERSION [--cuts | --time] FILE...\n");
        return 2;
    }
    enum pc_python_version version = (enum pc_python_version)atoi(argv[1]);
    int (*work)(enum pc_python_version, const char *) = print_tokens;
    int first = 2;
    if (strcmp(argv[2], "--cuts") == 0 || strcmp(argv[2], "--time") == 0) {
        work = argv[2][2] == 'c' ? check_cuts : time_file;
        first = 3;
    }
    int failed = 0;
    for (int i = first; i < argc; i++) {
        failed |= work(version, argv[i]);
    }
    return failed;
}
