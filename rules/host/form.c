// SPDX-License-Identifier: GPL-2.0-only
/* form.c: reads the notation of Intel's manual (volume 2, section 3.1.1) in the form lines of x86_64.isa, and
 * finds the form for a mnemonic with its operands. Next file: encode.c. */
#include "host/hinsn.h"

#include <stdlib.h>
#include <string.h>

/* Fixed registers as operand texts. */
static const struct {
	const char *name;
	unsigned int reg, width;
} fixed_reg[] = {
	{ "al", 0, 8 },	  { "ax", 0, 16 },  { "eax", 0, 32 }, { "rax", 0, 64 }, { "cl", 1, 8 },
	{ "ecx", 1, 32 }, { "rcx", 1, 64 }, { "edx", 2, 32 }, { "rdx", 2, 64 },
};

/* Operand texts that are a prefix and a width in bits. */
static const struct {
	const char *prefix;
	enum opnd_kind kind;
	uint8_t max_width, min_width;
} sized_opnd[] = {
	{ "rm", OPND_RM, 64, 8 },    { "r", OPND_R, 64, 8 },	  { "m", OPND_M, 64, 8 },
	{ "rr", OPND_RR, 64, 32 },   { "v", OPND_VVVV, 64, 32 },  { "x", OPND_XMM, 64, 32 },
	{ "xm", OPND_XMMM, 64, 32 }, { "xr", OPND_XMMR, 64, 32 }, { "xv", OPND_VXMM, 64, 32 },
	{ "imm", OPND_IMM, 64, 8 },  { "uimm", OPND_UIMM, 8, 8 }, { "rel", OPND_REL, 32, 8 },
};

static bool opnd_parse_fixed(struct opnd *opnd, const char *text)
{
	for (size_t i = 0; i < sizeof(fixed_reg) / sizeof(fixed_reg[0]); i++) {
		if (strcmp(text, fixed_reg[i].name))
			continue;
		*opnd = (struct opnd){ .kind = OPND_FIXED, .width = fixed_reg[i].width, .fixed = fixed_reg[i].reg };
		return true;
	}
	return false;
}

/* "rm64", "imm8" ...; immediates take the width of operand a, displacements stand for a 64-bit target. */
static bool opnd_parse_sized(struct opnd *opnd, const char *text, unsigned int a_width)
{
	for (size_t i = 0; i < sizeof(sized_opnd) / sizeof(sized_opnd[0]); i++) {
		size_t len = strlen(sized_opnd[i].prefix);
		char *end;
		unsigned long width;

		if (strncmp(text, sized_opnd[i].prefix, len) || text[len] < '1' || text[len] > '9')
			continue;
		width = strtoul(text + len, &end, 10);
		if (*end || (width != 8 && width != 16 && width != 32 && width != 64) ||
		    width < sized_opnd[i].min_width || width > sized_opnd[i].max_width)
			return false;
		*opnd = (struct opnd){ .kind = sized_opnd[i].kind, .width = width, .enc_width = width };
		if (opnd->kind == OPND_IMM)
			opnd->width = a_width;
		if (opnd->kind == OPND_REL)
			opnd->width = 64;
		return opnd->width >= width;
	}
	return false;
}

static int operands_parse(struct form *form, const char *text, struct diag *diag)
{
	form->nopnds = 0;
	while (*text) {
		char word[16];
		size_t len;
		struct opnd *opnd = &form->opnd[form->nopnds];

		text += strspn(text, " \t,");
		len = strcspn(text, " \t,");
		if (!len)
			break;
		if (form->nopnds == ISA_OPERANDS_MAX || len >= sizeof(word)) {
			diag_error(diag, form->loc, "%s: more than %d operands, or one too long", form->name,
				   ISA_OPERANDS_MAX);
			return -EINVAL;
		}
		memcpy(word, text, len);
		word[len] = '\0';
		text += len;
		if (!strcmp(word, "m")) { /* an address that is not accessed (lea): no width */
			*opnd = (struct opnd){ .kind = OPND_M };
		} else if (!opnd_parse_fixed(opnd, word) &&
			   !opnd_parse_sized(opnd, word, form->nopnds ? form->opnd[0].width : 0)) {
			diag_error(diag, form->loc,
				   "%s: unknown operand '%s'; use rm64, r32, m, imm8, uimm8, "
				   "rel32, v64, x64, xm64, xv64, cl ...",
				   form->name, word);
			return -EINVAL;
		}
		form->nopnds++;
	}
	return 0;
}

/* "VEX.66.0F38.W1": dots separate the fields; L is always 0. */
static bool vex_parse(struct form *form, const char *text)
{
	static const struct {
		const char *text;
		uint8_t pp, mm, w; /* 0: not this field */
	} piece[] = {
		{ ".NP", 0, 0, 0 },   { ".66", 1, 0, 0 },   { ".F3", 2, 0, 0 }, { ".F2", 3, 0, 0 },
		{ ".0F38", 0, 2, 0 }, { ".0F3A", 0, 3, 0 }, { ".0F", 0, 1, 0 }, { ".W0", 0, 0, 0 },
		{ ".W1", 0, 0, 1 },   { ".LZ", 0, 0, 0 },   { ".L0", 0, 0, 0 },
	};

	form->has_vex = true;
	for (text += 3; *text;) {
		size_t i, len = 1 + strcspn(text + 1, ".");

		for (i = 0; i < sizeof(piece) / sizeof(piece[0]); i++) {
			if (strlen(piece[i].text) == len && !strncmp(text, piece[i].text, len))
				break;
		}
		if (i == sizeof(piece) / sizeof(piece[0]))
			return false;
		form->vex_pp |= piece[i].pp;
		form->vex_mm |= piece[i].mm;
		form->rex_w |= piece[i].w;
		text += len;
	}
	return form->vex_mm;
}

/* A byte in hex, "B8+rd" included: a legacy prefix while none of REX, VEX and opcode was seen, else opcode. */
static bool byte_parse(struct form *form, const char *text)
{
	static const uint8_t prefix[] = { 0x66, 0xf0, 0xf2, 0xf3 };
	char *end;
	unsigned long byte = strtoul(text, &end, 16);

	if (end - text != 2)
		return false;
	if (memchr(prefix, (int)byte, sizeof(prefix)) && !form->nopcode && !form->rex_w && !form->has_vex) {
		if (*end || form->legacy[1])
			return false;
		form->legacy[form->legacy[0] ? 1 : 0] = byte;
		return true;
	}
	if (form->nopcode == sizeof(form->opcode))
		return false;
	form->opcode[form->nopcode++] = byte;
	if (!strcmp(end, "+rb") || !strcmp(end, "+rd") || !strcmp(end, "+ro")) {
		form->opcode_plus_r = true;
		return (byte & 7) == 0;
	}
	return !*end;
}

static bool encoding_word_parse(struct form *form, const char *word)
{
	static const struct {
		const char *text;
		uint8_t bytes;
	} imm[] = { { "ib", 1 }, { "iw", 2 }, { "id", 4 }, { "io", 8 }, { "cb", 1 }, { "cd", 4 } };

	for (size_t i = 0; i < sizeof(imm) / sizeof(imm[0]); i++) {
		if (!strcmp(word, imm[i].text)) {
			form->imm_bytes = imm[i].bytes;
			return true;
		}
	}
	if (!strcmp(word, "REX.W")) {
		form->rex_w = true;
		return true;
	}
	if (!strncmp(word, "VEX.", 4))
		return !form->nopcode && !form->rex_w && vex_parse(form, word);
	if (word[0] == '/' && word[1] && !word[2]) {
		form->has_modrm = true;
		form->digit = word[1] == 'r' ? -1 : word[1] - '0';
		return form->digit >= -1 && form->digit <= 7;
	}
	return byte_parse(form, word);
}

static int encoding_parse(struct form *form, const char *text, struct diag *diag)
{
	form->digit = -1;
	while (*(text += strspn(text, " \t"))) {
		size_t len = strcspn(text, " \t");
		char word[32] = "";

		if (len < sizeof(word))
			memcpy(word, text, len);
		if (!word[0] || !encoding_word_parse(form, word)) {
			diag_error(diag, form->loc, "%s: cannot read '%.*s' of the encoding", form->name, (int)len,
				   text);
			return -EINVAL;
		}
		text += len;
	}
	return 0;
}

/* The operands must have their places in the encoding, each exactly one, and no place may be left over. */
static bool form_is_consistent(const struct form *form)
{
	unsigned int nreg = 0, nrm = 0, nvvvv = 0, nimm = 0, imm_bytes = 0;

	for (unsigned int i = 0; i < form->nopnds; i++) {
		enum opnd_kind kind = form->opnd[i].kind;

		nreg += kind == OPND_R || kind == OPND_XMM;
		nrm += kind == OPND_RM || kind == OPND_RR || kind == OPND_M || kind == OPND_XMMM || kind == OPND_XMMR;
		nvvvv += kind == OPND_VVVV || kind == OPND_VXMM;
		if (kind == OPND_IMM || kind == OPND_UIMM || kind == OPND_REL) {
			nimm++;
			imm_bytes = form->opnd[i].enc_width / 8;
		}
	}
	if (!form->nopcode || nimm > 1 || imm_bytes != form->imm_bytes || nvvvv > form->has_vex)
		return false;
	if (form->opcode_plus_r)
		return nreg == 1 && !nrm && !form->has_modrm;
	if (!form->has_modrm)
		return !nreg && !nrm;
	return nrm == 1 && nreg == (form->digit < 0);
}

int form_parse(struct form *form, const char *operands, const char *encoding, struct diag *diag)
{
	if (operands_parse(form, operands, diag) || encoding_parse(form, encoding, diag))
		return -EINVAL;
	if (!form_is_consistent(form)) {
		diag_error(diag, form->loc, "%s: operands '%s' do not agree with encoding '%s'", form->name, operands,
			   encoding);
		return -EINVAL;
	}
	return 0;
}

/* ---- which form ---- */

static bool const_fits(const struct opnd *opnd, int64_t value)
{
	unsigned int bits = opnd->enc_width;
	int64_t half;

	if (bits == 64)
		return true;
	half = (int64_t)1 << (bits - 1);
	if (opnd->kind == OPND_UIMM)
		return value >= 0 && value < 2 * half;
	/* As wide as the operation: the unsigned way to write the same bits will do as well. */
	return value >= -half && value < (opnd->width == bits ? 2 * half : half);
}

/* There are holes of 8, 32 and 64 bits; a signed byte that is extended needs the variant's promise. */
static bool value_fits(const struct opnd *opnd, int value, uint32_t narrow_mask)
{
	if (opnd->enc_width == 8)
		return opnd->kind == OPND_UIMM || opnd->width == 8 || (narrow_mask >> value & 1);
	return opnd->enc_width >= 32;
}

static bool is_register(const struct hop *op)
{
	return op->kind == HOP_REG || op->kind == HOP_ROLE;
}

static bool is_xmm(const struct hop *op)
{
	return op->kind == HOP_XMM || op->kind == HOP_XROLE;
}

static bool is_memory(const struct hop *op)
{
	return op->kind == HOP_HOME || op->kind == HOP_STATE || op->kind == HOP_GMEM;
}

static bool hop_fits(const struct opnd *opnd, const struct hop *op, uint32_t narrow_mask)
{
	switch (opnd->kind) {
	case OPND_R:
	case OPND_RR:
	case OPND_VVVV: return is_register(op) && op->width == opnd->width;
	case OPND_RM: return (is_register(op) || is_memory(op)) && op->width == opnd->width;
	case OPND_XMM:
	case OPND_XMMR:
	case OPND_VXMM: return is_xmm(op) && op->width == opnd->width;
	case OPND_XMMM: return (is_xmm(op) || is_memory(op)) && op->width == opnd->width;
	case OPND_M: return opnd->width ? is_memory(op) && op->width == opnd->width : op->kind == HOP_ADDR;
	case OPND_FIXED: return op->kind == HOP_REG && op->reg == (int)opnd->fixed && op->width == opnd->width;
	case OPND_IMM:
	case OPND_UIMM:
		return op->kind == HOP_CONST ? const_fits(opnd, op->disp_const)
					     : op->kind == HOP_VALUE && value_fits(opnd, op->value, narrow_mask);
	case OPND_REL:
		return opnd->enc_width == 8 ? op->kind == HOP_LABEL : op->kind == HOP_TARGET || op->kind == HOP_EXIT;
	default: return false;
	}
}

bool form_fits(const struct form *form, const struct hop *op, unsigned int nops, uint32_t narrow_mask)
{
	if (form->nopnds != nops)
		return false;
	for (unsigned int i = 0; i < nops; i++) {
		if (!hop_fits(&form->opnd[i], &op[i], narrow_mask))
			return false;
	}
	return true;
}

unsigned int form_mnemonic_len(const struct form *form)
{
	size_t len = strcspn(form->name, ".");

	if (form->name[len])
		return len;
	return len && form->name[len - 1] >= '1' && form->name[len - 1] <= '3' ? len - 1 : len;
}

/* Mnemonics whose meaning depends on the number of operands have one name for each: imul1 is imul with one. What stands
 * behind a dot is no part of the mnemonic: it tells meanings apart that depend on the operands' widths. */
static bool name_fits(const struct form *form, const char *name, unsigned int nops)
{
	size_t len = form_mnemonic_len(form);

	return !strncmp(form->name, name, len) && !name[len] &&
	       (!form->name[len] || form->name[len] == '.' || (unsigned int)(form->name[len] - '0') == nops);
}

const struct form *form_find(const struct isa *host, const char *name, const struct hop *op, unsigned int nops,
			     uint32_t narrow_mask)
{
	for (unsigned int i = 0; i < host->nforms; i++) {
		if (name_fits(host->form[i], name, nops) && form_fits(host->form[i], op, nops, narrow_mask))
			return host->form[i];
	}
	return NULL;
}
