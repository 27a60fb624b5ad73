#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian's kernel with its virtio drivers over our devices, in the test machine. Usage: linux.sh BUILD [option of tests/vm/run]...
set -eu
export O=$1
here=$(dirname "$0")
shift
folder=$("$here/../boot/guest" 13)
"$here/../boot/image.sh" 13 "$O/guest-13.img"
cp "$folder/initrd.cpio.gz" "$O/tests/virtio/initrd"
truncate -s %4 "$O/tests/virtio/initrd" # another one is put behind it
exec "$here/../vm/run" --smp 2 --mem 1536 --timeout 1800 "$@" --file "$O/guest-13.img:/guest.img" --file "$O/tests/virtio/initrd:/initrd" \
	--file /sbin/mke2fs --file /sbin/e2fsck --file /sbin/debugfs --file "$here/in_linux.sh" -- \
	sh /in_linux.sh
