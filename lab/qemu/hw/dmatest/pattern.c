// SPDX-License-Identifier: GPL-2.0-only
/* DMA test engine: the data of fill, check and compare. */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "dmatest.h"

/**
 * dmatest_pattern() - make a part of an operation's pattern
 * @offset: first byte of it, counted from the start of the operation
 */
void dmatest_pattern(const struct dmatest_desc *desc, uint32_t offset,
		     uint8_t *buf, uint32_t bytes)
{
	uint64_t step = desc->flags & DMATEST_F_COUNT_UP ? 1 : 0;
	uint32_t i = 0;

	while (i < bytes) {
		uint32_t at = offset + i;
		uint64_t word = desc->pattern + at / 8 * step;

		if (at % 8 == 0 && bytes - i >= 8) {
			stq_le_p(buf + i, word);
			i += 8;
		} else {
			buf[i++] = word >> at % 8 * 8;
		}
	}
}

/**
 * dmatest_first_difference() - where do two buffers differ?
 *
 * Returns @bytes if they do not.
 */
uint32_t dmatest_first_difference(const uint8_t *a, const uint8_t *b, uint32_t bytes)
{
	uint32_t i;

	if (!memcmp(a, b, bytes))
		return bytes;
	for (i = 0; a[i] == b[i]; i++)
		;
	return i;
}
