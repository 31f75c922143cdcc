"""Two hundred Pythons, each in a process of its own, from one that has imported already.

    python3 examples/supervisor.py [COUNT]
"""

import asyncio
import sys
import time

from pyconsole import Session


async def work(session, number):
    """A job for each; one in ten crashes, and nobody else minds."""
    crash = "import ctypes; ctypes.string_at(0)" if number % 10 == 3 else "None"
    request = await session.execute(f"print('worker', {number})\n{crash}\nsum(range({number}))")
    return request.outcome, request.output, request.values


async def main(count):
    async with Session() as zygote:
        await zygote.execute("import json, decimal, asyncio, gc; gc.collect(); gc.freeze()")
        begin = time.perf_counter()
        sessions = [zygote.clone() for _ in range(count)]
        results = await asyncio.gather(*(work(session, number)
                                         for number, session in enumerate(sessions)))
        seconds = time.perf_counter() - begin
        for number, (outcome, output, values) in enumerate(results):
            expected = ("died", []) if number % 10 == 3 else ("ok", [str(sum(range(number)))])
            assert (outcome, values) == expected and output == f"worker {number}\n", number
        for session in sessions:
            session.free()
    died = sum(outcome == "died" for outcome, *_ in results)
    print(f"{count} sessions, {count - died} done and {died} died as they should")
    print(f"{1000 * seconds / count:.1f} ms for each", file=sys.stderr)


asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
