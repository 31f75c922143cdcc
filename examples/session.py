# A session for the console:  make run < examples/session.py
#
# Values go to standard output; prompts and tracebacks go to standard error. A blank line
# ends a block, as at any Python prompt.

2 ** 100
"ünïcode", [n * n for n in range(5)], {"a": 1}
_[1][-1]

def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a

[fib(n) for n in range(12)]

class Point:
    """A place in the plane.

    Blank lines within a string or brackets end nothing."""
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
    def __abs__(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5

points = [
    Point(0, 1),

    Point(3, 4),
]
for point in points:
    point, abs(point)

from contextlib import redirect_stdout
from io import StringIO
with redirect_stdout(StringIO()) as kept:
    print("not shown yet")

kept.getvalue()

# An exception ends a statement, not the session.
{}["missing"]
try:
    fib("three")
except TypeError as error:
    type(error).__name__

import sys
type(sys.last_value)
"good-bye"
