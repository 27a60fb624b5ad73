/* SPDX-License-Identifier: GPL-2.0-only */
/* front.h: what the reader knows while it reads .isa files; private to rules/lang.
 *
 * Owns:    nothing; everything lives in the arena of the struct isa under construction.
 * Promise: declarations are checked when read; semantics are kept as written and typed when all files are read, so
 *          that the order of files does not matter for names used in semantics.
 * Errors:  false after a message in diag.
 * Next file: decl.c (declarations), picture.c, sem.c, overlap.c. */
#ifndef LDBT_RULES_FRONT_H
#define LDBT_RULES_FRONT_H

#include "lang/syn.h"

enum { REGFILES_MAX = 4, STATES_MAX = 32 }; /* as struct eval holds them */

struct const_decl {
	const char *name;
	uint64_t value;
};

struct func_decl {
	const char *name;
	unsigned int nparams;
	const char *param[ISA_ARGS_MAX];
	bool is_proc;
	struct syn *body;     /* of a func */
	struct syn_st *stmts; /* of a proc */
	struct loc loc;
};

struct field_decl {
	const char *name;
	unsigned int width, bias; /* bits in the encoding */
	unsigned int regfile;
	struct loc loc;
};

/* An insn line before its semantics are typed. */
struct insn_src {
	struct insn_desc *desc;
	struct syn *when;
	struct syn_st *body;
	const char *base; /* of an expansion, else NULL */
	unsigned int nbase_args;
	struct syn *base_arg[ISA_FIELDS_MAX];
};

struct sem_src {
	const char *name;
	struct syn_st *body;
	bool is_used;
	struct loc loc;
};

struct front {
	struct isa *isa;
	struct arena *arena;
	struct diag *diag;
	unsigned int nerrors_before; /* of earlier users of diag */
	struct const_decl *consts;
	struct func_decl *funcs;
	struct field_decl *fields;
	struct insn_src *insns;
	struct sem_src *sems;
	unsigned int nconsts, nfuncs, nfields, ninsns, nsems;
	/* hold for the following insn lines of this file */
	const char *ext;
	unsigned int bits;
	const char *asm_text;
	const struct token *asm_tok;
	unsigned int nasm_toks;
};

bool front_failed(const struct front *f);

/* decl.c: all statements of one file. */
void front_read(struct front *f, struct lexer *lx);
const struct const_decl *front_const(const struct front *f, const char *name);
const struct func_decl *front_func(const struct front *f, const char *name);
const struct field_decl *front_field(const struct front *f, const char *name);

/* picture.c: the picture at the current token, into desc's mask, match and fields (slot order). */
bool picture_parse(struct front *f, struct lexer *lx, struct insn_desc *desc);

/* ---- typing (types.c, call.c, sem.c) ---- */

/* A name bound to a typed expression. */
struct binding {
	const char *name;
	struct ex *value;
	const struct binding *up;
};

struct typer {
	struct front *f;
	struct insn_desc *insn; /* one of these is set */
	struct form *form;
	const char **local_name;
	unsigned int *local_width, *nlocals;
	const struct binding *scope;
	struct st **tail;    /* where lifted statements go */
	const char *no_lift; /* why no access or effect may stand here, or NULL */
	unsigned int func_depth, proc_statements;
};

/* types.c: NULL after a message. Width 0: an unsized number, sized by its user. */
struct ex *type_expr(struct typer *t, const struct syn *s);
struct ex *type_sized(struct typer *t, const struct syn *s, unsigned int width);
bool type_fix(struct typer *t, struct ex *e, unsigned int width);
bool type_const(struct typer *t, const struct syn *s, uint64_t *value);
struct ex *type_new(struct typer *t, enum ex_kind kind, unsigned int width, struct loc loc);
int type_local(struct typer *t, const char *name, unsigned int width, struct loc loc); /* index or -1 */
/* Bits of an element number of that register file. */
unsigned int index_width(const struct regfile *file);

/* call.c: NAME(args) in an expression; nresults > 1 only for a let or an assignment of several. */
struct ex *type_call(struct typer *t, const struct syn *s);
/* A call with exactly nresults results (0 for a statement); the locals that hold them. */
bool type_call_results(struct typer *t, const struct syn *s, unsigned int nresults, unsigned int *result);

/* Opens the scope of a macro: its arguments by the names of its parameters, which must live as long as the scope, and
 * nothing else. False after a message. type_macro_close() goes back to the scope outside. */
bool type_macro_open(struct typer *t, const struct syn *s, const struct func_decl *macro,
		     struct binding param[ISA_ARGS_MAX]);
void type_macro_close(struct typer *t, const struct binding *outer);

/* sem.c: bodies, after all files are read. */
void sem_type_insns(struct front *f);
void sem_type_forms(struct front *f);

/* purity.c */
void purity_set(const struct isa *isa, struct insn_desc *desc);

/* overlap.c: no word may be two instructions. */
void overlap_check(const struct isa *isa, struct diag *diag);

#endif
