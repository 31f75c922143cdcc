/* The names of Python's builtins, as dir(builtins) has them in an interactive session,
 * without keywords and names that begin with an underscore. */
#include "view/highlight.h"

#include <string.h>

/* In the order of their bytes, each with the version of Python that brought it. */
static const struct {
    const char *name;
    uint8_t since; /* enum pc_python_version; 0: always there */
} builtins[] = {
    {"ArithmeticError", 0},
    {"AssertionError", 0},
    {"AttributeError", 0},
    {"BaseException", 0},
    {"BaseExceptionGroup", 0},
    {"BlockingIOError", 0},
    {"BrokenPipeError", 0},
    {"BufferError", 0},
    {"BytesWarning", 0},
    {"ChildProcessError", 0},
    {"ConnectionAbortedError", 0},
    {"ConnectionError", 0},
    {"ConnectionRefusedError", 0},
    {"ConnectionResetError", 0},
    {"DeprecationWarning", 0},
    {"EOFError", 0},
    {"Ellipsis", 0},
    {"EncodingWarning", 0},
    {"EnvironmentError", 0},
    {"Exception", 0},
    {"ExceptionGroup", 0},
    {"FileExistsError", 0},
    {"FileNotFoundError", 0},
    {"FloatingPointError", 0},
    {"FutureWarning", 0},
    {"GeneratorExit", 0},
    {"IOError", 0},
    {"ImportCycleError", PC_PYTHON_3_15},
    {"ImportError", 0},
    {"ImportWarning", 0},
    {"IndentationError", 0},
    {"IndexError", 0},
    {"InterruptedError", 0},
    {"IsADirectoryError", 0},
    {"KeyError", 0},
    {"KeyboardInterrupt", 0},
    {"LookupError", 0},
    {"MemoryError", 0},
    {"ModuleNotFoundError", 0},
    {"NameError", 0},
    {"NotADirectoryError", 0},
    {"NotImplemented", 0},
    {"NotImplementedError", 0},
    {"OSError", 0},
    {"OverflowError", 0},
    {"PendingDeprecationWarning", 0},
    {"PermissionError", 0},
    {"ProcessLookupError", 0},
    {"PythonFinalizationError", PC_PYTHON_3_13},
    {"RecursionError", 0},
    {"ReferenceError", 0},
    {"ResourceWarning", 0},
    {"RuntimeError", 0},
    {"RuntimeWarning", 0},
    {"StopAsyncIteration", 0},
    {"StopIteration", 0},
    {"SyntaxError", 0},
    {"SyntaxWarning", 0},
    {"SystemError", 0},
    {"SystemExit", 0},
    {"TabError", 0},
    {"TimeoutError", 0},
    {"TypeError", 0},
    {"UnboundLocalError", 0},
    {"UnicodeDecodeError", 0},
    {"UnicodeEncodeError", 0},
    {"UnicodeError", 0},
    {"UnicodeTranslateError", 0},
    {"UnicodeWarning", 0},
    {"UserWarning", 0},
    {"ValueError", 0},
    {"Warning", 0},
    {"ZeroDivisionError", 0},
    {"abs", 0},
    {"aiter", 0},
    {"all", 0},
    {"anext", 0},
    {"any", 0},
    {"ascii", 0},
    {"bin", 0},
    {"bool", 0},
    {"breakpoint", 0},
    {"bytearray", 0},
    {"bytes", 0},
    {"callable", 0},
    {"chr", 0},
    {"classmethod", 0},
    {"compile", 0},
    {"complex", 0},
    {"copyright", 0},
    {"credits", 0},
    {"delattr", 0},
    {"dict", 0},
    {"dir", 0},
    {"divmod", 0},
    {"enumerate", 0},
    {"eval", 0},
    {"exec", 0},
    {"exit", 0},
    {"filter", 0},
    {"float", 0},
    {"format", 0},
    {"frozendict", PC_PYTHON_3_15},
    {"frozenset", 0},
    {"getattr", 0},
    {"globals", 0},
    {"hasattr", 0},
    {"hash", 0},
    {"help", 0},
    {"hex", 0},
    {"id", 0},
    {"input", 0},
    {"int", 0},
    {"isinstance", 0},
    {"issubclass", 0},
    {"iter", 0},
    {"len", 0},
    {"license", 0},
    {"list", 0},
    {"locals", 0},
    {"map", 0},
    {"max", 0},
    {"memoryview", 0},
    {"min", 0},
    {"next", 0},
    {"object", 0},
    {"oct", 0},
    {"open", 0},
    {"ord", 0},
    {"pow", 0},
    {"print", 0},
    {"property", 0},
    {"quit", 0},
    {"range", 0},
    {"repr", 0},
    {"reversed", 0},
    {"round", 0},
    {"sentinel", PC_PYTHON_3_15},
    {"set", 0},
    {"setattr", 0},
    {"slice", 0},
    {"sorted", 0},
    {"staticmethod", 0},
    {"str", 0},
    {"sum", 0},
    {"super", 0},
    {"tuple", 0},
    {"type", 0},
    {"vars", 0},
    {"zip", 0},
};

enum { BUILTINS = sizeof builtins / sizeof builtins[0] };

/* As strcmp(), with a name that has no zero byte at its end. */
static int
compare(const char *name, size_t len, const char *text)
{
    int order = strncmp(name, text, len);
    return order != 0 || text[len] == '\0' ? order : -1;
}

bool
pc_is_builtin(const char *name, size_t len, enum pc_python_version version)
{
    size_t low = 0;
    size_t high = BUILTINS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, len, builtins[middle].name);
        if (order == 0) {
            return version >= builtins[middle].since;
        }
        if (order < 0) {
            high = middle;
        }
        else {
            low = middle + 1;
        }
    }
    return false;
}
