#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs tests.bats on program $2, with the guests of the build below $1, and prints the summary line that tests/run.sh adds up.
out=$(realpath "$1")
here=$(dirname "$0")
result=$(BARE=$(realpath "$2") GUESTS=$out/tests/host/guests ELFS=$out/guests bats --tap "$here/tests.bats" </dev/null)
echo "$result"
skipped=$(grep -c '^ok .*# skip' <<<"$result")
passed=$(($(grep -c '^ok ' <<<"$result") - skipped))
failed=$(grep -c '^not ok ' <<<"$result")
echo "bare: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
