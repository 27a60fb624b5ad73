/* SPDX-License-Identifier: GPL-2.0-only */
/* disasm.h: the tables behind disasm_insn() (declared in decode.h); generated as gen/disasm.c.
 *
 * Owns:    nothing; constant tables.
 * Promise: text holds mnemonic, tab, operands; '%' starts an escape: a kind, then the number of the field as a digit:
 *          d decimal, x hexadecimal with 0x, t branch target pc + field, h bits 31:12 in hexadecimal, c CSR,
 *          f fence letters, r and e a comma and a rounding mode unless it is dyn (r) or rne (e); o two digits: aq, rl.
 * Context: user space and debug builds only.
 * Next file: disasm.c. */
#ifndef LDBT_DISASM_H
#define LDBT_DISASM_H

#include "decode.h"

struct disasm_row {
	u8 format;	  /* of disasm_fields() */
	const char *text; /* NULL: no instruction */
};

extern const struct disasm_row disasm_rows[]; /* [NR_MNEMS] */

/* The fields of the encoding as written (not those of the base operation), in the asm line's order. */
void disasm_fields(u8 format, u32 word, s32 *f);

#endif
