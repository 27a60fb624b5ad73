# SPDX-License-Identifier: GPL-2.0-only
# Writers of gen/{ops.h,effects.h,decode.c,disasm.c,interp.c}: objects for rulec and for the tests of the generators.
GEN_NAMES := out_text out_expr out_stmt out_ops out_decode out_disasm out_interp dispatch texts \
	trap_order unequal extract out_extract
GEN_SRCS := $(GEN_NAMES:%=rules/rulec/%.c)
GEN_OBJS = $(GEN_SRCS:%.c=$(O)/%.o)

$(GEN_OBJS): $(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

-include $(GEN_OBJS:.o=.d)
