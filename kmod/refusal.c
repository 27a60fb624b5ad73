// SPDX-License-Identifier: GPL-2.0-only
/* refusal.c: looks at the host. Next file: space.c. */
#include "refusal.h"

#include <linux/bits.h>
#include <linux/cc_platform.h>
#include <linux/kernel.h>
#include <asm/cpufeature.h>
#include <asm/special_insns.h>

#define CR4_FRED BIT_ULL(32) /* older headers do not name it */

static const struct {
	u32 fact;
	const char *reason;
} refusals[] = {
	/* the first that applies is told */
	{ REFUSAL_FRED, "the kernel uses FRED (boot with fred=off)" },
	{ REFUSAL_XEN_PV, "this is a Xen PV guest (a PVH or HVM guest can)" },
	{ REFUSAL_ENCRYPTED, "this is an SEV-ES or TDX guest: its host must not see what a world does" },
	{ REFUSAL_NO_NX, "the processor lacks NX, or the kernel was booted with noexec=off" },
	{ REFUSAL_NO_XSAVE, "the processor lacks XSAVE, or the kernel was booted with noxsave" },
};

u32 refusal_facts(void)
{
	u32 facts = 0;

	if (native_read_cr4() & CR4_FRED)
		facts |= REFUSAL_FRED;
	if (boot_cpu_has(X86_FEATURE_XENPV))
		facts |= REFUSAL_XEN_PV;
	if (cc_platform_has(CC_ATTR_GUEST_STATE_ENCRYPT) || boot_cpu_has(X86_FEATURE_TDX_GUEST))
		facts |= REFUSAL_ENCRYPTED;
	if (!boot_cpu_has(X86_FEATURE_NX))
		facts |= REFUSAL_NO_NX;
	if (!boot_cpu_has(X86_FEATURE_OSXSAVE))
		facts |= REFUSAL_NO_XSAVE;
	return facts;
}

const char *refusal_of(u32 facts)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (facts & refusals[i].fact)
			return refusals[i].reason;
	return NULL;
}
