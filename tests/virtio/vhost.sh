#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A Debian guest on tap interfaces with and without vhost-net, in the test machine. Usage: vhost.sh BUILD [option of tests/vm/run]...
set -eu
export O=$1
here=$(dirname "$0")
shift
folder=$("$here/../boot/guest" 13)
"$here/../boot/image.sh" 13 "$O/guest-13.img"
cp "$folder/initrd.cpio.gz" "$O/tests/virtio/initrd"
truncate -s %4 "$O/tests/virtio/initrd" # another one is put behind it
exec "$here/../vm/run" --smp 2 --mem 1536 --timeout 1800 "$@" --module tun --module vhost_net \
	--file "$O/guest-13.img:/guest.img" --file "$O/tests/virtio/initrd:/initrd" --file "$here/in_vhost.sh" -- sh /in_vhost.sh
