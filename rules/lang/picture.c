// SPDX-License-Identifier: GPL-2.0-only
/* picture.c: the encoding of an insn line, from the most significant bit down. Next file: sem.c. */
#include "lang/front.h"

#include <ctype.h>
#include <string.h>

struct picture {
	struct front *f;
	struct lexer *lx;
	struct insn_desc *desc;
	unsigned int left;		    /* bits not yet given */
	struct field field[ISA_FIELDS_MAX]; /* in picture order */
	unsigned int nfields;
};

static bool take_bits(struct picture *p, unsigned int n, struct loc loc)
{
	if (n <= p->left) {
		p->left -= n;
		return true;
	}
	diag_error(p->f->diag, loc, "picture of %s has more than %u bits", p->desc->name, p->desc->bits);
	return false;
}

static bool is_digits(const struct token *tok)
{
	for (unsigned int i = 0; i < tok->len; i++)
		if (tok->text[i] != '0' && tok->text[i] != '1')
			return false;
	return tok->kind == TOK_NUMBER;
}

static bool fixed_bits(struct picture *p, const struct token *tok)
{
	if (!is_digits(tok)) {
		diag_error(p->f->diag, tok->loc, "picture of %s: %.*s is neither bits nor a field", p->desc->name,
			   (int)tok->len, tok->text);
		return false;
	}
	if (!take_bits(p, tok->len, tok->loc))
		return false;
	for (unsigned int i = 0; i < tok->len; i++) {
		unsigned int bit = p->left + tok->len - 1 - i;

		p->desc->mask |= 1u << bit;
		p->desc->match |= (uint32_t)(tok->text[i] == '1') << bit;
	}
	return true;
}

static struct field *find_field(struct picture *p, const char *name)
{
	for (unsigned int i = 0; i < p->nfields; i++)
		if (!strcmp(p->field[i].name, name))
			return &p->field[i];
	return NULL;
}

static struct field *add_field(struct picture *p, const char *name, struct loc loc)
{
	struct field *field = &p->field[p->nfields];

	if (p->nfields == ISA_FIELDS_MAX) {
		diag_error(p->f->diag, loc, "%s has more than %d fields", p->desc->name, ISA_FIELDS_MAX);
		return NULL;
	}
	p->nfields++;
	field->name = name;
	field->kind = FIELD_IMM;
	return field;
}

/* Bits hi:lo of the field stand next in the picture. */
static bool add_piece(struct picture *p, struct field *field, uint64_t hi, uint64_t lo, struct loc loc)
{
	unsigned int nbits = hi - lo + 1;

	if (hi < lo || hi >= field->width) {
		diag_error(p->f->diag, loc, "bits %llu:%llu of field %s, which has %u: write high:low inside it",
			   (unsigned long long)hi, (unsigned long long)lo, field->name, field->width);
		return false;
	}
	if (field->npieces == ISA_PIECES_MAX) {
		diag_error(p->f->diag, loc, "field %s has more than %d pieces", field->name, ISA_PIECES_MAX);
		return false;
	}
	for (unsigned int i = 0; i < field->npieces; i++) {
		const struct piece *other = &field->piece[i];

		if (lo < other->field_lo + other->nbits && other->field_lo <= hi) {
			diag_error(p->f->diag, loc, "field %s is given bit %llu twice", field->name,
				   (unsigned long long)(lo > other->field_lo ? lo : other->field_lo));
			return false;
		}
	}
	if (!take_bits(p, nbits, loc))
		return false;
	field->piece[field->npieces++] = (struct piece){ p->left, nbits, lo };
	return true;
}

/* [12|10:5] */
static bool pieces(struct picture *p, struct field *field)
{
	struct loc loc = lex_peek(p->lx)->loc;
	uint64_t hi, lo;

	do {
		if (!lex_number(p->lx, "bit number", &hi))
			return false;
		lo = hi;
		if (lex_accept(p->lx, ":") && !lex_number(p->lx, "bit number", &lo))
			return false;
		if (!add_piece(p, field, hi, lo, loc))
			return false;
	} while (lex_accept(p->lx, "|"));
	return lex_expect(p->lx, "]");
}

/* s12, u5 */
static bool field_type(struct picture *p, struct field *field)
{
	const struct token *tok = lex_peek(p->lx);
	char *text = lex_name(p->lx, "type of the field, such as s12 or u5,");
	unsigned int width = 0;

	if (!text)
		return false;
	for (const char *c = text + 1; isdigit((unsigned char)*c) && width < 100; c++)
		width = width * 10 + *c - '0';
	if ((text[0] != 's' && text[0] != 'u') || width < 1 || width > 32 || text[1 + strspn(text + 1, "0123456789")]) {
		diag_error(p->f->diag, tok->loc, "%s is no field type: s1..s32 or u1..u32", text);
		return false;
	}
	field->is_signed = text[0] == 's';
	field->width = width;
	return true;
}

/* A field declared by `field`: all its bits at once. */
static bool declared_field(struct picture *p, const char *name, const struct field_decl *decl, struct loc loc)
{
	struct field *field = add_field(p, name, loc);
	unsigned int width = decl->width;

	if (!field || !take_bits(p, width, loc))
		return false;
	field->kind = FIELD_REG;
	field->regfile = decl->regfile;
	field->bias = decl->bias;
	field->width = index_width(&p->f->isa->regfile[decl->regfile]);
	field->npieces = 1;
	field->piece[0] = (struct piece){ p->left, width, 0 };
	return true;
}

static bool new_immediate(struct picture *p, const char *name, struct loc loc)
{
	struct field *field = add_field(p, name, loc);

	if (!field || !field_type(p, field))
		return false;
	if (lex_accept(p->lx, "["))
		return pieces(p, field);
	return add_piece(p, field, field->width - 1, 0, loc);
}

static bool named_bits(struct picture *p, struct loc loc)
{
	char *name = lex_name(p->lx, "field");
	const struct field_decl *decl = front_field(p->f, name);
	struct field *field = find_field(p, name);

	if (lex_accept(p->lx, ":")) {
		if (!field && !decl)
			return new_immediate(p, name, loc);
		diag_error(p->f->diag, loc,
			   "field %s has a type already: write its name alone, or its further bits in [ ]", name);
		return false;
	}
	if (field && field->kind == FIELD_IMM && lex_accept(p->lx, "["))
		return pieces(p, field);
	if (decl && !field)
		return declared_field(p, name, decl, loc);
	if (field)
		diag_error(p->f->diag, loc, "field %s stands twice in the picture: name the second one differently",
			   name);
	else
		diag_error(p->f->diag, loc, "unknown field %s: declare it, or give its type as in %s:s12", name, name);
	return false;
}

static bool picture_ends(const struct token *tok)
{
	return tok->kind == TOK_END || tok->kind == TOK_PUNCT || token_is(tok, "when");
}

/* ---- slots: first those of the asm line ---- */

static bool is_print_function(const struct token *tok)
{
	return token_is(tok, "target") || token_is(tok, "csr") || token_is(tok, "fence") || token_is(tok, "hi20");
}

/* Is asm token i a field name, and not the function in target(imm) or the format in imm:x? */
static bool asm_names_field(const struct front *f, unsigned int i)
{
	const struct token *tok = &f->asm_tok[i];

	if (tok->kind != TOK_NAME || tok->text[0] == '.')
		return false;
	if (is_print_function(tok) && i + 1 < f->nasm_toks && token_is(tok + 1, "("))
		return false;
	return !(i && token_is(tok - 1, ":"));
}

static void add_slot(struct insn_desc *desc, struct field *field)
{
	if (!field->name)
		return;
	desc->field[desc->nfields++] = *field;
	field->name = NULL;
}

static void order_slots(struct picture *p)
{
	for (unsigned int i = 0; i < p->f->nasm_toks; i++) {
		if (!asm_names_field(p->f, i))
			continue;
		for (unsigned int k = 0; k < p->nfields; k++)
			if (p->field[k].name && token_is(&p->f->asm_tok[i], p->field[k].name))
				add_slot(p->desc, &p->field[k]);
	}
	for (unsigned int k = 0; k < p->nfields; k++)
		add_slot(p->desc, &p->field[k]);
}

bool picture_parse(struct front *f, struct lexer *lx, struct insn_desc *desc)
{
	struct picture p = { .f = f, .lx = lx, .desc = desc, .left = desc->bits };

	while (p.left) {
		const struct token *tok = lex_peek(lx);
		bool ok;

		if (picture_ends(tok)) {
			diag_error(f->diag, tok->loc, "picture of %s ends after %u of %u bits", desc->name,
				   desc->bits - p.left, desc->bits);
			return false;
		}
		ok = tok->kind == TOK_NUMBER ? fixed_bits(&p, lex_next(lx)) : named_bits(&p, tok->loc);
		if (!ok)
			return false;
	}
	if (lex_peek(lx)->kind == TOK_NUMBER)
		return take_bits(&p, 1, lex_peek(lx)->loc);
	order_slots(&p);
	return true;
}
