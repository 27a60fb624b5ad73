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
	echo "deb [arch=amd64 signed-by=$keyring] $mirror/debian $1 main"
	[ "$1" = sid ] ||
		echo "deb [arch=amd64 signed-by=$keyring] $mirror/debian-security $1-security main"
}

# suite_config SUITE: makes a private apt tree (an own, empty dpkg status; the machine's sources are not touched)
# and prints its configuration file. Lists are fetched once; LDBT_UPDATE=1 fetches them again.
suite_config() {
	local dir=$cache/apt/$1
	mkdir -p "$dir"/{etc/apt/{apt.conf.d,preferences.d,sources.list.d},var/lib/apt/lists/partial,var/lib/dpkg,var/cache/apt/archives/partial}
	[ -e "$dir/var/lib/dpkg/status" ] || : >"$dir/var/lib/dpkg/status"
	suite_sources "$1" >"$dir/etc/apt/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir "$dir";
		Dir::State::status "$dir/var/lib/dpkg/status";
		Dir::Etc::parts "$dir/etc/apt/apt.conf.d";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Install-Recommends "false";
		Acquire::Languages "none";
		Acquire::Check-Valid-Until "false";
		APT::Sandbox::User "root";
		Debug::NoLocking "true";
	CONF
	if [ ! -e "$dir/fetched" ] || [ -n "${LDBT_UPDATE:-}" ]; then
		say "fetching the package lists of Debian $1"
		APT_CONFIG=$dir/apt.conf apt-get -qq update >&2
		: >"$dir/fetched"
	fi
	echo "$dir/apt.conf"
}

# suite_dependencies SUITE PACKAGE PATTERN: the names among PACKAGE's dependencies that match the regular expression.
suite_dependencies() {
	local config
	config=$(suite_config "$1")
	APT_CONFIG=$config apt-cache show --no-all-versions "$2" | sed -n 's/^Depends: //p' | grep -oE "$3" | sort -u
}

# suite_unpack SUITE FOLDER PACKAGE...: downloads (signatures checked by apt) and unpacks the named packages, not what they depend on.
suite_unpack() {
	local config folder=$2 debs
	config=$(suite_config "$1")
	debs=$(mktemp -d "$cache/debs.XXXXXX")
	shift 2
	(cd "$debs" && APT_CONFIG=$config apt-get -qq download "$@" >&2)
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
	if [ "$(cat "$folder/made" 2>/dev/null)" != "$stamp $*" ]; then
		packages=$(suite_closure "$suite" "$@")
		[ -n "$packages" ] || die "Debian $suite does not have all of: $*; its package lists may be old: LDBT_UPDATE=1 fetches them"
		say "unpacking $(wc -w <<<"$packages") packages of Debian $suite into $folder"
		work=$(mktemp -d "$folder.XXXXXX")
		# shellcheck disable=SC2086
		suite_unpack "$suite" "$work" $packages
		mkdir -p "$work"/{dev,proc,tmp,mnt}
		ldconfig -r "$work"
		echo "$stamp $*" >"$work/made"
		chmod 755 "$work"
		rm -rf "$folder"
		mv -T "$work" "$folder"
	fi
	exec 9>&-
}

# tree_run TREE FOLDER COMMAND...: runs a command in the tree, with FOLDER as its /mnt. The mounts are in a namespace of its own,
# so that nothing is left mounted whatever happens.
tree_run() {
	local user=()
	[ "$(id -u)" -eq 0 ] || user+=(--map-root-user)
	unshare --mount "${user[@]}" sh -c '
		set -e
		tree=$1
		mount --bind "$2" "$tree/mnt"
		mount --rbind /dev "$tree/dev"
		mount --rbind /proc "$tree/proc"
		shift 2
		cd /
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C chroot "$tree" "$@"' sh "$@"
}
