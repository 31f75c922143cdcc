"""What mypy must refuse: --strict complains where it does not, of an ignore without a use."""

from pyconsole import Session

session = Session()
session.execute(b"bytes")  # type: ignore
session.stop("now")  # type: ignore
session.execute("1").outcome == "done"  # type: ignore
Session(memory="1 GB")  # type: ignore
Session(on_input=lambda session: "")  # type: ignore
session.pid = 1  # type: ignore
session.died.status  # type: ignore
assert session.died is None or session.died.kind != "DEAD"  # type: ignore
