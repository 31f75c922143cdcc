/* The acceptor's stack of frames, and the names that open frames hold.
 *
 * A name is held as a hash: two names that share one count as the same, and the line is
 * asked. So is what does not fit. */
#include <string.h>

#include "lexer/acceptor_parts.h"

enum {
    LOAD_FRAME = 2,
    ELEMENTS_BEFORE_STAR = 200, /* CPython's limit is 255 */
};

struct pc_acceptor_frame *
pc_acceptor_top(struct pc_acceptor *a)
{
    return &a->frames[a->frame_count - 1];
}

bool
pc_acceptor_push(struct pc_acceptor *a, enum frame_kind kind, enum frame_state state,
                 unsigned allow)
{
    const struct pc_acceptor_frame *outer =
        a->frame_count > 0 ? pc_acceptor_top(a) : NULL;
    unsigned load = outer == NULL ? 0 : outer->load + LOAD_FRAME;
    if (a->frame_count == PC_ACCEPTOR_FRAMES_MOST || load > PC_ACCEPTOR_LOAD_MOST) {
        return false;
    }
    a->frames[a->frame_count++] = (struct pc_acceptor_frame){
        .kind = kind,
        .state = state,
        .allow = (uint8_t)allow,
        .forbid = outer == NULL ? 0 : outer->forbid,
        .load = (uint8_t)load,
        .load_base = (uint8_t)load,
        .names = a->name_count,
    };
    return true;
}

void
pc_acceptor_pop(struct pc_acceptor *a)
{
    a->name_count = pc_acceptor_top(a)->names;
    a->frame_count--;
}

void
pc_acceptor_next_element(struct pc_acceptor_frame *f)
{
    f->state = STATE_EXPRESSION;
    f->target = TARGET_NONE;
    f->element = 0;
    f->load = f->load_base;
}

void
pc_acceptor_end_element(struct pc_acceptor_frame *f)
{
    if (f->target == TARGET_NONE) {
        f->flags |= FLAG_NO_TARGETS;
    }
    f->count += f->count < UINT8_MAX;
    f->flags |= FLAG_COMMA;
    pc_acceptor_next_element(f);
}

bool
pc_acceptor_is_target(const struct pc_acceptor_frame *f)
{
    bool begun = f->element & ELEMENT_BEGUN;
    if (f->flags & (FLAG_NO_TARGETS | FLAG_YIELD | FLAG_COMPREHENSION) ||
        (begun && f->target == TARGET_NONE)) {
        return false;
    }
    if (f->stars > 0 && f->kind != FRAME_LIST && !(f->flags & FLAG_COMMA)) {
        return false;
    }
    return f->stars == 0 || (f->stars == 1 && f->count < ELEMENTS_BEFORE_STAR);
}

bool
pc_acceptor_load(struct pc_acceptor_frame *f)
{
    f->load++;
    return f->load <= PC_ACCEPTOR_LOAD_MOST;
}

/* FNV-1a. */
uint32_t
pc_acceptor_hash(const struct word *word, uint32_t salt)
{
    uint32_t value = 2166136261u ^ (salt * 40503u);
    for (size_t i = 0; i < word->token->length; i++) {
        value = (value ^ (unsigned char)word->text[i]) * 16777619u;
    }
    return value;
}

bool
pc_acceptor_hold(struct pc_acceptor *a, size_t first, uint32_t name)
{
    if (a->name_count == PC_ACCEPTOR_NAMES_MOST) {
        return false;
    }
    for (size_t i = first; i < a->name_count; i++) {
        if (a->names[i] == name) {
            return false;
        }
    }
    a->names[a->name_count++] = name;
    return true;
}

bool
pc_acceptor_word_is(const struct word *word, const char *text)
{
    size_t len = strlen(text);
    return word->text != NULL && word->token->length == len &&
           memcmp(word->text, text, len) == 0;
}
