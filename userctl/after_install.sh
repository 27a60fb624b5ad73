#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What `make install` does besides placing files: modprobe finds the module, the group exists, udev knows its rule.
# Usage: after_install.sh KERNEL_RELEASE
set -e
depmod "$1"
getent group ldbt >/dev/null || groupadd --system ldbt
if [ -S /run/udev/control ]; then
	udevadm control --reload
	udevadm trigger --subsystem-match=misc --sysname-match=ldbt
fi
echo "installed; modprobe ldbt loads the module, 'adduser YOU ldbt' lets you use it, ldbtctl doctor looks for what is missing"
