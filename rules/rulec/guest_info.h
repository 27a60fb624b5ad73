/* SPDX-License-Identifier: GPL-2.0-only */
/* guest_info.h: what a guest instruction reads, writes and accesses, found in its semantics.
 *
 * Owns:    nothing.
 * Promise: slots are those of struct insn_desc; a write or access under `if` counts.
 * Errors:  none.
 * Next file: check.c, ruletest.c. */
#ifndef LDBT_RULEC_GUEST_INFO_H
#define LDBT_RULEC_GUEST_INFO_H

#include "rulec/crule.h"

bool insn_accesses(const struct insn_desc *insn);
bool insn_is_atomic(const struct insn_desc *insn);	      /* an access of it is amo or cas */
unsigned int insn_access_bytes(const struct insn_desc *insn); /* size of its access, 0: none */
bool insn_writes_slot(const struct insn_desc *insn, unsigned int slot);
bool insn_reads_slot(const struct insn_desc *insn, unsigned int slot);
/* Role in a slot of instruction k of the match, or -1 (a fixed number, no register). */
int rule_role_at(const struct crule *rule, unsigned int k, unsigned int slot);
/* Guest instruction that performs the n-th host access of an arm: the n-th that accesses memory, else the last one. */
unsigned int rule_access_insn(const struct crule *rule, unsigned int n);
bool rule_insn_writes(const struct crule *rule, unsigned int k, int role);
bool rule_insn_reads(const struct crule *rule, unsigned int k, int role);

#endif
