// SPDX-License-Identifier: GPL-2.0-only
/* test_gen.c: what the writers of the generated files refuse, and that they write the same text every time. */
#include <stdlib.h>
#include <string.h>

#include "rulec/out.h"
#include "tally.h"

#define HEAD                                                                                                           \
	"isa riscv64\n"                                                                                                \
	"regfile x[32]:64 zero 0\n"                                                                                    \
	"state pc:64\n"                                                                                                \
	"state resv:64 home\n"                                                                                         \
	"field rd:5 reg x\n"                                                                                           \
	"field rs1:5 reg x\n"                                                                                          \
	"field rs2:5 reg x\n"                                                                                          \
	"effect csr_read(12):64\n"                                                                                     \
	"effect csr_write(12, 64)\n"                                                                                   \
	"effect fence_i()\n"                                                                                           \
	"ext I\n"                                                                                                      \
	"bits 32\n"                                                                                                    \
	"asm rd, rs1, imm\n"
#define INSN(semantics) HEAD "insn test imm:s12 rs1 000 rd 0010011 " semantics "\n"

/* message: part of the error that must be reported, or NULL when the description is to be accepted. */
static const struct {
	const char *what, *text, *message;
} rows[] = {
	{ "plain", INSN("x[rd] = x[rs1] + sext(imm)"), NULL },
	{ "load then write", INSN("x[rd] = load(8, x[rs1])"), NULL },
	{ "write then load", INSN("x[rd] = x[rs1]; let v = load(8, x[rs1]); resv = v"), "may trap here" },
	{ "write then store", INSN("x[rd] = x[rs1]; store(8, x[rs1], x[rd])"), "may trap here" },
	{ "two stores", INSN("store(8, x[rs1], x[rd]); store(8, x[rs1] + 8, x[rd])"), "may trap here" },
	{ "two loads", INSN("let a = load(8, x[rs1]); let b = load(8, a); x[rd] = b"), NULL },
	{ "state then trap", INSN("resv = 0; trap(3, pc)"), "may trap here" },
	{ "pc then trap", INSN("pc = x[rs1]; if x[rd] == 0 { trap(3, pc) }"), "may trap here" },
	{ "write in one branch, trap behind", INSN("if x[rs1] == 0 { x[rd] = 1 } fence_i()"), "may trap here" },
	{ "write and trap in different branches", INSN("if x[rs1] == 0 { x[rd] = 1 } else { fence_i() }"), NULL },
	{ "reading effect, then effect", INSN("let t = csr_read(0x300); csr_write(0x300, t); x[rd] = t"), NULL },
	{ "effect, then reading effect", INSN("csr_write(0x300, x[rs1]); let t = csr_read(0x300); x[rd] = t"),
	  "may trap here" },
	{ "atomic of 2 bytes", INSN("x[rd] = zext(amo(2, x[rs1], old + 1))"), "no 2-byte access" },
	{ "wide arithmetic", INSN("let p = zext(128, x[rs1]) * sext(128, x[rs1]); x[rd] = p[127:64]"), NULL },
	{ "wide shift amount", INSN("let p = zext(128, x[rs1]); x[rd] = x[rs1] << p"), "wider than 64 bits" },
};

/* All files as one text; *failed tells whether a writer refused. */
static char *write_all(const struct isa *isa, struct diag *diag, bool *failed)
{
	const struct out_file *file;
	size_t len_bytes;
	char *text;
	FILE *out = open_memstream(&text, &len_bytes);

	*failed = false;
	for (file = out_files; file->name; file++)
		if (file->write(isa, out, diag))
			*failed = true;
	fclose(out);
	return text;
}

static void check_row(const char *what, const char *text, const char *message)
{
	size_t len_bytes;
	char *errors, *written;
	struct diag diag = { open_memstream(&errors, &len_bytes), 0 };
	struct isa *isa = isa_load_text(what, text, strlen(text), &diag);
	bool failed;

	fflush(diag.out);
	if (CHECK(isa != NULL, "%s: does not parse: %s", what, errors)) {
		written = write_all(isa, &diag, &failed);
		fflush(diag.out);
		CHECK(failed == (message != NULL), "%s: %s", what, failed ? errors : "accepted");
		CHECK(!message || strstr(errors, message), "%s: message is: %s", what, errors);
		CHECK(failed == (diag.nerrors != 0), "%s: %u errors", what, diag.nerrors);
		free(written);
		isa_free(isa);
	}
	fclose(diag.out);
	free(errors);
}

static void check_same_text(void)
{
	struct diag diag = { stderr, 0 };
	struct isa *isa = isa_load_text("same", rows[0].text, strlen(rows[0].text), &diag);
	char *first, *second;
	bool failed;

	if (!CHECK(isa != NULL, "does not parse"))
		return;
	first = write_all(isa, &diag, &failed);
	second = write_all(isa, &diag, &failed);
	CHECK(!strcmp(first, second), "two runs differ");
	CHECK(strstr(first, "OP_TEST,\t/* 0:rd 1:rs1 2:imm */"), "slots of OP_TEST are not in slot order");
	free(first);
	free(second);
	isa_free(isa);
}

int main(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(rows[i].what, rows[i].text, rows[i].message);
	check_same_text();
	return tally_end("gen");
}
