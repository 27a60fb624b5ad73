/* SPDX-License-Identifier: GPL-2.0-only */
/* csr.c: the CSR table of one hart, and the effects csr_read, csr_write, csr_set and csr_clear.
 *
 * One row per register or run of registers; who may reach it follows from its number (priv "CSR Address Mapping
 * Conventions"), what it keeps from its mask, and what is special from its two functions. Next file: trap.c. */
#include "csr.h"
#include "effects.h"
#include "trap.h"
#include "tsc.h"

enum {
	CSR_NUMBER_PRIV_SHIFT = 8,    /* bits 9:8: lowest mode */
	CSR_NUMBER_READ_ONLY = 0xc00, /* bits 11:10 all ones: read-only */
	COUNTERS = COUNTER_CYCLE | COUNTER_TIME | COUNTER_INSTRET,
	ENVCFG_FIOM = 1,
	FFLAGS_MASK = FPU_FFLAGS_MASK,
	FRM_MASK = FPU_FRM_MASK,
	FCSR_FRM_SHIFT = 5,
	FS_DIRTY = 3,
};

#define IRQS_S (1ULL << IRQ_S_SOFT | 1ULL << IRQ_S_TIMER | 1ULL << IRQ_S_EXT)
#define IRQS_M (1ULL << IRQ_M_SOFT | 1ULL << IRQ_M_TIMER | 1ULL << IRQ_M_EXT)
/* MSIP, MTIP and MEIP follow their lines. */
#define MIP_WRITABLE (1ULL << IRQ_S_SOFT | 1ULL << IRQ_S_TIMER)

_Static_assert(MIP_SEIP == 1ULL << IRQ_S_EXT, "csr.h");

#define MSTATUS_WRITABLE                                                                                               \
	(MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPRV | MSTATUS_SUM |          \
	 MSTATUS_MXR | MSTATUS_FS | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR)

/* All exceptions but ecall from M-mode, which no lower mode can raise. */
#define MEDELEG_WRITABLE (0xb3ffULL)

/* MXL = 64 bits, letters A B C I M S U; struct guest says what else there is. */
#define MISA_VALUE (2ULL << 62 | 1 << 0 | 1 << 1 | 1 << 2 | 1 << 8 | 1 << 12 | 1 << 18 | 1 << 20)

struct csr {
	u16 first, count; /* numbers first .. first + count - 1 */
	u16 offset;	  /* of the u64 in struct guest_csr or struct guest_csr_page, when the functions use it */
	bool switches;	  /* a write may let an interrupt in or change how memory is reached */
	u64 mask;	  /* writable bits */
	u64 (*read)(struct guest *g, const struct csr *csr);
	void (*write)(struct guest *g, const struct csr *csr, u64 value);
};

static u64 *csr_slot(struct guest *g, const struct csr *csr)
{
	return (u64 *)((char *)&g->csr + csr->offset);
}

static u64 *page_slot(struct guest *g, const struct csr *csr)
{
	return (u64 *)((char *)g->csr_page + csr->offset);
}

/* ---- reads ---- */

static u64 read_slot(struct guest *g, const struct csr *csr)
{
	return *csr_slot(g, csr);
}

static u64 read_constant(struct guest *g, const struct csr *csr)
{
	(void)g;
	return csr->mask;
}

static u64 read_sstatus(struct guest *g, const struct csr *csr)
{
	(void)csr;
	return csr_with_sd(csr_s_fields(g, g->csr_page->sstatus)) | MSTATUS_UXL_64;
}

static u64 read_misa(struct guest *g, const struct csr *csr)
{
	return csr->mask | g->isa;
}

/* fflags, frm, fcsr: the flags are bits 4:0 of fcsr, the rounding mode bits 7:5. */
static u64 read_fcsr(struct guest *g, const struct csr *csr)
{
	u64 fcsr = (g->home->frm & FRM_MASK) << FCSR_FRM_SHIFT | (g->home->fflags & FFLAGS_MASK);

	return (fcsr & csr->mask) >> (csr->first == CSR_FRM ? FCSR_FRM_SHIFT : 0);
}

static u64 read_mstatus(struct guest *g, const struct csr *csr)
{
	(void)csr;
	return csr_mstatus(g);
}

static u64 read_page(struct guest *g, const struct csr *csr)
{
	return *page_slot(g, csr) & csr->mask;
}

static u64 read_s_irqs(struct guest *g, const struct csr *csr)
{
	return read_slot(g, csr) & g->csr.mideleg;
}

static u64 read_time(struct guest *g, const struct csr *csr)
{
	(void)csr;
	if (csr_has_tsc(g))
		return tsc_ticks(tsc_read(), g->table->time_mult, g->table->time_offset);
	return g->ops->time(g);
}

/* unpriv zicsr.adoc "CSR Instructions": what is written to instret is what the following instruction reads. The count is
 * time, which passes between the two: so it begins with that read, but with no other one. */
static void start_minstret(struct guest *g, u64 now)
{
	if (g->csr.minstret_next == (g->pc | 1))
		g->csr.minstret_base += g->csr.minstret_written - now;
	g->csr.minstret_next = 0;
}

/* mask names the counter by its bit in mcountinhibit; slot is its base. Cycles are instructions, as in QEMU. */
static u64 read_counter(struct guest *g, const struct csr *csr)
{
	u64 now;

	if (g->csr.mcountinhibit & csr->mask)
		return read_slot(g, csr);
	now = g->ops->instret(g);
	if (csr->mask == COUNTER_INSTRET && g->csr.minstret_next)
		start_minstret(g, now);
	return now + read_slot(g, csr);
}

/* ---- writes ---- */

static void write_ignored(struct guest *g, const struct csr *csr, u64 value)
{
	(void)g;
	(void)csr;
	(void)value;
}

static void write_slot(struct guest *g, const struct csr *csr, u64 value)
{
	u64 *slot = csr_slot(g, csr);

	*slot = (*slot & ~csr->mask) | (value & csr->mask);
}

static void write_counteren(struct guest *g, const struct csr *csr, u64 value)
{
	write_slot(g, csr, value);
	csr_update_time(g);
}

static void write_page(struct guest *g, const struct csr *csr, u64 value)
{
	*page_slot(g, csr) = value & csr->mask;
}

static void write_sstatus(struct guest *g, const struct csr *csr, u64 value)
{
	g->csr_page->sstatus = csr_with_sd(csr_s_fields(g, value & csr->mask)) | MSTATUS_UXL_64;
}

static void write_fcsr(struct guest *g, const struct csr *csr, u64 value)
{
	u64 fcsr = csr->first == CSR_FRM ? value << FCSR_FRM_SHIFT : value;

	if (csr->mask & FFLAGS_MASK)
		g->home->fflags = fcsr & FFLAGS_MASK;
	if (csr->mask & ~(u64)FFLAGS_MASK)
		g->home->frm = fcsr >> FCSR_FRM_SHIFT & FRM_MASK;
	set_state_fs(g, FS_DIRTY);
}

/* MPP keeps its value when the reserved mode 2 is written. */
static void write_mstatus(struct guest *g, const struct csr *csr, u64 value)
{
	u64 mask = csr->mask;

	if ((value & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT != 2)
		mask |= MSTATUS_MPP;
	csr_put_mstatus(g, (csr_mstatus(g) & ~mask) | (value & mask));
}

static void write_irqs(struct guest *g, const struct csr *csr, u64 value)
{
	write_slot(g, csr, value);
	csr_update_pending(g);
}

/* priv sstc.adoc: STIP is read-only while it follows stimecmp. */
static void write_mip(struct guest *g, const struct csr *csr, u64 value)
{
	u64 line = g->csr.menvcfg & MENVCFG_STCE ? 1ULL << IRQ_S_TIMER : 0;

	write_slot(g, csr, (value & ~line) | (g->csr.mip & line));
	g->csr.seip_soft = value & MIP_SEIP;
	csr_update_mip(g);
}

/* sie and sip reach the bits that mideleg delegates. */
static void write_s_irqs(struct guest *g, const struct csr *csr, u64 value)
{
	u64 *slot = csr_slot(g, csr), mask = csr->mask & g->csr.mideleg;

	*slot = (*slot & ~mask) | (value & mask);
	csr_update_pending(g);
}

/* stimecmp, and menvcfg with STCE. */
static void write_timer(struct guest *g, const struct csr *csr, u64 value)
{
	write_slot(g, csr, value);
	if (g->ops->timer_changed)
		g->ops->timer_changed(g);
}

/* Modes 2 and 3 of xtvec are reserved: the register keeps its value. */
static void write_stvec(struct guest *g, const struct csr *csr, u64 value)
{
	if (!(value & 2))
		write_page(g, csr, value);
}

static void write_tvec(struct guest *g, const struct csr *csr, u64 value)
{
	if (!(value & 2))
		write_slot(g, csr, value);
}

/* Modes of satp that exist, and the bits kept in each; a write of any other mode changes nothing. */
static const struct {
	u8 mode;
	u64 mask;
} satp_modes[] = {
	{ SATP_BARE, 0 }, /* the other fields must be zero */
	{ SATP_SV39, ~0ULL },
};

void csr_write_satp(struct guest *g, u64 value)
{
	u32 i;

	for (i = 0; i < sizeof(satp_modes) / sizeof(satp_modes[0]); i++)
		if (value >> SATP_MODE_SHIFT == satp_modes[i].mode)
			g->csr.satp = value & satp_modes[i].mask;
}

static void write_satp(struct guest *g, const struct csr *csr, u64 value)
{
	(void)csr;
	csr_write_satp(g, value);
}

static void write_counter(struct guest *g, const struct csr *csr, u64 value)
{
	bool is_stopped = g->csr.mcountinhibit & csr->mask;
	u64 now = is_stopped ? 0 : g->ops->instret(g);

	*csr_slot(g, csr) = value - now;
	if (csr->mask == COUNTER_INSTRET && !is_stopped) {
		g->csr.minstret_next = (g->pc + 4) | 1; /* Zicsr has no 16-bit forms */
		g->csr.minstret_written = now;
	}
}

/* A counter that stops keeps its value in its base, one that starts goes on from there. */
static void counter_inhibit(struct guest *g, u64 *base, bool was_stopped, bool is_stopped)
{
	if (is_stopped && !was_stopped)
		*base += g->ops->instret(g);
	if (was_stopped && !is_stopped)
		*base -= g->ops->instret(g);
}

static void write_mcountinhibit(struct guest *g, const struct csr *csr, u64 value)
{
	u64 old = g->csr.mcountinhibit;

	write_slot(g, csr, value);
	g->csr.minstret_next = 0;
	counter_inhibit(g, &g->csr.mcycle_base, old & COUNTER_CYCLE, value & COUNTER_CYCLE);
	counter_inhibit(g, &g->csr.minstret_base, old & COUNTER_INSTRET, value & COUNTER_INSTRET);
}

/* ---- the table: sorted by number ---- */

#define ALL_BITS (~0ULL)
#define SLOT(number, member, bits)                                                                                     \
	{                                                                                                              \
		number, 1, offsetof(struct guest_csr, member), false, bits, read_slot, write_slot                      \
	}
#define PAGE_BY(number, member, bits, rd, wr)                                                                          \
	{                                                                                                              \
		number, 1, offsetof(struct guest_csr_page, member), false, bits, rd, wr                                \
	}
#define SLOT_BY(number, member, bits, rd, wr)                                                                          \
	{                                                                                                              \
		number, 1, offsetof(struct guest_csr, member), false, bits, rd, wr                                     \
	}
#define SWITCH_BY(number, member, bits, rd, wr)                                                                        \
	{                                                                                                              \
		number, 1, offsetof(struct guest_csr, member), true, bits, rd, wr                                      \
	}
/* Writes are ignored where the number says writable, and illegal otherwise. */
#define CONSTANT(number, count, value)                                                                                 \
	{                                                                                                              \
		number, count, 0, false, value, read_constant, write_ignored                                           \
	}

#define FCSR(number, bits)                                                                                             \
	{                                                                                                              \
		number, 1, 0, false, bits, read_fcsr, write_fcsr                                                       \
	}

static const struct csr csr_table[] = {
	FCSR(CSR_FFLAGS, FFLAGS_MASK),
	FCSR(CSR_FRM, FRM_MASK << FCSR_FRM_SHIFT),
	FCSR(CSR_FCSR, FFLAGS_MASK | FRM_MASK << FCSR_FRM_SHIFT),
	{ CSR_SSTATUS, 1, 0, true, SSTATUS_WRITABLE, read_sstatus, write_sstatus },
	SWITCH_BY(CSR_SIE, mie, IRQS_S, read_s_irqs, write_s_irqs),
	PAGE_BY(CSR_STVEC, stvec, ~2ULL, read_page, write_stvec),
	SLOT_BY(CSR_SCOUNTEREN, scounteren, COUNTERS, read_slot, write_counteren),
	SLOT(CSR_SENVCFG, senvcfg, ENVCFG_FIOM),
	PAGE_BY(CSR_SSCRATCH, sscratch, ALL_BITS, read_page, write_page),
	PAGE_BY(CSR_SEPC, sepc, ~1ULL, read_page, write_page),
	PAGE_BY(CSR_SCAUSE, scause, ALL_BITS, read_page, write_page),
	PAGE_BY(CSR_STVAL, stval, ALL_BITS, read_page, write_page),
	SWITCH_BY(CSR_SIP, mip, 1ULL << IRQ_S_SOFT, read_s_irqs, write_s_irqs),
	SLOT_BY(CSR_STIMECMP, stimecmp, ALL_BITS, read_slot, write_timer),
	SWITCH_BY(CSR_SATP, satp, ALL_BITS, read_slot, write_satp),
	SWITCH_BY(CSR_MSTATUS, mstatus, MSTATUS_WRITABLE, read_mstatus, write_mstatus),
	SLOT_BY(CSR_MISA, mstatus, MISA_VALUE, read_misa, write_ignored),
	SLOT(CSR_MEDELEG, medeleg, MEDELEG_WRITABLE),
	SWITCH_BY(CSR_MIDELEG, mideleg, IRQS_S, read_slot, write_irqs),
	SWITCH_BY(CSR_MIE, mie, IRQS_M | IRQS_S, read_slot, write_irqs),
	SLOT_BY(CSR_MTVEC, mtvec, ALL_BITS, read_slot, write_tvec),
	SLOT_BY(CSR_MCOUNTEREN, mcounteren, COUNTERS, read_slot, write_counteren),
	SWITCH_BY(CSR_MENVCFG, menvcfg, ENVCFG_FIOM | MENVCFG_ADUE | MENVCFG_STCE, read_slot, write_timer),
	SLOT_BY(CSR_MCOUNTINHIBIT, mcountinhibit, COUNTER_CYCLE | COUNTER_INSTRET, read_slot, write_mcountinhibit),
	CONSTANT(CSR_MHPMEVENT3, 29, 0),
	SLOT(CSR_MSCRATCH, mscratch, ALL_BITS),
	SLOT(CSR_MEPC, mepc, ~1ULL),
	SLOT(CSR_MCAUSE, mcause, ALL_BITS),
	SLOT(CSR_MTVAL, mtval, ALL_BITS),
	SWITCH_BY(CSR_MIP, mip, MIP_WRITABLE, read_slot, write_mip),
	/* Zero PMP entries. Odd pmpcfg numbers do not exist on RV64. */
	CONSTANT(CSR_PMPCFG0, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 2, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 4, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 6, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 8, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 10, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 12, 1, 0),
	CONSTANT(CSR_PMPCFG0 + 14, 1, 0),
	CONSTANT(CSR_PMPADDR0, 64, 0),
	CONSTANT(CSR_TSELECT, 4, 0), /* and tdata1..3: a trigger of type 0 is none; firmware looks */
	SLOT_BY(CSR_MCYCLE, mcycle_base, COUNTER_CYCLE, read_counter, write_counter),
	SLOT_BY(CSR_MINSTRET, minstret_base, COUNTER_INSTRET, read_counter, write_counter),
	CONSTANT(CSR_MHPMCOUNTER3, 29, 0),
	SLOT_BY(CSR_CYCLE, mcycle_base, COUNTER_CYCLE, read_counter, write_ignored),
	SLOT_BY(CSR_TIME, mcycle_base, COUNTER_TIME, read_time, write_ignored),
	SLOT_BY(CSR_INSTRET, minstret_base, COUNTER_INSTRET, read_counter, write_ignored),
	CONSTANT(CSR_HPMCOUNTER3, 29, 0),
	CONSTANT(CSR_MVENDORID, 3, 0), /* and marchid, mimpid: not implemented reads as zero */
	SLOT_BY(CSR_MHARTID, mhartid, 0, read_slot, write_ignored),
	CONSTANT(CSR_MCONFIGPTR, 1, 0),
};

static const struct csr *csr_find(const struct guest *g, u32 number)
{
	u32 lo = 0, hi = sizeof(csr_table) / sizeof(csr_table[0]);

	if (number <= CSR_FCSR && !(g->isa & GUEST_ISA_F))
		return NULL;
	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (number - csr_table[mid].first < csr_table[mid].count)
			return &csr_table[mid];
		if (csr_table[mid].first < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

bool csr_is_plain(const struct guest *g, u32 number, bool is_written, struct csr_plain *plain)
{
	const struct csr *csr = csr_find(g, number);

	if (!csr || (csr->read != read_slot && csr->read != read_s_irqs))
		return false;
	plain->offset = csr->offset;
	plain->mask = csr->mask;
	plain->is_delegated = csr->read == read_s_irqs;
	plain->is_irqs = csr->write == write_s_irqs || number == CSR_MIE;
	return !is_written || csr->write == write_slot || plain->is_irqs;
}

/* ---- who may ---- */

/* priv machine.adoc "Machine Counter-Enable (mcounteren) Register", supervisor.adoc likewise. */
static bool counter_allowed(const struct guest *g, u32 number)
{
	u64 bit = 1ULL << (number & 31);

	if (number < CSR_CYCLE || number > CSR_CYCLE + 31 || g->priv == PRIV_M)
		return true;
	if (!(g->csr.mcounteren & bit))
		return false;
	return g->priv == PRIV_S || (g->csr.scounteren & bit);
}

/* priv sstc.adoc, "Supervisor Timer (stimecmp) Register" */
static bool timer_allowed(const struct guest *g)
{
	return g->priv == PRIV_M || ((g->csr.menvcfg & MENVCFG_STCE) && (g->csr.mcounteren & COUNTER_TIME));
}

static bool csr_allowed(const struct guest *g, u32 number)
{
	if (g->priv < (number >> CSR_NUMBER_PRIV_SHIFT & 3))
		return false;
	if (number == CSR_SATP && g->priv == PRIV_S && (g->csr.mstatus & MSTATUS_TVM))
		return false;
	if (number <= CSR_FCSR && !state_fs(g))
		return false;
	if (number == CSR_STIMECMP && !timer_allowed(g))
		return false;
	return counter_allowed(g, number);
}

static bool csr_is_read_only(u32 number)
{
	return (number & CSR_NUMBER_READ_ONLY) == CSR_NUMBER_READ_ONLY;
}

/* ---- states and effects of the description ---- */

u64 state_fs(const struct guest *g)
{
	return (csr_mstatus(g) & MSTATUS_FS) >> MSTATUS_FS_SHIFT;
}

void set_state_fs(struct guest *g, u64 value)
{
	csr_put_mstatus(g, (csr_mstatus(g) & ~MSTATUS_FS) | value << MSTATUS_FS_SHIFT);
}

u64 state_time_mult(const struct guest *g)
{
	return g->table ? g->table->time_mult : 0;
}

u64 state_time_mult_s(const struct guest *g)
{
	return g->table ? g->table->time_mult_s : 0;
}

u64 state_time_mult_u(const struct guest *g)
{
	return g->table ? g->table->time_mult_u : 0;
}

u64 state_time_offset(const struct guest *g)
{
	return g->table ? g->table->time_offset : 0;
}

enum step effect_clock_read(struct guest *g, u64 *value)
{
	(void)g;
	*value = tsc_read();
	return STEP_NEXT;
}

enum step effect_csr_read(struct guest *g, u64 number, u64 *value)
{
	const struct csr *csr = csr_find(g, (u32)number);

	if (!csr || !csr_allowed(g, (u32)number))
		return trap_raise(g, CAUSE_ILLEGAL, 0);
	*value = csr->read(g, csr);
	return STEP_NEXT;
}

/* fcsr's: the state of blocks follows frm and FS. */
static enum step write_and_compare(struct guest *g, const struct csr *csr, u64 value)
{
	u8 state = guest_block_state(g);

	csr->write(g, csr, value);
	return state == guest_block_state(g) ? STEP_NEXT : STEP_SWITCH;
}

enum step effect_csr_write(struct guest *g, u64 number, u64 value)
{
	const struct csr *csr = csr_find(g, (u32)number);

	if (!csr || !csr_allowed(g, (u32)number) || csr_is_read_only((u32)number))
		return trap_raise(g, CAUSE_ILLEGAL, 0);
	if (number <= CSR_FCSR)
		return write_and_compare(g, csr, value);
	csr->write(g, csr, value);
	return csr->switches ? STEP_SWITCH : STEP_NEXT;
}

/* What csrrs and csrrc change bits of, when `was` was read. priv machine.adoc "Machine Interrupt (mip and mie) Registers":
 * of SEIP the bit that is written, not its line, takes part. */
static u64 written_back(const struct guest *g, u64 number, u64 was)
{
	return number == CSR_MIP ? (was & ~MIP_SEIP) | g->csr.seip_soft : was;
}

enum step effect_csr_set(struct guest *g, u64 number, u64 was, u64 bits)
{
	return effect_csr_write(g, number, written_back(g, number, was) | bits);
}

enum step effect_csr_clear(struct guest *g, u64 number, u64 was, u64 bits)
{
	return effect_csr_write(g, number, written_back(g, number, was) & ~bits);
}

/* ---- the host room's side ---- */

void csr_put_fcsr(struct guest *g, u64 value)
{
	g->home->fflags = value & FFLAGS_MASK;
	g->home->frm = value >> FCSR_FRM_SHIFT & FRM_MASK;
}

void csr_reset(struct guest *g, u64 hartid)
{
	g->csr = (struct guest_csr){ .mstatus = MSTATUS_UXL_64 | MSTATUS_SXL_64, .stimecmp = ~0ULL, .mhartid = hartid };
	*g->csr_page = (struct guest_csr_page){ .sstatus = MSTATUS_UXL_64 };
	g->priv = PRIV_M;
	csr_update_time(g);
}

int csr_get(struct guest *g, u32 number, u64 *value)
{
	const struct csr *csr = csr_find(g, number);

	if (!csr)
		return -ENOENT;
	*value = csr->read(g, csr);
	return 0;
}

int csr_set(struct guest *g, u32 number, u64 value)
{
	const struct csr *csr = csr_find(g, number);

	if (!csr)
		return -ENOENT;
	csr->write(g, csr, value);
	return 0;
}
