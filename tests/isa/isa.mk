# SPDX-License-Identifier: GPL-2.0-only
# Tests of what is generated from the guest description: decoder, disassembler, interpreter; and of CSRs and traps.
#
#   make check-disasm-full   ten million random words against objdump (about a minute); SEED=n chooses others
ISA_FILES := rules/riscv64.isa $(sort $(wildcard rules/riscv64[a-z]*.isa))
ISA_TESTS := decode disasm interp machine gen
ISA_WORDS ?= 300000
SEED ?= 20241

ISA_LIB = $(LANG_OBJS) $(HOST_LIB_OBJS)
ISA_DIR = $(O)/tests/isa
ISA_COMMON = $(addprefix $(ISA_DIR)/,tally.o words.o)
GEN_DECODE = $(O)/gen/decode.o
GEN_DISASM = $(O)/gen/disasm.o $(O)/translator/disasm.o $(O)/translator/csr_name.o

$(ISA_DIR)/%.o: tests/isa/%.c | $(O)/gen/ops.h $(O)/gen/effects.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Itests/isa -MMD -MP -c $< -o $@

$(ISA_DIR)/test_decode: $(ISA_DIR)/test_decode.o $(ISA_COMMON) $(GEN_DECODE) $(ISA_LIB)
$(ISA_DIR)/test_disasm: $(ISA_DIR)/test_disasm.o $(ISA_DIR)/objdump.o $(ISA_COMMON) $(GEN_DECODE) $(GEN_DISASM) $(ISA_LIB)
$(ISA_DIR)/test_interp: $(ISA_DIR)/test_interp.o $(ISA_DIR)/mock.o $(ISA_COMMON) $(GEN_DECODE) $(O)/gen/interp.o \
	$(O)/translator/interp_mem.o $(O)/translator/prim.o $(ISA_LIB)
$(ISA_DIR)/test_machine: $(ISA_DIR)/test_machine.o $(ISA_DIR)/tally.o $(O)/translator/csr.o $(O)/translator/trap.o
$(ISA_DIR)/test_gen: $(ISA_DIR)/test_gen.o $(ISA_DIR)/tally.o $(GEN_OBJS) $(ISA_LIB)

$(ISA_TESTS:%=$(ISA_DIR)/test_%):
	$(CC) $(USER_CFLAGS) $^ -o $@

.PHONY: check-decode check-disasm check-disasm-full check-interp check-machine check-gen
check-decode: $(ISA_DIR)/test_decode
	$< $(ISA_WORDS) $(SEED) $(ISA_FILES)
check-disasm: $(ISA_DIR)/test_disasm
	$< $(ISA_WORDS) $(SEED) $(ISA_FILES)
check-disasm-full: $(ISA_DIR)/test_disasm
	$< 10000000 $(SEED) $(ISA_FILES)
check-interp: $(ISA_DIR)/test_interp
	$< 2000 $(SEED) $(ISA_FILES)
check-machine: $(ISA_DIR)/test_machine
	$<
check-gen: $(ISA_DIR)/test_gen
	$<

CHECKS += check-decode check-disasm check-interp check-machine check-gen

-include $(wildcard $(ISA_DIR)/*.d)
