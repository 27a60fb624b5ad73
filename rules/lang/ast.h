/* SPDX-License-Identifier: GPL-2.0-only */
/* ast.h: what an .isa file says, after parsing and type checking.
 *
 * Owns:    nothing; every node lives in the arena of its struct isa and dies with it (isa_free()).
 * Promise: after isa_load() every expression has a width, every name is resolved, effects stand alone as
 *          statements in left-to-right order (an effect nested in an expression was lifted into a local).
 * Readers: rulec (decoder, disassembler, interpreter), eval.c (concrete run), prove/ (solver formulas).
 * Language: docs/LANGUAGE.md.  Next file: isa.h. */
#ifndef LDBT_RULES_AST_H
#define LDBT_RULES_AST_H

#include <stdbool.h>
#include <stdint.h>

enum {
	ISA_FIELDS_MAX = 8,   /* encoding fields of one instruction */
	ISA_PIECES_MAX = 8,   /* pieces of one scattered field */
	ISA_OPERANDS_MAX = 3, /* operands of one host form */
	ISA_ARGS_MAX = 6,     /* arguments of a primitive or effect */
	ISA_RESULTS_MAX = 2,  /* results of a primitive or effect */
	ISA_LOCALS_MAX = 24,  /* let names of one instruction */
};

/* Where in which file: every error message starts with it. */
struct loc {
	const char *file;
	int line;
};

/* ---- expressions: pure, sized bit vectors (1..128 bits) ---- */

enum ex_kind {
	EX_CONST,   /* .value */
	EX_FIELD,   /* .index: field of the instruction; width as declared (s12: 12), value not yet extended */
	EX_REG,	    /* file .index, element number = .arg[0]; reads of the file's zero element give 0 */
	EX_STATE,   /* .index: scalar state (pc, a flag, resv) */
	EX_LOCAL,   /* .index: let name */
	EX_OPERAND, /* .index: operand of a host form, 0 = a; width from the form */
	EX_ADDR,    /* .index: effective address of memory operand of a host form: addr(b) */
	EX_ILEN,    /* bytes of this instruction, 64 bits wide */
	EX_UNARY,   /* .op: OP_NEG, OP_NOT */
	EX_BINARY,  /* .op over .arg[0], .arg[1] */
	EX_ITE,	    /* .arg[0] (1 bit) ? .arg[1] : .arg[2] */
	EX_EXTRACT, /* .arg[0][.hi:.lo] */
	EX_CONCAT,  /* {.arg[0], .arg[1]}: arg[0] is the upper part */
	EX_SEXT,    /* .arg[0] to .width */
	EX_ZEXT,
	EX_PRIM,  /* pure primitive .index on .args, first result; further results only by ST_PRIM */
	EX_UNDEF, /* an arbitrary value (x86's undefined flags): each use is a fresh one */
};

enum ex_op {
	OP_NEG,
	OP_NOT,
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_AND,
	OP_OR,
	OP_XOR,
	OP_SHL,
	OP_SHR,
	OP_SAR, /* amount >= width gives 0 (or sign), as SMT-LIB */
	OP_EQ,
	OP_NE,
	OP_LTU,
	OP_LTS,
	OP_GEU,
	OP_GES, /* 1 bit */
};

struct ex {
	enum ex_kind kind;
	enum ex_op op;
	unsigned int width; /* bits */
	unsigned int index;
	unsigned int hi, lo;
	uint64_t value; /* EX_CONST; constants wider than 64 bits are zero-extended */
	unsigned int nargs;
	struct ex *arg[ISA_ARGS_MAX];
	struct loc loc;
};

/* ---- statements ---- */

enum st_kind {
	ST_LET,	    /* local[.index] = .val */
	ST_REG,	    /* regfile .index [.idx] = .val; a write of the zero element is dropped */
	ST_STATE,   /* state .index = .val */
	ST_OPERAND, /* operand .index = .val (host forms); a 32-bit register write clears bits 63:32 */
	ST_IF,	    /* if .cond then .body else .orelse */
	ST_TRAP,    /* trap(.idx = cause, .val = tval): nothing after it happens */
	ST_MEM,	    /* one memory access, see enum mem_kind */
	ST_PRIM,    /* local[.result[0..nresults)] = primitive .index on .args */
	ST_EFFECT,  /* local[.result[..]] = effect .index on .args (csr_read, csr_write, fence, mret ...) */
};

enum mem_kind {
	MEM_LOAD,  /* local[.result[0]] = load(size, addr) */
	MEM_STORE, /* store(size, addr, val) */
	MEM_AMO,   /* local[.result[0]] = old; memory = .val, an expression over that local; one atomic access */
	MEM_CAS,   /* local[.result[0]] = old; memory = .val if old == .expected; one atomic access */
};

struct st {
	enum st_kind kind;
	unsigned int index;
	struct ex *idx, *val, *cond, *expected;
	struct st *body, *orelse;
	struct st *next;
	enum mem_kind mem;
	unsigned int size; /* bytes of the access */
	bool aligned;	   /* traps with the misaligned cause unless addr % size == 0 */
	struct ex *addr;
	unsigned int nresults, nargs;
	unsigned int result[ISA_RESULTS_MAX];
	struct ex *arg[ISA_ARGS_MAX];
	struct loc loc;
};

/* ---- declarations ---- */

struct regfile {
	const char *name;
	unsigned int count, width; /* elements, bits */
	int zero;		   /* element that reads 0 and ignores writes, or -1 */
};

enum state_place {
	STATE_PLAIN,   /* no template reaches it */
	STATE_HOME,    /* a slot of the home page; templates reach it as home.NAME */
	STATE_CSR,     /* a slot of the CSR page; csr.NAME */
	STATE_MACHINE, /* kept by the machine: state_NAME() and set_state_NAME() in C */
	STATE_BLOCK,   /* the same all through a block: known when it is translated, named by conditions of rules */
	STATE_TABLE,   /* a slot of the table page, table.NAME: the machine alone writes it, between instructions */
};

struct state {
	const char *name;
	unsigned int width;
	enum state_place place;
};

/* A primitive is a named pure function: C code in translator/prim.c, uninterpreted (plus axioms) for the solver.
 * An effect is a named impure call: C code of the machine (csr.c, trap.c); rules never contain one. */
struct callee {
	const char *name;
	bool is_effect;
	bool is_inline; /* effect that may stand in a block and in a rule (fence); every other ends the block */
	unsigned int nargs, nresults;
	unsigned int arg_width[ISA_ARGS_MAX], result_width[ISA_RESULTS_MAX]; /* bits; 0 = any, all the same */
};

/* Bits hi:lo of the instruction word hold bits to_lo.. of the field. */
struct piece {
	unsigned int word_lo, nbits, field_lo;
};

enum field_kind { FIELD_REG, FIELD_IMM };

struct field {
	const char *name;
	enum field_kind kind;
	unsigned int regfile; /* FIELD_REG */
	unsigned int width;   /* bits of the value, implicit low zero bits included; FIELD_REG: of the number */
	bool is_signed;
	unsigned int bias; /* added after extraction: rd' is field + 8 */
	unsigned int npieces;
	struct piece piece[ISA_PIECES_MAX];
};

/* One guest instruction. Fields stand in slot order: first those of the asm line in its order, then the
 * remaining ones in picture order. Slots number insn.f[] (translator/insn.h) and the operands of `match`. */
struct insn_desc {
	const char *name;     /* the manual's: "c.addi", "amoadd.w" */
	unsigned int bits;    /* 16 or 32 */
	uint32_t mask, match; /* fixed bits of the picture */
	unsigned int nfields;
	struct field field[ISA_FIELDS_MAX];
	struct ex *when;		       /* encoding is this instruction only if true; NULL: always */
	bool yields;			       /* insn*: a word that is also another instruction is that other one */
	const char *ext;		       /* extension: "I", "M", "A", "C", "Zicsr" ... */
	const char *asm_text;		       /* the asm line that held, e.g. "rd, imm(rs1)" */
	struct insn_desc *expand;	       /* compressed form: the base instruction, else NULL */
	struct ex *expand_arg[ISA_FIELDS_MAX]; /* value of each slot of the base instruction: field or constant */
	unsigned int nlocals;
	const char *local_name[ISA_LOCALS_MAX];
	unsigned int local_width[ISA_LOCALS_MAX];
	struct st *body; /* NULL when expanded */
	bool is_pure;	 /* only effect: one register write (dropped when it names the zero element) */
	bool ends_block; /* may set pc, always traps, or has an effect that is not inline */
	struct loc loc;
};

/* ---- host forms (x86_64.isa) ---- */

enum opnd_kind {
	OPND_R,	    /* register in ModRM.reg or opcode+r */
	OPND_RM,    /* register or memory in ModRM.rm */
	OPND_M,	    /* memory only */
	OPND_IMM,   /* immediate, sign-extended to the width of operand a */
	OPND_UIMM,  /* immediate taken as it is (shift counts) */
	OPND_REL,   /* branch displacement */
	OPND_FIXED, /* a named register: cl, rax */
	OPND_RR,    /* register in ModRM.rm: for instructions whose memory form means something else */
	OPND_XMM,
	OPND_XMMM, /* xmm register; xmm register or memory */
	OPND_XMMR, /* xmm register in ModRM.rm */
	OPND_VVVV, /* register in VEX.vvvv */
	OPND_VXMM, /* xmm register there */
};

struct opnd {
	enum opnd_kind kind;
	unsigned int width;	/* bits of the value */
	unsigned int enc_width; /* bits in the encoding (imm8s of a 64-bit add: 8) */
	unsigned int fixed;	/* OPND_FIXED: register number */
};

struct form {
	const char *name;
	unsigned int nopnds;
	struct opnd opnd[ISA_OPERANDS_MAX];
	uint8_t legacy[2]; /* mandatory prefixes (66, F2, F3, F0), 0 = none */
	bool rex_w, has_modrm, has_vex, opcode_plus_r;
	uint8_t vex_pp, vex_mm; /* VEX fields, when has_vex */
	uint8_t nopcode, opcode[3];
	int digit;	     /* /0../7, or -1 for /r */
	uint8_t imm_bytes;   /* 0, 1, 4, 8 */
	const char *feature; /* CPU feature needed ("bmi2"), or NULL for base x86-64 */
	unsigned int nlocals;
	const char *local_name[ISA_LOCALS_MAX];
	unsigned int local_width[ISA_LOCALS_MAX];
	struct st *body; /* semantics instantiated at this form's widths */
	struct loc loc;
};

struct isa {
	const char *name;
	unsigned int nregfiles, nstates, ncallees, ninsns, nforms;
	struct regfile *regfile;
	struct state *state;
	struct callee *callee;
	struct insn_desc **insn; /* in file order */
	struct form **form;	 /* in file order: the first that fits is used */
	unsigned int pc_state;	 /* index of state "pc"; nstates if there is none */
	struct arena *arena;
};

#endif
