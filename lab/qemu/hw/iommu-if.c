// SPDX-License-Identifier: GPL-2.0-only
/* The interface between IOMMU models and the DMA test engine. */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pci_device.h"
#include "iommu-if.h"

/**
 * struct PciFront - an IOMMU in front of a PCI root bus
 * @iommu:	the IOMMU
 * @root:	the bus
 * @sid:	stream ID of a requester whose ID is 0 under @mask
 * @mask:	what of a requester's ID counts
 * @next:	the one that was made before
 */
typedef struct PciFront {
	IobIommu *iommu;
	PCIBus *root;
	uint32_t sid;
	uint16_t mask;
	struct PciFront *next;
} PciFront;

static PciFront *pci_fronts;

/*
 * Looking an interface up by its name takes longer than a translation, so the
 * last one is kept. All callers hold the big QEMU lock.
 */
static IobIommuClass *class_of(IobIommu *iommu)
{
	static ObjectClass *last;
	static IobIommuClass *last_class;
	ObjectClass *k = object_get_class(OBJECT(iommu));

	if (k != last) {
		last_class = IOB_IOMMU_GET_CLASS(iommu);
		last = k;
	}
	return last_class;
}

IobResult iob_iommu_translate(IobIommu *iommu, IobTxn *txn)
{
	txn->pa = 0;
	txn->page_mask = 0;
	txn->perm = 0;
	txn->cost_ns = 0;
	txn->fault_ns = 0;
	txn->resume_ns = 0;
	txn->fault = IOB_FAULT_NONE;
	txn->syndrome = 0;
	txn->walk_levels = 0;
	txn->stalls = 0;
	return class_of(iommu)->translate(iommu, txn);
}

void iob_iommu_cancel(IobIommu *iommu, IobTxn *txn)
{
	IobIommuClass *k = IOB_IOMMU_GET_CLASS(iommu);

	if (k->cancel)
		k->cancel(iommu, txn);
}

bool iob_iommu_page_request(IobIommu *iommu, const IobPageRequest *req)
{
	IobIommuClass *k = IOB_IOMMU_GET_CLASS(iommu);

	return k->page_request && k->page_request(iommu, req);
}

bool iob_iommu_set_client(IobIommu *iommu, uint32_t sid,
			  const IobClientOps *ops, void *opaque)
{
	IobIommuClass *k = IOB_IOMMU_GET_CLASS(iommu);

	if (!k->set_client)
		return false;
	k->set_client(iommu, sid, ops, opaque);
	return true;
}

AddressSpace *iob_iommu_address_space(IobIommu *iommu, uint32_t sid)
{
	return IOB_IOMMU_GET_CLASS(iommu)->address_space(iommu, sid);
}

void iob_iommu_set_privileged(IobIommu *iommu, uint32_t sid)
{
	IOB_IOMMU_GET_CLASS(iommu)->set_privileged(iommu, sid);
}

static uint32_t pci_sid(const PciFront *f, uint16_t requester_id)
{
	return f->sid + (requester_id & f->mask);
}

/*
 * QEMU may ask before the guest has numbered its buses. So what the machine offers is
 * devices directly on a root bus (number 0 for good), and bridges where the mask leaves
 * out the number of the bus.
 */
static AddressSpace *iob_pci_address_space(PCIBus *bus, void *opaque, int devfn)
{
	PciFront *f = opaque;
	uint16_t rid = PCI_BUILD_BDF(pci_bus_num(bus), devfn);

	return iob_iommu_address_space(f->iommu, pci_sid(f, rid));
}

static const PCIIOMMUOps pci_ops = {
	.get_address_space = iob_pci_address_space,
};

void iob_iommu_set_pci(IobIommu *iommu, PCIBus *root, uint32_t sid, uint16_t mask)
{
	PciFront *f = g_new(PciFront, 1);

	*f = (PciFront) {
		.iommu = iommu, .root = root, .sid = sid, .mask = mask, .next = pci_fronts,
	};
	pci_fronts = f;
	pci_setup_iommu(root, &pci_ops, f);
}

IobIommu *iob_iommu_of_pci(PCIDevice *dev, uint32_t *sid)
{
	PCIBus *root = pci_device_root_bus(dev);

	for (const PciFront *f = pci_fronts; f; f = f->next) {
		if (f->root == root) {
			*sid = pci_sid(f, pci_requester_id(dev));
			return f->iommu;
		}
	}
	return NULL;
}

static const TypeInfo iob_iommu_info = {
	.name = TYPE_IOB_IOMMU,
	.parent = TYPE_INTERFACE,
	.class_size = sizeof(IobIommuClass),
};

static void iob_iommu_register(void)
{
	type_register_static(&iob_iommu_info);
}

type_init(iob_iommu_register)
