#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs in the test machine: the API tests, guests killed at any moment, many machines, load cycles. One summary line per part.
# Usage: cycles.sh LOAD_CYCLES KILLS MACHINES; the last for each round of the growth tests, 0: without them
passed=0 failed=0
good() { passed=$((passed + 1)); }
bad() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}
users() { sed -n 's/^ldbt [0-9]* \([0-9]*\) .*/\1/p' /proc/modules; }

insmod /ldbt.ko || exit 2
/api

# A VM ends with its process, at whatever moment that is killed: nobody holds the module afterwards.
for i in $(seq "$2"); do
	/ldbtctl run /guests/check/coremix.elf </dev/null >/dev/null 2>&1 &
	pid=$!
	usleep $((i * 30011 % 700000))
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	if [ "$(users)" = 0 ]; then good; else bad "kill $i: $(users) users of the module remain"; fi
done
rmmod ldbt || bad "rmmod after kills"

# With a small code cache, whose pages would take most of the time.
if [ "$3" -gt 0 ]; then
	insmod /ldbt.ko code_cache_mib=1 && /api growth "$3" || bad "machines leave nothing behind"
	rmmod ldbt || bad "rmmod after many machines"
fi

for i in $(seq "$1"); do
	if insmod /ldbt.ko && /ldbtctl run /guests/hello.elf </dev/null >/tmp/out && grep -q '^hello from riscv64' /tmp/out && rmmod ldbt; then
		good
	else
		bad "load cycle $i"
	fi
done
echo "cycles: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
