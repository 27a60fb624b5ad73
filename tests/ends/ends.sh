#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Ends Linux guests in the test machine in many ways, see in_ends.sh. Usage: ends.sh KERNEL [PART]...; O is the build folder.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
O=${O:-build}
set -eu
kernel=$1
shift
"$here/../boot/image.sh" 13 "$O/guest-13.img"
files=()
for file in "$here"/{guests,in_ends,parts_force,parts_room}.sh "$O/tests/ends/hog" /sbin/mke2fs /sbin/e2fsck /sbin/debugfs; do
	files+=(--file "$file:/${file##*/}")
done
# Two processors of the emulator agree on the TSC, and Linux believes it when told.
exec "$here/../vm/run" --kernel "$kernel" --smp 2 --mem 1792 --append tsc=reliable --timeout 3600 --out-of-memory --log "$O/tests/ends/klog" \
	"${files[@]}" --file "$O/guest-13.img:/guest.img" -- sh /in_ends.sh "$@"
