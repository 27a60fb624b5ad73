# SPDX-License-Identifier: GPL-2.0-only
# The translator for user space: libldbt.a = this room, the machine behind generated code, and the generated tables.
include translator/gen.mk

TRANSLATOR_NAMES := match memo emit block link index faultmap cache translate regs
TRANSLATOR_OBJS = $(TRANSLATOR_NAMES:%=$(O)/translator/%.o)
RULES_OBJ = $(O)/gen/rules.o

$(TRANSLATOR_OBJS): $(O)/translator/%.o: translator/%.c | $(O)/gen/ops.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Wdeclaration-after-statement -MMD -MP -c $< -o $@

$(RULES_OBJ): $(O)/gen/rules.c
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(O)/libldbt.a: $(TRANSLATOR_OBJS) $(MACHINE_OBJS) $(RULES_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

ALL += $(O)/libldbt.a
-include $(TRANSLATOR_OBJS:.o=.d) $(RULES_OBJ:.o=.d)
