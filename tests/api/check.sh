#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots the test machine and runs cycles.sh in it; the summary line adds the parts' lines.
O=${O:-build}
out=$("$(dirname "$0")/../vm/run" --smp 2 --timeout 400 --file "$O/tests/api/api:/api" --file "$O/guests:/guests" \
	--file "$(dirname "$0")/cycles.sh:/cycles.sh" -- sh /cycles.sh "${LOAD_CYCLES:-20}" "${KILLS:-20}" 2>&1)
status=$?
echo "$out" | tr -d '\r' | awk -v status=$status '
	/^(api|cycles): [0-9]+ passed, / { p += $2; f += $4; s += $6; parts++; next }
	{ print }
	END {
		if (parts != 2 || (status && !f)) { f++; print "FAIL: exit status " status ", " parts + 0 " of 2 parts" }
		printf "api: %d passed, %d failed, %d skipped\n", p, f, s
		exit f > 0
	}'
