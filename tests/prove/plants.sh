#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# plants.sh: every planted wrong rule must be refused with a counterexample that names what its first line expects; the
# tree's own rules must be proved, and rules/proved.txt must be current.
# usage: plants.sh RULEPROVE LOG PLANT... -- INPUT...   (INPUT: .isa files, tools.sum, gmem.def, norms.txt, rules)
prove=$1 log=$2
shift 2
plants=
while [ "$1" != -- ]; do
	plants="$plants $1"
	shift
done
shift
descriptions=
for f in "$@"; do
	case $f in *.isa | *.def | *.sum) descriptions="$descriptions $f" ;; esac
done
passed=0 failed=0
verdict() { # verdict STATUS NAME: 0 is a pass; a failure shows the log
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $2"
		cat "$log"
	fi
}

for plant in $plants; do
	expect=$(sed -n '1s/^# expect: //p' "$plant")
	"$prove" -j 1 $descriptions "$plant" >"$log" 2>&1
	[ $? = 1 ] && [ -n "$expect" ] && grep -qF -e "$expect" "$log"
	verdict $? "$plant: not refused for: $expect"
done
"$prove" "$@" >"$log" 2>&1
verdict $? "the rules of the tree"
"$prove" -c rules/proved.txt "$@" >"$log" 2>&1
verdict $? "rules/proved.txt is not current, run make prove-new"
echo "check-prove: $passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
