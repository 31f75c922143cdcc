/* codeop: is this text a complete statement, incomplete, or wrong? Follows Lib/codeop.py.
 *
 * codeop compiles the text tentatively, with warnings held back; on a SyntaxError it
 * compiles the text and a newline, and if that fails because the input ends too early,
 * the input is incomplete; otherwise it compiles once more, for real. Here the same
 * steps are taken with one exception: when the tentative compile succeeds, nothing was
 * warned of, and the compile for real would have the same flags, its result is the
 * result. When the compiler is not codeop's own, every call is made. */
#include "engine/engine.h"

enum pass { TENTATIVE, FINAL };

/* Flags of __future__ features that a code object can carry (module __future__). */
#define FUTURE_FLAGS (PyCF_MASK | CO_NESTED)

/* compile(source, filename, symbol, flags, True), the builtin or what stands in for it in
 * codeop's globals. Without `alone`, a stand-in is not passed the True that keeps the
 * caller's __future__ statements out. */
static PyObject *
call_compile(struct pc_engine *e, PyObject *source, PyObject *filename,
             PyObject *symbol, PyObject *flags, bool alone)
{
    pc_auto_py PyObject *compile = pc_codeop_global(e, e->name.compile);
    if (compile == NULL) {
        return NULL;
    }
    PyObject *args[] = {source, filename, symbol, flags, Py_True};
    return PyObject_Vectorcall(compile, args, alone || compile == e->compile ? 5 : 4,
                               NULL);
}

/* ---- what compiles ---- */

struct pc_compiler
pc_compiler_of(struct pc_engine *engine, PyObject *object)
{
    struct pc_compiler compiler = {.kind = PC_COMPILER_CALLABLE, .object = object};
    if (object == engine->plain_compile) {
        compiler.kind = PC_COMPILER_FUNCTION;
    }
    else if (pc_is_instance_as_it_came(engine, &engine->compile_class, object)) {
        compiler.kind = PC_COMPILER_COMPILE;
    }
    return compiler;
}

static PyObject *
without_codeop_flags(struct pc_engine *e, PyObject *flags)
{
    return PyNumber_InPlaceAnd(flags, e->not_codeop_flags);
}

static int
remember_features(struct pc_engine *e, PyObject *self, PyObject *code)
{
    long bits = 0;
    if (PyCode_Check(code)) {
        bits = ((PyCodeObject *)code)->co_flags;
    }
    else {
        pc_auto_py PyObject *co_flags = PyObject_GetAttr(code, e->name.co_flags);
        if (co_flags == NULL) {
            return -1;
        }
        bits = PyLong_AsLong(co_flags);
        if (bits == -1 && PyErr_Occurred()) {
            return -1;
        }
    }
    bits &= FUTURE_FLAGS;
    if (bits == 0) {
        return 0;
    }
    pc_auto_py PyObject *features = PyLong_FromLong(bits);
    pc_auto_py PyObject *flags =
        features == NULL ? NULL : PyObject_GetAttr(self, e->name.flags);
    if (flags == NULL) {
        return -1;
    }
    pc_auto_py PyObject *remembered = PyNumber_InPlaceOr(flags, features);
    return remembered == NULL ? -1 : PyObject_SetAttr(self, e->name.flags, remembered);
}

static bool
has_flag(PyObject *flags, long flag)
{
    if (!PyLong_Check(flags)) {
        return false;
    }
    long value = PyLong_AsLong(flags);
    if (value == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        return false;
    }
    return (value & flag) != 0;
}

/* Compile.__call__; `extra` flags are NULL where none were given. A SyntaxError of a
 * tentative compile is never seen, so it gets no frame. */
static PyObject *
compile_and_remember(struct pc_engine *e, PyObject *self, PyObject *source,
                     PyObject *filename, PyObject *symbol, PyObject *extra, bool final,
                     enum pass pass)
{
    pc_auto_py PyObject *flags = PyObject_GetAttr(self, e->name.flags);
    if (flags == NULL) {
        return NULL;
    }
    bool as_they_are = extra == flags || extra == e->zero;
    if (extra != NULL && !(as_they_are && PyLong_CheckExact(flags))) {
        PyObject *both = PyNumber_InPlaceOr(extra, flags);
        Py_SETREF(flags, both);
    }
    if (flags != NULL && final) {
        Py_SETREF(flags, without_codeop_flags(e, flags));
    }
    if (flags == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *code = call_compile(e, source, filename, symbol, flags, true);
    if (code == NULL) {
        if (pass == FINAL || !PyErr_ExceptionMatches(PyExc_SyntaxError)) {
            pc_frame_add(e, PC_AT_COMPILE);
        }
        return NULL;
    }
    if (e->dialect.compile_takes_flags && !PyCode_Check(code) &&
        has_flag(flags, PyCF_ONLY_AST)) {
        return pc_take(&code);
    }
    if (remember_features(e, self, code) < 0) {
        return NULL;
    }
    return pc_take(&code);
}

PyObject *
pc_compile_call(struct pc_engine *engine, PyObject *self, PyObject *source,
                PyObject *filename, PyObject *symbol, PyObject *flags, PyObject *kwargs)
{
    bool final = false;
    if (kwargs != NULL) {
        PyObject *given =
            PyDict_GetItemWithError(kwargs, engine->name.incomplete_input);
        if (given == NULL && PyErr_Occurred()) {
            return NULL;
        }
        final = given == Py_False;
    }
    return compile_and_remember(engine, self, source, filename, symbol, flags, final,
                                FINAL);
}

PyObject *
pc_plain_compile(struct pc_engine *engine, PyObject *source, PyObject *filename,
                 PyObject *symbol, PyObject *incomplete_input, PyObject *flags)
{
    int tentative = incomplete_input == NULL ? 1 : PyObject_IsTrue(incomplete_input);
    if (tentative < 0) {
        return NULL;
    }
    pc_auto_py PyObject *all = Py_NewRef(flags == NULL ? engine->zero : flags);
    if (tentative) {
        Py_SETREF(all, PyNumber_InPlaceOr(all, engine->codeop_flags));
        if (all == NULL) {
            return NULL;
        }
    }
    PyObject *code = call_compile(engine, source, filename, symbol, all, false);
    if (code == NULL) {
        pc_frame_add(engine, PC_AT_PLAIN_COMPILE);
    }
    return code;
}

static PyObject *
compile_with_flags(struct pc_engine *e, int *flags, PyObject *source,
                   PyObject *filename, PyObject *symbol, bool final)
{
    int bits = final ? *flags & ~PC_CODEOP_FLAGS : *flags;
    pc_auto_py PyObject *object = PyLong_FromLong(bits);
    if (object == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *code = call_compile(e, source, filename, symbol, object, true);
    if (code != NULL && PyCode_Check(code)) {
        *flags |= ((PyCodeObject *)code)->co_flags & FUTURE_FLAGS;
    }
    return pc_take(&code);
}

static PyObject *
call_callable(struct pc_engine *e, PyObject *callable, PyObject *source,
              PyObject *filename, PyObject *symbol, PyObject *flags, enum pass pass)
{
    PyObject *args[] = {source, filename, symbol, NULL};
    PyObject *kwnames = NULL;
    if (pass == FINAL && e->dialect.final_pass) {
        args[3] = Py_False;
        kwnames = e->final_kwnames;
    }
    else if (pass == TENTATIVE && e->dialect.flags_forwarded) {
        args[3] = flags;
        kwnames = e->flags_kwnames;
    }
    return PyObject_Vectorcall(callable, args, 3, kwnames);
}

static PyObject *
run_compiler(struct pc_engine *e, const struct pc_compiler *compiler, PyObject *source,
             PyObject *filename, PyObject *symbol, PyObject *flags, enum pass pass)
{
    bool final = pass == FINAL && e->dialect.final_pass;
    PyObject *forwarded = pass == TENTATIVE ? flags : NULL;
    if (forwarded == NULL && e->dialect.compile_takes_flags) {
        forwarded = e->zero;
    }
    switch (compiler->kind) {
    case PC_COMPILER_COMPILE:
        return compile_and_remember(e, compiler->object, source, filename, symbol,
                                    forwarded, final, pass);
    case PC_COMPILER_FUNCTION:
        return pc_plain_compile(e, source, filename, symbol, final ? Py_False : Py_True,
                                forwarded);
    case PC_COMPILER_FLAGS:
        return compile_with_flags(e, compiler->flags, source, filename, symbol, final);
    case PC_COMPILER_CALLABLE:
        break;
    }
    return call_callable(e, compiler->object, source, filename, symbol, flags, pass);
}

/* Does compiling run nothing but CPython's own compiler? */
static bool
is_pure(struct pc_engine *e, const struct pc_compiler *compiler)
{
    if (compiler->kind == PC_COMPILER_CALLABLE) {
        return false;
    }
    pc_auto_py PyObject *compile = pc_codeop_global(e, e->name.compile);
    if (compile == NULL) {
        PyErr_Clear(); /* compiling will raise the same */
        return false;
    }
    return compile == e->compile;
}

/* Would a pure compile for real give what the tentative one gave, but for warnings? */
static bool
final_would_repeat(struct pc_engine *e, const struct pc_compiler *compiler,
                   PyObject *flags, PyObject *code)
{
    if (!PyCode_Check(code)) {
        return false;
    }
    /* compile_command(flags=…) does not pass its flags to the compile for real. */
    return compiler->kind != PC_COMPILER_FUNCTION || flags == NULL || flags == e->zero;
}

/* ---- nothing but blank lines and comments ---- */

/* The same as splitting at "\n", stripping each line, and looking for one that is not
 * empty and does not begin with "#". */
static bool
is_blank(PyObject *source)
{
    int kind = PyUnicode_KIND(source);
    const void *data = PyUnicode_DATA(source);
    Py_ssize_t length = PyUnicode_GET_LENGTH(source);
    bool in_comment = false;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c == '\n') {
            in_comment = false;
        }
        else if (in_comment || Py_UNICODE_ISSPACE(c)) {
            continue;
        }
        else if (c == '#') {
            in_comment = true;
        }
        else {
            return false;
        }
    }
    return true;
}

/* The same by the methods of `source`, for what is not exactly a str: 1, 0, or -1. */
static int
is_blank_object(struct pc_engine *e, PyObject *source)
{
    PyObject *args[] = {source, e->newline};
    pc_auto_py PyObject *lines =
        PyObject_VectorcallMethod(e->name.split, args, 2, NULL);
    pc_auto_py PyObject *iterator = lines == NULL ? NULL : PyObject_GetIter(lines);
    if (iterator == NULL) {
        return -1;
    }
    for (;;) {
        pc_auto_py PyObject *line = PyIter_Next(iterator);
        if (line == NULL) {
            return PyErr_Occurred() ? -1 : 1;
        }
        pc_auto_py PyObject *stripped = PyObject_CallMethodNoArgs(line, e->name.strip);
        int full = stripped == NULL ? -1 : PyObject_IsTrue(stripped);
        if (full < 0) {
            return -1;
        }
        if (full == 0) {
            continue;
        }
        pc_auto_py PyObject *first = PySequence_GetItem(stripped, 0);
        pc_auto_py PyObject *hash = first == NULL ? NULL : PyUnicode_FromString("#");
        int differs = hash == NULL ? -1 : PyObject_RichCompareBool(first, hash, Py_NE);
        if (differs != 0) {
            return differs < 0 ? -1 : 0;
        }
    }
}

/* The text to compile: "pass" for blank text, unless an expression is asked for. */
static PyObject *
text_to_compile(struct pc_engine *e, PyObject *source, PyObject *symbol)
{
    int blank =
        PyUnicode_CheckExact(source) ? is_blank(source) : is_blank_object(e, source);
    if (blank < 0) {
        return NULL;
    }
    if (!blank) {
        return Py_NewRef(source);
    }
    pc_auto_py PyObject *eval = PyUnicode_InternFromString("eval");
    int statement = eval == NULL ? -1 : PyObject_RichCompareBool(symbol, eval, Py_NE);
    if (statement < 0) {
        return NULL;
    }
    return statement ? PyUnicode_InternFromString("pass") : Py_NewRef(source);
}

/* ---- the decision ---- */

enum verdict { FAILED = -1, INCOMPLETE, INVALID };

/* Is the SyntaxError in flight the compiler's "there is more to come"? Clears it. */
static enum verdict
judge_second_error(struct pc_engine *e)
{
    if (!PyErr_ExceptionMatches(PyExc_SyntaxError)) {
        return FAILED;
    }
    pc_auto_py PyObject *error = pc_exception_take();
    if (e->dialect.incomplete_error) {
        pc_auto_py PyObject *type = pc_codeop_global(e, e->name._IncompleteInputError);
        int is_it = type == NULL ? -1 : PyObject_IsInstance(error, type);
        return is_it < 0 ? FAILED : is_it ? INCOMPLETE : INVALID;
    }
    pc_auto_py PyObject *text = PyObject_Str(error);
    pc_auto_py PyObject *phrase =
        text == NULL ? NULL : PyUnicode_InternFromString("incomplete input");
    int found = phrase == NULL ? -1 : PyUnicode_Contains(text, phrase);
    return found < 0 ? FAILED : found ? INCOMPLETE : INVALID;
}

/* The tentative compile failed with the SyntaxError in flight: compiles the text with a
 * newline at its end to see whether more would help. */
static enum verdict
try_with_newline(struct pc_engine *e, const struct pc_compiler *compiler,
                 PyObject *text, PyObject *filename, PyObject *symbol, PyObject *flags)
{
    struct pc_except block = pc_except_begin();
    enum verdict verdict = FAILED;
    pc_auto_py PyObject *longer = PyNumber_Add(text, e->newline);
    if (longer != NULL) {
        pc_auto_py PyObject *code =
            run_compiler(e, compiler, longer, filename, symbol, flags, TENTATIVE);
        verdict = code != NULL ? INCOMPLETE : judge_second_error(e);
    }
    pc_except_end(&block);
    if (verdict == FAILED) {
        pc_frame_add(e, PC_AT_SECOND_COMPILE);
    }
    return verdict;
}

static PyObject *
compile_quietly(struct pc_engine *e, const struct pc_compiler *compiler, PyObject *text,
                PyObject *filename, PyObject *symbol, PyObject *flags,
                enum verdict *ret_verdict)
{
    pc_auto_py PyObject *code =
        run_compiler(e, compiler, text, filename, symbol, flags, TENTATIVE);
    if (code != NULL) {
        *ret_verdict = INVALID; /* or valid: the compile for real will tell */
        return pc_take(&code);
    }
    if (!PyErr_ExceptionMatches(PyExc_SyntaxError)) {
        pc_frame_add(e, PC_AT_FIRST_COMPILE);
        *ret_verdict = FAILED;
        return NULL;
    }
    *ret_verdict = try_with_newline(e, compiler, text, filename, symbol, flags);
    return NULL;
}

bool
pc_codeop_is_as_it_came(struct pc_engine *engine)
{
    pc_auto_py PyObject *maybe = pc_codeop_global(engine, engine->name._maybe_compile);
    pc_auto_py PyObject *compile =
        maybe == NULL ? NULL : pc_codeop_global(engine, engine->name.compile);
    if (compile == NULL) {
        PyErr_Clear();
    }
    return maybe == engine->maybe_compile && compile == engine->compile;
}

/* ---- a text that goes on from one before ---- */

/* May a text compiled so be known as one that grows? */
static bool
can_grow(struct pc_engine *e, const struct pc_compiler *compiler, PyObject *symbol,
         PyObject *flags)
{
    if (e->pushing || !PyUnicode_CheckExact(symbol) ||
        PyUnicode_CompareWithASCIIString(symbol, "single") != 0) {
        return false;
    }
    if (compiler->kind == PC_COMPILER_FLAGS) {
        return pc_growth_has_flags(*compiler->flags);
    }
    if (compiler->kind == PC_COMPILER_FUNCTION) {
        return flags == NULL || flags == e->zero;
    }
    return pc_flags_of_compile_grow(e, compiler->object, 0);
}

bool
pc_flags_of_compile_grow(struct pc_engine *engine, PyObject *compile, long besides)
{
    pc_auto_py PyObject *flags = PyObject_GetAttr(compile, engine->name.flags);
    if (flags == NULL || !PyLong_CheckExact(flags)) {
        PyErr_Clear();
        return false;
    }
    int overflow = 0;
    long bits = PyLong_AsLongAndOverflow(flags, &overflow);
    return overflow == 0 && pc_growth_has_flags(bits & ~besides);
}

/* One way to judge a text, whose outcome the growth is told: see pc_maybe_compile. */
struct judgement {
    struct pc_growth *growth; /* or NULL: the text is not known */
    size_t turn;
    bool sure;
};

/* Looks the text up among those that grow, where it has several lines. */
static int
look_up_text(struct pc_engine *e, const struct pc_compiler *compiler, PyObject *text,
             PyObject *filename, PyObject *symbol, PyObject *flags,
             struct judgement *judgement)
{
    Py_ssize_t end = PyUnicode_GET_LENGTH(text);
    if (PyUnicode_FindChar(text, '\n', 0, end, 1) < 0 ||
        !pc_growth_has_filename(filename) || !can_grow(e, compiler, symbol, flags)) {
        return 0;
    }
    judgement->growth = pc_growth_text(e, text, &judgement->sure);
    if (judgement->growth == NULL) {
        return 0;
    }
    judgement->turn = judgement->growth->turn;
    if (!judgement->sure) {
        return 0;
    }
    int skipped = pc_quiet_skip(e);
    judgement->sure = skipped > 0;
    return skipped < 0 ? -1 : 0;
}

static void
tell_growth(struct pc_engine *e, const struct judgement *judgement, PyObject *text,
            bool incomplete, bool may_begin)
{
    if (judgement->growth != NULL) {
        pc_growth_judged(judgement->growth, judgement->turn, incomplete);
    }
    else if (incomplete && may_begin) {
        pc_growth_begin_text(e, text);
    }
}

PyObject *
pc_maybe_compile(struct pc_engine *engine, const struct pc_compiler *compiler,
                 PyObject *source, PyObject *filename, PyObject *symbol,
                 PyObject *flags)
{
    pc_auto_py PyObject *text = text_to_compile(engine, source, symbol);
    if (text == NULL) {
        return NULL;
    }
    bool pure = PyUnicode_CheckExact(text) && PyUnicode_CheckExact(filename) &&
                is_pure(engine, compiler);
    struct judgement judgement = {0};
    if (pure &&
        look_up_text(engine, compiler, text, filename, symbol, flags, &judgement) < 0) {
        return NULL;
    }
    if (judgement.sure) {
        Py_RETURN_NONE;
    }
    struct pc_quiet quiet;
    if (pc_quiet_begin(engine, &quiet, pure) < 0) {
        return NULL;
    }
    enum verdict verdict = FAILED;
    pc_auto_py PyObject *code =
        compile_quietly(engine, compiler, text, filename, symbol, flags, &verdict);
    bool noted = true;
    if (pc_quiet_end(engine, &quiet, &noted) < 0 || verdict == FAILED) {
        tell_growth(engine, &judgement, text, false, false);
        return NULL;
    }
    tell_growth(engine, &judgement, text, verdict == INCOMPLETE,
                pure && verdict == INCOMPLETE && pc_growth_has_filename(filename) &&
                    can_grow(engine, compiler, symbol, flags));
    if (verdict == INCOMPLETE) {
        Py_RETURN_NONE;
    }
    if (code != NULL && pure && !noted &&
        final_would_repeat(engine, compiler, flags, code)) {
        return pc_take(&code);
    }
    PyObject *result =
        run_compiler(engine, compiler, text, filename, symbol, flags, FINAL);
    if (result == NULL) {
        pc_frame_add(engine, PC_AT_FINAL_COMPILE);
    }
    return result;
}

/* Calls _maybe_compile as it stands in codeop's globals; flags go by keyword where
 * `kwnames` say so. */
static PyObject *
call_maybe_compile(struct pc_engine *e, PyObject *compiler, PyObject *source,
                   PyObject *filename, PyObject *symbol, PyObject *flags,
                   PyObject *kwnames)
{
    pc_auto_py PyObject *function = pc_codeop_global(e, e->name._maybe_compile);
    if (function == NULL) {
        return NULL;
    }
    if (function == e->maybe_compile) {
        struct pc_compiler what = pc_compiler_of(e, compiler);
        return pc_maybe_compile(e, &what, source, filename, symbol, flags);
    }
    PyObject *args[] = {compiler, source, filename, symbol, flags};
    bool by_position = flags != NULL && kwnames == NULL;
    return PyObject_Vectorcall(function, args, by_position ? 5 : 4,
                               flags == NULL ? NULL : kwnames);
}

PyObject *
pc_compile_command(struct pc_engine *engine, PyObject *source, PyObject *filename,
                   PyObject *symbol, PyObject *flags)
{
    pc_auto_py PyObject *compile = pc_codeop_global(engine, engine->name._compile);
    if (compile == NULL) {
        return NULL;
    }
    PyObject *result =
        call_maybe_compile(engine, compile, source, filename, symbol, flags, NULL);
    if (result == NULL) {
        pc_frame_add(engine, PC_AT_COMPILE_COMMAND);
    }
    return result;
}

PyObject *
pc_command_compiler_call(struct pc_engine *engine, PyObject *self, PyObject *source,
                         PyObject *filename, PyObject *symbol)
{
    pc_auto_py PyObject *compiler = PyObject_GetAttr(self, engine->name.compiler);
    if (compiler == NULL) {
        return NULL;
    }
    pc_auto_py PyObject *flags = NULL;
    if (engine->dialect.flags_forwarded) {
        flags = PyObject_GetAttr(compiler, engine->name.flags);
        if (flags == NULL) {
            return NULL;
        }
    }
    PyObject *result = call_maybe_compile(engine, compiler, source, filename, symbol,
                                          flags, engine->flags_kwnames);
    if (result == NULL) {
        pc_frame_add(engine, PC_AT_COMMAND_COMPILER);
    }
    return result;
}
