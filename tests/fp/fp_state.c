// SPDX-License-Identifier: GPL-2.0-only
/* fp_state.c: FS, fcsr, reserved rounding modes, loads, stores and boxing; prints what each instruction leaves behind.
 * Two emulators agree if they print the same.
 *
 * Left out, because QEMU 7.2 deviates: FS after comparisons and conversions to integers (it stays, though fflags may
 * change). Next file: fp_try.S, fp_ops.h. */
#include "fp_ops.h"
#include "rt.h"

enum { WORD_RET = 0x8067, FS_SHIFT = 13, RM_SHIFT = 12, RD_SHIFT = 7, RD_OF_INTEGERS = 11, FRM_SHIFT = 5, TRIES = 5 };

struct fp_try { /* offsets: fp_try.S */
	const uint32_t *code;
	uint64_t fs, fcsr, x10, f; /* before; f: of f8, f10 and f11 */
	uint64_t cause, mstatus, fcsr_after, x10_after, x11, f10, f8;
};

void fp_try(struct fp_try *t);

static uint32_t code[2];
static uint64_t memory[16];

/* A 16-bit word is followed by c.ret. */
static struct fp_try try(uint32_t word, uint64_t fs, uint64_t fcsr, uint64_t f)
{
	struct fp_try t = { .code = code, .fs = fs << FS_SHIFT, .fcsr = fcsr, .x10 = (uint64_t)memory, .f = f };

	for (unsigned int i = 0; i < 16; i++)
		memory[i] = 0x0123456789abcdef * (i + 1);
	code[0] = (word & 3) == 3 ? word : word | 0x80820000;
	code[1] = WORD_RET;
	__asm__ volatile("fence.i" : : : "memory");
	fp_try(&t);
	return t;
}

static void print(const char *name, const struct fp_try *t, int shows_fs)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < 16; i++)
		sum = (sum << 7 | sum >> 57) ^ memory[i];
	rt_printf("%s from fs %lu fcsr %lx: cause %lu", name, t->fs >> FS_SHIFT, t->fcsr, t->cause);
	if (shows_fs)
		rt_printf(" mstatus %lx", t->mstatus);
	rt_printf(" fcsr %lx x11 %lx f10 %lx f8 %lx memory %lx\n", t->fcsr_after, t->x11, t->f10, t->f8, sum);
}

static const struct {
	const char *name;
	uint32_t word;
} others[] = {
	{ "flw", 0x00452507 }, /* flw f10, 4(x10) */
	{ "fld", 0x00853507 }, /* fld f10, 8(x10) */
	{ "fsw", 0x00a52627 }, /* fsw f10, 12(x10) */
	{ "fsd", 0x00a53827 }, /* fsd f10, 16(x10) */
	{ "flw unaligned", 0x00352507 },
	{ "fld unaligned", 0x00353507 },
	{ "fsd unaligned", 0x00a537a7 },
	{ "fsw unaligned", 0x00a527a7 },
	{ "flw nowhere", 0x00002507 }, /* flw f10, 0(x0) */
	{ "fsd nowhere", 0x00a03027 }, /* fsd f10, 0(x0) */
	{ "c.fld", 0x2d00 },	       /* c.fld f8, 24(x10) */
	{ "c.fsd", 0xb500 },	       /* c.fsd f8, 40(x10) */
	{ "c.fldsp", 0x3442 },	       /* c.fldsp f8, 48(x2) */
	{ "c.fsdsp", 0xbc22 },	       /* c.fsdsp f8, 56(x2) */
	{ "read fflags", 0x001025f3 }, /* csrrs x11, fflags, x0 */
	{ "read frm", 0x002025f3 },
	{ "read fcsr", 0x003025f3 },
	{ "write fflags", 0x001555f3 }, /* csrrwi x11, fflags, 10 */
	{ "write frm", 0x002555f3 },
	{ "write fcsr", 0x003515f3 }, /* csrrw x11, fcsr, x10 */
	{ "set fflags", 0x0018e5f3 }, /* csrrsi x11, fflags, 17 */
	{ "clear frm", 0x0020f5f3 },  /* csrrci x11, frm, 1 */
};

static const uint64_t values[] = { 0x3ff0000000000000, 0xffffffff40490fdb, 0x0000000040490fdb };

static void each_fs(const char *name, uint32_t word, int shows_fs)
{
	for (uint64_t n = 0; n < 4 * TRIES; n++) {
		uint64_t fs = n % 4, fcsr = n / 4 << FRM_SHIFT | 1; /* the first modes, and one that no host unit has */
		struct fp_try t = try(word, fs, fcsr, values[(fs + n / 4) % 3]);

		print(name, &t, shows_fs || !fs);
	}
}

/* Reserved modes in frm, in rm, and in both. */
static void each_rm(const struct fp_op *op)
{
	for (uint32_t rm = 0; rm < 8; rm++) {
		for (uint64_t frm = 4; frm < 8; frm++) {
			struct fp_try t = try((op->word & ~(7u << RM_SHIFT)) | rm << RM_SHIFT, 3, frm << 5, values[0]);

			rt_printf("%s rm %u frm %lu: cause %lu\n", op->name, rm, frm, t.cause);
		}
	}
}

int main(void)
{
	for (unsigned int i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		each_fs(others[i].name, others[i].word, 1);
	for (unsigned int i = 0; i < fp_op_count; i++) {
		const struct fp_op *op = &fp_ops[i];

		each_fs(op->name, op->word, (op->word >> RD_SHIFT & 31) != RD_OF_INTEGERS);
		if (op->has_rm)
			each_rm(op);
	}
	return 0;
}
