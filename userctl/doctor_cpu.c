// SPDX-License-Identifier: GPL-2.0-only
/* doctor_cpu.c: processor and hypervisor: what the sealed world needs, refuses, or does without.
 * Next file: doctor.h. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

#define MSR_AMD64_SEV 0xc0010131 /* AMD APM volume 2, section 15.34.10: bit 1 SEV-ES, bit 2 SEV-SNP */

enum { PATH_BYTES = 512, LINE_BYTES = 8192 };

/* Value of a line "name : value" of the first processor; empty: none */
static void read_cpuinfo(const struct doctor_host *host, const char *name, char *value, size_t bytes)
{
	char path[PATH_BYTES], line[LINE_BYTES];
	FILE *f;

	value[0] = 0;
	doctor_path(host, path, sizeof(path), "/proc/cpuinfo");
	f = fopen(path, "r");
	while (f && !value[0] && fgets(line, sizeof(line), f)) {
		char *colon = strstr(line, ": ");

		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, name, strlen(name)) && strchr("\t :", line[strlen(name)]) && colon)
			snprintf(value, bytes, "%s", colon + 2);
	}
	if (f)
		fclose(f);
}

static bool has_flag(const struct doctor_host *host, const char *flag)
{
	char flags[LINE_BYTES], *word, *rest = flags;

	read_cpuinfo(host, "flags", flags, sizeof(flags));
	while ((word = strsep(&rest, " ")))
		if (!strcmp(word, flag))
			return true;
	return false;
}

static void check_cpu(const struct doctor_host *host, struct doctor_report *report)
{
	char model[128];

	read_cpuinfo(host, "model name", model, sizeof(model));
	if (has_flag(host, "lm")) {
		doctor_found(report, DOCTOR_OK, "%s", model[0] ? model : "x86-64");
		return;
	}
	doctor_found(report, DOCTOR_NO, "found no x86-64 processor in /proc/cpuinfo, expected one");
	doctor_advise(report, "guests run on x86-64 hosts only");
}

/* ---- what the module refuses ---- */

static void check_fred(const struct doctor_host *host, struct doctor_report *report)
{
	if (!has_flag(host, "fred")) {
		doctor_found(report, DOCTOR_OK, "not in use");
		return;
	}
	doctor_found(report, DOCTOR_NO, "the kernel takes exceptions by FRED, which ldbt does not support");
	doctor_advise(report, "boot with fred=off");
}

static void check_xen(const struct doctor_host *host, struct doctor_report *report)
{
	char path[PATH_BYTES], type[32] = "", guest[32] = "";

	doctor_path(host, path, sizeof(path), "/sys/hypervisor/type");
	doctor_read_line(path, type, sizeof(type));
	doctor_path(host, path, sizeof(path), "/sys/hypervisor/guest_type");
	doctor_read_line(path, guest, sizeof(guest));
	if (strcmp(type, "xen") || strcmp(guest, "PV")) {
		doctor_found(report, DOCTOR_OK, "no Xen PV domain%s",
			     strcmp(type, "xen") ? "" : " (Xen with hardware support)");
		return;
	}
	doctor_found(report, DOCTOR_NO, "this is a Xen PV domain: its page tables belong to Xen");
	doctor_advise(report, "run the domain as type='pvh' or 'hvm'");
}

/* true: *value is the register's */
static bool read_msr(const struct doctor_host *host, uint32_t number, uint64_t *value)
{
	char path[PATH_BYTES];
	bool ok;
	int fd;

	doctor_path(host, path, sizeof(path), "/dev/cpu/0/msr");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ok = pread(fd, value, sizeof(*value), number) == sizeof(*value);
	close(fd);
	return ok;
}

static void check_sev(const struct doctor_host *host, struct doctor_report *report)
{
	uint64_t msr = 0;

	if (!has_flag(host, "hypervisor") || !has_flag(host, "sev_es")) {
		doctor_found(report, DOCTOR_OK, "no SEV-ES guest");
	} else if (!read_msr(host, MSR_AMD64_SEV, &msr)) {
		doctor_found(report, DOCTOR_WARN, "this guest may run under SEV-ES: MSR %#x cannot be read",
			     MSR_AMD64_SEV);
		doctor_advise(report, "modprobe msr and run this as root to know");
	} else if (!(msr & 6)) {
		doctor_found(report, DOCTOR_OK, "SEV-ES is not active");
	} else {
		doctor_found(report, DOCTOR_NO,
			     "this is a SEV-ES guest: exceptions of the hypervisor would meet our handlers");
		doctor_advise(report, "use a machine without SEV-ES or SEV-SNP");
	}
}

static void check_tdx(const struct doctor_host *host, struct doctor_report *report)
{
	if (!has_flag(host, "tdx_guest")) {
		doctor_found(report, DOCTOR_OK, "no TDX guest");
		return;
	}
	doctor_found(report, DOCTOR_NO, "this is a TDX guest: exceptions of the hypervisor would meet our handlers");
	doctor_advise(report, "use a machine without TDX");
}

/* ---- what it does without ---- */

static void check_la57(const struct doctor_host *host, struct doctor_report *report)
{
	doctor_found(report, DOCTOR_OK, "page tables of %s levels", has_flag(host, "la57") ? "5" : "4");
}

static void check_pcid(const struct doctor_host *host, struct doctor_report *report)
{
	if (has_flag(host, "pcid"))
		doctor_found(report, DOCTOR_OK, "there");
	else
		doctor_found(report, DOCTOR_WARN,
			     "not there: each change of page tables empties the TLB, guests run slower");
}

static void check_pku(const struct doctor_host *host, struct doctor_report *report)
{
	doctor_found(report, DOCTOR_OK, "%s",
		     has_flag(host, "ospke") ? "there" : "not there: views of the guest's modes by page tables");
}

static void check_fsgsbase(const struct doctor_host *host, struct doctor_report *report)
{
	doctor_found(report, DOCTOR_OK, "%s", has_flag(host, "fsgsbase") ? "there" : "not there: segment bases by MSR");
}

static void check_tsc(const struct doctor_host *host, struct doctor_report *report)
{
	char path[PATH_BYTES], source[64] = "";

	doctor_path(host, path, sizeof(path), "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	doctor_read_line(path, source, sizeof(source));
	if (has_flag(host, "constant_tsc") || !strcmp(source, "tsc"))
		doctor_found(report, DOCTOR_OK, "steady");
	else
		doctor_found(report, DOCTOR_WARN, "the kernel does not trust it (clock: %s)",
			     source[0] ? source : "unknown");
}

const struct doctor_check doctor_cpu_checks[] = {
	{ "processor", check_cpu },	{ "FRED", check_fred },	  { "Xen", check_xen },	  { "SEV-ES", check_sev },
	{ "TDX", check_tdx },		{ "paging", check_la57 }, { "PCID", check_pcid }, { "PKU", check_pku },
	{ "FSGSBASE", check_fsgsbase }, { "TSC", check_tsc },	  { NULL, NULL },
};
