// SPDX-License-Identifier: GPL-2.0-only
/* encode.c: one host instruction to bytes and holes.
 *
 * Order of the bytes: segment prefix, 66/F2/F3/F0, REX or VEX, opcode, ModRM, SIB, displacement, immediate.
 * A pinned register is known only when a template is emitted, hence: an instruction with a role always has a REX
 * (or VEX) byte for bit 3 of its number, and a role as memory base never uses mod=00, which rbp and r13 lack.
 * Next file: decode.c, which is written independently of this one. */
#include "host/hinsn.h"

#include <string.h>

#include "abi.h"

enum {
	INSN_BYTES_MAX = 15, /* Intel volume 2, section 2.3.11 */
	INSN_HOLES_MAX = 8,
	REX_B = 0,
	REX_X = 1,
	REX_R = 2,
	RM_SIB = 4,
	SIB_NO_INDEX = 4,
	SIB_NO_BASE = 5,
};

/* One instruction under construction; offsets in holes count from its first byte until it is appended. */
struct enc {
	const struct hinsn *insn;
	uint32_t narrow_mask;
	uint8_t bytes[INSN_BYTES_MAX + 9];
	unsigned int len;
	struct hole hole[INSN_HOLES_MAX];
	unsigned int nholes;
	unsigned int rex_off; /* REX, or the VEX byte that holds R X B */
	bool has_rex, has_seg, is_gmem;
};

static void put(struct enc *enc, uint64_t value, unsigned int nbytes)
{
	for (unsigned int i = 0; i < nbytes && enc->len < sizeof(enc->bytes); i++)
		enc->bytes[enc->len++] = value >> (8 * i);
}

static void put_hole(struct enc *enc, struct hole hole, unsigned int nbytes)
{
	hole.off = enc->len;
	enc->hole[enc->nholes++] = hole;
	put(enc, 0, nbytes);
}

static bool is_extended(int hreg)
{
	return hreg != HREG_NONE && (hreg >= 8 || hreg >= HREG_ROLE);
}

static int hop_hreg(const struct hop *op)
{
	if (op->kind == HOP_ROLE || op->kind == HOP_XROLE)
		return HREG_ROLE | op->role;
	return op->kind == HOP_REG || op->kind == HOP_XMM ? op->reg : HREG_NONE;
}

/* sil, dil and the like exist only with REX; without it the numbers 4..7 mean ah..bh. */
static bool needs_rex(const struct hinsn *insn)
{
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		const struct hop *op = &insn->op[i];
		int hreg = hop_hreg(op);

		if (is_extended(hreg) || (hreg >= 4 && op->width == 8))
			return true;
		if ((op->kind == HOP_GMEM || op->kind == HOP_ADDR) && (is_extended(op->base) || is_extended(op->index)))
			return true;
	}
	return insn->form->rex_w;
}

/* A register number: low bits at `shift` of byte `off`, bit 3 into REX or VEX bit `ext`. */
static void put_hreg(struct enc *enc, int hreg, unsigned int off, unsigned int shift, unsigned int ext)
{
	bool is_vex = enc->insn->form->has_vex;
	unsigned int bit = is_vex ? ext + 5 : ext;

	if (hreg >= HREG_ROLE) {
		enc->hole[enc->nholes++] = (struct hole){
			.kind = HOLE_REG,
			.off = off,
			.role = hreg & ~HREG_ROLE,
			.shift = shift,
			.aux = enc->rex_off,
			.aux_bit = bit,
			.is_inverted = is_vex,
		};
		if (is_vex)
			enc->bytes[enc->rex_off] &= ~(1U << bit);
		return;
	}
	enc->bytes[off] |= (hreg & 7) << shift;
	if (hreg >= 8)
		enc->bytes[enc->rex_off] ^= 1U << bit;
}

static void put_vex(struct enc *enc)
{
	const struct hinsn *insn = enc->insn;
	const struct form *form = insn->form;
	int vvvv = HREG_NONE;

	for (unsigned int i = 0; i < form->nopnds; i++) {
		if (form->opnd[i].kind == OPND_VVVV || form->opnd[i].kind == OPND_VXMM)
			vvvv = hop_hreg(&insn->op[i]);
	}
	put(enc, 0xc4, 1);
	enc->rex_off = enc->len;
	put(enc, 0xe0 | form->vex_mm, 1);
	if (vvvv >= HREG_ROLE) {
		put_hole(enc, (struct hole){ .kind = HOLE_VVVV, .role = vvvv & ~HREG_ROLE }, 1);
		enc->bytes[enc->len - 1] |= form->rex_w << 7 | form->vex_pp;
		return;
	}
	put(enc, form->rex_w << 7 | ((vvvv == HREG_NONE ? 0 : vvvv) ^ 15) << 3 | form->vex_pp, 1);
}

/* Everything up to the opcode. */
static void put_head(struct enc *enc, const struct hop *rm)
{
	const struct form *form = enc->insn->form;

	if (rm && (rm->kind == HOP_HOME || rm->kind == HOP_STATE || rm->kind == HOP_GMEM)) {
		enc->has_seg = true;
		enc->is_gmem = rm->kind == HOP_GMEM;
		put(enc, enc->is_gmem ? GMEM_SEG : HOME_SEG, 1);
	}
	for (unsigned int i = 0; i < sizeof(form->legacy) && form->legacy[i]; i++)
		put(enc, form->legacy[i], 1);
	if (form->has_vex) {
		put_vex(enc);
	} else if (needs_rex(enc->insn)) {
		enc->has_rex = true;
		enc->rex_off = enc->len;
		put(enc, 0x40 | form->rex_w << 3, 1);
	}
	for (unsigned int i = 0; i < form->nopcode; i++)
		put(enc, form->opcode[i], 1);
}

/* Slots of the state area: disp32 without base, which needs a SIB byte in 64-bit mode. */
static void put_slot(struct enc *enc, unsigned int modrm, const struct hop *rm)
{
	enc->bytes[modrm] |= RM_SIB;
	put(enc, SIB_NO_INDEX << 3 | SIB_NO_BASE, 1);
	if (rm->kind == HOP_HOME)
		put_hole(enc, (struct hole){ .kind = HOLE_HOME32, .role = rm->role }, 4);
	else
		put_hole(enc, (struct hole){ .kind = HOLE_STATE32, .arg = rm->disp_const }, 4);
}

/* mod field for base + displacement: 0 none, 1 disp8, 2 disp32. */
static unsigned int disp_mod(const struct enc *enc, const struct hop *rm)
{
	if (rm->disp_value >= 0)
		return enc->narrow_mask >> rm->disp_value & 1 ? 1 : 2;
	if (rm->disp_const < -128 || rm->disp_const > 127)
		return 2;
	if (rm->disp_const || rm->base >= HREG_ROLE || (rm->base & 7) == ABI_RBP)
		return 1;
	return 0;
}

static void put_disp(struct enc *enc, const struct hop *rm, unsigned int nbytes)
{
	uint8_t kind = nbytes == 1 ? HOLE_VALUE8 : HOLE_VALUE32;

	if (rm->disp_value >= 0)
		put_hole(enc, (struct hole){ .kind = kind, .arg = rm->disp_value }, nbytes);
	else
		put(enc, rm->disp_const, nbytes);
}

static unsigned int log2_scale(int scale)
{
	return scale == 8 ? 3 : scale == 4 ? 2 : scale == 2 ? 1 : 0;
}

/* [base + index * scale + disp] */
static void put_address(struct enc *enc, unsigned int modrm, const struct hop *rm)
{
	bool has_base = rm->base != HREG_NONE, has_index = rm->index != HREG_NONE;
	unsigned int mod = has_base ? disp_mod(enc, rm) : 0;
	bool is_r12 = rm->base >= HREG_ROLE ? rm->base_needs_sib : (rm->base & 7) == ABI_RSP;

	enc->bytes[modrm] |= mod << 6;
	if (!has_base || has_index || is_r12) {
		unsigned int sib = enc->len;

		enc->bytes[modrm] |= RM_SIB;
		put(enc, has_index ? log2_scale(rm->scale) << 6 : 0, 1);
		put_hreg(enc, has_index ? rm->index : SIB_NO_INDEX, sib, 3, REX_X);
		put_hreg(enc, has_base ? rm->base : SIB_NO_BASE, sib, 0, REX_B);
	} else {
		put_hreg(enc, rm->base, modrm, 0, REX_B);
	}
	if (mod || !has_base)
		put_disp(enc, rm, mod == 1 ? 1 : 4);
}

static void put_modrm(struct enc *enc, const struct hop *reg, const struct hop *rm)
{
	const struct form *form = enc->insn->form;
	unsigned int modrm = enc->len;

	put(enc, form->digit < 0 ? 0 : form->digit << 3, 1);
	if (reg)
		put_hreg(enc, hop_hreg(reg), modrm, 3, REX_R);
	switch (rm->kind) {
	case HOP_HOME:
	case HOP_STATE: put_slot(enc, modrm, rm); return;
	case HOP_GMEM:
	case HOP_ADDR: put_address(enc, modrm, rm); return;
	default: enc->bytes[modrm] |= 0xc0; put_hreg(enc, hop_hreg(rm), modrm, 0, REX_B);
	}
}

static void put_immediate(struct enc *enc, const struct hop *op)
{
	unsigned int nbytes = enc->insn->form->imm_bytes;
	struct hole hole = { .arg = op->value };

	switch (op->kind) {
	case HOP_CONST: put(enc, op->disp_const, nbytes); return;
	case HOP_LABEL: put(enc, 0, nbytes); return;
	case HOP_VALUE: hole.kind = nbytes == 1 ? HOLE_VALUE8 : nbytes == 4 ? HOLE_VALUE32 : HOLE_VALUE64; break;
	case HOP_TARGET: hole.kind = HOLE_REL32_TARGET; break;
	default: hole.kind = HOLE_REL32_EXIT;
	}
	put_hole(enc, hole, nbytes);
}

static void put_insn(struct enc *enc)
{
	const struct hinsn *insn = enc->insn;
	const struct hop *reg = NULL, *rm = NULL, *imm = NULL;

	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		enum opnd_kind kind = insn->form->opnd[i].kind;

		if (kind == OPND_R || kind == OPND_XMM)
			reg = &insn->op[i];
		else if (kind == OPND_RM || kind == OPND_RR || kind == OPND_M || kind == OPND_XMMM || kind == OPND_XMMR)
			rm = &insn->op[i];
		else if (kind == OPND_IMM || kind == OPND_UIMM || kind == OPND_REL)
			imm = &insn->op[i];
	}
	put_head(enc, rm);
	if (insn->form->opcode_plus_r)
		put_hreg(enc, hop_hreg(reg), enc->len - 1, 0, REX_B);
	if (rm)
		put_modrm(enc, reg, rm);
	if (imm)
		put_immediate(enc, imm);
}

/* Why an address cannot be encoded, or NULL. */
static const char *address_fault(const struct hop *op)
{
	if (op->kind == HOP_STATE && (op->disp_const < 0 || op->disp_const > 0xffff))
		return "offset of a home state is not in 0..65535";
	if (op->kind != HOP_GMEM && op->kind != HOP_ADDR)
		return NULL;
	if (op->index == ABI_RSP)
		return "rsp cannot be an index";
	if (op->index != HREG_NONE && op->scale != 1 && op->scale != 2 && op->scale != 4 && op->scale != 8)
		return "scale is not 1, 2, 4 or 8";
	if (op->disp_value >= 0 && op->disp_const)
		return "a displacement is a value or a number, not a sum: use let";
	if (op->disp_const != (int32_t)op->disp_const)
		return "displacement does not fit in 32 bits";
	return NULL;
}

static int insn_append(const struct enc *enc, struct hcode *code, struct diag *diag)
{
	const struct hinsn *insn = enc->insn;

	if (enc->len > INSN_BYTES_MAX || code->len + enc->len > TMPL_BYTES_MAX ||
	    code->nholes + enc->nholes > TMPL_HOLES_MAX || code->nsegs + enc->has_seg > TMPL_HOLES_MAX) {
		diag_error(diag, insn->loc, "template is full at '%s': more than %d bytes or %d holes; split the rule",
			   insn->form->name, TMPL_BYTES_MAX, TMPL_HOLES_MAX);
		return -EINVAL;
	}
	for (unsigned int i = 0; i < enc->nholes; i++) {
		struct hole *hole = &code->hole[code->nholes++];

		*hole = enc->hole[i];
		hole->off += code->len;
		if (hole->kind == HOLE_REG)
			hole->aux += code->len;
	}
	if (enc->has_seg) {
		code->seg[code->nsegs].off = code->len;
		code->seg[code->nsegs++].is_gmem = enc->is_gmem;
	}
	memcpy(code->bytes + code->len, enc->bytes, enc->len);
	code->len += enc->len;
	return 0;
}

int x86_encode(const struct hinsn *insn, uint32_t narrow_mask, struct hcode *code, struct diag *diag)
{
	struct enc enc = { .insn = insn, .narrow_mask = narrow_mask };

	if (!insn->form || !form_fits(insn->form, insn->op, insn->form->nopnds, narrow_mask)) {
		diag_error(diag, insn->loc, "operands do not fit '%s'", insn->form ? insn->form->name : "(no form)");
		return -EINVAL;
	}
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		const char *why = address_fault(&insn->op[i]);

		if (why) {
			diag_error(diag, insn->loc, "%s: %s", insn->form->name, why);
			return -EINVAL;
		}
	}
	put_insn(&enc);
	return insn_append(&enc, code, diag);
}
