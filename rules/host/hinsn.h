/* SPDX-License-Identifier: GPL-2.0-only */
/* hinsn.h: one host instruction with its operands, in template form (holes instead of numbers), and its bytes.
 *
 * Owns:    nothing.
 * Promise: x86_decode(x86_encode(i)) gives i back, holes included; the two directions share only x86_64.isa, so the
 *          prover, which decodes, does not trust the compiler, which encodes.
 * Errors:  -EINVAL with a message in diag: no form fits, or the operand cannot be encoded.
 * Next file: encode.c, decode.c. */
#ifndef LDBT_RULES_HINSN_H
#define LDBT_RULES_HINSN_H

#include "lang/isa.h"
#include "../translator/rule.h"

enum hop_kind {
	HOP_NONE,
	HOP_REG,    /* fixed host register `reg` (scratch) */
	HOP_ROLE,   /* pinned register of guest role `role` */
	HOP_HOME,   /* memory: home slot of guest role `role` */
	HOP_STATE,  /* memory: named home state, offset `disp_const` in the state area */
	HOP_GMEM,   /* guest memory [base + disp], segment GMEM_SEG */
	HOP_ADDR,   /* address only (lea): [base + index * scale + disp] */
	HOP_CONST,  /* immediate disp_const */
	HOP_VALUE,  /* immediate: rule value `value` */
	HOP_LABEL,  /* local branch: byte offset in the template `label` (decode), label number (encode) */
	HOP_TARGET, /* branch to rule value `value`, page relative */
	HOP_XMM,    /* fixed xmm register `reg`, of which `width` bits matter */
	HOP_XROLE,  /* pinned xmm register of guest role `role` */
	HOP_EXIT,   /* branch to exit `value` of abi.h, at the first instruction of the match */
};

/* A register inside an address: none, a fixed one, or a role's pin. */
enum { HREG_NONE = -1, HREG_ROLE = 0x100 }; /* HREG_ROLE | role */

struct hop {
	enum hop_kind kind;
	unsigned int width; /* bits; immediates, labels, targets and addresses: any */
	int reg, role, value, label;
	int base, index, scale; /* HOP_GMEM, HOP_ADDR; scale 1 2 4 8 */
	bool base_needs_sib;	/* this variant's base is r12; means nothing beside an index */
	int disp_value;		/* rule value added as displacement, -1 = none; then disp_const is 0 */
	int64_t disp_const;	/* decode: immediates are sign-extended from their bytes, uimm8 is not */
};

struct hinsn {
	const struct form *form;
	struct hop op[ISA_OPERANDS_MAX];
	struct loc loc;
	unsigned int off, len; /* decode: where it stands in the template */
};

/* Bytes under construction. Segment bytes are written as the user-space build's and listed in seg[], so that the
 * printer can write GMEM_SEG / HOME_SEG instead. */
struct hcode {
	uint8_t bytes[TMPL_BYTES_MAX];
	unsigned int len;
	struct hole hole[TMPL_HOLES_MAX];
	unsigned int nholes;
	struct {
		uint8_t off;
		bool is_gmem;
	} seg[TMPL_HOLES_MAX];
	unsigned int nsegs;
};

/* The first form of that mnemonic whose operands fit, or NULL. A value's 8-bit form fits only if bit v of
 * narrow_mask is set (the variant promises that value v fits in a signed byte). */
const struct form *form_find(const struct isa *host, const char *name, const struct hop *op, unsigned int nops,
			     uint32_t narrow_mask);

/* Length of the mnemonic in form->name: "imul1" and "imul3" are imul with one and three operands;
 * what a dot begins, is no part of it. */
unsigned int form_mnemonic_len(const struct form *form);

/* Whether these operands fit this form. */
bool form_fits(const struct form *form, const struct hop *op, unsigned int nops, uint32_t narrow_mask);

/* Appends the bytes of one instruction; bits under a hole are zero, so that the emitter may set them by OR.
 * narrow_mask as above (8-bit displacements). A local branch is written with a zero rel8: the caller patches it once
 * labels are known. */
int x86_encode(const struct hinsn *insn, uint32_t narrow_mask, struct hcode *code, struct diag *diag);

/* Decodes the instruction at byte *off, moves *off behind it. Segment bytes are recognised as GMEM_SEG and HOME_SEG of
 * the build that reads. -EINVAL: bytes that no form of x86_64.isa describes, or a hole where the form has no operand. */
int x86_decode(const struct isa *host, const uint8_t *bytes, unsigned int len, const struct hole *hole,
	       unsigned int nholes, unsigned int *off, struct hinsn *insn, struct diag *diag);

/* Called by the parser of x86_64.isa for the two texts of a form line, e.g. "rm64, imm8" and "REX.W 83 /0 ib". */
int form_parse(struct form *form, const char *operands, const char *encoding, struct diag *diag);

#endif
