/* Which keys do what: a keymap for Emacs' keys, and one for each of vi's modes.
 *
 * A binding is a sequence of keys and a command, or keys that are played in its place. The
 * last one that was made for a sequence counts. */
#ifndef PC_EDIT_KEYMAP_H
#define PC_EDIT_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edit/command.h"

/* X(NAME, name): the keymaps, by their names in an inputrc. */
#define PC_KEYMAPS(X)                                                                  \
    X(EMACS, "emacs")                                                                  \
    X(VI_INSERT, "vi-insert")                                                          \
    X(VI_COMMAND, "vi-command")

#define PC_KEYMAP_MEMBER(name, text) PC_KEYMAP_##name,
enum pc_keymap_name { PC_KEYMAPS(PC_KEYMAP_MEMBER) PC_KEYMAP_COUNT };
#undef PC_KEYMAP_MEMBER

/* Our own caps: keys of a sequence, keys of a macro, bindings of a map. */
enum {
    PC_KEYMAP_SEQUENCE_MOST = 6,
    PC_KEYMAP_MACRO_MOST = 1 << 12,
    PC_KEYMAP_BINDINGS_MOST = 1 << 12,
};

struct pc_binding {
    uint32_t keys[PC_KEYMAP_SEQUENCE_MOST]; /* pc_key_code */
    uint8_t key_count;
    int command;     /* enum pc_command_id; -1: a macro, or nothing */
    uint32_t *macro; /* owned: keys; NULL with none */
    size_t macro_count;
};

/* Zero-initialised it is empty. Read it as you like. */
struct pc_keymap {
    struct pc_binding *bindings; /* owned */
    size_t count;
    size_t cap;
};

/* What the keys so far are. */
enum pc_keymap_found {
    PC_KEYMAP_NOTHING,
    PC_KEYMAP_PREFIX, /* of a longer sequence */
    PC_KEYMAP_BOUND,
};

void pc_keymap_fini(struct pc_keymap *map);

/* The bindings that the map of that name has from the start. ENOMEM. */
int pc_keymap_fill(struct pc_keymap *map, enum pc_keymap_name name);

/* Binds a sequence to a command (-1: to nothing any more), or to keys that are copied.
 * ENOMEM, ELIMIT. */
int pc_keymap_bind(struct pc_keymap *map, const uint32_t *keys, size_t key_count,
                   int command);
int pc_keymap_bind_macro(struct pc_keymap *map, const uint32_t *keys, size_t key_count,
                         const uint32_t *macro, size_t macro_count);

/* The same for a sequence in the notation of key.h: "C-x C-e". EINVAL: it is none. */
int pc_keymap_bind_text(struct pc_keymap *map, const char *keys, int command);

/* *ret_binding: the map's until it changes; NULL if no sequence is these keys, which may
 * be a prefix all the same. */
enum pc_keymap_found pc_keymap_find(const struct pc_keymap *map, const uint32_t *keys,
                                    size_t key_count,
                                    const struct pc_binding **ret_binding);

/* ---- the tables of keymap_emacs.c and keymap_vi.c: they end with keys NULL */

struct pc_default_binding {
    const char *keys; /* in the notation of key.h */
    enum pc_command_id command;
};

extern const struct pc_default_binding pc_keymap_emacs[];
extern const struct pc_default_binding pc_keymap_vi_insert[];
extern const struct pc_default_binding pc_keymap_vi_command[];

#endif
