#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs check targets one after the other and adds up their summary lines ("NAME: N passed, N failed, N skipped").
# Usage: tests/run.sh MAKE_COMMAND TARGET...
# A target that fails without a summary line, or prints none, counts as one failure: silence is no success.
# Full output of each target goes to $O/check/TARGET.log; it is shown when the target fails.
set -u
make_command=$1
shift
log_dir=${O:-build}/check
mkdir -p "$log_dir"
passed=0 failed=0 skipped=0
for target in "$@"; do
	log=$log_dir/$target.log
	start_s=$SECONDS
	printf '== %s ... ' "$target"
	$make_command --no-print-directory -s "$target" >"$log" 2>&1
	status=$?
	line=$(grep -E '^[A-Za-z0-9_.-]+: [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
	p=0 f=0 s=0
	[ -z "$line" ] || read -r p f s < <(sed -E 's/.*: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped/\1 \2 \3/' <<<"$line")
	if [ -z "$line" ] || { [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; } || [ $((p + f + s)) -eq 0 ]; then
		f=$((f + 1))
	fi
	printf '%s (%d s)\n' "${line:-no summary line, exit status $status}" $((SECONDS - start_s))
	[ "$f" -eq 0 ] || { sed 's/^/   | /' "$log" | tail -n 60; echo "   whole log: $log"; }
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
