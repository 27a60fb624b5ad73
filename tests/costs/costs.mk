# SPDX-License-Identifier: GPL-2.0-only
# `make costs [COSTS_OF=WORD]`: what operations of the sealed world cost in executed host instructions (docs/COSTS.md);
# with WORD those that have it in their names; by page-table roots, then by protection keys.
include tests/guests/guests.mk
COSTS_OUT := $(O)/costs

$(COSTS_OUT)/guest.bin: tests/costs/guest.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -nostdlib -static -Wl,--build-id=none -Wl,-Ttext=0x80000000 $< -o $(@D)/guest.elf
	$(RV_CROSS)objcopy -O binary -j .text $(@D)/guest.elf $@

$(COSTS_OUT)/costs: tests/costs/costs.c $(O)/userctl/api.o
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) $^ -o $@

.PHONY: costs
costs: setup-vm modules $(O)/ldbtctl $(COSTS_OUT)/guest.bin $(COSTS_OUT)/costs
	O=$(O) tests/vm/run --icount --timeout 1200 --file $(COSTS_OUT):/costs -- \
		'for v in roots keys; do insmod /ldbt.ko views=$$v && /costs/costs /costs/guest.bin $(COSTS_OF) && rmmod ldbt || exit 1; done'
