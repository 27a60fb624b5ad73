# SPDX-License-Identifier: GPL-2.0-only
# Differential test of privileged behaviour: QEMU 7.2 = ldbt interpreted = translated (paged code is interpreted).
#   make check-priv        PRIV_SEED=n takes other cases, PRIV_CASES=n more
#   make check-priv-sid    the same with the emulator of Debian sid
include tests/guests/guests.mk

PRIV_SEED ?= 1
PRIV_CASES ?= 12800
PRIV_OBJS := $(patsubst %,$(O)/tests/priv/%.o,priv_rt priv_tables priv_csr priv_ops priv_enter)

$(O)/tests/priv/%.o: tests/priv/%.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -Itests/priv -MMD -c $< -o $@

$(O)/tests/priv/%.o: tests/priv/%.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -Itests/priv -MMD -c $< -o $@

$(O)/tests/priv/priv.elf: $(PRIV_OBJS) $(RV_RT) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

CHECKS += check-priv
.PHONY: check-priv check-priv-sid
check-priv: $(O)/tests/priv/priv.elf $(LDBT_BARE)
	$(PYTHON3) -B tests/priv/priv.py --elf $< --qemu $(QEMU_RISCV) --bare $(LDBT_BARE) \
		--seed $(PRIV_SEED) --cases $(PRIV_CASES)

check-priv-sid: $(O)/tests/priv/priv.elf $(LDBT_BARE)
	$(PYTHON3) -B tests/priv/priv.py --elf $< --qemu $(QEMU_SID) --bare $(LDBT_BARE) \
		--seed $(PRIV_SEED) --cases $(PRIV_CASES)

-include $(wildcard $(O)/tests/priv/*.d)
