// SPDX-License-Identifier: GPL-2.0-only
/* plic.c: the model behind a lock, and who is kicked when a line changes. Next file: irqfd.c. */
#include "plic.h"

#include "trap.h"
#include "vcpu.h"
#include "vm.h"

void plic_init(struct plic *p, u32 nharts)
{
	spin_lock_init(&p->lock);
	plic_model_init(&p->model, 2 * nharts);
}

/* ---- lines; the lock is held ---- */

static u64 lines_of(const struct plic *p, u32 hartid)
{
	return (plic_model_asks(&p->model, 2 * hartid) ? 1ULL << IRQ_M_EXT : 0) |
	       (plic_model_asks(&p->model, 2 * hartid + 1) ? 1ULL << IRQ_S_EXT : 0);
}

static void update(struct plic *p)
{
	u32 hartid;

	for (hartid = 0; hartid < p->model.ncontexts / 2; hartid++) {
		u64 lines = lines_of(p, hartid);

		if (lines == p->lines[hartid])
			continue;
		WRITE_ONCE(p->lines[hartid], lines);
		if (p->hart[hartid])
			vcpu_kick(p->hart[hartid]); /* orders the line before its flag */
	}
}

/* ---- harts ---- */

void plic_attach(struct plic *p, u32 hartid, struct vcpu *v)
{
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	p->hart[hartid] = v; /* it looks at its lines when it first runs */
	spin_unlock_irqrestore(&p->lock, flags);
}

void plic_detach(struct plic *p, u32 hartid)
{
	plic_attach(p, hartid, NULL);
}

u64 plic_lines(const struct plic *p, u32 hartid)
{
	return READ_ONCE(p->lines[hartid]);
}

/* ---- sources ---- */

void plic_set_level(struct plic *p, u32 source, enum plic_input input, bool is_high)
{
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	plic_model_set_level(&p->model, source, input, is_high);
	update(p);
	spin_unlock_irqrestore(&p->lock, flags);
}

void plic_edge(struct plic *p, u32 source)
{
	unsigned long flags;

	spin_lock_irqsave(&p->lock, flags);
	plic_model_edge(&p->model, source);
	update(p);
	spin_unlock_irqrestore(&p->lock, flags);
}

/* ---- registers ---- */

int plic_access(struct vm *vm, u32 off, u32 len_bytes, bool is_write, u64 *value)
{
	struct plic *p = &vm->plic;
	unsigned long flags;
	u32 completed = 0;
	int err;

	spin_lock_irqsave(&p->lock, flags);
	if (is_write)
		err = plic_model_store(&p->model, off, len_bytes, *value, &completed);
	else
		err = plic_model_load(&p->model, off, len_bytes, value);
	update(p);
	spin_unlock_irqrestore(&p->lock, flags);
	if (completed)
		irqfd_completed(&vm->irqfds, completed);
	return err;
}
