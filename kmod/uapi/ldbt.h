/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* ldbt.h: the contract between ldbt.ko and user space; shaped like KVM's.
 *
 * Owns:    nothing; constants and structs. /dev/ldbt is the system fd; it makes VM fds, which make vCPU fds.
 * Promise: fixed-width fields on natural alignment, explicit pad[] that must be zero, no bool, enum or pointer (an
 *          address of the caller is a __u64 ..._hva). Numbers are never reused. What is new is a new capability.
 *          Unknown flags and pad bytes that are not zero are refused before anything else happens.
 * Locks:   calls on one vCPU fd are serialised by the module; any thread may call, one at a time.
 * Errors:  besides those listed: ENOTTY (unknown call for this kind of fd), EFAULT (bad address of the argument). */
#ifndef _UAPI_LINUX_LDBT_H
#define _UAPI_LINUX_LDBT_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define LDBT_API_VERSION 1
#define LDBT_IOC	 0xB5

/* ---- system fd: /dev/ldbt ---- */

/* LDBT_GET_API_VERSION: the version of this header that the module was built with.
 * On: system fd.  Takes: nothing.  Returns LDBT_API_VERSION.  EINVAL: argument is not 0. */
#define LDBT_GET_API_VERSION _IO(LDBT_IOC, 0x00)

/* LDBT_CHECK_CAP: is capability LDBT_CAP_* there?
 * On: system fd, VM fd.  Takes: the number.  Returns 0 (no, or unknown) or a positive value that the capability explains. */
#define LDBT_CHECK_CAP _IO(LDBT_IOC, 0x01)

#define LDBT_CAP_VCPUS	      1 /* most vCPUs of one VM */
#define LDBT_CAP_MEMORY_SLOTS 2 /* most memory regions of one VM */
#define LDBT_CAP_IRQFD	      3 /* highest interrupt line; the lowest is 1 */
#define LDBT_CAP_IOEVENTFD    4
#define LDBT_CAP_VIEW_KEYS    5 /* views by protection keys are possible on this host */
#define LDBT_CAP_STATS	      6
#define LDBT_CAP_CODE_MAP     7
#define LDBT_CAP_SBI	      8 /* LDBT_SET_SBI: version of the SBI, as sbi_get_spec_version() tells it */

/* LDBT_CREATE_VM: a VM of guest type `arg`.
 * On: system fd.  Takes: LDBT_GUEST_*.  Returns a VM fd (O_CLOEXEC).
 * EINVAL: unknown guest type.  ENOMEM.  EMFILE.  EOPNOTSUPP: this host cannot run guests (the kernel log says why). */
#define LDBT_CREATE_VM _IO(LDBT_IOC, 0x02)

#define LDBT_GUEST_RISCV64 1

/* ---- VM fd ---- */

/* LDBT_SET_MEMORY: maps [x_hva, x_hva + size_bytes) of the caller at guest physical gpa, pinned until the slot is cleared
 * (size_bytes 0) or the VM ends. Pinned pages count against RLIMIT_MEMLOCK.
 * On: VM fd.  Takes: struct ldbt_memory (in).  Returns 0.
 * EINVAL: slot or flags unknown, pad not zero, not page aligned, empty or wrapping range, over LDBT_MEMORY_BYTES_MAX.
 * EEXIST: overlaps another slot, or the slot is in use.  ENOMEM: over RLIMIT_MEMLOCK, or no memory.
 * EFAULT: the range is not mapped writable.  EBUSY: a vCPU exists already. */
#define LDBT_SET_MEMORY _IOW(LDBT_IOC, 0x20, struct ldbt_memory)

#define LDBT_MEMORY_SLOTS     8
#define LDBT_MEMORY_BYTES_MAX (1ULL << 37)

struct ldbt_memory {
	__u32 slot;  /* 0 .. LDBT_MEMORY_SLOTS - 1 */
	__u32 flags; /* none defined: 0 */
	__u64 gpa;   /* bytes */
	__u64 size_bytes;
	__u64 x_hva;
	__u64 pad[2];
};

/* LDBT_CREATE_VCPU: the hart with hartid `arg`.
 * On: VM fd.  Takes: hartid, 0 .. LDBT_CAP_VCPUS - 1.  Returns a vCPU fd (O_CLOEXEC); mmap(LDBT_RUN_BYTES, PROT_READ |
 * PROT_WRITE, MAP_SHARED, offset 0) of it gives its struct ldbt_run.
 * EINVAL: hartid too large.  EEXIST: it exists.  ENXIO: the VM has no memory yet.  ENOMEM.  EMFILE. */
#define LDBT_CREATE_VCPU _IO(LDBT_IOC, 0x21)

/* LDBT_IRQ_LINE: sets the level of guest interrupt line `irq`, a source of the PLIC. While it is high the guest is asked,
 * again each time it has completed the interrupt.
 * On: VM fd.  Takes: struct ldbt_irq_line (in).  Returns 0.  EINVAL: irq (1 .. LDBT_CAP_IRQFD) or level unknown. */
#define LDBT_IRQ_LINE _IOW(LDBT_IOC, 0x22, struct ldbt_irq_line)

struct ldbt_irq_line {
	__u32 irq;
	__u32 level; /* 0 or 1 */
};

/* LDBT_IRQFD: writing to fd raises guest interrupt line `irq`: an edge, which is kept while the guest serves an earlier one.
 * With LDBT_IRQFD_RESAMPLE the write holds the line up; when the guest completes the interrupt the line falls and
 * resample_fd is signalled: whoever still needs service writes to fd again. The module takes the count of fd.
 * On: VM fd.  Takes: struct ldbt_irqfd (in).  Needs: LDBT_CAP_IRQFD.
 * Returns 0.  EBADF: fd, or with LDBT_IRQFD_RESAMPLE resample_fd, is not an eventfd.  EINVAL: irq or flags unknown or not
 * together, resample_fd not 0 without its flag.  EBUSY: line has an fd, or fd a line of this VM.  ENOENT: deassign of none.
 * ENOMEM. */
#define LDBT_IRQFD _IOW(LDBT_IOC, 0x23, struct ldbt_irqfd)

#define LDBT_IRQFD_DEASSIGN 1
#define LDBT_IRQFD_RESAMPLE 2 /* not with LDBT_IRQFD_DEASSIGN */

struct ldbt_irqfd {
	__s32 fd;
	__u32 irq;
	__u32 flags; /* LDBT_IRQFD_* */
	__s32 resample_fd;
};

/* LDBT_IOEVENTFD: a guest store of len_bytes to gpa signals fd instead of leaving to the controller.
 * On: VM fd.  Takes: struct ldbt_ioeventfd (in).  Needs: LDBT_CAP_IOEVENTFD.
 * Returns 0.  EBADF: fd is not an eventfd.  EINVAL: flags, len_bytes (1 2 4 8, with LDBT_IOEVENTFD_DATAMATCH; else also 0)
 * or alignment wrong, gpa in guest memory, pad not zero.  EEXIST: the same match exists.  ENOENT: deassign of none.
 * ENOSPC: LDBT_IOEVENTFDS_MAX reached. */
#define LDBT_IOEVENTFD _IOW(LDBT_IOC, 0x24, struct ldbt_ioeventfd)

#define LDBT_IOEVENTFD_DEASSIGN	 1
#define LDBT_IOEVENTFD_DATAMATCH 2
#define LDBT_IOEVENTFDS_MAX	 256

struct ldbt_ioeventfd {
	__u64 gpa;
	__u64 datamatch;
	__u32 len_bytes;
	__s32 fd;
	__u32 flags; /* LDBT_IOEVENTFD_* */
	__u32 pad;
};

/* LDBT_MEM_WRITTEN: the controller wrote guest memory that may hold translations; they go before the call returns.
 * On: VM fd.  Takes: struct ldbt_range (in).  Returns 0.  EINVAL: wraps, or not within guest memory. */
#define LDBT_MEM_WRITTEN _IOW(LDBT_IOC, 0x25, struct ldbt_range)

struct ldbt_range {
	__u64 gpa;
	__u64 len_bytes;
};

/* mmap() of the VM fd: a bitmap of one memory slot: which of its pages may hold translations. Bit n % 8 of byte n / 8 is
 * page n of the slot. Whoever writes guest memory beside the vCPUs writes first, then lets a full memory barrier
 * pass, then looks here, and calls LDBT_MEM_WRITTEN for what is marked, all before it tells the guest.
 * On: VM fd.  Offset: slot * LDBT_CODE_MAP_STRIDE; length: LDBT_CODE_MAP_BYTES; PROT_READ, MAP_SHARED.
 * Needs: LDBT_CAP_CODE_MAP.  EINVAL: offset, length or protection wrong.  EPERM: PROT_EXEC, where the kernel refuses it
 * before the module does (7.x).  ENXIO: the VM has no vCPU yet, or the slot is not in use. */
#define LDBT_CODE_MAP_STRIDE		(1ULL << 32)
#define LDBT_CODE_MAP_BYTES(size_bytes) (((size_bytes) + (1ULL << 27) - 1) >> 27 << 12) /* whole pages */

/* LDBT_GET_STATS: counters since creation.
 * On: VM fd (sums), vCPU fd.  Takes: struct ldbt_stats (out).  Returns 0. */
#define LDBT_GET_STATS _IOR(LDBT_IOC, 0x26, struct ldbt_stats)

#define LDBT_STAT_EXITS_MAX 16

struct ldbt_stats {
	__u64 enters;			   /* of the sealed world */
	__u64 leaves[LDBT_STAT_EXITS_MAX]; /* by EXIT_* of translator/abi.h */
	__u64 host_irqs, host_nmis;	   /* that arrived inside and were handed on */
	__u64 user_exits;		   /* returns of LDBT_RUN */
	__u64 page_fills, guest_traps, view_switches;
	__u64 blocks, translated_insns, translated_by_rule;
	__u64 translated_guest_bytes, translated_host_bytes;
	__u64 interpreted_insns, evictions, invalidations;
	__u64 guest_irqs;
	__u64 monitor_exits;  /* of translated code, served without a leave: traps, their returns, CSRs */
	__u64 monitor_misses; /* among leaves[EXIT_MISS]: served, but there was no code to go on at */
	__u64 sbi_calls;
	__u64 huge_fills;	/* among page_fills: entries of 2 MiB */
	__u64 huge_blocks;	/* places of 2 MiB in guest memory that are one piece of host memory, as of now */
	__u64 shadow_evictions; /* address spaces that lost their shadow tables for want of room */
	__u64 pad[10];
};

/* LDBT_SET_SBI: the harts of this VM have no M-mode: they start in S-mode, and the module is their SBI. M-mode's registers
 * stand as a firmware leaves them and cannot be set. Console calls come to the controller by LDBT_EXIT_SBI.
 * On: VM fd.  Takes: 0.  Needs: LDBT_CAP_SBI.  Returns 0.  EINVAL: argument not 0.  EBUSY: a vCPU exists already. */
#define LDBT_SET_SBI _IO(LDBT_IOC, 0x28)

/* ---- vCPU fd ---- */

/* LDBT_RUN: runs the guest until it needs the controller; run->exit_reason says why. First completes what the last exit
 * asked for (data of an MMIO load).
 * On: vCPU fd.  Takes: 0.  Returns 0.  EINTR: a signal is pending, or run->immediate_exit was set; run as it was.
 * EINVAL: argument not 0.  EIO: the VM has ended by an error (LDBT_EXIT_ERROR was returned before).  ENOMEM. */
#define LDBT_RUN _IO(LDBT_IOC, 0x40)

#define LDBT_RUN_BYTES 4096

#define LDBT_EXIT_NONE	   0
#define LDBT_EXIT_MMIO	   1 /* run->mmio */
#define LDBT_EXIT_SHUTDOWN 2 /* run->system: the guest powered off */
#define LDBT_EXIT_RESET	   3 /* run->system: the guest asked for a reset */
#define LDBT_EXIT_DEBUG	   4 /* run->debug: a breakpoint the controller asked for */
#define LDBT_EXIT_ERROR	   5 /* run->error: the guest cannot go on */
#define LDBT_EXIT_SBI	   6 /* run->sbi: an SBI call that the controller answers; only after LDBT_SET_SBI */

#define LDBT_ERROR_BAD_FETCH 1 /* instruction fetch from a place that has no memory, and no trap handler can run */
#define LDBT_ERROR_TRAP_LOOP 2 /* a trap whose handler traps at its first instruction, for ever */
#define LDBT_ERROR_INTERNAL  3 /* a broken promise inside the module; the kernel log has it */

/* The calls that LDBT_EXIT_SBI may bring; a controller that does not know one leaves error and value as they are. The
 * module has checked that memory they name is the guest's. */
#define LDBT_SBI_PUTCHAR 1	    /* legacy: args[0] = byte; error = 0 */
#define LDBT_SBI_GETCHAR 2	    /* legacy: error = byte, or -1: there is none */
#define LDBT_SBI_DBCN	 0x4442434e /* debug console: function 0 write, 1 read, 2 write byte, as the SBI defines them */

struct ldbt_run {
	__u32 exit_reason;   /* out: LDBT_EXIT_* */
	__u8 immediate_exit; /* in: LDBT_RUN returns EINTR at once; set by a signal handler */
	__u8 pad0[3];
	__u64 pad1[3];
	union {
		struct {
			__u64 gpa;
			__u8 data[8];	 /* out for stores; in for loads, before the next LDBT_RUN; little endian */
			__u32 len_bytes; /* 1 2 4 8 */
			__u8 is_write;
			__u8 is_refused; /* in: 1: no device answers at gpa, the guest gets an access fault */
			__u8 pad[2];
		} mmio;
		struct {
			__u64 code; /* exit status the guest gave */
		} system;
		struct {
			__u64 extension;
			__u64 function; /* 0 for legacy calls */
			__u64 args[6];
			__s64 error; /* in, before the next LDBT_RUN: 0 or an SBI error */
			__u64 value; /* in */
		} sbi;
		struct {
			__u64 pc_gva;
			__u64 pad;
		} debug;
		struct {
			__u32 reason; /* LDBT_ERROR_* */
			__u32 pad;
			__u64 pc_gva;
			__u64 value; /* the address or word concerned */
		} error;
		__u8 bytes[256];
	};
};

/* LDBT_GET_ONE_REG, LDBT_SET_ONE_REG: one register, numbered as KVM's RISC-V ABI does where it has a number
 * (Documentation/virt/kvm/api.rst, "RISC-V registers": 0x8030 0000 020? ....: core; 0x...03: csr; 0x...04: timer;
 * 0x...06: f registers).
 * On: vCPU fd.  Takes: struct ldbt_one_reg (in; the value lies at x_hva, of the size that id says: 8 bytes but for
 * LDBT_REG_FP_FCSR).  Returns 0.
 * ENOENT: no such register.  EINVAL: the value is not legal for it, or M-mode's after LDBT_SET_SBI.  EBUSY: the vCPU is running. */
#define LDBT_GET_ONE_REG _IOW(LDBT_IOC, 0x41, struct ldbt_one_reg)
#define LDBT_SET_ONE_REG _IOW(LDBT_IOC, 0x42, struct ldbt_one_reg)

struct ldbt_one_reg {
	__u64 id;
	__u64 x_hva;
};

#define LDBT_REG_RISCV64   0x8030000000000000ULL /* KVM_REG_RISCV | KVM_REG_SIZE_U64 */
#define LDBT_REG_BYTES(id) (1U << ((id) >> 52 & 15))
#define LDBT_REG_CORE	   (LDBT_REG_RISCV64 | 0x02000000ULL)
#define LDBT_REG_CSR	   (LDBT_REG_RISCV64 | 0x03000000ULL)
#define LDBT_REG_TIMER	   (LDBT_REG_RISCV64 | 0x04000000ULL)
/* D: 0..31 = f0..f31, a single value boxed; fcsr has 4 bytes. Setting them leaves sstatus.FS as it is. */
#define LDBT_REG_FP_D	 (LDBT_REG_RISCV64 | 0x06000000ULL)
#define LDBT_REG_FP_FCSR 0x8020000006000020ULL /* KVM_REG_RISCV | KVM_REG_SIZE_U32 | KVM_REG_RISCV_FP_D | 32 */
/* Ours: any CSR by its 12-bit number, with machine-mode ones. Values as csrr and csrw in M-mode have them: mip.SEIP reads as
 * the OR of its line and its bit, and what is set is the bit. */
#define LDBT_REG_CSR_NUMBER (LDBT_REG_RISCV64 | 0x0f000000ULL)
/* core: 0 = pc, 1..31 = x1..x31, 32 = mode (0 U, 1 S, 3 M) */
#define LDBT_REG_CORE_PC   (LDBT_REG_CORE + 0)
#define LDBT_REG_CORE_MODE (LDBT_REG_CORE + 32)

#ifndef __cplusplus
_Static_assert(sizeof(struct ldbt_memory) == 48, "user API");
_Static_assert(sizeof(struct ldbt_irq_line) == 8, "user API");
_Static_assert(sizeof(struct ldbt_irqfd) == 16, "user API");
_Static_assert(sizeof(struct ldbt_ioeventfd) == 32, "user API");
_Static_assert(sizeof(struct ldbt_range) == 16, "user API");
_Static_assert(sizeof(struct ldbt_one_reg) == 16, "user API");
_Static_assert(sizeof(struct ldbt_stats) == 48 * 8, "user API");
_Static_assert(sizeof(struct ldbt_run) == 32 + 256, "user API");
#endif

#endif
