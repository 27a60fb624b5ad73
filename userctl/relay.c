// SPDX-License-Identifier: GPL-2.0-only
/* relay.c: two rings, one distrusted and one of our own, and what lies between. Numbers in brackets are sections of virtio 1.2.
 * Each chain is one indirect descriptor of the back end's ring. Next file: net_vhost.c. */
#include "relay.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

enum {
	AVAIL_NO_INTERRUPT = 1, /* [2.7.6] */
	USED_NO_NOTIFY = 1,	/* [2.7.8] */
	FLAGS = 0,
	IDX = 1,
	RING = 2,
	PAGE_BYTES = 4096,
	/* places in memory */
	DESC_OFF = 0,
	AVAIL_OFF = DESC_OFF + RELAY_SIZE_MAX * sizeof(struct virtq_desc),
	USED_OFF = AVAIL_OFF + PAGE_BYTES,
	TABLES_OFF = USED_OFF + PAGE_BYTES,
	TABLE_BYTES = VIRTQ_IOV_MAX * sizeof(struct virtq_desc),
	MEMORY_BYTES = TABLES_OFF + RELAY_SIZE_MAX * TABLE_BYTES,
};
_Static_assert(sizeof(uint16_t) * (RING + 1 + RELAY_SIZE_MAX) <= PAGE_BYTES, "the available ring fits");
_Static_assert(sizeof(uint16_t) * (RING + 1) + RELAY_SIZE_MAX * sizeof(struct virtq_used_elem) <= PAGE_BYTES,
	       "the used ring fits");

static uint16_t load(const uint16_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void store(uint16_t *at, uint16_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static int broken(struct relay *r, const char *fault)
{
	if (!r->fault)
		r->fault = fault;
	return -EPROTO;
}

/* ---- life ---- */

uint64_t relay_bytes(void)
{
	return MEMORY_BYTES;
}

/* Pages of tables that no chain fills are never touched. */
int relay_create(struct relay *r, uint64_t gpa)
{
	uint8_t *at =
		mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return -ENOMEM;
	*r = (struct relay){
		.gpa = gpa,
		.memory = at,
		.desc = (struct virtq_desc *)(at + DESC_OFF),
		.avail = (uint16_t *)(at + AVAIL_OFF),
		.used = (uint16_t *)(at + USED_OFF),
		.tables = (struct virtq_desc *)(at + TABLES_OFF),
	};
	return 0;
}

void relay_destroy(struct relay *r)
{
	if (r->memory)
		munmap(r->memory, MEMORY_BYTES);
	r->memory = NULL;
}

int relay_start(struct relay *r, struct virtq *q, const struct relay_kind *kind)
{
	if (q->size > RELAY_SIZE_MAX)
		return -EPROTO;
	r->kind = kind;
	r->q = q;
	r->size = q->size;
	r->first = r->ntaken = r->next_avail = r->seen_used = 0;
	r->fault = NULL;
	memset(r->memory, 0, TABLES_OFF);
	return 0;
}

/* ---- from the guest ---- */

static struct relay_slot *slot_at(struct relay *r, uint16_t nth, uint32_t *number)
{
	*number = (uint16_t)(r->first + nth) % r->size;
	return &r->slot[*number];
}

/* The buffers, up to max_bytes, as the back end is to see them; empty ones say nothing. */
static void fill_table(struct relay *r, struct relay_slot *slot, struct iov_list list, struct virtq_desc *table)
{
	uint32_t i;

	slot->nbuffers = 0;
	slot->bytes = 0;
	for (i = 0; i < list.n && slot->bytes < r->kind->max_bytes; i++) {
		uint32_t room = r->kind->max_bytes - slot->bytes, len = (uint32_t)list.iov[i].iov_len;
		uint64_t gpa = r->q->mem->gpa + (uint64_t)((uint8_t *)list.iov[i].iov_base - r->q->mem->ram);
		uint16_t n = slot->nbuffers;

		if (!len)
			continue;
		len = len < room ? len : room;
		table[n] = (struct virtq_desc){ gpa, len, VIRTQ_DESC_NEXT, n + 1 };
		table[n].flags |= r->kind->is_written ? VIRTQ_DESC_WRITE : 0;
		slot->nbuffers++;
		slot->bytes += len;
	}
	table[slot->nbuffers - 1].flags &= ~VIRTQ_DESC_NEXT;
}

static void offer(struct relay *r, uint32_t number)
{
	r->desc[number] =
		(struct virtq_desc){ r->gpa + TABLES_OFF + number * TABLE_BYTES,
				     r->slot[number].nbuffers * sizeof(struct virtq_desc), VIRTQ_DESC_INDIRECT, 0 };
	r->avail[RING + r->next_avail % r->size] = (uint16_t)number;
	store(&r->avail[IDX], ++r->next_avail);
}

static bool is_dropped(const struct relay_kind *kind, uint32_t bytes)
{
	return !kind->is_written && (bytes == kind->min_bytes || bytes > kind->max_bytes);
}

static int take(struct relay *r, const struct virtq_chain *chain)
{
	const struct relay_kind *kind = r->kind;
	uint32_t bytes = kind->is_written ? chain->write_bytes : chain->read_bytes, number;
	struct relay_slot *slot = slot_at(r, r->ntaken, &number);

	if (r->ntaken == r->size)
		return broken(r, "the guest offers chains that are in use");
	if (bytes < kind->min_bytes)
		return broken(r, kind->too_small);
	*slot = (struct relay_slot){ .head = chain->head, .is_done = is_dropped(kind, bytes) };
	r->ntaken++;
	if (slot->is_done)
		return 0;
	fill_table(r, slot, kind->is_written ? virtq_writable(chain) : virtq_readable(chain),
		   r->tables + number * VIRTQ_IOV_MAX);
	offer(r, number);
	return 0;
}

bool relay_pump(struct relay *r, struct virtq_chain *chain)
{
	uint16_t before = r->next_avail;

	do {
		virtq_work(r->q);
		while (!r->fault && virtq_pop(r->q, chain) > 0)
			take(r, chain);
	} while (!r->fault && virtq_rest(r->q));
	atomic_thread_fence(memory_order_seq_cst); /* pairs with the back end's: it asks for doorbells, then looks */
	return r->next_avail != before && !(load(&r->used[FLAGS]) & USED_NO_NOTIFY);
}

/* ---- to the guest ---- */

/* The back end is the host's kernel; a mistake there shall not become one of ours. */
static int mark(struct relay *r, struct virtq_used_elem elem)
{
	struct relay_slot *slot = &r->slot[elem.id % r->size];
	uint16_t nth = (uint16_t)(elem.id - r->first) % r->size;

	if (elem.id >= r->size || nth >= r->ntaken || slot->is_done)
		return broken(r, "the host's kernel uses a chain that it does not have");
	if (r->kind->is_written ? elem.len_bytes > slot->bytes : 0)
		return broken(r, "the host's kernel wrote more than a chain holds");
	slot->is_done = true;
	slot->written_bytes = r->kind->is_written ? elem.len_bytes : 0;
	return 0;
}

static void mark_all(struct relay *r)
{
	const volatile struct virtq_used_elem *ring = (const volatile struct virtq_used_elem *)(r->used + RING);
	uint16_t end = load(&r->used[IDX]);

	while (r->seen_used != end && !r->fault) {
		const volatile struct virtq_used_elem *at = &ring[r->seen_used++ % r->size];

		mark(r, (struct virtq_used_elem){ at->id, at->len_bytes });
	}
}

static struct iov_list buffers_of(struct relay *r, uint32_t number)
{
	const struct virtq_desc *table = r->tables + number * VIRTQ_IOV_MAX;
	uint32_t i;

	for (i = 0; i < r->slot[number].nbuffers; i++)
		r->iov[i] = (struct iovec){ gmem_at(r->q->mem, table[i].gpa, table[i].len_bytes), table[i].len_bytes };
	return (struct iov_list){ r->iov, i };
}

/* All that the back end could write, whatever it says it did. */
static void report(struct relay *r, uint32_t number)
{
	struct iov_list list = r->kind->is_written ? buffers_of(r, number) : (struct iov_list){ 0 };
	uint32_t i;

	if (r->slot[number].is_done && r->kind->finish)
		r->kind->finish(list);
	for (i = 0; i < list.n; i++)
		gmem_written(r->q->mem, list.iov[i].iov_base, list.iov[i].iov_len);
}

static void publish(struct relay *r)
{
	uint16_t n;

	for (n = 0; n < r->ntaken; n++) {
		uint32_t number;
		const struct relay_slot *slot = slot_at(r, n, &number);

		if (!slot->is_done)
			break;
		report(r, number);
		virtq_fill(r->q, n, slot->head, slot->written_bytes);
	}
	if (n)
		virtq_publish(r->q, n);
	r->first += n;
	r->ntaken -= n;
}

void relay_drain(struct relay *r)
{
	store(&r->avail[FLAGS], AVAIL_NO_INTERRUPT);
	mark_all(r);
	store(&r->avail[FLAGS], 0);
	atomic_thread_fence(memory_order_seq_cst); /* pairs with the back end's: it publishes, then asks if we sleep */
	mark_all(r);
	if (!r->fault)
		publish(r);
}

void relay_stop(struct relay *r)
{
	uint32_t number;
	uint16_t n;

	if (!r->q)
		return;
	relay_drain(r);
	for (n = 0; n < r->ntaken; n++) {
		slot_at(r, n, &number);
		report(r, number);
	}
	virtq_unpop(r->q, r->ntaken);
	r->ntaken = 0;
	r->q = NULL;
}
