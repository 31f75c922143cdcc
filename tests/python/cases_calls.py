"""Scenarios for how things are called: missing, too many, unexpected arguments."""

import inspect

from differential import Table

CASES = Table()

PLACES = {
    "compile_command": lambda code, codeop: codeop.compile_command,
    "code.compile_command": lambda code, codeop: code.compile_command,
    "Compile": lambda code, codeop: codeop.Compile,
    "Compile()": lambda code, codeop: codeop.Compile(),
    "CommandCompiler": lambda code, codeop: codeop.CommandCompiler,
    "CommandCompiler()": lambda code, codeop: codeop.CommandCompiler(),
    "InteractiveInterpreter": lambda code, codeop: code.InteractiveInterpreter,
    "InteractiveConsole": lambda code, codeop: code.InteractiveConsole,
    "interact": lambda code, codeop: code.interact,
}
METHODS = ("__init__", "runsource", "runcode", "showsyntaxerror", "showtraceback",
           "write", "resetbuffer", "interact", "push", "raw_input")
for method in METHODS:
    PLACES[method] = lambda code, codeop, name=method: getattr(
        code.InteractiveConsole(), name)
    PLACES[f"class {method}"] = lambda code, codeop, name=method: getattr(
        code.InteractiveConsole, name)
    if hasattr(__import__("code").InteractiveInterpreter, method):
        PLACES[f"base {method}"] = lambda code, codeop, name=method: getattr(
            code.InteractiveInterpreter(), name)

ARGUMENTS = {
    "none": ((), {}),
    "nine": ((1, 2, 3, 4, 5, 6, 7, 8, 9), {}),
    "unexpected": ((), {"nonsense": 1}),
    "unexpected first": (("a",), {"nonsense": 1}),
    "two unexpected": ((), {"b1": 1, "a1": 2}),
    "non-str keyword": ((), {"ä": 1}),
}


def call_place(code, codeop, lab, arguments, place):
    """Call one callable with arguments that do not fit it."""
    positional, keywords = arguments
    function = PLACES[place](code, codeop)
    if place == "interact" and not positional:
        keywords = {"readfunc": lab.lines(), **keywords}
    lab.call(function, *positional, **keywords)


for place in PLACES:
    for label, arguments in ARGUMENTS.items():
        if label == "none" and place == "class __init__":
            continue
        CASES.add(f"{place}[{label}]",
                  lambda code, codeop, lab, a=arguments, p=place:
                  call_place(code, codeop, lab, a, p))


@CASES.each(tuple(PLACES))
def one_too_few_and_too_many(code, codeop, lab, place):
    """Every count of positional arguments, all of them a harmless int."""
    for count in range(8):
        if place.endswith("interact") and count < 2:
            continue
        lab.call(PLACES[place](code, codeop), *[1] * count)


@CASES.each(tuple(PLACES))
def every_keyword_twice(code, codeop, lab, place):
    """Positional and keyword value for one parameter."""
    function = PLACES[place](code, codeop)
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError) as error:
        lab.note("no signature", type(error))
        return
    lab.note(names)
    for name in names:
        if name not in ("self", "kwargs"):
            lab.call(function, 1, 2, 3, 4, **{name: 1})
            if not place.endswith("interact"):
                lab.call(function, **{name: 1})


NOT_A_CONSOLE = (None, 1, object())


@CASES.each(METHODS)
def unbound_on_something_else(code, codeop, lab, name):
    """A function of the class can be called on anything that has the attributes."""
    for cls in (code.InteractiveInterpreter, code.InteractiveConsole):
        for thing in NOT_A_CONSOLE:
            if hasattr(cls, name):
                lab.call(getattr(cls, name), thing)
                lab.call(getattr(cls, name), thing, "a = 1")


@CASES
def unbound_on_lookalike(code, codeop, lab):
    class Lookalike:
        buffer = ["if 1:"]
        filename = "<look>"
        locals = {}

        def runsource(self, *args, **kwargs):
            lab.note("runsource", args, kwargs)
            return False

        def resetbuffer(self):
            lab.note("reset")

        def write(self, data):
            lab.note("write", data)
    thing = Lookalike()
    lab.call(code.InteractiveConsole.push, thing, "  a = 1")
    lab.call(code.InteractiveConsole.runcode, thing, compile("x = 1", "f", "exec"))
    lab.call(code.InteractiveConsole.resetbuffer, thing)
    lab.note(vars(thing), thing.locals)


@CASES
def outside_a_handler(code, codeop, lab):
    """showtraceback() and showsyntaxerror() with no exception being handled."""
    console = code.InteractiveConsole()
    lab.call(console.showtraceback)
    lab.call(console.showsyntaxerror)
    lab.call(console.showsyntaxerror, "name")


@CASES
def inside_a_handler(code, codeop, lab):
    console = code.InteractiveConsole()
    for error in (ValueError("x"), SyntaxError("x"), SyntaxError("m", ("f", 1, 2, "t")),
                  SyntaxError("m", ("f", 1, 2, None)), KeyboardInterrupt(),
                  SyntaxError(), SyntaxError(1), IndentationError("m", ("f", 2, 2, "")),
                  SyntaxError("m", ("f", 1, 2, "t", 1, 4)), SystemExit(3)):
        for name in (None, "", "name", 5):
            try:
                raise error
            except BaseException:
                lab.call(console.showsyntaxerror, name)
                lab.call(console.showsyntaxerror, filename=name, source="one\ntwo")
                lab.call(console.showtraceback)
                lab.note(error)


@CASES
def runcode_directly(code, codeop, lab):
    console = code.InteractiveInterpreter({"a": 1})
    for thing in (compile("b = a", "f", "exec"), "c = a", b"d = a", None, 1, "1/0",
                  compile("1/0", "f", "exec"), "x =", (lambda: 1).__code__,
                  compile("a", "f", "single"), compile("a", "f", "eval"), "raise SystemExit"):
        lab.call(console.runcode, thing)
    x = 1
    lab.call(console.runcode, (lambda: x).__code__)
    lab.note(console.locals)


@CASES
def runsource_directly(code, codeop, lab):
    console = code.InteractiveInterpreter()
    for source in ("a = 1", "if 1:", "a", "a = = 1", "", "\0", "1/0", b"1", None, 3,
                   "'''\n", "9" * 5000):
        lab.call(console.runsource, source)
        lab.call(console.runsource, source, "<name>", "exec")
        lab.call(console.runsource, source, filename="<name>", symbol="eval")
        lab.call(console.runsource, source, symbol="wrong")
        lab.call(console.runsource, source, None)
    lab.note(console.locals)


@CASES
def results_are_the_same_objects(code, codeop, lab):
    """True and False, 1 and 0, None: what exactly comes back."""
    console = code.InteractiveConsole()
    for line in ("a = 1", "if 1:", "", "a = = 1"):
        lab.note(repr(console.push(line)))
    for value in (console.runsource("a"), console.runcode("a"), console.write(""),
                  console.resetbuffer(), console.showsyntaxerror):
        lab.note(type(value).__name__ in ("method", "builtin_function_or_method")
                 or repr(value))
