#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs the unit tests named and adds up what they counted. Usage: units.sh PROGRAM...
passed=0 failed=0
for program in "$@"; do
	output=$(timeout -s KILL 300 "$program" 2>&1) # a hang is a failure, too
	status=$?
	counts=$(sed -n 's/.*\[ *PASSED *\] \([0-9]*\) test.*/\1/p' <<<"$output" | tail -n 1)
	bad=$(grep -c '^\[ *FAILED *\] [a-z]' <<<"$output")
	[ "$status" -eq 0 ] || { echo "FAIL: ${program##*/}: status $status"; tail -n 30 <<<"$output"; [ "$bad" -gt 0 ] || bad=1; }
	[ "$status" -ne 0 ] || [ "${counts:-0}" -gt 0 ] || { echo "FAIL: ${program##*/}: no test ran"; bad=1; }
	passed=$((passed + ${counts:-0})) failed=$((failed + bad))
done
echo "virtio: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
