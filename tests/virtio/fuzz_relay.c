// SPDX-License-Identifier: GPL-2.0-only
/* fuzz_relay.c: libFuzzer target: any bytes as rings of the guest, changed while a back end works. It only ever sees buffers that
 * lie in memory, in an order and number that vhost takes; it uses them in any order, sometimes wrongly. Next file: fuzz_mmio.c. */
#include <stdlib.h>
#include <string.h>

#include "../../userctl/relay.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum {
	RAM_BYTES = 64 << 10,
	SIZE = 8,
	AVAIL = 0x1000,
	USED = 0x2000,
	INDIRECT = 0x3000,
	RINGS_BYTES = 48,
	STEP_BYTES = 4,
	MIN = 12,
	MAX = 3000,
};
#define RAM_GPA	  0x80000000ULL
#define RELAY_GPA (1ULL << 56)

static struct gmem mem = { .gpa = RAM_GPA, .bytes = RAM_BYTES, .vm_fd = -1 };
static uint8_t code_map[4096];
static struct virtq q;
static struct relay relay;
static struct virtq_chain chain;
static uint16_t back_seen;

static void demand(int ok)
{
	if (!ok)
		abort();
}

static void finish(struct iov_list written)
{
	demand(written.n && iov_bytes(written) <= MAX);
}

static const struct relay_kind kinds[] = {
	{ .min_bytes = MIN, .too_small = "small", .max_bytes = MAX },
	{ true, MIN + 1, "small", MAX, finish },
};

/* ---- the guest ---- */

/* Three bytes: place, length, flags with the next one. */
static void set_desc(struct virtq_desc *desc, const unsigned char *at)
{
	uint64_t gpa = RAM_GPA + (uint64_t)(at[0] << 8);
	uint32_t len_bytes = (uint32_t)at[1] << (at[2] & 0x80 ? 24 : at[2] & 0x40 ? 4 : 0);
	uint16_t flags = at[2] & (VIRTQ_DESC_NEXT | VIRTQ_DESC_WRITE);

	if (at[1] == 48 || at[1] == 16) {
		flags |= VIRTQ_DESC_INDIRECT;
		gpa = RAM_GPA + INDIRECT;
		len_bytes = at[1];
	}
	*desc = (struct virtq_desc){ gpa, len_bytes, flags, at[2] >> 2 & 15 };
}

static void make_rings(const unsigned char *data)
{
	uint32_t i;

	memset(mem.ram, 0, RAM_BYTES);
	for (i = 0; i < SIZE; i++) {
		set_desc((struct virtq_desc *)mem.ram + i, data + 3 * i);
		set_desc((struct virtq_desc *)(mem.ram + INDIRECT) + i, data + 3 * (SIZE + i));
	}
}

static void offer(uint16_t head)
{
	uint16_t *avail = (uint16_t *)(mem.ram + AVAIL);

	avail[2 + avail[1] % SIZE] = head;
	avail[1]++;
}

/* ---- the back end ---- */

static void check_buffers(const struct virtq_desc *table, uint32_t n)
{
	uint32_t i, sum = 0;

	for (i = 0; i < n; i++) {
		const uint16_t flags =
			(uint16_t)((i + 1 < n ? VIRTQ_DESC_NEXT : 0) | (relay.kind->is_written ? VIRTQ_DESC_WRITE : 0));

		demand(table[i].gpa >= RAM_GPA && table[i].gpa - RAM_GPA <= RAM_BYTES);
		demand(table[i].len_bytes && table[i].len_bytes <= RAM_BYTES - (table[i].gpa - RAM_GPA));
		demand(table[i].flags == flags && (i + 1 == n || table[i].next == i + 1));
		sum += table[i].len_bytes;
	}
	demand(sum >= relay.kind->min_bytes && sum <= MAX);
	if (relay.kind->is_written)
		memset(mem.ram + (table[0].gpa - RAM_GPA), 0xcc, table[0].len_bytes);
}

static void back_look(void)
{
	while (back_seen != relay.avail[1]) {
		const struct virtq_desc *desc = &relay.desc[relay.avail[2 + back_seen++ % SIZE]];
		uint64_t off = desc->gpa - RELAY_GPA;

		demand(desc->flags == VIRTQ_DESC_INDIRECT && desc->len_bytes % sizeof(*desc) == 0);
		demand(off <= relay_bytes() && desc->len_bytes <= relay_bytes() - off);
		check_buffers((const struct virtq_desc *)((uint8_t *)relay.memory + off),
			      desc->len_bytes / sizeof(*desc));
	}
}

static void back_use(uint32_t id, uint32_t len_bytes)
{
	((struct virtq_used_elem *)(relay.used + 2))[relay.used[1] % SIZE] = (struct virtq_used_elem){ id, len_bytes };
	relay.used[1]++;
}

/* ---- steps ---- */

static void restart(const struct relay_kind *kind)
{
	relay_stop(&relay);
	demand(!relay.ntaken && !relay.q);
	demand(!relay_start(&relay, &q, kind));
	back_seen = 0;
}

static void step(const unsigned char *at)
{
	switch (at[0] & 7) {
	case 0: offer(at[1] & 15); break;
	case 1: set_desc((struct virtq_desc *)mem.ram + at[1] % SIZE, at + 1); break;
	case 2: relay_drain(&relay); break;
	case 3: back_use(at[1], at[2]); break;
	case 4: back_use((relay.first + at[1]) % SIZE, at[2]); break;
	case 5: restart(&kinds[relay.kind == &kinds[1]]); break;
	case 6: ((uint16_t *)(mem.ram + AVAIL))[1] += at[1] & 15; break;
	default: relay_pump(&relay, &chain); back_look();
	}
	demand(relay.ntaken <= SIZE);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	size_t i;

	if (size < RINGS_BYTES + 1)
		return 0;
	mem.ram = malloc(RAM_BYTES); /* exactly sized: what lies outside is seen */
	mem.code_map = code_map;
	demand(mem.ram && !relay_create(&relay, RELAY_GPA));
	make_rings(data);
	q = (struct virtq){
		.size = SIZE, .desc_gpa = RAM_GPA, .avail_gpa = RAM_GPA + AVAIL, .used_gpa = RAM_GPA + USED
	};
	q.has_event_idx = data[RINGS_BYTES] & 1;
	q.has_indirect = !(data[RINGS_BYTES] & 2);
	demand(!virtq_start(&q, &mem) && !relay_start(&relay, &q, &kinds[data[RINGS_BYTES] >> 2 & 1]));
	back_seen = 0;
	for (i = RINGS_BYTES + 1; i + STEP_BYTES <= size; i += STEP_BYTES)
		step(data + i);
	relay_stop(&relay);
	relay_destroy(&relay);
	free(mem.ram);
	return 0;
}
