#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian's kernel with its virtio drivers over our devices, in the test machine.
# Usage: linux.sh BUILD linux|vhost [option of tests/vm/run]...    linux: in_linux.sh; vhost: in_vhost.sh, tap with and without vhost-net
set -eu
export O=$1
here=$(dirname "$0")
script=in_$2.sh
shift 2
"$here/../boot/image.sh" 13 "$O/guest-13.img"
"$here/../boot/ramdisk.sh" 13 "$O/tests/virtio/initrd"
exec "$here/../vm/run" --smp 2 --mem 1536 --timeout 1800 "$@" --file "$O/guest-13.img:/guest.img" --file "$O/tests/virtio/initrd:/initrd" \
	--module tun --module vhost_net --file /sbin/mke2fs --file /sbin/e2fsck --file /sbin/debugfs --file "$here/with_guest.sh" --file "$here/$script" -- \
	sh "/$script"
