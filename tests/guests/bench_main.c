// SPDX-License-Identifier: GPL-2.0-only
/* bench_main.c: runs one kernel once and prints the line that native, QEMU and ldbt must agree on. */
#include "bench.h"

int main(void)
{
#ifdef BENCH_CHECK
	uint32_t iters = bench.check_iters;
#else
	uint32_t iters = bench.iters;
#endif
	uint64_t result = bench_run(iters);

	rt_printf("%s iters=%u result=0x%016lx\n", bench.name, iters, (unsigned long)result);
	return 0;
}
