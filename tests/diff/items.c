// SPDX-License-Identifier: GPL-2.0-only
/* items.c: random blocks: single instructions, pairs that compilers emit, forward branches, loops, calls,
 * self-modification. Items nest; a branch always leads to the end of an item, so that every counter is set before
 * its loop. Next file: access.c. */
#include "gen.h"

enum { DEPTH_MAX = 3, LOOPS_MAX = 2 };

static void items(struct gen *g, uint32_t count)
{
	g->depth++;
	while (count--)
		item_random(g);
	g->depth--;
}

/* One register-only instruction; may_compress: of 16 bits too. */
void item_alu(struct gen *g, bool may_compress)
{
	const struct enc *e;
	struct reg_use use;
	struct operands o = { 0 };

	do {
		e = gen_pick(g, CLASS_ALU);
	} while (enc_is_compressed(e) && !may_compress);
	use = enc_reg_use(e->fmt);
	if (use.rd) {
		o.rd = gen_dest(g, use.rd);
		if (o.rd == GEN_NO_REG)
			return;
	}
	o.rs1 = use.rs1 ? gen_source(g, use.rs1) : 0;
	o.rs2 = use.rs2 ? gen_source(g, use.rs2) : 0;
	if (use.rs1 == REG_ANY && gen_chance(g, 20))
		o.rs1 = o.rd;
	if (use.rs2 == REG_ANY && gen_chance(g, 15))
		o.rs2 = o.rd;
	o.imm = gen_imm(g, e->fmt);
	gen_op(g, e, &o);
}

/* Pairs that have fused rules, with the registers that fuse and others that must not. */
static void item_pair(struct gen *g)
{
	static const struct {
		const char *first, *second;
	} pair[] = {
		{ "lui", "addi" },	{ "lui", "addiw" },    { "auipc", "addi" },    { "slli", "srli" },
		{ "slli", "srai" },	{ "slliw", "srliw" },  { "slli", "add" },      { "addw", "slli" },
		{ "slt", "sub" },	{ "sltu", "add" },     { "sltiu", "xori" },    { "andi", "slli" },
		{ "srli", "andi" },	{ "add", "addi" },     { "sub", "addiw" },     { "addi", "addi" },
		{ "xori", "andi" },	{ "mulhu", "mul" },    { "mulh", "mul" },      { "div", "rem" },
		{ "divu", "remu" },	{ "divw", "remw" },    { "c.slli", "c.srli" }, { "c.li", "c.add" },
		{ "c.mv", "c.addi" },	{ "c.lui", "c.addi" }, { "c.mv", "c.and" },    { "c.slli", "c.add" },
		{ "addiw", "c.addiw" }, { "sllw", "srlw" },
	};
	uint32_t n = gen_below(g, sizeof(pair) / sizeof(pair[0]));
	const struct enc *e[2] = { enc_find(pair[n].first), enc_find(pair[n].second) };
	struct operands o[2] = { 0 };
	int32_t shift = (int32_t)gen_below(g, 32);
	bool is_same_shift = gen_chance(g, 60);

	o[0].rd = gen_dest(g, REG_3BITS);
	if (!enc_is_compressed(e[0]) && !enc_is_compressed(e[1]) && gen_chance(g, 80))
		o[0].rd = gen_dest(g, REG_NOT_0_2);
	if (o[0].rd == GEN_NO_REG)
		return;
	for (int i = 0; i < 2; i++) {
		struct reg_use use = enc_reg_use(e[i]->fmt);

		o[i].rs1 = i && gen_chance(g, 80) ? o[0].rd : gen_source(g, use.rs1);
		o[i].rs2 = i && gen_chance(g, 30) ? o[0].rd
						  : gen_source(g, use.rs2 == REG_3BITS ? REG_3BITS : REG_NOT_ZERO);
		o[i].imm = gen_imm(g, e[i]->fmt);
		if (is_same_shift && enc_imm_range(e[i]->fmt).lo == 0)
			o[i].imm = shift;
	}
	o[1].rd = gen_chance(g, 75) || enc_is_compressed(e[1]) ? o[0].rd : gen_dest(g, REG_ANY);
	if (e[0]->match == enc_find("div")->match || e[0]->match == enc_find("mulhu")->match) {
		o[1].rs1 = o[0].rs1;
		o[1].rs2 = o[0].rs2;
		o[1].rd = gen_dest(g, REG_ANY);
	}
	if (o[1].rd == GEN_NO_REG)
		return;
	gen_op(g, e[0], &o[0]);
	gen_op(g, e[1], &o[1]);
}

/* if (...) skip some items; the compare before it is sometimes one that fuses with the branch */
static void item_branch(struct gen *g)
{
	const struct enc *e = gen_pick(g, CLASS_BRANCH);
	struct operands o = { 0 };
	int64_t distance;
	size_t at;

	o.rs1 = gen_source(g, enc_reg_use(e->fmt).rs1);
	o.rs2 = enc_is_compressed(e) ? 0 : gen_source(g, REG_ANY);
	if (gen_chance(g, 25)) {
		static const char *const compare[] = { "slt", "sltu", "sub", "and", "xor", "andi", "slti", "sltiu" };
		uint8_t rd = gen_dest(g, REG_3BITS);

		if (rd != GEN_NO_REG) {
			gen_name(g, compare[gen_below(g, 8)], rd, gen_source(g, REG_ANY), gen_source(g, REG_ANY),
				 gen_imm(g, FMT_I));
			o.rs1 = rd;
			o.rs2 = 0;
		}
	}
	o.imm = 8;
	at = gen_op(g, e, &o);
	items(g, 1 + gen_below(g, 4));
	distance = (int64_t)(g->used - at);
	if (distance <= enc_imm_range(e->fmt).hi) {
		o.imm = (int32_t)distance;
		gen_patch(g, at, e, &o);
	} else {
		gen_patch(g, at, enc_find(enc_is_compressed(e) ? "c.nop" : "fence"), &(struct operands){ 0 });
	}
}

static void item_loop(struct gen *g)
{
	uint8_t counter = gen_dest(g, gen_chance(g, 50) ? REG_3BITS : REG_NOT_ZERO);
	const struct enc *e = enc_find(gen_chance(g, 50) ? "bne" : "blt");
	struct operands o = { 0 };
	size_t top;

	if (counter == GEN_NO_REG || g->loops >= LOOPS_MAX)
		return;
	gen_name(g, "addi", counter, 0, 0, 1 + (int32_t)gen_below(g, 4));
	g->locked |= 1u << counter;
	g->loops++;
	top = g->used;
	items(g, 1 + gen_below(g, 4));
	gen_name(g, gen_chance(g, 50) ? "c.addi" : "addi", counter, counter, 0, -1);
	o.imm = (int32_t)((int64_t)top - (int64_t)g->used);
	if (e->match == enc_find("bne")->match)
		o.rs1 = counter;
	else
		o.rs2 = counter; /* 0 < counter */
	if (counter / 8 == 1 && o.rs1 && o.imm >= -256 && gen_chance(g, 60))
		e = enc_find("c.bnez");
	if (o.imm >= enc_imm_range(e->fmt).lo)
		gen_op(g, e, &o);
	g->loops--;
	g->locked &= ~(1u << counter);
}

/* Jumps over some items in one of the many ways; the link is left in a random register. */
static void item_jump(struct gen *g)
{
	uint8_t link = gen_dest(g, REG_ANY), t = gen_dest(g, REG_NOT_ZERO);
	uint32_t how = gen_below(g, 5);
	size_t at = g->used;
	int32_t distance;

	if (link == GEN_NO_REG || t == GEN_NO_REG)
		return;
	if (how == 0) {
		gen_name(g, "c.j", 0, 0, 0, 0);
	} else if (how == 1) {
		gen_name(g, "jal", link, 0, 0, 0);
	} else {
		gen_name(g, "auipc", t, 0, 0, 0);
		if (how == 3)
			gen_name(g, "addi", t, t, 0, 0);
		gen_name(g, how == 2 ? "jalr" : how == 3 ? "c.jr" : "jalr", how == 2 ? link : t, t, 0, 0);
	}
	items(g, gen_below(g, 3));
	distance = (int32_t)(g->used - at);
	if (how == 0)
		gen_patch(g, at, enc_find("c.j"), &(struct operands){ .imm = distance });
	else if (how == 1)
		gen_patch(g, at, enc_find("jal"), &(struct operands){ .rd = link, .imm = distance });
	else if (how == 3)
		gen_patch(g, at + 4, enc_find("addi"), &(struct operands){ .rd = t, .rs1 = t, .imm = distance });
	else /* bit 0 of the sum is cleared by jalr */
		gen_patch(
			g, at + 4, enc_find("jalr"),
			&(struct operands){ .rd = how == 2 ? link : t, .rs1 = t, .imm = distance | gen_chance(g, 20) });
}

/* jal link, f; j over; f: items; jalr x0, 0(link); over: */
static void item_call(struct gen *g)
{
	uint8_t link = gen_chance(g, 60) ? 1 : gen_dest(g, REG_NOT_ZERO);
	size_t at = g->used, over;

	if (link == GEN_NO_REG || g->locked >> link & 1)
		return;
	gen_name(g, "jal", link, 0, 0, 8);
	over = gen_name(g, "jal", 0, 0, 0, 0);
	gen_patch(g, at, enc_find("jal"), &(struct operands){ .rd = link, .imm = (int32_t)(g->used - at) });
	g->locked |= 1u << link;
	items(g, 1 + gen_below(g, 3));
	if (gen_chance(g, 50))
		gen_name(g, "c.jr", 0, link, 0, 0);
	else
		gen_name(g, "jalr", 0, link, 0, 0);
	g->locked &= ~(1u << link);
	gen_patch(g, over, enc_find("jal"), &(struct operands){ .imm = (int32_t)(g->used - over) });
}

/* A loop that runs an instruction, replaces it by another one, and runs that after fence.i. */
static void item_modify(struct gen *g)
{
	uint8_t counter = gen_dest(g, REG_NOT_ZERO), address, word;
	size_t donor, target, store;
	struct operands back = { .rs1 = counter };

	if (counter == GEN_NO_REG)
		return;
	g->locked |= 1u << counter;
	address = gen_dest(g, REG_NOT_ZERO);
	word = gen_dest(g, REG_NOT_ZERO);
	if (address == GEN_NO_REG || word == GEN_NO_REG || address == word) {
		g->locked &= ~(1u << counter);
		return;
	}
	gen_name(g, "jal", 0, 0, 0, 8);
	donor = g->used;
	item_alu(g, false);
	if (g->used == donor)
		gen_name(g, "addi", 0, 0, 0, 0);
	gen_name(g, "addi", counter, 0, 0, 2);
	target = g->used;
	item_alu(g, false);
	if (g->used == target)
		gen_name(g, "addi", 0, 0, 0, 0);
	store = g->used;
	gen_name(g, "auipc", address, 0, 0, 0);
	gen_name(g, "lw", word, address, 0, (int32_t)((int64_t)donor - (int64_t)store));
	gen_name(g, "sw", 0, address, word, (int32_t)((int64_t)target - (int64_t)store));
	gen_name(g, "fence.i", 0, 0, 0, 0);
	gen_name(g, "addi", counter, counter, 0, -1);
	back.imm = (int32_t)((int64_t)target - (int64_t)g->used);
	gen_op(g, enc_find("bne"), &back);
	g->locked &= ~(1u << counter);
}

/* csrrs and csrrc of a read-only CSR by a register other than x0: QEMU 7.2 looks at the value, not at the number. */
static void emit_csr_read_only(struct gen *g, uint8_t rd)
{
	switch (gen_below(g, 4)) {
	case 0: gen_name(g, "csrrw", rd, (int)gen_below(g, 32), 0, 0xf14); break;
	case 1: gen_name(g, "csrrsi", rd, (int)gen_below(g, 32), 0, 0xf14); break;
	default: gen_name(g, gen_chance(g, 50) ? "csrrs" : "csrrc", rd, 0, 0, 0xf14);
	}
}

/* In S-mode: the CSRs that S-mode code uses on each trap, without bits that QEMU 7.2 treats in its own way; in U-mode all
 * trap, and in S-mode the last one. */
static void item_csr_supervisor(struct gen *g, uint8_t rd)
{
	static const uint16_t plain[] = { 0x140, 0x142, 0x143 }, aligned[] = { 0x141, 0x105 };
	static const char *const name[] = { "csrrwi", "csrrsi", "csrrci", "csrrw", "csrrs", "csrrc" };

	switch (gen_below(g, 8)) {
	case 0:
	case 1:
	case 2: gen_name(g, name[gen_below(g, 6)], rd, (int)gen_below(g, 32), 0, plain[gen_below(g, 3)]); break;
	case 3: gen_name(g, name[gen_below(g, 3)], rd, (int)gen_below(g, 32) & ~3, 0, aligned[gen_below(g, 2)]); break;
	case 4: gen_name(g, "csrrs", rd, 0, 0, aligned[gen_below(g, 2)]); break;
	case 5: gen_name(g, "csrrs", rd, 0, 0, 0x100); break; /* sstatus */
	case 6: gen_name(g, name[1 + gen_below(g, 2)], rd, (int)gen_below(g, 32), 0, 0x100); break;
	default: gen_name(g, "csrrs", rd, (int)gen_below(g, 32), 0, 0x340);
	}
}

static void item_csr(struct gen *g)
{
	/* mtval sscratch stval: plain storage in M-mode; mepc sepc: of even values; the last one traps */
	static const uint16_t number[] = { 0x343, 0x140, 0x143, 0x140, 0x341, 0x141, 0x5c0 };
	static const char *const name[] = { "csrrwi", "csrrsi", "csrrci", "csrrw", "csrrs", "csrrc" };
	uint8_t rd = gen_dest(g, REG_ANY);
	uint16_t csr = number[gen_below(g, 7)];

	if (rd == GEN_NO_REG)
		return;
	if (gen_chance(g, 25))
		gen_name(g, "fence", 0, 0, 0, (int32_t)gen_below(g, 256));
	else if (gen_chance(g, 10))
		gen_name(g, "fence.i", 0, 0, 0, 0);
	else if (g->b->mode != DIFF_MODE_M)
		item_csr_supervisor(g, rd);
	else if (gen_chance(g, 15))
		emit_csr_read_only(g, rd);
	else if (csr == 0x341 || csr == 0x141)
		gen_name(g, name[gen_below(g, 3)], rd, (int)gen_below(g, 32) & ~1, 0, csr);
	else
		gen_name(g, name[gen_below(g, 6)], rd, (int)gen_below(g, 32), 0, csr);
}

void item_random(struct gen *g)
{
	uint32_t pick = gen_below(g, 1000);
	bool may_nest = g->depth < DEPTH_MAX;

	if (gen_chance(g, g->fp_share)) {
		item_fp(g);
		return;
	}
	if (pick < 500 || (!may_nest && pick >= 800 && pick < 960))
		item_alu(g, true);
	else if (pick < 710)
		item_access(g);
	else if (pick < 800)
		item_pair(g);
	else if (pick < 880)
		item_branch(g);
	else if (pick < 915)
		item_loop(g);
	else if (pick < 945)
		item_jump(g);
	else if (pick < 960)
		item_call(g);
	else if (pick < 965)
		item_modify(g);
	else if (pick < 980)
		item_csr(g);
	else
		item_trap(g);
}

/* Registers that hold addresses; the others keep gen_value(). */
static void block_pointers(struct gen *g)
{
	static const uint64_t nowhere[] = { 0x00000000a0000000, 0x0000000100000000, 0x0000003fffff0000,
					    0x0000004000000000, 0x7ffffffffffff800, 0x8000000000000000,
					    0xffffffbfffff0000, 0xffffffff80000000, 0xffffffc000000000 };
	uint8_t r;

	if (gen_chance(g, 60))
		g->pointers |= 1u << 2;
	g->pointers |= 1u << gen_source(g, REG_3BITS);
	for (int i = 0; i < 3; i++)
		g->pointers |= 1u << gen_source(g, REG_NOT_ZERO);
	for (r = 1; r < 32; r++) {
		if (!(g->pointers >> r & 1))
			continue;
		g->b->x[r] = DIFF_SCRATCH + 64 + gen_below(g, GEN_MEM_BYTES - 128);
		if (gen_chance(g, 80))
			g->b->x[r] &= ~7ULL;
		if (gen_chance(g, 15))
			g->b->x[r] += (uint64_t)(int64_t)((int32_t)gen_below(g, 3000) - 1500);
	}
	g->locked = g->pointers;
	r = gen_dest(g, REG_NOT_ZERO);
	if (gen_chance(g, 40) && r != GEN_NO_REG) {
		g->b->x[r] = nowhere[gen_below(g, sizeof(nowhere) / sizeof(nowhere[0]))] + gen_below(g, 512);
		g->bad = 1u << r;
		g->locked |= g->bad;
	}
}

/* Half of the blocks have instructions of F and D, some with FS off, initial or clean. */
static void block_fp(struct gen *g)
{
	static const uint8_t fs[] = { 0, 1, 2, 2, 3, 3, 3, 3, 3, 3 };

	if (gen_chance(g, 50))
		return;
	g->fp_share = gen_chance(g, 50) ? 15 : 50;
	g->b->fs = fs[gen_below(g, sizeof(fs))];
	g->b->fcsr = gen_below(g, 32) | (gen_chance(g, 60) ? 0 : gen_below(g, gen_chance(g, 95) ? 5 : 8)) << 5;
}

void item_block(struct gen *g)
{
	uint32_t to_page = (uint32_t)(-gen_pc(g) & 4095);
	uint16_t nop = 1;

	/* one block in twenty begins a few bytes before the end of a page */
	if (gen_chance(g, 5))
		for (uint32_t before = 2 * gen_below(g, 24); to_page > before; to_page -= 2)
			gen_raw(g, &nop, 2);
	gen_block_begin(g);
	if (gen_chance(g, 30))
		g->b->mode = gen_chance(g, 70) ? DIFF_MODE_S : DIFF_MODE_U;
	block_fp(g);
	block_pointers(g);
	items(g, 4 + gen_below(g, 24));
	if (gen_chance(g, 10))
		item_bad_jump(g);
	gen_block_end(g);
}

/* f[i]: push the link, do a little, call f[i+1], do a little, pop, return. Every function is called once. */
void item_calls(struct gen *g)
{
	uint32_t functions = 20 + gen_below(g, 300);
	size_t over, call;

	gen_block_begin(g);
	g->b->mem_bytes = DIFF_SCRATCH_MAX;
	g->b->x[2] = DIFF_SCRATCH + DIFF_SCRATCH_MAX;
	g->locked = 1u << 2;
	gen_name(g, "jal", 1, 0, 0, 8);
	over = gen_name(g, "jal", 0, 0, 0, 0);
	while (functions--) {
		gen_name(g, "c.addi", 2, 2, 0, -16);
		gen_name(g, "sd", 0, 2, 1, 8);
		item_alu(g, true);
		call = gen_name(g, "jal", 1, 0, 0, 4);
		item_alu(g, true);
		gen_name(g, "c.ldsp", 1, 2, 0, 8);
		gen_name(g, "c.addi", 2, 2, 0, 16);
		gen_name(g, gen_chance(g, 80) ? "c.jr" : "jalr", 0, 1, 0, 0);
		if (functions)
			gen_patch(g, call, enc_find("jal"),
				  &(struct operands){ .rd = 1, .imm = (int32_t)(g->used - call) });
	}
	gen_patch(g, over, enc_find("jal"), &(struct operands){ .imm = (int32_t)(g->used - over) });
	gen_block_end(g);
}
