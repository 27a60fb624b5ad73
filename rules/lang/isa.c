// SPDX-License-Identifier: GPL-2.0-only
/* isa.c: reads files into struct isa, and finds things in it. Next file: decl.c, field.c. */
#include "lang/front.h"

#include <errno.h>
#include <string.h>

bool front_failed(const struct front *f)
{
	return f->diag->nerrors != f->nerrors_before;
}

static struct front front_begin(struct diag *diag)
{
	struct arena *arena = arena_create();
	struct isa *isa = arena_alloc(arena, sizeof(*isa));

	isa->arena = arena;
	return (struct front){ .isa = isa, .arena = arena, .diag = diag, .nerrors_before = diag->nerrors };
}

static void front_text(struct front *f, const char *file, const char *text, size_t len_bytes)
{
	struct lexer lx;

	if (lex_init(&lx, f->arena, f->diag, file, text, len_bytes))
		return;
	front_read(f, &lx);
}

/* Types what was read, checks it; NULL if anything was wrong. */
static struct isa *front_end(struct front *f, struct loc loc)
{
	struct isa *isa = f->isa;
	int pc = isa_find_state(isa, "pc");

	if (!isa->name)
		diag_error(f->diag, loc, "no isa statement: name the instruction set first");
	if (pc < 0 && isa->ninsns)
		diag_error(f->diag, loc, "no state pc: instructions need it");
	isa->pc_state = pc < 0 ? isa->nstates : (unsigned int)pc;
	if (!front_failed(f))
		sem_type_insns(f);
	if (!front_failed(f))
		sem_type_forms(f);
	if (!front_failed(f))
		overlap_check(isa, f->diag);
	if (!front_failed(f))
		return isa;
	isa_free(isa);
	return NULL;
}

/* Whole file into the arena; NULL after a message. */
static char *read_file(struct front *f, const char *path, size_t *len_bytes)
{
	FILE *file = fopen(path, "rb");
	struct loc loc = { path, 0 };
	char *text = NULL;
	long size;

	if (!file) {
		diag_error(f->diag, loc, "cannot open: %s", strerror(errno));
		return NULL;
	}
	if (fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) ||
	    size > LEX_FILE_BYTES_MAX) {
		diag_error(f->diag, loc, "not a file of at most %d bytes", LEX_FILE_BYTES_MAX);
		goto out_close;
	}
	text = arena_alloc(f->arena, size + 1);
	*len_bytes = fread(text, 1, size, file);
	if (ferror(file)) {
		diag_error(f->diag, loc, "cannot read: %s", strerror(errno));
		text = NULL;
	}
out_close:
	fclose(file);
	return text;
}

struct isa *isa_load(const char *const *path, unsigned int npaths, struct diag *diag)
{
	struct front f = front_begin(diag);

	for (unsigned int i = 0; i < npaths; i++) {
		size_t len_bytes;
		char *text = read_file(&f, path[i], &len_bytes);

		if (text)
			front_text(&f, arena_text(f.arena, path[i], strlen(path[i])), text, len_bytes);
	}
	return front_end(&f, (struct loc){ npaths ? path[0] : "no file", 0 });
}

struct isa *isa_load_text(const char *name, const char *text, size_t len_bytes, struct diag *diag)
{
	struct front f = front_begin(diag);
	char *copy = arena_text(f.arena, text, len_bytes);

	front_text(&f, arena_text(f.arena, name, strlen(name)), copy, len_bytes);
	return front_end(&f, (struct loc){ name, 0 });
}

void isa_free(struct isa *isa)
{
	if (isa)
		arena_destroy(isa->arena);
}

struct insn_desc *isa_find_insn(const struct isa *isa, const char *name)
{
	for (unsigned int i = 0; i < isa->ninsns; i++)
		if (!strcmp(isa->insn[i]->name, name))
			return isa->insn[i];
	return NULL;
}

int isa_find_regfile(const struct isa *isa, const char *name)
{
	for (unsigned int i = 0; i < isa->nregfiles; i++)
		if (!strcmp(isa->regfile[i].name, name))
			return i;
	return -1;
}

int isa_find_state(const struct isa *isa, const char *name)
{
	for (unsigned int i = 0; i < isa->nstates; i++)
		if (!strcmp(isa->state[i].name, name))
			return i;
	return -1;
}

int isa_find_callee(const struct isa *isa, const char *name)
{
	for (unsigned int i = 0; i < isa->ncallees; i++)
		if (!strcmp(isa->callee[i].name, name))
			return i;
	return -1;
}
