#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the hostile guests in the test machine (inside.sh) and sums up. Usage: run.sh KERNEL; $O holds module, ldbtctl and guests.
# A fault in the kernel's log counts as a failure: tests/vm/run ends with 125 then.
cd "$(dirname "$0")/../.." || exit 1
out=$O/hostile/$1.log
[ "$1" = 6.1 ] || tests/vm/build-module --kernel "$1" >/dev/null || exit 1
tests/vm/run --kernel "$1" --smp 2 --timeout 1500 --file "$O/hostile:/hostile" --file tests/hostile/inside.sh:/hostile/inside.sh \
	--file "$O/guests/check/quicksort.elf:/hostile/quicksort.elf" --log "$O/hostile/$1.kernel.log" -- sh /hostile/inside.sh >"$out" 2>&1
status=$?
grep -v '^ok ' "$out"
passed=$(grep -c '^ok ' "$out")
failed=$(grep -c '^FAIL ' "$out")
grep -q '^end of tests' "$out" || { echo "hostile: the tests did not come to their end (status $status)"; failed=$((failed + 1)); }
[ "$status" -eq 0 ] || { echo "hostile: status $status of the test machine"; failed=$((failed + 1)); }
echo "hostile: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
