#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests of the test machine itself: what goes in comes out, and no fault of the kernel goes unnoticed.
# Usage: tests/vm/check.sh [bochs]; last line "vm: N passed, N failed, N skipped".
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
run=$vm_dir/run
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect NAME STATUS COMMAND...: runs a command; its output is in $work/out and $work/err.
expect() {
	local name=$1 want=$2 status=0
	shift 2
	"$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	if [ "$status" -eq "$want" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $name: exit status $status, not $want"
		tail -n 25 "$work/err"
	fi
}

# expect_text NAME TEXT FILE: the file of the last run is, or for a pattern has, this text.
expect_text() {
	if grep -qE -e "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $1: no '$2' in:"
		tail -n 10 "$3"
	fi
}

# expect_same NAME FILE FILE
expect_same() {
	if cmp -s "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: $1: files differ"
	fi
}

check_results() {
	local i
	expect 'arguments as given' 0 "$run" --bare --log "$work/log" -- printf '%s|' 'a b' "c'd" '$e' ''
	printf "a b|c'd|\$e||" >"$work/want"
	expect_same 'arguments as given' "$work/want" "$work/out"
	sed -n 's/.*vm: ready/ready/p' "$work/log"
	for i in {1..80}; do printf "$(printf '\\x%02x' {0..255})"; done >"$work/bytes"
	expect 'bytes and status' 77 "$run" --bare --file "$work/bytes" -- 'cat /bytes; exit 77'
	expect_same 'any bytes' "$work/bytes" "$work/out"
	expect 'death by a signal' 137 "$run" --bare -- 'kill -9 $$'
	expect 'no end' 124 "$run" --bare --timeout 8 -- 'sleep 1000'
	expect 'no report' 123 "$run" --bare -- 'poweroff -f; sleep 9'
	expect 'frequency of the TSC' 0 "$run" --bare --append tsc=reliable -- 'grep -E "tsc=reliable tsc_early_khz=[0-9]{6,8}( |$)" /proc/cmdline'
	expect 'nothing about the TSC' 1 "$run" --bare -- 'grep tsc /proc/cmdline'
	expect 'no such kernel' 126 "$run" --kernel 2.4 -- true
	expect 'no such file' 126 "$run" --bare --file "$work/none" -- true
}

check_options() {
	expect 'two processors, PTI' 0 "$run" --bare --smp 2 --append pti=on -- 'nproc; dmesg'
	expect_text 'two processors' '^2$' "$work/out"
	expect_text 'PTI on' 'page tables isolation: (force )?enabled' "$work/out"
	expect 'icount, PTI off' 5 "$run" --bare --icount --append pti=off -- 'cat /sys/devices/system/cpu/vulnerabilities/meltdown; exit 5'
	expect_text 'PTI off' 'Vulnerable|Not affected' "$work/out"
}

# A fault that the command survives, or does not, fails the run all the same.
check_faults() {
	local fault
	expect 'builds' 0 "$vm_dir/build-module" --kernel 6.1 --source "$vm_dir/faulty"
	expect 'no fault' 0 "$run" --bare --module msr --file "$O/6.1/faulty.ko" -- 'test -e /dev/cpu/0/msr && insmod /faulty.ko && rmmod faulty'
	for fault in warn oops leak; do
		expect "fault $fault" 125 "$run" --bare --file "$O/6.1/faulty.ko" -- "insmod /faulty.ko what=$fault; exit 0"
	done
	expect 'fault lockup' 125 "$run" --bare --append watchdog_thresh=2 --file "$O/6.1/faulty.ko" -- 'insmod /faulty.ko what=lockup; exit 0'
	expect 'panic' 125 "$run" --bare -- 'echo c >/proc/sysrq-trigger'
	echo '[    9.000000] ldbt: 3 pages leaked' >"$work/leak"
	expect 'leak report' 1 "$vm_dir/verdict" "$work/leak"
	echo '[    9.000000] ldbt: unloaded' >"$work/clean"
	expect 'clean log' 0 "$vm_dir/verdict" "$work/clean"
	expect 'taint alone' 1 "$vm_dir/verdict" "$work/clean" 512
	printf '[    9.%06d] %s\n' 0 'hog invoked oom-killer: gfp_mask=0x140cca' 1 'Call Trace:' 2 ' </TASK>' >"$work/oom"
	expect 'no memory' 1 "$vm_dir/verdict" "$work/oom"
	expect 'no memory, as wanted' 0 "$vm_dir/verdict" "$work/oom" 0 out-of-memory
	echo '[    9.000003] Call Trace:' >>"$work/oom"
	expect 'more than no memory' 1 "$vm_dir/verdict" "$work/oom" 0 out-of-memory
}

check_kernels() {
	local kernel
	for kernel in 6.12 sid; do
		expect "builds for $kernel" 0 "$vm_dir/build-module" --kernel "$kernel" --source "$vm_dir/faulty"
		expect "kernel $kernel" 9 "$run" --bare --kernel "$kernel" --file "$O/$kernel/faulty.ko" -- 'insmod /faulty.ko && rmmod faulty && exit 9'
		expect "fault on $kernel" 125 "$run" --bare --kernel "$kernel" --file "$O/$kernel/faulty.ko" -- 'insmod /faulty.ko what=warn'
	done
}

check_bochs() {
	local slow=("$run" --emulator bochs --timeout 900)
	expect 'builds' 0 "$vm_dir/build-module" --kernel 6.1 --source "$vm_dir/faulty"
	expect 'Bochs' 6 "${slow[@]}" --file "$O/6.1/faulty.ko" -- 'insmod /faulty.ko && rmmod faulty; cat /proc/cpuinfo /sys/devices/system/cpu/vulnerabilities/meltdown; exit 6'
	expect_text 'PCID' ' pcid ' "$work/out"
	expect_text 'PTI by default' 'Mitigation: PTI' "$work/out"
	expect 'Bochs, two processors, PTI off' 0 "${slow[@]}" --bare --smp 2 --append pti=off -- 'nproc; cat /sys/devices/system/cpu/vulnerabilities/meltdown'
	expect_text 'two processors' '^2$' "$work/out"
	expect_text 'PTI off' 'Vulnerable' "$work/out"
	expect 'Bochs, fault' 125 "${slow[@]}" --file "$O/6.1/faulty.ko" -- 'insmod /faulty.ko what=warn; exit 0'
	expect 'Bochs, panic' 125 "${slow[@]}" --bare -- 'echo c >/proc/sysrq-trigger'
}

case ${1:-} in
bochs) check_bochs ;;
'')
	check_results
	check_options
	check_faults
	check_kernels
	;;
*) die "unknown tests '$1'" ;;
esac
echo "vm: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
