/* SPDX-License-Identifier: GPL-2.0-only */
/* port.h: integer types, assert and mem functions for the kernel, user space and the monitor.
 *
 * The only file of this room with #ifdef __KERNEL__. Nothing else may include a system header. */
#ifndef LDBT_PORT_H
#define LDBT_PORT_H

#ifdef __KERNEL__
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#define port_assert(cond) WARN_ON_ONCE(!(cond))
#elif !__STDC_HOSTED__
/* The monitor: the compiler's own headers are all there is. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
enum { ENOENT = 2, ENXIO = 6, EAGAIN = 11, ENOMEM = 12, EFAULT = 14, EINVAL = 22 };
void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *at, int byte, size_t bytes);
int strcmp(const char *a, const char *b);
#define port_assert(cond) ((void)(cond))
#define PORT_NEEDS_TYPES
#else
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#define port_assert(cond) assert(cond)
#define PORT_NEEDS_TYPES
#endif

#ifdef PORT_NEEDS_TYPES
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

/* Checks on the translation path that cost time: on in the builds of tests and fuzzers. */
#ifdef LDBT_DEBUG
#define port_check(cond) port_assert(cond)
#else
#define port_check(cond) ((void)0)
#endif

/* Guest virtual, guest physical and host addresses never mix silently: names carry the kind as well. */
typedef u64 gva_t;
typedef u64 gpa_t;

#endif
