// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_virtq.c: libFuzzer target: any bytes as rings and descriptors. Whatever is popped lies in memory, in the right order and
 * not without end; what is damaged stays damaged. Next file: fuzz_mmio.c. */
#include <stdlib.h>
#include <string.h>

#include "../../userctl/virtq.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum {
	RAM_BYTES = 64 << 10,
	DESC = 0,
	AVAIL = 0x4000,
	USED = 0x5000,
	INDIRECT = 0x8000,
	ENTRY_BYTES = 6,
	ENTRIES_MAX = 256
};
#define RAM_GPA 0x80000000ULL

static struct gmem mem = { .gpa = RAM_GPA, .bytes = RAM_BYTES, .vm_fd = -1 };
static uint8_t code_map[4096];
static struct virtq_chain chain;

static void demand(int ok)
{
	if (!ok)
		abort();
}

/* Six bytes: place, length, flags, next; most places are in memory, so that the walk goes on. */
static struct virtq_desc make_desc(const unsigned char *at)
{
	uint64_t gpa = RAM_GPA + (uint64_t)(at[0] << 8 | at[1]);
	uint32_t len_bytes = at[2];

	if (at[3] & 0x80)
		gpa <<= at[3] & 31;
	if (at[3] & 0x40)
		len_bytes = len_bytes << 24 | at[5];
	else if (at[4] & VIRTQ_DESC_INDIRECT)
		len_bytes *= 16;
	return (struct virtq_desc){ gpa, len_bytes, at[4], (uint16_t)(at[4] & 0x80 ? at[5] << 8 : at[5]) };
}

static void fill(const unsigned char *data, size_t size)
{
	struct virtq_desc *direct = (struct virtq_desc *)(mem.ram + DESC),
			  *indirect = (struct virtq_desc *)(mem.ram + INDIRECT);
	size_t i, n = size / ENTRY_BYTES < ENTRIES_MAX ? size / ENTRY_BYTES : ENTRIES_MAX;

	memset(mem.ram, 0, RAM_BYTES);
	for (i = 0; i < n; i++) {
		direct[i] = make_desc(data + i * ENTRY_BYTES);
		indirect[n - 1 - i] = direct[i];
		((uint16_t *)(mem.ram + AVAIL))[2 + i] = data[i * ENTRY_BYTES + 5];
	}
}

static void check_chain(const struct virtq *q)
{
	uint64_t sums[2] = { 0 };
	uint32_t i;

	demand(chain.head < q->size && chain.nread + chain.nwrite <= VIRTQ_IOV_MAX);
	for (i = 0; i < chain.nread + chain.nwrite; i++) {
		uint64_t off = (uint64_t)((uint8_t *)chain.iov[i].iov_base - mem.ram);

		demand(off <= RAM_BYTES && chain.iov[i].iov_len <= RAM_BYTES - off);
		sums[i >= chain.nread] += chain.iov[i].iov_len;
	}
	demand(sums[0] == chain.read_bytes && sums[1] == chain.write_bytes);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct virtq q = { .desc_gpa = RAM_GPA + DESC, .avail_gpa = RAM_GPA + AVAIL, .used_gpa = RAM_GPA + USED };
	uint32_t pops = 0;
	int ret;

	if (size < 4)
		return 0;
	mem.ram = malloc(RAM_BYTES); /* exactly sized: what lies outside is seen */
	mem.code_map = code_map;
	demand(mem.ram != NULL);
	fill(data + 4, size - 4);
	q.size = data[0] & 0x80 ? data[0] : 1U << (data[0] & 7);
	q.has_indirect = data[1] & 1;
	q.has_event_idx = data[1] & 2;
	if (data[1] & 4)
		q.used_gpa += (uint64_t)data[3] << 8;
	((uint16_t *)(mem.ram + AVAIL))[1] = (uint16_t)(data[2] | (data[1] & 8 ? data[3] << 8 : 0));
	ret = virtq_start(&q, &mem);
	demand((ret == 0) == !q.fault);
	virtq_work(&q);
	while (!ret && (ret = virtq_pop(&q, &chain)) > 0) {
		demand(++pops <= q.size);
		check_chain(&q);
		virtq_push(&q, &chain, 0);
		virtq_wants_interrupt(&q);
		ret = 0;
		if (pops == q.size)
			break; /* rings that lie over one another may go on */
	}
	demand(ret < 0 ? q.fault && virtq_pop(&q, &chain) < 0 && !virtq_rest(&q) : !q.fault);
	free(mem.ram);
	return 0;
}
