#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Loads ldbt_seal.ko into the test machine in several set-ups and sums what it reports; then what only a debugger sees.
# Usage: check.sh KERNEL; $O holds the prepared folder seal/.
cd "$(dirname "$0")/../.." || exit 1
kernel=$1 passed=0 failed=0
if ! tests/vm/build-module --kernel "$kernel" --source "$O/seal" >/dev/null; then
	echo "seal: 0 passed, 1 failed, 0 skipped"
	exit 1
fi
for setup in "roots pti=off" "keys pti=off" "roots pti=on no5lvl" "keys pti=on no5lvl"; do
	views=${setup%% *} append=${setup#* }
	out=$(tests/vm/run --kernel "$kernel" --bare --smp 2 --timeout 600 --append "$append" --file "$O/$kernel/ldbt_seal.ko:/seal.ko" -- \
		"insmod /seal.ko views=$views; status=\$?; dmesg | grep 'seal: '; exit \$status" 2>&1)
	status=$?
	line=$(grep -oE 'seal: [0-9]+ passed, [0-9]+ failed' <<<"$out" | tail -n 1)
	if [ "$status" -ne 0 ] || [ -z "$line" ] || ! grep -q "seal: views by $views" <<<"$out"; then
		echo "seal: kernel $kernel, views=$views $append: status $status"
		echo "$out"
		failed=$((failed + 1))
	fi
	read -r p f <<<"$(sed -nE 's/seal: ([0-9]+) passed, ([0-9]+) failed/\1 \2/p' <<<"$line")"
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
done
# A host that cannot have worlds is told so, and nothing is left behind.
out=$(tests/vm/run --kernel "$kernel" --bare --cpu max,-xsave --timeout 600 --file "$O/$kernel/ldbt_seal.ko:/seal.ko" -- \
	'insmod /seal.ko; dmesg | grep "ldbt: "; grep -c ldbt_seal /proc/modules' 2>&1)
if grep -q 'no sealed world on this host: the processor lacks XSAVE' <<<"$out" && [ "$(tail -n 1 <<<"$out")" = 0 ]; then
	passed=$((passed + 1))
else
	echo "seal: without XSAVE: $out"
	failed=$((failed + 1))
fi
# debugged PROGRAM ARGUMENT...: a test that watches stays by the emulator's debugger.
debugged() {
	local program=$1 out p f
	shift
	out=$(python3 -B "tests/seal/$program.py" "$kernel" "$O/$kernel/ldbt_seal.ko" "$@" 2>&1) || echo "seal: $program.py $kernel $*"$'\n'"$out"
	read -r p f <<<"$(sed -nE 's/^(strike|border): ([0-9]+) passed, ([0-9]+) failed/\2 \3/p' <<<"$out")"
	passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
}
# Machine checks as AMD reports them, to one processor, then as Intel does, to all.
debugged strike --views keys --append pti=on --every 20
debugged strike --views roots --append pti=off --cpu Skylake-Client --vendor Intel --every 60
debugged border ibrs unret ibpb srso
echo "seal: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
