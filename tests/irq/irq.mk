# SPDX-License-Identifier: GPL-2.0-only
# Interrupts: the PLIC's rules in user space, and a guest that counts interrupts in the module.
include tests/guests/guests.mk

$(O)/tests/irq/unit: tests/irq/unit.c kmod/plic_model.c kmod/plic_model.h translator/port.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all $(filter %.c,$^) -lcmocka -o $@

$(O)/tests/irq/%.o: tests/irq/%.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

$(O)/tests/irq/%.o: tests/irq/%.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

$(O)/tests/irq/irq.elf: $(addprefix $(O)/tests/irq/,guest.o entry.o) $(RV_RT) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

CHECKS += check-irq-unit check-irq
.PHONY: check-irq-unit check-irq
check-irq-unit: $(O)/tests/irq/unit
	$<

# With the module, in the test machine; also while the vCPU's thread is moved from processor to processor. There Linux does
# not trust the TSC of two emulated processors unless told; with one it does, and guest time comes from it.
check-irq: setup-vm modules $(O)/ldbtctl $(O)/tests/irq/irq.elf
	O=$(O) tests/vm/run --smp 2 --timeout 300 --file $(O)/tests/irq/irq.elf --file tests/irq/in_machine.sh -- sh /in_machine.sh
	O=$(O) tests/vm/run --timeout 300 --file $(O)/tests/irq/irq.elf --file tests/irq/in_machine.sh -- sh /in_machine.sh tsc
	O=$(O) tests/vm/run --smp 2 --append tsc=reliable --timeout 300 --file $(O)/tests/irq/irq.elf --file tests/irq/in_machine.sh -- \
		sh /in_machine.sh tsc

-include $(wildcard $(O)/tests/irq/*.d)
