# SPDX-License-Identifier: GPL-2.0-only
# What the monitor does without leaving the world, counted and compared with QEMU; code that changes meanwhile. In the test
# machine: `make check-inside`, on other kernels `make check-inside KERNEL=6.12`.
include tests/guests/guests.mk
INSIDE_OUT := $(O)/tests/inside

$(INSIDE_OUT)/guest.elf: tests/inside/guest.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -nostdlib -static -Wl,--build-id=none -Wl,-Ttext=0x80000000 $< -o $@

$(INSIDE_OUT)/guest.bin: $(INSIDE_OUT)/guest.elf
	$(RV_CROSS)objcopy -O binary -j .text $< $@

$(INSIDE_OUT)/expected: $(INSIDE_OUT)/guest.elf
	timeout -k 5 60 $(QEMU_RISCV) -M virt -m 128M -bios none -nographic -cpu rv64,svinval=true -kernel $< </dev/null >$@

$(INSIDE_OUT)/%.o: tests/inside/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -c $< -o $@

$(INSIDE_OUT)/inside: $(INSIDE_OUT)/inside.o $(INSIDE_OUT)/stale.o $(INSIDE_OUT)/machine.o $(O)/userctl/api.o
	$(CC) $(USER_CFLAGS) $^ -lpthread -o $@

CHECKS += check-inside
.PHONY: check-inside inside-files
inside-files: $(INSIDE_OUT)/inside $(INSIDE_OUT)/guest.bin $(INSIDE_OUT)/expected

check-inside: setup-vm
	@$(MAKE) --no-print-directory module-source inside-files
	O=$(O) tests/vm/build-module --kernel $(or $(KERNEL),6.1) >$(INSIDE_OUT)/module-build.log
	O=$(O) tests/vm/run --kernel $(or $(KERNEL),6.1) --smp 2 --timeout 600 --file $(INSIDE_OUT)/inside:/inside --file $(INSIDE_OUT)/guest.bin:/guest.bin \
		--file $(INSIDE_OUT)/expected:/expected -- 'insmod /ldbt.ko && /inside /guest.bin /expected && rmmod ldbt'

-include $(wildcard $(INSIDE_OUT)/*.d)
