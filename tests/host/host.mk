# SPDX-License-Identifier: GPL-2.0-only
# ldbt-bare: runs bare-metal riscv64 programs in user space on translated code.
HOST_NAMES := machine ram dev fault run check elf_load
HOST_OBJS = $(HOST_NAMES:%=$(O)/tests/host/%.o) $(O)/tests/host/enter.o
HOST_LIBS := -lrt

$(HOST_OBJS) $(O)/tests/host/main.o: | $(O)/gen/ops.h $(O)/gen/rules.h

$(O)/tests/host/%.o: tests/host/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Itests/host -MMD -MP -c $< -o $@

$(O)/tests/host/%.o: tests/host/%.S
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -c $< -o $@

$(O)/ldbt-bare: $(O)/tests/host/main.o $(HOST_OBJS) $(O)/libldbt.a
	$(CC) $(USER_CFLAGS) $(LDFLAGS) $^ $(HOST_LIBS) -o $@

ALL += $(O)/ldbt-bare
-include $(HOST_OBJS:.o=.d) $(O)/tests/host/main.d
