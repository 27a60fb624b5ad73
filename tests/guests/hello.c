// SPDX-License-Identifier: GPL-2.0-only
/* hello.c: the smallest guest that shows everything the runtime offers. */
#include "rt.h"

int main(void)
{
	rt_printf("hello from riscv64: %s %c %d %u 0x%08x %lx 100%%\n", "text", 'c', -42, 42u, 0xbeefu,
		  0x123456789abcdef0UL);
	return 0;
}
