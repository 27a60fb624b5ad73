# SPDX-License-Identifier: GPL-2.0-only
# Differential tests: QEMU = ldbt interpreted = translated = translated with a small cache, on generated images, in which
# every arm of the rules is executed.
#   make check-diff                every instruction, and about 300,000 random ones; other ones by DIFF_SEED=n
#   make check-diff-full           every instruction, and 10 million random ones
#   make check-diff-sid            as check-diff, with the emulator of Debian sid
#   make check-module-diff         a part of these images and of ../priv's in the module, in the test machine [KERNEL=K];
#                                  all by MODULE_DIFF_STRIDE=1 MODULE_DIFF_INSNS=300000 MODULE_PRIV_CASES=12800
#                                  MODULE_FP_COUNT=100000 MODULE_FP_STRIDE=1 (long)
include tests/guests/guests.mk

DIFF := tests/diff
DIFF_SEED ?= 1
DIFF_HOST_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes \
	-fsanitize=undefined -fno-sanitize-recover=all
DIFF_GEN_OBJS := $(patsubst %,$(O)/diff/%.o,diffgen gen items items_fp access each each_fused each_access each_control each_csr each_illegal \
	encode enc_table)
DIFF_RT_OBJS := $(O)/diff/rt/diff_rt.o $(O)/diff/rt/diff_enter.o $(RV_RT)

$(O)/diff/%.o: $(DIFF)/%.c
	@mkdir -p $(@D)
	$(CC) $(DIFF_HOST_CFLAGS) -MMD -c $< -o $@

$(O)/diff/diffgen: $(DIFF_GEN_OBJS)
	$(CC) $(DIFF_HOST_CFLAGS) $^ -o $@

$(O)/diff/rt/%.o: $(DIFF)/%.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -I$(DIFF) -MMD -c $< -o $@

$(O)/diff/rt/%.o: $(DIFF)/%.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -I$(DIFF) -MMD -c $< -o $@

$(O)/diff/rt.elf: $(DIFF_RT_OBJS) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

.PHONY: check-diff check-diff-full check-diff-sid
DIFF_RUN = $(PYTHON3) -B $(DIFF)/diff.py --gen $(O)/diff/diffgen --rt $(O)/diff/rt.elf --work $(O)/diff \
	--qemu $(or $(DIFF_QEMU),$(QEMU_RISCV)) --bare $(LDBT_BARE) --objdump $(RV_CROSS)objdump --seed $(DIFF_SEED)

CHECKS += check-diff
check-diff: $(O)/diff/diffgen $(O)/diff/rt.elf $(LDBT_BARE)
	$(DIFF_RUN) --insns 300000

check-diff-full: $(O)/diff/diffgen $(O)/diff/rt.elf $(LDBT_BARE)
	$(DIFF_RUN) --insns 10000000

check-diff-sid: DIFF_QEMU = $(QEMU_SID)
check-diff-sid: $(O)/diff/diffgen $(O)/diff/rt.elf $(LDBT_BARE)
	$(DIFF_RUN) --insns 300000

MODULE_DIFF_STRIDE ?= 12
MODULE_DIFF_INSNS ?= 100000
MODULE_PRIV_CASES ?= 320
MODULE_FP_COUNT ?= 40
MODULE_FP_STRIDE ?= 97
MODULE_DIFF_TIMEOUT ?= 7200

CHECKS += check-module-diff
.PHONY: check-module-diff
check-module-diff: setup-vm $(O)/diff/diffgen $(O)/diff/rt.elf $(O)/tests/priv/priv.elf $(O)/tests/fp/fp.elf $(O)/tests/fp/fp_state.elf \
	$(LDBT_BARE) $(O)/ldbtctl
	@$(MAKE) --no-print-directory module-source
	O=$(O) tests/vm/build-module --kernel $(or $(KERNEL),6.1) >$(O)/diff/module-build.log
	O=$(O) $(PYTHON3) -B $(DIFF)/module.py --gen $(O)/diff/diffgen --rt $(O)/diff/rt.elf --priv $(O)/tests/priv/priv.elf \
		--fp $(O)/tests/fp/fp.elf --fp-state $(O)/tests/fp/fp_state.elf --fp-count $(MODULE_FP_COUNT) --fp-stride $(MODULE_FP_STRIDE) \
		--work $(O)/diff/module --qemu $(QEMU_RISCV) --bare $(LDBT_BARE) --vm tests/vm/run --kernel $(or $(KERNEL),6.1) \
		--seed $(DIFF_SEED) --stride $(MODULE_DIFF_STRIDE) --insns $(MODULE_DIFF_INSNS) --cases $(MODULE_PRIV_CASES) \
		--timeout $(MODULE_DIFF_TIMEOUT)

-include $(wildcard $(O)/diff/*.d $(O)/diff/rt/*.d)
