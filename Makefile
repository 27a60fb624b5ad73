# SPDX-License-Identifier: GPL-2.0-only
# ldbt: the top of the build. Each room has its own *.mk; this file holds what they share.
#
#   make            everything that needs no root          make check    all tests, closing line "N passed, N failed, N skipped"
#   make prove      re-prove every rule from nothing       make bench    tables: ours, QEMU, native, ratio
#   make style      formatting, includes, sizes            make clean
O ?= build
CC ?= gcc
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wvla
USER_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) -Itranslator -I$(O)/gen -Irules

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

ALL :=
CHECKS :=

include rules/rules.mk
include translator/translator.mk
include tests/tests.mk

.PHONY: all check prove bench style clean
all: $(ALL)

clean:
	rm -rf $(O)
