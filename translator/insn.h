/* SPDX-License-Identifier: GPL-2.0-only */
/* insn.h: one decoded guest instruction.
 *
 * Owns:    nothing; a plain value.
 * Promise: f[] stands in slot order (rules/lang/ast.h, struct insn_desc): for addi rd, rs1, imm that is
 *          f[0] = rd, f[1] = rs1, f[2] = imm. Signed fields are sign-extended, register fields carry their bias.
 * Next file: decode.h. */
#ifndef LDBT_INSN_H
#define LDBT_INSN_H

#include "port.h"

enum { INSN_FIELDS_MAX = 8 };

struct insn {
	u16 op;	      /* enum op of gen/ops.h: always a base operation; OP_ILLEGAL if none */
	u16 mnem;     /* enum mnem of gen/ops.h: as encoded (c.addi), for the disassembler */
	u8 len_bytes; /* 2 or 4 */
	u32 word;     /* the encoding, upper half zero when len_bytes is 2 */
	s32 f[INSN_FIELDS_MAX];
};

#endif
