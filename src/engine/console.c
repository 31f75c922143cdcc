/* InteractiveConsole: prompts, a buffer of lines, and the loop that reads them. Follows
 * Lib/code.py. */
#include "engine/engine.h"

/* ---- resetbuffer, raw_input ---- */

PyObject *
pc_resetbuffer(struct pc_console *con)
{
    pc_auto_py PyObject *buffer = PyList_New(0);
    if (buffer == NULL || con->hooks->set(con, PC_BUFFER, buffer) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyObject *
pc_raw_input(struct pc_console *con, PyObject *prompt)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *input = pc_code_global(e, e->name.input);
    return input == NULL ? NULL : PyObject_CallOneArg(input, prompt);
}

static PyObject *
call_without_arguments(struct pc_console *con, enum pc_method method)
{
    PyObject *args[] = {NULL};
    return con->hooks->call(con, method, args, 0, NULL);
}

/* ---- interact: what it says ---- */

/* write(text). `found` is the method, or NULL: not looked up yet. */
static int
write_line(struct pc_console *con, PyObject *found, PyObject *text)
{
    if (text == NULL) {
        return -1;
    }
    PyObject *args[] = {NULL, text};
    pc_auto_py PyObject *result = pc_call_found(con, found, PC_WRITE, args, 1, NULL);
    return result == NULL ? -1 : 0;
}

static int
write_string(struct pc_console *con, const char *string)
{
    pc_auto_py PyObject *text = PyUnicode_FromString(string);
    return write_line(con, NULL, text);
}

static PyObject *
default_banner(struct pc_console *con)
{
    struct pc_engine *e = con->engine;
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    if (sys == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *version = PyObject_GetAttr(sys, e->name.version);
    pc_auto_py PyObject *platform =
        version == NULL ? NULL : PyObject_GetAttr(sys, e->name.platform);
    pc_auto_py PyObject *class_name =
        platform == NULL ? NULL : con->hooks->get(con, PC_CLASS_NAME);
    if (class_name == NULL) {
        return NULL;
    }
    return PyUnicode_FromFormat(
        "Python %S on %S\n"
        "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information."
        "\n(%S)\n",
        version, platform, class_name);
}

static PyObject *
given_banner(struct pc_console *con, PyObject *banner)
{
    pc_auto_py PyObject *string = PyObject_Str(banner);
    return string == NULL ? NULL : PyUnicode_Concat(string, con->engine->newline);
}

static int
write_banner(struct pc_console *con, PyObject *banner)
{
    int given = banner == Py_None ? 1 : PyObject_IsTrue(banner);
    if (given <= 0) {
        return given;
    }
    pc_auto_py PyObject *found = con->hooks->find(con, PC_WRITE);
    if (found == NULL && PyErr_Occurred()) {
        return -1;
    }
    pc_auto_py PyObject *text =
        banner == Py_None ? default_banner(con) : given_banner(con, banner);
    return write_line(con, found, text);
}

static PyObject *
default_exit_message(struct pc_console *con)
{
    pc_auto_py PyObject *class_name = con->hooks->get(con, PC_CLASS_NAME);
    return class_name == NULL ? NULL
                              : PyUnicode_FromFormat("now exiting %S...\n", class_name);
}

static PyObject *
given_exit_message(PyObject *exitmsg)
{
    pc_auto_py PyObject *format = PyUnicode_FromString("%s\n");
    return format == NULL ? NULL : PyUnicode_Format(format, exitmsg);
}

static int
write_exit_message(struct pc_console *con, PyObject *exitmsg)
{
    int given = exitmsg == Py_None
                    ? 1
                    : PyObject_RichCompareBool(exitmsg, con->engine->empty, Py_NE);
    if (given <= 0) {
        return given;
    }
    pc_auto_py PyObject *found = con->hooks->find(con, PC_WRITE);
    if (found == NULL && PyErr_Occurred()) {
        return -1;
    }
    pc_auto_py PyObject *text =
        exitmsg == Py_None ? default_exit_message(con) : given_exit_message(exitmsg);
    return write_line(con, found, text);
}

/* ---- interact: what it changes and puts back ---- */

/* What interact() changed outside the console. */
struct changes {
    PyObject *exit; /* builtins.exit and builtins.quit before, or NULL */
    PyObject *quit;
    bool ps1_set;
    bool ps2_set;
};

/* Sets sys.NAME to `prompt` if there is none. */
static int
ensure_prompt(struct pc_engine *e, PyObject *name, const char *prompt, bool *ret_set)
{
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    if (sys == NULL) {
        return -1;
    }
    pc_auto_py PyObject *present = PyObject_GetAttr(sys, name);
    if (present != NULL) {
        return 0;
    }
    if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return -1;
    }
    struct pc_except block = pc_except_begin();
    pc_auto_py PyObject *value = PyUnicode_FromString(prompt);
    int status = value == NULL ? -1 : PyObject_SetAttr(sys, name, value);
    pc_except_end(&block);
    *ret_set = status == 0;
    return status;
}

/* Puts a Quitter at builtins.NAME, if there is such a name: *ret_before owns what was
 * there. */
static int
replace_builtin(struct pc_engine *e, PyObject *name, PyObject **ret_before)
{
    pc_auto_py PyObject *builtins = pc_code_global(e, e->name.builtins);
    if (builtins == NULL) {
        return -1;
    }
    pc_auto_py PyObject *before = PyObject_GetAttr(builtins, name);
    if (before == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear();
        return 0;
    }
    pc_auto_py PyObject *quitter_class = pc_code_global(e, e->name.Quitter);
    pc_auto_py PyObject *quitter =
        quitter_class == NULL ? NULL : PyObject_CallOneArg(quitter_class, name);
    if (quitter == NULL || PyObject_SetAttr(builtins, name, quitter) < 0) {
        return -1;
    }
    *ret_before = pc_take(&before);
    return 0;
}

static int
leave_locally(struct pc_console *con)
{
    if (!con->engine->dialect.local_exit) {
        return 0;
    }
    pc_auto_py PyObject *local_exit = con->hooks->get(con, PC_LOCAL_EXIT);
    return local_exit == NULL ? -1 : PyObject_IsTrue(local_exit);
}

static int
replace_builtins(struct pc_console *con, struct changes *changes)
{
    struct pc_engine *e = con->engine;
    int local = leave_locally(con);
    if (local <= 0) {
        return local;
    }
    if (replace_builtin(e, e->name.exit, &changes->exit) < 0) {
        return -1;
    }
    return replace_builtin(e, e->name.quit, &changes->quit);
}

static int
restore_builtin(struct pc_engine *e, PyObject *name, PyObject *before)
{
    if (before == NULL || before == Py_None) {
        return 0;
    }
    pc_auto_py PyObject *builtins = pc_code_global(e, e->name.builtins);
    return builtins == NULL ? -1 : PyObject_SetAttr(builtins, name, before);
}

static int
remove_prompt(struct pc_engine *e, PyObject *name, bool set)
{
    if (!set || !e->dialect.prompts_removed) {
        return 0;
    }
    pc_auto_py PyObject *sys = pc_code_global(e, e->name.sys);
    return sys == NULL ? -1 : PyObject_DelAttr(sys, name);
}

/* Puts back what was changed and says good-bye: the `finally` block from 3.13 on. */
static int
finish(struct pc_console *con, struct changes *changes, PyObject *exitmsg)
{
    struct pc_engine *e = con->engine;
    if (restore_builtin(e, e->name.exit, changes->exit) < 0 ||
        restore_builtin(e, e->name.quit, changes->quit) < 0 ||
        remove_prompt(e, e->name.ps1, changes->ps1_set) < 0 ||
        remove_prompt(e, e->name.ps2, changes->ps2_set) < 0) {
        return -1;
    }
    return write_exit_message(con, exitmsg);
}

/* ---- interact: the loop ---- */

enum step { STEP_FAILED = -1, STEP_ON, STEP_END };

static enum step
end_of_file(struct pc_console *con)
{
    struct pc_except block = pc_except_begin();
    int written = write_string(con, "\n");
    pc_except_end(&block);
    return written < 0 ? STEP_FAILED : STEP_END;
}

/* One prompt, one line; `*more` is what push() gave last, and owned. */
static enum step
read_and_push(struct pc_console *con, PyObject **more)
{
    struct pc_engine *e = con->engine;
    int continued = PyObject_IsTrue(*more);
    pc_auto_py PyObject *sys = continued < 0 ? NULL : pc_code_global(e, e->name.sys);
    pc_auto_py PyObject *prompt =
        sys == NULL ? NULL
                    : PyObject_GetAttr(sys, continued ? e->name.ps2 : e->name.ps1);
    if (prompt == NULL) {
        return STEP_FAILED;
    }
    PyObject *args[] = {NULL, prompt};
    pc_auto_py PyObject *line = con->hooks->call(con, PC_RAW_INPUT, args, 1, NULL);
    if (line == NULL) {
        return PyErr_ExceptionMatches(PyExc_EOFError) ? end_of_file(con) : STEP_FAILED;
    }
    PyObject *push_args[] = {NULL, line};
    PyObject *answer = con->hooks->call(con, PC_PUSH, push_args, 1, NULL);
    if (answer == NULL) {
        return STEP_FAILED;
    }
    Py_SETREF(*more, answer);
    return PyErr_CheckSignals() < 0 ? STEP_FAILED : STEP_ON;
}

static enum step
interrupted(struct pc_console *con, PyObject **more)
{
    struct pc_except block = pc_except_begin();
    enum step step = STEP_FAILED;
    if (write_string(con, "\nKeyboardInterrupt\n") == 0) {
        pc_auto_py PyObject *reset = call_without_arguments(con, PC_RESETBUFFER);
        step = reset == NULL ? STEP_FAILED : STEP_ON;
    }
    pc_except_end(&block);
    Py_SETREF(*more, Py_NewRef(con->engine->zero));
    return step;
}

/* `exit()` was called: ends the console when it is to end alone, or goes on up. */
static enum step
exit_asked(struct pc_console *con)
{
    struct pc_except block = pc_except_begin();
    int local = leave_locally(con);
    if (local == 0) {
        pc_except_reraise(&block);
        return STEP_FAILED;
    }
    enum step step = STEP_FAILED;
    if (local > 0 && write_string(con, "\n") == 0) {
        step = STEP_END;
    }
    pc_except_end(&block);
    return step;
}

/* All of them, in an editor; or one, where there is none. */
static enum step
take_lines(struct pc_console *con, PyObject **more)
{
    int edited = con->hooks->edit == NULL ? 0 : con->hooks->edit(con);
    return edited < 0 ? STEP_FAILED : edited > 0 ? STEP_END : read_and_push(con, more);
}

static int
loop(struct pc_console *con)
{
    pc_auto_py PyObject *more = Py_NewRef(con->engine->zero);
    for (;;) {
        enum step step = take_lines(con, &more);
        if (step == STEP_FAILED && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
            step = interrupted(con, &more);
        }
        else if (step == STEP_FAILED && con->engine->dialect.local_exit &&
                 PyErr_ExceptionMatches(PyExc_SystemExit)) {
            step = exit_asked(con);
        }
        if (step != STEP_ON) {
            return step == STEP_END ? 0 : -1;
        }
    }
}

static int
loop_and_finish(struct pc_console *con, struct changes *changes, PyObject *exitmsg)
{
    int looped = loop(con);
    if (looped == 0) {
        return finish(con, changes, exitmsg);
    }
    if (!con->engine->dialect.local_exit) {
        return -1;
    }
    struct pc_except block = pc_except_begin();
    int finished = finish(con, changes, exitmsg);
    if (finished < 0) {
        pc_except_end(&block);
        return -1;
    }
    pc_except_reraise(&block);
    return -1;
}

PyObject *
pc_interact(struct pc_console *con, PyObject *banner, PyObject *exitmsg)
{
    struct pc_engine *e = con->engine;
    struct changes changes = {0};
    int status = -1;
    if (ensure_prompt(e, e->name.ps1, ">>> ", &changes.ps1_set) == 0 &&
        ensure_prompt(e, e->name.ps2, "... ", &changes.ps2_set) == 0 &&
        write_banner(con, banner) == 0 && replace_builtins(con, &changes) == 0) {
        status = loop_and_finish(con, &changes, exitmsg);
    }
    Py_CLEAR(changes.exit);
    Py_CLEAR(changes.quit);
    if (status < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}
