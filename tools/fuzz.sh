#!/usr/bin/env bash
# Run each fuzz target for a while (`make fuzz`).
#
#   tools/fuzz.sh BUILD [SECONDS]
#
# The corpus of each target stays in BUILD; an input that fails is left beside it.
set -euo pipefail

build=$1 seconds=${2:-60}
for target in "$build"/tests/fuzz/fuzz_*; do
    [ -f "$target" ] && [ -x "$target" ] || continue
    name=$(basename "$target")
    mkdir -p "$build/corpus/$name"
    echo "== $name, $seconds s"
    "$target" -max_total_time="$seconds" -max_len=600 -print_final_stats=1 \
        -artifact_prefix="$build/corpus/$name-" "$build/corpus/$name" 2>&1 | tail -n 8
done
