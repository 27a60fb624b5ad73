#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Runs one of the scripts beside this one in a Debian guest whose disk has stress-ng, gcc and python (root).
# Usage: run.sh [OPTION]... SCRIPT [ARGUMENT]...     its output and status are this script's; O is the build folder
#   --qemu       in qemu-system-riscv64 instead: what the same programs say there
#   --smp N      processors of the test machine (2)       --mem N      the guest's memory in MiB (1024)
#   --append S   instead of tsc=reliable for the test machine: Linux's own doubts make each look at the time slow with two processors
#   --seconds N  limit, there to end a hang (14400)
#   --host FILE  also runs in the test machine: "sh FILE" is started beside the guest, and its status counts
#   --file F     a file for the test machine              --klog FILE  the test machine's kernel log
#   --stat       all counters at the end
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export O=${O:-build}
set -eu
smp=2 mem=1024 seconds=14400 qemu= append=tsc=reliable more=()
while [ $# -gt 0 ]; do
	case $1 in
	--qemu) qemu=y ;;
	--smp) smp=$2; shift ;;
	--mem) mem=$2; shift ;;
	--seconds) seconds=$2; shift ;;
	--append) append=$2; shift ;;
	--host) more+=(--file "$2:/beside"); shift ;;
	--file) more+=(--file "$2"); shift ;;
	--klog) more+=(--log "$2"); shift ;;
	--stat) more+=(--file "/dev/null:/show_stats") ;;
	*) break ;;
	esac
	shift
done
script=$1
shift
guest=$("$here/../boot/guest" 13)
disk=$("$here/root")/disk.img
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The small guest's ramdisk runs /command; that one goes over to the disk.
mkdir "$work/more"
cp "$here/in_guest.sh" "$work/more/command"
cp "$here/$script" "$work/more/load"
printf '%s\n' "$@" >"$work/more/arguments"
"$here/../boot/ramdisk.sh" 13 "$work/initrd" "$work/more"

if [ -n "$qemu" ]; then
	timeout "$seconds" qemu-system-riscv64 -M virt -m "$mem" -display none -no-reboot -bios "$guest/opensbi/fw_dynamic.bin" \
		-kernel "$guest/Image" -initrd "$work/initrd" -append "console=ttyS0 quiet" -serial stdio -monitor none \
		-drive "file=$disk,format=raw,if=none,id=disk,cache=unsafe,snapshot=on" -device virtio-blk-device,drive=disk \
		-netdev user,id=net -device virtio-net-device,netdev=net \
		-object rng-random,id=rng,filename=/dev/urandom -device virtio-rng-device,rng=rng </dev/null
	exit
fi
"$here/../boot/image.sh" 13 "$O/guest-13.img"
"$here/../vm/run" --smp "$smp" --mem $((768 + mem)) --timeout $((seconds + 120)) --module virtio_pci --module virtio_blk --append "$append" \
	--emulator-args "-drive file=$disk,format=raw,if=none,id=disk,cache=unsafe,snapshot=on -device virtio-blk-pci,drive=disk" \
	--file "$O/guest-13.img:/guest.img" --file "$work/initrd:/initrd" --file "$here/../boot/in_machine.sh" --file "$here/in_machine.sh:/load.sh" \
	"${more[@]}" -- sh /load.sh "$seconds" "$mem"
