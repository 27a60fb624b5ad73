#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs tests.bats and boot.bats on the programs $2 (ldbtctl) and $3 (above the stand-in), with the guests of the build below $1, and
# prints the summary line that tests/run.sh adds up.
out=$(realpath "$1")
here=$(dirname "$0")
result=$(CTL=$(realpath "$2") FAKE=$(realpath "$3") ELFS=$out/guests TOHOST=$out/tests/ctl/tohost.elf \
	bats --tap "$here/tests.bats" "$here/boot.bats" </dev/null)
echo "$result"
skipped=$(grep -c '^ok .*# skip' <<<"$result")
passed=$(($(grep -c '^ok ' <<<"$result") - skipped))
failed=$(grep -c '^not ok ' <<<"$result")
echo "ctl: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
