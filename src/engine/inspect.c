/* What is known of an object; see inspect.h. */
#include "engine/inspect.h"

#include <string.h>

#include "engine/signature.h"
#include "engine/unrun.h"

/* Our own cap: characters of documentation, with its indentation, or of a repr(). */
enum { DOC_MOST = 1 << 16 };

void
pc_inspection_fini(struct pc_inspection *inspection)
{
    PyObject **const owned[] = {&inspection->object, &inspection->signature,
                                &inspection->doc,    &inspection->value,
                                &inspection->file,   &inspection->source};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
        Py_CLEAR(*owned[i]);
    }
}

/* ---- which object */

/* The name or attribute that the cursor is in or behind; empty if it is in none. */
static struct pc_span
name_at(const struct pc_inspection *in)
{
    size_t end = pc_cursor_name_end(in->text, in->len, in->cursor);
    struct pc_cursor at =
        pc_cursor_at(in->text, end, (enum pc_python_version)PY_MINOR_VERSION);
    if (pc_span_is_empty(at.word) ||
        (at.kind != PC_CURSOR_NAME && at.kind != PC_CURSOR_ATTRIBUTE)) {
        return (struct pc_span){0};
    }
    return (struct pc_span){at.kind == PC_CURSOR_NAME ? at.word.start : at.object.start,
                            end};
}

static bool
find(struct pc_inspection *in, struct pc_span span)
{
    in->object = PyErr_Occurred()
                     ? NULL
                     : pc_unrun_evaluate(&in->scope, in->text, in->len, span);
    if (in->object != NULL) {
        in->span = span;
    }
    return in->object != NULL;
}

/* ---- the signature */

/* Appends, and counts the bytes. */
static void
append(PyObject **text, size_t *len, PyObject *piece)
{
    Py_ssize_t count = 0;
    if (piece != NULL && PyUnicode_AsUTF8AndSize(piece, &count) != NULL) {
        PyUnicode_Append(text, piece);
        *len += (size_t)count;
    }
    PyErr_Clear();
}

static void
append_text(PyObject **text, size_t *len, const char *piece)
{
    pc_auto_py PyObject *object = PyUnicode_FromString(piece);
    append(text, len, object);
}

/* Which parameter the cursor is at; `count` for none. */
static size_t
current_parameter(const struct pc_signature *s, const char *text,
                  const struct pc_cursor_call *call)
{
    size_t named_len = call->argument.end - call->argument.start;
    size_t positional = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct pc_parameter *parameter = &s->items[i];
        Py_ssize_t len = 0;
        const char *name = PyUnicode_AsUTF8AndSize(parameter->name, &len);
        bool same = name != NULL && (size_t)len == named_len &&
                    memcmp(name, text + call->argument.start, named_len) == 0;
        bool here = parameter->kind <= PC_POSITIONAL_OR_KEYWORD
                        ? positional++ == call->index
                        : parameter->kind == PC_VAR_POSITIONAL;
        if (named_len > 0 ? same || parameter->kind == PC_VAR_KEYWORD
                          : here && !call->unpacked) {
            return i;
        }
    }
    PyErr_Clear();
    return s->count;
}

/* What stands before the parameter: a comma, and the marks that tell kinds apart. */
static void
append_before(struct pc_inspection *in, size_t *len, const struct pc_signature *s,
              size_t i)
{
    enum pc_parameter_kind kind = s->items[i].kind;
    enum pc_parameter_kind before = i == 0 ? kind : s->items[i - 1].kind;
    bool starred = false;
    for (size_t j = 0; j < i; j++) {
        starred = starred || s->items[j].kind >= PC_VAR_POSITIONAL;
    }
    if (i > 0) {
        append_text(&in->signature, len, ", ");
    }
    if (before == PC_POSITIONAL_ONLY && kind != PC_POSITIONAL_ONLY) {
        append_text(&in->signature, len, "/, ");
    }
    if (kind == PC_KEYWORD_ONLY && !starred) {
        append_text(&in->signature, len, "*, ");
    }
}

static void
append_parameter(struct pc_inspection *in, size_t *len,
                 const struct pc_parameter *parameter)
{
    append_text(&in->signature, len,
                parameter->kind == PC_VAR_POSITIONAL ? "*"
                : parameter->kind == PC_VAR_KEYWORD  ? "**"
                                                     : "");
    append(&in->signature, len, parameter->name);
    if (parameter->value != NULL) {
        append_text(&in->signature, len, "=");
        append(&in->signature, len, parameter->value);
    }
}

/* As it is called; the length so far. */
static size_t
begin_signature(struct pc_inspection *in)
{
    size_t len = 0;
    in->signature = PyUnicode_FromString("");
    pc_auto_py PyObject *name = PyUnicode_DecodeUTF8(
        in->text + in->span.start, (Py_ssize_t)(in->span.end - in->span.start), NULL);
    append(&in->signature, &len, name);
    return len;
}

static void
write_signature(struct pc_inspection *in, const struct pc_signature *s)
{
    size_t current =
        in->call.known ? current_parameter(s, in->text, &in->call) : s->count;
    size_t len = begin_signature(in);
    append_text(&in->signature, &len, "(");
    for (size_t i = 0; i < s->count; i++) {
        append_before(in, &len, s, i);
        size_t start = len;
        append_parameter(in, &len, &s->items[i]);
        if (i == current) {
            in->parameter_start = start;
            in->parameter_end = len;
        }
    }
    bool only = s->count > 0 && s->items[s->count - 1].kind == PC_POSITIONAL_ONLY;
    append_text(&in->signature, &len, only ? ", /)" : ")");
}

static void
find_form(struct pc_inspection *in)
{
    const struct pc_span argument = in->call.argument;
    struct pc_form form;
    if (!in->call.known ||
        !pc_form_of(&form, in->object, in->call.index, in->text + argument.start,
                    argument.end - argument.start)) {
        return;
    }
    pc_auto_py PyObject *parameters =
        PyUnicode_DecodeUTF8(form.text, (Py_ssize_t)form.len, NULL);
    if (parameters == NULL) {
        PyErr_Clear();
        return;
    }
    size_t len = begin_signature(in);
    if (form.end > form.start) {
        in->parameter_start = len + form.start;
        in->parameter_end = len + form.end;
    }
    append(&in->signature, &len, parameters);
}

static void
find_signature(struct pc_inspection *in)
{
    pc_auto_free struct pc_signature *signature = calloc(1, sizeof *signature);
    if (signature == NULL) {
        return;
    }
    if (pc_signature_of(signature, in->object)) {
        write_signature(in, signature);
    }
    else {
        find_form(in);
    }
    pc_signature_fini(signature);
}

/* ---- documentation and place */

static Py_ssize_t
leading_spaces(PyObject *line)
{
    Py_ssize_t count = 0;
    while (count < PyUnicode_GET_LENGTH(line) &&
           PyUnicode_READ_CHAR(line, count) == ' ') {
        count++;
    }
    return count;
}

/* Of the lines from the second on, as far as they are not blank. */
static Py_ssize_t
indentation_of(PyObject *lines)
{
    Py_ssize_t least = PY_SSIZE_T_MAX;
    for (Py_ssize_t i = 1; i < PyList_GET_SIZE(lines); i++) {
        PyObject *line = PyList_GET_ITEM(lines, i);
        Py_ssize_t spaces = leading_spaces(line);
        if (spaces < least && spaces < PyUnicode_GET_LENGTH(line)) {
            least = spaces;
        }
    }
    return least;
}

/* The lines without it, and without empty ones at both ends; NULL with an exception. */
static PyObject *
dedent(PyObject *lines)
{
    Py_ssize_t indentation = indentation_of(lines);
    Py_ssize_t first = PY_SSIZE_T_MAX;
    Py_ssize_t end = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(lines); i++) {
        PyObject *line = PyList_GET_ITEM(lines, i);
        Py_ssize_t start = i == 0 ? leading_spaces(line) : indentation;
        PyObject *rest = PyUnicode_Substring(line, start, PY_SSIZE_T_MAX);
        if (rest == NULL || PyList_SetItem(lines, i, rest) < 0) {
            return NULL;
        }
        if (PyUnicode_GET_LENGTH(rest) > 0) {
            first = Py_MIN(first, i);
            end = i + 1;
        }
    }
    return PyList_GetSlice(lines, first, end);
}

/* As inspect.cleandoc has it (PEP 257). */
static PyObject *
clean(PyObject *doc)
{
    pc_auto_py PyObject *expanded = PyObject_CallMethod(doc, "expandtabs", NULL);
    pc_auto_py PyObject *newline = PyUnicode_FromString("\n");
    pc_auto_py PyObject *lines = expanded == NULL || newline == NULL
                                     ? NULL
                                     : PyUnicode_Split(expanded, newline, -1);
    pc_auto_py PyObject *dedented = lines == NULL ? NULL : dedent(lines);
    return dedented == NULL ? NULL : PyUnicode_Join(newline, dedented);
}

static void
find_doc(struct pc_inspection *in)
{
    bool variable = pc_safe_kind(in->object, false) == PYCONSOLE_CANDIDATE_VARIABLE;
    pc_auto_py PyObject *doc =
        pc_safe_doc(variable ? (PyObject *)Py_TYPE(in->object) : in->object);
    pc_auto_py PyObject *start =
        doc == NULL ? NULL : PyUnicode_Substring(doc, 0, DOC_MOST);
    in->doc = start == NULL ? NULL : clean(start);
}

static PyObject *
text_in(PyObject *dict, const char *name)
{
    pc_auto_py PyObject *key = PyUnicode_FromString(name);
    PyObject *value = key == NULL ? NULL : pc_safe_get(dict, key);
    return value != NULL && PyUnicode_CheckExact(value) ? Py_NewRef(value) : NULL;
}

/* Of a class: the file of its module; the line is known from 3.13 on. */
static void
find_class(struct pc_inspection *in)
{
    pc_auto_py PyObject *dict = pc_safe_dict(in->object);
    pc_auto_py PyObject *name = text_in(dict, "__module__");
    PyObject *module = pc_safe_module(name);
    pc_auto_py PyObject *key = PyUnicode_FromString("__firstlineno__");
    PyObject *line = key == NULL ? NULL : pc_safe_get(dict, key);
    if (module != NULL && PyModule_Check(module)) {
        in->file = text_in(PyModule_GetDict(module), "__file__");
    }
    if (in->file != NULL && line != NULL && PyLong_CheckExact(line)) {
        in->line = PyLong_AsLong(line);
    }
}

static void
find_place(struct pc_inspection *in)
{
    PyObject *object = in->object;
    if (PyMethod_Check(object)) {
        object = PyMethod_GET_FUNCTION(object);
    }
    if (PyFunction_Check(object)) {
        PyCodeObject *code = (PyCodeObject *)((PyFunctionObject *)object)->func_code;
        in->file = Py_NewRef(code->co_filename);
        in->line = code->co_firstlineno;
    }
    else if (PyModule_Check(object)) {
        in->file = text_in(PyModule_GetDict(object), "__file__");
    }
    else if (PyType_Check(object)) {
        find_class(in);
    }
}

static void
find_value(struct pc_inspection *in)
{
    in->value = pc_safe_repr(in->object);
    if (in->value == NULL && in->scope.runs) {
        pc_auto_py PyObject *text = PyObject_Repr(in->object);
        in->value = text == NULL ? NULL : PyUnicode_Substring(text, 0, DOC_MOST);
    }
}

static void
find_source(struct pc_inspection *in)
{
    in->source = in->detail > 1 && in->line > 0
                     ? pc_source_of(in->around, in->file, in->line)
                     : NULL;
}

/* ---- the whole */

/* In this order: what comes first is wanted most. */
static void (*const finders[])(struct pc_inspection *in) = {
    find_signature, find_doc, find_value, find_place, find_source,
};

int
pc_inspect(struct pc_inspection *inspection)
{
    struct pc_inspection *in = inspection;
    struct pc_cursor at =
        pc_cursor_at(in->text, in->cursor, (enum pc_python_version)PY_MINOR_VERSION);
    in->call = at.call;
    bool named = in->detail > 0 && find(in, name_at(in));
    bool called = !named && in->call.known && find(in, in->call.callee);
    if (!named && !called && in->detail == 0) {
        (void)find(in, name_at(in));
    }
    in->call.known = called;
    for (size_t i = 0; in->object != NULL && i < sizeof finders / sizeof *finders;
         i++) {
        if (in->around->expired(in->around)) {
            in->late = true;
            break;
        }
        finders[i](in);
        pc_safe_forget_error();
    }
    return PyErr_Occurred() ? -1 : 0;
}
