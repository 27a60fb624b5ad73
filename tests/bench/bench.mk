# SPDX-License-Identifier: GPL-2.0-only
# make bench: ldbt beside QEMU and the native build, about three minutes. BENCH=NAME: one kernel, or `translation`.
include tests/guests/guests.mk

BENCH ?=
BENCH_STRAIGHT_INSNS := 2000000

$(O)/bench/straight.elf: tests/bench/straight.py
	@mkdir -p $(@D)
	$(PYTHON3) $< $@ $(BENCH_STRAIGHT_INSNS)

# Two steps, because packages must be there before anything is compiled.
.PHONY: bench bench-run
bench: setup-bench
	@$(MAKE) --no-print-directory bench-run

bench-run: guests $(LDBT_BARE) $(O)/bench/straight.elf
	@$(PYTHON3) tests/bench/bench.py --dir $(O)/guests --qemu $(QEMU_RISCV) --bare $(LDBT_BARE) --cc $(CC) \
		--rv-cc $(RV_CC) --straight $(O)/bench/straight.elf --straight-insns $(BENCH_STRAIGHT_INSNS) --only "$(BENCH)"
ifneq ($(filter $(BENCH),translation)$(if $(BENCH),,all),)
	@echo
	@echo "translation, real code: the kernels' own, 2 million instructions, each block once; the translator alone"
	@$(MAKE) --no-print-directory -s bench-translate
endif
