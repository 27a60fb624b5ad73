# SPDX-License-Identifier: GPL-2.0-only
# The host description: encodings against binutils, decoder against encoder, semantics against this machine's CPU.
X86_DIR := $(O)/tests/host_x86
X86_COMMON := $(addprefix $(X86_DIR)/,cases.o) $(HOST_LIB_OBJS) $(LANG_OBJS)

$(X86_DIR)/%.o: tests/host_x86/%.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c -o $@ $<

$(X86_DIR)/x86_list: $(X86_DIR)/list.o $(X86_DIR)/text.o $(X86_COMMON)
$(X86_DIR)/x86_roundtrip: $(addprefix $(X86_DIR)/,roundtrip.o refuse.o printed.o) $(X86_COMMON)
$(X86_DIR)/x86_cpu: $(addprefix $(X86_DIR)/,cpu.o model.o stub.o text.o) $(X86_COMMON) $(RULEC_PRIM)
$(X86_DIR)/x86_list $(X86_DIR)/x86_roundtrip $(X86_DIR)/x86_cpu:
	$(CC) $(USER_CFLAGS) -o $@ $^

.PHONY: check-x86-binutils check-x86-roundtrip check-x86-cpu
check-x86-binutils: $(X86_DIR)/x86_list
	python3 tests/host_x86/binutils.py $< $(X86_DIR) $(HOST_ISA)
check-x86-roundtrip: $(X86_DIR)/x86_roundtrip
	$< $(HOST_ISA)
check-x86-cpu: $(X86_DIR)/x86_cpu
	$< $(HOST_ISA)
CHECKS += check-x86-binutils check-x86-roundtrip check-x86-cpu

-include $(wildcard $(X86_DIR)/*.d)
