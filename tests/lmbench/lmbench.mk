# SPDX-License-Identifier: GPL-2.0-only
# `make lmbench`: each program of Debian's lmbench once in a Debian guest (-N 1, 64 MB), by hand. Its nanoseconds are instructions of the test machine.
.PHONY: lmbench
lmbench: setup-vm setup-guest modules $(O)/ldbtctl
	O=$(O) tests/boot/run.sh --icount --mem 512 --seconds 2400 --klog $(O)/lmbench.kernel.log "$$(cat tests/lmbench/inside.sh)"

# The whole suite, unmodified. Its results: $(O)/lmbench-suite.
.PHONY: lmbench-suite
lmbench-suite: setup-vm setup-guest modules $(O)/ldbtctl
	O=$(O) tests/lmbench/suite.sh
