#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# In the test machine, beside the guest of clock_server.sh.
exec /clock $(cat /clock_seconds)
