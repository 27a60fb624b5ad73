/* SPDX-License-Identifier: GPL-2.0-only */
/* trace.h: the trace points events/ldbt/...: they cost one test each while off.
 *
 * Owns:    nothing. Promise: names and fields stay; new fields go to the end.
 * Next file: run.c, which calls them. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ldbt

#if !defined(LDBT_KMOD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define LDBT_KMOD_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(ldbt_enter, TP_PROTO(u32 hart, u64 pc, u64 host), TP_ARGS(hart, pc, host),
	    TP_STRUCT__entry(__field(u32, hart) __field(u64, pc) __field(u64, host)),
	    TP_fast_assign(__entry->hart = hart; __entry->pc = pc; __entry->host = host;),
	    TP_printk("hart %u pc 0x%llx host 0x%llx", __entry->hart, __entry->pc, __entry->host));

TRACE_EVENT(ldbt_leave, TP_PROTO(u32 hart, u32 reason, u64 pc), TP_ARGS(hart, reason, pc),
	    TP_STRUCT__entry(__field(u32, hart) __field(u32, reason) __field(u64, pc)),
	    TP_fast_assign(__entry->hart = hart; __entry->reason = reason; __entry->pc = pc;),
	    TP_printk("hart %u reason %u pc 0x%llx", __entry->hart, __entry->reason, __entry->pc));

TRACE_EVENT(ldbt_translate, TP_PROTO(u32 hart, u64 gpa, u32 insns, u32 host_bytes),
	    TP_ARGS(hart, gpa, insns, host_bytes),
	    TP_STRUCT__entry(__field(u32, hart) __field(u64, gpa) __field(u32, insns) __field(u32, host_bytes)),
	    TP_fast_assign(__entry->hart = hart; __entry->gpa = gpa; __entry->insns = insns;
			   __entry->host_bytes = host_bytes;),
	    TP_printk("hart %u gpa 0x%llx insns %u host_bytes %u", __entry->hart, __entry->gpa, __entry->insns,
		      __entry->host_bytes));

TRACE_EVENT(ldbt_guest_trap, TP_PROTO(u32 hart, u64 cause, u64 tval, u64 pc), TP_ARGS(hart, cause, tval, pc),
	    TP_STRUCT__entry(__field(u32, hart) __field(u64, cause) __field(u64, tval) __field(u64, pc)),
	    TP_fast_assign(__entry->hart = hart; __entry->cause = cause; __entry->tval = tval; __entry->pc = pc;),
	    TP_printk("hart %u cause %llu tval 0x%llx pc 0x%llx", __entry->hart, __entry->cause, __entry->tval,
		      __entry->pc));

TRACE_EVENT(ldbt_irq, TP_PROTO(u32 hart, u64 irq, u64 pc), TP_ARGS(hart, irq, pc),
	    TP_STRUCT__entry(__field(u32, hart) __field(u64, irq) __field(u64, pc)),
	    TP_fast_assign(__entry->hart = hart; __entry->irq = irq; __entry->pc = pc;),
	    TP_printk("hart %u irq %llu pc 0x%llx", __entry->hart, __entry->irq, __entry->pc));

/* The monitor fills pages on its own: count is how many since the last event of this hart. */
TRACE_EVENT(ldbt_page_fill, TP_PROTO(u32 hart, u64 count), TP_ARGS(hart, count),
	    TP_STRUCT__entry(__field(u32, hart) __field(u64, count)),
	    TP_fast_assign(__entry->hart = hart; __entry->count = count;),
	    TP_printk("hart %u count %llu", __entry->hart, __entry->count));

TRACE_EVENT(ldbt_flush, TP_PROTO(u64 gpa, u32 blocks), TP_ARGS(gpa, blocks),
	    TP_STRUCT__entry(__field(u64, gpa) __field(u32, blocks)),
	    TP_fast_assign(__entry->gpa = gpa; __entry->blocks = blocks;),
	    TP_printk("gpa 0x%llx blocks %u", __entry->gpa, __entry->blocks));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
