// SPDX-License-Identifier: GPL-2.0-only
/* access.c: random loads, stores and atomics in the scratch memory, aligned or not; and items that trap. */
#include "gen.h"

/* Reservation rules the generator keeps to, because emulators legitimately differ outside of them: SC has LR's
 * width, is aligned and addresses memory; between them nothing is stored. */

static const char *const amo_names[] = { "amoadd", "amoswap", "amoxor",	 "amoor",  "amoand",
					 "amomin", "amomax",  "amominu", "amomaxu" };

static bool is_inside(int64_t offset, unsigned int size_bytes)
{
	return offset >= 0 && offset + (int64_t)size_bytes <= GEN_MEM_BYTES;
}

/* A pointer register that `use` allows, or GEN_NO_REG. */
static uint8_t pick_pointer(struct gen *g, uint8_t use)
{
	for (int attempt = 0; attempt < 64; attempt++) {
		uint8_t r = gen_source(g, use);

		if (g->pointers >> r & 1)
			return r;
	}
	return GEN_NO_REG;
}

static void pointer_forget(struct gen *g, uint8_t r)
{
	g->pointers &= ~(1u << r);
	g->locked &= ~(1u << r);
}

/* An immediate that keeps pointer r plus it inside the scratch memory; false if there is none. */
static bool pick_offset(struct gen *g, const struct enc *e, uint8_t r, int32_t *imm)
{
	int64_t start = (int64_t)(g->b->x[r] - DIFF_SCRATCH);
	struct imm_range range = enc_imm_range(e->fmt);

	for (int attempt = 0; attempt < 24; attempt++) {
		int64_t v;

		if (range.step > 1) {
			v = gen_imm(g, e->fmt);
		} else {
			v = gen_below(g, GEN_MEM_BYTES - 8 + 1);
			if (gen_chance(g, 60))
				v -= v % e->size_bytes;
			v -= start;
		}
		if (v >= range.lo && v <= range.hi && is_inside(start + v, e->size_bytes)) {
			*imm = (int32_t)v;
			return true;
		}
	}
	return false;
}

uint8_t gen_pointer_to(struct gen *g, const struct enc *e, int32_t *imm)
{
	uint8_t r = pick_pointer(g, enc_reg_use(e->fmt).rs1);

	return r == GEN_NO_REG || pick_offset(g, e, r, imm) ? r : GEN_NO_REG;
}

static void emit_load(struct gen *g)
{
	const struct enc *e = gen_pick(g, CLASS_LOAD);
	struct reg_use use = enc_reg_use(e->fmt);
	struct operands o = { 0 };

	o.rs1 = gen_pointer_to(g, e, &o.imm);
	if (o.rs1 == GEN_NO_REG)
		return;
	if (!g->loops && gen_chance(g, 8) && (o.rs1 || use.rd == REG_ANY)) {
		o.rd = o.rs1; /* the load overwrites its own base */
		pointer_forget(g, o.rs1);
	} else {
		o.rd = gen_dest(g, use.rd);
	}
	if (o.rd != GEN_NO_REG)
		gen_op(g, e, &o);
}

static void emit_store(struct gen *g)
{
	const struct enc *e = gen_pick(g, CLASS_STORE);
	struct reg_use use = enc_reg_use(e->fmt);
	struct operands o = { 0 };

	o.rs1 = gen_pointer_to(g, e, &o.imm);
	if (o.rs1 == GEN_NO_REG)
		return;
	o.rs2 = gen_chance(g, 8) && use.rs2 != REG_3BITS ? o.rs1 : gen_source(g, use.rs2);
	gen_op(g, e, &o);
}

/* A pointer fit for an atomic of this size; may_misalign: one time in eight any will do. */
static uint8_t pick_atomic_pointer(struct gen *g, unsigned int size_bytes, bool may_misalign)
{
	may_misalign = may_misalign && gen_chance(g, 12);
	for (int attempt = 0; attempt < 16; attempt++) {
		uint8_t r = pick_pointer(g, REG_ANY);

		if (r == GEN_NO_REG)
			return r;
		if (is_inside((int64_t)(g->b->x[r] - DIFF_SCRATCH), size_bytes) &&
		    (may_misalign || g->b->x[r] % size_bytes == 0))
			return r;
	}
	return GEN_NO_REG;
}

static void emit_lr_sc(struct gen *g, bool is_double)
{
	struct operands o = { .aqrl = (uint8_t)gen_below(g, 4) };
	uint8_t other, p = pick_atomic_pointer(g, is_double ? 8 : 4, false);

	o.rs1 = p;
	o.rd = gen_dest(g, REG_ANY);
	if (p == GEN_NO_REG || o.rd == GEN_NO_REG)
		return;
	gen_op(g, enc_find(is_double ? "lr.d" : "lr.w"), &o);
	for (uint32_t n = gen_below(g, 3); n; n--)
		item_alu(g, true);
	other = pick_atomic_pointer(g, is_double ? 8 : 4, false);
	if (gen_chance(g, 15) && other != GEN_NO_REG)
		o.rs1 = other; /* another address: fails, unless both hold the same one */
	for (uint32_t n = 1 + gen_chance(g, 20); n; n--) {
		o.rs2 = gen_source(g, REG_ANY);
		o.rd = gen_dest(g, REG_ANY);
		o.aqrl = (uint8_t)gen_below(g, 4);
		if (o.rd != GEN_NO_REG)
			gen_op(g, enc_find(is_double ? "sc.d" : "sc.w"), &o);
	}
}

void item_atomic(struct gen *g)
{
	bool is_double = gen_chance(g, 50);
	struct operands o = { .aqrl = (uint8_t)gen_below(g, 4) };
	char name[16], *end = name;

	if (gen_chance(g, 30)) {
		emit_lr_sc(g, is_double);
		return;
	}
	for (const char *s = amo_names[gen_below(g, 9)]; *s;)
		*end++ = *s++;
	*end++ = '.';
	*end++ = is_double ? 'd' : 'w';
	*end = 0;
	o.rs1 = pick_atomic_pointer(g, is_double ? 8 : 4, true);
	if (o.rs1 == GEN_NO_REG)
		return;
	o.rs2 = gen_chance(g, 10) ? o.rs1 : gen_source(g, REG_ANY);
	if (!g->loops && gen_chance(g, 10)) {
		/* a misaligned one traps and keeps its base: forget it in either case */
		o.rd = o.rs1;
		pointer_forget(g, o.rs1);
	} else {
		o.rd = gen_dest(g, REG_ANY);
	}
	if (o.rd != GEN_NO_REG)
		gen_op(g, enc_find(name), &o);
}

void item_access(struct gen *g)
{
	if (gen_chance(g, 12))
		item_atomic(g);
	else if (gen_chance(g, 55))
		emit_load(g);
	else
		emit_store(g);
}

/* An access through a register that points to no memory. */
static void emit_bad_access(struct gen *g)
{
	const struct enc *e = gen_pick(g, gen_chance(g, 50) ? CLASS_LOAD : CLASS_STORE);
	struct operands o = { 0 };

	for (int r = 1; r < 32; r++)
		if (g->bad >> r & 1)
			o.rs1 = (uint8_t)r;
	if (gen_chance(g, 20))
		e = enc_find(gen_chance(g, 50) ? "lr.d" : "amoadd.w");
	if (!o.rs1 || enc_is_compressed(e))
		return;
	o.rd = gen_dest(g, REG_ANY);
	o.rs2 = gen_source(g, REG_ANY);
	o.imm = e->class == CLASS_ATOMIC ? 0 : gen_imm(g, e->fmt);
	if (o.rd != GEN_NO_REG)
		gen_op(g, e, &o);
}

/* A jump to where no memory is: the guest ends the block there. */
void item_bad_jump(struct gen *g)
{
	uint8_t link = gen_dest(g, REG_ANY);

	for (int r = 1; r < 32; r++)
		if (g->bad >> r & 1 && link != GEN_NO_REG)
			gen_name(g, "jalr", link, r, 0, gen_imm(g, FMT_JALR));
}

void item_trap(struct gen *g)
{
	/* unpriv "RV32/64G Instruction Set Listings": unused minor opcodes and C's reserved values */
	static const uint32_t illegal[] = {
		0x00000000, 0xffffffff, 0x00007003, 0x00004023, 0x00007023, 0x00002063, 0x00003063, 0x0200101b,
		0xfe000033, 0x40001033, 0x4000603b, 0x0400003b, 0x0000002f, 0x0000402f, 0x1010202f, 0x00001067,
		0x8002,	    0x6101,	0x6001,	    0x2001,	0x4002,	    0x6002,	0x9c41,	    0x9c61,
		0x8000,	    0x00004073, 0x0000700f, 0x0000000b, 0x0000006b, 0x00000057, 0x0000202b,
	};
	uint32_t word;

	switch (gen_below(g, 5)) {
	case 0: gen_name(g, "ecall", 0, 0, 0, 0); break;
	case 1: gen_name(g, gen_chance(g, 50) ? "ebreak" : "c.ebreak", 0, 0, 0, 0); break;
	case 2:
		word = illegal[gen_below(g, sizeof(illegal) / sizeof(illegal[0]))];
		gen_word(g, word, (word & 3) == 3 ? 4 : 2);
		break;
	default: emit_bad_access(g);
	}
}
