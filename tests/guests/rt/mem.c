// SPDX-License-Identifier: GPL-2.0-only
/* mem.c: the memory and string functions that freestanding code and the compiler call.
 * Compiled with -fno-builtin and -fno-tree-loop-distribute-patterns, else they would call themselves. */
#include "rt.h"

enum { WORD = sizeof(uint64_t) };

/* may alias whatever the caller's memory holds */
typedef uint64_t __attribute__((may_alias)) word_t;

void *memcpy(void *to, const void *from, size_t bytes)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if (!(((uintptr_t)t | (uintptr_t)f) % WORD))
		for (; bytes >= WORD; bytes -= WORD, t += WORD, f += WORD)
			*(word_t *)t = *(const word_t *)f;
	while (bytes--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if (t <= f || t >= f + bytes)
		return memcpy(to, from, bytes);
	while (bytes--)
		t[bytes] = f[bytes];
	return to;
}

void *memset(void *to, int value, size_t bytes)
{
	uint8_t *t = to;
	uint64_t word = (uint8_t)value * 0x0101010101010101ULL;

	for (; bytes && (uintptr_t)t % WORD; bytes--)
		*t++ = (uint8_t)value;
	for (; bytes >= WORD; bytes -= WORD, t += WORD)
		*(word_t *)t = word;
	while (bytes--)
		*t++ = (uint8_t)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const uint8_t *p = a, *q = b;

	for (; bytes; bytes--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}
