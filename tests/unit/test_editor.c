/* The editor by its scripts: each case of tests/data/editor.case is a test of its own.
 *
 *     === title            "vi: …" starts in vi's command mode
 *     text                 one | is where the cursor is, here and below
 *     --- keys             in the notation of key.h; "typed" is typed, P"pasted" is pasted
 *     text
 *     !!! REQUESTS         those that came, but NONE; left out if there are none
 *
 * The host here answers ENTER with pc_editor_newline, and nothing else. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "edit/editor.h"

enum { CASES_MOST = 1000 };

struct script {
    char *title;
    struct pc_bytes before;
    struct pc_bytes keys;
    struct pc_bytes after;
    struct pc_bytes requests;
};

/* ---- reading */

static char *
read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    struct pc_bytes bytes = {0};
    char buf[4096];
    for (size_t len; (len = fread(buf, 1, sizeof buf, file)) > 0;) {
        assert_int_equal(pc_bytes_append(&bytes, buf, len), 0);
    }
    fclose(file);
    return bytes.data;
}

static void
append_line(struct pc_bytes *bytes, const char *line, const char *separator)
{
    if (bytes->data != NULL) {
        pc_bytes_append_text(bytes, separator);
    }
    pc_bytes_append_text(bytes, line);
}

static size_t
read_scripts(char *text, struct script *scripts)
{
    size_t count = 0;
    struct script *script = NULL;
    struct pc_bytes *target = NULL;
    for (char *line = text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        if (strncmp(line, "=== ", 4) == 0) {
            assert_true(count < CASES_MOST);
            script = &scripts[count++];
            *script = (struct script){.title = line + 4};
            target = &script->before;
        }
        else if (script != NULL && strncmp(line, "--- ", 4) == 0) {
            append_line(&script->keys, line + 4, " ");
            target = &script->after;
        }
        else if (script != NULL && strncmp(line, "!!! ", 4) == 0) {
            append_line(&script->requests, line + 4, " ");
        }
        else if (script != NULL && (next != NULL || *line != '\0')) {
            append_line(target, line, "\n");
        }
    }
    return count;
}

/* ---- playing */

static const char *
request_name(int request)
{
#define NAME(name) #name,
    static const char *const names[] = {PC_EDIT_REQUESTS(NAME)};
#undef NAME
    assert_true(request >= 0 && request < PC_EDIT_REQUEST_COUNT);
    return names[request];
}

static void
serve(struct pc_editor *editor, int request, struct pc_bytes *requests)
{
    for (;;) {
        if (request != PC_EDIT_NONE) {
            append_line(requests, request_name(request), " ");
        }
        if (request == PC_EDIT_ENTER) {
            assert_int_equal(pc_editor_newline(editor), 0);
        }
        if (!pc_editor_is_playing(editor)) {
            break;
        }
        request = pc_editor_play(editor);
    }
}

/* What stands in quotes, with \n, \t, \r and \\ in it; returns the end. */
static const char *
read_quoted(const char *at, struct pc_bytes *text)
{
    for (at++; *at != '"'; at++) {
        assert_true(*at != '\0');
        char byte = *at;
        if (byte == '\\') {
            at++;
            byte = *at == 'n' ? '\n' : *at == 't' ? '\t' : *at == 'r' ? '\r' : *at;
        }
        pc_bytes_append_byte(text, byte);
    }
    return at + 1;
}

static void
type(struct pc_editor *editor, const struct pc_bytes *typed, struct pc_bytes *requests)
{
    struct pc_key_decoder decoder = {0};
    struct pc_key key;
    pc_key_decoder_feed(&decoder, typed->data, typed->len);
    while (pc_key_decoder_next(&decoder, &key) == 1) {
        serve(editor, pc_editor_key(editor, &key), requests);
    }
    pc_key_decoder_fini(&decoder);
}

static void
play(struct pc_editor *editor, const char *at, struct pc_bytes *requests)
{
    while (*at != '\0') {
        struct pc_bytes text = {0};
        struct pc_key key;
        if (*at == ' ') {
            at++;
        }
        else if (*at == '"') {
            at = read_quoted(at, &text);
            type(editor, &text, requests);
        }
        else if (strncmp(at, "P\"", 2) == 0) {
            at = read_quoted(at + 1, &text);
            key = (struct pc_key){
                .kind = PC_KEY_PASTE, .text = pc_bytes_text(&text), .len = text.len};
            serve(editor, pc_editor_key(editor, &key), requests);
        }
        else {
            size_t len = pc_key_parse(at, strlen(at), &key);
            assert_true(len > 0);
            serve(editor, pc_editor_key(editor, &key), requests);
            at += len;
        }
        pc_bytes_fini(&text);
    }
}

/* ---- the test */

static void
set_marked(struct pc_editor *editor, const char *marked)
{
    const char *cursor = strchr(marked, '|');
    assert_non_null(cursor);
    struct pc_bytes text = {0};
    pc_bytes_append(&text, marked, (size_t)(cursor - marked));
    pc_bytes_append_text(&text, cursor + 1);
    assert_int_equal(pc_editor_set_text(editor, pc_bytes_text(&text), text.len), 0);
    pc_undo_clear(&editor->undo);
    pc_editor_go(editor, (size_t)(cursor - marked));
    pc_bytes_fini(&text);
}

static void
check_script(void **state)
{
    const struct script *script = *state;
    struct pc_editor editor;
    struct pc_bytes requests = {0};
    struct pc_bytes text = {0};
    assert_int_equal(pc_editor_init(&editor, PC_PYTHON_3_13), 0);
    set_marked(&editor, pc_bytes_text(&script->before));
    if (strncmp(script->title, "vi: ", 4) == 0) {
        pc_editor_use_vi(&editor, true);
        play(&editor, "Escape", &requests);
        pc_editor_go(&editor, (size_t)(strchr(pc_bytes_text(&script->before), '|') -
                                       pc_bytes_text(&script->before)));
    }
    play(&editor, pc_bytes_text(&script->keys), &requests);
    pc_bytes_append(&text, editor.text.bytes, editor.text.len);
    pc_bytes_replace(&text, editor.cursor, editor.cursor, "|", 1);
    assert_string_equal(pc_bytes_text(&text), pc_bytes_text(&script->after));
    assert_string_equal(pc_bytes_text(&requests), pc_bytes_text(&script->requests));
    pc_bytes_fini(&text);
    pc_bytes_fini(&requests);
    pc_editor_fini(&editor);
}

int
main(void)
{
    static struct script scripts[CASES_MOST];
    static struct CMUnitTest tests[CASES_MOST];
    char *text = read_file(PC_TESTS_DATA "/editor.case");
    size_t count = read_scripts(text, scripts);
    for (size_t i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){
            .name = scripts[i].title,
            .test_func = check_script,
            .initial_state = &scripts[i],
        };
    }
    int failed = _cmocka_run_group_tests("editor", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        pc_bytes_fini(&scripts[i].before);
        pc_bytes_fini(&scripts[i].keys);
        pc_bytes_fini(&scripts[i].after);
        pc_bytes_fini(&scripts[i].requests);
    }
    free(text);
    return failed + (count == 0);
}
