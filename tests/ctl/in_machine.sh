#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Tests of ldbtctl with the module; runs in the test machine, see machine.sh. Prints one line per failure and the summary.
passed=0 failed=0
keys=/guests/keys.elf

# check NAME WANTED_STATUS WANTED_TEXT COMMAND...: the text is a pattern of grep; empty: any output
check() {
	echo "# $1" >/dev/kmsg
	name=$1 want=$2 text=$3
	shift 3
	run_limited "$@" >/tmp/out 2>&1 </tmp/in
	found=$?
	if [ "$found" -eq "$want" ] && { [ -z "$text" ] || grep -q -e "$text" /tmp/out; }; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $name: status $found, expected $want, text '$text' in:"
		tail -n 5 /tmp/out
	fi
}
# A shell function cannot be run by timeout.
run_limited() {
	if [ "$1" = as ]; then "$@"; else timeout -s KILL 600 "$@"; fi
}
typed() { printf "$1" >/tmp/in; }

insmod /ldbt.ko || exit 1
: >/tmp/in
check "text and status of hello" 0 "^hello from riscv64: text c -42 42 0x0000beef 123456789abcdef0 100%" ldbtctl run /guests/hello.elf
typed 'abq'
check "start state and input" 0 "ready hart 0 tree ok runs 1 scratch 0" ldbtctl run $keys
check "input arrives" 0 "<61><62>" ldbtctl run $keys
typed 'f'
check "the guest's status" 42 "" ldbtctl run $keys
: >/tmp/in
check "restart is a clean machine" 0 "ready" in_pty "ready" r "ready hart 0 tree ok runs 1 scratch 0" q -- ldbtctl run $keys
typed 'n'
check "no device: load access fault" 99 "guest trap: mcause 5 .* mtval 0x5000" ldbtctl run $keys
typed 's'
check "--timeout ends a loop" 124 "time is over after 1 s" ldbtctl run --timeout=1 $keys
typed 'w'
typed 'iabdq'
check "input from a pipe by interrupt" 0 "<61><62><64>" ldbtctl run $keys
typed 'w'
check "--timeout ends a wait" 124 "time is over after 1 s" ldbtctl run --timeout=1 $keys
: >/tmp/in
check "--tohost" 7 "" ldbtctl run --tohost --timeout=300 /tohost.elf
check "--stat" 0 "translated_rule_share" ldbtctl run --stat /guests/hello.elf
for knob in enabled defrag; do echo madvise >/sys/kernel/mm/transparent_hugepage/$knob; done # with little memory Linux says never
typed 'q' # it reads the device tree, far from all code
check "memory is in huge pages where the host has them" 0 "^huge_fills  *[1-9]" ldbtctl run --stat $keys
: >/tmp/in
check "--hugetlb without pages" 125 "found 0 free pages of 2 MiB, expected 64 for" ldbtctl run --hugetlb /guests/hello.elf
echo 64 >/proc/sys/vm/nr_hugepages
[ "$(cat /proc/sys/vm/nr_hugepages)" -eq 64 ] || echo "FAIL: no 64 huge pages in this machine"
check "--hugetlb: all of it" 0 "^huge_blocks  *64$" ldbtctl run --hugetlb --stat /guests/hello.elf
check "--hugetlb: a restart is a clean machine" 0 "ready" \
	in_pty "ready" r "ready hart 0 tree ok runs 1 scratch 0" q -- ldbtctl run --hugetlb $keys
echo 0 >/proc/sys/vm/nr_hugepages
check "--stat=json" 0 '"leaves_fallback":' ldbtctl run --stat=json /guests/hello.elf

# On a terminal. The guest runs translated code without an exit when the keys come.
check "Ctrl-A x ends a loop" 0 "ended by Ctrl-A x" in_pty "ready" s "spins" "^Ax" -- ldbtctl run $keys
check "Ctrl-A x ends a wait" 0 "ended by Ctrl-A x" in_pty "ready" w "waits" "^Ax" -- ldbtctl run $keys
check "Ctrl-A h helps" 0 "Ctrl-A x  ends" in_pty "ready" "^Ah" "sends Ctrl-A" q -- ldbtctl run $keys
check "input by interrupt wakes a sleeper a few times" 0 "wakes [1-9][0-9]\{0,1\}\." \
	in_pty "ready" i "by interrupt" x "<78>" y "<79>" zz "<7a><7a>" c "wakes" q -- ldbtctl run $keys
check "Ctrl-A h and x with input by interrupt" 0 "ended by Ctrl-A x" \
	in_pty "ready" i "by interrupt" a "<61>" "^Ah" "sends Ctrl-A" "^Ax" -- ldbtctl run $keys
check "Ctrl-A Ctrl-A and Ctrl-C reach the guest" 0 "<1><3>" in_pty "ready" "^A^A^C" "<3>" q -- ldbtctl run $keys

# Standard files that are closed, full, or read by nobody. The guest's bytes must not land in a file of ldbtctl's.
check "standard input closed" 0 "^hello" sh -c "ldbtctl run /guests/hello.elf <&-"
check "standard output closed" 0 "" sh -c "ldbtctl run /guests/hello.elf >&-"
check "standard error closed" 0 "^hello" sh -c "ldbtctl run /guests/hello.elf 2>&-"
check "all closed" 0 "" sh -c "ldbtctl run /guests/hello.elf <&- >&- 2>&-"
check "output that nobody reads" 0 "" sh -c "ldbtctl run /guests/hello.elf | true"
check "a full disk" 0 "" sh -c "ldbtctl run /guests/hello.elf >/dev/full"
check "--timeout with a full pipe" 0 "^124$" \
	sh -c "{ ldbtctl run --timeout=2 $keys </dev/zero; echo \$? >/tmp/status; } | sleep 6; cat /tmp/status"

# Stopped and continued: the guest goes on where it was.
mkfifo /tmp/keys
ldbtctl run $keys </tmp/keys >/tmp/stopped 2>&1 &
pid=$!
exec 3>/tmp/keys
printf 'i' >&3
until grep -q "by interrupt" /tmp/stopped; do sleep 0.1; done
kill -STOP $pid
until grep -q "^State:.*T (stopped" /proc/$pid/status; do sleep 0.1; done
printf 'aq' >&3
kill -CONT $pid
wait $pid
found=$?
exec 3>&-
check "SIGSTOP and SIGCONT" 0 "<61>" cat /tmp/stopped
[ $found -eq 0 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAIL: after SIGCONT: status $found"; }

# signals while the guest loops
for signal in TERM INT HUP KILL; do
	typed 's'
	ldbtctl run $keys </tmp/in >/tmp/out 2>&1 &
	pid=$!
	until grep -q spins /tmp/out; do sleep 0.1; done
	if [ $signal = TERM ]; then
		: >/tmp/in
		check "stat of a running guest" 0 "^vm-$pid-" ldbtctl stat $pid
		check "stat --json of a running guest" 0 '"translated_insns":' ldbtctl stat --json $pid
	fi
	kill -$signal $pid
	wait $pid
	found=$?
	[ $found -gt 128 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAIL: SIG$signal: status $found"; }
done
check "no VM is left" 1 "found no running VM" ldbtctl stat

# who may use it, and what doctor says
check "doctor: group" 0 "^warn *device .*group root, expected ldbt" ldbtctl doctor
chgrp ldbt /dev/ldbt
check "doctor: device" 0 "^ok *device .*mode 0660, group ldbt" ldbtctl doctor
cp /usr/bin/ldbtctl /tmp/ldbtctl && chmod 755 /tmp/ldbtctl
as() {
	group=$1
	shift
	/setpriv --reuid 65534 --regid "$group" --clear-groups "$@"
}
check "nobody may not use it" 125 "expected a member of group ldbt" as 65534 /tmp/ldbtctl run /guests/hello.elf
check "a member of group ldbt may" 0 "^hello" as 900 /tmp/ldbtctl run --mem=4 /guests/hello.elf
check "memory over the limit" 125 "over the limit of locked memory" as 900 /tmp/ldbtctl run --mem=64 /guests/hello.elf
check "doctor" 0 "This host can run ldbt" ldbtctl doctor
check "doctor: version" 0 "^ok *API version" ldbtctl doctor
check "rmmod" 0 "" rmmod ldbt
check "doctor without the module" 1 "^no *module *ldbt is neither" ldbtctl doctor
echo "ctl-machine: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
