// SPDX-License-Identifier: GPL-2.0-only
/* space_shadow.c: memory of one world's shadow tables: the pool and what is kept about it (world/shadow.h).
 * Next file: space_view.c, world/pool.c. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/vmalloc.h>

#include "space_impl.h"
#include "world/rmap.h"

enum {
	POOL_SPARE = 512 + SHADOW_ROOTS, /* shadow tables beside those that map all RAM */
	/* An instruction may need two pages of the guest, each a middle and a leaf table, and goes on when both are there. */
	POOL_LEAST = SHADOW_ROOTS + 16,
};

static unsigned int shadow_pages;
module_param(shadow_pages, uint, 0444);
MODULE_PARM_DESC(
	shadow_pages,
	"pages for shadow tables of one vCPU, twice their memory in all: 94 to 16384; 0: by the guest's memory");

_Static_assert(sizeof(struct pool_info) == 8 && sizeof(struct shadow_link) == 8, "layout.h");
_Static_assert(sizeof(struct shadow_state) <= WORLD_SHADOW_BYTES, "layout.h");
_Static_assert(POOL_LEAST == 94 && WORLD_POOL_PAGES == 16384, "shadow_pages");
_Static_assert(WORLD_POOL_PAGES * 8 <= WORLD_POOL_INFO - WORLD_POOL_PA, "layout.h");
_Static_assert(WORLD_POOL_PAGES * 4096 <= WORLD_POOL_PA - WORLD_POOL, "layout.h");
_Static_assert(WORLD_POOL_PAGES * 4096 <= WORLD_HEADS - WORLD_LINKS, "layout.h");

static void *table(u64 bytes)
{
	return __vmalloc(PAGE_ALIGN(bytes), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
}

/* Lists are numbered: all pages, region by region, then all blocks. */
static void number_heads(struct space *s)
{
	struct monitor_state *m = s->monitor;
	u32 i, next = 0;

	m->nregions = s->vm->nregions;
	memcpy(m->region, s->vm->region, sizeof(m->region));
	for (i = 0; i < m->nregions; i++) {
		m->region[i].head_page = next;
		next += (m->region[i].gpa_end - m->region[i].gpa) >> PAGE_SHIFT;
	}
	for (i = 0; i < m->nregions; i++) {
		m->region[i].head_block = next;
		next = rmap_block(&m->region[i], m->region[i].gpa_end - 1) + 1;
	}
	s->nheads = next;
}

static int alloc_pool(struct space *s, u64 *pool_pa)
{
	u32 i;

	for (i = 0; i < s->shadow.st->pool_pages; i++) {
		s->pool[i] = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
		if (!s->pool[i])
			return -ENOMEM;
		pool_pa[i] = page_to_phys(s->pool[i]);
	}
	s->shadow.pool = vmap(s->pool, s->shadow.st->pool_pages, VM_MAP, PAGE_KERNEL);
	return s->shadow.pool ? 0 : -ENOMEM;
}

/* Without a wish, enough tables to map all guest RAM twice: bare, and by a kernel. */
static u64 pool_pages(const struct space *s)
{
	u64 pages = shadow_pages ?: 2 * (s->vm->nram_pages / 512) + POOL_SPARE;

	return clamp_t(u64, pages, POOL_LEAST, WORLD_POOL_PAGES);
}

int space_alloc_shadow(struct space *s)
{
	u64 pages = pool_pages(s);
	struct shadow *shadow = &s->shadow;
	u64 *pool_pa;
	u32 i;

	number_heads(s);
	s->pool = kvcalloc(pages, sizeof(*s->pool), GFP_KERNEL_ACCOUNT);
	shadow->m = s->monitor;
	shadow->st = table(WORLD_SHADOW_BYTES);
	shadow->pool_pa = pool_pa = table(pages * sizeof(*pool_pa));
	shadow->info = table(pages * sizeof(*shadow->info));
	shadow->link = table(pages * SHADOW_ENTRIES * sizeof(*shadow->link));
	shadow->head = table((u64)s->nheads * sizeof(*shadow->head));
	if (!s->pool || !shadow->st || !pool_pa || !shadow->info || !shadow->link || !shadow->head)
		return -ENOMEM;
	shadow->st->pool_pages = pages;
	shadow->st->pool_next = SHADOW_ROOTS;
	shadow->st->nfree = pages - SHADOW_ROOTS;
	shadow->st->aspace_paged = ASPACE_FIRST;
	shadow->st->has_keys = space_has_keys;
	for (i = 0; i < SHADOW_ROOTS; i++)
		shadow->info[i] = (struct pool_info){ .kind = POOL_TOP, .owner = OWNER_NONE };
	return alloc_pool(s, pool_pa);
}

void space_free_shadow(struct space *s)
{
	struct shadow *shadow = &s->shadow;
	u32 i;

	vunmap(shadow->pool);
	for (i = 0; shadow->st && s->pool && i < shadow->st->pool_pages; i++)
		if (s->pool[i])
			__free_page(s->pool[i]);
	kvfree(s->pool);
	vfree(shadow->head);
	vfree(shadow->link);
	vfree(shadow->info);
	vfree(shadow->pool_pa);
	vfree(shadow->st);
}
