// SPDX-License-Identifier: GPL-2.0-only
/* pcid.c: ranges in turn, per CPU. Next file: space_stay.c (who takes them). */
#include "pcid.h"

#include <linux/cpumask.h>
#include <linux/smp.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

/* Linux uses PCIDs 0 to 6 for the kernel and those + 2048 for user space (PTI). */
enum { LINUX_PCIDS = 8, PCID_HALF = 2048, PCID_END = 4096 };

DEFINE_PER_CPU(u64, pcid_generation);
static DEFINE_PER_CPU(u32, next_pcid);

bool pcid_is_usable(void)
{
#ifdef X86_FEATURE_INVLPGB /* then Linux spreads identifiers over the whole range */
	if (boot_cpu_has(X86_FEATURE_INVLPGB))
		return false;
#endif
	return native_read_cr4() & X86_CR4_PCIDE;
}

static void begin_generation(void)
{
	u64 number = this_cpu_read(pcid_generation);

	this_cpu_write(pcid_generation, number ? number + nr_cpu_ids : (u64)raw_smp_processor_id() + 1);
}

void pcid_take(struct pcid_range *range, u32 count)
{
	u32 first = this_cpu_read(next_pcid);

	if (first < PCID_HALF && first + count > PCID_HALF)
		first = PCID_HALF + LINUX_PCIDS;
	if (!first || first + count > PCID_END) {
		first = LINUX_PCIDS;
		begin_generation();
	}
	this_cpu_write(next_pcid, first + count);
	range->first = first;
	range->generation = this_cpu_read(pcid_generation);
}
