// SPDX-License-Identifier: GPL-2.0-only
/* cases.c: operand shapes of host forms; fills holes as the translator's emit.c does. Next file: roundtrip.c. */
#include "cases.h"

#include <string.h>

#include "abi.h"

enum { SHAPES_MAX = 256 };

struct shapes {
	struct hop op[SHAPES_MAX];
	unsigned int n;
};

static struct hop *shape_add(struct shapes *shapes, enum hop_kind kind, unsigned int width)
{
	struct hop *op = &shapes->op[shapes->n++];

	port_assert(shapes->n <= SHAPES_MAX);
	*op = (struct hop){ .kind = kind, .width = width, .base = HREG_NONE, .index = HREG_NONE, .disp_value = -1 };
	return op;
}

/* rsi and r9 are never scratch, but tell sil from dh and need an extension bit. */
static void shapes_of_register(struct shapes *shapes, unsigned int width, int role)
{
	static const int reg[] = { ABI_RAX, ABI_RDX, ABI_RSI, ABI_R9 };

	for (unsigned int i = 0; i < 4; i++)
		shape_add(shapes, HOP_REG, width)->reg = reg[i];
	shape_add(shapes, HOP_ROLE, width)->role = role;
}

static void shapes_of_xmm(struct shapes *shapes, unsigned int width, int role)
{
	static const int reg[] = { 0, 1, 9, 15 };

	for (unsigned int i = 0; i < 4; i++)
		shape_add(shapes, HOP_XMM, width)->reg = reg[i];
	shape_add(shapes, HOP_XROLE, width)->role = role;
}

static void shapes_of_memory(struct shapes *shapes, unsigned int width, int role)
{
	static const struct {
		int base, disp_value;
		bool needs_sib;
		int32_t disp;
	} at[] = {
		{ HREG_ROLE | ROLE_BASE, VALUE_DISP, false, 0 },
		{ HREG_ROLE | ROLE_BASE, VALUE_DISP, true, 0 },
		{ HREG_ROLE | ROLE_BASE, -1, false, 0 },
		{ HREG_ROLE | ROLE_BASE, -1, true, 0x1234 },
		{ ABI_RCX, VALUE_DISP, false, 0 },
		{ ABI_RCX, -1, false, 0 },
		{ ABI_RBP, -1, false, 0 },
		{ ABI_R12, -1, false, -128 },
		{ ABI_R13, -1, false, 128 },
		{ HREG_NONE, VALUE_DISP, false, 0 },
		{ HREG_NONE, -1, false, 0x740 },
	};

	shape_add(shapes, HOP_HOME, width)->role = role;
	shape_add(shapes, HOP_STATE, width)->disp_const = ABI_HOME_RESV;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct hop *op = shape_add(shapes, HOP_GMEM, width);

		op->base = at[i].base;
		op->base_needs_sib = at[i].needs_sib;
		op->disp_value = at[i].disp_value;
		op->disp_const = at[i].disp;
	}
}

static void shapes_of_address(struct shapes *shapes)
{
	static const int base[] = { HREG_ROLE | ROLE_BASE, ABI_RAX, ABI_R13, HREG_NONE };
	static const int index[] = { HREG_NONE, HREG_ROLE | ROLE_INDEX, ABI_RDX };
	static const int32_t disp[] = { 0, -5, 0x1000 };

	for (unsigned int i = 0; i < 4 * 3 * 4 * 4; i++) {
		unsigned int scale = i / 4 % 4, nth_disp = i % 4;
		struct hop op = { .kind = HOP_ADDR,
				  .base = base[i / 48],
				  .index = index[i / 16 % 3],
				  .disp_value = nth_disp == 3 ? VALUE_DISP : -1 };

		op.scale = op.index == HREG_NONE ? 0 : 1 << scale;
		op.disp_const = nth_disp == 3 ? 0 : disp[nth_disp];
		if (op.index == HREG_NONE && scale == 1)
			op.base_needs_sib = op.base >= HREG_ROLE;
		else if (op.index == HREG_NONE && scale)
			continue;
		*shape_add(shapes, HOP_ADDR, 0) = op;
	}
}

static void shapes_of_immediate(struct shapes *shapes, const struct opnd *opnd)
{
	static const int64_t edge[] = { 0,
					1,
					-1,
					31,
					63,
					64,
					127,
					-128,
					128,
					255,
					-129,
					0x7fff,
					0x7fffffff,
					-0x80000000LL,
					0x80000000LL,
					0xffffffffLL,
					INT64_MIN,
					INT64_MAX,
					0x123456789abcdefLL };

	for (size_t i = 0; i < sizeof(edge) / sizeof(edge[0]); i++)
		shape_add(shapes, HOP_CONST, opnd->width)->disp_const = edge[i];
	shape_add(shapes, HOP_VALUE, opnd->width)->value = VALUE_IMM;
}

static void shapes_of_operand(struct shapes *shapes, const struct opnd *opnd, int number)
{
	shapes->n = 0;
	switch (opnd->kind) {
	case OPND_R:
	case OPND_RR:
	case OPND_VVVV: shapes_of_register(shapes, opnd->width, number); break;
	case OPND_RM:
		shapes_of_register(shapes, opnd->width, number);
		shapes_of_memory(shapes, opnd->width, number);
		break;
	case OPND_XMM:
	case OPND_XMMR:
	case OPND_VXMM: shapes_of_xmm(shapes, opnd->width, number); break;
	case OPND_XMMM:
		shapes_of_xmm(shapes, opnd->width, number);
		shapes_of_memory(shapes, opnd->width, number);
		break;
	case OPND_M:
		if (opnd->width)
			shapes_of_memory(shapes, opnd->width, number);
		else
			shapes_of_address(shapes);
		break;
	case OPND_FIXED: shape_add(shapes, HOP_REG, opnd->width)->reg = opnd->fixed; break;
	case OPND_REL:
		shape_add(shapes, HOP_LABEL, opnd->width)->label = 0;
		shape_add(shapes, HOP_TARGET, opnd->width)->value = VALUE_IMM;
		shape_add(shapes, HOP_EXIT, opnd->width)->value = 0;
		break;
	default: shapes_of_immediate(shapes, opnd);
	}
}

/* Values that the case uses: only their bits of the narrow mask mean anything. */
static uint32_t values_used(const struct hinsn *insn)
{
	uint32_t used = 0;

	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		used |= insn->op[i].kind == HOP_VALUE ? 1U << insn->op[i].value : 0;
		used |= insn->op[i].disp_value >= 0 ? 1U << insn->op[i].disp_value : 0;
	}
	return used;
}

void cases_run(const struct form *form, case_fn *fn, void *ctx)
{
	static struct shapes shapes[ISA_OPERANDS_MAX];
	unsigned int total = 1;

	for (unsigned int i = 0; i < form->nopnds; i++) {
		shapes_of_operand(&shapes[i], &form->opnd[i], i);
		total *= shapes[i].n;
	}
	for (unsigned int k = 0; k < total * 4; k++) {
		uint32_t narrow_mask = k & 3;
		struct hinsn insn = { .form = form, .loc = form->loc };

		for (unsigned int i = 0, rest = k / 4; i < form->nopnds; i++) {
			insn.op[i] = shapes[i].op[rest % shapes[i].n];
			rest /= shapes[i].n;
		}
		if (!(narrow_mask & ~values_used(&insn)) && form_fits(form, insn.op, form->nopnds, narrow_mask))
			fn(ctx, &insn, narrow_mask);
	}
}

uint64_t random_next(uint64_t *seed)
{
	/* splitmix64 (Steele, Lea, Flood 2014) */
	uint64_t z = *seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static int64_t value_choose(bool is_narrow, uint64_t *seed)
{
	static const int64_t narrow[] = { 0, 1, -1, 127, -128 }, wide[] = { 128, -129, 0x7fff, -0x8000, 2047, -2048 };
	uint64_t dice = random_next(seed);

	if (dice >> 8 & 1)
		return is_narrow ? narrow[dice % 5] : wide[dice % 6];
	return is_narrow ? (int8_t)(dice >> 16) : (int16_t)(dice >> 16);
}

void tenv_choose(struct tenv *env, const struct hinsn *insn, uint32_t narrow_mask, uint64_t *seed)
{
	static const uint8_t pin[] = { ABI_RBX, ABI_RBP, ABI_RSI, ABI_RDI, ABI_R8,  ABI_R9,
				       ABI_R10, ABI_R11, ABI_R13, ABI_R14, ABI_R15, ABI_R12 };
	bool is_imm8 = narrow_mask >> VALUE_IMM & 1;

	for (unsigned int i = 0; i < RULE_ROLES_MAX; i++) {
		env->pin[i] = pin[random_next(seed) % sizeof(pin)];
		env->guest[i] = 1 + random_next(seed) % 31;
	}
	env->pin[ROLE_BASE] = pin[random_next(seed) % (sizeof(pin) - 1)];
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		const struct opnd *opnd = &insn->form->opnd[i];

		if (insn->op[i].base_needs_sib)
			env->pin[ROLE_BASE] = ABI_R12;
		is_imm8 |= opnd->kind == OPND_IMM && opnd->enc_width == 8;
	}
	memset(env->value, 0, sizeof(env->value));
	env->value[VALUE_IMM] = value_choose(is_imm8, seed);
	env->value[VALUE_DISP] = value_choose(narrow_mask >> VALUE_DISP & 1, seed);
	for (unsigned int i = 0; i < insn->form->nopnds; i++) {
		if (insn->form->opnd[i].kind == OPND_UIMM)
			env->value[VALUE_IMM] = random_next(seed) & 63;
		/* Without a base, the displacement is the guest address: keep it in the window of the tests. */
		if (insn->op[i].kind == HOP_GMEM && insn->op[i].base == HREG_NONE)
			env->value[VALUE_DISP] = narrow_mask >> VALUE_DISP & 1 ? 0x40 : 0x740;
	}
	env->state_disp = 0x10000000;
	env->rel = 0x40;
}

static void fill_number(struct hcode *code, unsigned int off, uint64_t value, unsigned int nbytes)
{
	for (unsigned int i = 0; i < nbytes; i++)
		code->bytes[off + i] = value >> (8 * i);
}

static void hole_fill(const struct tenv *env, const struct hole *hole, struct hcode *code)
{
	unsigned int reg = env->pin[hole->role], off = hole->off;

	switch (hole->kind) {
	case HOLE_REG:
		code->bytes[off] |= (reg & 7) << hole->shift;
		code->bytes[hole->aux] |= ((reg >> 3) ^ hole->is_inverted) << hole->aux_bit;
		break;
	case HOLE_VVVV: code->bytes[off] |= (reg ^ 15) << 3; break;
	case HOLE_HOME32: fill_number(code, off, env->state_disp + ABI_HOME_X + 8 * env->guest[hole->role], 4); break;
	case HOLE_STATE32: fill_number(code, off, env->state_disp + hole->arg, 4); break;
	case HOLE_VALUE8: fill_number(code, off, env->value[hole->arg], 1); break;
	case HOLE_VALUE32: fill_number(code, off, env->value[hole->arg], 4); break;
	case HOLE_VALUE64: fill_number(code, off, env->value[hole->arg], 8); break;
	default: fill_number(code, off, env->rel, 4);
	}
}

void tenv_fill(const struct tenv *env, const struct hinsn *insn, struct hcode *code)
{
	for (unsigned int i = 0; i < code->nholes; i++)
		hole_fill(env, &code->hole[i], code);
	if (insn->op[0].kind == HOP_LABEL)
		code->bytes[code->len - 1] = env->rel;
}

unsigned int tenv_hreg(const struct tenv *env, int hreg)
{
	return hreg >= HREG_ROLE ? env->pin[hreg & ~HREG_ROLE] : (unsigned int)hreg;
}

unsigned int tenv_reg(const struct tenv *env, const struct hop *op)
{
	return op->kind == HOP_ROLE || op->kind == HOP_XROLE ? env->pin[op->role] : (unsigned int)op->reg;
}
