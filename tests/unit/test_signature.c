// SPDX-License-Identifier: GPL-2.0-only
/*
 * What libblkid finds on a disk, with files in place of disks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/lines.h"
#include "users/signature.h"

#include <cmocka.h>

#define BYTES	(64 << 20)

static int disk;

static int set_up(void **state)
{
	disk = memfd_create("disk", MFD_CLOEXEC);
	return disk < 0 || ftruncate(disk, BYTES);
}

static int tear_down(void **state)
{
	return close(disk);
}

static void put(off_t at, const void *data, size_t n)
{
	assert_int_equal(pwrite(disk, data, n, at), n);
}

/* The first of either list, or NULL for none. */
static void finds(const char *part, const char *system)
{
	struct lines parts = { 0 }, systems = { 0 };

	signature_read(disk, &parts, &systems);
	assert_int_equal(parts.n, part ? 1 : 0);
	assert_int_equal(systems.n, system ? 1 : 0);
	if (part)
		assert_string_equal(parts.line[0], part);
	if (system)
		assert_string_equal(systems.line[0], system);
	lines_free(&parts);
	lines_free(&systems);
}

static void nothing(void **state)
{
	uint8_t noise[4096];
	size_t i;

	finds(NULL, NULL);
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * 37 + 11);
	put(0, noise, sizeof(noise));
	put(BYTES - sizeof(noise), noise, sizeof(noise));
	finds(NULL, NULL);
}

static void table_only(void **state)
{
	static const uint8_t entry[16] = { [4] = 0x83, [9] = 8, [13] = 0x80 };

	put(446, entry, sizeof(entry));
	put(510, "\x55\xaa", 2);
	finds(NULL, NULL);
}

static void swap_space(void **state)
{
	static const uint32_t header[3] = { 1, BYTES / 4096 - 1, 0 };

	put(1024, header, sizeof(header));
	put(4096 - 10, "SWAPSPACE2", 10);
	finds("swap space", NULL);
}

static void luks(void **state)
{
	put(0, "LUKS\xba\xbe\0\1", 8);
	finds("a LUKS volume", NULL);
}

/* The two uberblocks that libblkid asks for, at the least. */
static void zfs(void **state)
{
	uint64_t magic = 0x00bab10c;
	off_t at;

	for (at = 128 << 10; at < 256 << 10; at += 1 << 10)
		put(at, &magic, sizeof(magic));
	finds("a part of a ZFS pool", NULL);
}

static void file_system(void **state)
{
	uint8_t super[1024] = { 0 };

	/* 16384 blocks of 4 KiB in one group; magic, state, revision 0. */
	super[4] = 0;
	super[5] = 0x40;
	super[24] = 2;
	super[33] = 0x80;
	super[56] = 0x53;
	super[57] = 0xef;
	put(1024, super, sizeof(super));
	finds(NULL, "ext2");
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(nothing),
		ON_DISK(table_only),
		ON_DISK(swap_space),
		ON_DISK(luks),
		ON_DISK(zfs),
		ON_DISK(file_system),
	};

	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
