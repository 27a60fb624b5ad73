// SPDX-License-Identifier: GPL-2.0-only
/* virtq.c: rings of the guest, distrusted. Numbers in brackets are sections of virtio 1.2. Next file: virtio.c. */
#include "virtq.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum {
	AVAIL_NO_INTERRUPT = 1, /* [2.7.6] */
	USED_NO_NOTIFY = 1,	/* [2.7.8] */
	FLAGS = 0,
	IDX = 1,
	RING = 2, /* 16-bit words before the ring, of both rings */
	USED_WORDS = sizeof(struct virtq_used_elem) / sizeof(uint16_t),
};

static int broken(struct virtq *q, const char *fault)
{
	if (!q->fault)
		q->fault = fault;
	return -EPROTO;
}

static uint16_t load(const uint16_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void store(uint16_t *at, uint16_t value)
{
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

/* ---- start ---- */

static size_t used_bytes(const struct virtq *q)
{
	return sizeof(uint16_t) * (RING + 1) + q->size * sizeof(struct virtq_used_elem);
}

static void *at_aligned(struct virtq *q, uint64_t gpa, size_t bytes, uint32_t align)
{
	return gpa % align ? NULL : gmem_at(q->mem, gpa, bytes);
}

int virtq_start(struct virtq *q, const struct gmem *mem)
{
	q->mem = mem;
	q->next_avail = q->next_used = q->told = 0;
	q->fault = NULL;
	if (!q->size || q->size > VIRTQ_SIZE_MAX || q->size & (q->size - 1))
		return broken(q, "its size is not a power of 2 in range");
	/* [2.7] alignments */
	q->desc = at_aligned(q, q->desc_gpa, q->size * sizeof(*q->desc), 16);
	q->avail = at_aligned(q, q->avail_gpa, sizeof(uint16_t) * (RING + 1 + q->size), 2);
	q->used = at_aligned(q, q->used_gpa, used_bytes(q), 4);
	if (!q->desc || !q->avail || !q->used)
		return broken(q, "a ring does not lie in memory, or not aligned");
	return 0;
}

/* ---- chains ---- */

/* A table of descriptors: the queue's own, or an indirect one. */
struct table {
	const struct virtq_desc *desc;
	uint32_t entries;
	bool is_indirect; /* not to be told by its place: the guest may put one upon the other */
};

/* One copy: what was checked cannot change. */
static struct virtq_desc load_desc(const struct table *table, uint32_t i)
{
	const volatile struct virtq_desc *at = &table->desc[i];

	return (struct virtq_desc){ at->gpa, at->len_bytes, at->flags, at->next };
}

static int add_buffer(struct virtq *q, struct virtq_chain *chain, const struct virtq_desc *desc)
{
	bool writable = desc->flags & VIRTQ_DESC_WRITE;
	uint32_t *sum = writable ? &chain->write_bytes : &chain->read_bytes;
	uint32_t n = chain->nread + chain->nwrite;
	void *at = gmem_at(q->mem, desc->gpa, desc->len_bytes);

	if (!at)
		return broken(q, "a buffer does not lie in memory");
	if (!writable && chain->nwrite)
		return broken(q, "a readable buffer follows a writable one"); /* [2.7.4.2] */
	if (*sum > UINT32_MAX - desc->len_bytes)
		return broken(q, "a chain is longer than 2^32 bytes"); /* [2.7.5] */
	if (n == VIRTQ_IOV_MAX)
		return broken(q, "a chain has too many buffers");
	chain->iov[n] = (struct iovec){ at, desc->len_bytes };
	*sum += desc->len_bytes;
	*(writable ? &chain->nwrite : &chain->nread) += 1;
	return 0;
}

/* [2.7.5.3]: an indirect descriptor is not writable, and a table holds no other; it may end a chain of plain ones. */
static int enter_indirect(struct virtq *q, struct table *table, const struct virtq_desc *desc)
{
	if (!q->has_indirect || table->is_indirect || desc->flags & VIRTQ_DESC_NEXT)
		return broken(q, "an indirect descriptor is not allowed there");
	if (!desc->len_bytes || desc->len_bytes % sizeof(*desc))
		return broken(q, "an indirect table has a wrong length");
	table->entries = desc->len_bytes / sizeof(*desc);
	table->desc = gmem_at(q->mem, desc->gpa, desc->len_bytes);
	table->is_indirect = true;
	return table->desc ? 0 : broken(q, "an indirect table does not lie in memory");
}

static int walk(struct virtq *q, struct virtq_chain *chain)
{
	struct table table = { q->desc, q->size, false };
	uint32_t i = chain->head, steps = 0;

	for (;;) {
		struct virtq_desc desc = load_desc(&table, i);
		int ret;

		if (desc.flags & VIRTQ_DESC_INDIRECT) {
			ret = enter_indirect(q, &table, &desc);
			i = steps = 0;
			if (ret)
				return ret;
			continue;
		}
		ret = add_buffer(q, chain, &desc);
		if (ret || !(desc.flags & VIRTQ_DESC_NEXT))
			return ret;
		if (++steps >= table.entries)
			return broken(q, "a chain loops");
		if (desc.next >= table.entries)
			return broken(q, "a descriptor names one that does not exist");
		i = desc.next;
	}
}

int virtq_pop(struct virtq *q, struct virtq_chain *chain)
{
	uint16_t waiting;

	if (q->fault)
		return -EPROTO;
	waiting = load(&q->avail[IDX]) - q->next_avail;
	if (!waiting)
		return 0;
	if (waiting > q->size)
		return broken(q, "the guest offers more chains than there are");
	chain->head = load(&q->avail[RING + q->next_avail % q->size]);
	chain->nread = chain->nwrite = chain->read_bytes = chain->write_bytes = 0;
	if (chain->head >= q->size)
		return broken(q, "the guest offers a descriptor that does not exist");
	if (walk(q, chain))
		return -EPROTO;
	q->next_avail++;
	return 1;
}

bool virtq_has_chain(const struct virtq *q)
{
	return !q->fault && load(&q->avail[IDX]) != q->next_avail;
}

void virtq_fill(struct virtq *q, uint16_t nth, uint16_t head, uint32_t written_bytes)
{
	struct virtq_used_elem *ring = (struct virtq_used_elem *)(q->used + RING);
	uint16_t at = q->next_used + nth;

	ring[at % q->size] = (struct virtq_used_elem){ head, written_bytes };
}

void virtq_publish(struct virtq *q, uint16_t n)
{
	gmem_written(q->mem, q->used, used_bytes(q));
	q->next_used += n;
	store(&q->used[IDX], q->next_used);
}

void virtq_push(struct virtq *q, const struct virtq_chain *chain, uint32_t written_bytes)
{
	uint32_t i;

	for (i = chain->nread; i < chain->nread + chain->nwrite; i++)
		gmem_written(q->mem, chain->iov[i].iov_base, chain->iov[i].iov_len);
	virtq_fill(q, 0, chain->head, written_bytes);
	virtq_publish(q, 1);
}

void virtq_unpop(struct virtq *q, uint16_t n)
{
	q->next_avail -= n;
}

/* ---- notification [2.7.7, 2.7.10] ---- */

bool virtq_wants_interrupt(struct virtq *q)
{
	uint16_t old = q->told, event;

	q->told = q->next_used;
	atomic_thread_fence(
		memory_order_seq_cst); /* pairs with the driver's: it sets used_event, then looks at used idx */
	if (!q->has_event_idx)
		return q->next_used != old && !(load(&q->avail[FLAGS]) & AVAIL_NO_INTERRUPT);
	event = load(&q->avail[RING + q->size]);
	return (uint16_t)(q->next_used - event - 1) < (uint16_t)(q->next_used - old);
}

void virtq_work(struct virtq *q)
{
	if (!q->has_event_idx && !q->fault)
		store(&q->used[FLAGS], USED_NO_NOTIFY);
}

bool virtq_rest(struct virtq *q)
{
	if (q->fault)
		return false;
	if (q->has_event_idx)
		store(&q->used[RING + q->size * USED_WORDS], q->next_avail);
	else
		store(&q->used[FLAGS], 0);
	gmem_written(q->mem, q->used, used_bytes(q)); /* a full barrier too: asked first, then looked */
	return load(&q->avail[IDX]) != q->next_avail;
}

/* ---- bytes ---- */

struct iov_list virtq_readable(const struct virtq_chain *chain)
{
	return (struct iov_list){ chain->iov, chain->nread };
}

struct iov_list virtq_writable(const struct virtq_chain *chain)
{
	return (struct iov_list){ chain->iov + chain->nread, chain->nwrite };
}
