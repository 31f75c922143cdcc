/* Mutations of Python source for libFuzzer: one line or one token in another place, twice,
 * or gone; another indentation; a token or the beginning of a statement put in. Every other
 * time libFuzzer mutates the bytes by itself. The first two bytes of an input are not
 * text. */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(unsigned char *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(unsigned char *data, size_t size, size_t max_size,
                               unsigned int seed);

enum { HEADER = 2, SNIPPET_MOST = 2000 };

static const char *const words[] = {
    "(",     ")",      "[",       "]",       "{",       "}",      ":",        ",",
    ";",     ".",      "...",     "*",       "**",      "/",      "@",        "=",
    ":=",    "->",     "+",       "!",       "\\\n",    "\n",     "'",        "\"\"\"",
    "'''",   "f'''{",  "f'{x}'",  "rb''",    "t'{x}'",  "#\n",    "False",    "None",
    "and ",  "as ",    "assert ", "async ",  "await ",  "break",  "continue", "del ",
    "elif ", "else:",  "except",  "except*", "finally", "for ",   "from ",    "global ",
    "if ",   "import", " in ",    " is ",    "lambda ", "match ", "nonlocal", "not ",
    " or ",  "pass",   "raise ",  "return ", "try:",    "while ", "with ",    "yield ",
    "case ", "type ",  "_",       "0x",      "1_0",     "1.5j",
};

static const char *const lines[] = {
    "if x:\n",
    "else:\n",
    "elif y:\n",
    "for x in y:\n",
    "while x:\n",
    "try:\n",
    "except E as e:\n",
    "except* E:\n",
    "finally:\n",
    "with x as y, z:\n",
    "with (x as y, z):\n",
    "def f(a, /, b=1, *c, d, **e) -> g:\n",
    "async def f():\n",
    "class A(B, c=d):\n",
    "@f(x)\n",
    "match x:\n",
    "case [1, *y] if z:\n",
    "case {'a': A(b=c), **d} | None:\n",
    "return x\n",
    "yield x\n",
    "await x\n",
    "x = [y async for y in z]\n",
    "x: int = 1\n",
    "x = y = *z, w\n",
    "global x\n",
    "nonlocal x\n",
    "import a.b as c\n",
    "from . import (a as b,\n",
    "del x, y[0]\n",
    "lambda a, *b: (yield)\n",
    "x = (y := 1)\n",
    "type X[T: int] = y\n",
    "def f[T](x):\n",
    "f'{x!r:>{y}} {z=}'\n",
    "x if y else z\n",
    "\n",
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Bytes of the text from `from` on that make one piece: a line, or a token. */
static size_t
piece_at(const unsigned char *text, size_t len, size_t from, bool line)
{
    size_t end = from;
    bool word = false;
    while (end < len) {
        unsigned char c = text[end++];
        bool in_word = c == '_' || (c | 32) - 'a' < 26u || c - '0' < 10u;
        if (line ? c == '\n' : !in_word || (!word && end - from > 1)) {
            break;
        }
        word = in_word;
    }
    return end - from;
}

/* Where a line begins, at or before a place chosen by `choice`; or that place. */
static size_t
place(const unsigned char *text, size_t len, unsigned int choice, bool line)
{
    size_t from = len == 0 ? 0 : choice % len;
    while (line && from > 0 && text[from - 1] != '\n') {
        from--;
    }
    return from;
}

/* Replaces `gone` bytes at `at` by others, as far as there is room. The new length. */
static size_t
splice(unsigned char *text, size_t len, size_t room, size_t at, size_t gone,
       const unsigned char *put, size_t put_len)
{
    if (len - gone + put_len > room) {
        return len;
    }
    memmove(text + at + put_len, text + at + gone, len - at - gone);
    memcpy(text + at, put, put_len);
    return len - gone + put_len;
}

static size_t
mutate_text(unsigned char *text, size_t len, size_t room, unsigned int seed)
{
    bool line = seed & 1;
    unsigned int what = seed >> 1 & 7;
    size_t at = place(text, len, seed >> 4, line);
    size_t to = place(text, len, seed * 2654435761u >> 3, line);
    size_t piece_len = piece_at(text, len, at, line);
    unsigned char piece[SNIPPET_MOST];
    if (piece_len > sizeof piece) {
        return len;
    }
    memcpy(piece, text + at, piece_len);
    const char *snippet =
        line ? lines[(seed >> 5) % COUNT(lines)] : words[(seed >> 5) % COUNT(words)];
    switch (what) {
    case 0: /* gone */
        return splice(text, len, room, at, piece_len, piece, 0);
    case 1: /* twice */
        return splice(text, len, room, to, 0, piece, piece_len);
    case 2: /* another in its place */
        return splice(text, len, room, at, piece_len, (const unsigned char *)snippet,
                      strlen(snippet));
    case 3: /* further in */
        return splice(text, len, room, place(text, len, seed >> 4, true), 0,
                      (const unsigned char *)"    \t" + (seed >> 9) % 5,
                      (seed >> 9) % 5 > 3 ? 1 : 4 - (seed >> 9) % 5);
    case 4: /* further out */
        at = place(text, len, seed >> 4, true);
        return at < len && (text[at] == ' ' || text[at] == '\t')
                   ? splice(text, len, room, at, 1, piece, 0)
                   : len;
    case 5: /* cut off */
        return at;
    default: /* put in */
        return splice(text, len, room, at, 0, (const unsigned char *)snippet,
                      strlen(snippet));
    }
}

size_t
LLVMFuzzerCustomMutator(unsigned char *data, size_t size, size_t max_size,
                        unsigned int seed)
{
    if (size < HEADER || seed % 4 == 0) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    for (unsigned int turn = 0; turn <= seed % 3; turn++) {
        seed = seed * 1664525u + 1013904223u;
        size = HEADER +
               mutate_text(data + HEADER, size - HEADER, max_size - HEADER, seed >> 3);
    }
    return size;
}
