#!/usr/bin/env bash
# Run a command of Meson or Ninja so that an old Meson can read a new interpreter PYTHON
# (tools/meson/distutils.py says what for).
#
#   tools/mesonenv.sh meson setup build …
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
if "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
    export PYTHONPATH=$here/meson${PYTHONPATH:+:$PYTHONPATH}
fi
exec "$@"
