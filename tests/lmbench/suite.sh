#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# lmbench's whole suite as Debian packages it (config-run, results), in a Debian guest in the test machine; by hand.
# Usage: suite.sh all|rpc [SECONDS]; O is the build folder. The suite's results go to $O/lmbench-suite.all or .rpc.
# lat_rpc gives each call by UDP 25 ms and asks again behind 2.5 ms: in the emulated machine's real time it drowns in its own repetitions. So rpc is that
# part of the suite alone, where time counts instructions; what all says of RPC is not looked at.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../vm/lib.sh"
apt_architecture=riscv64
apt_components="main non-free"
O=${O:-build}
part=$1
seconds=${2:-14400}
case $part in
all) clock=(--smp 2 --append tsc=reliable) ;;
rpc) clock=(--icount) ;;
*) die "'$part' is no part of the suite: all or rpc" ;;
esac
results=$O/lmbench-suite.$part
tree=$cache/lmbench-suite
"$here/../boot/image.sh" 13 "$O/guest-13.img"
suite_tree trixie "$tree" 1 lmbench rpcbind netbase busybox-static

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/root"
tar -C "$tree" -c --exclude='usr/lib/gcc*' --exclude='*.a' etc proc tmp usr/bin/busybox usr/bin/rpcinfo usr/sbin usr/lib usr/share/lmbench var | tar -C "$work/root" -x
ln -s usr/bin usr/sbin usr/lib "$work/root"
cp "$here/suite_inside.sh" "$work/root/suite"
echo "$part" >"$work/root/part"
mke2fs -q -t ext4 -d "$work/root" "$work/disk" 600m
mkdir "$work/more"
cp "$here/suite_guest.sh" "$work/more/command"
"$here/../boot/ramdisk.sh" 13 "$work/initrd" "$work/more"
status=0
"$here/../vm/run" "${clock[@]}" --mem 1280 --timeout $((seconds + 120)) --log "$results.kernel.log" \
	--module virtio_pci --module virtio_blk \
	--emulator-args "-drive file=$work/disk,format=raw,if=none,id=a,cache=unsafe -device virtio-blk-pci,drive=a" \
	--file "$here/../boot/in_machine.sh" --file "$O/guest-13.img:/guest.img" --file "$work/initrd" -- \
	sh /in_machine.sh "$seconds" --initrd=/initrd --append="console=ttyS0 quiet" --mem=512 --disk=/dev/vda || status=$?
debugfs -R "dump /var/lib/lmbench/results/ldbt.0 $results" "$work/disk" 2>/dev/null
[ -s "$results" ] || rm -f "$results"
exit $status
