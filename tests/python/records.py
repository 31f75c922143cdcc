"""Turn what a console does into plain values that can be compared.

Exceptions, tracebacks, code objects, warnings and namespaces become nested tuples and
dicts of strings and numbers, so that an equality assertion compares them whole and
pytest prints where two of them part.
"""

import ast
import code as standard_code
import codeop as standard_codeop
import hashlib
import re
import traceback
import types

LIBRARY_FILES = frozenset((standard_code.__file__, standard_codeop.__file__))
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
OWN_MODULE = re.compile(r"\bpyconsole\.(code|codeop)\b")
LIBRARY_CARETS = re.compile(
    r'(  File "(?:%s)", line .*\n    .*\n) *[\^~]+\n' % "|".join(map(re.escape, LIBRARY_FILES))
)
LONG = 20_000

EXCEPTION_FIELDS = (
    "msg", "filename", "lineno", "offset", "end_lineno", "end_offset", "text",
    "print_file_and_line", "_metadata", "code", "name", "name_from", "path", "errno",
    "strerror", "filename2", "encoding", "object", "start", "end", "reason",
    "message", "exceptions", "value",
)
CODE_FIELDS = (
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals",
    "co_stacksize", "co_flags", "co_names", "co_varnames", "co_freevars",
    "co_cellvars", "co_filename", "co_name", "co_qualname", "co_firstlineno",
    "co_linetable", "co_exceptiontable", "co_code",
)


def text_record(text):
    """TEXT without addresses and without our package's name; long ones as a digest."""
    text = OWN_MODULE.sub(r"\1", ADDRESS.sub("at 0x0", str.__str__(text)))
    if len(text) <= LONG:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return ("long text", len(text), text[:60], text[-60:], digest)


def code_record(code):
    """Every field of a code object, and of those in its constants."""
    record = {name: getattr(code, name) for name in CODE_FIELDS}
    record["co_filename"] = text_record(code.co_filename)
    record["co_consts"] = [plain(const) for const in code.co_consts]
    record["co_lines"] = list(code.co_lines())
    record["co_positions"] = list(code.co_positions())
    return ("code", record)


def frame_records(tb, strip):
    """File, line and name of each frame; with STRIP those of the library left out."""
    frames = []
    for frame, lineno in traceback.walk_tb(tb):
        filename = frame.f_code.co_filename
        if not (strip and filename in LIBRARY_FILES):
            frames.append((text_record(filename), lineno, frame.f_code.co_name))
    return frames


def traceback_record(tb, strip=False):
    """A traceback as its frames and, with the library's frames in, its rendering."""
    if tb is None:
        return None
    frames = frame_records(tb, strip)
    if strip:
        return ("traceback", frames) if frames else None
    return ("traceback", frames, text_record(traceback_text(tb)))


def traceback_text(tb):
    """A traceback as it is shown, but for the carets below the library's own lines."""
    frames = traceback.extract_tb(tb, limit=10_000)
    return LIBRARY_CARETS.sub(r"\1", "".join(traceback.format_list(frames)))


def safe_str(value):
    """str(VALUE), or what it raised."""
    try:
        return text_record(str(value))
    except BaseException as error:
        return ("str raised", type(error).__name__)


def exception_record(error, strip=False, seen=()):
    """All that an exception carries, and the same for its causes and contexts."""
    if error is None:
        return None
    if any(error is other for other in seen):
        return "seen above"
    seen = (*seen, error)
    record = {"str": safe_str(error), "args": plain(error.args, seen)}
    for name in EXCEPTION_FIELDS:
        if hasattr(type(error), name) or name in vars(error):
            record[name] = plain(getattr(error, name, "<unset>"), seen)
    record["vars"] = plain(vars(error), seen)
    record["suppress_context"] = error.__suppress_context__
    record["cause"] = exception_record(error.__cause__, strip, seen)
    record["context"] = exception_record(error.__context__, strip, seen)
    record["traceback"] = traceback_record(error.__traceback__, strip)
    return ("exception", type_record(type(error)), record)


def type_record(cls):
    """A class by its name."""
    return ("class", text_record(f"{cls.__module__}.{cls.__qualname__}"))


def dict_record(mapping, seen):
    """A namespace: builtins left out, the warning registry without its version."""
    record = {}
    for key, value in mapping.items():
        if key == "__builtins__":
            continue
        if key == "__warningregistry__":
            value = {k: v for k, v in value.items() if k != "version"}
        record[plain(key, seen) if isinstance(key, str) else repr(plain(key, seen))] = (
            plain(value, seen)
        )
    return ("dict", record)


def plain(value, seen=()):
    """VALUE as something that can be compared with another run's."""
    if value is None or isinstance(value, (bool, types.EllipsisType)):
        return value
    if type(value) in (int, bytes):
        return value if type(value) is int or len(value) < LONG else hash(value)
    if isinstance(value, str):
        text = text_record(value)
        return text if type(value) is str else (type_record(type(value)), text)
    if isinstance(value, BaseException):
        return exception_record(value, False, seen)
    return compound_record(value, seen)


def compound_record(value, seen):
    """The part of plain() for what is neither a constant nor an exception."""
    if isinstance(value, types.CodeType):
        return code_record(value)
    if isinstance(value, types.TracebackType):
        return traceback_record(value)
    if isinstance(value, ast.AST):
        return ("ast", ast.dump(value, include_attributes=True))
    if isinstance(value, type):
        return type_record(value)
    if any(value is other for other in seen):
        return "seen above"
    if isinstance(value, dict):
        return dict_record(value, (*seen, value))
    if isinstance(value, (list, tuple)):
        items = [plain(item, (*seen, value)) for item in value]
        return (type_record(type(value)), items)
    if isinstance(value, (set, frozenset)):
        return (type_record(type(value)), sorted(repr(plain(v, seen)) for v in value))
    return other_record(value)


def other_record(value):
    """An object we know nothing about: its class and what it says of itself."""
    if isinstance(value, (types.FunctionType, types.MethodType)):
        return ("function", value.__name__)
    if isinstance(value, types.ModuleType):
        return ("module", text_record(value.__name__))
    try:
        said = text_record(repr(value))
    except BaseException as error:
        said = ("repr raised", type(error).__name__)
    return (type_record(type(value)), said)
