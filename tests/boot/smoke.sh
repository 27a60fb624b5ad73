#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The boot test on other kernels of the test machine. Usage: smoke.sh KERNEL...
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0
for kernel in "$@"; do
	line="boot: 0 passed, 1 failed, 0 skipped"
	if tests/vm/build-module --kernel "$kernel" >/dev/null; then
		out=$(tests/boot/check.sh --kernel "$kernel")
		grep -v '^boot: [0-9]* passed' <<<"$out"
		line=$(grep '^boot: [0-9]* passed' <<<"$out" || echo "$line")
	fi
	echo "boot-$kernel: ${line#boot: }"
	read -r p f < <(sed -E 's/.*: ([0-9]+) passed, ([0-9]+) failed.*/\1 \2/' <<<"$line")
	passed=$((passed + p)) failed=$((failed + f))
done
echo "boot-smoke: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
