// SPDX-License-Identifier: GPL-2.0-only
/* strings.c: byte loops: length, copy, compare, reverse, search by Horspool's skip table, case folding. */
#include "bench.h"

enum { TEXT_BYTES = 8192, NEEDLE_BYTES = 6 };

const struct bench bench = { "strings", 8000, 10 };

static uint8_t text[TEXT_BYTES + 1], copy[TEXT_BYTES + 1];

static size_t text_length(const uint8_t *t)
{
	size_t n = 0;

	while (t[n])
		n++;
	return n;
}

static void text_copy_folded(uint8_t *to, const uint8_t *from)
{
	uint8_t c;

	do {
		c = *from++;
		*to++ = c >= 'A' && c <= 'Z' ? c + 32 : c;
	} while (c);
}

static uint32_t text_search(const uint8_t *t, size_t length, const uint8_t *needle)
{
	uint8_t skip[256];
	uint32_t found = 0;
	size_t at = 0;

	for (int i = 0; i < 256; i++)
		skip[i] = NEEDLE_BYTES;
	for (int i = 0; i < NEEDLE_BYTES - 1; i++)
		skip[needle[i]] = (uint8_t)(NEEDLE_BYTES - 1 - i);
	while (at + NEEDLE_BYTES <= length) {
		int i = NEEDLE_BYTES - 1;

		while (i >= 0 && t[at + i] == needle[i])
			i--;
		if (i < 0)
			found += (uint32_t)at + 1;
		at += skip[t[at + NEEDLE_BYTES - 1]];
	}
	return found;
}

static int text_compare(const uint8_t *a, const uint8_t *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a - *b;
}

static void text_reverse(uint8_t *t, size_t length)
{
	for (size_t i = 0, j = length - 1; i < j; i++, j--) {
		uint8_t c = t[i];

		t[i] = t[j];
		t[j] = c;
	}
}

uint64_t bench_run(uint32_t iters)
{
	uint64_t seed = BENCH_SEED, sum = BENCH_SEED;

	for (int i = 0; i < TEXT_BYTES; i++)
		text[i] = "abcdeABCDE "[bench_random(&seed) % 11];
	while (iters--) {
		size_t length = text_length(text);
		const uint8_t *needle = text + bench_random(&seed) % (TEXT_BYTES - NEEDLE_BYTES);

		text_copy_folded(copy, text);
		sum = bench_fold(sum, text_search(text, length, needle));
		sum = bench_fold(sum, text_search(copy, length, needle));
		sum = bench_fold(sum, (uint64_t)(int64_t)text_compare(copy, text));
		text_reverse(text, length);
	}
	return sum;
}
