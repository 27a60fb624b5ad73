# SPDX-License-Identifier: GPL-2.0-only
# Counting tools that docs/PINS.md uses; no part of make or make check.
COUNT_HOST_SRCS := tests/tools/count_host.c $(addprefix translator/,match.c block.c emit.c link.c index.c faultmap.c \
	cache.c regs.c)

$(O)/count_host: $(COUNT_HOST_SRCS) $(O)/gen/.stamp
	$(CC) $(USER_CFLAGS) -o $@ $(COUNT_HOST_SRCS) $(O)/gen/decode.c $(O)/gen/rules.c

$(O)/count_plugin.so: tests/tools/count_plugin.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(CFLAGS) -Wall -Wextra -Werror -shared -fPIC -o $@ $<
