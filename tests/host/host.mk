# SPDX-License-Identifier: GPL-2.0-only
# ldbt-bare: runs bare-metal riscv64 programs in user space on translated code. Its tests: unit (hand-made rules, under
# ASan and UBSan) and whole programs.
BARE_NAMES := machine ram paging dev fault run check elf_load
BARE_OBJS = $(BARE_NAMES:%=$(O)/tests/host/%.o) $(O)/tests/host/enter.o
BARE_LIBS := -lrt
BARE_GUESTS := $(patsubst tests/host/guests/%.S,$(O)/tests/host/guests/%.elf,$(wildcard tests/host/guests/*.S))
BARE_ELFS = $(O)/guests/hello.elf $(O)/guests/check/coremix.elf \
	$(addprefix $(O)/guests/,coremix.elf quicksort.elf tree.elf)
BARE_SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -DLDBT_DEBUG

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
BARE_UNIT_SRCS = $(TRANSLATOR_NAMES:%=translator/%.c) $(O)/gen/decode.c $(addprefix tests/host/,unit.c unit_cache.c unit_bench.c unit_table.c)
$(O)/tests/host/unit: $(BARE_UNIT_SRCS) $(wildcard translator/*.h tests/host/*.h) | $(O)/gen/ops.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) $(BARE_SAN) -Wno-missing-field-initializers -Wno-override-init -Itests/host $(BARE_UNIT_SRCS) -lcmocka -o $@

$(O)/tests/host/guests/%.elf: tests/host/guests/%.S tests/host/guests/test.inc tests/guests/rt/guest.ld
	@mkdir -p $(@D)
	$(RV_CC) -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -fno-pic -nostdlib -static -no-pie \
		-Wl,--build-id=none -Wl,--no-warn-rwx-segments -T tests/guests/rt/guest.ld $< -o $@

ALL += $(O)/ldbt-bare

# The same program under ASan and UBSan, for the same tests.
BARE_SAN_SRCS = $(addprefix tests/host/,main.c $(BARE_NAMES:%=%.c) enter.S) $(TRANSLATOR_NAMES:%=translator/%.c) \
	$(MACHINE_SRCS) $(MACHINE_GEN)
$(O)/tests/host/san/ldbt-bare: $(BARE_SAN_SRCS) $(RULES_OBJ) $(wildcard tests/host/*.h translator/*.h)
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) $(BARE_SAN) -Itests/host $(BARE_SAN_SRCS) $(RULES_OBJ) $(BARE_LIBS) -o $@

CHECKS += check-translator check-bare check-bare-san
.PHONY: check-translator check-bare check-bare-san
check-translator: $(O)/tests/host/unit
	$<

check-bare: $(O)/ldbt-bare $(BARE_GUESTS) $(BARE_ELFS)
	tests/host/run_bats.sh $(O) $(O)/ldbt-bare

check-bare-san: $(O)/tests/host/san/ldbt-bare $(BARE_GUESTS) $(BARE_ELFS)
	tests/host/run_bats.sh $(O) $(O)/tests/host/san/ldbt-bare

-include $(BARE_OBJS:.o=.d) $(O)/tests/host/main.d

# How long translation takes, on the code of the benchmark guests.
$(O)/translate_speed: tests/host/translate_speed.c $(O)/libldbt.a
	$(CC) $(USER_CFLAGS) -Itests/host $^ -o $@

$(O)/guests/%.text: $(O)/guests/%.elf
	$(RV_CROSS)objcopy -O binary -j .text $< $@

.PHONY: bench-translate
bench-translate: $(O)/translate_speed $(GUEST_KERNELS:%=$(O)/guests/%.text)
	$< 2000000 $(GUEST_KERNELS:%=$(O)/guests/%.text)
