# SPDX-License-Identifier: GPL-2.0-only
# `make lmbench`: each program of Debian's lmbench once in a Debian guest (-N 1, 64 MB), by hand. Its nanoseconds are instructions of the test machine.
.PHONY: lmbench
lmbench: setup-vm setup-guest modules $(O)/ldbtctl
	O=$(O) tests/boot/run.sh --icount --mem 512 --seconds 2400 --klog $(O)/lmbench.kernel.log "$$(cat tests/lmbench/inside.sh)"

# The whole suite, unmodified, and its part RPC by counted time. Their results: $(O)/lmbench-suite.all, $(O)/lmbench-suite.rpc.
.PHONY: lmbench-suite
lmbench-suite: setup-vm setup-guest modules $(O)/ldbtctl
	O=$(O) tests/lmbench/suite.sh rpc
	O=$(O) tests/lmbench/suite.sh all
