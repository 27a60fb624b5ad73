// SPDX-License-Identifier: GPL-2.0-only
/* text.c: allocates what a code cache needs; all of it is charged to the caller's memory cgroup.
 * Next file: ../translator/cache.h. */
#include "text.h"

#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "cache.h"

static struct page **list_pages(const u8 *code, u32 npages)
{
	struct page **page = kvcalloc(npages, sizeof(*page), GFP_KERNEL_ACCOUNT);
	u32 i;

	for (i = 0; page && i < npages; i++)
		page[i] = vmalloc_to_page(code + i * PAGE_SIZE);
	return page;
}

int text_create(struct text *t, u32 code_bytes, u32 guest_pages)
{
	memset(t, 0, sizeof(*t));
	t->code_bytes = code_bytes;
	t->meta_bytes = cache_meta_bytes(code_bytes, guest_pages);
	t->code = __vmalloc(code_bytes, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	t->keys = __vmalloc(PAGE_ALIGN(cache_key_bytes(code_bytes)), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	t->meta = __vmalloc(t->meta_bytes, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (t->code)
		t->page = list_pages(t->code, code_bytes >> PAGE_SHIFT);
	if (t->keys && t->meta && t->page)
		return 0;
	text_destroy(t);
	return -ENOMEM;
}

void text_destroy(struct text *t)
{
	kvfree(t->page);
	vfree(t->meta);
	vfree(t->keys);
	vfree(t->code);
	memset(t, 0, sizeof(*t));
}
