# SPDX-License-Identifier: GPL-2.0-only
# The room of meaning: language front end, rule compiler, prover. Each folder adds its own objects.
HOST_ISA := $(sort $(wildcard rules/x86_64*.isa))
include rules/lang/lang.mk
include rules/host/host.mk
include rules/rulec/rulec.mk
include rules/prove/prove.mk
