# SPDX-License-Identifier: GPL-2.0-only
# The machine behind generated code: CSRs, traps, primitives, and the generated files themselves, for user space.
MACHINE_SRCS := $(addprefix translator/,csr.c csr_name.c trap.c walk.c prim.c prim_eval.c fp_parts.c fp_arith.c fp_cvt.c disasm.c interp_mem.c)
MACHINE_GEN := $(O)/gen/decode.c $(O)/gen/disasm.c $(O)/gen/interp.c
MACHINE_OBJS = $(MACHINE_SRCS:%.c=$(O)/%.o) $(MACHINE_GEN:.c=.o)

# Both headers are generated: they must be there before the first compilation, later -MMD knows.
$(MACHINE_SRCS:%.c=$(O)/%.o): $(O)/%.o: %.c | $(O)/gen/ops.h $(O)/gen/effects.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Wdeclaration-after-statement -MMD -MP -c $< -o $@

$(MACHINE_GEN:.c=.o): %.o: %.c | $(O)/gen/ops.h $(O)/gen/effects.h
	$(CC) $(USER_CFLAGS) -Wdeclaration-after-statement -MMD -MP -c $< -o $@

-include $(MACHINE_OBJS:.o=.d)
