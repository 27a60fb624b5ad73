# SPDX-License-Identifier: GPL-2.0-only
# The register map: make check-regs.
CHECKS += check-regs
.PHONY: check-regs

$(O)/tests/regs_test: tests/regs/regs_test.c translator/regs.c
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -MMD -MP -o $@ $(filter %.c,$^)

check-regs: $(O)/tests/regs_test
	$<

-include $(O)/tests/regs_test.d
