#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian packages that a target needs, and says so. Usage: tests/tools/setup.sh GROUP...
# Groups: build (compile all that runs here), check (tests), prove (solver), bench, vm (test machine), module (kernel headers), trace. Nothing is done when all are there.
set -eu
build="gcc make libc6-dev gcc-riscv64-unknown-elf libfdt-dev libcjson-dev libslirp-dev libcap-ng-dev libseccomp-dev nettle-dev zlib1g-dev libzstd-dev"
check="$build libcmocka-dev binutils binutils-riscv64-linux-gnu qemu-system-misc libz3-dev python3 clang clang-format bats device-tree-compiler zstd"
prove="gcc make libc6-dev libz3-dev"
bench="$build qemu-system-misc python3"
module="gcc make linux-headers-amd64"
trace="trace-cmd linux-perf"
guest="make cpio kmod binutils"
debian="$guest qemu-system-misc openssh-client openssl e2fsprogs"
load="$guest dpkg-dev e2fsprogs qemu-system-misc"
vm="make qemu-system-x86 busybox-static cpio kmod util-linux e2fsprogs"
missing=
for group in "$@"; do
	for package in ${!group}; do
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
	done
done
[ -n "$missing" ] || exit 0
missing=$(tr ' ' '\n' <<<"$missing" | sort -u | tr '\n' ' ')
echo "setup: installing Debian packages: $missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "setup: not root; run this as root or: apt-get install $missing" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends $missing >/dev/null
