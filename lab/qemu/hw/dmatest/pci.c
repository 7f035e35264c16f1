// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA test engine, PCI form: a PCIe endpoint with MSI-X, PASID, ATS and PRI, which
 * stock pci_enable_pasid(), pci_enable_ats() and pci_enable_pri() can switch on.
 *
 * ATS is used by an operation that asks for it (DMATEST_F_ATS) while it is enabled
 * in configuration space. Behind an SMMUv3, Linux wants "ats-supported" in the
 * node of the host bridge.
 *
 * Sources: PCI Express base specification 4.0, 6.20 (PASID, end-to-end prefixes),
 * 10.5 (ATS and PRI capabilities).
 */
#include "qemu/osdep.h"
#include "hw/pci/msix.h"
#include "hw/pci/pci_device.h"
#include "hw/pci/pcie.h"
#include "hw/qdev-properties.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "dmatest.h"

OBJECT_DECLARE_SIMPLE_TYPE(DmaTestPci, DMATEST_PCI)

#define MSIX_BAR		2
#define PCIE_CAP		0x80
/* There whatever is switched off, because the list of these starts at 0x100. */
#define SERIAL_CAP		0x100
#define ATS_CAP			0x110
#define PRI_CAP			0x120
#define PASID_CAP		0x140
#define PRI_MAX_REQUESTS	512

/**
 * struct DmaTestPci - a PCI engine
 * @msix:	property "msix"
 * @plain:	property "plain": reach memory as any PCI device of QEMU, without
 *		PASIDs, ATS, kinds and times of faults
 * @level:	interrupt level that was sent last
 * @iommu:	what is in front of the device, as long as @iommu_known
 * @sid:	its stream ID there
 * @iommu_known: from bus mastering, so after buses were numbered, to the next
 *		write to configuration space
 */
struct DmaTestPci {
	PCIDevice parent;

	DmaTest dma;
	bool msix;
	bool plain;
	bool level;
	IobIommu *iommu;
	uint32_t sid;
	bool iommu_known;
};

static DmaTestPci *of_dma(DmaTest *dev)
{
	return container_of(dev, DmaTestPci, dma);
}

/* Bus mastering is part of it. */
static AddressSpace *pci_as(DmaTest *dev)
{
	return pci_get_address_space(&of_dma(dev)->parent);
}

static void pci_set_level(DmaTest *dev, bool level)
{
	DmaTestPci *s = of_dma(dev);
	PCIDevice *pci = &s->parent;
	bool rising = level && !s->level;

	s->level = level;
	if (s->msix && msix_enabled(pci)) {
		if (rising)
			msix_notify(pci, 0);
		return;
	}
	pci_set_irq(pci, level);
}

static bool pci_may_master(DmaTest *dev)
{
	return pci_get_word(of_dma(dev)->parent.config + PCI_COMMAND) &
	       PCI_COMMAND_MASTER;
}

static IobIommu *pci_iommu(DmaTest *dev, uint32_t *sid)
{
	DmaTestPci *s = of_dma(dev);

	if (!s->iommu_known) {
		s->iommu = s->plain ? NULL : iob_iommu_of_pci(&s->parent, &s->sid);
		s->iommu_known = pci_may_master(dev);
	}
	*sid = s->sid;
	return s->iommu;
}

static uint16_t *cap_word(DmaTest *dev, unsigned int offset)
{
	return (uint16_t *)(of_dma(dev)->parent.config + offset);
}

static bool pci_pasid_on(DmaTest *dev)
{
	return dev->pasid_bits &&
	       (lduw_le_p(cap_word(dev, PASID_CAP + PCI_PASID_CTRL)) &
		PCI_PASID_CTRL_ENABLE);
}

static bool pci_ats_on(DmaTest *dev)
{
	return dev->ats &&
	       (lduw_le_p(cap_word(dev, ATS_CAP + PCI_ATS_CTRL)) & PCI_ATS_CTRL_ENABLE);
}

static bool pci_pri_on(DmaTest *dev)
{
	return dev->pri && pci_ats_on(dev) &&
	       (lduw_le_p(cap_word(dev, PRI_CAP + PCI_PRI_CTRL)) & PCI_PRI_CTRL_ENABLE);
}

static uint32_t pci_pri_limit(DmaTest *dev)
{
	uint32_t given = pci_get_long(of_dma(dev)->parent.config + PRI_CAP +
				      PCI_PRI_ALLOC_REQ);

	return MIN(given, PRI_MAX_REQUESTS);
}

/*
 * "Response failure": the interface is disabled until it is enabled again. "Stopped":
 * it is disabled, and nothing is outstanding.
 */
static void pci_pri_changed(DmaTest *dev, bool failed, bool unexpected)
{
	uint16_t *ctrl = cap_word(dev, PRI_CAP + PCI_PRI_CTRL);
	uint16_t *status = cap_word(dev, PRI_CAP + PCI_PRI_STATUS);
	uint16_t value;

	if (!dev->pri)
		return;
	if (failed)
		stw_le_p(ctrl, lduw_le_p(ctrl) & ~PCI_PRI_CTRL_ENABLE);
	value = lduw_le_p(status) & ~PCI_PRI_STATUS_STOPPED;
	if (failed)
		value |= PCI_PRI_STATUS_RF;
	if (unexpected)
		value |= PCI_PRI_STATUS_UPRGI;
	if (!(lduw_le_p(ctrl) & PCI_PRI_CTRL_ENABLE) && !dev->page_requests)
		value |= PCI_PRI_STATUS_STOPPED;
	stw_le_p(status, value);
}

static const DmaTestBackend pci_backend = {
	.iommu = pci_iommu,
	.as = pci_as,
	.set_irq = pci_set_level,
	.may_master = pci_may_master,
	.pasid_on = pci_pasid_on,
	.ats_on = pci_ats_on,
	.pri_on = pci_pri_on,
	.pri_limit = pci_pri_limit,
	.pri_changed = pci_pri_changed,
};

static void add_pri(PCIDevice *pci, bool prg_pasid)
{
	pcie_add_capability(pci, PCI_EXT_CAP_ID_PRI, 1, PRI_CAP, PCI_EXT_CAP_PRI_SIZEOF);
	pci_set_word(pci->config + PRI_CAP + PCI_PRI_STATUS,
		     PCI_PRI_STATUS_STOPPED | (prg_pasid ? PCI_PRI_STATUS_PASID : 0));
	pci_set_long(pci->config + PRI_CAP + PCI_PRI_MAX_REQ, PRI_MAX_REQUESTS);
	pci_set_word(pci->wmask + PRI_CAP + PCI_PRI_CTRL,
		     PCI_PRI_CTRL_ENABLE | PCI_PRI_CTRL_RESET);
	pci_set_word(pci->w1cmask + PRI_CAP + PCI_PRI_STATUS,
		     PCI_PRI_STATUS_RF | PCI_PRI_STATUS_UPRGI);
	pci_set_long(pci->wmask + PRI_CAP + PCI_PRI_ALLOC_REQ, UINT32_MAX);
}

static void add_pasid(PCIDevice *pci, uint32_t bits)
{
	pcie_add_capability(pci, PCI_EXT_CAP_ID_PASID, 1, PASID_CAP,
			    PCI_EXT_CAP_PASID_SIZEOF);
	pci_set_word(pci->config + PASID_CAP + PCI_PASID_CAP,
		     PCI_PASID_CAP_PRIV | bits << 8);
	pci_set_word(pci->wmask + PASID_CAP + PCI_PASID_CTRL,
		     PCI_PASID_CTRL_ENABLE | PCI_PASID_CTRL_PRIV);
	/* PASIDs travel as end-to-end prefixes. */
	pci_long_test_and_set_mask(pci->config + PCIE_CAP + PCI_EXP_DEVCAP2,
				   PCI_EXP_DEVCAP2_EE_PREFIX | 1 << 22);
}

static bool check_properties(DmaTestPci *s, Error **errp)
{
	if (s->dma.pasid_bits > 20)
		error_setg(errp, "dmatest: pasid-bits=%u, expected 0 to 20",
			   s->dma.pasid_bits);
	else if (s->dma.pri && !s->dma.ats)
		error_setg(errp, "dmatest: pri=on needs ats=on");
	else if (s->dma.atc_entries > 65536)
		error_setg(errp, "dmatest: atc-entries=%u, expected 0 to 65536",
			   s->dma.atc_entries);
	else
		return true;
	return false;
}

static void pci_form_realize(PCIDevice *pci, Error **errp)
{
	DmaTestPci *s = DMATEST_PCI(pci);

	if (!check_properties(s, errp))
		return;
	if (pcie_endpoint_cap_init(pci, PCIE_CAP) < 0) {
		error_setg(errp, "dmatest: no room for the PCI Express capability");
		return;
	}
	pcie_dev_ser_num_init(pci, SERIAL_CAP, DMATEST_ID_VALUE);
	if (s->dma.ats)
		pcie_ats_init(pci, ATS_CAP, true);
	if (s->dma.pri)
		add_pri(pci, s->dma.prg_pasid);
	if (s->dma.pasid_bits)
		add_pasid(pci, s->dma.pasid_bits);
	if (s->msix && msix_init_exclusive_bar(pci, 1, MSIX_BAR, errp))
		return;
	if (s->msix)
		msix_vector_use(pci, 0);
	s->dma.msi = s->msix;
	pci_config_set_interrupt_pin(pci->config, 1);
	dmatest_init(&s->dma, DEVICE(pci), &pci_backend);
	pci_register_bar(pci, DMATEST_PCI_BAR, PCI_BASE_ADDRESS_MEM_TYPE_64,
			 &s->dma.container);
}

static void pci_form_exit(PCIDevice *pci)
{
	DmaTestPci *s = DMATEST_PCI(pci);

	dmatest_exit(&s->dma);
	if (s->msix)
		msix_uninit_exclusive_bar(pci);
	pcie_cap_exit(pci);
}

/* Disabled and enabled ATS: an empty cache either way. */
static void follow_ats(DmaTestPci *s, bool was_on)
{
	bool on = pci_ats_on(&s->dma);

	if (on && !was_on)
		dmatest_atc_connect(&s->dma);
	else if (!on && was_on)
		dmatest_atc_disconnect(&s->dma);
}

/* The reset bit counts while the interface is disabled only. */
static void follow_pri(DmaTestPci *s)
{
	uint16_t *ctrl = cap_word(&s->dma, PRI_CAP + PCI_PRI_CTRL);
	uint16_t value;

	if (!s->dma.pri)
		return;
	value = lduw_le_p(ctrl);
	stw_le_p(ctrl, value & ~PCI_PRI_CTRL_RESET);
	if (value == PCI_PRI_CTRL_RESET)
		dmatest_pri_reset(&s->dma);
	else
		dmatest_pri_wake(&s->dma);
	pci_pri_changed(&s->dma, false, false);
}

static void pci_form_write_config(PCIDevice *pci, uint32_t addr, uint32_t value, int len)
{
	DmaTestPci *s = DMATEST_PCI(pci);
	bool was_on = pci_ats_on(&s->dma);

	pci_default_write_config(pci, addr, value, len);
	s->iommu_known = false;
	follow_ats(s, was_on);
	follow_pri(s);
}

static void reset_caps(DmaTestPci *s)
{
	PCIDevice *pci = &s->parent;

	if (s->dma.ats)
		pci_set_word(pci->config + ATS_CAP + PCI_ATS_CTRL, 0);
	if (s->dma.pri)
		pci_set_word(pci->config + PRI_CAP + PCI_PRI_CTRL, 0);
	if (s->dma.pri)
		pci_set_long(pci->config + PRI_CAP + PCI_PRI_ALLOC_REQ, 0);
	if (s->dma.pasid_bits)
		pci_set_word(pci->config + PASID_CAP + PCI_PASID_CTRL, 0);
	dmatest_atc_disconnect(&s->dma);
	follow_pri(s);
}

static void pci_form_reset(DeviceState *d)
{
	DmaTestPci *s = DMATEST_PCI(d);

	dmatest_reset(&s->dma);
	reset_caps(s);
	s->level = false;
	s->iommu_known = false;
}

static const Property pci_properties[] = {
	DMATEST_PROPERTIES(DmaTestPci, dma),
	DEFINE_PROP_BOOL("msix", DmaTestPci, msix, true),
	DEFINE_PROP_BOOL("plain", DmaTestPci, plain, false),
	DEFINE_PROP_UINT32("pasid-bits", DmaTestPci, dma.pasid_bits, 16),
	DEFINE_PROP_BOOL("ats", DmaTestPci, dma.ats, true),
	DEFINE_PROP_BOOL("pri", DmaTestPci, dma.pri, true),
	DEFINE_PROP_BOOL("prg-pasid", DmaTestPci, dma.prg_pasid, true),
	DEFINE_PROP_UINT32("atc-entries", DmaTestPci, dma.atc_entries, 64),
	DEFINE_PROP_BOOL("atc-ignore-inv", DmaTestPci, dma.atc_ignore_inv, false),
	DEFINE_PROP_BOOL("atc-no-answer", DmaTestPci, dma.atc_no_answer, false),
	DEFINE_PROP_UINT64("lat-atc-hit-ns", DmaTestPci, dma.lat_atc_hit, 0),
	DEFINE_PROP_UINT64("lat-atc-inv-ns", DmaTestPci, dma.lat_atc_inv, 0),
	DEFINE_PROP_UINT64("lat-page-request-ns", DmaTestPci, dma.lat_page_request, 0),
};

static void pci_form_class_init(ObjectClass *klass, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	PCIDeviceClass *k = PCI_DEVICE_CLASS(klass);

	dc->desc = "iommubench DMA test engine";
	device_class_set_legacy_reset(dc, pci_form_reset);
	device_class_set_props(dc, pci_properties);
	k->realize = pci_form_realize;
	k->exit = pci_form_exit;
	k->config_write = pci_form_write_config;
	k->vendor_id = DMATEST_PCI_VENDOR;
	k->device_id = DMATEST_PCI_DEVICE;
	k->revision = 1;
	k->class_id = PCI_CLASS_OTHERS;
}

static const TypeInfo pci_info = {
	.name = TYPE_DMATEST_PCI,
	.parent = TYPE_PCI_DEVICE,
	.instance_size = sizeof(DmaTestPci),
	.class_init = pci_form_class_init,
	.interfaces = (InterfaceInfo[]) {
		{ INTERFACE_PCIE_DEVICE },
		{ }
	},
};

static void pci_register(void)
{
	type_register_static(&pci_info);
}

type_init(pci_register)
