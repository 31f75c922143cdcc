/* The history as a text: in the pager, and what %history shows of all sessions. What it
 * shows of this one is the session's own (python/pyconsole/_commands.py), which has the
 * numbers of its blocks. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "repl/parts.h"

enum { LATEST = 10 };

/* Which entries: with stars in it the pattern is a shell's, else it stands in the text. */
struct wanted {
    const char *pattern;
    size_t most;
};

static bool
has_stars(const char *pattern)
{
    return strpbrk(pattern, "*?[") != NULL;
}

/* Appends entries, the latest last. */
static int
append_entries(struct pc_history_search *found, const struct wanted *wanted,
               struct pc_bytes *text)
{
    pc_auto_bytes struct pc_bytes pattern = {0};
    int status = pc_bytes_append_format(
        &pattern, has_stars(wanted->pattern) ? "*%s*" : "*", wanted->pattern);
    size_t count = pc_history_search_count(found);
    count = count < wanted->most ? count : wanted->most;
    while (count > 0 && status == PYCONSOLE_OK) {
        struct pc_history_entry entry;
        if (pc_history_search_entry(found, --count, &entry) > 0 &&
            fnmatch(pattern.data, entry.text, 0) == 0) {
            status = pc_bytes_append_format(text, "%s\n", entry.text);
        }
    }
    return status;
}

static int
list(struct pc_repl *repl, const struct wanted *wanted, struct pc_bytes *text)
{
    struct pc_history_filter filter = {.text = ""};
    struct pc_history_search *found = NULL;
    if (!has_stars(wanted->pattern)) {
        filter.text = wanted->pattern;
        filter.len = strlen(wanted->pattern);
    }
    int status = pc_history_search_new(repl->history, &filter, &found);
    do {
        status = status < 0 ? status : pc_history_search_more(found, SIZE_MAX);
    } while (status == PYCONSOLE_MORE);
    if (status == PYCONSOLE_OK) {
        status = append_entries(found, wanted, text);
    }
    pc_history_search_free(found);
    return status;
}

int
pc_repl_show_history(struct pc_repl *repl)
{
    pc_auto_bytes struct pc_bytes text = {0};
    struct wanted all = {"", SIZE_MAX};
    int status = list(repl, &all, &text);
    return status < 0 ? status : pc_repl_page(repl, pc_bytes_text(&text), text.len);
}

/* ---- %history -g [PATTERN], %history -l [NUMBER] ---- */

static bool
has_option(const char *arguments, const char *option)
{
    return strncmp(arguments, option, 2) == 0 &&
           (arguments[2] == ' ' || arguments[2] == '\0');
}

bool
pc_repl_is_about_all_sessions(const char *arguments)
{
    return has_option(arguments, "-g") || has_option(arguments, "-l");
}

int
pc_repl_serve_history(struct pc_repl *repl, const char *arguments)
{
    pc_auto_bytes struct pc_bytes text = {0};
    const char *rest = arguments + 2 + strspn(arguments + 2, " ");
    struct wanted wanted = {"", SIZE_MAX};
    if (has_option(arguments, "-g")) {
        wanted.pattern = rest;
    }
    else {
        char *end = NULL;
        wanted.most = *rest == '\0' ? LATEST : strtoul(rest, &end, 10);
        if (end != NULL && (end == rest || *end != '\0')) {
            return pc_repl_say(repl, "pyconsole: %history -l takes a number");
        }
    }
    int status = list(repl, &wanted, &text);
    return status < 0 ? status
                      : pc_repl_print_text(repl, pc_bytes_text(&text), text.len);
}
