#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Whole programs on ldbt-bare: BARE is the program, GUESTS the folder of assembly guests, ELFS that of C guests.

guest() {
	run timeout 600 "$BARE" "${@:2}" "$GUESTS/$1.elf"
	[ "$status" -eq 0 ] || { echo "status $status: $output"; false; }
}

# Each way of running must give the same result: interpreter, translated, lockstep, and a cache so small that it evicts.
all_ways() {
	guest "$1" --interp
	guest "$1"
	guest "$1" --check
	guest "$1" --code-kib=272
	guest "$1" --count
}

@test "self-modifying code with and without fence.i" { all_ways smc; }
@test "page-crossing jumps and straddling instructions" { all_ways pages; }
@test "access faults, misaligned accesses, atomics, devices" { all_ways faults; }
@test "timer interrupts at exact instruction boundaries" { all_ways timer; }
@test "M and U mode, privileged instructions, software interrupt" { all_ways modes; }

@test "hello prints the same in every way of running" {
	want="hello from riscv64: text c -42 42 0x0000beef 123456789abcdef0 100%"
	for way in --interp --count --check --code-kib=272; do
		run timeout 600 "$BARE" $way "$ELFS/hello.elf"
		[ "$status" -eq 0 ]
		[ "$output" = "$want" ]
	done
}

@test "a big program under constant eviction gives the same output" {
	run timeout 600 "$BARE" "$ELFS/check/coremix.elf"
	[ "$status" -eq 0 ]
	plain=$(sed -E 's/[0-9]+ (us|ticks|ns)//' <<<"$output" | grep -v -i time)
	run timeout 600 "$BARE" --code-kib=272 "$ELFS/check/coremix.elf"
	[ "$status" -eq 0 ]
	small=$(sed -E 's/[0-9]+ (us|ticks|ns)//' <<<"$output" | grep -v -i time)
	[ "$plain" = "$small" ]
}

@test "the bound on steps to a boundary holds" {
	run timeout 600 "$BARE" --stat "$GUESTS/timer.elf"
	[ "$status" -eq 0 ]
	steps=$(grep -o 'boundary at most [0-9]*' <<<"$output" | grep -o '[0-9]*$')
	[ "$steps" -le 64 ]
}

# Is process $1 the program itself (no longer the shell that starts it), and does it catch SIGALRM (bit 13)?
catches_alarm() {
	local caught
	[ "$(readlink "/proc/$1/exe")" = "$(realpath "$BARE")" ] || return 1
	caught=$(awk '/^SigCgt/ { print $2 }' "/proc/$1/status")
	[ $((0x$caught >> 13 & 1)) -eq 1 ]
}

# How many signals one run gets depends on the machine's load, so it is run until enough have come.
@test "signals at any point change nothing: each leaves at a boundary and goes on" {
	number=$(awk '$2 == "EXIT_INTERRUPT" { print $3 }' "$BATS_TEST_DIRNAME/../../translator/abi.h")
	for program in coremix quicksort tree; do
		want=$("$BARE" "$ELFS/$program.elf")
		left=0
		for ((run = 0; left <= 20 && run < 100; run++)); do
			"$BARE" --stat "$ELFS/$program.elf" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/stat" &
			pid=$!
			until catches_alarm $pid || ! kill -0 $pid 2>/dev/null; do :; done
			# A signal to a program that has ended and is not waited for succeeds as well.
			while kill -ALRM $pid 2>/dev/null && read -r stat <"/proc/$pid/stat" && [[ $stat != *") Z "* ]]; do :; done 2>/dev/null
			wait $pid
			[ "$(cat "$BATS_TEST_TMPDIR/out")" = "$want" ]
			left=$((left + $(awk -v n="$number" '/^exits by number/ { print $(4 + n) }' "$BATS_TEST_TMPDIR/stat")))
		done
		[ "$left" -gt 20 ]
	done
}

@test "a program's failure is the exit status" {
	run timeout 600 "$BARE" "$GUESTS/fails.elf"
	[ "$status" -eq 42 ]
}

@test "--count-steps prints a ratio" {
	run timeout 600 "$BARE" --count-steps=1000 --warm-up=0 "$GUESTS/timer.elf"
	[[ "$output" =~ "host instructions 10"[0-9][0-9]", guest instructions "[1-9] ]]
}

@test "--help and --version" {
	run "$BARE" --help
	[ "$status" -eq 0 ]
	[[ "$output" == Usage:* ]]
	run "$BARE" --version
	[ "$status" -eq 0 ]
	[[ "$output" == "ldbt-bare "* ]]
}

refused() {	# expected text, file, options
	run "$BARE" "${@:3}" "$2"
	[ "$status" -eq 2 ]
	[[ "$output" == *"$1"* ]] || { echo "found: $output"; false; }
}

@test "files that are no riscv64 executables are refused with what was found" {
	tmp=$BATS_TEST_TMPDIR
	elf=$GUESTS/modes.elf
	: >"$tmp/empty"
	refused "file has 0 bytes" "$tmp/empty"
	printf '#!/bin/sh\nexit 0\n%100s' x >"$tmp/script"
	refused "found magic 23 21 2f 62, expected 7f 45 4c 46" "$tmp/script"
	refused "ELF machine: found 62, expected 243" "$BARE"
	head -c 100 "$elf" >"$tmp/cut"
	refused "truncated" "$tmp/cut"
	cp "$elf" "$tmp/class"; printf '\1' | dd of="$tmp/class" bs=1 seek=4 conv=notrunc status=none
	refused "ELF class: found 1, expected 2" "$tmp/class"
	cp "$elf" "$tmp/order"; printf '\2' | dd of="$tmp/order" bs=1 seek=5 conv=notrunc status=none
	refused "ELF byte order: found 2, expected 1" "$tmp/order"
	cp "$elf" "$tmp/type"; printf '\3' | dd of="$tmp/type" bs=1 seek=16 conv=notrunc status=none
	refused "ELF type: found 3, expected 2" "$tmp/type"
	refused "No such file" "$tmp/absent"
	refused "expected a regular file" "$tmp"
}

@test "a program that does not fit in the RAM is refused" {
	refused "is outside the RAM" "$ELFS/hello.elf" --mem=1
}

@test "wrong options are refused" {
	refused "expected a number from 1 to" "$GUESTS/modes.elf" --mem=0
	refused "expected a number from" "$GUESTS/modes.elf" --mem=12x
	refused "too small" "$GUESTS/modes.elf" --code-kib=100
	refused "expected one file, found 2" x y
	run "$BARE"
	[ "$status" -eq 2 ]
}
