#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes a partitioned disk with a Debian guest that U-Boot starts by extlinux.conf. Usage: disk.sh 13|sid FILE COMMAND_LINE [INITRD]
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
set -eu
folder=$("$here/guest" "$1")
initrd=${4:-$folder/initrd.cpio.gz}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/extlinux"
cp "$folder/Image" "$work/root/Image"
cp "$initrd" "$work/root/initrd"
cat >"$work/root/extlinux/extlinux.conf" <<-CONF
	default l0
	timeout 1
	label l0
		kernel /Image
		initrd /initrd
		append $3
CONF
start_mib=1 size_mib=$((($(du -sk "$work/root" | cut -f1) >> 10) + 16))
rm -f "$2"
truncate -s $((start_mib + size_mib))M "$2"
mke2fs -q -t ext4 -O ^metadata_csum,^64bit -E offset=$((start_mib << 20)) -d "$work/root" "$2" ${size_mib}M
# One bootable partition of Linux: status, CHS, type, CHS, first sector, sectors; little endian.
little() { printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }
printf "\\x80\\xff\\xff\\xff\\x83\\xff\\xff\\xff$(little $((start_mib * 2048)))$(little $((size_mib * 2048)))" |
	dd of="$2" bs=1 seek=446 conv=notrunc status=none
printf '\x55\xaa' | dd of="$2" bs=1 seek=510 conv=notrunc status=none
