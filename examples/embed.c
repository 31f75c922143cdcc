/* A program that opens a Python console on its own data.
 *
 * It has measurements and lets the user look at them: the lines come from standard input
 * through the read callback, what the console writes goes through the write callback, and
 * afterwards the program takes back what the user computed.
 *
 *   cc embed.c $(pkg-config --cflags --libs pyconsole-embed) -o embed
 *   printf 'mean = sum(volts) / len(volts)\n' | ./embed
 */
#include <stdio.h>
#include <string.h>

#include <pyconsole/console.h>

struct terminal {
    char line[4096];
    int written; /* bytes that the console wrote */
};

static int
write_text(void *userdata, const char *text, size_t len)
{
    struct terminal *terminal = userdata;
    terminal->written += (int)len;
    return fwrite(text, 1, len, stderr) == len ? PYCONSOLE_OK : PYCONSOLE_EUSER;
}

static int
read_line(void *userdata, const char *prompt, const char **ret_line, size_t *ret_len)
{
    struct terminal *terminal = userdata;
    fputs(prompt, stderr);
    if (fgets(terminal->line, sizeof terminal->line, stdin) == NULL) {
        return PYCONSOLE_EEOF;
    }
    *ret_line = terminal->line;
    *ret_len = strcspn(terminal->line, "\n");
    return PYCONSOLE_OK;
}

static int
run(pyconsole_console *console)
{
    static const double volts[] = {1.25, 2.5, 3.75, 5.0};
    const char *mean = NULL;
    if (pyconsole_console_set_doubles(console, "volts", volts, 4) < 0 ||
        pyconsole_console_set_string(console, "unit", "V", PYCONSOLE_TERMINATED) < 0) {
        return -1;
    }
    int status = pyconsole_console_interact(
        console, "volts has the measurements; set mean.", "back in the program");
    if (status == PYCONSOLE_EEXIT) {
        printf("the user left with %d\n", pyconsole_console_exit_code(console));
    }
    else if (status < 0) {
        return -1;
    }
    if (pyconsole_console_get_string(console, "mean", &mean, NULL) == PYCONSOLE_OK) {
        printf("mean is %s\n", mean);
    }
    return 0;
}

int
main(void)
{
    struct terminal terminal = {.written = 0};
    pyconsole_console_options options = PYCONSOLE_CONSOLE_OPTIONS_INIT;
    options.userdata = &terminal;
    options.name = "embed";
    options.write = write_text;
    options.read = read_line;

    pyconsole_python *python = NULL;
    pyconsole_console *console = NULL;
    pyconsole_error error = {0};
    if (pyconsole_python_start(NULL, &python, &error) < 0 ||
        pyconsole_console_new(python, &options, &console, &error) < 0) {
        fprintf(stderr, "embed: %s\n", error.message);
        pyconsole_python_stop(python);
        return 1;
    }
    int failed = run(console);
    if (failed) {
        fprintf(stderr, "embed: %s\n", pyconsole_console_message(console));
    }
    pyconsole_console_free(console);
    pyconsole_python_stop(python);
    return failed ? 1 : 0;
}
