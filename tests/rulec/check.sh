#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# check.sh RULEC WORK_DIR DESCRIPTION...: every err_*.rules is refused with the message its first line expects, behind
# file:line; every ok_*.rules compiles in silence; and what rulec writes is the same in two runs.
set -u
rulec=$1 work=$2
shift 2
here=$(dirname "$0")
passed=0 failed=0

fail() {
	echo "$1"
	failed=$((failed + 1))
}

mkdir -p "$work/a" "$work/b"
for file in "$here"/err_*.rules; do
	want=$(sed -n '1s/^# expect: //p' "$file")
	"$rulec" "$@" "$file" >"$work/out" 2>&1
	status=$?
	if [ -z "$want" ]; then
		fail "$file: no '# expect:' in its first line"
	elif [ $status -ne 1 ]; then
		fail "$file: exit status $status, expected 1"
	elif ! grep -F -- "$want" "$work/out" | grep -q "^$file:[0-9][0-9]*: "; then
		fail "$file: expected '$want', got '$(head -n 1 "$work/out")'"
	else
		passed=$((passed + 1))
	fi
done
for file in "$here"/ok_*.rules; do
	if ! "$rulec" "$@" "$file" >"$work/out" 2>&1 || [ -s "$work/out" ]; then
		fail "$file: $(head -n 1 "$work/out")"
	else
		passed=$((passed + 1))
	fi
done

file=$here/ok_style.rules
for dir in a b; do
	"$rulec" --gen "$work/$dir" --allow-unproved "$@" "$file" 2>/dev/null || fail "--gen of $file"
done
if diff -r "$work/a" "$work/b" >/dev/null; then passed=$((passed + 1)); else fail "two runs differ"; fi
if "$rulec" --gen "$work/a" --proved /dev/null "$@" "$file" 2>&1 | grep -q 'rule add is not proved: run make prove'; then
	passed=$((passed + 1))
else
	fail "an unproved rule was not refused"
fi
"$rulec" --digest "$@" "$file" | grep -v '(' >"$work/list"
if "$rulec" --gen "$work/a" --proved "$work/list" "$@" "$file"; then
	passed=$((passed + 1))
else
	fail "a proved rule was refused"
fi
sed 's/rs1=7 imm=0 gives rd=7/rs1=8 imm=0 gives rd=8/' "$file" >"$work/changed.rules"
if "$rulec" --gen "$work/a" --proved "$work/list" "$@" "$work/changed.rules" 2>&1 | grep -q 'rule addi is not proved'; then
	passed=$((passed + 1))
else
	fail "a changed rule kept its proof"
fi
echo "check-rulec: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
