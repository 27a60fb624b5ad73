/* SPDX-License-Identifier: GPL-2.0-only */
/* fails.S: a check that fails, to see that failures are seen. */
#include "test.inc"
	start	on_trap
	li	a0, 1
	check_imm 42, a0, 2
	finish
	expected_traps
