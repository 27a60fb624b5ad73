// SPDX-License-Identifier: GPL-2.0-only
/* arena.c: chunks in a list, filled front to back. Next file: lex.c. */
#include "lang/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 16, ALIGN_BYTES = 16 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(ALIGN_BYTES) unsigned char data[];
};

struct arena {
	struct chunk *first;
};

static void *need(void *memory)
{
	if (memory)
		return memory;
	fputs("out of memory\n", stderr);
	abort();
}

static struct chunk *chunk_create(size_t size)
{
	struct chunk *chunk = need(calloc(1, sizeof(*chunk) + size));

	chunk->size = size;
	return chunk;
}

struct arena *arena_create(void)
{
	struct arena *arena = need(calloc(1, sizeof(*arena)));

	arena->first = chunk_create(CHUNK_BYTES);
	return arena;
}

void arena_destroy(struct arena *arena)
{
	struct chunk *chunk = arena ? arena->first : NULL;

	while (chunk) {
		struct chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	free(arena);
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct chunk *chunk = arena->first;
	void *memory;

	bytes = (bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
	if (chunk->size - chunk->used < bytes) {
		chunk = chunk_create(bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES);
		chunk->next = arena->first;
		arena->first = chunk;
	}
	memory = chunk->data + chunk->used;
	chunk->used += bytes;
	return memory;
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len < 0)
		len = 0;
	if ((size_t)len >= sizeof(text))
		len = sizeof(text) - 1;
	return arena_text(arena, text, len);
}

void *arena_grow(struct arena *arena, void *old, unsigned int n, size_t element_bytes)
{
	size_t room = n ? 2 * (size_t)n : 1;
	void *memory;

	if (n & (n - 1)) /* room left: capacity is the next power of two */
		return old;
	memory = arena_alloc(arena, room * element_bytes);
	if (n)
		memcpy(memory, old, n * element_bytes);
	return memory;
}
