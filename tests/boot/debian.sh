#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian 13 as a guest in the test machine: login, ssh, apt, reboot, kill, poweroff. By hand: three boots of systemd in an emulated machine.
# Usage: debian.sh [OPTION OF tests/vm/run]...; O is the build folder.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$("$here/debian")
# disk DEVICE FILE: what is written is lost at the end
disk() { echo "-drive file=$2,format=raw,if=none,id=$1,cache=unsafe,snapshot=on -device virtio-blk-pci,drive=$1"; }
exec "$here/../vm/run" --smp 2 --append tsc=reliable --mem 1536 --timeout 14400 --module virtio_pci --module virtio_blk \
	--emulator-args "$(disk a "$folder/disk.img") $(disk b "$folder/repo.img")" "$@" \
	--file "$folder/vmlinuz" --file "$folder/initrd.img" --file "$folder/key:/key" \
	--file /usr/bin/ssh --file /usr/bin/openssl --file /sbin/e2fsck --file /sbin/debugfs --file "$here/in_debian.sh" -- sh /in_debian.sh
