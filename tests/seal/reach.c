// SPDX-License-Identifier: GPL-2.0-only
/* reach.c: ring 3 tries to read and to write the host's memory, right after the host used it: the processor may still hold the
 * host's own translation, with the global bit, which a change of page tables does not drop. Each try must fault at that address.
 *
 * Only a processor that keeps such translations can show a leak here: Bochs, with pti=off. Next file: kmod/space_verify.c. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <asm/desc.h>
#include <asm/trapnr.h>

#include "gate.h"
#include "pcid.h"
#include "seal.h"

enum { KINDS = 10 };

static u64 seed;

static u64 draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Readable by the host; of each kind of mapping it has. */
static u64 draw_address(struct world *w)
{
	u32 page = draw() % SEAL_PAGES;
	u64 offset = draw() & 0xff8;
	struct desc_ptr idt;

	store_idt(&idt);

	switch (draw() % KINDS) {
	case 0: return (u64)page_address(w->ram[page]) + offset; /* direct mapping */
	case 1: return (u64)w->ram[page];			 /* memory map */
	case 2: return (u64)&kfree + (draw() & 0x3f8);		 /* kernel text */
	case 3: return (u64)&jiffies;				 /* kernel data */
	case 4: return (u64)gate_text + offset;			 /* module text; the world has it for ring 0 */
	case 5: return (u64)&seed;				 /* module data */
	case 6: return (u64)w + (draw() & 0x3ff8);		 /* vmalloc */
	case 7: return (u64)current + (draw() & 0x3f8);
	case 8: return (u64)&idt & -8UL; /* stack */
	default: return idt.address + offset;
	}
}

static bool is_closed(struct world *w, u32 code, u64 va, u64 error_bits)
{
	struct space_frame *f = w->frame;

	READ_ONCE(*(const u64 *)va);
	f->reg[ABI_RSI] = va;
	return seal_run(w, code) == SPACE_FAULT && f->vector == X86_TRAP_PF && (f->error & 6) == error_bits &&
	       space_fault_address(w->space) == va;
}

void seal_try_reach(struct world *w, u32 rounds, u64 first_seed)
{
	bool is_good = true;
	u64 va = 0;
	u32 i;

	seed = first_seed | 1;
	for (i = 0; i < rounds && is_good; i++) {
		va = draw_address(w);
		is_good = seal_check(w, is_closed(w, SEAL_RAW_LOAD, va, 4), "the host's memory cannot be read") &&
			  seal_check(w, is_closed(w, SEAL_RAW_STORE, va, 6), "the host's memory cannot be written");
		cond_resched();
	}
	if (!is_good)
		pr_err("seal: reach: seed %#llx, round %u, address %#llx\n", first_seed, i, va);
	pr_info("seal: reach: %u addresses of the host, PCIDs %s\n", i, pcid_is_usable() ? "in use" : "not there");
}
