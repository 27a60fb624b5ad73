# SPDX-License-Identifier: GPL-2.0-only
# Programs of Debian that load a guest of Debian's kernel (docs/GUESTS.md). By hand: each runs for a quarter of an hour or longer.
LOAD_CLOCK := $(O)/tests/load/clock
LOAD_RUN := O=$(O) tests/load/run.sh
LOAD_SECONDS ?= 60
CLOCK_SECONDS ?= 600
.PHONY: setup-load load.img check-load check-load-stress check-load-gcc check-load-python check-load-clock
setup-load: setup-guest
	@tests/tools/setup.sh load

# The disk, in the cache folder.
load.img: setup-load
	@tests/load/root

check-load: check-load-stress check-load-gcc check-load-python check-load-clock

check-load-stress check-load-gcc check-load-python check-load-clock: setup-vm setup-load modules $(O)/ldbtctl

# stress-ng, LOAD_SECONDS for each stressor.
check-load-stress:
	$(LOAD_RUN) --klog $(O)/load-stress.kernel.log stress.sh $(LOAD_SECONDS)

# The same objects as in qemu-system-riscv64.
check-load-gcc:
	O=$(O) tests/load/gcc_twice.sh

# PYTHON_TESTS='test_float test_json' runs these alone; QEMU=y: in qemu-system-riscv64 instead.
check-load-python:
	$(LOAD_RUN) $(if $(QEMU),--qemu) --klog $(O)/load-python.kernel.log python.sh $(PYTHON_TESTS)

# Guest time is Linux's where Linux does not trust the TSC, as with two processors of the test machine, unless it is told to; else it is the TSC's.
check-load-clock: $(LOAD_CLOCK)
	O=$(O) tests/load/clock.sh $(CLOCK_SECONDS)
	O=$(O) tests/load/clock.sh $(CLOCK_SECONDS) --append ''
	O=$(O) tests/load/clock.sh $(CLOCK_SECONDS) --smp 1 --append ''

$(LOAD_CLOCK): tests/load/clock.c
	mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -o $@ $<
