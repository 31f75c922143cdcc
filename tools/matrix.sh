#!/usr/bin/env bash
# Build and test on every supported CPython: the interpreters found on this machine, and roots of
# Debian 13 (3.13) and Debian testing (3.14, 3.15) made with debootstrap.
#
#   tools/matrix.sh suites     CPython's own test_code_module and test_codeop with our modules
#   tools/matrix.sh all        those, the unit tests and tests/python
#   tools/matrix.sh differential   each version's whole standard library through both modules
#   tools/matrix.sh roots      only make the roots
#
# Roots are kept in .cache/roots (PYCONSOLE_CACHE names another folder for .cache). Everything that
# happens in a root happens in a mount and process namespace of its own, so that nothing stays
# mounted and nothing goes on running, however this script ends.
#
# Ends with a table and `N passed, N failed, N skipped`.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly supported=(3.11 3.12 3.13 3.14 3.15)
readonly cache=${PYCONSOLE_CACHE:-$PWD/.cache}
readonly roots=$cache/roots
# What a build needs but for a Python, which each root has of its own.
mapfile -t tools < <(PYTHON=none tools/setup.sh --list build | tr -s ' ' '\n')
readonly tools
readonly test_tools=(libcmocka-dev python3-pytest python3-hypothesis python3-pexpect python3-pyte)

# A root: name, Debian suite, debootstrap script, versions of Python in it, "always" or "missing":
# whether it is used always, or only for versions that this machine does not have.
readonly root_table='
    trixie     trixie     trixie     3.13        always
    testing    testing    sid        3.14,3.15   always
    bookworm   bookworm   bookworm   3.11        missing
'

declare -a as_root=()           # what to put before a command that needs root
declare -a rows=()              # "version|from|part|passed|failed|skipped", one per result
scratch=

say() {
    echo "matrix: $*" >&2
}

# ------------------------------------------------------------------ results

add_row() {    # VERSION FROM PART PASSED FAILED SKIPPED
    local IFS='|'
    rows+=("$*")
}

# Take over what tools/test.py --counts wrote; a run that left nothing is a failure.
add_counts() {    # VERSION FROM FILE
    local part passed failed skipped
    if [ ! -s "$3" ]; then
        add_row "$1" "$2" build 0 1 0
        return
    fi
    while read -r part passed failed skipped; do
        add_row "$1" "$2" "$part" "$passed" "$failed" "$skipped"
    done <"$3"
}

print_table() {
    local row version from part passed failed skipped
    local -i all_passed=0 all_failed=0 all_skipped=0
    local format='%-8s %-46s %-12s %8s %8s %8s\n'
    echo
    # shellcheck disable=SC2059  # the format is ours
    printf "$format" version from part passed failed skipped
    for row in "${rows[@]}"; do
        IFS='|' read -r version from part passed failed skipped <<<"$row"
        # shellcheck disable=SC2059
        printf "$format" "$version" "$from" "$part" "$passed" "$failed" "$skipped"
        all_passed+=passed all_failed+=failed all_skipped+=skipped
    done
    echo "$all_passed passed, $all_failed failed, $all_skipped skipped"
    [ "$all_failed" -eq 0 ] && [ "$all_passed" -gt 0 ]
}

# ------------------------------------------------------------------ one interpreter

# Build for one interpreter in the current source tree and run the parts; also called inside a root.
run_one() {    # PYTHON BUILD PARTS COUNTS
    local log
    log=$(mktemp)
    if ! make compile PYTHON="$1" BUILD="$2" >"$log" 2>&1 </dev/null; then
        tail -n 30 "$log" >&2
        rm "$log"
        return 1
    fi
    rm "$log"
    "$1" tools/test.py --python "$1" --build "$2" --parts "$3" --counts "$4" \
        --without-pytest skip </dev/null
}

# ------------------------------------------------------------------ interpreters of this machine

# Print "minor full" of an interpreter; fail where it does not run, and say so where it lacks the
# headers or CPython's test package.
probe() {
    local answer
    answer=$("$1" - 2>/dev/null <<'PYTHON'
import importlib.util
import os
import sys
import sysconfig
lacks = []
if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    lacks.append("headers")
for name in "test.test_codeop", "test.support":
    try:
        found = importlib.util.find_spec(name)
    except ImportError:
        found = None
    if not found:
        lacks.append(name)
print("%d.%d" % sys.version_info[:2], sys.version.split()[0], ", ".join(lacks))
PYTHON
    ) || return 1
    local minor full lacks
    read -r minor full lacks <<<"$answer"
    if [ -n "$lacks" ]; then
        say "$1 ($full) is left out: it has no $lacks"
        return 1
    fi
    echo "$minor" "$full"
}

candidates() {    # MINOR
    local pyenv=${PYENV_ROOT:-$HOME/.pyenv}
    echo "/usr/bin/python$1"
    type -aP "python$1" || true
    find "$pyenv/versions" -maxdepth 3 -path "*/bin/python$1" 2>/dev/null | sort -rV || true
}

# Fill `found` with minor version -> interpreter: the first that will do.
declare -A found=() full_version=()
find_interpreters() {
    local minor candidate got
    for minor in "${supported[@]}"; do
        while read -r candidate; do
            [ -x "$candidate" ] || continue
            got=$(probe "$candidate") || continue
            [ "${got% *}" = "$minor" ] || continue
            found[$minor]=$candidate
            full_version[$minor]=${got#* }
            break
        done < <(candidates "$minor" | awk '!seen[$0]++')
    done
}

run_found() {
    local minor counts
    for minor in "${supported[@]}"; do
        [ -n "${found[$minor]:-}" ] || continue
        say "$minor: ${found[$minor]}"
        counts=$scratch/counts-$minor
        run_one "${found[$minor]}" "build-$minor" "$parts" "$counts" || true
        add_counts "${full_version[$minor]}" "${found[$minor]}" "$counts"
    done
}

# ------------------------------------------------------------------ roots

# Run a command as root in its own mount and process namespaces; all of it dies with this shell.
isolated() {
    "${as_root[@]}" setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child "$@"
}

# Run a shell script inside a root. The devices of the machine give it /dev/pts, which terminals
# need; /proc is for the interpreter and the tests.
inside() {    # ROOT SCRIPT [ARGUMENT...]
    # shellcheck disable=SC2016  # expanded by the inner shell
    isolated sh -c '
        root=$1; shift
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
            chroot "$root" bash -euo pipefail -c "$@"' sh "$1" "$2" bash "${@:3}" </dev/null
}

# The Debian mirror of this machine, where it is a Debian with one.
mirror() {
    local uri=
    if grep -qx 'ID=debian' /etc/os-release; then
        uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null \
            | grep -oE '^(deb |URIs:).*https?://[^ ]+/debian/?( |$)' \
            | grep -oE -m 1 'https?://[^ ]+/debian' || true)
    fi
    echo "${uri:-http://deb.debian.org/debian}"
}

packages_for() {    # VERSION,VERSION
    local version
    echo "${tools[@]}" "${test_tools[@]}"
    for version in ${1//,/ }; do
        echo "python$version-dev" "libpython$version-testsuite"
    done
}

# A root is complete when it carries the list of packages it was made for; one that was interrupted,
# or made for another list, is made anew. It is built under another name and renamed at the end.
root_is_complete() {    # NAME VERSIONS
    [ "$(cat "$roots/$1/pyconsole-packages" 2>/dev/null)" = "$(packages_for "$2")" ]
}

make_root() {    # NAME SUITE SCRIPT VERSIONS
    local name=$1 suite=$2 script=$3 versions=$4
    local root=$roots/$name new=$roots/$name.new
    # Whatever this starts inherits the lock: nobody touches the folder while a part of it lives.
    exec 9>"$roots/$name.lock"
    flock 9
    if root_is_complete "$name" "$versions"; then
        return 0
    fi
    "${as_root[@]}" rm -rf --one-file-system "$root" "$new"
    isolated debootstrap --variant=minbase "$suite" "$new" "$(mirror)" "$script"
    # shellcheck disable=SC2016,SC2046  # expanded by the inner shell; one argument a package
    inside "$new" '
        # A mirror may lag, and a testing Release file expires after a week: an old snapshot is
        # good enough to test on, and its packages are signed all the same.
        echo "Acquire::Check-Valid-Until \"false\";" >/etc/apt/apt.conf.d/90-allow-old-release
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$@"
        apt-get clean' $(packages_for "$versions")
    packages_for "$versions" | "${as_root[@]}" tee "$new/pyconsole-packages" >/dev/null
    "${as_root[@]}" mv "$new" "$root"
}

root_is_wanted() {    # VERSIONS WHEN
    local version
    [ "$2" = missing ] || return 0
    for version in ${1//,/ }; do
        [ -n "${found[$version]:-}" ] || return 0
    done
    return 1
}

# Print the rows of the root table that this run uses.
wanted_roots() {
    local name suite script versions when
    while read -r name suite script versions when; do
        if [ -n "$name" ] && root_is_wanted "$versions" "$when"; then
            echo "$name $suite $script $versions"
        fi
    done <<<"$root_table"
}

# Why roots cannot be made here; empty where they can.
no_roots_because() {
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "neither root nor sudo"
            return
        fi
        as_root=(sudo)
    fi
    if ! PATH=$PATH:/usr/sbin command -v debootstrap >/dev/null; then
        echo "debootstrap is not installed"
    elif ! isolated true 2>/dev/null; then
        echo "no right to make a mount namespace"
    fi
}

# The source tree as git sees it: tracked files, and new ones that are not ignored.
pack_source() {
    git ls-files -z --cached --others --exclude-standard \
        | while IFS= read -r -d '' file; do
            [ ! -e "$file" ] || printf '%s\0' "$file"
        done | tar -c --null --owner=0 --group=0 -T -
}

readonly source_in_root=/var/tmp/pyconsole-$$

run_in_root() {    # NAME VERSIONS
    local name=$1 version full
    local root=$roots/$name source=$source_in_root
    "${as_root[@]}" mkdir -p "$root$source"
    pack_source | "${as_root[@]}" tar -x -C "$root$source"
    for version in ${2//,/ }; do
        say "$version: Debian $name"
        # shellcheck disable=SC2016  # expanded by the inner shell
        inside "$root" 'cd "$1"; shift; bash tools/matrix.sh one "$@"' "$source" \
            "/usr/bin/python$version" "build-$version" "$parts" "counts-$version" || true
        # shellcheck disable=SC2016
        full=$(inside "$root" '"$1" --version' "/usr/bin/python$version" || echo "$version")
        add_counts "${full#Python }" "Debian $name" "$root$source/counts-$version"
    done
}

# All wanted roots at once: most of the time goes into unpacking, one core each.
make_roots() {
    local -A made_by=()
    local name suite script versions
    mkdir -p "$roots"
    while read -r name suite script versions; do
        ( make_root "$name" "$suite" "$script" "$versions" ) >"$roots/$name.log" 2>&1 </dev/null &
        made_by[$name]=$!
        root_is_complete "$name" "$versions" || say "making $roots/$name"
    done < <(wanted_roots)
    for name in "${!made_by[@]}"; do
        if ! wait "${made_by[$name]}"; then
            say "$roots/$name could not be made:"
            tail -n 20 "$roots/$name.log" >&2
            unmade[$name]=1
        fi
    done
}

run_roots() {
    local name suite script versions version
    while read -r name suite script versions; do
        if [ -n "${unmade[$name]:-}" ]; then
            for version in ${versions//,/ }; do
                add_row "$version" "Debian $name" root 0 1 0
            done
        else
            run_in_root "$name" "$versions"
        fi
    done < <(wanted_roots)
}

# ------------------------------------------------------------------ the whole

# A supported version that was run nowhere is a skip that the table shows.
add_rows_of_versions_not_run() {
    local minor
    for minor in "${supported[@]}"; do
        if ! printf '%s\n' "${rows[@]}" | grep -q "^$minor"; then
            add_row "$minor" "not found, no root" - 0 0 1
        fi
    done
}

clean_up() {
    local root
    jobs -p | xargs -r kill 2>/dev/null || true
    for root in "$roots"/*"$source_in_root"; do
        [ ! -d "$root" ] || "${as_root[@]}" rm -rf --one-file-system "$root"
    done
    rm -rf "$scratch"
}

declare -A unmade=()
main() {
    local reason
    case ${1:-all} in
    one) shift; run_one "$@"; return ;;
    suites) parts=suites ;;
    all) parts=suites,unit,python ;;
    differential) parts=differential ;;
    roots) parts= ;;
    *) say "suites, all, differential or roots?"; return 2 ;;
    esac
    scratch=$(mktemp -d)
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    find_interpreters
    reason=$(no_roots_because)
    if [ -n "$reason" ]; then
        say "no Debian roots: $reason"
        [ -n "$parts" ] || return 1
        run_found
    else
        [ "$(id -u)" -eq 0 ] || as_root=(sudo)
        make_roots
        [ -n "$parts" ] || return "${#unmade[@]}"
        run_found
        run_roots
    fi
    add_rows_of_versions_not_run
    print_table
}

main "$@"
