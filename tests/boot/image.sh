#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Packs a Debian guest into one file for ldbtctl. Usage: image.sh 13|sid FILE; O is the build folder.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
O=${O:-build}
set -eu
folder=$("$here/guest" "$1")
if [ ! "$2" -nt "$folder/release" ] || [ ! "$2" -nt "$O/ldbtctl" ]; then
	"$O/ldbtctl" mkimg -o "$2" --kernel="$folder/Image" --initrd="$folder/initrd.cpio.gz" --append="console=ttyS0"
	echo "$2: Debian $1, $(cut -d' ' -f1 "$folder/release"), $(($(stat -c %s "$2") >> 20)) MiB" >&2
fi
