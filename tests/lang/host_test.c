// SPDX-License-Identifier: GPL-2.0-only
/* host_test.c: semantics of host forms, undefined flags, and let expressions of rule files. Next file: fields_test.c. */
#include "harness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lang/syn.h"

static const char host_text[] =
	"isa host\nregfile r[16]:64\nstate cf:1 zf:1 of:1\nstate pc:64\nconst DE = 0\n"
	"sem add let s = a + b; cf = s <u a; of = ((a ^ s) & (b ^ s))[msb]; zf = s == 0; a = s\n"
	"form add rm64, r64 REX.W 01 /r\nform add rm32, r32 01 /r\nform add rm8, imm8 80 /0 ib\n"
	"sem shl let n = b & (msb | 31); a = a << n; if n != 0 { cf = undef }\n"
	"form shl rm64, uimm8 REX.W C1 /4 ib\n"
	"sem lea a = addr(b)[msb:0]\nform lea r64, m REX.W 8D /r\nform lea r32, m 8D /r\n"
	"sem xchg let o = amo(width(a) >> 3, addr(a), b); b = o\nform xchg m32, r32 87 /r\n"
	"sem setc a = zext(8, cf)\nform setc rm8 0F 92 /0\n"
	"sem shlx a = b << c\nform shlx r64, rm64, v64 VEX.LZ.66.0F38.W1 F7 /r needs bmi2\n"
	"sem div if a == 0 { trap(DE, 0) } r[0] = r[0] & zext(a)\nform div rm32 F7 /6\n"
	"sem jz if zf { pc = a }\nform jz rel8 74 cb\n";

static uint64_t memory = 0x1122334455667788;

static int on_access(void *ctx, enum mem_kind kind, unsigned int size, uint64_t addr, bv_t *value, bv_t expected)
{
	(void)ctx;
	(void)expected;
	if (addr != 0x1001) /* misaligned: the host does not mind */
		return 1;
	if (kind == MEM_STORE)
		memcpy(&memory, value, size);
	else
		*value = 0, memcpy(value, &memory, size);
	return 0;
}

static bool state_of(const struct eval *e, const char *name)
{
	return e->state[isa_find_state(e->isa, name)];
}

/* Runs form number n; operands as given. */
static enum eval_end run(struct eval *e, unsigned int n, uint64_t a, uint64_t b, uint64_t c)
{
	e->operand[0] = a;
	e->operand[1] = b;
	e->operand[2] = c;
	return eval_form(e, e->isa->form[n]);
}

static void test_flags(struct eval *e)
{
	run(e, 0, UINT64_MAX, 1, 0);
	check(e->operand[0] == 0 && state_of(e, "cf") && state_of(e, "zf") && !state_of(e, "of"), "64-bit add");
	run(e, 1, 0x7fffffff, 1, 0);
	check(e->operand[0] == 0x80000000 && !state_of(e, "cf") && state_of(e, "of"), "32-bit add");
	run(e, 2, 0x80, 0x80, 0);
	check(e->operand[0] == 0 && state_of(e, "cf") && state_of(e, "of"), "8-bit add");
	check(!e->undef_states && !e->used_undef, "no flag is undefined so far");
	run(e, 3, 1, 64, 0);
	check(e->operand[0] == 1 && !e->undef_states, "a shift by 64 is one by 0");
	run(e, 3, 1, 63, 0);
	check(e->operand[0] == 1ULL << 63 && e->undef_states == 1u << isa_find_state(e->isa, "cf"), "cf is undefined");
	run(e, 7, 0, 0, 0);
	check(e->undef_operands == 1, "reading an undefined flag shows");
	run(e, 0, 1, 1, 0);
	check(!e->undef_states && !e->undef_operands, "a new value ends it");
}

static void test_host(void)
{
	struct isa *isa = must_load(host_text);
	bv_t r[16] = { 0xff };
	struct eval e = { .isa = isa, .reg = { r }, .access = on_access };

	test_flags(&e);
	e.operand_addr[1] = 0x123456789a;
	check(run(&e, 4, 0, 0, 0) == EVAL_NEXT && e.operand[0] == 0x123456789a, "lea");
	check(run(&e, 5, 0, 0, 0) == EVAL_NEXT && e.operand[0] == 0x3456789a, "32-bit lea");
	e.operand_addr[0] = 0x1001;
	check(run(&e, 6, 0, 0xdeadbeef, 0) == EVAL_NEXT && e.operand[1] == 0x55667788 && memory == 0x11223344deadbeef,
	      "xchg with misaligned memory");
	check(run(&e, 8, 0, 3, 4) == EVAL_NEXT && e.operand[0] == 48, "shlx has three operands");
	check(!strcmp(isa->form[8]->feature, "bmi2") && !isa->form[0]->feature, "needs bmi2");
	check(run(&e, 9, 0, 0, 0) == EVAL_TRAP && r[0] == 0xff, "divide error");
	check(run(&e, 9, 0x0f, 0, 0) == EVAL_NEXT && r[0] == 0x0f, "implied register");
	e.state[isa_find_state(isa, "zf")] = 1;
	check(run(&e, 10, 0x5000, 0, 0) == EVAL_NEXT && e.has_next_pc && e.next_pc == 0x5000, "branch");
	isa_free(isa);
}

/* ---- let expressions ---- */

static int find(void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "hi") ? 0 : !strcmp(name, "lo") ? 1 : -1;
}

static void test_let(const char *text, const char *message)
{
	struct arena *arena = arena_create();
	char *messages = NULL;
	size_t messages_bytes;
	struct diag diag = { open_memstream(&messages, &messages_bytes), 0 };
	struct lexer lx;
	struct ex *e;

	lex_init(&lx, arena, &diag, "t.rules", text, strlen(text));
	lex_open_line(&lx);
	e = expr_parse_let(&lx, find, NULL);
	fclose(diag.out);
	check(message ? !e && strstr(messages, message) : e && e->width == 64 && !diag.nerrors, "let %s: %s", text,
	      messages);
	free(messages);
	arena_destroy(arena);
}

void test_forms(void)
{
	test_host();
	test_let("hi + lo", NULL);
	test_let("-(hi << 12 | 5) & ~lo", NULL);
	test_let("hi + k", "t.rules:1: k is no value of this match");
	test_let("hi == lo", "t.rules:1: let takes numbers, names and");
	test_let("!hi", "t.rules:1: let takes numbers, names and");
	test_let("hi[3:0]", "t.rules:1: let takes numbers, names and");
	test_let("hi +", "t.rules:1: expression expected, but the statement ends");
}
