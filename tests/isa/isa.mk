# SPDX-License-Identifier: GPL-2.0-only
# Tests of what is generated from the guest description: decoder, disassembler, interpreter; and of CSRs and traps.
#
#   make check-disasm-full   ten million random words against objdump (about a minute); ISA_SEED=n chooses others
GUEST_ISA := rules/riscv64.isa $(sort $(wildcard rules/riscv64[a-z]*.isa))
ISA_TESTS := decode disasm interp machine gen expr
ISA_WORDS ?= 300000
ISA_SEED ?= 20241

ISA_LIB = $(LANG_OBJS) $(HOST_LIB_OBJS)
ISA_OUT = $(O)/tests/isa
ISA_COMMON = $(addprefix $(ISA_OUT)/,tally.o words.o)
GEN_DECODE = $(O)/gen/decode.o
GEN_DISASM = $(O)/gen/disasm.o $(O)/translator/disasm.o $(O)/translator/csr_name.o

$(ISA_OUT)/%.o: tests/isa/%.c | $(O)/gen/ops.h $(O)/gen/effects.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Itests/isa -MMD -MP -c $< -o $@

$(ISA_OUT)/test_decode: $(ISA_OUT)/test_decode.o $(ISA_COMMON) $(GEN_DECODE) $(ISA_LIB)
$(ISA_OUT)/test_disasm: $(ISA_OUT)/test_disasm.o $(ISA_OUT)/objdump.o $(ISA_COMMON) $(GEN_DECODE) $(GEN_DISASM) $(ISA_LIB)
$(ISA_OUT)/test_interp: $(ISA_OUT)/test_interp.o $(ISA_OUT)/mock.o $(ISA_COMMON) $(GEN_DECODE) $(O)/gen/interp.o \
	$(O)/translator/interp_mem.o $(addprefix $(O)/translator/,prim.o prim_eval.o fp_parts.o fp_arith.o fp_cvt.o) $(ISA_LIB)
$(ISA_OUT)/test_machine: $(addprefix $(ISA_OUT)/,test_machine.o test_counters.o hart.o tally.o) $(O)/translator/csr.o $(O)/translator/trap.o
$(ISA_OUT)/test_gen: $(ISA_OUT)/test_gen.o $(ISA_OUT)/tally.o $(GEN_OBJS) $(ISA_LIB)

$(ISA_OUT)/test_expr: $(ISA_OUT)/test_expr.o $(ISA_OUT)/randex.o $(ISA_COMMON) $(GEN_OBJS) $(O)/translator/interp_mem.o \
	$(ISA_LIB)

# -rdynamic: test_expr loads the interpreter it had compiled, which calls back.
$(ISA_TESTS:%=$(ISA_OUT)/test_%):
	$(CC) $(USER_CFLAGS) -rdynamic $^ -ldl -o $@

.PHONY: check-decode check-disasm check-disasm-full check-interp check-machine check-gen check-expr check-freestanding
check-decode: $(ISA_OUT)/test_decode
	$< $(ISA_WORDS) $(ISA_SEED) $(GUEST_ISA)
check-disasm: $(ISA_OUT)/test_disasm
	$< $(ISA_WORDS) $(ISA_SEED) $(GUEST_ISA)
check-disasm-full: $(ISA_OUT)/test_disasm
	$< 10000000 $(ISA_SEED) $(GUEST_ISA)
check-interp: $(ISA_OUT)/test_interp
	$< 2000 $(ISA_SEED) $(GUEST_ISA)
check-machine: $(ISA_OUT)/test_machine
	$<
check-gen: $(ISA_OUT)/test_gen
	$<
check-expr: $(ISA_OUT)/test_expr
	@mkdir -p $(ISA_OUT)/expr
	$< 200 $(ISA_SEED) $(ISA_OUT)/expr
check-freestanding: $(MACHINE_SRCS) $(MACHINE_GEN)
	tests/isa/freestanding.sh $(O) $^

CHECKS += check-decode check-disasm check-interp check-machine check-gen check-expr check-freestanding

-include $(wildcard $(ISA_OUT)/*.d)
