/* SPDX-License-Identifier: GPL-2.0-only */
/* mem.h: guest-physical memory: slots of the caller's pages, pinned, and what is known about each page.
 *
 * Owns:    a pin on each page of each slot, the charge for them (RLIMIT_MEMLOCK of the process that made the VM), and one
 *          flag byte per page.
 * Promise: slots never overlap and end at or below LDBT_MEMORY_BYTES_MAX. A page stays at its place from mem_set() until
 *          the slot is cleared; slots change only while the VM has no vCPU, so vCPUs look pages up without a lock.
 * Locks:   vm->lock for mem_set() and mem_destroy(); vm->code_lock for the flag bytes and the list of written pages.
 * Context: process; mem_set() sleeps; look-ups any.
 * Errors:  those of LDBT_SET_MEMORY in uapi/ldbt.h; on error nothing changed.
 * Next file: vm.h, which owns the only struct mem of a VM. */
#ifndef LDBT_KMOD_MEM_H
#define LDBT_KMOD_MEM_H

#include <linux/mm_types.h>

#include "port.h"
#include "uapi/ldbt.h"

/* Flags of one page. A page with MEM_HAS_CODE and without MEM_WRITTEN is read-only in every window. */
enum {
	MEM_HAS_CODE = 1, /* translated from since the last fence.i */
	MEM_WRITTEN = 2,  /* written since: its blocks go at the next fence.i */
};

enum { MEM_WRITTEN_MAX = 256 }; /* remembered by number; more: all flags are looked at */

struct mem_region {
	gpa_t gpa;
	u64 npages; /* 0: unused slot */
	struct page **page;
	u8 *flags;
	unsigned long *code_map; /* a bit a page: MEM_HAS_CODE, as user space sees it; LDBT_CODE_MAP_BYTES */
};

struct mem {
	struct mm_struct *mm; /* who is charged */
	struct mem_region region[LDBT_MEMORY_SLOTS];
	gpa_t written[MEM_WRITTEN_MAX];
	u32 nwritten;
	bool has_more_written;
	u32 scan_slot; /* where the look at all flags goes on */
	u64 scan_page;
};

void mem_create(struct mem *m);
void mem_destroy(struct mem *m);
int mem_set(struct mem *m, const struct ldbt_memory *arg);

/* All slots lie within [*gpa, *gpa + *npages * 4096); *npages is 0 if there is none. */
void mem_span(const struct mem *m, gpa_t *gpa, u64 *npages);

/* The page that holds gpa, or NULL. */
struct page *mem_page(const struct mem *m, gpa_t gpa);
/* Its 4096 bytes in the host kernel, or NULL. */
u8 *mem_bytes(const struct mem *m, gpa_t gpa);
/* Is every byte of the range guest memory? */
bool mem_holds(const struct mem *m, gpa_t gpa, u64 len_bytes);
/* Does any byte of the range lie in guest memory? */
bool mem_touches(const struct mem *m, gpa_t gpa, u64 len_bytes);

u8 mem_flags(const struct mem *m, gpa_t gpa);
/* Shows the code map of a slot; slots do not change any more. */
int mem_map_code(const struct mem *m, struct vm_area_struct *vma);
static inline bool mem_is_write_protected(u8 flags)
{
	return (flags & (MEM_HAS_CODE | MEM_WRITTEN)) == MEM_HAS_CODE;
}

/* The page gets its first translation. True: it was not marked before, so write access must be taken away. */
bool mem_note_code(struct mem *m, gpa_t gpa);
/* A store to the page. True: it had code and was not marked as written before. */
bool mem_note_write(struct mem *m, gpa_t gpa);
/* The page's translations are gone. True: it was write protected. */
bool mem_forget_code(struct mem *m, gpa_t gpa);
/* Takes one written page from the list and clears its flags; false when there is none. */
bool mem_next_written(struct mem *m, gpa_t *gpa);

#endif
