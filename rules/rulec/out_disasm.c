// SPDX-License-Identifier: GPL-2.0-only
/* out_disasm.c: gen/disasm.c, the tables of the disassembler: per mnemonic a text with escapes and the fields it names.
 *
 * The asm lines of the description become short texts; translator/disasm.c expands them. Escapes: '%', a kind
 * (translator/disasm.h), the field's number as a digit. Next file: translator/disasm.h. */
#include "rulec/out_text.h"
#include "rulec/texts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 32 };

struct asm_in {
	const struct insn_desc *insn;
	const char *at;
};

static int field_find(const struct insn_desc *insn, const char *name)
{
	unsigned int i;

	for (i = 0; i < insn->nfields; i++)
		if (!strcmp(insn->field[i].name, name))
			return (int)i;
	return -1;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '\'';
}

static void take_name(struct asm_in *in, char *name)
{
	unsigned int len = 0;

	while (is_name_char(*in->at) && len < NAME_MAX_BYTES - 1)
		name[len++] = *in->at++;
	name[len] = 0;
}

/* target(imm), hi20(imm), csr(f), fence(f), rm(f), exact(f): kind of the escape, or 0 when the name is no such word. */
static char word_kind(const char *name)
{
	static const struct {
		const char *word;
		char kind;
	} kinds[] = {
		{ "target", 't' }, { "hi20", 'h' }, { "csr", 'c' }, { "fence", 'f' }, { "rm", 'r' }, { "exact", 'e' },
	};
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].word, name))
			return kinds[i].kind;
	return 0;
}

/* Behind a special word: its field in parentheses. */
static int take_argument(struct asm_in *in)
{
	const char *start = in->at;
	char name[NAME_MAX_BYTES];
	int field;

	if (*in->at != '(')
		return -1;
	in->at++;
	take_name(in, name);
	field = field_find(in->insn, name);
	if (field < 0 || *in->at != ')') {
		in->at = start;
		return -1;
	}
	in->at++;
	return field;
}

static void out_operand(struct out_ctx *ctx, struct asm_in *in)
{
	char name[NAME_MAX_BYTES];
	int field = -1;
	char kind;

	take_name(in, name);
	kind = word_kind(name);
	if (kind)
		field = take_argument(in);
	if (field < 0) {
		kind = 'd';
		field = field_find(in->insn, name);
	}
	if (field < 0) {
		fprintf(ctx->out, "%s", name);
		return;
	}
	if (kind == 'd' && !strncmp(in->at, ":x", 2)) {
		kind = 'x';
		in->at += 2;
	}
	if (in->insn->field[field].kind == FIELD_REG)
		fprintf(ctx->out, "%s", ctx->isa->regfile[in->insn->field[field].regfile].name);
	fprintf(ctx->out, "%%%c%d", kind, field);
}

/* ".aqrl": the mnemonic's ending follows from the fields aq and rl. */
static void out_aqrl(struct out_ctx *ctx, struct asm_in *in)
{
	int aq = field_find(in->insn, "aq"), rl = field_find(in->insn, "rl");

	in->at += strlen(".aqrl");
	if (aq < 0 || rl < 0)
		diag_error(ctx->diag, in->insn->loc, "'.aqrl' needs fields aq and rl");
	else
		fprintf(ctx->out, "%%o%d%d", aq, rl);
}

/* Rounding modes bring their comma along, since the usual one is not printed: length of the one in the text. */
static size_t rounding_comma(const char *at)
{
	return !strncmp(at, ", rm(", 5) || !strncmp(at, ", exact(", 8) ? 2 : 0;
}

static void out_asm(struct out_ctx *ctx)
{
	struct asm_in in = { ctx->insn, ctx->insn->asm_text ? ctx->insn->asm_text : "" };

	fprintf(ctx->out, "\"%s", ctx->insn->name);
	if (!strncmp(in.at, ".aqrl", 5))
		out_aqrl(ctx, &in);
	while (*in.at == ' ')
		in.at++;
	if (*in.at)
		fprintf(ctx->out, "\\t");
	while (*in.at) {
		in.at += rounding_comma(in.at);
		if (is_name_char(*in.at))
			out_operand(ctx, &in);
		else if (*in.at++ != ' ')
			fputc(in.at[-1], ctx->out);
	}
	fprintf(ctx->out, "\"");
}

static int out_rows(struct out_ctx *ctx, struct texts *formats)
{
	const struct isa *isa = ctx->isa;
	unsigned int i;

	fprintf(ctx->out, "const struct disasm_row disasm_rows[NR_MNEMS] = {\n\t[MN_ILLEGAL] = { 0xff, NULL },\n");
	for (i = 0; i < isa->ninsns; i++) {
		struct out_ctx slots = *ctx;
		size_t len_bytes;
		char *text;
		int format;

		ctx->insn = slots.insn = isa->insn[i];
		slots.out = open_memstream(&text, &len_bytes);
		if (!slots.out)
			return -1;
		out_slots(&slots, false);
		fclose(slots.out);
		format = texts_add(formats, text);
		if (format < 0)
			return -1;
		fprintf(ctx->out, "\t[MN_");
		out_upper(ctx->out, isa->insn[i]->name);
		fprintf(ctx->out, "] = { %d, ", format);
		out_asm(ctx);
		fprintf(ctx->out, " },\n");
	}
	fprintf(ctx->out, "};\n\n");
	return 0;
}

int out_disasm(const struct isa *isa, FILE *out, struct diag *diag)
{
	struct out_ctx ctx = { .isa = isa, .fields = OUT_FIELDS_OF_WORD, .out = out, .diag = diag };
	struct texts *formats = calloc(1, sizeof(*formats));
	unsigned int i, before = diag->nerrors;
	struct loc loc = { isa->name, 0 };

	if (!formats)
		return -1;
	out_head(out, isa, "disasm.c", "texts and fields of each mnemonic");
	fprintf(out, "#include \"disasm.h\"\n#include \"ops.h\"\n\n");
	if (out_rows(&ctx, formats))
		diag_error(diag, loc, "too many field layouts, raise TEXTS_MAX");
	fprintf(out, "void disasm_fields(u8 format, u32 word, s32 *f)\n{\n\tswitch (format) {\n");
	for (i = 0; i < formats->count; i++)
		fprintf(out, "\tcase %u:\n%s\t\tbreak;\n", i, formats->text[i]);
	fprintf(out, "\tdefault:\n\t\tbreak;\n\t}\n}\n");
	texts_free(formats);
	free(formats);
	return diag->nerrors == before ? 0 : -1;
}
