// SPDX-License-Identifier: GPL-2.0-only
/* rights.c: capabilities by libcap-ng, system calls by libseccomp. The list names what must not be rather than what may be: what
 * libslirp, glib and libc call differs from release to release, and a guest must not end by it. Next file: cmd_run.c. */
#include "rights.h"

#include <cap-ng.h>
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

/* Each is answered by EPERM. */
static const int denied[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
#ifndef __SANITIZE_ADDRESS__ /* its search for leaks uses it */
	SCMP_SYS(ptrace),
#endif
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(kcmp),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(name_to_handle_at),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(keyctl),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(reboot),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(clock_adjtime),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	SCMP_SYS(iopl),
	SCMP_SYS(ioperm),
	SCMP_SYS(io_uring_setup),
};

/* The bounding set too: what is gone does not come back. */
static int drop_capabilities(bool has_share)
{
	capng_clear(CAPNG_SELECT_BOTH);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_IPC_LOCK);
	if (has_share)
		capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER,
			      CAP_FSETID, -1);
	return capng_apply(CAPNG_SELECT_BOTH);
}

static int deny_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret = filter ? 0 : -ENOMEM;
	unsigned int i;

	for (i = 0; i < sizeof(denied) / sizeof(denied[0]) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0);
	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE,
				       2); /* a search, not a list: each call of the module pays */
	if (!ret)
		ret = seccomp_load(filter); /* sets no_new_privs */
	if (filter)
		seccomp_release(filter);
	return ret;
}

int rights_drop(bool has_share)
{
	int ret;

	if (!geteuid() && drop_capabilities(has_share)) {
		ctl_error("rights: capabilities cannot be given up");
		return -EPERM;
	}
	ret = deny_calls();
	if (ret == -EINVAL || ret == -ENOSYS) {
		ctl_error("rights: this kernel has no seccomp filters; going on without");
		return 0;
	}
	if (ret)
		ctl_error("rights: system calls cannot be given up: %s", strerror(-ret));
	return ret;
}
