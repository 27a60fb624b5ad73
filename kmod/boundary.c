// SPDX-License-Identifier: GPL-2.0-only
/* boundary.c: the host's side of mitigations, and the gate's text at an address of its own.
 *
 * iTLB multihit: where the instruction TLB holds a page in two sizes, the processor may stop with a machine check. Kernels
 * map module text by large global pages, the world by small ones: on such processors both use a second mapping by small
 * pages. Next file: gate.S. */
#include "boundary.h"

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/vmalloc.h>
#include <asm/msr-index.h>
#include <asm/nospec-branch.h>
#include <asm/pgtable.h>

#include "compat/compat_asm.h"
#include "gate.h"
#include "world/state.h"

enum { GATE_PAGES_MAX = 8 };

u64 boundary_gate_shift;

/* ---- the gate's text ---- */

/* vmap() gives no right to execute. An entry without it that a processor may have kept is dropped at the first fault, by
 * Linux's handler of spurious ones. */
static bool make_executable(u64 va)
{
	unsigned int level;
	pte_t *pte = lookup_address(va, &level);

	if (!pte || level != PG_LEVEL_4K)
		return false;
	WRITE_ONCE(pte->pte, pte->pte & ~_PAGE_NX);
	return true;
}

static void *map_gate(void)
{
	u32 npages = (u32)((gate_text_end - gate_text) >> PAGE_SHIFT), i;
	struct page *pages[GATE_PAGES_MAX];
	void *mapping;

	if (WARN_ON(npages > GATE_PAGES_MAX))
		return NULL;
	for (i = 0; i < npages; i++)
		pages[i] = vmalloc_to_page(gate_text + i * PAGE_SIZE);
	mapping = vmap(pages, npages, VM_MAP, PAGE_KERNEL_ROX);
	for (i = 0; mapping && i < npages; i++)
		if (!make_executable((u64)mapping + i * PAGE_SIZE)) {
			vunmap(mapping);
			return NULL;
		}
	return mapping;
}

int boundary_init(void)
{
	void *mapping;

	if (!boot_cpu_has_bug(X86_BUG_ITLB_MULTIHIT))
		return 0;
	mapping = map_gate();
	if (!mapping)
		return -ENOMEM;
	boundary_gate_shift = (u64)mapping - (u64)gate_text;
	return 0;
}

void boundary_exit(void)
{
	if (boundary_gate_shift)
		vunmap(gate_text + boundary_gate_shift);
	boundary_gate_shift = 0;
}

/* ---- on the way ---- */

void boundary_release_ibrs(struct gate_state *gate)
{
	gate->host_spec_ctrl = this_cpu_read(x86_spec_ctrl_current);
	asm volatile("wrmsr"
		     :
		     : "c"(MSR_IA32_SPEC_CTRL), "a"((u32)gate->host_spec_ctrl & ~(u32)SPEC_CTRL_IBRS),
		       "d"((u32)(gate->host_spec_ctrl >> 32))
		     : "memory");
}

/* ---- what applies ---- */

static const struct {
	unsigned int feature;
	const char *name;
} mitigations[] = {
	{ X86_FEATURE_RSB_VMEXIT, "return-stack" },
	{ COMPAT_FEATURE_CLEAR_BHB_VMEXIT, "branch-history" },
	{ X86_FEATURE_KERNEL_IBRS, "ibrs" },
	{ X86_FEATURE_UNRET, "untrain-returns" },
	{ X86_FEATURE_SRSO_ALIAS, "untrain-alias" },
	{ X86_FEATURE_ENTRY_IBPB, "ibpb" },
	{ X86_FEATURE_IBPB_ON_VMEXIT, "ibpb-guest" },
	{ X86_FEATURE_CLEAR_CPU_BUF, "verw" },
	{ COMPAT_FEATURE_CLEAR_CPU_BUF_VM, "verw-guest" },
	{ X86_BUG_ITLB_MULTIHIT, "small-gate" },
};

static int mitigations_get(char *buffer, const struct kernel_param *unused)
{
	int length = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mitigations); i++)
		if (boot_cpu_has(mitigations[i].feature))
			length += sysfs_emit_at(buffer, length, "%s%s", length ? " " : "", mitigations[i].name);
	return length + sysfs_emit_at(buffer, length, length ? "\n" : "none\n");
}

static const struct kernel_param_ops mitigations_ops = { .get = mitigations_get };
module_param_cb(mitigations, &mitigations_ops, NULL, 0444);
MODULE_PARM_DESC(mitigations, "what is done at the border of worlds because of bugs of this processor");
