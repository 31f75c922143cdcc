#!/usr/bin/env bash
# Install the Debian or Ubuntu packages that a task needs, and only those that are missing.
#
#   tools/setup.sh GROUP...       groups: build, test, lint, matrix, bench
#   tools/setup.sh --list GROUP   only print the packages
#
# Needs root or sudo only when something is missing; where all is there it costs one dpkg-query.
# PYTHON names the interpreter that is built for: the development package of python3 is asked for
# only when that is the distribution's python3.
set -euo pipefail

readonly distribution_python=/usr/bin/python3

say() {
    echo "setup: $*" >&2
}

is_distribution_python() {
    [ "$(command -v "${PYTHON:-$distribution_python}" || true)" = "$distribution_python" ] \
        || [ ! -e "$distribution_python" ]
}

# The distribution's Python version, as in its package names: python3.11
distribution_version() {
    basename "$(readlink -f "$distribution_python")"
}

codename() {
    sed -n 's/^VERSION_CODENAME=//p' /etc/os-release
}

packages_of() {
    case $1 in
    build)
        echo gcc libc6-dev libjansson-dev libsqlite3-dev libutf8proc-dev make meson ninja-build pkg-config
        if is_distribution_python; then echo python3-dev; fi
        ;;
    test)
        packages_of build
        echo python3-pytest python3-hypothesis python3-pexpect python3-pyte
        echo libcmocka-dev valgrind tmux
        echo "lib$(distribution_version)-testsuite"
        ;;
    lint)
        packages_of build
        echo clang clang-format clang-tidy cppcheck g++ binutils libcmocka-dev mandoc mypy
        case $(codename) in
        bookworm) echo libclang-rt-14-dev ;;
        *) echo libclang-rt-dev ;;
        esac
        ;;
    matrix) echo debootstrap debian-archive-keyring util-linux ;;
    bench) packages_of build; echo hyperfine ;;
    *)
        say "no such group: $1 (build, test, lint, matrix, bench)"
        return 2
        ;;
    esac
}

# Print those of the named packages that are not installed.
missing_of() {
    dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null \
        | awk 'BEGIN { for (i = 1; i < ARGC; i++) wanted[ARGV[i]] = i; ARGC = 1 }
               /^.i/ { sub(/^.../, ""); sub(/^ /, ""); delete wanted[$0] }
               END { for (name in wanted) print name }' "$@"
}

install() {
    local -a as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "missing: $*"
            say "neither root nor sudo: as root run  apt-get install $*"
            return 1
        fi
        as_root=(sudo)
    fi
    say "installing: $*"
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update -qq || say "apt-get update failed: using the old lists"
           "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
               apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm "$log"
        say "could not install: $*"
        return 1
    fi
    rm "$log"
}

main() {
    if [ "${1:-}" = --list ]; then
        packages_of "${2:-}"
        return
    fi
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: taking it that what '$*' needs is installed"
        return 0
    fi
    local group
    local -a packages missing
    # The groups one by one: the name of a package of "test" depends on what "build" installs.
    for group in "$@"; do
        if [ "$group" = test ] && [ ! -e "$distribution_python" ]; then
            main build
        fi
        mapfile -t packages < <(packages_of "$group" | tr ' ' '\n' | sort -u)
        [ "${#packages[@]}" -gt 0 ] || return 2
        mapfile -t missing < <(missing_of "${packages[@]}")
        [ "${#missing[@]}" -eq 0 ] || install "${missing[@]}"
    done
}

main "$@"
