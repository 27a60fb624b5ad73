#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The boot test in other ways than make check has it: other kernels of the test machine, another guest, OpenSBI, a disk by U-Boot.
# Usage: smoke.sh [PATTERN]: only the ways whose options match.
cd "$(dirname "$0")/../.." || exit 1
ways=('--kernel 6.12' '--kernel sid' '--guest sid' '--bios' '--disk')
passed=0 failed=0
for way in "${ways[@]}"; do
	# shellcheck disable=SC2053
	[[ $way == ${1:-*} ]] || continue
	kernel=6.1
	[ "${way% *}" != --kernel ] || kernel=${way#* }
	line="boot: 0 passed, 1 failed, 0 skipped"
	if tests/vm/build-module --kernel "$kernel" >/dev/null; then
		# shellcheck disable=SC2086
		out=$(tests/boot/check.sh $way)
		grep -v '^boot: [0-9]* passed' <<<"$out"
		line=$(grep '^boot: [0-9]* passed' <<<"$out" || echo "$line")
	fi
	echo "boot $way: ${line#boot: }"
	read -r p f < <(sed -E 's/.*: ([0-9]+) passed, ([0-9]+) failed.*/\1 \2/' <<<"$line")
	passed=$((passed + p)) failed=$((failed + f))
done
echo "boot-smoke: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
