# SPDX-License-Identifier: GPL-2.0-only
# F and D: QEMU = the interpreter = translated code, on special values and random ones; FS, fcsr, loads and stores.
#   make check-fp         FP_SEED=n takes other cases, FP_COUNT=n more
#   make check-fp-full    ten million random cases per instruction and all special triples, without the runs that the native one stands for
include tests/guests/guests.mk

FP_SEED ?= 1
FP_COUNT ?= 2000
FP_FULL_COUNT ?= 10000000
FP_RV_CC = $(RV_CC) $(filter-out -march=%,$(RV_CFLAGS)) -march=rv64gc -Itests/fp
FP_RUN = $(PYTHON3) -B tests/fp/fp.py --native $(O)/tests/fp/fp_native --elf $(O)/tests/fp/fp.elf \
	--state $(O)/tests/fp/fp_state.elf --qemu $(QEMU_RISCV) --bare $(LDBT_BARE) --seed $(FP_SEED)

# -mabi=lp64: what is compiled uses no f registers.
$(O)/tests/fp/%.rv.o: tests/fp/%.c
	@mkdir -p $(@D)
	$(FP_RV_CC) -MMD -c $< -o $@

$(O)/tests/fp/%.rv.o: tests/fp/%.S
	@mkdir -p $(@D)
	$(FP_RV_CC) -MMD -c $< -o $@

$(O)/tests/fp/fp.elf: $(addprefix $(O)/tests/fp/,fp_guest.rv.o fp_ops.rv.o fp_call.rv.o) $(RV_RT) $(G)/rt/guest.ld
	$(FP_RV_CC) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

$(O)/tests/fp/fp_state.elf: $(addprefix $(O)/tests/fp/,fp_state.rv.o fp_ops.rv.o fp_try.rv.o) $(RV_RT) $(G)/rt/guest.ld
	$(FP_RV_CC) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

$(O)/tests/fp/fp_native: tests/fp/fp_native.c tests/fp/fp_ops.c tests/fp/fp_ops.h $(O)/libldbt.a
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Itests/fp $(filter %.c %.a,$^) -o $@

FP_PROGRAMS := $(addprefix $(O)/tests/fp/,fp_native fp.elf fp_state.elf)
CHECKS += check-fp
.PHONY: check-fp check-fp-full
check-fp: $(FP_PROGRAMS) $(LDBT_BARE)
	$(FP_RUN) --count $(FP_COUNT)
check-fp-full: $(FP_PROGRAMS) $(LDBT_BARE)
	$(FP_RUN) --count $(FP_FULL_COUNT) --full

-include $(wildcard $(O)/tests/fp/*.d)
