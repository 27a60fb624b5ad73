// SPDX-License-Identifier: GPL-2.0-only
/* ram.c: guest RAM as everything but translated code sees it, and which of its pages hold translated code.
 *
 * Self-modifying code: a page is made read-only in the window when the first block is translated from it. The first
 * store to it faults, marks the page as written and makes it writable again. fence.i drops the blocks of all pages
 * written since the last one. Between store and fence.i stale code may run, as RISC-V permits
 * (unpriv zifencei.adoc). Stores by the interpreter and by devices mark pages here as well.
 * Next file: fault.c. */
#include <sys/mman.h>

#include "machine.h"
#include "paging.h"
#include "trap.h"

bool ram_holds(const struct machine *m, gva_t addr, u64 size_bytes)
{
	u64 off = addr - MACHINE_RAM_GPA;

	return off < m->opt.ram_bytes && size_bytes <= m->opt.ram_bytes - off;
}

static u32 page_of(gva_t addr)
{
	return (u32)((addr - MACHINE_RAM_GPA) >> 12);
}

static void protect(struct machine *m, u32 page, int prot)
{
	if (mprotect(m->window + MACHINE_RAM_GPA + ((u64)page << 12), 4096, prot)) {
		perror("ldbt-bare: mprotect");
		machine_stop(m, 1);
	}
}

void ram_note_code(struct machine *m, gva_t addr)
{
	u32 page = page_of(addr);

	if (m->page_flags[page] & PAGE_HAS_CODE)
		return;
	m->page_flags[page] |= PAGE_HAS_CODE;
	protect(m, page, PROT_READ);
}

static void note_page_write(struct machine *m, u32 page)
{
	u8 *flags = &m->page_flags[page];

	if (!(*flags & PAGE_HAS_CODE) || (*flags & PAGE_WRITTEN))
		return;
	*flags |= PAGE_WRITTEN;
	m->written[m->nwritten++] = page;
	if (!(*flags & PAGE_WATCHED))
		protect(m, page, PROT_READ | PROT_WRITE);
}

void ram_note_write(struct machine *m, gva_t addr, u32 size_bytes)
{
	note_page_write(m, page_of(addr));
	if (page_of(addr) != page_of(addr + size_bytes - 1))
		note_page_write(m, page_of(addr + size_bytes - 1));
}

void ram_fence_i(struct machine *m)
{
	u32 i;

	for (i = 0; i < m->nwritten; i++) {
		u32 page = m->written[i];

		cache_invalidate_page(&m->cache, MACHINE_RAM_GPA + ((u64)page << 12));
		m->page_flags[page] &= (u8) ~(PAGE_HAS_CODE | PAGE_WRITTEN);
	}
	m->nwritten = 0;
}

int ram_watch(struct machine *m, gva_t addr)
{
	m->tohost = addr;
	m->page_flags[page_of(addr)] |= PAGE_WATCHED;
	protect(m, page_of(addr), PROT_READ);
	return 0;
}

int ram_load(struct machine *m, gva_t addr, u32 size_bytes, u64 *value)
{
	*value = 0;
	if (!ram_holds(m, addr, size_bytes))
		return CAUSE_LOAD_ACCESS;
	memcpy(value, m->ram + (addr - MACHINE_RAM_GPA), size_bytes);
	return 0;
}

/* riscv-tests: 1 is success, else twice the number of the failing test plus 1. */
static void tohost_written(struct machine *m)
{
	u64 value;

	memcpy(&value, m->ram + (m->tohost - MACHINE_RAM_GPA), 8);
	if (value & 1)
		machine_stop(m, (int)(value >> 1) & 0xff);
}

int ram_store(struct machine *m, gva_t addr, u32 size_bytes, u64 value)
{
	if (!ram_holds(m, addr, size_bytes))
		return CAUSE_STORE_ACCESS;
	memcpy(m->ram + (addr - MACHINE_RAM_GPA), &value, size_bytes);
	ram_note_write(m, addr, size_bytes);
	if (m->tohost && addr < m->tohost + 8 && addr + size_bytes > m->tohost)
		tohost_written(m);
	return 0;
}

/* ---- what the interpreter uses ---- */

static int op_load(struct guest *g, gva_t addr, u32 size_bytes, u64 *value)
{
	struct machine *m = g->opaque;

	if (ram_holds(m, addr, size_bytes))
		return ram_load(m, addr, size_bytes, value);
	return dev_access(m, addr, size_bytes, false, value);
}

static int op_store(struct guest *g, gva_t addr, u32 size_bytes, u64 value)
{
	struct machine *m = g->opaque;

	if (ram_holds(m, addr, size_bytes))
		return ram_store(m, addr, size_bytes, value);
	return dev_access(m, addr, size_bytes, true, &value);
}

static int op_cas(struct guest *g, gva_t addr, u32 size_bytes, u64 expected, u64 desired, u64 *old)
{
	struct machine *m = g->opaque;
	u64 mask = size_bytes == 8 ? ~0ULL : 0xffffffff;

	if (ram_load(m, addr, size_bytes, old))
		return CAUSE_STORE_ACCESS;
	if (((*old ^ expected) & mask) == 0)
		return ram_store(m, addr, size_bytes, desired);
	return 0;
}

static int op_fetch(struct guest *g, gva_t addr, u16 *parcel)
{
	struct machine *m = g->opaque;
	u64 value;

	if (ram_load(m, addr, 2, &value))
		return CAUSE_FETCH_ACCESS;
	*parcel = (u16)value;
	return 0;
}

static u64 op_time(struct guest *g)
{
	return dev_time(g->opaque);
}

static const struct guest_ops physical_ops = {
	.load = op_load,
	.store = op_store,
	.cas = op_cas,
	.fetch = op_fetch,
	.time = op_time,
	.instret = op_time,
};

static bool is_ram(const struct guest *g, gpa_t gpa, u64 size_bytes)
{
	return ram_holds(g->opaque, gpa, size_bytes);
}

const struct paging ram_paging = { PAGING_OPS(op_time), &physical_ops, is_ram };
