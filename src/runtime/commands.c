/* What a person can type besides Python: bare words, and commands as IPython spells them. What
 * there is, and what it does, is in modules pyconsole.commands and ._commands. Here a look
 * at a few characters decides whether they are asked, so that Python costs nothing more. */
#include "runtime/worker.h"

#include <string.h>

static const char *const words[] = {"clear", "copyright", "credits", "exit",
                                    "help",  "license",   "quit"};

/* ---- could it be one? ---- */

/* A text without the blanks around it. */
struct trimmed {
    PyObject *text; /* borrowed */
    Py_ssize_t start;
    Py_ssize_t end;
};

static Py_UCS4
char_at(const struct trimmed *t, Py_ssize_t i)
{
    return i < t->end ? PyUnicode_READ_CHAR(t->text, i) : 0;
}

static struct trimmed
trim(PyObject *text)
{
    struct trimmed t = {text, 0, PyUnicode_GET_LENGTH(text)};
    while (t.start < t.end && Py_UNICODE_ISSPACE(char_at(&t, t.start))) {
        t.start++;
    }
    while (t.end > t.start && Py_UNICODE_ISSPACE(char_at(&t, t.end - 1))) {
        t.end--;
    }
    return t;
}

static bool
equals(const struct trimmed *t, const char *word)
{
    Py_ssize_t len = (Py_ssize_t)strlen(word);
    bool equal = t->end - t->start == len;
    for (Py_ssize_t i = 0; equal && i < len; i++) {
        equal = char_at(t, t->start + i) == (unsigned char)word[i];
    }
    return equal;
}

static bool
is_word(const struct trimmed *t)
{
    bool found = false;
    for (size_t i = 0; i < sizeof words / sizeof *words && !found; i++) {
        found = equals(t, words[i]);
    }
    return found;
}

static bool
is_question(const struct trimmed *t)
{
    return char_at(t, t->end - 1) == '?' &&
           PyUnicode_FindChar(t->text, '\n', t->start, t->end, 1) < 0;
}

static Py_ssize_t
skip_spaces(const struct trimmed *t, Py_ssize_t i)
{
    while (char_at(t, i) == ' ') {
        i++;
    }
    return i;
}

/* NAME = ! or %, which no expression begins with. */
static bool
is_assignment(const struct trimmed *t)
{
    Py_ssize_t i = t->start;
    while (Py_UNICODE_ISALNUM(char_at(t, i)) || char_at(t, i) == '_') {
        i++;
    }
    i = skip_spaces(t, i);
    Py_UCS4 mark = char_at(t, i) == '=' ? char_at(t, skip_spaces(t, i + 1)) : 0;
    return mark == '!' || mark == '%';
}

static bool
may_be_command(const struct pc_worker *worker, PyObject *text)
{
    struct trimmed t = trim(text);
    if (!worker->prompting || t.start == t.end) {
        return false;
    }
    Py_UCS4 first = char_at(&t, t.start);
    return is_word(&t) ||
           (worker->commanding && (first == '%' || first == '!' || first == '?' ||
                                   is_question(&t) || is_assignment(&t)));
}

/* ---- commands ---- */

static PyObject *
module_member(const char *name)
{
    pc_auto_py PyObject *module = PyImport_ImportModule("pyconsole.commands");
    return module == NULL ? NULL : PyObject_GetAttrString(module, name);
}

/* ---- completing ---- */

static int
read_asked(PyObject *found, struct pc_asked *ret_asked)
{
    static const struct {
        const char *name;
        enum pc_asked_what what;
    } kinds[] = {
        {"name", PC_ASKED_NAME}, {"file", PC_ASKED_FILE}, {"folder", PC_ASKED_FOLDER}};
    const char *kind = NULL;
    Py_ssize_t start = 0;
    PyObject *more = NULL;
    if (!PyArg_ParseTuple(found, "snO", &kind, &start, &more)) {
        return -1;
    }
    *ret_asked = (struct pc_asked){.start = (size_t)start, .quoted = more == Py_True};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i].name) == 0) {
            ret_asked->what = kinds[i].what;
        }
    }
    ret_asked->names = ret_asked->what == PC_ASKED_NAME ? more : NULL;
    return 0;
}

int
pc_command_asked(struct pc_worker *worker, const char *text, size_t cursor,
                 struct pc_asked *ret_asked, PyObject **ret_found)
{
    pc_auto_py PyObject *typed =
        PyUnicode_DecodeUTF8(text, (Py_ssize_t)cursor, "replace");
    if (typed == NULL || !may_be_command(worker, typed)) {
        return typed == NULL ? -1 : 0;
    }
    pc_auto_py PyObject *asked = module_member("asked");
    pc_auto_py PyObject *found =
        asked == NULL ? NULL : PyObject_CallOneArg(asked, typed);
    if (found == NULL || found == Py_None) {
        return found == NULL ? -1 : 0;
    }
    if (read_asked(found, ret_asked) < 0) {
        return -1;
    }
    *ret_found = pc_take(&found);
    return 0;
}

/* ---- running ---- */

void
pc_worker_command_fini(struct pc_worker_command *command)
{
    Py_CLEAR(command->function);
    Py_CLEAR(command->rest);
}

int
pc_worker_find_command(struct pc_worker *worker, PyObject *source,
                       struct pc_worker_command *ret_command)
{
    if (!may_be_command(worker, source)) {
        return 0;
    }
    pc_auto_py PyObject *find = module_member("find");
    pc_auto_py PyObject *found =
        find == NULL ? NULL
                     : PyObject_CallFunction(find, "OOO", source, worker->native.locals,
                                             worker->commanding ? Py_False : Py_True);
    if (found == NULL || found == Py_None) {
        return found == NULL ? -1 : 0;
    }
    struct pc_worker_command command = {0};
    int complete = 0;
    if (!PyArg_ParseTuple(found, "OUp", &command.function, &command.rest, &complete)) {
        return -1;
    }
    Py_INCREF(command.function);
    Py_INCREF(command.rest);
    command.complete = complete;
    *ret_command = command;
    return 1;
}

int
pc_worker_call(struct pc_worker *worker, PyObject *function, PyObject *argument)
{
    struct pc_console *con = &worker->native.con;
    pc_auto_py PyObject *done = PyObject_CallFunctionObjArgs(function, argument, NULL);
    if (done != NULL) {
        return 0;
    }
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
        return -1;
    }
    struct pc_except block = pc_except_begin();
    PyObject *args[] = {NULL};
    pc_auto_py PyObject *shown = con->hooks->call(con, PC_SHOWTRACEBACK, args, 0, NULL);
    pc_except_end(&block);
    return shown == NULL ? -1 : 0;
}

/* Texts that are to be edited at the next prompt. */
static void
offer_texts(struct pc_worker *worker)
{
    pc_auto_py PyObject *texts = module_member("following");
    while (texts != NULL && PyObject_Size(texts) > 0) {
        pc_auto_py PyObject *text = PySequence_GetItem(texts, 0);
        json_t *offered =
            text == NULL || !PyUnicode_Check(text) ? NULL : pc_worker_text(text);
        if (offered != NULL) {
            (void)pc_worker_send(
                worker, json_pack("{s:s, s:o}", "event", "edit", "text", offered));
        }
        if (PySequence_DelItem(texts, 0) < 0) {
            break;
        }
    }
    PyErr_Clear();
}

int
pc_worker_run_command(struct pc_worker *worker, const struct pc_worker_command *command)
{
    int ran = pc_worker_call(worker, command->function, NULL);
    if (ran == 0) {
        offer_texts(worker);
    }
    return ran;
}

/* The list of what is called ahead of each block is there when somebody has imported the
 * module: a command, or the person's start-up file. */
static void
find_list_ahead(struct pc_worker *worker)
{
    pc_auto_py PyObject *name = PyUnicode_InternFromString("pyconsole.commands");
    pc_auto_py PyObject *module = name == NULL ? NULL : PyImport_GetModule(name);
    worker->before = module == NULL ? NULL : PyObject_GetAttrString(module, "before");
    PyErr_Clear();
}

int
pc_worker_prepare_commands(struct pc_worker *worker)
{
    if (worker->before == NULL && worker->prompting) {
        find_list_ahead(worker);
    }
    if (worker->before == NULL) {
        return 0;
    }
    pc_auto_py PyObject *functions = PySequence_Tuple(worker->before);
    Py_ssize_t count = functions == NULL ? 0 : PyTuple_GET_SIZE(functions);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *function = PyTuple_GET_ITEM(functions, i);
        pc_auto_py PyObject *done = PyObject_CallNoArgs(function);
        if (done == NULL && !PyErr_ExceptionMatches(PyExc_Exception)) {
            return -1;
        }
        if (done == NULL) { /* with it nothing would run that takes it away again */
            PyErr_WriteUnraisable(function);
        }
    }
    return functions == NULL ? -1 : 0;
}
