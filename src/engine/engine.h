/* The engine: what Lib/code.py and Lib/codeop.py do, one C function for each method, with
 * the method's name. It performs no input or output: everything goes through the hooks of
 * a console, which a Python object (src/module) or a C host (src/embed) fills.
 *
 * All functions here hold the GIL from first line to last, and return a new reference, or
 * NULL (or -1) with a Python exception set. Arguments are borrowed. */
#ifndef PC_ENGINE_ENGINE_H
#define PC_ENGINE_ENGINE_H

#include "engine/dialect.h"
#include "engine/growth.h"
#include "engine/object.h"
#include "lexer/outlook.h"

/* codeop's two compiler flags (Include/cpython/compile.h). */
#define PC_CODEOP_FLAGS (PyCF_DONT_IMPLY_DEDENT | PyCF_ALLOW_INCOMPLETE_INPUT)

/* Names that are looked up again and again, interned once. */
#define PC_NAMES(X)                                                                    \
    X(CommandCompiler)                                                                 \
    X(Compile)                                                                         \
    X(InteractiveConsole)                                                              \
    X(InteractiveInterpreter)                                                          \
    X(Quitter)                                                                         \
    X(_IncompleteInputError)                                                           \
    X(__call__)                                                                        \
    X(__class__)                                                                       \
    X(__context__)                                                                     \
    X(__enter__)                                                                       \
    X(__excepthook__)                                                                  \
    X(__exit__)                                                                        \
    X(__init__)                                                                        \
    X(__name__)                                                                        \
    X(__traceback__)                                                                   \
    X(_compile)                                                                        \
    X(_excepthook)                                                                     \
    X(_maybe_compile)                                                                  \
    X(_showtraceback)                                                                  \
    X(append)                                                                          \
    X(args)                                                                            \
    X(buffer)                                                                          \
    X(builtins)                                                                        \
    X(catch_warnings)                                                                  \
    X(co_flags)                                                                        \
    X(compile)                                                                         \
    X(compiler)                                                                        \
    X(eof)                                                                             \
    X(exc_info)                                                                        \
    X(excepthook)                                                                      \
    X(exec)                                                                            \
    X(exit)                                                                            \
    X(file)                                                                            \
    X(filename)                                                                        \
    X(filters)                                                                         \
    X(flags)                                                                           \
    X(format_exception)                                                                \
    X(format_exception_only)                                                           \
    X(incomplete_input)                                                                \
    X(input)                                                                           \
    X(interact)                                                                        \
    X(last_exc)                                                                        \
    X(last_traceback)                                                                  \
    X(last_type)                                                                       \
    X(last_value)                                                                      \
    X(lineno)                                                                          \
    X(local_exit)                                                                      \
    X(locals)                                                                          \
    X(name)                                                                            \
    X(platform)                                                                        \
    X(print)                                                                           \
    X(ps1)                                                                             \
    X(ps2)                                                                             \
    X(push)                                                                            \
    X(quit)                                                                            \
    X(raw_input)                                                                       \
    X(resetbuffer)                                                                     \
    X(runcode)                                                                         \
    X(runsource)                                                                       \
    X(showsyntaxerror)                                                                 \
    X(showtraceback)                                                                   \
    X(simplefilter)                                                                    \
    X(source)                                                                          \
    X(split)                                                                           \
    X(splitlines)                                                                      \
    X(stderr)                                                                          \
    X(strip)                                                                           \
    X(symbol)                                                                          \
    X(sys)                                                                             \
    X(tb_next)                                                                         \
    X(text)                                                                            \
    X(traceback)                                                                       \
    X(version)                                                                         \
    X(warnings)                                                                        \
    X(with_traceback)                                                                  \
    X(write)

#define PC_NAME_FIELD(name) PyObject *name;
struct pc_names {
    PC_NAMES(PC_NAME_FIELD)
};

/* One of codeop's classes as it came, to tell whether its instances may be called
 * directly. */
struct pc_callable_class {
    PyObject *type;       /* owned, like the next; both NULL without the module */
    PyObject *call;       /* its __call__ */
    unsigned int version; /* tp_version_tag when __call__ was last seen in place */
};

/* What the engine knows of one interpreter. Owned by an extension module's state or by a
 * C host's console; never shared between interpreters. */
struct pc_engine {
    struct pc_dialect dialect;
    struct pc_names name;
    PyObject *newline;          /* "\n" */
    PyObject *empty;            /* "" */
    PyObject *codeop_flags;     /* int: PC_CODEOP_FLAGS */
    PyObject *not_codeop_flags; /* int: ~PC_CODEOP_FLAGS */
    PyObject *zero;
    PyObject *symbol_kwnames; /* ("symbol",) */
    PyObject *source_kwnames; /* ("source",) */
    PyObject *flags_kwnames;  /* ("flags",) */
    PyObject *final_kwnames;  /* ("incomplete_input",) */
    PyObject *file_kwnames;   /* ("file",) */
    PyObject *builtins;       /* the dict of module builtins */
    bool top_level_await;     /* is it complete where it stands outside functions? */
    PyObject *code_globals;   /* where the names of module `code` are looked up */
    PyObject *codeop_globals; /* the same for module `codeop` */
    PyObject *compile;        /* the builtin function, as it came */
    PyObject *warnings;       /* module warnings */
    PyObject *quiet_filter;   /* the list that warnings.filters is while held back */
    PyObject *quiet_list;     /* a list that begins with it, to be used again */
    PyObject *mutated;        /* tells warnings that its filters changed; or NULL */
    PyObject *frame_codes;    /* dict: place -> code object (frames.c) */
    struct pc_callable_class compile_class; /* Compile (module only) */
    struct pc_callable_class command_class; /* CommandCompiler (module only) */
    PyObject *runsource; /* function InteractiveInterpreter.runsource (module only) */
    PyObject *push;      /* functions of InteractiveConsole (module only) */
    PyObject *raw_input;
    PyObject *maybe_compile;              /* function _maybe_compile (module only) */
    PyObject *plain_compile;              /* function _compile (module only) */
    struct pc_growth growths[PC_GROWTHS]; /* commands that grow line by line */
    size_t next_growth;
    unsigned int plain_version; /* tp_version_tag of a class with plain state */
    size_t turns;
    bool pushing;      /* the text being compiled is known by its console's buffer */
    bool *quiet_noted; /* a warning was held back; lives as long as the filter */
};

/* Is `object` an instance of the class itself, whose __call__ is the one that it had? */
bool pc_is_instance_as_it_came(struct pc_engine *engine,
                               struct pc_callable_class *known, PyObject *object);

/* Fills `engine`, which is all zero. With NULL for a dict of globals a private one is
 * made, which holds what that module would. On failure call pc_engine_fini. */
int pc_engine_init(struct pc_engine *engine, PyObject *code_globals,
                   PyObject *codeop_globals);
void pc_engine_fini(struct pc_engine *engine);
int pc_engine_traverse(struct pc_engine *engine, visitproc visit, void *arg);

/* The value of a global name of module `code` (or `codeop`), looked up now, as a function
 * of that module would: the module's dict, then builtins; else NameError. */
PyObject *pc_code_global(struct pc_engine *engine, PyObject *name);
PyObject *pc_codeop_global(struct pc_engine *engine, PyObject *name);

/* State of a console that callers see as attributes. */
enum pc_attribute {
    PC_LOCALS,
    PC_BUFFER,
    PC_FILENAME,
    PC_LOCAL_EXIT,
    PC_CLASS_NAME,
};

/* Methods that call each other, each of which may be overridden. */
enum pc_method {
    PC_COMPILE, /* compile(source, filename, symbol) */
    PC_RUNSOURCE,
    PC_RUNCODE,
    PC_SHOWSYNTAXERROR,
    PC_SHOWTRACEBACK,
    PC_SHOWTRACEBACK_OF, /* _showtraceback(typ, value, tb, source) */
    PC_EXCEPTHOOK,       /* _excepthook(typ, value, tb) */
    PC_WRITE,
    PC_RESETBUFFER,
    PC_PUSH,
    PC_RAW_INPUT,
};

struct pc_console;

/* How a console reaches its state and the outside world. */
struct pc_hooks {
    PyObject *(*get)(struct pc_console *con, enum pc_attribute attribute);
    int (*set)(struct pc_console *con, enum pc_attribute attribute, PyObject *value);
    /* The method, looked up now and called later by pc_call_found, where the standard
     * library looks it up before it makes the arguments. NULL without an exception: there
     * is nothing to look up. */
    PyObject *(*find)(struct pc_console *con, enum pc_method method);
    /* Are runsource() and compile() codeop's own, with flags that let a command grow? */
    bool (*grows)(struct pc_console *con);
    /* args[0] is a free place for the receiver; the arguments are args[1] to args[n],
     * and after them the values for kwnames, as in a vectorcall. */
    PyObject *(*call)(struct pc_console *con, enum pc_method method, PyObject **args,
                      size_t n, PyObject *kwnames);
    /* Prompts, reads and runs as interact() does, in an editor: 1 at the end of the input,
     * 0: there can be none here; -1 with an exception set. NULL: there is none. */
    int (*edit)(struct pc_console *con);
};

struct pc_console {
    struct pc_engine *engine;
    const struct pc_hooks *hooks;
    PyObject *self; /* borrowed: the Python object, or NULL for a C host's console */
};

/* Calls what hooks->find gave; arguments as for hooks->call. */
static inline PyObject *
pc_call_found(struct pc_console *con, PyObject *found, enum pc_method method,
              PyObject **args, size_t n, PyObject *kwnames)
{
    return found != NULL ? PyObject_Vectorcall(found, args + 1, n, kwnames)
                         : con->hooks->call(con, method, args, n, kwnames);
}

/* Shows the error in flight, which compile() raised, as a syntax error: False. */
PyObject *pc_show_compile_error(struct pc_console *con, PyObject *source,
                                PyObject *filename);

/* InteractiveInterpreter. `source` and `kwargs` may be NULL: not given. */
PyObject *pc_runsource(struct pc_console *con, PyObject *source, PyObject *filename,
                       PyObject *symbol);
PyObject *pc_runcode(struct pc_console *con, PyObject *code);
PyObject *pc_showsyntaxerror(struct pc_console *con, PyObject *filename,
                             PyObject *kwargs);
PyObject *pc_showtraceback(struct pc_console *con);
PyObject *pc_showtraceback_of(struct pc_console *con, PyObject *typ, PyObject *value,
                              PyObject *tb, PyObject *source);
PyObject *pc_excepthook(struct pc_console *con, PyObject *typ, PyObject *value,
                        PyObject *tb);

/* Shows what sys.excepthook raised, `error`, which is being handled, and what it was to show
 * instead. */
PyObject *pc_report_broken_hook(struct pc_engine *e, PyObject *error, PyObject *typ,
                                PyObject *value, PyObject *tb);
PyObject *pc_write(struct pc_console *con, PyObject *data);

/* InteractiveConsole. */
PyObject *pc_resetbuffer(struct pc_console *con);
PyObject *pc_interact(struct pc_console *con, PyObject *banner, PyObject *exitmsg);
PyObject *pc_push(struct pc_console *con, PyObject *line, PyObject *filename,
                  PyObject *symbol);
PyObject *pc_raw_input(struct pc_console *con, PyObject *prompt);

/* Where a tentative compile gets its flags and remembers __future__ statements. */
enum pc_compiler_kind {
    PC_COMPILER_CALLABLE, /* any object: called as codeop calls it */
    PC_COMPILER_COMPILE,  /* an instance of class Compile as it came */
    PC_COMPILER_FUNCTION, /* codeop._compile: remembers nothing */
    PC_COMPILER_FLAGS,    /* a C host's flags */
};

struct pc_compiler {
    enum pc_compiler_kind kind;
    PyObject *object; /* borrowed */
    int *flags;       /* PC_COMPILER_FLAGS */
};

/* codeop. None for incomplete input, otherwise a code object. `flags` is NULL where the
 * dialect passes none on. */
PyObject *pc_maybe_compile(struct pc_engine *engine, const struct pc_compiler *compiler,
                           PyObject *source, PyObject *filename, PyObject *symbol,
                           PyObject *flags);
PyObject *pc_compile_command(struct pc_engine *engine, PyObject *source,
                             PyObject *filename, PyObject *symbol, PyObject *flags);
PyObject *pc_command_compiler_call(struct pc_engine *engine, PyObject *self,
                                   PyObject *source, PyObject *filename,
                                   PyObject *symbol);
PyObject *pc_compile_call(struct pc_engine *engine, PyObject *self, PyObject *source,
                          PyObject *filename, PyObject *symbol, PyObject *flags,
                          PyObject *kwargs);
PyObject *pc_plain_compile(struct pc_engine *engine, PyObject *source,
                           PyObject *filename, PyObject *symbol,
                           PyObject *incomplete_input, PyObject *flags);
/* Are _maybe_compile and compile, looked up now, what they were? */
bool pc_codeop_is_as_it_came(struct pc_engine *engine);

/* Do the flags of a Compile, without those of `besides`, let a command grow? */
bool pc_flags_of_compile_grow(struct pc_engine *engine, PyObject *compile,
                              long besides);
struct pc_compiler pc_compiler_of(struct pc_engine *engine, PyObject *object);

/* Is `source`, exactly a str, complete as codeop sees it? One of the enumeration, or -1.
 * Fills *ret_outlook for PC_INCOMPLETE, *ret_error (the exception) for PC_INVALID. */
enum pc_completeness { PC_COMPLETE, PC_INCOMPLETE, PC_INVALID };
int pc_is_complete(struct pc_engine *engine, PyObject *source, PyObject *symbol,
                   struct pc_outlook *ret_outlook, PyObject **ret_error);

/* The same of a source with that name, for who will run it, and need not compile it again:
 * fills *ret_code (new) where that would give the same, and no warning. */
int pc_judge(struct pc_engine *engine, PyObject *source, PyObject *filename,
             PyObject *symbol, PyObject **ret_code, struct pc_outlook *ret_outlook,
             PyObject **ret_error);

/* Compiler warnings held back for a while, as codeop does; see quiet.c. */
struct pc_quiet {
    PyObject *before;  /* owned: warnings.filters before it was swapped, or NULL */
    PyObject *ours;    /* owned: what it was swapped for */
    PyObject *manager; /* owned: warnings.catch_warnings(), when that was called */
    bool outer_noted;
};

/* `swap`: CPython's compiler compiles a str, and no other code is part of that. */
int pc_quiet_begin(struct pc_engine *engine, struct pc_quiet *quiet, bool swap);
/* An exception in flight stays. *ret_noted: a warning may have been held back. */
int pc_quiet_end(struct pc_engine *engine, struct pc_quiet *quiet, bool *ret_noted);

/* What a begin and an end with nothing in between do: 1; 0 if that is not for us to do. */
int pc_quiet_skip(struct pc_engine *engine);

/* The library's own frames: places in the standard library's text that callers see in
 * tracebacks, and that showtraceback() counts on; see frames.c. */
enum pc_place {
    PC_AT_RUNSOURCE,
    PC_AT_RUNCODE,
    PC_AT_COMMAND_COMPILER,
    PC_AT_COMPILE_COMMAND,
    PC_AT_FIRST_COMPILE,
    PC_AT_SECOND_COMPILE,
    PC_AT_FINAL_COMPILE,
    PC_AT_COMPILE,
    PC_AT_PLAIN_COMPILE,
};

/* Adds the frame to the traceback of the exception in flight, which stays in flight. */
void pc_frame_add(struct pc_engine *engine, enum pc_place place);

#endif
