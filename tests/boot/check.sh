#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots Debian's kernel to a shell, runs a command that looks around, and powers off by it. Prints what differs and the summary
# line. Usage: check.sh [OPTION OF run.sh]...
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
O=${O:-build}
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
expect() {	# what, condition as words of test
	if [ "${@:2}" ]; then
		passed=$((passed + 1))
	else
		echo "boot: $1: found '$2', expected $3 '$4'"
		failed=$((failed + 1))
	fi
}
value() { sed -n "s/^$1: //p" "$work/out" | tr -d '\r'; }

# Between apostrophes: it is the guest's shell that expands this.
look='echo "kernel: $(uname -m)"
echo "isa: $(sed -n "s/^isa.*: //p" /proc/cpuinfo)"
echo "tree: $(tr -d "\0" </proc/device-tree/cpus/cpu@0/riscv,isa)"
echo "memory: $(sed -n "s/^MemTotal: *\([0-9]*\) kB/\1/p" /proc/meminfo)"
echo "offered: $(hexdump -v -e "1/1 \"%02x\"" /proc/device-tree/memory@80000000/reg)"
echo "serial: $(dmesg | grep -c "ttyS0 at MMIO 0x10000000 (irq = [0-9]*, base_baud = [0-9]*) is a 16550A")"
echo "rtc: $(cat /sys/class/rtc/rtc0/name)"
echo "clock: $(($(date +%s) > 1700000000))"
echo "taint: $(cat /proc/sys/kernel/tainted)"
echo "complaints: $(dmesg | grep -cE "WARNING|BUG:|Oops|detected stall|Call Trace|Unable to handle")"
echo "float: $(awk "BEGIN { printf \"%.6f\", 2.5e3 / 7 }")"
mkdir /tmp/t; cd /tmp/t; seq 2000 >a; gzip -k a; gunzip -c a.gz | cmp - a && echo "files: same"
i=0; while [ $i -lt 50 ]; do /bin/true; i=$((i + 1)); done; echo "forks: $i"
trap "echo signal: taken" TERM; (kill -TERM $$) & wait; sleep 1
echo "slept: $(lat_syscall -N 1 null 2>&1 | grep -c microseconds)"
exit 7'
# A guest that gets no processor time for a while is not stuck: the machine below shares its processors.
patience='watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60'
"$here/run.sh" --seconds 900 --append "$patience" "$@" "$look" >"$work/out" 2>"$work/err"
status=$?
expect "exit status of the guest" "$status" = 7
expect "machine" "$(value kernel)" = riscv64
# A kernel does not list what it does not know (6.12: Svadu), and may list the parts of A besides.
extensions() { value "$1" | tr _ '\n' | grep -vxE 'svadu|zaamo|zalrsc' | sort; }
unknown=$(comm -23 <(extensions tree) <(extensions isa) | tr '\n' ' ')
more=$(comm -13 <(extensions tree) <(extensions isa) | tr '\n' ' ')
expect "extensions that the kernel detects and the tree does not offer" "$more" = ""
expect "extensions that the kernel does not detect" "$unknown" = ""
expect "guest memory, kB" "$(value memory)" -gt 180000
expect "memory offered" "$(value offered)" = 00000000800000000000000010000000
expect "serial port" "$(value serial)" = 1
expect "RTC" "$(value rtc | cut -d' ' -f1)" = goldfish_rtc
expect "clock" "$(value clock)" = 1
expect "taint" "$(value taint)" = 0
expect "complaints of the kernel" "$(value complaints)" = 0
expect "floating point" "$(value float)" = 357.142857
expect "files" "$(value files)" = same
expect "forks" "$(value forks)" = 50
expect "signal" "$(value signal)" = taken
expect "lmbench" "$(value slept)" = 1
[ "$failed" -eq 0 ] || tail -n 40 "$work/out" "$work/err"
grep -hE '^(run: |guest: shell)' "$work/out" "$work/err" | tr -d '\r'
echo "boot: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
