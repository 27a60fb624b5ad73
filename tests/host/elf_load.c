// SPDX-License-Identifier: GPL-2.0-only
/* elf_load.c: header, program headers, and the symbol `tohost` if there is a symbol table.
 * Next file: main.c. */
#include "elf_load.h"

#include <elf.h>
#include <stdio.h>

struct image {
	const u8 *bytes;
	size_t len;
	char *err;
};

#define FAIL(img, ...) (snprintf((img)->err, ELF_ERR_BYTES, __VA_ARGS__), -EINVAL)

static bool in_file(const struct image *img, u64 off, u64 bytes)
{
	return off <= img->len && bytes <= img->len - off;
}

static int check_header(const struct image *img, Elf64_Ehdr *eh)
{
	if (img->len < sizeof(*eh))
		return FAIL(img, "file has %zu bytes, an ELF header needs %zu", img->len, sizeof(*eh));
	memcpy(eh, img->bytes, sizeof(*eh));
	if (memcmp(eh->e_ident, ELFMAG, SELFMAG))
		return FAIL(img, "no ELF file: found magic %02x %02x %02x %02x, expected 7f 45 4c 46", eh->e_ident[0],
			    eh->e_ident[1], eh->e_ident[2], eh->e_ident[3]);
	if (eh->e_ident[EI_CLASS] != ELFCLASS64)
		return FAIL(img, "ELF class: found %u, expected 2 (64 bits)", eh->e_ident[EI_CLASS]);
	if (eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return FAIL(img, "ELF byte order: found %u, expected 1 (little endian)", eh->e_ident[EI_DATA]);
	if (eh->e_machine != EM_RISCV)
		return FAIL(img, "ELF machine: found %u, expected %u (RISC-V)", eh->e_machine, EM_RISCV);
	if (eh->e_type != ET_EXEC)
		return FAIL(img, "ELF type: found %u, expected %u (executable, statically linked at fixed addresses)",
			    eh->e_type, ET_EXEC);
	if (eh->e_phentsize != sizeof(Elf64_Phdr))
		return FAIL(img, "program header size: found %u, expected %zu", eh->e_phentsize, sizeof(Elf64_Phdr));
	if (!in_file(img, eh->e_phoff, (u64)eh->e_phnum * sizeof(Elf64_Phdr)))
		return FAIL(img, "truncated: program headers end at %#lx, file at %#zx",
			    eh->e_phoff + (u64)eh->e_phnum * sizeof(Elf64_Phdr), img->len);
	return 0;
}

static int add_segment(const struct image *img, const Elf64_Phdr *ph, u64 ram_addr, u64 ram_bytes, struct elf_file *elf)
{
	struct elf_segment *seg = &elf->segment[elf->nsegments];

	if (elf->nsegments == ELF_SEGMENTS_MAX)
		return FAIL(img, "more than %u segments to load", ELF_SEGMENTS_MAX);
	if (!in_file(img, ph->p_offset, ph->p_filesz))
		return FAIL(img, "truncated: segment at %#lx needs %#lx bytes from offset %#lx, file has %#zx",
			    ph->p_paddr, ph->p_filesz, ph->p_offset, img->len);
	if (ph->p_filesz > ph->p_memsz)
		return FAIL(img, "segment at %#lx: %#lx bytes in the file, but only %#lx in memory", ph->p_paddr,
			    ph->p_filesz, ph->p_memsz);
	if (ph->p_paddr < ram_addr || ph->p_paddr - ram_addr > ram_bytes ||
	    ph->p_memsz > ram_bytes - (ph->p_paddr - ram_addr))
		return FAIL(img, "segment at %#lx of %#lx bytes is outside the RAM [%#lx, %#lx): see --mem",
			    ph->p_paddr, ph->p_memsz, ram_addr, ram_addr + ram_bytes);
	*seg = (struct elf_segment){ ph->p_paddr, ph->p_offset, ph->p_filesz, ph->p_memsz };
	elf->nsegments++;
	return 0;
}

/* A damaged or absent symbol table is no error: it only means that there is no tohost. */
static u64 find_symbol(const struct image *img, const Elf64_Shdr *symtab, const Elf64_Shdr *strtab, const char *name)
{
	u64 i, n = symtab->sh_size / sizeof(Elf64_Sym), len = strlen(name) + 1;
	Elf64_Sym sym;

	if (!in_file(img, symtab->sh_offset, symtab->sh_size) || !in_file(img, strtab->sh_offset, strtab->sh_size))
		return 0;
	for (i = 0; i < n; i++) {
		memcpy(&sym, img->bytes + symtab->sh_offset + i * sizeof(sym), sizeof(sym));
		if (sym.st_name < strtab->sh_size && len <= strtab->sh_size - sym.st_name &&
		    !memcmp(img->bytes + strtab->sh_offset + sym.st_name, name, len))
			return sym.st_value;
	}
	return 0;
}

static u64 find_tohost(const struct image *img, const Elf64_Ehdr *eh)
{
	Elf64_Shdr sh, str;
	u32 i;

	if (eh->e_shentsize != sizeof(sh) || !in_file(img, eh->e_shoff, (u64)eh->e_shnum * sizeof(sh)))
		return 0;
	for (i = 0; i < eh->e_shnum; i++) {
		memcpy(&sh, img->bytes + eh->e_shoff + i * sizeof(sh), sizeof(sh));
		if (sh.sh_type != SHT_SYMTAB || sh.sh_link >= eh->e_shnum)
			continue;
		memcpy(&str, img->bytes + eh->e_shoff + sh.sh_link * sizeof(sh), sizeof(str));
		return find_symbol(img, &sh, &str, "tohost");
	}
	return 0;
}

int elf_parse(const u8 *bytes, size_t len_bytes, u64 ram_addr, u64 ram_bytes, struct elf_file *elf, char *err)
{
	struct image img = { bytes, len_bytes, err };
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	int ret = check_header(&img, &eh);
	u32 i;

	memset(elf, 0, sizeof(*elf));
	for (i = 0; !ret && i < eh.e_phnum; i++) {
		memcpy(&ph, bytes + eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type == PT_LOAD && ph.p_memsz)
			ret = add_segment(&img, &ph, ram_addr, ram_bytes, elf);
	}
	if (ret)
		return ret;
	if (!elf->nsegments)
		return FAIL(&img, "no segment to load");
	if (eh.e_entry & 1 || eh.e_entry - ram_addr >= ram_bytes)
		return FAIL(&img, "entry %#lx is odd or outside the RAM [%#lx, %#lx)", eh.e_entry, ram_addr,
			    ram_addr + ram_bytes);
	elf->entry = eh.e_entry;
	elf->tohost = find_tohost(&img, &eh);
	if (elf->tohost - ram_addr >= ram_bytes || elf->tohost & 7)
		elf->tohost = 0;
	return 0;
}
