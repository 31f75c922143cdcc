/* See keymap.h. A map is a list that is looked through from its end, so that the binding
 * made last counts; it has some hundred entries, and a key is typed now and then. */
#include "edit/keymap.h"

#include <pyconsole/status.h>
#include <stdlib.h>
#include <string.h>

#include "edit/key.h"

void
pc_keymap_fini(struct pc_keymap *map)
{
    for (size_t i = 0; i < map->count; i++) {
        free(map->bindings[i].macro);
    }
    free(map->bindings);
    *map = (struct pc_keymap){0};
}

/* ---- binding */

/* Whether the binding's sequence begins with these keys. */
static bool
has_keys(const struct pc_binding *binding, const uint32_t *keys, size_t count)
{
    size_t same = 0;
    while (same < count && binding->keys[same] == keys[same]) {
        same++;
    }
    return same == count && binding->key_count >= count;
}

/* The binding of this sequence, there already or made now. */
static int
place_for(struct pc_keymap *map, const uint32_t *keys, size_t key_count,
          struct pc_binding **ret_binding)
{
    if (key_count == 0 || key_count > PC_KEYMAP_SEQUENCE_MOST ||
        map->count == PC_KEYMAP_BINDINGS_MOST) {
        return PYCONSOLE_ELIMIT;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (map->bindings[i].key_count == key_count &&
            has_keys(&map->bindings[i], keys, key_count)) {
            *ret_binding = &map->bindings[i];
            return PYCONSOLE_OK;
        }
    }
    if (map->count == map->cap) {
        size_t cap = map->cap == 0 ? 128 : map->cap * 2;
        struct pc_binding *bindings = realloc(map->bindings, cap * sizeof *bindings);
        if (bindings == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        map->bindings = bindings;
        map->cap = cap;
    }
    struct pc_binding *binding = &map->bindings[map->count++];
    *binding = (struct pc_binding){.key_count = (uint8_t)key_count};
    memcpy(binding->keys, keys, key_count * sizeof *keys);
    *ret_binding = binding;
    return PYCONSOLE_OK;
}

int
pc_keymap_bind(struct pc_keymap *map, const uint32_t *keys, size_t key_count,
               int command)
{
    struct pc_binding *binding = NULL;
    int status = place_for(map, keys, key_count, &binding);
    if (status < 0) {
        return status;
    }
    free(binding->macro);
    binding->macro = NULL;
    binding->macro_count = 0;
    binding->command = command;
    return PYCONSOLE_OK;
}

int
pc_keymap_bind_macro(struct pc_keymap *map, const uint32_t *keys, size_t key_count,
                     const uint32_t *macro, size_t macro_count)
{
    if (macro_count > PC_KEYMAP_MACRO_MOST) {
        return PYCONSOLE_ELIMIT;
    }
    uint32_t *copy = malloc((macro_count + 1) * sizeof *copy);
    if (copy == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    struct pc_binding *binding = NULL;
    int status = place_for(map, keys, key_count, &binding);
    if (status < 0) {
        free(copy);
        return status;
    }
    if (macro_count > 0) {
        memcpy(copy, macro, macro_count * sizeof *copy);
    }
    free(binding->macro);
    binding->macro = copy;
    binding->macro_count = macro_count;
    binding->command = -1;
    return PYCONSOLE_OK;
}

/* ---- looking up */

enum pc_keymap_found
pc_keymap_find(const struct pc_keymap *map, const uint32_t *keys, size_t key_count,
               const struct pc_binding **ret_binding)
{
    bool prefix = false;
    *ret_binding = NULL;
    for (size_t i = 0; i < map->count; i++) {
        const struct pc_binding *binding = &map->bindings[i];
        if (!has_keys(binding, keys, key_count) ||
            (binding->command < 0 && binding->macro == NULL)) {
            continue;
        }
        if (binding->key_count == key_count) {
            *ret_binding = binding;
        }
        else {
            prefix = true;
        }
    }
    return prefix                 ? PC_KEYMAP_PREFIX
           : *ret_binding == NULL ? PC_KEYMAP_NOTHING
                                  : PC_KEYMAP_BOUND;
}

/* ---- the tables */

/* How many keys the text names; 0 if it is no sequence. */
static size_t
read_keys(const char *text, uint32_t keys[PC_KEYMAP_SEQUENCE_MOST])
{
    size_t count = 0;
    while (*text != '\0') {
        struct pc_key key;
        size_t len = pc_key_parse(text, strlen(text), &key);
        if (len == 0 || count == PC_KEYMAP_SEQUENCE_MOST) {
            return 0;
        }
        keys[count++] = pc_key_code(&key);
        text += len + (text[len] == ' ');
    }
    return count;
}

int
pc_keymap_bind_text(struct pc_keymap *map, const char *keys, int command)
{
    uint32_t codes[PC_KEYMAP_SEQUENCE_MOST];
    size_t count = read_keys(keys, codes);
    return count == 0 ? PYCONSOLE_EINVAL : pc_keymap_bind(map, codes, count, command);
}

int
pc_keymap_fill(struct pc_keymap *map, enum pc_keymap_name name)
{
    static const struct pc_default_binding *const tables[PC_KEYMAP_COUNT] = {
        [PC_KEYMAP_EMACS] = pc_keymap_emacs,
        [PC_KEYMAP_VI_INSERT] = pc_keymap_vi_insert,
        [PC_KEYMAP_VI_COMMAND] = pc_keymap_vi_command,
    };
    int status = PYCONSOLE_OK;
    const struct pc_default_binding *entry = tables[name];
    for (; entry->keys != NULL && status >= 0; entry++) {
        status = pc_keymap_bind_text(map, entry->keys, (int)entry->command);
    }
    return status;
}
