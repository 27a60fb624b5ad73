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

$(RULECT)/sha256_test: $(RULECT)/sha256_test.o $(O)/rules/rulec/sha256.o
	$(CC) $(USER_CFLAGS) $(LDFLAGS) $^ -o $@

.PHONY: check-ruletests check-rulec check-sha256
check-ruletests: $(RULECT)/run_ruletests
	$<

check-rulec: $(O)/rulec
	tests/rulec/check.sh $< $(RULECT) $(RULEC_ISA) rules/gmem.def rules/norms.txt

check-sha256: $(RULECT)/sha256_test
	$<

CHECKS += check-ruletests check-rulec check-sha256
-include $(wildcard $(RULECT)/*.d)
