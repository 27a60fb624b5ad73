#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Good images for the fuzzer to start from. Usage: image_seeds.sh LDBTCTL FOLDER
set -eu
here=$(realpath "$(dirname "$0")") ctl=$(realpath "$1")
mkdir -p "$2"
cd "$2"
for kind in linux zboot-gzip zboot-zstd; do
	"$here/make_image.py" "$kind" "$kind"
done
gzip -kf linux
zstd -qf linux
seq 100 >rd
"$ctl" mkimg -o fit --kernel=zboot-gzip --initrd=rd --append=quiet
rm rd
