#!/usr/bin/env bash
# Check what STYLE and the design ask for and a machine can see. Each check is one pass or fail;
# it ends with `N passed, N failed, N skipped`.
#
#   tools/lint.sh [PATTERN]      only the checks whose name holds PATTERN (a regular expression)
#
# Builds with gcc and clang into build-lint-gcc and build-lint-clang; PYTHON is the interpreter that
# is built for.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly python=${PYTHON:-/usr/bin/python3}
readonly only=${1:-}
readonly gcc_build=build-lint-gcc
readonly clang_build=build-lint-clang
readonly skip_status=77         # of a check that cannot be made here

# Beyond -Wall -Wextra, which Meson gives; -Wjump-misses-init is gcc's alone.
readonly warnings='-Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wvla -Wformat=2 -Wpointer-arith -Wimplicit-fallthrough -Walloca'

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

declare -i passed=0 failed=0 skipped=0
declare -a failures=()

# Run one check: its output is shown, and its exit status decides.
check() {    # NAME COMMAND...
    local name=$1 output status=0
    shift
    [[ $name =~ $only ]] || return 0
    output=$("$@" 2>&1 </dev/null) || status=$?
    case $status in
    0) passed+=1; echo "ok    $name" ;;
    "$skip_status") skipped+=1; echo "skip  $name" ;;
    *) failed+=1; failures+=("$name"); echo "FAIL  $name" ;;
    esac
    [ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/      /'
}

# Files of the project by pathspec, those not yet added included.
files() {
    local file
    git ls-files --cached --others --exclude-standard -- "$@" | while IFS= read -r file; do
        [ ! -f "$file" ] || printf '%s\n' "$file"
    done
}

# Run a command for each line of standard input, one per core; fail if one fails.
for_each() {    # COMMAND...
    xargs -r -d '\n' -n 1 -P "$(nproc)" "$@"
}

needs() {    # COMMAND...
    local command
    for command in "$@"; do
        if ! command -v "$command" >/dev/null; then
            echo "$command is not installed (tools/setup.sh lint)"
            [ "${CI:-}" != true ] || return 1
            return "$skip_status"
        fi
    done
}

# ------------------------------------------------------------------ builds

build_with() {    # COMPILER BUILD EXTRA-WARNINGS...
    local compiler=$1 build=$2 arguments log=$logs/$1
    shift 2
    needs "$compiler" || return
    # shellcheck disable=SC2086  # one argument a word
    arguments=$(printf '%s ' $warnings "$@")
    local -a wipe=()
    [ ! -e "$build/build.ninja" ] || wipe=(--wipe)
    CC=$compiler tools/mesonenv.sh meson setup "$build" "${wipe[@]}" --werror \
        -Dwarning_level=2 -Dpython="$python" -Dc_args="$arguments" >"$log" 2>&1 \
        && tools/mesonenv.sh ninja -C "$build" --quiet >>"$log" 2>&1 && return
    sed -n '/FAILED:\|ERROR:/,$p' "$log" | head -n 80
    return 1
}

# ------------------------------------------------------------------ format, headers

check_format() {
    local tool
    tool=$(command -v clang-format-14 || command -v clang-format) || needs clang-format || return
    if ! "$tool" --version | grep -q 'version 14\.'; then
        echo "clang-format 14 is the arbiter, not $("$tool" --version)"
        return "$skip_status"
    fi
    local wrong=$logs/format
    files '*.c' '*.h' | xargs -r "$tool" --dry-run -Werror 2>&1 \
        | sed -n 's/: error: .*//p; /^[^ ]*: No such/p' | cut -d : -f 1,2 | uniq >"$wrong"
    [ -s "$wrong" ] || return 0
    head -n 30 "$wrong"
    echo "$(wc -l <"$wrong") places; mend with: $tool -i" \
        "$(cut -d : -f 1 "$wrong" | uniq | tr '\n' ' ')"
    return 1
}

# A public header alone, in every dialect that a user may compile it in.
check_header() {    # HEADER
    local header=$1 compiler
    local -a flags=(-Iinclude "-I$gcc_build/include" -pedantic -Wall -Wextra -Werror -fsyntax-only)
    needs gcc g++ clang clang++ || return
    if [ "$header" = pyconsole/python.h ]; then
        # CPython's own headers are not ours to check.
        flags+=("-isystem$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')")
    fi
    for compiler in gcc clang; do
        echo "#include <$header>" | "$compiler" -std=c11 "${flags[@]}" -x c - || return
    done
    for compiler in g++ clang++; do
        echo "#include <$header>" | "$compiler" -std=c++17 "${flags[@]}" -x c++ - || return
    done
}

# ------------------------------------------------------------------ analysers

check_clang_tidy() {
    needs clang-tidy || return
    files 'src/*.c' | for_each clang-tidy --quiet -p "$clang_build" --warnings-as-errors='*' \
        2> >(grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed' >&2)
}

# Without memleak: cppcheck knows nothing of the cleanup attribute.
check_cppcheck() {
    needs cppcheck || return
    cppcheck --quiet --std=c11 --language=c --error-exitcode=1 -j "$(nproc)" \
        --enable=warning,performance,portability --inline-suppr \
        --library=python --suppress=missingInclude --suppress=missingIncludeSystem \
        --suppress=unusedStructMember --suppress=memleak -D__GNUC__=12 -D__linux__ -Iinclude -Isrc src
}

# gcc's analyser over some rooms, with the flags of the gcc build.
check_analyzer() {    # ROOM...
    needs gcc || return
    # shellcheck disable=SC2016  # expanded by the inner shell
    "$python" tools/lint/compile_commands.py "$gcc_build" "${@/#/src/}" \
        | for_each bash -c 'eval "$1 -fanalyzer -Werror -o /dev/null"' analyzer
}

# ------------------------------------------------------------------ scripts

check_shell() {
    local file
    { files '*.sh'; files .ci; } | while IFS= read -r file; do
        if ! bash -n "$file" || ! grep -q '^set -euo pipefail$' "$file"; then
            echo "$file: no 'set -euo pipefail', or bash cannot read it"
            exit 1
        fi
    done
}

check_python() {
    files '*.py' | xargs -r "$python" -c '
import sys
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        compile(file.read(), name, "exec")'
}

# The stubs against the package as it is at run time, and what users write against the stubs.
check_types() {
    local package=$PWD/$gcc_build/python
    if ! "$python" -c 'import mypy' 2>/dev/null; then
        needs mypy || return
        echo "$python has no mypy"
        return "$skip_status"
    fi
    PYTHONPATH=$package MYPYPATH=$package "$python" -m mypy.stubtest --concise \
        --allowlist tools/lint/stubtest.txt --ignore-unused-allowlist pyconsole || return
    MYPYPATH=$package "$python" -m mypy --strict --no-error-summary --cache-dir=/dev/null \
        tests/types || return
    MYPYPATH=$package "$python" -m mypy --check-untyped-defs --no-error-summary \
        --cache-dir=/dev/null examples/supervisor.py
}

# ------------------------------------------------------------------ documents

check_man() {
    needs mandoc || return
    files 'man/*.[1-9]' | xargs -r mandoc -T lint -W warning \
        2> >(grep -v '^mandoc: outdated mandoc.db' >&2)
}

# One sitting: it is read whole by everybody who starts.
check_architecture() {
    local lines
    lines=$(wc -l <ARCHITECTURE.md)
    [ "$lines" -le 200 ] || { echo "ARCHITECTURE.md: $lines lines, at most 200"; return 1; }
}

# ------------------------------------------------------------------ the whole

main() {
    local header
    export PYTHON=$python PYTHONDONTWRITEBYTECODE=1

    check 'gcc: builds without a warning' build_with gcc "$gcc_build" -Wjump-misses-init
    check 'clang: builds without a warning' build_with clang "$clang_build"

    check 'includes follow the arrows between rooms' "$python" tools/lint/includes.py
    check 'sizes of files and functions' "$python" tools/lint/sizes.py
    check 'libraries export only what is public' "$python" tools/lint/symbols.py exports "$gcc_build"
    check 'no mutable file-scope state' "$python" tools/lint/symbols.py state "$gcc_build"
    for header in $(files 'include/pyconsole/*.h'); do
        check "header ${header#include/} alone, as C11 and C++17" check_header "${header#include/}"
    done
    check 'docs/reference is what the headers say' "$python" tools/reference.py --check
    check 'docs/settings.md is what the list of settings says' "$python" tools/settings.py --check
    check 'docs/commands.md is what the commands say' "$python" tools/commands.py --check
    check 'docs/keys.md and the man page have the keys of the tables' "$python" tools/keys.py --check
    check 'clang-format' check_format
    check 'shell scripts' check_shell
    check 'Python files' check_python
    check 'stubs agree with the package' check_types
    check 'man pages' check_man
    check 'ARCHITECTURE.md can be read in one sitting' check_architecture

    check 'cppcheck' check_cppcheck
    check 'clang-tidy' check_clang_tidy
    check 'gcc -fanalyzer, rooms without Python' check_analyzer base lexer session term edit view \
        history repl cli
    check 'gcc -fanalyzer, rooms with Python' check_analyzer engine runtime embed program module

    if [ "$failed" -gt 0 ]; then
        printf '\nfailed:\n'
        printf '  %s\n' "${failures[@]}"
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

main
