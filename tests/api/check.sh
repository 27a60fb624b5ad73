#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots the test machine and runs cycles.sh in it; the summary line "NAME: ..." adds the parts' lines.
# Usage: check.sh [NAME [KERNEL]]; $LOAD_CYCLES, $KILLS and $MACHINES say how many.
O=${O:-build}
name=${1:-api} kernel=${2:-6.1}
out=$("$(dirname "$0")/../vm/run" --kernel "$kernel" --smp 2 --timeout 900 --file "$O/tests/api/api:/api" --file "$O/guests:/guests" \
	--file "$(dirname "$0")/cycles.sh:/cycles.sh" -- sh /cycles.sh "${LOAD_CYCLES:-20}" "${KILLS:-20}" "${MACHINES:-0}" 2>&1)
status=$?
echo "$out" | tr -d '\r' | awk -v status=$status -v name="$name" -v wanted=$((2 + (${MACHINES:-0} > 0))) '
	/^(api|cycles): [0-9]+ passed, / { p += $2; f += $4; s += $6; parts++; next }
	{ print }
	END {
		if (parts != wanted || (status && !f)) { f++; print "FAIL: exit status " status ", " parts + 0 " of " wanted " parts" }
		printf "%s: %d passed, %d failed, %d skipped\n", name, p, f, s
		exit f > 0
	}'
