#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module on the other kernels: built by each one's own compiler without a warning, loaded, the API tests, a few kills and
# load cycles with a guest. Usage: smoke.sh KERNEL...; last line "smoke: N passed, N failed, N skipped".
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0 skipped=0
for kernel in "$@"; do
	line="smoke-$kernel: 0 passed, 1 failed, 0 skipped"
	if tests/vm/build-module --kernel "$kernel" >/dev/null; then
		out=$(LOAD_CYCLES=3 KILLS=3 MACHINES=0 tests/api/check.sh "smoke-$kernel" "$kernel")
		grep -v '^smoke-' <<<"$out"
		line=$(grep '^smoke-' <<<"$out" || echo "$line")
	fi
	echo "$line"
	read -r p f s < <(sed -E 's/.*: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped/\1 \2 \3/' <<<"$line")
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "smoke: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
