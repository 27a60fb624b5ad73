#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every trace point tells of a guest that does everything: by tracefs, trace-cmd and perf. Runs in the test machine.
passed=0 failed=0
events="enter leave translate guest_trap irq page_fill flush"

# look TOOL: each event has a line "ldbt_EVENT: FIELD VALUE ..." in /tmp/trace
look() {
	for event in $events; do
		if grep -q "ldbt_$event: *[a-z]* [0-9a-fx]" /tmp/trace; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAIL: $1: no ldbt_$event among $(wc -l </tmp/trace) lines"
		fi
	done
}

insmod /ldbt.ko || exit 1
printf 'eq' >/tmp/in
echo 'ldbtctl run --timeout=60 /keys.elf </tmp/in' >/tmp/guest
cd /sys/kernel/tracing || exit 1
echo 1 >events/ldbt/enable
sh /tmp/guest >/dev/null
echo 0 >events/ldbt/enable
cp trace /tmp/trace
echo >trace
cd / || exit 1
look tracefs
trace-cmd record -q -e ldbt -o /tmp/trace.dat sh /tmp/guest >/dev/null 2>&1
trace-cmd report /tmp/trace.dat >/tmp/trace 2>/dev/null
look trace-cmd
perf record -q -a -e 'ldbt:*' -o /tmp/perf.data sh /tmp/guest >/tmp/perf.log 2>&1 || tail -n 3 /tmp/perf.log
perf script -i /tmp/perf.data 2>/dev/null | sed 's/ldbt://' >/tmp/trace
look perf
rmmod ldbt || failed=$((failed + 1))
echo "ctl-trace: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
