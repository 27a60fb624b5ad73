# SPDX-License-Identifier: GPL-2.0-only
# In the guest: python's own tests. Usage: python.sh [TEST]...
[ $# -gt 0 ] || set -- test_float test_math test_struct test_json test_threading test_signal test_subprocess
exec python3 -m test --timeout 7200 --verbose2 "$@"
