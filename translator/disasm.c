/* SPDX-License-Identifier: GPL-2.0-only */
/* disasm.c: struct insn to text, exactly as objdump -M no-aliases,numeric prints it.
 *
 * The words come from the description (gen/disasm.c); here is only how numbers look. Next file: disasm.h. */
#include "disasm.h"
#include "csr_name.h"

struct text {
	char *at;
	size_t size, len; /* len may pass size: the rest is counted, not written */
};

static void put_char(struct text *text, char c)
{
	if (text->len + 1 < text->size)
		text->at[text->len] = c;
	text->len++;
}

static void put_string(struct text *text, const char *s)
{
	while (*s)
		put_char(text, *s++);
}

static void put_number(struct text *text, u64 value, u32 base)
{
	char digits[20];
	u32 n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		put_char(text, digits[--n]);
}

static void put_hex(struct text *text, u64 value)
{
	put_string(text, "0x");
	put_number(text, value, 16);
}

static void put_decimal(struct text *text, s64 value)
{
	if (value < 0)
		put_char(text, '-');
	put_number(text, value < 0 ? -(u64)value : (u64)value, 10);
}

static void put_csr(struct text *text, u32 number)
{
	struct csr_name name;

	if (!csr_name(number, &name)) {
		put_hex(text, number);
		return;
	}
	put_string(text, name.stem);
	if (name.index != CSR_NAME_NO_INDEX)
		put_number(text, (u64)name.index, 10);
	put_string(text, name.suffix);
}

/* Predecessor and successor sets; the empty set has a name of its own. */
static void put_fence(struct text *text, u32 set)
{
	u32 i;

	if (!set)
		put_string(text, "unknown");
	for (i = 0; i < 4; i++)
		if (set >> (3 - i) & 1)
			put_char(text, "iorw"[i]);
}

static void put_order(struct text *text, bool aq, bool rl)
{
	if (aq || rl)
		put_char(text, '.');
	if (aq)
		put_string(text, "aq");
	if (rl)
		put_string(text, "rl");
}

/* unpriv f-st-ext, table "Rounding mode encoding"; the usual mode is not printed. */
static void put_rounding(struct text *text, u32 mode, u32 usual)
{
	static const char *const name[] = { "rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", "dyn" };

	if (mode == usual)
		return;
	put_char(text, ',');
	put_string(text, name[mode & 7]);
}

/* *s stands behind the '%'; returns what follows the escape. */
static const char *put_escape(struct text *text, const char *s, const s32 *f, gva_t pc)
{
	s32 value = f[s[1] - '0'];

	switch (*s) {
	case 'd': put_decimal(text, value); break;
	case 'x': put_hex(text, (u32)value); break;
	case 'h': put_hex(text, (u32)value >> 12); break;
	case 't': put_hex(text, pc + (u64)(s64)value); break;
	case 'c': put_csr(text, (u32)value); break;
	case 'f': put_fence(text, (u32)value); break;
	case 'r': put_rounding(text, (u32)value, 7); break;
	case 'e': put_rounding(text, (u32)value, 0); break;
	case 'o': put_order(text, value != 0, f[s[2] - '0'] != 0); return s + 3;
	default: port_assert(0); break;
	}
	return s + 2;
}

static void put_illegal(struct text *text, const struct insn *in)
{
	put_string(text, in->len_bytes == 2 ? ".2byte\t" : ".4byte\t");
	put_hex(text, in->word);
}

int disasm_insn(const struct insn *in, gva_t pc, char *buf, size_t size_bytes)
{
	const struct disasm_row *row = &disasm_rows[in->mnem];
	struct text text = { .at = buf, .size = size_bytes };
	const char *s = row->text;
	s32 f[INSN_FIELDS_MAX] = { 0 };

	disasm_fields(row->format, in->word, f);
	if (!s)
		put_illegal(&text, in);
	while (s && *s) {
		if (*s == '%')
			s = put_escape(&text, s + 1, f, pc);
		else
			put_char(&text, *s++);
	}
	if (size_bytes)
		buf[text.len < size_bytes ? text.len : size_bytes - 1] = 0;
	return (int)text.len;
}
