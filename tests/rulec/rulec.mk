# SPDX-License-Identifier: GPL-2.0-only
# Tests of the rule compiler, and the tests of the rules on the CPU.
RULECT := $(O)/tests/rulec

$(RULECT)/%.o: tests/rulec/%.c | $(O)/gen/rules.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Itests/host -MMD -MP -c $< -o $@

$(RULECT)/ruletests.o: $(O)/gen/ruletests.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(RULECT)/run_ruletests: $(RULECT)/run_ruletests.o $(RULECT)/ruletests.o $(BARE_OBJS) $(O)/libldbt.a
	$(CC) $(USER_CFLAGS) $(LDFLAGS) $^ $(BARE_LIBS) -o $@

.PHONY: check-ruletests
check-ruletests: $(RULECT)/run_ruletests
	$<

CHECKS += check-ruletests
-include $(wildcard $(RULECT)/*.d)
