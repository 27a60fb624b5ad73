/* SPDX-License-Identifier: GPL-2.0-only */
/* text.h: the memory of one VM's code cache: code bytes, keys of links, and the tables of the
 * translator.
 *
 * Owns:    all allocations. The code bytes are ordinary pages: the host kernel maps them writable and never executable,
 *          the sealed worlds map the same pages executable and never writable.
 * Promise: text->page[] lists the code pages in order, as space_create() wants them.
 * Locks:   vm->lock for create and destroy. Context: process; sleeps.
 * Errors:  -ENOMEM; on error nothing is held.
 * Next file: vm.c, which makes the struct cache over it. */
#ifndef LDBT_KMOD_TEXT_H
#define LDBT_KMOD_TEXT_H

#include "port.h"

struct page;

struct text {
	u8 *code;
	u32 code_bytes;
	struct page **page;
	u64 *keys;
	void *meta;
	size_t meta_bytes;
};

int text_create(struct text *t, u32 code_bytes, u32 guest_pages);
void text_destroy(struct text *t);

#endif
