# SPDX-License-Identifier: GPL-2.0-only
# Guests that mean ill, run in the test machine: `make check-hostile`, on other kernels `make check-hostile KERNEL=6.12`.
include tests/guests/guests.mk
HOSTILE := tests/hostile
HOSTILE_OUT := $(O)/hostile
HOSTILE_PROBES := sweep smc words csrs traps vsweep vtables vstorm
HOSTILE_NOTED := sweep words vsweep
HOSTILE_WAYS := 1 2 3 4 5 6 7 8 9 10 11 12 13 14
HOSTILE_ELFS := $(HOSTILE_PROBES:%=$(HOSTILE_OUT)/%.elf) $(HOSTILE_WAYS:%=$(HOSTILE_OUT)/end%.elf)
HOSTILE_QEMU_CPU := rv64,h=false,zbc=false,zba=true,zbb=true,zbs=true,svinval=true

$(HOSTILE_OUT)/obj/%.o: $(HOSTILE)/%.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -I$(HOSTILE) -Ikmod/world -MMD -c $< -o $@

$(HOSTILE_OUT)/obj/%.o: $(HOSTILE)/%.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

$(HOSTILE_OUT)/end%.elf: $(HOSTILE)/ends.S tests/guests/rt/guest.ld
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -DWAY=$* $(RV_LDFLAGS) $< -o $@

$(HOSTILE_OUT)/sweep.elf $(HOSTILE_OUT)/vsweep.elf: $(addprefix $(HOSTILE_OUT)/obj/,body.o places.o)
$(HOSTILE_OUT)/vsweep.elf $(HOSTILE_OUT)/vtables.elf $(HOSTILE_OUT)/vstorm.elf: $(HOSTILE_OUT)/obj/paging.o
$(HOSTILE_OUT)/vtables.elf $(HOSTILE_OUT)/vstorm.elf: $(HOSTILE_OUT)/obj/vbody.o
$(HOSTILE_OUT)/traps.elf: $(HOSTILE_OUT)/obj/trap_bodies.o
$(HOSTILE_PROBES:%=$(HOSTILE_OUT)/%.elf): $(HOSTILE_OUT)/%.elf: $(HOSTILE_OUT)/obj/%.o $(HOSTILE_OUT)/obj/probe.o \
	$(HOSTILE_OUT)/obj/probe_entry.o $(RV_RT) tests/guests/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

# What an independent emulator makes of it, where the guest does not know by itself. (The others bring it down.)
$(HOSTILE_OUT)/%.expected: $(HOSTILE_OUT)/%.elf tests/hostile/hostile.mk
	timeout -k 5 300 $(QEMU_RISCV) -M virt -m 128M -bios none -nographic -cpu $(HOSTILE_QEMU_CPU) -kernel $< </dev/null | \
		grep '^digest' >$@

$(HOSTILE_OUT)/fuzz_ioctl: $(HOSTILE)/fuzz_ioctl.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD $< -o $@

CHECKS += check-hostile
.PHONY: hostile check-hostile
hostile: $(HOSTILE_ELFS) $(HOSTILE_NOTED:%=$(HOSTILE_OUT)/%.expected) $(HOSTILE_OUT)/fuzz_ioctl

check-hostile: setup-vm setup-module
	@$(MAKE) --no-print-directory hostile guests $(O)/ldbtctl modules
	O=$(O) $(HOSTILE)/run.sh $(or $(KERNEL),6.1)

-include $(wildcard $(HOSTILE_OUT)/obj/*.d)
