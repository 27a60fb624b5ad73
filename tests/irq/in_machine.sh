#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Counts the guest's interrupts, alone and while its thread is moved; runs in the test machine. Prints a summary line.
passed=0 failed=0

# note NAME STATUS: adds the guest's own counts; one that did not come to its end counts as a failure.
note() {
	counts=$(sed -n 's/^irq-guest: \([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' /tmp/out)
	grep FAIL /tmp/out
	if [ -z "$counts" ]; then
		echo "FAIL: $1: no end, status $2:"
		tail -n 3 /tmp/out
		counts="0 1"
	fi
	passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
}

insmod /ldbt.ko || exit 1
ldbtctl run --timeout=120 /irq.elf >/tmp/out 2>&1
note "alone" $?
if [ "$1" = tsc ]; then
	read -r source </sys/devices/system/clocksource/clocksource0/current_clocksource
	case $source in
	tsc*) ;;
	*)
		echo "FAIL: this machine's clock source is $source, not tsc"
		failed=$((failed + 1))
		;;
	esac
fi
ldbtctl run --timeout=120 /irq.elf >/tmp/out 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null; do
	taskset -ap 1 $pid >/dev/null 2>&1
	taskset -ap 2 $pid >/dev/null 2>&1
done
wait $pid
note "moved" $?
rmmod ldbt || failed=$((failed + 1))
echo "irq: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
