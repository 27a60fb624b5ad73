// SPDX-License-Identifier: GPL-2.0-only
/* operand.c: operands of host instructions: registers, home slots, states and guest memory. Next file: access.c. */
#include "prove/host.h"

#include <stddef.h>
#include <string.h>

#include "../translator/abi.h"

static struct host_run *of(struct run *run)
{
	return (struct host_run *)run;
}

/* ---- where values are ---- */

/* Cell of a pinned role, or NULL (refused): a role of another class or file has no such pin. */
static term *pin_cell(struct host_run *h, int role, bool is_f)
{
	int class = role < (int)h->c->rule->nroles ? h->c->variant->class[role] : RES_ZERO;

	if ((class == RES_PIN || class == RES_PIN_SIB) && role_is_f(h->c->rule, role) == is_f)
		return &h->now.elem[h->c->role_elem[role]];
	run_refuse(&h->run, "uses the host register of a role that has none");
	return NULL;
}

static term *home_cell(struct host_run *h, int role)
{
	if (role < (int)h->c->rule->nroles && h->c->variant->class[role] == RES_HOME)
		return &h->now.elem[h->c->role_elem[role]];
	run_refuse(&h->run, "uses the home slot of a register that is not homed");
	return NULL;
}

static term *reg_cell(struct host_run *h, int reg)
{
	if (reg >= 0 && reg < HOST_SCRATCH)
		return &h->scratch[reg];
	run_refuse(&h->run, "uses a host register that is neither scratch nor a role's");
	return NULL;
}

static term *xmm_cell(struct host_run *h, int reg)
{
	if (reg >= 0 && reg < HOST_XMM)
		return &h->xmm[reg];
	run_refuse(&h->run, "uses an xmm register that is neither scratch nor a role's");
	return NULL;
}

/* Slots of abi.h by the name of the guest state. pc_page is no state of the guest: it may only be read, as may the table
 * page. */
static term *state_cell(struct host_run *h, int64_t offset, bool is_write)
{
	static const struct {
		const char *name;
		int64_t offset;
	} slots[] = {
		{ "resv", ABI_HOME + ABI_HOME_RESV },
		{ "resv_value", ABI_HOME + ABI_HOME_RESV_VALUE },
		{ "sstatus", ABI_CSR + ABI_CSR_SSTATUS },
		{ "sscratch", ABI_CSR + ABI_CSR_SSCRATCH },
		{ "sepc", ABI_CSR + ABI_CSR_SEPC },
		{ "scause", ABI_CSR + ABI_CSR_SCAUSE },
		{ "stval", ABI_CSR + ABI_CSR_STVAL },
		{ "stvec", ABI_CSR + ABI_CSR_STVEC },
		{ "pending", ABI_CSR + ABI_CSR_PENDING },
		{ "time_mult", ABI_TABLE + ABI_TABLE_TIME_MULT },
		{ "time_mult_s", ABI_TABLE + ABI_TABLE_TIME_MULT_S },
		{ "time_mult_u", ABI_TABLE + ABI_TABLE_TIME_MULT_U },
		{ "time_offset", ABI_TABLE + ABI_TABLE_TIME_OFFSET },
	};

	if (offset == ABI_HOME + ABI_HOME_PC_PAGE && !is_write)
		return &h->c->pc_page;
	for (unsigned int i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		if (slots[i].offset != offset || (is_write && offset >= ABI_TABLE))
			continue;
		for (unsigned int s = 0; s < h->guest->nstates && s < HOMES_MAX; s++)
			if (h->now.home[s] && !strcmp(h->guest->state[s].name, slots[i].name))
				return &h->now.home[s];
	}
	run_refuse(&h->run,
		   "uses a slot of the state area that is no state of the guest, or writes one that may only be read");
	return NULL;
}

static term *cell_of(struct host_run *h, const struct hop *op, bool is_write)
{
	switch (op->kind) {
	case HOP_REG: return reg_cell(h, op->reg);
	case HOP_XMM: return xmm_cell(h, op->reg);
	case HOP_ROLE: return pin_cell(h, op->role, false);
	case HOP_XROLE: return pin_cell(h, op->role, true);
	case HOP_HOME: return home_cell(h, op->role);
	case HOP_STATE: return state_cell(h, op->disp_const, is_write);
	default: return NULL;
	}
}

static term refused(struct host_run *h, const char *why, unsigned int width)
{
	run_refuse(&h->run, why);
	return run_fresh(&h->run, width);
}

/* ---- addresses ---- */

static term addr_reg(struct host_run *h, int reg)
{
	term *cell = reg >= HREG_ROLE ? pin_cell(h, reg & ~HREG_ROLE, false) : reg_cell(h, reg);

	return cell ? *cell : run_fresh(&h->run, 64);
}

/* A pinned role whose templates also serve r12. */
static bool may_be_r12(const struct host_run *h, unsigned int role)
{
	return h->c->variant->class[role] == RES_PIN_SIB || !arm_has_sib(h->c->arm, role);
}

term operand_addr(struct run *run, unsigned int operand)
{
	struct host_run *h = of(run);
	const struct hop *op = &h->insn->op[operand];
	term addr = t_num((uint64_t)op->disp_const, 64);

	if (op->kind != HOP_ADDR && op->kind != HOP_GMEM)
		return refused(h, "takes the address of something that is not memory", 64);
	if (op->disp_value >= 0)
		addr = t_add(addr, h->c->value[op->disp_value]);
	if (op->base != HREG_NONE)
		addr = t_add(addr_reg(h, op->base), addr);
	if (op->base >= HREG_ROLE && op->index == HREG_NONE && !op->base_needs_sib &&
	    may_be_r12(h, op->base & ~HREG_ROLE))
		run_refuse(run, "r12 as a base needs a SIB byte");
	if (op->index != HREG_NONE)
		addr = t_add(addr, t_binary(OP_MUL, addr_reg(h, op->index), t_num((uint64_t)op->scale, 64)));
	return t_simplify(addr);
}

/* ---- guest memory ---- */

static const struct access *record_of(struct host_run *h)
{
	const struct cvariant *v = h->code->variant;

	for (unsigned int i = 0; i < v->naccesses; i++)
		if (v->access[i].off == h->insn->off)
			return &v->access[i];
	run_refuse(&h->run, "an access to guest memory without a record for the fault handler");
	return NULL;
}

struct host_event *host_event_add(struct host_run *h, enum event_kind kind, unsigned int size, term addr)
{
	bool is_access = kind != EV_FENCE && kind != EV_CLOCK;
	const struct access *record = is_access ? record_of(h) : NULL;
	struct host_path *p = h->p;
	struct host_event *he;

	if (p->nevents == EVENTS_MAX) {
		run_refuse(&h->run, "more accesses than EVENTS_MAX");
		p->nevents = 0;
	}
	he = &p->event[p->nevents++];
	*he = (struct host_event){
		.ev = { .kind = kind, .size = size, .addr = addr, .insn = record ? record->insn : 0 },
		.state = host_state(h),
		.insn = h->insn,
		.is_probe = kind == EV_LOAD && record && record->kind == ACCESS_ATOMIC,
	};
	if (he->is_probe) {
		he->ev.old = run_fresh(&h->run, 8 * size);
	} else if (is_access) {
		he->ev.old = mem_unknown(h->nloads++, size);
	}
	return he;
}

static term gmem_read(struct host_run *h, unsigned int operand)
{
	const struct hop *op = &h->insn->op[operand];

	if (!h->loaded[operand])
		h->loaded[operand] = host_event_add(h, EV_LOAD, op->width / 8, operand_addr(&h->run, operand))->ev.old;
	return h->loaded[operand];
}

static void gmem_write(struct host_run *h, unsigned int operand, term value)
{
	const struct hop *op = &h->insn->op[operand];
	struct host_event *he = host_event_add(h, EV_STORE, op->width / 8, operand_addr(&h->run, operand));

	he->ev.value = t_trunc(value, op->width);
}

/* amo() and cas() of the locked instructions. Their operand is guest memory, or the access has no event to be. */
void operand_mem(struct run *run, const struct st *st)
{
	struct host_run *h = of(run);
	unsigned int bits = 8 * st->size;
	struct host_event *he;
	term value;

	if (st->addr->kind != EX_ADDR || h->insn->op[st->addr->index].kind != HOP_GMEM ||
	    (st->mem != MEM_AMO && st->mem != MEM_CAS)) {
		run_refuse(run, "a locked access to something that is not guest memory");
		return;
	}
	he = host_event_add(h, EV_ATOMIC, st->size, operand_addr(run, st->addr->index));
	run->local[st->result[0]] = he->ev.old;
	value = t_trunc(sem_expr(run, st->val), bits);
	if (st->mem == MEM_CAS)
		value = t_ite(t_eq(he->ev.old, t_trunc(sem_expr(run, st->expected), bits)), value, he->ev.old);
	he->ev.value = t_simplify(value);
}

/* ---- reading and writing ---- */

/* Immediate at the operand's width; that the bits of a hole are enough for its value is a goal of its own. */
static term immediate(struct host_run *h, const struct hop *op)
{
	if (op->kind == HOP_CONST)
		return t_snum(op->disp_const, op->width);
	return t_trunc(h->c->value[op->value], op->width);
}

/* frm is what MXCSR rounds by; above its bits the home page may hold anything. */
static term frm_read(struct host_run *h, unsigned int width)
{
	int frm = isa_find_state(h->guest, "frm");

	if (frm < 0 || frm >= HOMES_MAX || !h->now.home[frm])
		return refused(h, "reads frm where there is none", width);
	return t_trunc(t_concat(run_fresh(&h->run, 64 - t_width(h->now.home[frm])), h->now.home[frm]), width);
}

term operand_read(struct run *run, unsigned int operand)
{
	struct host_run *h = of(run);
	const struct hop *op = &h->insn->op[operand];
	term *cell;

	switch (op->kind) {
	case HOP_CONST:
	case HOP_VALUE: return immediate(h, op);
	case HOP_GMEM: return gmem_read(h, operand);
	case HOP_STATE:
		if (op->disp_const == ABI_HOME + ABI_HOME_FRM)
			return frm_read(h, op->width);
		cell = cell_of(h, op, false);
		break;
	case HOP_LABEL:
	case HOP_TARGET:
	case HOP_EXIT: return run_fresh(run, h->insn->form->opnd[operand].width); /* only goes to pc, see host.c */
	default: cell = cell_of(h, op, false);
	}
	if (!cell)
		return refused(h, "an operand that cannot be read", op->width);
	return t_trunc(*cell, op->width);
}

void operand_write(struct run *run, unsigned int operand, term value)
{
	struct host_run *h = of(run);
	const struct hop *op = &h->insn->op[operand];
	bool is_register = op->kind == HOP_REG || op->kind == HOP_ROLE;
	term *cell;

	if (op->kind == HOP_GMEM) {
		gmem_write(h, operand, value);
		return;
	}
	cell = cell_of(h, op, true);
	if (!cell) {
		run_refuse(run, "an operand that cannot be written");
		return;
	}
	if (is_register && op->width == 32)
		*cell = t_simplify(t_zext(t_trunc(value, 32), 64));
	else
		*cell = t_simplify(t_insert_low(*cell, t_trunc(value, op->width)));
}
