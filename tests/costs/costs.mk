# SPDX-License-Identifier: GPL-2.0-only
# `make costs [COSTS_OF=WORD]`: what operations of the sealed world cost in executed host instructions (docs/COSTS.md);
# with WORD those that have it in their names; by page-table roots, then by protection keys. Enter, leave, FPU section, fills and fences alone
# are measured by the sealed world's test module.
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
costs: setup-vm modules seal-source $(O)/ldbtctl $(COSTS_OUT)/guest.bin $(COSTS_OUT)/costs
	tests/vm/build-module --kernel 6.1 --source $(O)/seal
	O=$(O) tests/vm/run --icount --timeout 1200 --file $(COSTS_OUT):/costs --file $(O)/6.1/ldbt_seal.ko:/seal.ko -- \
		'for v in roots keys; do insmod /ldbt.ko views=$$v && /costs/costs /costs/guest.bin $(COSTS_OF) && rmmod ldbt && \
		dmesg -c >/dev/null && insmod /seal.ko views=$$v measure=300 && rmmod ldbt_seal && echo && dmesg | sed -n "s/.*seal: /alone: /p" || exit 1; done'
