// SPDX-License-Identifier: GPL-2.0-only
/*
 * SMMUv3 model: its own access to memory, for tables and queues.
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/rcu.h"
#include "exec/address-spaces.h"
#include "exec/ram_addr.h"
#include "smmuv3.h"

/*
 * Where an address is in host memory, NULL if it is not memory: tables and queues
 * in device registers would let a guest's mistake loop back into the models.
 */
static void *host_pointer(uint64_t addr, unsigned int size, bool write,
			  MemoryRegion **mr, hwaddr *offset)
{
	hwaddr len = size;

	*mr = address_space_translate(&address_space_memory, addr, offset, &len, write,
				      MEMTXATTRS_UNSPECIFIED);
	if (len < size || !memory_access_is_direct(*mr, write, MEMTXATTRS_UNSPECIFIED))
		return NULL;
	return qemu_map_ram_ptr((*mr)->ram_block, *offset);
}

bool iob_smmu_mem_read(uint64_t addr, void *buf, unsigned int size)
{
	RCU_READ_LOCK_GUARD();
	MemoryRegion *mr;
	hwaddr offset;
	void *p = host_pointer(addr, size, false, &mr, &offset);

	if (!p)
		return false;
	/* One access for a descriptor: CPUs change it meanwhile. */
	if (size == 8 && !(addr & 7)) {
		uint64_t v = qatomic_read__nocheck((uint64_t *)p);

		memcpy(buf, &v, 8);
	} else {
		memcpy(buf, p, size);
	}
	return true;
}

bool iob_smmu_mem_write(uint64_t addr, const void *buf, unsigned int size)
{
	RCU_READ_LOCK_GUARD();
	MemoryRegion *mr;
	hwaddr offset;
	void *p = host_pointer(addr, size, true, &mr, &offset);

	if (!p)
		return false;
	memcpy(p, buf, size);
	memory_region_set_dirty(mr, offset, size);
	return true;
}

bool iob_smmu_mem_cmpxchg(uint64_t addr, uint64_t *old, uint64_t new)
{
	RCU_READ_LOCK_GUARD();
	MemoryRegion *mr;
	hwaddr offset;
	void *p = host_pointer(addr, 8, true, &mr, &offset);

	if (!p || (addr & 7))
		return false;
	*old = qatomic_cmpxchg__nocheck((uint64_t *)p, *old, new);
	memory_region_set_dirty(mr, offset, 8);
	return true;
}
