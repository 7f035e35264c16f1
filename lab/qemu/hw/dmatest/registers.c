// SPDX-License-Identifier: GPL-2.0-only
/* DMA test engine: registers, reset. */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "dmatest.h"

QEMU_BUILD_BUG_ON(sizeof(struct dmatest_desc) != DMATEST_DESC_BYTES);
QEMU_BUILD_BUG_ON(sizeof(struct dmatest_done) != DMATEST_DONE_BYTES);
QEMU_BUILD_BUG_ON(sizeof(struct dmatest_slot) != DMATEST_SLOT_BYTES);

static uint32_t features(DmaTest *dev)
{
	uint32_t sid;

	return (dev->pasid_bits ? DMATEST_FEATURE_PASID : 0) |
	       (dev->ats ? DMATEST_FEATURE_ATS : 0) |
	       (dev->pri ? DMATEST_FEATURE_PRI : 0) |
	       (dev->stall ? DMATEST_FEATURE_STALL : 0) |
	       (dev->msi ? DMATEST_FEATURE_MSI : 0) |
	       (dev->backend->iommu(dev, &sid) ? DMATEST_FEATURE_IOMMU : 0);
}

static uint32_t limits(DmaTest *dev)
{
	return DMATEST_MAX_RING_LOG2 | dev->pasid_bits << 8 |
	       DMATEST_MAX_BYTES_LOG2 << 16 | 64u << 24;
}

static uint32_t status(DmaTest *dev)
{
	bool idle = !dev->in_flight && (dev->ring_error || dev->head == dev->tail);

	return (idle ? DMATEST_STATUS_IDLE : 0) |
	       (dev->ring_error ? DMATEST_STATUS_RING_ERROR : 0);
}

static uint32_t half(uint64_t value, hwaddr addr)
{
	return addr & 4 ? value >> 32 : value;
}

/* The low half is read first and keeps the high one for the next read. */
static uint32_t read_time(DmaTest *dev, hwaddr addr)
{
	if (!(addr & 4))
		dev->time_latch = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	return half(dev->time_latch, addr);
}

static uint64_t reg_read(void *opaque, hwaddr addr, unsigned int size)
{
	DmaTest *dev = opaque;

	switch (addr) {
	case DMATEST_ID:
		return DMATEST_ID_VALUE;
	case DMATEST_VERSION:
		return DMATEST_VERSION_VALUE;
	case DMATEST_FEATURES:
		return features(dev);
	case DMATEST_LIMITS:
		return limits(dev);
	case DMATEST_CONTROL:
		return dev->control;
	case DMATEST_STATUS:
		return status(dev);
	case DMATEST_IRQ_STATUS:
		return dev->irq_status;
	case DMATEST_IRQ_MASK:
		return dev->irq_mask;
	case DMATEST_RING_BASE ... DMATEST_RING_BASE + 7:
		return half(dev->ring_base, addr);
	case DMATEST_RING_LOG2:
		return dev->ring_log2;
	case DMATEST_IN_FLIGHT:
		return dev->in_flight_max;
	case DMATEST_TAIL:
		return dev->tail;
	case DMATEST_HEAD:
		return dev->head;
	case DMATEST_DONE:
		return dev->done;
	case DMATEST_RING_FAULT:
		return dev->ring_fault;
	case DMATEST_RING_FAULT_ADDR ... DMATEST_RING_FAULT_ADDR + 7:
		return half(dev->ring_fault_addr, addr);
	case DMATEST_PRI_GROUP:
		return dev->pri_group;
	case DMATEST_TIME ... DMATEST_TIME + 7:
		return read_time(dev, addr);
	case DMATEST_COUNT_READS ... DMATEST_COUNT_READS + DMATEST_NUM_COUNTERS * 8 - 1:
		return half(dev->count[(addr - DMATEST_COUNT_READS) / 8], addr);
	default:
		return 0;
	}
}

static void write_control(DmaTest *dev, uint32_t value)
{
	if (value & DMATEST_CONTROL_RESET) {
		dmatest_reset(dev);
		return;
	}
	dev->control = value & (DMATEST_CONTROL_ENABLE | DMATEST_CONTROL_RING_LOCAL);
	dmatest_kick(dev);
}

/* The ring stays as it is as long as descriptors are fetched from it. */
static bool ring_is_busy(DmaTest *dev)
{
	return (dev->control & DMATEST_CONTROL_ENABLE) || dev->in_flight;
}

static void write_ring(DmaTest *dev, hwaddr addr, uint32_t value)
{
	if (ring_is_busy(dev)) {
		qemu_log_mask(LOG_GUEST_ERROR, "dmatest: ring changed while enabled\n");
		return;
	}
	if (addr == DMATEST_RING_LOG2)
		dev->ring_log2 = MIN(value, DMATEST_MAX_RING_LOG2);
	else if (addr & 4)
		dev->ring_base = deposit64(dev->ring_base, 32, 32, value);
	else
		dev->ring_base = deposit64(dev->ring_base, 0, 32,
					   value & ~(DMATEST_SLOT_BYTES - 1u));
}

static void reg_write(void *opaque, hwaddr addr, uint64_t value, unsigned int size)
{
	DmaTest *dev = opaque;

	switch (addr) {
	case DMATEST_CONTROL:
		write_control(dev, value);
		break;
	case DMATEST_IRQ_STATUS:
		dev->irq_status &= ~value;
		dmatest_update_irq(dev);
		break;
	case DMATEST_IRQ_MASK:
		dev->irq_mask = value & (DMATEST_IRQ_DONE | DMATEST_IRQ_IDLE |
					 DMATEST_IRQ_RING_ERROR);
		dmatest_update_irq(dev);
		break;
	case DMATEST_RING_BASE:
	case DMATEST_RING_BASE + 4:
	case DMATEST_RING_LOG2:
		write_ring(dev, addr, value);
		break;
	case DMATEST_IN_FLIGHT:
		dev->in_flight_max = MIN(MAX((uint32_t)value, 1), DMATEST_MAX_IN_FLIGHT);
		dmatest_kick(dev);
		break;
	case DMATEST_PRI_GROUP:
		dev->pri_group = MIN(MAX((uint32_t)value, 1), DMATEST_MAX_PRI_GROUP);
		break;
	case DMATEST_TAIL:
		dev->tail = value;
		dev->sync_bytes = 0;
		dmatest_kick(dev);
		break;
	default:
		qemu_log_mask(LOG_GUEST_ERROR, "dmatest: write to 0x%" HWADDR_PRIx "\n",
			      addr);
	}
}

static const MemoryRegionOps reg_ops = {
	.read = reg_read,
	.write = reg_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 4, .max_access_size = 8 },
	.impl = { .min_access_size = 4, .max_access_size = 4 },
};

/**
 * dmatest_reset() - as after power on; what was in flight is never completed
 */
void dmatest_reset(DmaTest *dev)
{
	/* An operation that writes to this very register is still in use. */
	if (dev->depth) {
		dev->reset_pending = true;
		timer_mod(dev->kick, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
		return;
	}
	dev->reset_pending = false;
	timer_del(dev->kick);
	dmatest_cancel_all(dev);
	dmatest_atc_clear(dev);
	dev->control = 0;
	dev->irq_status = 0;
	dev->irq_mask = 0;
	dev->ring_base = 0;
	dev->ring_log2 = 0;
	dev->in_flight_max = DMATEST_MAX_IN_FLIGHT;
	dev->tail = 0;
	dev->head = 0;
	dev->done = 0;
	dev->ring_error = false;
	dev->ring_fault = 0;
	dev->ring_fault_addr = 0;
	dev->pri_group = 1;
	memset(dev->count, 0, sizeof(dev->count));
	dmatest_update_irq(dev);
}

static void kick_timer(void *opaque)
{
	DmaTest *dev = opaque;

	dev->sync_bytes = 0;
	if (dev->reset_pending)
		dmatest_reset(dev);
	dmatest_kick(dev);
}

/**
 * dmatest_init() - for the realize function of a form
 *
 * Afterwards, @dev->container is to be mapped.
 */
void dmatest_init(DmaTest *dev, DeviceState *owner, const DmaTestBackend *backend)
{
	Object *obj = OBJECT(owner);
	/* RAM needs a name of its own, and platform devices have no bus address. */
	g_autofree char *path = object_get_canonical_path(obj);
	g_autofree char *local = g_strdup_printf("dmatest-local%s", path);

	dev->owner = owner;
	dev->backend = backend;
	dev->in_flight_max = DMATEST_MAX_IN_FLIGHT;
	dev->pri_group = 1;
	QTAILQ_INIT(&dev->pri_queue);
	QTAILQ_INIT(&dev->ops);
	QTAILQ_INIT(&dev->pool);
	dev->kick = timer_new_ns(QEMU_CLOCK_VIRTUAL, kick_timer, dev);
	memory_region_init(&dev->container, obj, "dmatest", DMATEST_BYTES);
	memory_region_init_io(&dev->regs, obj, &reg_ops, dev, "dmatest-registers",
			      DMATEST_REGS_BYTES);
	memory_region_init_ram(&dev->local, obj, local, DMATEST_LOCAL_BYTES,
			       &error_abort);
	dev->local_ptr = memory_region_get_ram_ptr(&dev->local);
	memory_region_add_subregion(&dev->container, 0, &dev->regs);
	memory_region_add_subregion(&dev->container, DMATEST_LOCAL, &dev->local);
}

/**
 * dmatest_exit() - for the unrealize function of a form
 */
void dmatest_exit(DmaTest *dev)
{
	dmatest_cancel_all(dev);
	dmatest_free_pool(dev);
	dmatest_atc_disconnect(dev);
	timer_free(dev->kick);
}
