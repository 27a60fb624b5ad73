// SPDX-License-Identifier: GPL-2.0-only
/* decode.c: bytes and holes back to one host instruction, for the prover.
 *
 * Shares only the forms with encode.c. It is strict: a prefix or register bit without meaning, a hole that is not
 * exactly where an operand is, or bits under a hole that are not zero are errors. An address with a pinned base and
 * mod=00 is one too: for rbp and r13 it would mean something else. Next file: hprint.c. */
#include "host/hinsn.h"

#include <string.h>

#include "abi.h"

/* One instruction being read. */
struct dec {
	const uint8_t *bytes;
	const struct hole *hole;
	unsigned int len, nholes;
	unsigned int start, pos; /* first byte; next byte */
	uint8_t seg;		 /* segment prefix, 0 = none */
	uint8_t legacy[2];
	bool has_rex, has_vex, rex_w;
	unsigned int ext_off; /* byte with the extension bits R X B */
	uint8_t ext_left;     /* of R X B (bits 2 1 0): set and not yet taken by an operand */
	uint8_t vex_mm, vex_pp;
	uint32_t holes_used; /* bit per hole */
	unsigned int opcode_off, modrm_off;
	struct hinsn *insn;
	struct diag *diag;
	bool is_bad;
};

static void dec_error(struct dec *dec, const char *what)
{
	if (!dec->is_bad)
		diag_error(dec->diag, dec->insn->loc, "template byte %u: %s", dec->pos, what);
	dec->is_bad = true;
}

/* Bytes behind the end read as 0: every caller stops on is_bad before it uses them. */
static uint8_t byte_at(struct dec *dec, unsigned int off)
{
	if (off < dec->len)
		return dec->bytes[off];
	dec_error(dec, "instruction is cut off");
	return 0;
}

static const struct hole *hole_at(struct dec *dec, unsigned int off, unsigned int shift, bool is_field)
{
	for (unsigned int i = 0; i < dec->nholes; i++) {
		const struct hole *hole = &dec->hole[i];
		bool hole_is_field = hole->kind == HOLE_REG;

		if (hole->off != off || hole_is_field != is_field || (is_field && hole->shift != shift))
			continue;
		dec->holes_used |= 1U << i;
		return hole;
	}
	return NULL;
}

/* ---- what stands before the opcode ---- */

static void read_legacy(struct dec *dec)
{
	static const uint8_t known[] = { 0x66, 0xf0, 0xf2, 0xf3 };
	unsigned int n = 0;

	for (;; dec->pos++) {
		uint8_t byte = byte_at(dec, dec->pos);

		if ((byte == GMEM_SEG || byte == HOME_SEG) && !dec->seg && !n)
			dec->seg = byte;
		else if (memchr(known, byte, sizeof(known)) && n < sizeof(dec->legacy))
			dec->legacy[n++] = byte;
		else
			return;
	}
}

static void read_prefixes(struct dec *dec)
{
	uint8_t byte;

	read_legacy(dec);
	byte = byte_at(dec, dec->pos);
	if (byte == 0xc4) {
		uint8_t last = byte_at(dec, dec->pos + 2);

		dec->has_vex = true;
		dec->ext_off = dec->pos + 1;
		dec->ext_left = ~byte_at(dec, dec->ext_off) >> 5 & 7;
		dec->vex_mm = byte_at(dec, dec->ext_off) & 31;
		dec->rex_w = last >> 7;
		dec->vex_pp = last & 3;
		if (last & 4)
			dec_error(dec, "VEX.L is set");
		dec->pos += 3;
	} else if ((byte & 0xf0) == 0x40) {
		dec->has_rex = true;
		dec->ext_off = dec->pos++;
		dec->rex_w = byte >> 3 & 1;
		dec->ext_left = byte & 7;
	}
}

static bool form_matches(struct dec *dec, const struct form *form)
{
	unsigned int last = form->nopcode - 1, modrm = dec->pos + form->nopcode;

	if (memcmp(form->legacy, dec->legacy, sizeof(dec->legacy)) || form->rex_w != dec->rex_w ||
	    form->has_vex != dec->has_vex || form->vex_mm != dec->vex_mm || form->vex_pp != dec->vex_pp ||
	    dec->pos + form->nopcode + form->has_modrm > dec->len)
		return false;
	for (unsigned int i = 0; i <= last; i++) {
		uint8_t byte = dec->bytes[dec->pos + i];

		if (i == last && form->opcode_plus_r)
			byte &= ~7;
		if (byte != form->opcode[i])
			return false;
	}
	if (!form->has_modrm)
		return true;
	for (unsigned int i = 0; i < form->nopnds; i++) {
		if (form->opnd[i].kind == OPND_M && dec->bytes[modrm] >> 6 == 3)
			return false;
		if ((form->opnd[i].kind == OPND_XMMR || form->opnd[i].kind == OPND_RR) && dec->bytes[modrm] >> 6 != 3)
			return false;
	}
	return form->digit < 0 || (dec->bytes[modrm] >> 3 & 7) == form->digit;
}

/* ---- registers ---- */

/* R X B are bits 2 1 0 of REX, bits 7 6 5 of VEX. Checks that a hole's own idea of its extension bit agrees. */
static bool ext_agrees(const struct dec *dec, const struct hole *hole, unsigned int ext)
{
	return (dec->has_rex || dec->has_vex) && hole->aux == dec->ext_off &&
	       hole->aux_bit == (dec->has_vex ? ext + 5 : ext) && hole->is_inverted == dec->has_vex;
}

/* Register number in 3 bits at `shift` of byte `off` with extension bit `ext`: a number, or HREG_ROLE | role. */
static int read_hreg(struct dec *dec, unsigned int off, unsigned int shift, unsigned int ext)
{
	unsigned int low = byte_at(dec, off) >> shift & 7;
	bool is_high = dec->ext_left >> ext & 1;
	const struct hole *hole = hole_at(dec, off, shift, true);

	dec->ext_left &= ~(1U << ext);
	if (!hole)
		return low | is_high << 3;
	if (!ext_agrees(dec, hole, ext))
		dec_error(dec, "hole of a register names the wrong extension bit");
	/* Zero under the hole; in VEX that is an inverted 1, which byte 1 shows as is_high. */
	if (low || is_high != dec->has_vex || hole->role >= RULE_ROLES_MAX)
		dec_error(dec, "hole of a register is not empty");
	return HREG_ROLE | hole->role;
}

static int read_vvvv(struct dec *dec)
{
	unsigned int off = dec->ext_off + 1, bits = byte_at(dec, off) >> 3 & 15;
	const struct hole *hole = hole_at(dec, off, 0, false);

	if (!hole)
		return bits ^ 15;
	if (hole->kind != HOLE_VVVV || bits || hole->role >= RULE_ROLES_MAX)
		dec_error(dec, "hole in VEX.vvvv is of another kind or not empty");
	return HREG_ROLE | hole->role;
}

static void set_register(struct dec *dec, struct hop *op, int hreg)
{
	if (hreg >= HREG_ROLE) {
		op->kind = HOP_ROLE;
		op->role = hreg & ~HREG_ROLE;
		return;
	}
	if (op->width == 8 && hreg >= 4 && hreg < 8 && !dec->has_rex)
		dec_error(dec, "ah, ch, dh and bh are not described");
	op->kind = HOP_REG;
	op->reg = hreg;
}

static void set_xmm(struct hop *op, int hreg)
{
	op->kind = hreg >= HREG_ROLE ? HOP_XROLE : HOP_XMM;
	if (hreg >= HREG_ROLE)
		op->role = hreg & ~HREG_ROLE;
	else
		op->reg = hreg;
}

/* ---- memory and immediates ---- */

static int64_t read_number(struct dec *dec, unsigned int nbytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < nbytes; i++)
		value |= (uint64_t)byte_at(dec, dec->pos++) << (8 * i);
	return nbytes == 8 ? (int64_t)value : (int64_t)(value << (64 - 8 * nbytes)) >> (64 - 8 * nbytes);
}

/* A number of nbytes at pos, perhaps a hole: sets *hole. */
static int64_t read_hole(struct dec *dec, unsigned int nbytes, const struct hole **hole)
{
	*hole = hole_at(dec, dec->pos, 0, false);
	int64_t number = read_number(dec, nbytes);

	if (*hole && number)
		dec_error(dec, "hole is not empty");
	return number;
}

static bool is_value_hole(const struct hole *hole, unsigned int nbytes)
{
	return hole->kind == (nbytes == 1   ? HOLE_VALUE8
			      : nbytes == 4 ? HOLE_VALUE32
					    : HOLE_VALUE64) &&
	       nbytes != 2 && hole->arg < RULE_VALUES_MAX;
}

static void read_disp(struct dec *dec, struct hop *op, unsigned int nbytes)
{
	const struct hole *hole;

	if (!nbytes)
		return;
	op->disp_const = read_hole(dec, nbytes, &hole);
	if (!hole)
		return;
	if (dec->seg == HOME_SEG && nbytes == 4 && op->base == HREG_NONE && op->index == HREG_NONE &&
	    (hole->kind == HOLE_HOME32 || hole->kind == HOLE_STATE32)) {
		op->kind = hole->kind == HOLE_HOME32 ? HOP_HOME : HOP_STATE;
		op->role = hole->kind == HOLE_HOME32 ? hole->role : 0;
		op->disp_const = hole->kind == HOLE_STATE32 ? hole->arg : 0;
		if (op->role >= RULE_ROLES_MAX)
			dec_error(dec, "hole of a home slot names no role");
		return;
	}
	if (!is_value_hole(hole, nbytes))
		dec_error(dec, "hole in a displacement is of another kind");
	op->disp_value = hole->arg;
}

static void read_sib(struct dec *dec, struct hop *op, unsigned int mod)
{
	unsigned int off = dec->pos++;
	uint8_t sib = byte_at(dec, off);

	op->index = read_hreg(dec, off, 3, 1);
	if (op->index == 4) /* none: rsp cannot be an index, r12 (with X) can */
		op->index = HREG_NONE;
	if (op->index == HREG_NONE && sib >> 6)
		dec_error(dec, "scale without an index");
	op->scale = op->index == HREG_NONE ? 0 : 1 << (sib >> 6);
	if (mod == 0 && (sib & 7) == 5)
		return;
	op->base = read_hreg(dec, off, 0, 0);
	op->base_needs_sib = op->base >= HREG_ROLE && op->index == HREG_NONE;
}

static void read_memory(struct dec *dec, struct hop *op)
{
	uint8_t modrm = byte_at(dec, dec->modrm_off);
	unsigned int mod = modrm >> 6, ndisp = mod == 1 ? 1 : mod == 2 ? 4 : 0;

	op->base = op->index = HREG_NONE;
	op->disp_value = -1;
	op->kind = dec->seg == GMEM_SEG ? HOP_GMEM : HOP_ADDR;
	if ((modrm & 7) == 4 && !hole_at(dec, dec->modrm_off, 0, true))
		read_sib(dec, op, mod);
	else if (mod == 0 && (modrm & 7) == 5)
		dec_error(dec, "rip-relative operands are not described");
	else
		op->base = read_hreg(dec, dec->modrm_off, 0, 0);
	if (mod == 0 && op->base >= HREG_ROLE)
		dec_error(dec, "a pinned base needs a displacement: rbp and r13 have no mod=00");
	read_disp(dec, op, op->base == HREG_NONE ? 4 : ndisp);
	/* Only lea has an operand of width 0, and it alone has no segment. */
	if ((op->width == 0) != (dec->seg == 0))
		dec_error(dec, "memory operand without segment, or a segment without memory operand");
	if (dec->seg == HOME_SEG && op->kind == HOP_ADDR)
		dec_error(dec, "the state area is reached by slots only");
}

static void read_immediate(struct dec *dec, struct hop *op, const struct opnd *opnd)
{
	unsigned int nbytes = opnd->enc_width / 8;
	const struct hole *hole;
	int64_t number = read_hole(dec, nbytes, &hole);

	if (!hole) {
		op->kind = HOP_CONST;
		op->disp_const = opnd->kind == OPND_UIMM ? (uint8_t)number : number;
		return;
	}
	if (!is_value_hole(hole, nbytes))
		dec_error(dec, "hole in an immediate is of another kind");
	op->kind = HOP_VALUE;
	op->value = hole->arg;
}

static void read_branch(struct dec *dec, struct hop *op, const struct opnd *opnd)
{
	const struct hole *hole;
	int64_t rel = read_hole(dec, opnd->enc_width / 8, &hole);

	if (opnd->enc_width == 8 && !hole) {
		op->kind = HOP_LABEL;
		op->label = (int)dec->pos + (int)rel;
		if (op->label < 0 || op->label > (int)dec->len)
			dec_error(dec, "label lies outside the template");
	} else if (opnd->enc_width == 32 && hole && hole->kind == HOLE_REL32_TARGET && hole->arg < RULE_VALUES_MAX) {
		op->kind = HOP_TARGET;
		op->value = hole->arg;
	} else if (opnd->enc_width == 32 && hole && hole->kind == HOLE_REL32_EXIT) {
		op->kind = HOP_EXIT;
		op->value = hole->arg;
	} else {
		dec_error(dec, "a near branch goes to a target or an exit, a short one to a label");
	}
}

/* ---- the instruction ---- */

static void read_operand(struct dec *dec, struct hop *op, const struct opnd *opnd, const struct form *form)
{
	*op = (struct hop){ .width = opnd->width, .base = HREG_NONE, .index = HREG_NONE, .disp_value = -1 };
	switch (opnd->kind) {
	case OPND_R:
		set_register(dec, op,
			     form->opcode_plus_r ? read_hreg(dec, dec->opcode_off, 0, 0)
						 : read_hreg(dec, dec->modrm_off, 3, 2));
		break;
	case OPND_XMM: set_xmm(op, read_hreg(dec, dec->modrm_off, 3, 2)); break;
	case OPND_VXMM: set_xmm(op, read_vvvv(dec)); break;
	case OPND_XMMR:
	case OPND_XMMM:
		if (byte_at(dec, dec->modrm_off) >> 6 == 3)
			set_xmm(op, read_hreg(dec, dec->modrm_off, 0, 0));
		else
			read_memory(dec, op);
		break;
	case OPND_RM:
	case OPND_RR:
	case OPND_M:
		if (byte_at(dec, dec->modrm_off) >> 6 == 3)
			set_register(dec, op, read_hreg(dec, dec->modrm_off, 0, 0));
		else
			read_memory(dec, op);
		break;
	case OPND_VVVV: set_register(dec, op, read_vvvv(dec)); break;
	case OPND_FIXED:
		op->kind = HOP_REG;
		op->reg = opnd->fixed;
		break;
	case OPND_IMM:
	case OPND_UIMM: read_immediate(dec, op, opnd); break;
	case OPND_REL: read_branch(dec, op, opnd); break;
	default: dec_error(dec, "operand kind is not described");
	}
}

/* Registers and memory stand in ModRM and SIB, immediates behind them, whatever their order as operands. */
static void read_operands(struct dec *dec, const struct form *form)
{
	bool has_memory = false;

	dec->opcode_off = dec->pos + form->nopcode - 1;
	dec->modrm_off = dec->pos + form->nopcode;
	dec->pos = dec->modrm_off + form->has_modrm;
	for (unsigned int i = 0; i < form->nopnds; i++) {
		read_operand(dec, &dec->insn->op[i], &form->opnd[i], form);
		has_memory |= dec->insn->op[i].kind >= HOP_HOME && dec->insn->op[i].kind <= HOP_GMEM;
	}
	if (dec->seg && !has_memory)
		dec_error(dec, "segment prefix without memory operand");
	if (dec->ext_left)
		dec_error(dec, "register extension bit without a register");
}

static void check_holes(struct dec *dec)
{
	for (unsigned int i = 0; i < dec->nholes; i++) {
		if (dec->hole[i].off >= dec->start && dec->hole[i].off < dec->pos && !(dec->holes_used >> i & 1))
			dec_error(dec, "a hole where the instruction has no operand");
	}
}

int x86_decode(const struct isa *host, const uint8_t *bytes, unsigned int len, const struct hole *hole,
	       unsigned int nholes, unsigned int *off, struct hinsn *insn, struct diag *diag)
{
	struct dec dec = { .bytes = bytes,
			   .len = len,
			   .hole = hole,
			   .nholes = nholes,
			   .start = *off,
			   .pos = *off,
			   .insn = insn,
			   .diag = diag };
	struct loc loc = insn->loc;

	*insn = (struct hinsn){ .loc = loc, .off = *off };
	if (nholes > TMPL_HOLES_MAX)
		dec_error(&dec, "too many holes");
	else
		read_prefixes(&dec);
	for (unsigned int i = 0; i < host->nforms && !insn->form && !dec.is_bad; i++) {
		if (form_matches(&dec, host->form[i]))
			insn->form = host->form[i];
	}
	if (!insn->form)
		dec_error(&dec, "no form of the host description has these bytes");
	if (!dec.is_bad)
		read_operands(&dec, insn->form);
	if (!dec.is_bad)
		check_holes(&dec);
	if (dec.is_bad)
		return -EINVAL;
	insn->len = dec.pos - dec.start;
	*off = dec.pos;
	return 0;
}
