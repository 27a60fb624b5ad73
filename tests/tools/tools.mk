# SPDX-License-Identifier: GPL-2.0-only
# Counting tools that docs/PINS.md uses; no part of make or make check.
$(O)/count_host: tests/tools/count_host.c $(O)/libldbt.a
	$(CC) $(USER_CFLAGS) -o $@ $^

$(O)/count_plugin.so: tests/tools/count_plugin.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(CFLAGS) -Wall -Wextra -Werror -shared -fPIC -o $@ $<
