#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The devices with the module: runs guest.c's driver over them; runs in the test machine. Prints a summary line.
passed=0 failed=0
yes_() { passed=$((passed + 1)); }
no_() { failed=$((failed + 1)); echo "FAIL: $*"; }

# number OFFSET NUMBER: 8 bytes, little endian, into /disk
number() {
	printf "\\x$(printf %02x $(($2 & 255)))\\x$(printf %02x $(($2 >> 8 & 255)))" |
		dd of=/disk bs=1 seek="$1" conv=notrunc 2>/dev/null
}
make_disk() {
	rm -f /disk
	dd if=/dev/zero of=/disk bs=1M count=1 2>/dev/null
	n=0
	while [ $n -lt 2048 ]; do
		number $((n * 512)) $n
		n=$((n + 97))
	done
	number $((7 * 512)) 7
}

# counts NAME STATUS: adds the guest's own counts; a run without them is a failure.
counts() {
	line=$(sed -n 's/^virtio-guest: \([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' /tmp/out)
	grep FAIL /tmp/out
	if [ -z "$line" ]; then
		no_ "$1: no end, status $2:"
		tail -n 5 /tmp/out
		return
	fi
	passed=$((passed + ${line% *})) failed=$((failed + ${line#* }))
}

insmod /ldbt.ko || exit 1
make_disk
cp /disk /before
ldbtctl run --timeout=200 --disk=/disk,snapshot /virtio.elf >/tmp/out 2>&1
counts "snapshot" $?
cmp /disk /before && yes_ || no_ "a snapshot changed the file"

# The network now by vhost-net, which writes the guest's memory without us.
tunctl -t tap0 >/dev/null
ifconfig tap0 10.0.2.2 netmask 255.255.255.0 up
number $((300 * 512 + 8)) 1
ldbtctl run --timeout=200 --disk=/disk --net=tap,ifname=tap0 /virtio.elf >/tmp/out 2>&1 &
pid=$!
while kill -0 $pid 2>/dev/null && ! grep -q ^flushed /tmp/out; do sleep 0.2; done
kill -KILL $pid
wait $pid
counts "killed" $?
grep -q "not vhost-net" /tmp/out && no_ "frames do not go by vhost-net" || yes_
# sectors 100 to 103 as guest.c writes them
text=$(dd if=/disk bs=8 skip=$((102 * 64 + 1)) count=1 2>/dev/null | od -An -tx8 | tr -d ' ')
[ "$text" = 00006c6462740081 ] && yes_ || no_ "after a flush and a kill: found $text"

ldbtctl run --timeout=200 --disk=/disk,ro --net=none /virtio.elf >/tmp/out 2>&1
grep -q "FAIL: disk: write" /tmp/out && yes_ || no_ "a read-only disk was written"
rmmod ldbt && yes_ || no_ "rmmod"
echo "virtio-machine: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
