/* SPDX-License-Identifier: GPL-2.0-only */
/* decode.h: guest word to struct insn, and struct insn to text; generated (gen/decode.c, gen/disasm.c).
 *
 * Owns:    nothing. Promise: every word decodes; what is no instruction is OP_ILLEGAL with its right length.
 * Context: any. Source: rules/riscv64*.isa. */
#ifndef LDBT_DECODE_H
#define LDBT_DECODE_H

#include "insn.h"

/* word: 16 or 32 bits at pc, little endian; when its low two bits are not 3 the upper half is ignored. */
void decode_insn(u32 word, struct insn *in);

/* Flags per op, [NR_OPS]. */
enum { OP_PURE = 1, OP_ENDS_BLOCK = 2, OP_ACCESSES = 4 };
extern const u8 op_flags[];
extern const char *const op_name[];   /* [NR_OPS] */
extern const char *const mnem_name[]; /* [NR_MNEMS] */

/* Text as objdump -M no-aliases,numeric prints it: mnemonic, tab, operands. pc is used for targets.
 * Returns the length that would have been written, as snprintf. User space and debug builds only. */
int disasm_insn(const struct insn *in, gva_t pc, char *text, size_t size_bytes);

#endif
