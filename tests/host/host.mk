# SPDX-License-Identifier: GPL-2.0-only
# ldbt-bare: runs bare-metal riscv64 programs in user space on translated code. Its tests: unit (hand-made rules, under
# ASan and UBSan) and whole programs.
BARE_NAMES := machine ram dev fault run check elf_load
BARE_OBJS = $(BARE_NAMES:%=$(O)/tests/host/%.o) $(O)/tests/host/enter.o
BARE_LIBS := -lrt
BARE_GUESTS := $(patsubst tests/host/guests/%.S,$(O)/tests/host/guests/%.elf,$(wildcard tests/host/guests/*.S))
BARE_SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all

$(BARE_OBJS) $(O)/tests/host/main.o: | $(O)/gen/ops.h $(O)/gen/rules.h

$(O)/tests/host/%.o: tests/host/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Itests/host -MMD -MP -c $< -o $@

$(O)/tests/host/%.o: tests/host/%.S
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -c $< -o $@

$(O)/ldbt-bare: $(O)/tests/host/main.o $(BARE_OBJS) $(O)/libldbt.a
	$(CC) $(USER_CFLAGS) $(LDFLAGS) $^ $(BARE_LIBS) -o $@

# The table of the unit tests overwrites defaults on purpose.
BARE_UNIT_SRCS = $(TRANSLATOR_NAMES:%=translator/%.c) $(O)/gen/decode.c $(addprefix tests/host/,unit.c unit_table.c)
$(O)/tests/host/unit: $(BARE_UNIT_SRCS) $(wildcard translator/*.h) | $(O)/gen/ops.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) $(BARE_SAN) -Wno-missing-field-initializers -Wno-override-init $(BARE_UNIT_SRCS) -lcmocka -o $@

$(O)/tests/host/guests/%.elf: tests/host/guests/%.S tests/host/guests/test.h tests/guests/rt/guest.ld
	@mkdir -p $(@D)
	$(RV_CC) -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -fno-pic -nostdlib -static -no-pie \
		-Wl,--build-id=none -Wl,--no-warn-rwx-segments -T tests/guests/rt/guest.ld $< -o $@

ALL += $(O)/ldbt-bare

CHECKS += check-translator check-bare
.PHONY: check-translator check-bare
check-translator: $(O)/tests/host/unit
	$<

check-bare: $(O)/ldbt-bare $(BARE_GUESTS) $(O)/guests/hello.elf $(O)/guests/check/coremix.elf
	tests/host/run_bats.sh $(O)

-include $(BARE_OBJS:.o=.d) $(O)/tests/host/main.d
