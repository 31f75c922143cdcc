"""Put the built package on the path, for these tests and for what they start."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGE = ROOT / os.environ.get("PYCONSOLE_BUILD", "build") / "python"

os.environ["PYTHONPATH"] = os.pathsep.join(
    part for part in (str(PACKAGE), os.environ.get("PYTHONPATH")) if part
)
os.environ["NO_COLOR"] = "1"
for name in ("PYTHONSTARTUP", "PYTHONINSPECT", "FORCE_COLOR", "PYTHON_COLORS"):
    os.environ.pop(name, None)
for folder in (str(PACKAGE), str(HERE)):
    if folder not in sys.path:
        sys.path.insert(0, folder)
