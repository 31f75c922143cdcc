/* Candidates: modules that can be imported, and names in a module, without importing any.
 *
 * What was imported is in sys.modules; the rest is looked for where importlib would look:
 * the folders of sys.path or of the package's __path__, and the files that zipimport has
 * read. Import hooks are not asked. */
#include "engine/completion.h"

#include <string.h>

/* Our own cap: bytes of a path. */
enum { PATH_MOST = 4096 };

struct scan {
    struct pc_completion *c;
    const char *folder;
    int status;
};

/* A str of sys's, borrowed; or NULL. */
static PyObject *
loaded_modules(void)
{
    PyObject *modules = PyImport_GetModuleDict();
    return modules != NULL && PyDict_Check(modules) ? modules : NULL;
}

static int
offer_module(struct pc_completion *c, const char *name, size_t len, PyObject *value)
{
    pc_auto_py PyObject *text =
        PyUnicode_DecodeUTF8(name, (Py_ssize_t)len, "surrogateescape");
    if (text == NULL) {
        return -1;
    }
    bool named = PyUnicode_IsIdentifier(text) == 1 &&
                 pc_token_keyword(name, len) == PC_TOKEN_NAME &&
                 strncmp(name, "__init__", len) != 0 &&
                 strncmp(name, "__main__", len) != 0;
    return named ? pc_completion_offer(c, text, PYCONSOLE_CANDIDATE_MODULE, value) : 0;
}

/* ---- what was imported */

/* Those right below the package `path`, or the outermost if it is "". */
static int
offer_loaded(struct pc_completion *c, const char *path)
{
    PyObject *key = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    PyObject *modules = loaded_modules();
    size_t path_len = strlen(path);
    while (modules != NULL && PyDict_Next(modules, &at, &key, &value)) {
        const char *name = PyUnicode_CheckExact(key) ? PyUnicode_AsUTF8(key) : NULL;
        PyErr_Clear();
        if (name == NULL || strncmp(name, path, path_len) != 0 || value == Py_None ||
            (path_len > 0 && name[path_len] != '.')) {
            continue;
        }
        name += path_len + (path_len > 0);
        if (strchr(name, '.') == NULL &&
            offer_module(c, name, strlen(name), value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
offer_builtin(struct pc_completion *c)
{
    PyObject *names = PySys_GetObject("builtin_module_names");
    for (Py_ssize_t i = 0;
         names != NULL && PyTuple_CheckExact(names) && i < PyTuple_GET_SIZE(names);
         i++) {
        const char *name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, i));
        if (name == NULL || offer_module(c, name, strlen(name), NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- what is in files */

/* How long the module's name is in that of its file; 0: it is none. */
static size_t
module_name_len(const char *file)
{
    static const char *const suffixes[] = {".py", ".so", ".pyc"};
    const char *dot = strchr(file, '.');
    const char *last = strrchr(file, '.');
    for (size_t i = 0; last != NULL && i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strcmp(last, suffixes[i]) == 0) {
            return (size_t)(dot - file);
        }
    }
    return 0;
}

static bool
is_package(struct scan *scan, const char *name)
{
    char path[PATH_MOST];
    int len = snprintf(path, sizeof path, "%s/%s/__init__.py", scan->folder, name);
    return strchr(name, '.') == NULL && len > 0 && (size_t)len < sizeof path &&
           scan->c->around->exists(path);
}

static int
take_entry(void *ctx, const char *name, bool is_folder)
{
    struct scan *scan = ctx;
    size_t len =
        is_folder ? strlen(name) * is_package(scan, name) : module_name_len(name);
    scan->status = len == 0 ? 0 : offer_module(scan->c, name, len, NULL);
    return scan->status;
}

static int
offer_folder(struct pc_completion *c, const char *folder)
{
    struct scan scan = {.c = c, .folder = folder};
    c->around->list(folder, take_entry, &scan);
    return scan.status;
}

/* zipimport's dict of the archives that it has read, borrowed; or NULL. */
static PyObject *
read_archives(void)
{
    pc_auto_py PyObject *module = PyUnicode_FromString("zipimport");
    pc_auto_py PyObject *name = PyUnicode_FromString("_zip_directory_cache");
    PyObject *zipimport =
        module == NULL || name == NULL ? NULL : pc_safe_module(module);
    PyObject *archives = zipimport == NULL || !PyModule_Check(zipimport)
                             ? NULL
                             : pc_safe_get(PyModule_GetDict(zipimport), name);
    return archives != NULL && PyDict_Check(archives) ? archives : NULL;
}

/* What an archive has right below `below`: its files by their names from its root. */
static int
offer_files(struct pc_completion *c, PyObject *files, const char *below)
{
    PyObject *key = NULL;
    PyObject *value = NULL;
    Py_ssize_t at = 0;
    size_t len = strlen(below);
    while (PyDict_Check(files) && PyDict_Next(files, &at, &key, &value)) {
        const char *file = PyUnicode_CheckExact(key) ? PyUnicode_AsUTF8(key) : NULL;
        PyErr_Clear();
        if (file == NULL || strncmp(file, below, len) != 0) {
            continue;
        }
        file += len;
        const char *slash = strchr(file, '/');
        bool package = slash != NULL && strcmp(slash, "/__init__.py") == 0;
        size_t name_len = package         ? (size_t)(slash - file)
                          : slash == NULL ? module_name_len(file)
                                          : 0;
        if (name_len > 0 && offer_module(c, file, name_len, NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The same of the archive that the folder, which ends in a slash, is in. */
static int
offer_archive(struct pc_completion *c, const char *folder)
{
    PyObject *key = NULL;
    PyObject *files = NULL;
    Py_ssize_t at = 0;
    PyObject *archives = read_archives();
    while (archives != NULL && PyDict_Next(archives, &at, &key, &files)) {
        const char *archive = PyUnicode_CheckExact(key) ? PyUnicode_AsUTF8(key) : NULL;
        size_t len = archive == NULL ? 0 : strlen(archive);
        PyErr_Clear();
        if (len > 0 && strncmp(folder, archive, len) == 0 && folder[len] == '/') {
            return offer_files(c, files, folder + len + 1);
        }
    }
    return 0;
}

/* What the entry of a path has below `below`, which is "" or "a/b/". */
static int
offer_entry(struct pc_completion *c, PyObject *entry, const char *below)
{
    const char *folder = PyUnicode_CheckExact(entry) ? PyUnicode_AsUTF8(entry) : NULL;
    char path[PATH_MOST];
    PyErr_Clear();
    if (folder == NULL) {
        return 0;
    }
    int len = snprintf(path, sizeof path, "%s%s%s", folder,
                       folder[0] == '\0' ? "./" : "/", below);
    if (len < 0 || (size_t)len >= sizeof path) {
        return 0;
    }
    return offer_folder(c, path) < 0 ? -1 : offer_archive(c, path);
}

static int
offer_path(struct pc_completion *c, PyObject *path, const char *below)
{
    bool list = path != NULL && PyList_Check(path);
    for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(path); i++) {
        if (offer_entry(c, PyList_GET_ITEM(path, i), below) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- the module meant */

static PyObject *
global_text(struct pc_completion *c, const char *name)
{
    pc_auto_py PyObject *key = PyUnicode_FromString(name);
    PyObject *text = key == NULL ? NULL : pc_safe_get(c->scope.globals, key);
    return text != NULL && PyUnicode_CheckExact(text) ? text : NULL;
}

/* The package that dots lead to, "" for none; false: there is no such. */
static bool
write_package(struct pc_completion *c, char *path, size_t room)
{
    path[0] = '\0';
    if (c->at.dots == 0) {
        return true;
    }
    PyObject *package = global_text(c, "__package__");
    const char *name = package == NULL ? NULL : PyUnicode_AsUTF8(package);
    PyErr_Clear();
    if (name == NULL || name[0] == '\0' || strlen(name) >= room) {
        return false;
    }
    memcpy(path, name, strlen(name) + 1);
    for (unsigned int i = 1; i < c->at.dots; i++) {
        char *dot = strrchr(path, '.');
        if (dot == NULL) {
            return false;
        }
        *dot = '\0';
    }
    return true;
}

/* The whole path of the module that is named, without blanks. */
static bool
write_path(struct pc_completion *c, char *path, size_t room)
{
    if (!write_package(c, path, room)) {
        return false;
    }
    size_t len = strlen(path);
    if (len > 0 && !pc_span_is_empty(c->at.object)) {
        path[len++] = '.';
    }
    for (size_t i = c->at.object.start; i < c->at.object.end; i++) {
        if (len + 1 >= room) {
            return false;
        }
        if (strchr(" \t\f\\\r\n", c->text[i]) == NULL) {
            path[len++] = c->text[i];
        }
    }
    path[len] = '\0';
    return true;
}

static PyObject *
loaded(const char *path)
{
    pc_auto_py PyObject *name = PyUnicode_FromString(path);
    PyObject *module = pc_safe_module(name);
    PyErr_Clear();
    return module;
}

/* Modules below a package, which may not be imported yet. */
static int
offer_below(struct pc_completion *c, const char *path)
{
    PyObject *module = loaded(path);
    pc_auto_py PyObject *key = PyUnicode_FromString("__path__");
    if (key == NULL || offer_loaded(c, path) < 0) {
        return -1;
    }
    if (module != NULL) {
        pc_auto_py PyObject *dict = pc_safe_dict(module);
        return offer_path(c, pc_safe_get(dict, key), "");
    }
    char below[PATH_MOST];
    size_t len = strlen(path);
    if (len + 2 > sizeof below) {
        return 0;
    }
    memcpy(below, path, len + 1);
    for (char *dot = strchr(below, '.'); dot != NULL; dot = strchr(dot, '.')) {
        *dot = '/';
    }
    memcpy(below + len, "/", 2);
    return offer_path(c, PySys_GetObject("path"), below);
}

int
pc_offer_modules(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    char path[PATH_MOST];
    if (!write_path(c, path, sizeof path)) {
        return 0;
    }
    if (path[0] != '\0') {
        return offer_below(c, path);
    }
    if (offer_loaded(c, "") < 0 || offer_builtin(c) < 0) {
        return -1;
    }
    return offer_path(c, PySys_GetObject("path"), "");
}

int
pc_offer_imported(struct pc_completion *completion)
{
    struct pc_completion *c = completion;
    char path[PATH_MOST];
    if (!write_path(c, path, sizeof path) || path[0] == '\0') {
        return 0;
    }
    PyObject *module = loaded(path);
    pc_auto_py PyObject *dict = module == NULL ? NULL : pc_safe_dict(module);
    if (pc_offer_dict(c, dict, false) < 0 || offer_below(c, path) < 0) {
        return -1;
    }
    return pc_offer_promised(c, dict);
}
