# SPDX-License-Identifier: GPL-2.0-only
# In the guest, in a root of Debian's packages: lmbench's suite as lmbench-run runs it.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root
unset LD_LIBRARY_PATH
busybox mkdir -p /run /var/lib/lmbench/results /var/tmp/lmbench
busybox --install -s /bin
echo '127.0.0.1 localhost' >/etc/hosts
printf 'root:x:0:0::/root:/bin/sh\n_rpc:x:42:65534::/run/rpcbind:/usr/sbin/nologin\n' >/etc/passwd
rpcbind
# As lmbench-run has it; the programs lie in bin itself.
export SHAREDIR=/usr/share/lmbench DATADIR=/var/lib/lmbench BINDIR=/usr/lib/lmbench
export SCRIPTSDIR=$BINDIR/scripts RESULTSDIR=$DATADIR/results SRCDIR=$SHAREDIR/src OS=.
cd $SCRIPTSDIR || exit 1
# What config-run would write with 64 MB, the disk, and all else as it proposes; it asks at a terminal. ENOUGH is the time of one measurement:
# "enough" asks for a second, where the clock is an emulator's.
bin=$BINDIR/bin/$OS
ENOUGH=20000
export ENOUGH
TIMING_O=$($bin/timing_o)
export TIMING_O
LOOP_O=$($bin/loop_o)
export LOOP_O
[ "$(cat /part)" = all ] && all=YES || all=NO
# Debian's lat_proc starts the program here; its scripts copy it to /tmp.
mkdir -p /var/tmp/lmbench
cp "$bin/hello" /var/tmp/lmbench
cat >"$bin/$(./config)" <<C || exit 1
DISKS="/dev/vda"
DISK_DESC="[/dev/vda virtio]"
OUTPUT=/dev/console
ENOUGH=$ENOUGH
FASTMEM="NO"
FILE=/var/tmp/lmbench/file
FSDIR=/var/tmp/lmbench
INFO=$(./info)
LINE_SIZE=64
LOOP_O=$LOOP_O
MAIL=no
TOTAL_MEM=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
MB=64
MHZ="$($bin/mhz)"
MOTHERBOARD=""
NETWORKS=""
OS="$OS"
PROCESSORS="1"
REMOTE=""
SLOWFS="NO"
SYNC_MAX="1"
LMBENCH_SCHED="DEFAULT"
TIMING_O=$TIMING_O
RSH=rsh
RCP=rcp
VERSION=$(./version)
BENCHMARK_HARDWARE=$all
BENCHMARK_OS=$all
BENCHMARK_RPC=YES
C
cat "$bin/$(./config)"
sh ./results
# Servers that the suite leaves, and rpcbind: they keep the root in use.
killall -q rpcbind lat_rpc lmhttp
sleep 1
results=$RESULTSDIR/$OS/$(uname -n).0
cat "$results"
# Its parts have a result: lines with a number, tables; and it came to its end: the last line is a date.
passed=0 failed=0
is() {
	if [ "$2" = yes ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL: the results have no $1"
	fi
}
lines() {
	for line in "$@"; do
		is "line '$line' with a number" "$(grep -e "^$line" "$results" | grep -q ': [0-9]' && echo yes)"
	done
}
tables() {
	for heading in "$@"; do
		is "table below '$heading'" "$(grep -A 2 -e "^$heading" "$results" | tail -n +2 | grep -q '^[0-9]' && echo yes)"
	done
}
if [ $all = YES ]; then
	lines 'Simple syscall:' 'Simple read:' 'Simple write:' 'Simple stat:' 'Simple fstat:' 'Simple open/close:' 'Select on 500 fd' 'Select on 500 tcp fd' \
		'Signal handler installation' 'Signal handler overhead' 'Pipe latency:' 'AF_UNIX sock stream latency' 'Process fork+exit' \
		'Process fork+execve' 'Process fork+/bin/sh' 'integer bit:' 'double bogomflops' 'integer bit parallelism' 'File .* write bandwidth' 'Pagefaults on' \
		'UDP latency' 'TCP latency' 'TCP/IP connection cost' 'Avg xfer' 'AF_UNIX sock stream bandwidth' 'Pipe bandwidth' \
		'tlb:' 'STREAM copy latency' 'STREAM2 fill latency'
	tables '"Zone bandwidth' '"Seek times' '"mappings' '"File system latency' 'Socket bandwidth' '"read bandwidth' '"read open2close' '"Mmap read bandwidth' \
		'"Mmap read open2close' '"libc bcopy unaligned' '"libc bcopy aligned' 'Memory bzero' '"unrolled bcopy' '"unrolled partial bcopy' 'Memory read' \
		'Memory partial read bandwidth' 'Memory write' 'Memory partial write' 'Memory partial read/write' '"size=0k' '"size=64k' 'Memory load parallelism' \
		'Memory load latency' 'Random load latency'
else
	lines 'RPC/udp latency' 'RPC/tcp latency'
fi
is "all programs" "$(grep -q 'not found' "$results" || echo yes)"
is "date at the end" "$(tail -n 1 "$results" | grep -q '^\[.*20[0-9][0-9]\]' && echo yes)"
echo "lmbench suite, $(cat /part): $passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
