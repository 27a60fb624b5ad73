// SPDX-License-Identifier: GPL-2.0-only
/* coremix.c: a CoreMark-like mix, written from scratch: linked list (find, reverse, merge sort), a small matrix,
 * a state machine that scans numbers, and a bitwise CRC-16 over all results. */
#include "bench.h"

enum { LIST_NODES = 64, MIX_N = 10, SCAN_BYTES = 256 };

const struct bench bench = { "coremix", 50000, 20 };

struct item {
	struct item *next;
	int16_t key, index;
};

static struct item items[LIST_NODES];
static int16_t mat_a[MIX_N][MIX_N], mat_b[MIX_N][MIX_N];
static int32_t mat_c[MIX_N][MIX_N];
static uint8_t scan_text[SCAN_BYTES + 1];

static uint16_t crc16(uint16_t crc, uint32_t value)
{
	for (int i = 0; i < 32; i++, value >>= 1) {
		uint32_t bit = (crc ^ value) & 1;

		crc >>= 1;
		if (bit)
			crc ^= 0xa001; /* x^16 + x^15 + x^2 + 1, reflected */
	}
	return crc;
}

static struct item *list_merge(struct item *a, struct item *b)
{
	struct item head, *tail = &head;

	while (a && b) {
		struct item **least = a->key <= b->key ? &a : &b;

		tail->next = *least;
		tail = *least;
		*least = tail->next;
	}
	tail->next = a ? a : b;
	return head.next;
}

static struct item *list_sort(struct item *list)
{
	struct item *slow = list, *fast, *rest;

	if (!list || !list->next)
		return list;
	for (fast = list->next; fast && fast->next; fast = fast->next->next)
		slow = slow->next;
	rest = slow->next;
	slow->next = NULL;
	return list_merge(list_sort(list), list_sort(rest));
}

static struct item *list_reverse(struct item *list)
{
	struct item *done = NULL;

	while (list) {
		struct item *next = list->next;

		list->next = done;
		done = list;
		list = next;
	}
	return done;
}

static uint16_t mix_list(uint16_t crc, uint32_t round)
{
	struct item *list = NULL, *p;

	for (int i = 0; i < LIST_NODES; i++) {
		items[i] = (struct item){ list, (int16_t)((i * 37 + round * 11) % 101), (int16_t)i };
		list = &items[i];
	}
	list = list_sort(list_reverse(list));
	for (int want = 0; want < 100; want += 7) {
		for (p = list; p && p->key != want; p = p->next)
			;
		crc = crc16(crc, p ? (uint32_t)p->index : 0xffff);
	}
	return crc;
}

static uint16_t mix_matrix(uint16_t crc, uint32_t round)
{
	for (int i = 0; i < MIX_N; i++) {
		for (int j = 0; j < MIX_N; j++) {
			mat_a[i][j] = (int16_t)(i * j + round);
			mat_b[i][j] = (int16_t)(mat_a[i][j] >> 2) ^ (int16_t)j;
		}
	}
	for (int i = 0; i < MIX_N; i++) {
		for (int j = 0; j < MIX_N; j++) {
			int32_t s = 0;

			for (int k = 0; k < MIX_N; k++)
				s += (mat_a[i][k] * mat_b[k][j]) >> 4 & 0xffff;
			mat_c[i][j] = s;
		}
	}
	for (int i = 0; i < MIX_N; i++)
		crc = crc16(crc, (uint32_t)mat_c[i][MIX_N - 1 - i]);
	return crc;
}

enum scan_state { SCAN_START, SCAN_SIGN, SCAN_INT, SCAN_POINT, SCAN_FRACTION, SCAN_EXP, SCAN_BAD, SCAN_STATES };

static enum scan_state scan_next(enum scan_state s, uint8_t c)
{
	int is_digit = c >= '0' && c <= '9';

	switch (s) {
	case SCAN_START:
		return is_digit ? SCAN_INT : c == '+' || c == '-' ? SCAN_SIGN : c == '.' ? SCAN_POINT : SCAN_BAD;
	case SCAN_SIGN: return is_digit ? SCAN_INT : c == '.' ? SCAN_POINT : SCAN_BAD;
	case SCAN_INT: return is_digit ? SCAN_INT : c == '.' ? SCAN_FRACTION : c == 'e' ? SCAN_EXP : SCAN_BAD;
	case SCAN_POINT: return is_digit ? SCAN_FRACTION : SCAN_BAD;
	case SCAN_FRACTION: return is_digit ? SCAN_FRACTION : c == 'e' ? SCAN_EXP : SCAN_BAD;
	case SCAN_EXP: return is_digit ? SCAN_EXP : SCAN_BAD;
	default: return SCAN_BAD;
	}
}

static uint16_t mix_scan(uint16_t crc, uint32_t round)
{
	uint32_t ends[SCAN_STATES] = { 0 };
	enum scan_state s = SCAN_START;

	scan_text[round % SCAN_BYTES] = "0123456789+-.e,"[round % 15];
	for (const uint8_t *p = scan_text; *p; p++) {
		if (*p == ',') {
			ends[s]++;
			s = SCAN_START;
		} else {
			s = scan_next(s, *p);
		}
	}
	for (int i = 0; i < SCAN_STATES; i++)
		crc = crc16(crc, ends[i]);
	return crc;
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED;
	uint16_t crc = 0;

	for (int i = 0; i < SCAN_BYTES; i++)
		scan_text[i] = "0123456789012345+-..ee,,"[bench_random(&seed) % 24];
	for (uint32_t i = 0; i < iters; i++) {
		crc = mix_list(crc, i);
		crc = mix_matrix(crc, i);
		crc = mix_scan(crc, i + crc);
	}
	return crc;
}
