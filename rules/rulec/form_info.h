/* SPDX-License-Identifier: GPL-2.0-only */
/* form_info.h: what a host instruction reads and writes, found in its semantics.
 *
 * Owns:    nothing.
 * Promise: reads are never too few and must-writes never too many: a write under `if` counts as read and written.
 * Errors:  form_of() is NULL when x86_64.isa has no such mnemonic with that many operands.
 * Next file: legal.c, check.c. */
#ifndef LDBT_RULEC_FORM_INFO_H
#define LDBT_RULEC_FORM_INFO_H

#include "rulec/src.h"

struct form_info {
	bool reads[ISA_OPERANDS_MAX], writes[ISA_OPERANDS_MAX];
	uint32_t reg_reads, reg_writes;	  /* bit per host register that is no operand: rax, rdx of mul */
	uint32_t flag_reads, flag_writes; /* bit per scalar state; writes that always happen */
	uint32_t flag_touches;		  /* writes that may happen */
};

const struct form *form_of(const struct isa *host, const char *name, unsigned int nops);
void form_info(const struct isa *host, const struct form *form, struct form_info *info);
bool insn_is_jump(const char *name);

#endif
