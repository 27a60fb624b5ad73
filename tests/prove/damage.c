// SPDX-License-Identifier: GPL-2.0-only
/* damage.c: see damage.h. Next file: mutate.c. */
#include "damage.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "abi.h"
#include "prove/host.h"

/* ---- random damage ---- */

/* Only members that a hole of this kind has. */
static void damage_hole(struct cvariant *v, uint64_t (*random)(void), char *text)
{
	struct hole *hole = &v->code.hole[random() % v->code.nholes], was = *hole;
	bool has_role = hole->kind == HOLE_REG || hole->kind == HOLE_VVVV || hole->kind == HOLE_HOME32;

	switch (random() % 3) {
	case 0:
		if (has_role)
			hole->role = (uint8_t)((hole->role + 1 + random() % 3) % RULE_ROLES_MAX);
		else
			hole->arg ^= (uint16_t)(1 << random() % 4);
		break;
	case 1: hole->off ^= (uint8_t)(1 << random() % 3); break;
	default: hole->kind = (uint8_t)((hole->kind + 1 + random() % HOLE_REL32_EXIT) % (HOLE_REL32_EXIT + 1)); break;
	}
	snprintf(text, DAMAGE_TEXT_MAX, "hole kind %u role %u arg %u off %u to kind %u role %u arg %u off %u", was.kind,
		 was.role, was.arg, was.off, hole->kind, hole->role, hole->arg, hole->off);
}

static void damage_access(struct cvariant *v, uint64_t (*random)(void), char *text)
{
	struct access *a = &v->access[random() % v->naccesses];
	static const uint8_t members[] = {
		offsetof(struct access, kind),
		offsetof(struct access, size_bytes),
		offsetof(struct access, off),
		offsetof(struct access, len),
		offsetof(struct access, insn),
		offsetof(struct access, base),
		offsetof(struct access, disp_value),
		/* not of atomic accesses */
		offsetof(struct access, reg),
		/* of loads only */
		offsetof(struct access, is_signed),
		offsetof(struct access, dest_bits),
	};
	unsigned int n = a->kind == ACCESS_LOAD ? 10 : a->kind == ACCESS_STORE ? 8 : 7;
	unsigned int m = members[random() % n], bit = random() % 4;

	((uint8_t *)a)[m] ^= (uint8_t)(1 << bit);
	snprintf(text, DAMAGE_TEXT_MAX, "access record byte %u bit %u", m, bit);
}

bool damage_random(struct cvariant *v, uint64_t (*random)(void), char text[DAMAGE_TEXT_MAX])
{
	unsigned int what = random() % 8, bit;

	if (!v->code.len)
		return false;
	if (what == 0 && v->code.nholes) {
		damage_hole(v, random, text);
	} else if (what == 1 && v->naccesses) {
		damage_access(v, random, text);
	} else {
		bit = (unsigned int)(random() % (8 * v->code.len));
		v->code.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		snprintf(text, DAMAGE_TEXT_MAX, "byte %u bit %u", bit / 8, bit % 8);
	}
	return true;
}

/* ---- planted: what the rule language cannot say ---- */

static int find_role(const struct crule *rule, const char *name)
{
	for (unsigned int r = 0; r < rule->nroles; r++)
		if (!strcmp(rule->role_name[r], name))
			return (int)r;
	return -1;
}

static bool append(const struct isa *host, struct cvariant *v, const char *name, const struct hop *op,
		   unsigned int nops)
{
	struct diag diag = { .out = stderr };
	struct hinsn insn = { .form = form_find(host, name, op, nops, 0) };

	if (!insn.form)
		return false;
	memcpy(insn.op, op, nops * sizeof(*op));
	return !x86_encode(&insn, 0, &v->code, &diag);
}

static struct hop reg_op(int reg, unsigned int width)
{
	return (struct hop){
		.kind = HOP_REG, .reg = reg, .width = width, .base = HREG_NONE, .index = HREG_NONE, .disp_value = -1
	};
}

static struct hop home_op(int role, unsigned int width)
{
	return (struct hop){
		.kind = HOP_HOME, .role = role, .width = width, .base = HREG_NONE, .index = HREG_NONE, .disp_value = -1
	};
}

/* The store to the home slot of rd at the end becomes one of 32 bits. */
static bool store32_home(const struct crule *rule, const struct isa *host, struct cvariant *v)
{
	static struct host_code code;
	struct diag diag = { .out = stderr };
	const struct hinsn *last;
	struct hop ops[2];

	if (host_decode(host, v, rule->loc, &code, &diag) || !code.ninsns)
		return false;
	last = &code.insn[code.ninsns - 1];
	if (strcmp(last->form->name, "mov") || last->op[0].kind != HOP_HOME || last->op[1].kind != HOP_REG)
		return false;
	ops[0] = home_op(last->op[0].role, 32);
	ops[1] = reg_op(last->op[1].reg, 32);
	v->code.len = last->off;
	while (v->code.nholes && v->code.hole[v->code.nholes - 1].off >= last->off)
		v->code.nholes--;
	return append(host, v, "mov", ops, 2);
}

/* The classes say pinned, the template works on home slots; an empty one works on none. */
static bool home_of_pinned(const struct crule *rule, const struct isa *host, struct cvariant *v)
{
	int rd = find_role(rule, "rd");

	(void)host;
	if (rd < 0 || v->class[rd] != RES_HOME || !v->code.len)
		return false;
	for (unsigned int r = 0; r < rule->nroles; r++)
		if (v->class[r] == RES_HOME)
			v->class[r] = RES_PIN;
	return true;
}

/* A host register that no role names. */
static bool foreign_register(const struct crule *rule, const struct isa *host, struct cvariant *v)
{
	struct hop ops[] = { reg_op(ABI_RBX, 64), reg_op(ABI_RAX, 64) };

	(void)rule;
	return append(host, v, "mov", ops, 2);
}

static bool stack_pointer(const struct crule *rule, const struct isa *host, struct cvariant *v)
{
	struct hop ops[] = { reg_op(ABI_RSP, 64), reg_op(ABI_RAX, 64) };

	(void)rule;
	return append(host, v, "mov", ops, 2);
}

/* The page of the running code is no register of the guest. */
static bool write_pc_page(const struct crule *rule, const struct isa *host, struct cvariant *v)
{
	struct hop ops[] = { home_op(0, 64), reg_op(ABI_RAX, 64) };

	(void)rule;
	ops[0].kind = HOP_STATE;
	ops[0].disp_const = ABI_HOME + ABI_HOME_PC_PAGE;
	return append(host, v, "mov", ops, 2);
}

/* A store that the guest does not do. */
static bool extra_store(const struct crule *rule, const struct isa *host, struct cvariant *v)
{
	struct hop ops[] = { { .kind = HOP_GMEM, .width = 64, .base = ABI_RCX, .index = HREG_NONE, .disp_value = -1 },
			     reg_op(ABI_RAX, 64) };
	unsigned int off = v->code.len;

	(void)rule;
	if (v->naccesses == TMPL_ACCESSES_MAX || !append(host, v, "mov", ops, 2))
		return false;
	v->access[v->naccesses++] = (struct access){
		.kind = ACCESS_STORE,
		.size_bytes = 8,
		.off = (uint8_t)off,
		.len = (uint8_t)(v->code.len - off),
		.reg = ABI_RAX,
		.base = ABI_RCX,
		.disp_value = 0xff,
	};
	return true;
}

const struct plant damage_plants[] = {
	{ "32-bit store to a home slot", "=> register ", store32_home },
	{ "home slot of a pinned register", "home slot of a register that is not homed", home_of_pinned },
	{ "foreign register", "neither scratch nor a role's", foreign_register },
	{ "stack pointer", "neither scratch nor a role's", stack_pointer },
	{ "pc_page written", "or writes one that may only be read", write_pc_page },
	{ "store of its own", "that the guest does not do", extra_store },
	{ NULL, NULL, NULL },
};
