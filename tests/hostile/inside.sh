#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In the test machine: each hostile guest with the end it must come to, another guest beside it that must not notice.
# Prints "ok NAME" or "FAIL NAME: why" for each, and "end of tests".
dir=/hostile
say_ok() { echo "ok $1"; }
say_fail() { echo "FAIL $1: $2"; }

# expect NAME WANTED FOUND
expect() {
	if [ "$2" = "$3" ]; then say_ok "$1"; else say_fail "$1" "'$3', not '$2'"; fi
}

# The guest beside: again and again, until /tmp/stop is there; every run must give the first run's output.
neighbour() {
	while [ ! -e /tmp/stop ]; do
		timeout 300 ldbtctl run $dir/quicksort.elf >/tmp/beside.out 2>&1 </dev/null
		echo $? >>/tmp/beside.status
		cmp -s /tmp/beside.want /tmp/beside.out || { cat /tmp/beside.out; echo differs >>/tmp/beside.status; }
	done
}

# probe NAME: ends by itself, with its own checks passed, and the digest of the reference if there is one.
probe() {
	start=$(cut -d. -f1 /proc/uptime)
	timeout 600 ldbtctl run $dir/$1.elf >/tmp/out 2>&1 </dev/null
	expect "$1: exit status" 0 $?
	echo "$1: $(($(cut -d. -f1 /proc/uptime) - start)) s"
	grep -q 'PASS$' /tmp/out || { say_fail "$1" "no PASS"; tail -n 30 /tmp/out; }
	[ ! -e $dir/$1.expected ] || expect "$1: digest" "$(cat $dir/$1.expected)" "$(grep '^digest' /tmp/out | tr -d '\r')"
}

# end N STATUS SECONDS: a guest without an end: refused by the module, or ended by the time limit
end() {
	timeout 600 ldbtctl run --timeout=$3 $dir/end$1.elf >/tmp/out 2>&1 </dev/null
	status=$?
	expect "end $1: exit status" "$2" $status
	[ $status = "$2" ] || cat /tmp/out
}

# kill_end N TENTHS: killed after that many tenths of a second
kill_end() {
	ldbtctl run $dir/end$1.elf >/dev/null 2>&1 </dev/null &
	pid=$!
	usleep ${2}00000
	kill -9 $pid
	wait $pid
	expect "end $1 after ${2}00 ms: kill -9" 137 $?
}

insmod /ldbt.ko || { say_fail insmod "status $?"; exit 1; }
ldbtctl run $dir/quicksort.elf >/tmp/beside.want 2>&1 </dev/null
expect "quicksort alone" 0 $?
: >/tmp/beside.status
neighbour &
beside=$!
for name in ${PROBES:-traps smc csrs sweep words vsweep vtables vstorm}; do probe $name; done
for way in 1 2 3; do end $way 126 300; done
for way in 4 5 6 7 8 9 10 11 12 13 14; do end $way 124 1; done
for way in 4 5 6 7 8 9 10 11 12 13 14; do kill_end $way $((way % 4 + 1)); done
[ ! -x $dir/fuzz_ioctl ] || { timeout 300 $dir/fuzz_ioctl ${FUZZ_S:-5}; expect "ioctl fuzz" 0 $?; }
touch /tmp/stop
wait $beside
expect "guest beside: $(wc -l </tmp/beside.status) runs" "0" "$(sort -u /tmp/beside.status | tr '\n' ' ' | tr -d ' ')"
expect "messages of the module" "" "$(dmesg | grep 'ldbt: hart' | head -n 3)"
rmmod ldbt
expect "rmmod" 0 $?
echo "end of tests"
