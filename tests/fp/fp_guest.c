// SPDX-License-Identifier: GPL-2.0-only
/* fp_guest.c: runs the cases on the instructions themselves, on whatever executes this program.
 * Next file: fp_call.S, fp_image.h. */
#include "fp_image.h"
#include "rt.h"

enum {
	WORD_RET = 0x00008067,
	WORD_BACK = 0x22528553, /* fmv.d f10, f5 */
	RMS = 8,
	RM_SHIFT = 12,
	RD_SHIFT = 7,
	RD_OF_INTEGERS = 11,
	FS1 = 10,
	TO_OTHER = 5, /* f10 becomes f5, f11 f6, f12 f7 */
};

/* Offsets are fp_call.S's. */
struct fp_frame {
	const uint32_t *code;
	struct fp_case in;
	struct fp_result out;
};

_Static_assert(__builtin_offsetof(struct fp_frame, in.frm) == 44 && __builtin_offsetof(struct fp_frame, out) == 48,
	       "fp_call.S");

void fp_call(struct fp_frame *frame);

static volatile struct fp_image image = { .magic = FP_MAGIC, .op = FP_ALL_OPS };
static uint32_t code[RMS][3]; /* by rm: the instruction, perhaps a move of its result, ret */

static void execute(const struct fp_case *c, struct fp_result *r)
{
	struct fp_frame frame = { .code = code[c->word >> RM_SHIFT & (RMS - 1)], .in = *c };

	fp_call(&frame);
	*r = frame.out;
}

/* Fields of f registers, by what the op says of itself. */
static uint32_t other_registers(const struct fp_op *op)
{
	static const uint8_t shift[] = { 15, 20, 27 };
	uint32_t word = op->word;

	if ((word >> RD_SHIFT & 31) != RD_OF_INTEGERS)
		word -= TO_OTHER << RD_SHIFT;
	for (unsigned int i = 0; i < op->noperands; i++)
		word -= (uint32_t)TO_OTHER << shift[i];
	if (op->noperands == 1 && (op->word >> shift[1] & 31) == FS1) /* the same register once more */
		word -= TO_OTHER << shift[1];
	return word;
}

/* Where the bits of rm are no rounding mode, all forms but one are never called. */
static void make_code(const struct fp_op *op)
{
	uint32_t word = image.is_other ? other_registers(op) : op->word;

	for (uint32_t rm = 0; rm < RMS; rm++) {
		code[rm][0] = op->has_rm ? (word & ~(7u << RM_SHIFT)) | rm << RM_SHIFT : word;
		code[rm][1] = image.is_other ? WORD_BACK : WORD_RET;
		code[rm][2] = WORD_RET;
	}
	__asm__ volatile("fence.i" : : : "memory");
}

int main(void)
{
	struct fp_plan plan = image.plan;
	struct fp_result r = { 0, 0, 0 };
	struct fp_case c = { { 0, 0, 0 }, 0, 0, 0 };
	uint64_t hash;

	__asm__ volatile("csrs mstatus, %0" : : "r"(1 << 13)); /* FS: initial */
	for (unsigned int i = 0; i < fp_op_count; i++) {
		if (image.op != FP_ALL_OPS && image.op != i)
			continue;
		make_code(&fp_ops[i]);
		hash = fp_sweep(&fp_ops[i], &plan, image.op == i ? image.cases : fp_plan_cases(&fp_ops[i], &plan),
				execute, &c, &r);
		rt_printf("%s %016lx\n", fp_ops[i].name, hash);
		if (image.op == i)
			rt_printf(
				"word %08x frm %u f %016lx %016lx %016lx x %016lx gives f %016lx x %016lx flags %lx\n",
				c.word, c.frm, c.f[0], c.f[1], c.f[2], c.x, r.f, r.x, r.fflags);
	}
	return 0;
}
