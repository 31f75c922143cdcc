/* What the acceptor claims, CPython's compiler says too: the text is pushed line by line as
 * at a console, and where the acceptor is sure, compiling the lines so far must ask for
 * more, by codeop's two steps. The version is that of the Python this is linked with; the
 * input is that of fuzz_acceptor.c. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lexer/acceptor.h"
#include "lexer/simple.h"

enum { SIZE_MOST = 2000 };

/* What was decided so far, for the line that libFuzzer's run ends with. */
static struct {
    unsigned long lines;
    unsigned long claims;
} tally;

static void
print_tally(void)
{
    fprintf(stderr, "%lu decisions, %lu of them claims\n", tally.lines, tally.claims);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return atexit(print_tally);
}

static PyObject *
compile_tentatively(const char *text)
{
    PyCompilerFlags flags = {PyCF_DONT_IMPLY_DEDENT | PyCF_ALLOW_INCOMPLETE_INPUT,
                             PY_MINOR_VERSION};
    return Py_CompileStringExFlags(text, "<input>", Py_single_input, &flags, -1);
}

static bool
wants_more(PyObject *error)
{
    PyObject *message = PyObject_Str(error);
    const char *utf8 = message == NULL ? NULL : PyUnicode_AsUTF8(message);
    bool wants = utf8 != NULL && strstr(utf8, "incomplete input") != NULL;
    Py_XDECREF(message);
    return wants;
}

/* codeop's answer to the first `len` bytes: is it None? */
static bool
is_incomplete(const char *text, size_t len)
{
    char longer[SIZE_MOST + 2];
    memcpy(longer, text, len);
    memcpy(longer + len, "\n", 2);
    longer[len] = '\0';
    PyObject *code = compile_tentatively(longer);
    bool wrong = code == NULL && PyErr_ExceptionMatches(PyExc_SyntaxError);
    Py_XDECREF(code);
    PyErr_Clear();
    if (!wrong) {
        return false; /* complete, or an error of another kind */
    }
    longer[len] = '\n';
    code = compile_tentatively(longer);
    bool incomplete = code != NULL;
    if (!incomplete && PyErr_ExceptionMatches(PyExc_SyntaxError)) {
        PyObject *type = NULL;
        PyObject *value = NULL;
        PyObject *traceback = NULL;
        PyErr_Fetch(&type, &value, &traceback);
        PyErr_NormalizeException(&type, &value, &traceback);
        incomplete = wants_more(value);
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
    }
    Py_XDECREF(code);
    PyErr_Clear();
    return incomplete;
}

static void
check_claim(const char *text, size_t len)
{
    tally.claims++;
    if (!is_incomplete(text, len)) {
        fprintf(stderr, "claimed to be incomplete:\n%.*s\n", (int)len, text);
        abort();
    }
}

/* The same of a first line that is said to be a simple statement, and so not incomplete. */
static void
check_simple_line(const char *text, size_t len)
{
    if (!pc_is_simple_line(text, len, (enum pc_python_version)PY_MINOR_VERSION)) {
        return;
    }
    tally.claims++;
    if (is_incomplete(text, len)) {
        fprintf(stderr, "claimed to be a simple statement:\n%.*s\n", (int)len, text);
        abort();
    }
}

/* Without warnings, and with nothing of the user's. */
static void
start_python(void)
{
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.site_import = 0;
    PyStatus status = PyWideStringList_Append(&config.warnoptions, L"ignore");
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) {
        Py_ExitStatusException(status);
    }
}

static bool
is_text(const char *text, size_t len)
{
    PyObject *string = memchr(text, '\0', len)
                           ? NULL
                           : PyUnicode_DecodeUTF8(text, (Py_ssize_t)len, NULL);
    PyErr_Clear();
    Py_XDECREF(string);
    return string != NULL;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (!Py_IsInitialized()) {
        start_python();
    }
    const char *text = (const char *)data + 2;
    if (size < 2 || size - 2 > SIZE_MOST || !is_text(text, size - 2)) {
        return 0;
    }
    struct pc_acceptor acceptor;
    pc_acceptor_init(&acceptor, (enum pc_python_version)PY_MINOR_VERSION);
    for (size_t start = 0; start <= size - 2;) {
        tally.lines++;
        const char *newline = memchr(text + start, '\n', size - 2 - start);
        size_t end = newline == NULL ? size - 2 : (size_t)(newline - text);
        if (start == 0) {
            check_simple_line(text, end);
        }
        struct pc_answer answer =
            pc_acceptor_feed(&acceptor, text + start, end - start);
        if (answer.verdict == PC_SURELY_INCOMPLETE) {
            check_claim(text, end);
        }
        else if (is_incomplete(text, end)) {
            pc_acceptor_resume(&acceptor);
        }
        else {
            break;
        }
        start = end + 1;
    }
    return 0;
}
