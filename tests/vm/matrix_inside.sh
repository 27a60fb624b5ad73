#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# One cell of the matrix, in the test machine: the sealed world alone, the user API, then load cycles, the second half of them
# while the machine is busy, each with a guest that is stopped and continued, or loses its processor, and is killed at some moment.
# Usage: matrix_inside.sh CYCLES SEED MACHINES GUESTS   MACHINES: in each round of the growth tests; GUESTS: riscv64 programs with their own checks, exit status 0.
# Lines "FAIL: ..." and at the end "inside: N passed, N failed".
cycles=$1 random=$2 machines=$3
shift 3
passed=0 failed=0
good() { passed=$((passed + 1)); }
bad() {
	failed=$((failed + 1))
	echo "FAIL: $*"
}
users() { sed -n 's/^ldbt [0-9]* \([0-9]*\) .*/\1/p' /proc/modules; }
# add LINE: the counts of a part's own summary line
add() {
	set -- $(echo "$1" | sed -nE 's/.*: ([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p')
	if [ $# -ne 2 ]; then bad "a part without a summary line"; return; fi
	passed=$((passed + $1)) failed=$((failed + $2))
}
draw() { random=$(((random * 1103515245 + 12345) % 2147483648)); }

if [ -e /seal.ko ]; then
	insmod /seal.ko
	dmesg | grep 'seal: FAILED'
	add "$(dmesg | grep 'seal: [0-9]* passed')"
	rmmod ldbt_seal
fi
insmod /ldbt.ko || bad insmod
/api >/tmp/api.out
grep FAIL /tmp/api.out
add "$(grep '^api: ' /tmp/api.out)"
for guest in "$@"; do
	if ldbtctl run "$guest" >/tmp/out 2>&1 </dev/null; then good; else bad "$guest"; tail -n 20 /tmp/out; fi
done
rmmod ldbt || bad "rmmod after guests"

echo "at $(cut -d. -f1 /proc/uptime) s: guests done"

# What is lost with each machine shows only when there are many: slab caches count by whole slabs.
if [ "$machines" -gt 0 ]; then
	insmod /ldbt.ko code_cache_mib=1
	/api growth "$machines" >/tmp/growth.out
	grep FAIL /tmp/growth.out
	add "$(grep '^api: ' /tmp/growth.out)"
	rmmod ldbt || bad "rmmod after many machines"
	echo "at $(cut -d. -f1 /proc/uptime) s: growth done"
fi

# busy: every processor has something to do, and pages come and go.
busy() {
	for i in $(seq "$(nproc)"); do
		while :; do :; done &
		hogs="$hogs $!"
	done
	while :; do dd if=/dev/zero of=/dev/shm/hog bs=1M count=32 2>/dev/null; rm -f /dev/shm/hog; done &
	hogs="$hogs $!"
}

# disturb N PID: what may happen to a guest's process and to the processor under it, one kind in each cycle.
disturb() {
	case $(($1 % 4)) in
	1) for _ in 1 2 3; do kill -STOP "$2"; usleep 20000; kill -CONT "$2"; usleep 20000; done ;;
	2)
		for cpu in /sys/devices/system/cpu/cpu[1-9]*; do
			[ -e "$cpu/online" ] || continue
			taskset -p "$((1 << ${cpu##*cpu}))" "$2" >/dev/null 2>&1
			echo 0 >"$cpu/online" || bad "cycle $1: offline"
			echo 1 >"$cpu/online" || bad "cycle $1: online"
		done ;;
	esac
}

# cycle N: load, a whole guest or a second one beside it, a disturbance, a kill, unload
cycle() {
	insmod /ldbt.ko || { bad "cycle $1: insmod"; return; }
	ldbtctl run /guests/check/coremix.elf </dev/null >/dev/null 2>&1 &
	pid=$!
	if [ $(($1 % 4)) -eq 0 ]; then
		ldbtctl run /guests/hello.elf </dev/null >/tmp/out 2>&1
		grep -q '^hello from riscv64' /tmp/out || bad "cycle $1: hello.elf: $(cat /tmp/out)"
	else
		disturb "$1" $pid
		draw
		usleep $((random / 65536 * 37 % 600000))
	fi
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	if [ "$(users)" = 0 ] && rmmod ldbt; then good; else bad "cycle $1: $(users) users"; fi
}

hogs=
for n in $(seq "$cycles"); do
	[ "$n" -ne $((cycles / 2 + 1)) ] || busy
	cycle "$n"
done
[ -z "$hogs" ] || kill $hogs
echo "at $(cut -d. -f1 /proc/uptime) s: cycles done"
echo "inside: $passed passed, $failed failed"
[ $failed -eq 0 ]
