/* SPDX-License-Identifier: GPL-2.0-only */
/* rule.h: the form of the constant tables that rulec makes of the rule files (gen/rules.c).
 *
 * Owns:    nothing.
 * Promise: tables are plain constants without pointers between them (indices only), so that the prover, the
 *          translator and the module read the very same bytes. Unused fields are 0.
 * Readers: match.c (nodes, rules, arms, conditions), emit.c (templates, holes), faultmap.c (accesses).
 *
 * How a rule is used. match.c walks the node tree along the opcodes of the next guest instructions and takes
 * the longest path whose rule binds (equalities hold) and has an arm whose conditions hold. Each register
 * operand ("role") has a residency class from the pin map; the classes and the width bit select the variant,
 * i.e. one template: bytes, holes and accesses. emit.c copies the bytes and fills the holes. */
#ifndef LDBT_RULE_H
#define LDBT_RULE_H

#include "port.h"

enum {
	RULE_INSNS_MAX = 4,   /* guest instructions of one match */
	RULE_ROLES_MAX = 6,   /* register operands of one match */
	RULE_VALUES_MAX = 12, /* immediates, targets and lets of one match */
	TMPL_BYTES_MAX = 128, /* bytes of one template */
	TMPL_HOLES_MAX = 24,
	TMPL_ACCESSES_MAX = 4,
	RULE_NONE = 0xffff, /* no node, no rule, no template */
	RULE_SLOT_F = 0x20, /* in a role's slot: it is an f register */
	RULE_REGS = 64,	    /* numbers of roles: x0..x31, then f0..f31 */
};

/* Residency of one role. */
enum res_class {
	RES_ZERO,    /* x0: reads 0, writes vanish */
	RES_PIN,     /* in a host register */
	RES_HOME,    /* in a slot of the home page; f registers have this class or RES_PIN */
	RES_PIN_SIB, /* in r12: like RES_PIN, but as a memory base it needs a SIB byte */
	RES_CLASSES,
};

/* One step of the decision tree. Children of a node are sorted by op; the root level is rule_root[op]. */
struct rule_node {
	u16 op;
	u16 rule;	      /* rule that ends here, or RULE_NONE */
	u16 child, nchildren; /* nodes[child .. child + nchildren) */
};

/* A field of one guest instruction of the match: insn k, slot s of insn.f[]. */
struct rule_ref {
	u8 insn, slot;
};

enum value_kind {
	VAL_FIELD,   /* f[] of ref, sign-extended */
	VAL_TARGET,  /* page offset of ref's instruction + f[] of ref: a branch target relative to pc_page */
	VAL_PCOFF,   /* page offset of the first instruction of the match, 0..4095 */
	VAL_NEXTOFF, /* page offset behind the last instruction of the match, 2..4098 */
	VAL_LET,     /* rule_let(arg, values so far) */
};

struct rule_value {
	u8 kind; /* enum value_kind */
	struct rule_ref ref;
	u16 arg; /* VAL_LET: number of the let */
};

/* Slots a and b hold the same number (b.insn == 0xff: the constant b.slot). */
struct rule_equal {
	struct rule_ref a, b;
};

enum cond_kind {
	COND_ROLE_EQ, /* role a == role b */
	COND_ROLE_NE,
	COND_ROLE_IS, /* role a == register number b */
	COND_ROLE_IS_NOT,
	COND_VALUE_IN, /* lo <= value a <= hi */
	COND_VALUE_NOT_IN,
	COND_HOST,  /* host CPU has feature bit b (enum host_feature of gen/rules.h) */
	COND_BLOCK, /* block state & a == b, b within a */
	COND_BLOCK_NOT,
};

struct rule_cond {
	u8 kind, a, b;
	s64 lo, hi;
};

enum term_kind {
	TERM_NEXT,     /* falls through to the next guest instruction */
	TERM_BRANCH,   /* holds HOLE_REL32_TARGET for the taken way; falls through otherwise */
	TERM_JUMP,     /* ends with a direct jump to value term_arg (page relative); the translator emits the jump */
	TERM_INDIRECT, /* ends with rax = target gva; the translator emits the lookup */
	TERM_EXIT,     /* ends with exit term_arg at the first instruction of the match; SYSTEM: ecx = its word */
};

/* variant index = sum over roles of class(role) * RES_CLASSES^role, * 2, + is_wide.
 * is_wide: some value of the arm's narrow set does not fit in a signed byte. */
struct rule_arm {
	u16 cond, nconds; /* rule_cond_table[cond ..]; all must hold */
	u8 term;	  /* enum term_kind */
	u8 term_arg;	  /* value index or exit number */
	u16 narrow_mask;  /* bit v: value v has 8-bit holes in the narrow variants; 0: only is_wide = 0 exists */
	u32 variant;	  /* rule_variant_table[variant + index] -> template, or RULE_NONE if impossible */
};

struct rule {
	u8 ninsns, nroles, nvalues, nequals;
	u16 role;	/* rule_role_table[role ..]: struct rule_ref, where role i stands first */
	u16 value;	/* rule_value_table[value ..] */
	u16 equal;	/* rule_equal_table[equal ..] */
	u16 arm, narms; /* rule_arm_table[arm ..], tried in order */
	u16 name;	/* rule_name_table index, for statistics and messages */
	u8 is_partial;	/* no else arm: when no arm holds, a shorter match is tried */
	u8 pure_role;	/* role to be dropped for free when it is x0, or 0xff */
	u8 asks_block;	/* some arm has a condition on the block's state */
};

enum hole_kind {
	HOLE_REG,     /* number of role's host register: low 3 bits at bit `shift` of byte `off`; bit 3 into byte
				 * `aux`, bit `aux_bit` (REX; inverted when `is_inverted`: VEX) */
	HOLE_VVVV,    /* VEX.vvvv: inverted 4 bits at bit 3 of byte `off` */
	HOLE_HOME32,  /* state_disp + ABI_HOME_X + 8 * role's register number */
	HOLE_STATE32, /* state_disp + arg: a named home state */
	HOLE_VALUE8,
	HOLE_VALUE32,
	HOLE_VALUE64,	   /* value arg, little endian */
	HOLE_REL32_TARGET, /* branch to value arg (page relative), from the end of the hole */
	HOLE_REL32_EXIT,   /* branch to a cold exit arg (EXIT_FALLBACK, EXIT_SYSTEM) at the match's first instruction */
};

struct hole {
	u8 kind, off; /* off: byte in the template */
	u8 role;      /* HOLE_REG, HOLE_VVVV, HOLE_HOME32 */
	u8 shift, aux, aux_bit, is_inverted;
	u8 pad;
	u16 arg; /* value index, slot offset or exit number */
};

enum access_kind { ACCESS_LOAD, ACCESS_STORE, ACCESS_ATOMIC };

/* Register of an access: a role's pin, a fixed host register, or none. */
enum { ACCESS_REG_ROLE = 0x40, ACCESS_REG_NONE = 0x80, ACCESS_REG_IMM = 0xc0 };

/* One host instruction of a template that may fault on guest memory. */
struct access {
	u8 kind;		 /* enum access_kind */
	u8 size_bytes;		 /* 1 2 4 8 */
	u8 is_signed, dest_bits; /* load: sign-extends, to 32 or 64 bits */
	u8 off, len;		 /* host instruction within the template */
	u8 insn;		 /* guest instruction of the match that performs it */
	u8 reg;			 /* load: destination; store: source: host number, or ACCESS_REG_ROLE | role,
				 * or ACCESS_REG_IMM (the immediate is value reg_value) */
	u8 base;		 /* like reg; ACCESS_REG_NONE: absolute */
	u8 disp_value;		 /* value index of the displacement, 0xff = 0 */
	u8 reg_value, pad;
};

struct tmpl {
	u32 bytes;	  /* rule_byte_table[bytes ..] */
	u16 hole, access; /* first entries in rule_hole_table, rule_access_table */
	u8 len, nholes, naccesses;
	u8 nhost; /* host instructions */
};

/* gen/rules.c */
extern const u16 rule_root[]; /* [NR_OPS] -> index of rule_node_table or RULE_NONE */
extern const struct rule_node rule_node_table[];
extern const struct rule rule_table[];
extern const struct rule_ref rule_role_table[];
extern const struct rule_value rule_value_table[];
extern const struct rule_equal rule_equal_table[];
extern const struct rule_arm rule_arm_table[];
extern const struct rule_cond rule_cond_table[];
extern const u16 rule_variant_table[];
extern const struct tmpl rule_tmpl_table[];
extern const struct hole rule_hole_table[];
extern const struct access rule_access_table[];
extern const u8 rule_byte_table[]; /* segment prefixes are written as GMEM_SEG and HOME_SEG; 16 unused
						 * bytes at the end, since emit.c copies in chunks of 16 */
extern const char *const rule_name_table[];
extern const unsigned int rule_count, rule_arm_count, rule_tmpl_count;
s64 rule_let(unsigned int let, const s64 *value); /* defined for lets only; pure */

#endif
