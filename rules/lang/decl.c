// SPDX-License-Identifier: GPL-2.0-only
/* decl.c: the statements of an .isa file, one function per keyword. Next file: picture.c, insn.c. */
#include "lang/front.h"

#include <string.h>

#include "lang/keyword.h"

const struct const_decl *front_const(const struct front *f, const char *name)
{
	for (unsigned int i = 0; i < f->nconsts; i++)
		if (!strcmp(f->consts[i].name, name))
			return &f->consts[i];
	return NULL;
}

const struct func_decl *front_func(const struct front *f, const char *name)
{
	for (unsigned int i = 0; i < f->nfuncs; i++)
		if (!strcmp(f->funcs[i].name, name))
			return &f->funcs[i];
	return NULL;
}

const struct field_decl *front_field(const struct front *f, const char *name)
{
	for (unsigned int i = 0; i < f->nfields; i++)
		if (!strcmp(f->fields[i].name, name))
			return &f->fields[i];
	return NULL;
}

static bool is_reserved(const char *name)
{
	static const char *const table[] = {
		"if",	 "else",	 "let", "when", "trap", "sext", "zext",	 "width", "addr", "load",
		"store", "load_aligned", "amo", "cas",	"old",	"ilen", "undef", "msb",	  "any",
	};

	for (unsigned int i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i], name))
			return true;
	return false;
}

/* A new name for a global thing, or NULL after a message. */
static char *new_name(struct front *f, struct lexer *lx, const char *what)
{
	struct loc loc = lex_peek(lx)->loc;
	char *name = lex_name(lx, what);

	if (!name)
		return NULL;
	if (is_reserved(name)) {
		diag_error(f->diag, loc, "%s is a word of the language: choose another name", name);
		return NULL;
	}
	if (front_const(f, name) || front_func(f, name) || front_field(f, name) ||
	    isa_find_regfile(f->isa, name) >= 0 || isa_find_state(f->isa, name) >= 0 ||
	    isa_find_callee(f->isa, name) >= 0) {
		diag_error(f->diag, loc, "%s is declared twice: remove one, or choose another name", name);
		return NULL;
	}
	return name;
}

static bool number_in(struct lexer *lx, const char *what, uint64_t lo, uint64_t hi, uint64_t *value)
{
	struct loc loc = lex_peek(lx)->loc;

	if (!lex_number(lx, what, value))
		return false;
	if (*value >= lo && *value <= hi)
		return true;
	diag_error(lx->diag, loc, "%s must be %llu..%llu", what, (unsigned long long)lo, (unsigned long long)hi);
	return false;
}

/* isa riscv64 */
static bool read_isa(struct front *f, struct lexer *lx)
{
	struct loc loc = lex_peek(lx)->loc;
	char *name = lex_name(lx, "name of the instruction set");

	if (!name)
		return false;
	if (f->isa->name && strcmp(f->isa->name, name)) {
		diag_error(f->diag, loc,
			   "this file describes %s, an earlier one %s: read one instruction set at a time", name,
			   f->isa->name);
		return false;
	}
	f->isa->name = name;
	return true;
}

/* regfile x[32]:64 zero 0 */
static bool read_regfile(struct front *f, struct lexer *lx)
{
	struct regfile file = { .name = new_name(f, lx, "name of the register file"), .zero = -1 };
	uint64_t count, width, zero;

	if (!file.name || !lex_expect(lx, "[") || !number_in(lx, "number of registers", 1, 256, &count) ||
	    !lex_expect(lx, "]") || !lex_expect(lx, ":") || !number_in(lx, "width", 1, 128, &width))
		return false;
	if (lex_accept(lx, "zero")) {
		if (!number_in(lx, "zero element", 0, count - 1, &zero))
			return false;
		file.zero = zero;
	}
	if (f->isa->nregfiles == REGFILES_MAX) {
		diag_error(f->diag, lex_peek(lx)->loc, "more than %d register files", REGFILES_MAX);
		return false;
	}
	file.count = count;
	file.width = width;
	f->isa->regfile = arena_grow(f->arena, f->isa->regfile, f->isa->nregfiles, sizeof(file));
	f->isa->regfile[f->isa->nregfiles++] = file;
	return true;
}

static enum state_place state_place(struct lexer *lx)
{
	if (lex_accept(lx, "home"))
		return STATE_HOME;
	if (lex_accept(lx, "csr"))
		return STATE_CSR;
	if (lex_accept(lx, "machine"))
		return STATE_MACHINE;
	if (lex_accept(lx, "table"))
		return STATE_TABLE;
	return lex_accept(lx, "block") ? STATE_BLOCK : STATE_PLAIN;
}

/* state resv:64 home fs:2 machine */
static bool read_state(struct front *f, struct lexer *lx)
{
	do {
		struct state state = { .name = new_name(f, lx, "name of the state") };
		uint64_t width;

		if (!state.name || !lex_expect(lx, ":") || !number_in(lx, "width", 1, 128, &width))
			return false;
		if (f->isa->nstates == STATES_MAX) {
			diag_error(f->diag, lex_peek(lx)->loc, "more than %d states", STATES_MAX);
			return false;
		}
		state.width = width;
		state.place = state_place(lx);
		f->isa->state = arena_grow(f->arena, f->isa->state, f->isa->nstates, sizeof(state));
		f->isa->state[f->isa->nstates++] = state;
	} while (lex_peek(lx)->kind == TOK_NAME);
	return true;
}

/* field rd':3 reg x +8 */
static bool read_field(struct front *f, struct lexer *lx)
{
	struct field_decl field = { .loc = lex_peek(lx)->loc, .name = new_name(f, lx, "name of the field") };
	uint64_t width, bias = 0;
	char *name;
	int file;

	if (!field.name || !lex_expect(lx, ":") || !number_in(lx, "width", 1, 8, &width) || !lex_expect(lx, "reg"))
		return false;
	name = lex_name(lx, "register file");
	if (!name)
		return false;
	file = isa_find_regfile(f->isa, name);
	if (file < 0) {
		diag_error(f->diag, field.loc, "unknown register file %s: declare it by regfile above", name);
		return false;
	}
	if (lex_accept(lx, "+") && !number_in(lx, "first register", 0, 255, &bias))
		return false;
	if ((1u << width) - 1 + bias >= f->isa->regfile[file].count) {
		diag_error(f->diag, field.loc, "field %s can name register %llu, but %s has %u: make it narrower",
			   field.name, (unsigned long long)((1u << width) - 1 + bias), name,
			   f->isa->regfile[file].count);
		return false;
	}
	field.width = width;
	field.bias = bias;
	field.regfile = file;
	f->fields = arena_grow(f->arena, f->fields, f->nfields, sizeof(field));
	f->fields[f->nfields++] = field;
	return true;
}

/* A width, or `any` (0). */
static bool callee_width(struct lexer *lx, unsigned int *width)
{
	uint64_t value = 0;

	if (!lex_accept(lx, "any") && !number_in(lx, "width", 1, 128, &value))
		return false;
	*width = value;
	return true;
}

static bool callee_args(struct front *f, struct lexer *lx, struct callee *callee)
{
	if (!lex_expect(lx, "("))
		return false;
	if (lex_accept(lx, ")"))
		return true;
	do {
		if (callee->nargs == ISA_ARGS_MAX) {
			diag_error(f->diag, lex_peek(lx)->loc, "%s has more than %d arguments", callee->name,
				   ISA_ARGS_MAX);
			return false;
		}
		if (!callee_width(lx, &callee->arg_width[callee->nargs++]))
			return false;
	} while (lex_accept(lx, ","));
	return lex_expect(lx, ")");
}

static bool callee_results(struct front *f, struct lexer *lx, struct callee *callee)
{
	bool has_any = false;

	if (!lex_accept(lx, ":"))
		return true;
	for (unsigned int i = 0; i < callee->nargs; i++)
		has_any |= !callee->arg_width[i];
	do {
		unsigned int *width = &callee->result_width[callee->nresults];

		if (callee->nresults == ISA_RESULTS_MAX) {
			diag_error(f->diag, lex_peek(lx)->loc, "%s has more than %d results", callee->name,
				   ISA_RESULTS_MAX);
			return false;
		}
		callee->nresults++;
		if (!callee_width(lx, width))
			return false;
		if (!*width && !has_any) {
			diag_error(f->diag, lex_peek(lx)->loc, "%s: a result is `any` wide, but no argument is",
				   callee->name);
			return false;
		}
	} while (lex_accept(lx, ","));
	return true;
}

static bool read_callee(struct front *f, struct lexer *lx, bool is_effect)
{
	struct loc loc = lex_peek(lx)->loc;
	struct callee callee = { .name = new_name(f, lx, "name"), .is_effect = is_effect };

	if (!callee.name || !callee_args(f, lx, &callee) || !callee_results(f, lx, &callee))
		return false;
	if (!is_effect && !callee.nresults) {
		diag_error(f->diag, loc, "prim %s gives no result: give its width, or declare it as effect",
			   callee.name);
		return false;
	}
	callee.is_inline = is_effect && lex_accept(lx, "inline");
	f->isa->callee = arena_grow(f->arena, f->isa->callee, f->isa->ncallees, sizeof(callee));
	f->isa->callee[f->isa->ncallees++] = callee;
	return true;
}

static bool read_prim(struct front *f, struct lexer *lx)
{
	return read_callee(f, lx, false);
}

static bool read_effect(struct front *f, struct lexer *lx)
{
	return read_callee(f, lx, true);
}

/* const ILLEGAL = 2 */
static bool read_const(struct front *f, struct lexer *lx)
{
	struct const_decl c = { .name = new_name(f, lx, "name of the constant") };

	if (!c.name || !lex_expect(lx, "=") || !lex_number(lx, "number", &c.value))
		return false;
	f->consts = arena_grow(f->arena, f->consts, f->nconsts, sizeof(c));
	f->consts[f->nconsts++] = c;
	return true;
}

/* name(a, b) = */
static bool macro_head(struct front *f, struct lexer *lx, struct func_decl *func)
{
	*func = (struct func_decl){ .loc = lex_peek(lx)->loc, .name = new_name(f, lx, "name of the macro") };

	if (!func->name || !lex_expect(lx, "("))
		return false;
	while (!lex_accept(lx, ")")) {
		if (func->nparams == ISA_ARGS_MAX) {
			diag_error(f->diag, func->loc, "%s has more than %d parameters", func->name, ISA_ARGS_MAX);
			return false;
		}
		if (func->nparams && !lex_expect(lx, ","))
			return false;
		func->param[func->nparams] = lex_name(lx, "parameter");
		if (!func->param[func->nparams++])
			return false;
	}
	return lex_expect(lx, "=");
}

static void macro_add(struct front *f, const struct func_decl *func)
{
	f->funcs = arena_grow(f->arena, f->funcs, f->nfuncs, sizeof(*func));
	f->funcs[f->nfuncs++] = *func;
}

/* func name(a, b) = expr */
static bool read_func(struct front *f, struct lexer *lx)
{
	struct func_decl func;

	if (!macro_head(f, lx, &func))
		return false;
	func.body = expr_parse(lx);
	if (!func.body)
		return false;
	macro_add(f, &func);
	return true;
}

/* proc name(a, b) = statements */
static bool read_proc(struct front *f, struct lexer *lx)
{
	struct func_decl proc;
	bool ok;

	if (!macro_head(f, lx, &proc))
		return false;
	proc.is_proc = true;
	proc.stmts = stmts_parse(lx, &ok);
	if (ok)
		macro_add(f, &proc);
	return ok;
}

static bool read_ext(struct front *f, struct lexer *lx)
{
	f->ext = lex_name(lx, "name of the extension");
	return f->ext;
}

static bool read_bits(struct front *f, struct lexer *lx)
{
	struct loc loc = lex_peek(lx)->loc;
	uint64_t bits;

	if (!lex_number(lx, "16 or 32", &bits))
		return false;
	if (bits == 16 || bits == 32) {
		f->bits = bits;
		return true;
	}
	diag_error(f->diag, loc, "instructions have 16 or 32 bits, not %llu", (unsigned long long)bits);
	return false;
}

static bool read_asm(struct front *f, struct lexer *lx)
{
	f->asm_tok = lex_peek(lx);
	f->nasm_toks = lx->limit - lx->pos;
	f->asm_text = lex_rest_text(lx);
	lex_close(lx, false);
	return true;
}

struct keyword {
	const char *name;
	bool (*read)(struct front *f, struct lexer *lx);
};

static const struct keyword keyword_table[] = {
	{ "isa", read_isa },   { "regfile", read_regfile }, { "state", read_state }, { "field", read_field },
	{ "prim", read_prim }, { "effect", read_effect },   { "const", read_const }, { "func", read_func },
	{ "proc", read_proc }, { "ext", read_ext },	    { "bits", read_bits },   { "asm", read_asm },
	{ "insn", read_insn }, { "sem", read_sem },	    { "form", read_form },
};

/* One statement; on error the rest of it is dropped and reading goes on behind it. */
static void read_statement(struct front *f, struct lexer *lx)
{
	const struct token *tok = lex_next(lx);

	if (tok->is_indented) {
		diag_error(f->diag, tok->loc,
			   "line is indented, but there is no statement before it: start it at the first column");
		lex_close(lx, false);
		return;
	}
	for (unsigned int i = 0; i < sizeof(keyword_table) / sizeof(keyword_table[0]); i++) {
		if (token_is(tok, keyword_table[i].name)) {
			lex_close(lx, keyword_table[i].read(f, lx));
			return;
		}
	}
	diag_error(f->diag, tok->loc,
		   "unknown statement %.*s: isa, regfile, state, field, prim, effect, const, func, "
		   "proc, ext, bits, asm, insn, sem, form are known",
		   (int)tok->len, tok->text);
	lex_close(lx, false);
}

void front_read(struct front *f, struct lexer *lx)
{
	f->ext = NULL;
	f->bits = 0;
	f->asm_text = "";
	f->nasm_toks = 0;
	while (lex_open_statement(lx))
		read_statement(f, lx);
}
