# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the scripts of the test machine share: the cache folder, the table of kernels, and apt for other Debian releases.
# Sourced, never run. Big things (packages, kernels, build roots) live in the cache folder alone.
set -eu
vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$vm_dir/../.." && pwd)
cache=${LDBT_CACHE:-$HOME/.cache/ldbt}
O=$(realpath -m "${O:-$top/build}")
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# What apt is asked for; a script that wants another architecture's packages says so after sourcing.
apt_architecture=amd64
apt_components=main

say() { echo "$(basename "$0"): $*" >&2; }
die() { say "$@"; exit 126; }

# kernel_suite KERNEL: the Debian release whose linux-image-amd64 is that kernel.
kernel_suite() {
	case $1 in
	6.1) echo bookworm ;;
	6.12) echo trixie ;;
	sid) echo sid ;;
	*) die "unknown kernel '$1'; known: 6.1 6.12 sid" ;;
	esac
}

# suite_sources SUITE: lines of a sources.list.
suite_sources() {
	local mirror=http://deb.debian.org
	echo "deb [arch=$apt_architecture signed-by=$keyring] $mirror/debian $1 $apt_components"
	[ "$1" = sid ] ||
		echo "deb [arch=$apt_architecture signed-by=$keyring] $mirror/debian-security $1-security $apt_components"
}

# suite_folder SUITE: where its private apt tree lies.
suite_folder() {
	[ "$apt_architecture" = amd64 ] && echo "$cache/apt/$1" || echo "$cache/apt/$1-$apt_architecture"
}

# suite_update FOLDER: fetches package lists; where the security archive is broken, as while a mirror is being updated, without it.
suite_update() {
	APT_CONFIG=$1/apt.conf apt-get -qq update --error-on=any >"$1/update.log" 2>&1 && return
	say "the lists of debian-security cannot be fetched; going on without: $(grep -m 1 '^E:' "$1/update.log")"
	sed -i '/debian-security/d' "$1/etc/apt/sources.list"
	APT_CONFIG=$1/apt.conf apt-get -qq update --error-on=any >&2
}

# suite_config SUITE: makes a private apt tree (an own, empty dpkg status; the machine's sources are not touched)
# and prints its configuration file. Lists are fetched once; see lists_forget.
suite_config() {
	local dir
	dir=$(suite_folder "$1")
	mkdir -p "$dir"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d},var/lib/apt/lists/partial,var/lib/dpkg,var/cache/apt/archives/partial}
	[ -e "$dir/var/lib/dpkg/status" ] || : >"$dir/var/lib/dpkg/status"
	suite_sources "$1" >"$dir/etc/apt/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir "$dir";
		Dir::State::status "$dir/var/lib/dpkg/status";
		Dir::Etc::parts "$dir/etc/apt/apt.conf.d";
		APT::Architecture "$apt_architecture";
		APT::Architectures { "$apt_architecture"; };
		APT::Install-Recommends "false";
		Acquire::Languages "none";
		Acquire::Check-Valid-Until "false";
		Acquire::Retries "3";
		APT::Sandbox::User "root";
		Debug::NoLocking "true";
	CONF
	if [ ! -e "$dir/fetched" ]; then
		say "fetching the package lists of Debian $1 ($apt_architecture)"
		suite_update "$dir" || die "the package lists of Debian $1 cannot be fetched"
		: >"$dir/fetched"
	fi
	echo "$dir/apt.conf"
}

# lists_forget SUITE: the next use fetches its package lists.
lists_forget() {
	rm -f "$(suite_folder "$1")/fetched"
}

# suite_dependencies SUITE PACKAGE PATTERN: the names among PACKAGE's dependencies that match the regular expression.
suite_dependencies() {
	local config
	config=$(suite_config "$1")
	APT_CONFIG=$config apt-cache show --no-all-versions "$2" | sed -n 's/^Depends: //p' | grep -oE "$3" | sort -u
}

# suite_unpack SUITE FOLDER PACKAGE...: downloads (signatures checked by apt) and unpacks the named packages, not what they depend on.
suite_unpack() {
	local config suite=$1 folder=$2 debs
	config=$(suite_config "$suite")
	debs=$(mktemp -d "$cache/debs.XXXXXX")
	shift 2
	(cd "$debs" && APT_CONFIG=$config apt-get -qq download "$@" >&2) ||
		die "not all packages of Debian $suite can be fetched; if its lists are old: LDBT_UPDATE=1 tests/vm/kernel"
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$folder"
	done
	rm -rf "$debs"
}

# suite_closure SUITE PACKAGE...: the names of the packages and of all they depend on, but not what only a booted system uses.
suite_closure() {
	local config
	config=$(suite_config "$1")
	shift
	APT_CONFIG=$config apt-get install -qq --print-uris "$@" | awk '{ print $2 }' | sed 's/_.*//' |
		grep -vE '^(linux-(image|binary|modules)-|initramfs-tools|dracut|systemd|udev|klibc|libklibc|debconf|mount|python)'
}

# suite_tree SUITE FOLDER STAMP PACKAGE...: makes FOLDER a tree of these packages and all they need, unless it has that stamp.
# Packages are unpacked, none is configured: no script of theirs runs.
suite_tree() {
	local suite=$1 folder=$2 stamp=$3 packages work
	shift 3
	exec 9>"$folder.lock"
	flock 9
	stamp="$stamp 3"
	if [ "$(cat "$folder/made" 2>/dev/null)" != "$stamp $*" ]; then
		packages=$(suite_closure "$suite" "$@")
		[ -n "$packages" ] || die "Debian $suite does not have all of: $*; if its lists are old: LDBT_UPDATE=1 tests/vm/kernel"
		say "unpacking $(wc -w <<<"$packages") packages of Debian $suite into $folder"
		work=$(mktemp -d "$folder.XXXXXX")
		# shellcheck disable=SC2086
		suite_unpack "$suite" "$work" $packages
		mkdir -p "$work"/{build,dev,proc,tmp}
		rm -f "$work"/dev/*
		mknod -m 666 "$work/dev/null" c 1 3
		mknod -m 666 "$work/dev/zero" c 1 5
		mknod -m 666 "$work/dev/urandom" c 1 9
		ldconfig -r "$work"
		echo "$stamp $*" >"$work/made"
		chmod 755 "$work"
		rm -rf "$folder"
		mv -T "$work" "$folder"
	fi
	exec 9>&-
}

# tree_run TREE COMMAND...: runs a command in the tree, with /proc there where that is possible (sid's objtool reads it): in a mount
# namespace of its own; inside a chroot that may be seen outside, so it is unmounted too. Where mounting is not allowed, without.
tree_run() {
	local clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C)
	[ "$(id -u)" -eq 0 ] || die "needs root, for chroot"
	if ! unshare --mount --propagation unchanged true 2>/dev/null; then
		"${clean[@]}" chroot "$@"
		return
	fi
	"${clean[@]}" unshare --mount --propagation unchanged sh -c '
		mount --make-rprivate / 2>/dev/null
		mount --bind /proc "$1/proc" 2>/dev/null
		chroot "$@"
		status=$?
		umount "$1/proc" 2>/dev/null
		exit $status' sh "$@"
}
