// SPDX-License-Identifier: GPL-2.0-only
/* doctor_module.c: kernel, module, device file, signing: what an administrator can change. Next file: doctor_cpu.c. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api.h"
#include "board.h"
#include "doctor.h"

#define SECURE_BOOT_VAR "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

enum { PATH_BYTES = 512, LINE_BYTES = 1024, KERNEL_MAJOR_MIN = 6, KERNEL_MINOR_MIN = 1 };

static bool exists(const struct doctor_host *host, const char *where)
{
	char path[PATH_BYTES];

	doctor_path(host, path, sizeof(path), "%s", where);
	return !access(path, F_OK);
}

static void check_kernel(const struct doctor_host *host, struct doctor_report *report)
{
	unsigned int major = 0, minor = 0;

	sscanf(host->release, "%u.%u", &major, &minor);
	if (major > KERNEL_MAJOR_MIN || (major == KERNEL_MAJOR_MIN && minor >= KERNEL_MINOR_MIN)) {
		doctor_found(report, DOCTOR_OK, "Linux %s", host->release);
		return;
	}
	doctor_found(report, DOCTOR_NO, "Linux %s, expected %d.%d or newer", host->release, KERNEL_MAJOR_MIN,
		     KERNEL_MINOR_MIN);
	doctor_advise(report, "boot a newer kernel");
}

/* ---- the module ---- */

static bool is_loaded(const struct doctor_host *host)
{
	return exists(host, "/sys/module/ldbt");
}

/* modules.dep names every installed module that depmod saw. */
static bool is_installed(const struct doctor_host *host)
{
	char path[PATH_BYTES], line[LINE_BYTES];
	bool found = false;
	FILE *f;

	doctor_path(host, path, sizeof(path), "/lib/modules/%s/modules.dep", host->release);
	f = fopen(path, "r");
	while (f && !found && fgets(line, sizeof(line), f)) {
		const char *name = line;
		size_t len = strcspn(line, ":");

		line[len] = 0;
		while (strchr(name, '/'))
			name = strchr(name, '/') + 1;
		found = !strncmp(name, "ldbt.ko", strlen("ldbt.ko"));
	}
	if (f)
		fclose(f);
	return found;
}

static void check_module(const struct doctor_host *host, struct doctor_report *report)
{
	if (is_loaded(host)) {
		doctor_found(report, DOCTOR_OK, "ldbt is loaded");
	} else if (is_installed(host)) {
		doctor_found(report, DOCTOR_NO, "ldbt is installed but not loaded");
		doctor_advise(report, "modprobe ldbt; dmesg | grep ldbt says why if that fails");
	} else {
		doctor_found(report, DOCTOR_NO, "ldbt is neither loaded nor installed for this kernel");
		doctor_advise(report, "make && make install, then modprobe ldbt");
	}
}

static void check_headers(const struct doctor_host *host, struct doctor_report *report)
{
	char path[PATH_BYTES];

	doctor_path(host, path, sizeof(path), "/lib/modules/%s/build/Makefile", host->release);
	if (!access(path, F_OK)) {
		doctor_found(report, DOCTOR_OK, "/lib/modules/%s/build", host->release);
		return;
	}
	doctor_found(report, is_loaded(host) || is_installed(host) ? DOCTOR_WARN : DOCTOR_NO,
		     "no headers of this kernel, the module cannot be built for it");
	doctor_advise(report, "apt-get install linux-headers-%s", host->release);
}

/* ---- the device file ---- */

static const char *group_name(const struct stat *st)
{
	const struct group *group = getgrgid(st->st_gid);

	return group ? group->gr_name : "?";
}

static void judge_device(const struct stat *st, bool may_use, struct doctor_report *report)
{
	static const char rule[] =
		"addgroup --system ldbt; install 60-ldbt.rules to /usr/lib/udev/rules.d; modprobe -r "
		"ldbt; modprobe ldbt";
	unsigned int mode = (unsigned int)st->st_mode & 07777;
	const char *group = group_name(st);
	bool is_ours = !strcmp(group, "ldbt");

	if (!may_use) {
		doctor_found(report, DOCTOR_NO, "%s: mode %04o, group %s: not for you", API_DEVICE, mode, group);
		doctor_advise(report, "%s", is_ours ? "adduser YOU ldbt, then log in again" : rule);
	} else if (mode & 0007) {
		doctor_found(report, DOCTOR_WARN, "%s: mode %04o: everybody may use it", API_DEVICE, mode);
		doctor_advise(report, "%s", rule);
	} else if (!is_ours) {
		doctor_found(report, DOCTOR_WARN, "%s: mode %04o, group %s, expected ldbt", API_DEVICE, mode, group);
		doctor_advise(report, "%s", rule);
	} else {
		doctor_found(report, DOCTOR_OK, "%s: mode %04o, group %s", API_DEVICE, mode, group);
	}
}

static void check_device(const struct doctor_host *host, struct doctor_report *report)
{
	char path[PATH_BYTES];
	struct stat st;

	doctor_path(host, path, sizeof(path), "%s", API_DEVICE);
	if (!stat(path, &st)) {
		judge_device(&st, !access(path, R_OK | W_OK), report);
		return;
	}
	doctor_found(report, DOCTOR_NO, "%s: %s", API_DEVICE, strerror(errno));
	doctor_advise(report, is_loaded(host) ? "the module is there: is udev or devtmpfs running?"
					      : "it appears when the module is loaded");
}

static void check_version(const struct doctor_host *host, struct doctor_report *report)
{
	char path[PATH_BYTES];
	int fd, version;

	doctor_path(host, path, sizeof(path), "%s", API_DEVICE);
	fd = api_open(path);
	if (fd < 0) {
		doctor_found(report, is_loaded(host) ? DOCTOR_NO : DOCTOR_WARN, "not known: %s: %s", API_DEVICE,
			     strerror(-fd));
		return;
	}
	version = api_version(fd);
	api_close(fd);
	if (version == LDBT_API_VERSION) {
		doctor_found(report, DOCTOR_OK, "module and ldbtctl speak version %d", version);
		return;
	}
	if (version < 0)
		doctor_found(report, DOCTOR_NO, "%s does not answer: %s", API_DEVICE, strerror(-version));
	else
		doctor_found(report, DOCTOR_NO, "the module speaks version %d, ldbtctl %d", version, LDBT_API_VERSION);
	doctor_advise(report, "install module and ldbtctl of one release, then modprobe -r ldbt; modprobe ldbt");
}

/* ---- signing ---- */

/* 4 bytes of attributes, then 1 when Secure Boot is on */
static bool secure_boot(const struct doctor_host *host)
{
	char path[PATH_BYTES];
	unsigned char var[5];
	bool on;
	FILE *f;

	doctor_path(host, path, sizeof(path), "/sys/firmware/efi/efivars/" SECURE_BOOT_VAR);
	f = fopen(path, "rb");
	on = f && fread(var, sizeof(var), 1, f) == 1 && var[4] == 1;
	if (f)
		fclose(f);
	return on;
}

/* "none [integrity] confidentiality" */
static bool locked_down(const struct doctor_host *host)
{
	char path[PATH_BYTES], line[LINE_BYTES];

	doctor_path(host, path, sizeof(path), "/sys/kernel/security/lockdown");
	return doctor_read_line(path, line, sizeof(line)) && strchr(line, '[') && !strstr(line, "[none]");
}

static bool enforced(const struct doctor_host *host)
{
	char path[PATH_BYTES], line[LINE_BYTES];

	doctor_path(host, path, sizeof(path), "/sys/module/module/parameters/sig_enforce");
	return doctor_read_line(path, line, sizeof(line)) && line[0] == 'Y';
}

static void check_signing(const struct doctor_host *host, struct doctor_report *report)
{
	bool boot = secure_boot(host);

	if (!boot && !locked_down(host) && !enforced(host)) {
		doctor_found(report, DOCTOR_OK, "this kernel loads modules without a signature");
		return;
	}
	doctor_found(report, is_loaded(host) ? DOCTOR_OK : DOCTOR_WARN, "modules must be signed%s%s",
		     boot ? " (Secure Boot is on)" : "", is_loaded(host) ? "; ldbt is" : "");
	if (!is_loaded(host))
		doctor_advise(report, "build by dkms, which signs with /var/lib/dkms/mok.pub; enrol that once: "
				      "mokutil --import /var/lib/dkms/mok.pub, reboot, confirm");
}

/* Pinned guest memory counts against it, except for those who may lock what they like. */
static void check_memlock(const struct doctor_host *host, struct doctor_report *report)
{
	struct rlimit limit;

	(void)host;
	if (!geteuid() || getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur >= BOARD_RAM_BYTES_DEFAULT) {
		doctor_found(report, DOCTOR_OK, "guests of %llu MiB may be locked in memory",
			     BOARD_RAM_BYTES_DEFAULT >> 20);
		return;
	}
	doctor_found(report, DOCTOR_WARN, "you may lock %lu KiB in memory, a guest has %llu by default",
		     (unsigned long)limit.rlim_cur >> 10, BOARD_RAM_BYTES_DEFAULT >> 10);
	doctor_advise(report, "add '@ldbt - memlock 8388608' to /etc/security/limits.conf and log in again");
}

const struct doctor_check doctor_module_checks[] = {
	{ "kernel", check_kernel },	   { "headers", check_headers },
	{ "signing", check_signing },	   { "module", check_module },
	{ "device", check_device },	   { "API version", check_version },
	{ "memory limit", check_memlock }, { NULL, NULL },
};
