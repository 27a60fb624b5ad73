# SPDX-License-Identifier: GPL-2.0-only
# The Sv39 walk against a plain statement of its rules, under ASan and UBSan.
$(O)/tests/walk/test_walk: tests/walk/test_walk.c translator/walk.c \
		translator/walk.h translator/csr.h translator/guest.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all $(filter %.c,$^) -o $@

$(O)/tests/walk/test_quick: tests/walk/test_quick.c translator/walk.c translator/walk_quick.h \
		translator/walk.h translator/csr.h translator/guest.h
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all $(filter %.c,$^) -o $@

CHECKS += check-walk
.PHONY: check-walk
check-walk: $(O)/tests/walk/test_walk $(O)/tests/walk/test_quick
	$(O)/tests/walk/test_walk
	$(O)/tests/walk/test_quick
