# SPDX-License-Identifier: GPL-2.0-only
# How a Linux guest starts and ends, again and again and under force, in the test machine.
ENDS := tests/ends
CHECKS += check-ends
.PHONY: check-ends check-ends-full check-boots
$(O)/tests/ends/hog: $(ENDS)/hog.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD $< -o $@

# Some of it, with two boots; all of it takes a dozen, and is part of check-matrix.
check-ends: ENDS_PARTS := short
check-ends check-ends-full: setup-vm setup-guest modules $(O)/ldbtctl $(O)/tests/ends/hog $(O)/guests/hello.elf
	@[ $(KERNEL) = 6.1 ] || O=$(O) tests/vm/build-module --kernel $(KERNEL)
	O=$(O) $(ENDS)/ends.sh $(KERNEL) $(ENDS_PARTS)

ifndef MATRIX
check-matrix: check-ends-full
endif


# make check-boots [BOOTS=100] [KERNEL=6.1]: by hand; each boot to its shell and off.
BOOTS ?= 100
check-boots: setup-vm setup-guest modules $(O)/ldbtctl
	@[ $(KERNEL) = 6.1 ] || O=$(O) tests/vm/build-module --kernel $(KERNEL)
	O=$(O) $(ENDS)/boots.sh $(KERNEL) $(BOOTS)

-include $(O)/tests/ends/hog.d
