/* What runs before the prompt, when the prompt is to follow: as Modules/main.c does it
 * (pymain_run_python and the functions it calls), with public functions only. Without a
 * prompt Py_RunMain() does all of it; see main.c. The script runs while the inspect
 * flag is set, so that PyErr_Print() shows SystemExit and does not end the process. */
#include "program/program.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool
pc_program_has_code(const PyConfig *config)
{
    return config->run_command != NULL || config->run_module != NULL ||
           config->run_filename != NULL;
}

/* Puts an error that nobody handles to the user; returns what pc_program functions do. */
static int
fail(const char *message)
{
    PySys_WriteStderr("%s\n", message);
    return pc_program_show_error();
}

/* ---- sys.path[0], readline, the header ---- */

void
pc_program_import_quietly(const char *name)
{
    pc_auto_py PyObject *module = PyImport_ImportModule(name);
    if (module == NULL) {
        PyErr_Clear();
    }
}

/* The folder of the script; "" where there is none in its name. */
static PyObject *
folder_of_script(const wchar_t *script)
{
    pc_auto_py PyObject *text = PyUnicode_FromWideChar(script, -1);
    pc_auto_py PyObject *bytes = text == NULL ? NULL : PyUnicode_EncodeFSDefault(text);
    if (bytes == NULL) {
        return NULL;
    }
    pc_auto_free char *resolved = realpath(PyBytes_AS_STRING(bytes), NULL);
    const char *path = resolved == NULL ? PyBytes_AS_STRING(bytes) : resolved;
    const char *slash = strrchr(path, '/');
    Py_ssize_t length = slash == NULL ? 0 : slash == path ? 1 : slash - path;
    return PyUnicode_DecodeFSDefaultAndSize(path, length);
}

static PyObject *
current_folder(void)
{
    pc_auto_free char *folder = getcwd(NULL, 0);
    return PyUnicode_DecodeFSDefault(folder == NULL ? "" : folder);
}

/* The script's path if it is a folder or a zip file that can be imported from; NULL, with
 * no exception set, if not. */
static PyObject *
package_path(const PyConfig *config)
{
    if (config->run_filename == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *path = PyUnicode_FromWideChar(config->run_filename, -1);
    pc_auto_py PyObject *importer = path == NULL ? NULL : PyImport_GetImporter(path);
    if (importer == NULL) {
        PyErr_Clear();
    }
    return importer == NULL || importer == Py_None ? NULL : pc_take(&path);
}

static PyObject *
first_path(const PyConfig *config)
{
    PyObject *package = package_path(config);
    if (package != NULL) {
        return package;
    }
    if (config->safe_path || config->argv.length == 0) {
        Py_RETURN_NONE;
    }
    if (config->run_module != NULL) {
        return current_folder();
    }
    return config->run_command != NULL ? PyUnicode_FromString("")
                                       : folder_of_script(config->argv.items[0]);
}

int
pc_program_set_first_path(const PyConfig *config)
{
    pc_auto_py PyObject *first = first_path(config);
    PyObject *path = PySys_GetObject("path");
    if (first == Py_None) {
        return 0;
    }
    if (first == NULL || path == NULL || !PyList_Check(path) ||
        PyList_Insert(path, 0, first) < 0) {
        return fail("pyconsole: cannot set sys.path[0]");
    }
    return 0;
}

/* Says what this is: also ahead of a script when imports are traced. */
static void
say_header(const PyConfig *config)
{
    if (config->quiet || (!config->verbose && pc_program_has_code(config))) {
        return;
    }
    pc_auto_free char *version = pc_program_python_version();
    const char *compiler = Py_GetCompiler(); /* "\n[GCC 12.2.0]" */
    compiler += strspn(compiler, "\n [");
    fprintf(stderr, "pyconsole " PYCONSOLE_VERSION " (Python %s, %.*s) on %s\n",
            version == NULL ? PY_VERSION : version, (int)strcspn(compiler, "]"),
            compiler, Py_GetPlatform());
    if (config->site_import) {
        fprintf(stderr, "Type \"help\", \"copyright\", \"credits\" or \"license\" for "
                        "more information.\n");
    }
}

void
pc_program_prepare_prompt(const PyConfig *config)
{
    if (!config->isolated) {
        pc_program_import_quietly("readline");
        pc_program_import_quietly("rlcompleter");
    }
    say_header(config);
}

/* ---- -c ---- */

/* A comment about the encoding is no more than a comment. */
static PyCompilerFlags
command_flags(void)
{
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags |= PyCF_IGNORE_COOKIE;
    return flags;
}

#if PY_VERSION_HEX >= 0x030D0000

/* From 3.14 on the text of -c may be indented as a whole. */
static PyObject *
command_text(const PyConfig *config)
{
    pc_auto_py PyObject *text = PyUnicode_FromWideChar(config->run_command, -1);
#if PY_VERSION_HEX >= 0x030E0000
    pc_auto_py PyObject *textwrap =
        text == NULL ? NULL : PyImport_ImportModule("textwrap");
    return textwrap == NULL ? NULL : PyObject_CallMethod(textwrap, "dedent", "O", text);
#else
    return pc_take(&text);
#endif
}

/* From 3.13 on tracebacks show the text of -c. */
static PyObject *
run_command_text(PyObject *text, PyObject *globals)
{
    const char *source = PyUnicode_AsUTF8(text);
    PyCompilerFlags flags = command_flags();
    pc_auto_py PyObject *code =
        source == NULL
            ? NULL
            : Py_CompileStringExFlags(source, "<string>", Py_file_input, &flags, -1);
    pc_auto_py PyObject *lines =
        code == NULL ? NULL : PyImport_ImportModule("linecache");
    if (lines == NULL) {
        return NULL;
    }
    bool by_code = PyObject_HasAttrString(lines, "_interactive_cache");
    pc_auto_py PyObject *kept =
        by_code ? PyObject_CallMethod(lines, "_register_code", "OOs", code, text,
                                      "<string>")
                : PyObject_CallMethod(lines, "_register_code", "sOs", "<string>", text,
                                      "<string>");
    return kept == NULL ? NULL : PyEval_EvalCode(code, globals, globals);
}

static void
run_command(const PyConfig *config)
{
    PyObject *main = PyImport_AddModule("__main__");
    pc_auto_py PyObject *text = main == NULL ? NULL : command_text(config);
    pc_auto_py PyObject *result =
        text == NULL ? NULL : run_command_text(text, PyModule_GetDict(main));
    if (result == NULL) {
        PyErr_Print();
    }
}

#else

static void
run_command(const PyConfig *config)
{
    pc_auto_py PyObject *text = PyUnicode_FromWideChar(config->run_command, -1);
    const char *source = text == NULL ? NULL : PyUnicode_AsUTF8(text);
    if (source == NULL) {
        PyErr_Print();
        return;
    }
    PyCompilerFlags flags = command_flags();
    (void)PyRun_SimpleStringFlags(source, &flags);
}

#endif

/* ---- -m, a folder, a zip file ---- */

static void
run_module(const wchar_t *name, bool set_argv0)
{
    pc_auto_py PyObject *module = PyUnicode_FromWideChar(name, -1);
    pc_auto_py PyObject *runpy = module == NULL ? NULL : PyImport_ImportModule("runpy");
    pc_auto_py PyObject *result =
        runpy == NULL ? NULL
                      : PyObject_CallMethod(runpy, "_run_module_as_main", "Oi", module,
                                            set_argv0);
    if (result == NULL) {
        PyErr_Print();
    }
}

/* ---- a file ---- */

/* -x: up to the end of the first line, which stays, so that line numbers are right. */
static void
skip_first_line(FILE *file)
{
    int c = getc(file);
    while (c != EOF && c != '\n') {
        c = getc(file);
    }
    ungetc(c, file);
}

/* `complaint` takes the program's name and the path, and what errno says if it wants to. */
static void
complain(const PyConfig *config, PyObject *path, const char *complaint, int error)
{
    pc_auto_py PyObject *program =
        PyUnicode_FromWideChar(config->orig_argv.items[0], -1);
    if (program == NULL) {
        PyErr_Clear();
        return;
    }
    PySys_FormatStderr(complaint, program, path, error, strerror(error));
}

static FILE *
open_script(const PyConfig *config, PyObject *path, const char *bytes)
{
    FILE *file = fopen(bytes, "rbe");
    if (file == NULL) {
        complain(config, path, "%S: can't open file %R: [Errno %d] %s\n", errno);
        return NULL;
    }
    struct stat status;
    if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
        complain(config, path, "%S: %R is a directory, cannot continue\n", 0);
        fclose(file);
        return NULL;
    }
    if (config->skip_source_first_line) {
        skip_first_line(file);
    }
    return file;
}

static void
run_file(const PyConfig *config)
{
    pc_auto_py PyObject *path = PyUnicode_FromWideChar(config->run_filename, -1);
    pc_auto_py PyObject *bytes = path == NULL ? NULL : PyUnicode_EncodeFSDefault(path);
    if (bytes == NULL) {
        PyErr_Print();
        return;
    }
    FILE *file = open_script(config, path, PyBytes_AS_STRING(bytes));
    if (file != NULL) {
        PyCompilerFlags flags = _PyCompilerFlags_INIT;
        (void)PyRun_SimpleFileExFlags(file, PyBytes_AS_STRING(bytes), 1, &flags);
    }
}

static int
audit(const char *event, const wchar_t *what)
{
    if (PySys_Audit(event, "u", what) < 0) {
        PyErr_Print();
        return -1;
    }
    return 0;
}

void
pc_program_run_code(const PyConfig *config)
{
    pc_auto_py PyObject *package = package_path(config);
    if (config->run_command != NULL) {
        if (audit("cpython.run_command", config->run_command) == 0) {
            run_command(config);
        }
    }
    else if (config->run_module != NULL) {
        if (audit("cpython.run_module", config->run_module) == 0) {
            run_module(config->run_module, true);
        }
    }
    else if (package != NULL) {
        run_module(L"__main__", false);
    }
    else if (audit("cpython.run_file", config->run_filename) == 0) {
        run_file(config);
    }
}

/* ---- PYTHONSTARTUP, sys.__interactivehook__ ---- */

/* The file's code in __main__, with __file__ set while it runs. */
static PyObject *
run_startup_file(FILE *file, const char *name, PyObject *globals)
{
    pc_auto_py PyObject *text = PyUnicode_DecodeFSDefault(name);
    if (text == NULL || PyDict_SetItemString(globals, "__file__", text) < 0) {
        return NULL;
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    PyObject *result =
        PyRun_FileExFlags(file, name, Py_file_input, globals, globals, 0, &flags);
    pc_auto_py PyObject *raised = pc_exception_take();
    if (PyDict_DelItemString(globals, "__file__") < 0) {
        PyErr_Clear();
    }
    pc_exception_raise(pc_take(&raised));
    return result;
}

static int
startup_failed_to_open(const char *name, int error)
{
    errno = error;
    PyErr_SetFromErrnoWithFilename(PyExc_OSError, name);
    return fail("Could not open PYTHONSTARTUP");
}

int
pc_program_run_startup(const PyConfig *config)
{
    const char *name = config->use_environment ? getenv("PYTHONSTARTUP") : NULL;
    if (name == NULL || *name == '\0') {
        return 0;
    }
    if (PySys_Audit("cpython.run_startup", "s", name) < 0) {
        return pc_program_show_error();
    }
    FILE *file = fopen(name, "re");
    if (file == NULL) {
        return startup_failed_to_open(name, errno);
    }
    PyObject *main = PyImport_AddModule("__main__");
    pc_auto_py PyObject *result =
        main == NULL ? NULL : run_startup_file(file, name, PyModule_GetDict(main));
    fclose(file);
    return result == NULL ? pc_program_show_error() : 0;
}

/* From 3.13 on site keeps the history in pyrepl's readline unless the basic prompt is
 * asked for, which ours is: asks for it, for the time of the call. */
static PyObject *
call_hook(PyObject *hook)
{
#if PY_VERSION_HEX >= 0x030D0000
    pc_auto_py PyObject *os = PyImport_ImportModule("os");
    pc_auto_py PyObject *environ =
        os == NULL ? NULL : PyObject_GetAttrString(os, "environ");
    pc_auto_py PyObject *before =
        environ == NULL ? NULL
                        : PyObject_CallMethod(environ, "get", "s", "PYTHON_BASIC_REPL");
    if (before == NULL) {
        return NULL;
    }
    if (before != Py_None) {
        return PyObject_CallNoArgs(hook);
    }
    pc_auto_py PyObject *one = PyUnicode_FromString("1");
    if (one == NULL || PyMapping_SetItemString(environ, "PYTHON_BASIC_REPL", one) < 0) {
        return NULL;
    }
    pc_auto_py PyObject *result = PyObject_CallNoArgs(hook);
    pc_auto_py PyObject *raised = pc_exception_take();
    if (PyMapping_DelItemString(environ, "PYTHON_BASIC_REPL") < 0) {
        PyErr_Clear();
    }
    pc_exception_raise(pc_take(&raised));
    return pc_take(&result);
#else
    return PyObject_CallNoArgs(hook);
#endif
}

/* Is it the one that site puts there, which sets up readline and its history? */
static bool
is_sites_own(PyObject *hook)
{
    pc_auto_py PyObject *module = PyObject_GetAttrString(hook, "__module__");
    PyErr_Clear();
    return module != NULL && PyUnicode_Check(module) &&
           PyUnicode_CompareWithASCIIString(module, "site") == 0;
}

int
pc_program_run_interactive_hook(bool readline)
{
    pc_auto_py PyObject *hook = Py_XNewRef(PySys_GetObject("__interactivehook__"));
    if (hook == NULL || (!readline && is_sites_own(hook))) {
        return 0;
    }
    pc_auto_py PyObject *result =
        PySys_Audit("cpython.run_interactivehook", "O", hook) < 0 ? NULL
                                                                  : call_hook(hook);
    return result == NULL ? fail("Failed calling sys.__interactivehook__") : 0;
}
