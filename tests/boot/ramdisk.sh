#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A copy of a guest's ramdisk, with the files of a folder behind it, among them /command, or room for them. Usage: ramdisk.sh GUEST FILE [FOLDER]
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cp "$("$here/guest" "$1")/initrd.cpio.gz" "$2"
truncate -s %4 "$2"
[ $# -lt 3 ] || (cd "$3" && find . -type f | cpio --quiet -o -H newc -R 0:0) >>"$2"
