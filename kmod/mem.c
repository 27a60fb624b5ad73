// SPDX-License-Identifier: GPL-2.0-only
/* mem.c: checks, pins and charges guest memory. Next file: vm.c. */
#include "mem.h"

#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat/compat.h"

enum { PIN_PAGES_AT_ONCE = 1 << 15 };

void mem_create(struct mem *m)
{
	memset(m, 0, sizeof(*m));
	mmgrab(current->mm);
	m->mm = current->mm;
}

/* ---- look-ups ---- */

static const struct mem_region *region_of(const struct mem *m, gpa_t gpa)
{
	u32 i;

	for (i = 0; i < LDBT_MEMORY_SLOTS; i++)
		if (gpa - m->region[i].gpa < m->region[i].npages << PAGE_SHIFT)
			return &m->region[i];
	return NULL;
}

static u64 page_number(const struct mem_region *r, gpa_t gpa)
{
	return (gpa - r->gpa) >> PAGE_SHIFT;
}

struct page *mem_page(const struct mem *m, gpa_t gpa)
{
	const struct mem_region *r = region_of(m, gpa);

	return r ? r->page[page_number(r, gpa)] : NULL;
}

u8 *mem_bytes(const struct mem *m, gpa_t gpa)
{
	struct page *page = mem_page(m, gpa);

	return page ? page_address(page) : NULL; /* x86-64 has no high memory */
}

bool mem_holds(const struct mem *m, gpa_t gpa, u64 len_bytes)
{
	while (len_bytes) {
		const struct mem_region *r = region_of(m, gpa);
		u64 left;

		if (!r)
			return false;
		left = r->gpa + (r->npages << PAGE_SHIFT) - gpa;
		if (left >= len_bytes)
			return true;
		gpa += left;
		len_bytes -= left;
	}
	return true;
}

static bool ranges_meet(gpa_t a, u64 a_bytes, gpa_t b, u64 b_bytes)
{
	return a < b + b_bytes && b < a + a_bytes;
}

bool mem_touches(const struct mem *m, gpa_t gpa, u64 len_bytes)
{
	u32 i;

	for (i = 0; i < LDBT_MEMORY_SLOTS; i++)
		if (m->region[i].npages &&
		    ranges_meet(gpa, len_bytes, m->region[i].gpa, m->region[i].npages << PAGE_SHIFT))
			return true;
	return false;
}

void mem_span(const struct mem *m, gpa_t *gpa, u64 *npages)
{
	gpa_t begin = ~0ULL, end = 0;
	u32 i;

	for (i = 0; i < LDBT_MEMORY_SLOTS; i++) {
		const struct mem_region *r = &m->region[i];

		if (!r->npages)
			continue;
		begin = min(begin, r->gpa);
		end = max(end, r->gpa + (r->npages << PAGE_SHIFT));
	}
	*gpa = end ? begin : 0;
	*npages = end ? (end - begin) >> PAGE_SHIFT : 0;
}

/* ---- pages with code ---- */

u8 mem_flags(const struct mem *m, gpa_t gpa)
{
	const struct mem_region *r = region_of(m, gpa);

	return r ? READ_ONCE(r->flags[page_number(r, gpa)]) : 0;
}

bool mem_note_code(struct mem *m, gpa_t gpa)
{
	const struct mem_region *r = region_of(m, gpa);
	u8 *flags;

	if (!r)
		return false;
	flags = &r->flags[page_number(r, gpa)];
	if (*flags & MEM_HAS_CODE)
		return false;
	*flags |= MEM_HAS_CODE;
	set_bit(page_number(r, gpa), r->code_map);
	smp_mb__after_atomic(); /* the mark before the code is read; partner: the barrier of who writes guest memory */
	return true;
}

bool mem_note_write(struct mem *m, gpa_t gpa)
{
	const struct mem_region *r = region_of(m, gpa);
	u8 *flags;

	if (!r)
		return false;
	flags = &r->flags[page_number(r, gpa)];
	if (!mem_is_write_protected(*flags))
		return false;
	*flags |= MEM_WRITTEN;
	if (m->nwritten < MEM_WRITTEN_MAX)
		m->written[m->nwritten++] = gpa & PAGE_MASK;
	else
		m->has_more_written = true;
	return true;
}

static bool take_flags(const struct mem_region *r, u64 number)
{
	u8 *flags = &r->flags[number];

	if (!(*flags & MEM_WRITTEN))
		return false;
	*flags &= ~(MEM_HAS_CODE | MEM_WRITTEN);
	clear_bit(number, r->code_map);
	return true;
}

bool mem_forget_code(struct mem *m, gpa_t gpa)
{
	const struct mem_region *r = region_of(m, gpa);
	bool was_protected;
	u8 *flags;

	if (!r)
		return false;
	flags = &r->flags[page_number(r, gpa)];
	was_protected = mem_is_write_protected(*flags);
	*flags &= ~(MEM_HAS_CODE | MEM_WRITTEN);
	clear_bit(page_number(r, gpa), r->code_map);
	return was_protected;
}

int mem_map_code(const struct mem *m, struct vm_area_struct *vma)
{
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT, slot = offset / LDBT_CODE_MAP_STRIDE;
	const struct mem_region *r;

	if (offset % LDBT_CODE_MAP_STRIDE || slot >= LDBT_MEMORY_SLOTS)
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & (VM_WRITE | VM_EXEC)))
		return -EINVAL;
	r = &m->region[slot];
	if (!r->npages)
		return -ENXIO;
	if (vma->vm_end - vma->vm_start != LDBT_CODE_MAP_BYTES(r->npages << PAGE_SHIFT))
		return -EINVAL;
	compat_vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	return remap_vmalloc_range(vma, r->code_map, 0);
}

/* Goes on where the last call stopped: one pass over all flags, however many pages were written. */
static bool scan_written(struct mem *m, gpa_t *gpa)
{
	for (; m->scan_slot < LDBT_MEMORY_SLOTS; m->scan_slot++, m->scan_page = 0) {
		const struct mem_region *r = &m->region[m->scan_slot];

		for (; m->scan_page < r->npages; m->scan_page++)
			if (take_flags(r, m->scan_page)) {
				*gpa = r->gpa + (m->scan_page << PAGE_SHIFT);
				return true;
			}
	}
	m->has_more_written = false;
	m->scan_slot = 0;
	return false;
}

bool mem_next_written(struct mem *m, gpa_t *gpa)
{
	while (m->nwritten) {
		const struct mem_region *r;

		*gpa = m->written[--m->nwritten];
		r = region_of(m, *gpa);
		if (r && take_flags(r, page_number(r, *gpa)))
			return true;
	}
	return m->has_more_written && scan_written(m, gpa);
}

/* ---- slots ---- */

static int check_arg(const struct mem *m, const struct ldbt_memory *arg)
{
	if (arg->slot >= LDBT_MEMORY_SLOTS || arg->flags || arg->pad[0] || arg->pad[1])
		return -EINVAL;
	if ((arg->gpa | arg->size_bytes | arg->x_hva) & ~PAGE_MASK)
		return -EINVAL;
	if (!arg->size_bytes)
		return m->region[arg->slot].npages ? 0 : -EINVAL;
	if (arg->size_bytes > LDBT_MEMORY_BYTES_MAX || arg->gpa > LDBT_MEMORY_BYTES_MAX - arg->size_bytes)
		return -EINVAL;
	if (arg->x_hva + arg->size_bytes < arg->x_hva)
		return -EINVAL;
	if (m->region[arg->slot].npages || mem_touches(m, arg->gpa, arg->size_bytes))
		return -EEXIST;
	return 0;
}

static void unpin(struct mem_region *r, u64 npages)
{
	u64 k, n;

	for (k = 0; k < npages; k += n) {
		n = min_t(u64, npages - k, PIN_PAGES_AT_ONCE);
		unpin_user_pages_dirty_lock(r->page + k, n, true);
		cond_resched();
	}
}

static int pin(struct mem_region *r, u64 hva, u64 npages)
{
	u64 k;
	int n;

	for (k = 0; k < npages; k += n) {
		n = min_t(u64, npages - k, PIN_PAGES_AT_ONCE);
		n = pin_user_pages_fast(hva + (k << PAGE_SHIFT), n, FOLL_WRITE | FOLL_LONGTERM, r->page + k);
		if (n <= 0 || fatal_signal_pending(current)) {
			unpin(r, k + max(n, 0));
			return n == -ENOMEM ? -ENOMEM : -EFAULT;
		}
		cond_resched();
	}
	return 0;
}

static void region_free(struct mem_region *r)
{
	vfree(r->code_map); /* pages that are mapped stay until they are not */
	kvfree(r->page);
	kvfree(r->flags);
	memset(r, 0, sizeof(*r));
}

static int region_fill(struct mem *m, struct mem_region *r, const struct ldbt_memory *arg)
{
	u64 npages = arg->size_bytes >> PAGE_SHIFT;
	int err = account_locked_vm(m->mm, npages, true);

	if (err)
		return err;
	err = -ENOMEM;
	r->page = kvcalloc(npages, sizeof(*r->page), GFP_KERNEL_ACCOUNT);
	r->flags = kvzalloc(npages, GFP_KERNEL_ACCOUNT);
	r->code_map = vmalloc_user(LDBT_CODE_MAP_BYTES(arg->size_bytes));
	if (r->page && r->flags && r->code_map)
		err = pin(r, arg->x_hva, npages);
	if (err)
		goto err_uncharge;
	r->gpa = arg->gpa;
	r->npages = npages;
	return 0;

err_uncharge:
	region_free(r);
	account_locked_vm(m->mm, npages, false);
	return err;
}

static void region_clear(struct mem *m, struct mem_region *r)
{
	u64 npages = r->npages;

	if (!npages)
		return;
	unpin(r, npages);
	region_free(r);
	account_locked_vm(m->mm, npages, false);
}

int mem_set(struct mem *m, const struct ldbt_memory *arg)
{
	int err = check_arg(m, arg);

	if (err)
		return err;
	if (!arg->size_bytes) {
		region_clear(m, &m->region[arg->slot]);
		return 0;
	}
	if (current->mm != m->mm) /* the pages of another process would be charged to the maker of the VM */
		return -EFAULT;
	return region_fill(m, &m->region[arg->slot], arg);
}

void mem_destroy(struct mem *m)
{
	u32 i;

	for (i = 0; i < LDBT_MEMORY_SLOTS; i++)
		region_clear(m, &m->region[i]);
	mmdrop(m->mm);
}
