#!/usr/bin/env bash
# Run each fuzz target for a while (`make fuzz`).
#
#   tools/fuzz.sh BUILD [SECONDS [TARGET...]]
#
# A target starts from the corpus in tests/fuzz/corpus. What it finds on the way stays in
# BUILD; an input that fails is left beside it, and makes this fail at the end.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1 seconds=${2:-60}
targets=("${@:3}")
[ ${#targets[@]} -gt 0 ] || targets=(lexer acceptor claims wire events control editor view)
failed=()
for target in "${targets[@]}"; do
    kept=tests/fuzz/corpus/$target found=$build/corpus/$target
    # What CPython holds when the fuzzer exits is not ours.
    leaks=1
    if [ "$target" = claims ]; then kept=tests/fuzz/corpus/acceptor leaks=0; fi
    mkdir -p "$found"
    echo "== $target, $seconds s"
    if ! ASAN_OPTIONS=detect_leaks=$leaks "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=1200 -timeout=20 \
        -detect_leaks=$leaks -print_final_stats=1 -artifact_prefix="$build/corpus/$target-" \
        "$found" "$kept" >"$found.log" 2>&1; then
        failed+=("$target")
    fi
    tail -n 12 "$found.log"
done
echo "${#targets[@]} targets, ${#failed[@]} failed: ${failed[*]-}"
[ ${#failed[@]} -eq 0 ]
