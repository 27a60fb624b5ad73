#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots a Debian guest in the test machine: a shell on this terminal, or one command. Usage: run.sh [OPTION]... [COMMAND]
#   --kernel K   the test machine's kernel (6.1)      --guest G    Debian 13 (default) or sid
#   --seconds N  limit (none)                         --append S   more of the guest's command line
#   --bios       Debian's OpenSBI in M-mode           --log        the guest's kernel log is shown too
#   --stat       all counters at the end              --klog FILE  the test machine's kernel log
#   --disk       from a disk with partitions, by Debian's U-Boot     --mem N  the guest's memory in MiB (256)
#   --icount     time counts the test machine's instructions, one a nanosecond
# COMMAND's output and status are this script's. O is the build folder: ldbtctl and KERNEL/ldbt.ko are there.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
O=${O:-build}
set -eu
kernel=6.1 guest=13 seconds= append= bios= log= disk= stat= mem=256 klog=() clock=(--smp 2 --append tsc=reliable)
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=$2; shift ;;
	--guest) guest=$2; shift ;;
	--seconds) seconds=$2; shift ;;
	--append) append=" $2"; shift ;;
	--bios) bios=y ;;
	--disk) disk=y ;;
	--mem) mem=$2; shift ;;
	--stat) stat=y ;;
	--icount) clock=(--icount) ;;
	--klog) klog=(--log "$2"); shift ;;
	--log) log=y ;;
	*) break ;;
	esac
	shift
done
# with_command: a ramdisk with /command behind the rest; a kernel's command line has no room for one.
with_command() {
	mkdir "$work/more"
	echo "$command" >"$work/more/command"
	"$here/ramdisk.sh" "$guest" "$work/initrd" "$work/more"
}

# with_disk: U-Boot finds kernel, ramdisk and command line on the disk.
with_disk() {
	"$here/disk.sh" "$guest" "$work/disk" "$line" $([ ! -e "$work/initrd" ] || echo "$work/initrd")
	files=(--file "$folder/u-boot/u-boot.bin:/u-boot.bin" --file "$work/disk:/guest.img")
	options=(--u-boot=/u-boot.bin --mem="$mem")
}

command=${1:-} files=() options=() terminal=()
folder=$("$here/guest" "$guest")
"$here/image.sh" "$guest" "$O/guest-$guest.img"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
line="console=ttyS0$append"
if [ -n "$command" ]; then
	[ -n "$log" ] || line="$line quiet"
	with_command
	files+=(--file "$work/initrd:/initrd")
	options+=(--initrd=/initrd)
elif [ -t 0 ]; then
	terminal=(--interactive)
fi
if [ -n "$bios" ]; then
	files+=(--file "$folder/opensbi/fw_dynamic.bin:/bios")
	options+=(--bios=/bios)
fi
files+=(--file "$O/guest-$guest.img:/guest.img")
options+=(--append="$line" --mem="$mem")
[ -z "$disk" ] || with_disk
[ -z "$stat" ] || { : >"$work/show_stats"; files+=(--file "$work/show_stats"); }
limit=${seconds:-864000}
"$here/../vm/run" --kernel "$kernel" "${clock[@]}" --mem $((768 + mem)) --timeout $((limit + 120)) "${terminal[@]}" "${klog[@]}" \
	--file "$here/in_machine.sh" "${files[@]}" -- sh /in_machine.sh "$limit" "${options[@]}"
