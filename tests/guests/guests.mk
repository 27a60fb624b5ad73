# SPDX-License-Identifier: GPL-2.0-only
# Bare-metal guests: hello and the benchmark kernels, for riscv64 (QEMU and ldbt run the same ELF) and native.
#   $(O)/guests/NAME.elf, NAME.native     full size, for make bench
#   $(O)/guests/check/NAME.elf, .native   a fraction of it, for make check
ifndef GUESTS_MK	# other folders include it too
GUESTS_MK := 1
# Debian sid's emulator, for targets called *-sid: fetched on first use, and its releases name processors otherwise.
QEMU_SID = $$(tests/vm/qemu-riscv sid | tail -n 1) --qemu-cpu $(QEMU_SID_CPU)
QEMU_SID_CPU := rv64i,m=on,a=on,f=on,d=on,c=on,zicsr=on,zifencei=on,s=on,u=on,mmu=on,sv39=on,zicntr=on,zihpm=on,pmp=on,zba=on,zbb=on,zbs=on,svinval=on

RV_CROSS ?= riscv64-unknown-elf-
RV_CC ?= $(RV_CROSS)gcc
PYTHON3 ?= /usr/bin/python3
QEMU_RISCV ?= qemu-system-riscv64
LDBT_BARE ?= $(O)/ldbt-bare

G := tests/guests
GUEST_KERNELS := $(basename $(notdir $(wildcard $(G)/kernels/*.c)))
GUEST_WARN := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes
RV_CFLAGS := -std=gnu11 -O2 -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -ffreestanding \
	-fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fno-common $(GUEST_WARN) -I$(G)/rt -I$(G)
RV_LDFLAGS := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,--no-warn-rwx-segments \
	-T $(G)/rt/guest.ld
NATIVE_CFLAGS := -std=gnu11 -O2 $(GUEST_WARN) -DGUEST_NATIVE -I$(G)/rt -I$(G)

RV_RT := $(addprefix $(O)/guests/rt/,crt0.o rt.o mem.o)
GUEST_ELFS := $(O)/guests/hello.elf $(GUEST_KERNELS:%=$(O)/guests/%.elf) $(GUEST_KERNELS:%=$(O)/guests/check/%.elf)
GUEST_NATIVES := $(GUEST_KERNELS:%=$(O)/guests/%.native) $(GUEST_KERNELS:%=$(O)/guests/check/%.native)

$(O)/guests/rt/%.o: $(G)/rt/%.S
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

# mem.c defines what the compiler would call in place of its loops
$(O)/guests/rt/%.o: $(G)/rt/%.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -fno-builtin -fno-tree-loop-distribute-patterns -MMD -c $< -o $@

$(O)/guests/obj/%.o: $(G)/%.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -MMD -c $< -o $@

$(O)/guests/obj/check/bench_main.o: $(G)/bench_main.c
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) -DBENCH_CHECK -MMD -c $< -o $@

$(O)/guests/hello.elf: $(O)/guests/obj/hello.o $(RV_RT) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

$(O)/guests/check/%.elf: $(O)/guests/obj/kernels/%.o $(O)/guests/obj/check/bench_main.o $(RV_RT) $(G)/rt/guest.ld
	@mkdir -p $(@D)
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

$(O)/guests/%.elf: $(O)/guests/obj/kernels/%.o $(O)/guests/obj/bench_main.o $(RV_RT) $(G)/rt/guest.ld
	$(RV_CC) $(RV_CFLAGS) $(RV_LDFLAGS) $(filter %.o,$^) -o $@

$(O)/guests/native/%.o: $(G)/%.c
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -MMD -c $< -o $@

$(O)/guests/native/check/bench_main.o: $(G)/bench_main.c
	@mkdir -p $(@D)
	$(CC) $(NATIVE_CFLAGS) -DBENCH_CHECK -MMD -c $< -o $@

$(O)/guests/check/%.native: $(O)/guests/native/kernels/%.o $(O)/guests/native/check/bench_main.o
	@mkdir -p $(@D)
	$(CC) $^ -o $@

$(O)/guests/%.native: $(O)/guests/native/kernels/%.o $(O)/guests/native/bench_main.o
	$(CC) $^ -o $@

.SECONDARY: $(GUEST_KERNELS:%=$(O)/guests/obj/kernels/%.o) $(GUEST_KERNELS:%=$(O)/guests/native/kernels/%.o) \
	$(O)/guests/obj/bench_main.o $(O)/guests/native/bench_main.o

.PHONY: guests check-guests
guests: $(GUEST_ELFS) $(GUEST_NATIVES)

CHECKS += check-guests
check-guests: guests $(LDBT_BARE)
	$(PYTHON3) $(G)/check_guests.py --dir $(O)/guests --qemu $(QEMU_RISCV) --bare $(LDBT_BARE)

-include $(wildcard $(O)/guests/rt/*.d $(O)/guests/obj/*.d $(O)/guests/obj/*/*.d $(O)/guests/native/*.d \
	$(O)/guests/native/*/*.d)
endif
