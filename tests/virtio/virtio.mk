# SPDX-License-Identifier: GPL-2.0-only
# Devices of ldbtctl over a small driver in user space, under ASan and UBSan; fuzzers with a bounded count.
VIRTIO_UNITS := unit_queue unit_blk unit_net
VIRTIO_PARTS = $(O)/tests/virtio/driver.o $(O)/tests/ctl/fake_api.o $(CTL_PARTS)

$(O)/tests/virtio/%.o: tests/virtio/%.c
	@mkdir -p $(@D)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) -MMD -MP -c $< -o $@

$(VIRTIO_UNITS:%=$(O)/tests/virtio/%): %: %.o $(VIRTIO_PARTS)
	$(CC) $(CTL_CFLAGS) $(CTL_SAN) $^ $(CTL_LIBS) -lcmocka -o $@

CHECKS += check-virtio
.PHONY: check-virtio
check-virtio: $(VIRTIO_UNITS:%=$(O)/tests/virtio/%)
	tests/virtio/units.sh $^

-include $(wildcard $(O)/tests/virtio/*.d)
