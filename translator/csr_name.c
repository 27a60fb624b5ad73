/* SPDX-License-Identifier: GPL-2.0-only */
/* csr_name.c: names of CSR numbers, for the disassembler.
 *
 * All CSRs that the manuals define, not only those of this hart (csr.c): objdump names them all.
 * Source: priv priv-csrs.adoc "CSR Listing"; tests/isa compares every number with objdump. */
#include "csr_name.h"

/* Families of numbered registers: NUMBER first + i is called STEM (index + i) SUFFIX. */
static const struct csr_family {
	u16 first;
	u8 count, index;
	const char *stem, *suffix;
} csr_families[] = {
	{ 0x10c, 4, 0, "sstateen", "" },     { 0x30c, 4, 0, "mstateen", "" },	   { 0x31c, 4, 0, "mstateen", "h" },
	{ 0x323, 29, 3, "mhpmevent", "" },   { 0x3a0, 16, 0, "pmpcfg", "" },	   { 0x3b0, 64, 0, "pmpaddr", "" },
	{ 0x60c, 4, 0, "hstateen", "" },     { 0x61c, 4, 0, "hstateen", "h" },	   { 0x646, 2, 1, "hviprio", "" },
	{ 0x656, 2, 1, "hviprio", "h" },     { 0x723, 29, 3, "mhpmevent", "h" },   { 0x7b2, 2, 0, "dscratch", "" },
	{ 0xb03, 29, 3, "mhpmcounter", "" }, { 0xb83, 29, 3, "mhpmcounter", "h" }, { 0xc03, 29, 3, "hpmcounter", "" },
	{ 0xc83, 29, 3, "hpmcounter", "h" },
};

/* Sorted by number. */
static const struct csr_single {
	u16 number;
	const char *name;
} csr_singles[] = {
	{ 0x001, "fflags" },	 { 0x002, "frm" },	  { 0x003, "fcsr" },	      { 0x008, "vstart" },
	{ 0x009, "vxsat" },	 { 0x00a, "vxrm" },	  { 0x00f, "vcsr" },	      { 0x015, "seed" },
	{ 0x100, "sstatus" },	 { 0x104, "sie" },	  { 0x105, "stvec" },	      { 0x106, "scounteren" },
	{ 0x10a, "senvcfg" },	 { 0x114, "sieh" },	  { 0x140, "sscratch" },      { 0x141, "sepc" },
	{ 0x142, "scause" },	 { 0x143, "stval" },	  { 0x144, "sip" },	      { 0x14d, "stimecmp" },
	{ 0x150, "siselect" },	 { 0x151, "sireg" },	  { 0x154, "siph" },	      { 0x15c, "stopei" },
	{ 0x15d, "stimecmph" },	 { 0x180, "satp" },	  { 0x200, "vsstatus" },      { 0x204, "vsie" },
	{ 0x205, "vstvec" },	 { 0x214, "vsieh" },	  { 0x240, "vsscratch" },     { 0x241, "vsepc" },
	{ 0x242, "vscause" },	 { 0x243, "vstval" },	  { 0x244, "vsip" },	      { 0x24d, "vstimecmp" },
	{ 0x250, "vsiselect" },	 { 0x251, "vsireg" },	  { 0x254, "vsiph" },	      { 0x25c, "vstopei" },
	{ 0x25d, "vstimecmph" }, { 0x280, "vsatp" },	  { 0x300, "mstatus" },	      { 0x301, "misa" },
	{ 0x302, "medeleg" },	 { 0x303, "mideleg" },	  { 0x304, "mie" },	      { 0x305, "mtvec" },
	{ 0x306, "mcounteren" }, { 0x308, "mvien" },	  { 0x309, "mvip" },	      { 0x30a, "menvcfg" },
	{ 0x310, "mstatush" },	 { 0x313, "midelegh" },	  { 0x314, "mieh" },	      { 0x318, "mvienh" },
	{ 0x319, "mviph" },	 { 0x31a, "menvcfgh" },	  { 0x320, "mcountinhibit" }, { 0x340, "mscratch" },
	{ 0x341, "mepc" },	 { 0x342, "mcause" },	  { 0x343, "mtval" },	      { 0x344, "mip" },
	{ 0x34a, "mtinst" },	 { 0x34b, "mtval2" },	  { 0x350, "miselect" },      { 0x351, "mireg" },
	{ 0x354, "miph" },	 { 0x35c, "mtopei" },	  { 0x5a8, "scontext" },      { 0x600, "hstatus" },
	{ 0x602, "hedeleg" },	 { 0x603, "hideleg" },	  { 0x604, "hie" },	      { 0x605, "htimedelta" },
	{ 0x606, "hcounteren" }, { 0x607, "hgeie" },	  { 0x608, "hvien" },	      { 0x609, "hvictl" },
	{ 0x60a, "henvcfg" },	 { 0x613, "hidelegh" },	  { 0x615, "htimedeltah" },   { 0x618, "hvienh" },
	{ 0x61a, "henvcfgh" },	 { 0x643, "htval" },	  { 0x644, "hip" },	      { 0x645, "hvip" },
	{ 0x64a, "htinst" },	 { 0x655, "hviph" },	  { 0x680, "hgatp" },	      { 0x6a8, "hcontext" },
	{ 0x747, "mseccfg" },	 { 0x757, "mseccfgh" },	  { 0x7a0, "tselect" },	      { 0x7a1, "tdata1" },
	{ 0x7a2, "tdata2" },	 { 0x7a3, "tdata3" },	  { 0x7a4, "tinfo" },	      { 0x7a5, "tcontrol" },
	{ 0x7a8, "mcontext" },	 { 0x7aa, "mscontext" },  { 0x7b0, "dcsr" },	      { 0x7b1, "dpc" },
	{ 0xb00, "mcycle" },	 { 0xb02, "minstret" },	  { 0xb80, "mcycleh" },	      { 0xb82, "minstreth" },
	{ 0xc00, "cycle" },	 { 0xc01, "time" },	  { 0xc02, "instret" },	      { 0xc20, "vl" },
	{ 0xc21, "vtype" },	 { 0xc22, "vlenb" },	  { 0xc80, "cycleh" },	      { 0xc81, "timeh" },
	{ 0xc82, "instreth" },	 { 0xda0, "scountovf" },  { 0xdb0, "stopi" },	      { 0xe12, "hgeip" },
	{ 0xeb0, "vstopi" },	 { 0xf11, "mvendorid" },  { 0xf12, "marchid" },	      { 0xf13, "mimpid" },
	{ 0xf14, "mhartid" },	 { 0xf15, "mconfigptr" }, { 0xfb0, "mtopi" },
};

static const char *single_find(u32 number)
{
	u32 lo = 0, hi = sizeof(csr_singles) / sizeof(csr_singles[0]);

	while (lo < hi) {
		u32 mid = (lo + hi) / 2;

		if (csr_singles[mid].number == number)
			return csr_singles[mid].name;
		if (csr_singles[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static const struct csr_family *family_find(u32 number)
{
	u32 i;

	for (i = 0; i < sizeof(csr_families) / sizeof(csr_families[0]); i++)
		if (number - csr_families[i].first < csr_families[i].count)
			return &csr_families[i];
	return NULL;
}

bool csr_name(u32 number, struct csr_name *name)
{
	const struct csr_family *family = family_find(number);

	*name = (struct csr_name){ .index = CSR_NAME_NO_INDEX, .suffix = "" };
	if (!family) {
		name->stem = single_find(number);
		return name->stem != NULL;
	}
	name->stem = family->stem;
	name->index = family->index + (int)(number - family->first);
	name->suffix = family->suffix;
	return true;
}
