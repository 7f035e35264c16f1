/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What our IOMMU models offer to the DMA test engine.
 *
 * Ordinary devices (virtio, NVMe, edu) reach memory through QEMU's
 * IOMMUMemoryRegion, which knows neither PASIDs, stalls nor page requests.
 * The engine calls the IOMMU by this interface instead and then accesses
 * address_space_memory at the physical address it was given.
 *
 * All calls are made with the big QEMU lock held. All times are nanoseconds of
 * QEMU_CLOCK_VIRTUAL.
 */
#ifndef IOMMUBENCH_IOMMU_IF_H
#define IOMMUBENCH_IOMMU_IF_H

#include "qom/object.h"
#include "qemu/queue.h"
#include "exec/memory.h"
#include "hw/pci/pci.h"

#define TYPE_IOB_IOMMU "iob-iommu"

typedef struct IobIommu IobIommu;	/* any object that implements it */
typedef struct IobIommuClass IobIommuClass;
DECLARE_CLASS_CHECKERS(IobIommuClass, IOB_IOMMU, TYPE_IOB_IOMMU)
#define IOB_IOMMU(obj) INTERFACE_CHECK(IobIommu, (obj), TYPE_IOB_IOMMU)

/* No substream (PASID) with this transaction. */
#define IOB_NO_SSID	UINT32_MAX

/**
 * enum IobKind - what the device sends (PCIe AT field)
 * @IOB_UNTRANSLATED:	an ordinary access, @iova is an IOVA
 * @IOB_ATS_REQUEST:	an ATS translation request: nothing is accessed, the
 *			permissions come back in @perm
 * @IOB_TRANSLATED:	@iova came from an earlier ATS translation
 */
typedef enum IobKind {
	IOB_UNTRANSLATED,
	IOB_ATS_REQUEST,
	IOB_TRANSLATED,
} IobKind;

/**
 * enum IobResult - how a transaction went
 * @IOB_DONE:		translated; for an ATS request with @perm == 0, the
 *			device may send a page request now
 * @IOB_REFUSED:	aborted, @fault says why (ATS request: UR or CA)
 * @IOB_STALLED:	waits for software; IobTxn.resumed is called with one of
 *			the two others later, and the IobTxn must stay until then
 */
typedef enum IobResult {
	IOB_DONE,
	IOB_REFUSED,
	IOB_STALLED,
} IobResult;

/**
 * enum IobFault - why a transaction was refused, for every IOMMU alike
 *
 * IobTxn.syndrome has the IOMMU's own code next to it (SMMUv3: the event number
 * of IHI 0070 section 7.3; IPMMU: the low bits of IMSTR).
 */
typedef enum IobFault {
	IOB_FAULT_NONE,
	IOB_FAULT_TRANSLATION,	/* no valid descriptor */
	IOB_FAULT_PERMISSION,
	IOB_FAULT_ACCESS,	/* access flag clear */
	IOB_FAULT_ADDR_SIZE,
	IOB_FAULT_CONFIG,	/* stream or context not or badly configured */
	IOB_FAULT_EXTERNAL,	/* tables could not be read */
	IOB_FAULT_DISABLED,	/* the IOMMU is off and aborts */
	IOB_FAULT_TERMINATED,	/* stalled, then ended by software */
	IOB_FAULT_CONFLICT,	/* TLB conflict */
} IobFault;

#define IOB_PERM_R	BIT(0)
#define IOB_PERM_W	BIT(1)
#define IOB_PERM_X	BIT(2)

typedef struct IobTxn IobTxn;

/**
 * struct IobTxn - one transaction on its way through an IOMMU
 * @sid:	stream ID (IPMMU: micro-TLB number)
 * @ssid:	substream ID (PASID), or IOB_NO_SSID
 * @iova:	address that the device uses
 * @size:	bytes; the caller splits at @page_mask, the IOMMU checks only the
 *		page that @iova is in
 * @kind:	see enum IobKind
 * @write:	write access (ATS request: write permission is asked for)
 * @exec:	instruction fetch
 * @priv:	privileged access
 * @resumed:	called once when a stalled transaction ends. For IOB_DONE, @pa and
 *		@page_mask are set. NULL: the device cannot stall, the IOMMU
 *		terminates instead.
 * @opaque:	for @resumed, the device's
 * @pa:		out: physical address of @iova
 * @page_mask:	out: size of the translation less one (block or page)
 * @perm:	out: IOB_PERM_*
 * @cost_ns:	out: virtual time that this translation takes (TLB hit, or the
 *		walk's levels), before its result (also a fault) is known
 * @fault_ns:	out: virtual time of the first fault record, 0 if there is none
 * @stalls:	out: how often it stalled; a retry may do so again
 * @resume_ns:	out: virtual time of the RESUME, 0 if it never stalled
 * @fault:	out: see enum IobFault
 * @syndrome:	out: the IOMMU's own fault code
 * @walk_levels:	out: descriptors that were read, 0 for a TLB hit
 * @stag:	while stalled: the stall tag
 * @next:	while stalled: the IOMMU's list
 */
struct IobTxn {
	uint32_t sid;
	uint32_t ssid;
	uint64_t iova;
	uint32_t size;
	IobKind kind;
	bool write;
	bool exec;
	bool priv;
	void (*resumed)(IobTxn *txn, IobResult result);
	void *opaque;

	uint64_t pa;
	uint64_t page_mask;
	uint32_t perm;
	uint64_t cost_ns;
	int64_t fault_ns;
	int64_t resume_ns;
	IobFault fault;
	uint32_t syndrome;
	uint32_t walk_levels;
	uint32_t stalls;

	uint32_t stag;
	QTAILQ_ENTRY(IobTxn) next;
};

/**
 * struct IobPageRequest - a PCIe Page Request message
 * @sid:	requester's stream ID
 * @ssid:	PASID, or IOB_NO_SSID
 * @iova:	page address
 * @read:	access that is wanted
 * @write:	access that is wanted
 * @exec:	access that is wanted
 * @priv:	access that is wanted
 * @last:	last of its group; only this one is answered
 * @prgi:	page request group index, 9 bits
 */
typedef struct IobPageRequest {
	uint32_t sid;
	uint32_t ssid;
	uint64_t iova;
	bool read;
	bool write;
	bool exec;
	bool priv;
	bool last;
	uint16_t prgi;
} IobPageRequest;

/* PRG response codes, PCIe base specification, PRG Response Message */
#define IOB_PRG_SUCCESS	0x0
#define IOB_PRG_INVALID	0x1
#define IOB_PRG_FAILURE	0xf

/* An ATC that does not answer: the invalidation never completes. */
#define IOB_ATC_TIMEOUT	UINT64_MAX

/**
 * struct IobClientOps - what an IOMMU tells a device that has ATS or PRI
 * @invalidate:		ATS invalidation request. @ssid is IOB_NO_SSID for
 *			"without PASID"; @global: of every PASID; range is
 *			[@iova, @iova + @mask], @mask all ones for everything.
 *			Returns ns until the device answers, or IOB_ATC_TIMEOUT.
 * @page_response:	PRG response, IOB_PRG_*
 */
typedef struct IobClientOps {
	uint64_t (*invalidate)(void *opaque, uint32_t ssid, bool global,
			       uint64_t iova, uint64_t mask);
	void (*page_response)(void *opaque, uint32_t ssid, uint16_t prgi,
			      unsigned int code);
} IobClientOps;

/**
 * struct IobIommuClass - the interface's methods
 * @translate:		see iob_iommu_translate()
 * @cancel:		see iob_iommu_cancel()
 * @page_request:	see iob_iommu_page_request(); NULL: no PRI
 * @set_client:		see iob_iommu_set_client(); NULL: no ATS
 * @address_space:	see iob_iommu_address_space()
 * @set_privileged:	see iob_iommu_set_privileged()
 */
struct IobIommuClass {
	InterfaceClass parent_class;

	IobResult (*translate)(IobIommu *iommu, IobTxn *txn);
	void (*cancel)(IobIommu *iommu, IobTxn *txn);
	bool (*page_request)(IobIommu *iommu, const IobPageRequest *req);
	void (*set_client)(IobIommu *iommu, uint32_t sid,
			   const IobClientOps *ops, void *opaque);
	AddressSpace *(*address_space)(IobIommu *iommu, uint32_t sid);
	void (*set_privileged)(IobIommu *iommu, uint32_t sid);
};

/**
 * iob_iommu_translate() - send one transaction (or ATS request) to the IOMMU
 * @iommu: the IOMMU
 * @txn: its input members set; output members are overwritten
 *
 * Never waits. The result holds at @txn->cost_ns from now on; the device adds
 * that to its own schedule.
 */
IobResult iob_iommu_translate(IobIommu *iommu, IobTxn *txn);

/**
 * iob_iommu_cancel() - forget a stalled transaction, for a device that is reset
 * @iommu: the IOMMU
 * @txn: was answered IOB_STALLED and @txn->resumed was not called yet
 */
void iob_iommu_cancel(IobIommu *iommu, IobTxn *txn);

/**
 * iob_iommu_page_request() - send a page request message
 *
 * Returns false if this IOMMU has no page request queue (then the device sees
 * IOB_PRG_INVALID at once by its own means). Otherwise IobClientOps.page_response
 * is called later for the group's last request, also when the queue overflows.
 */
bool iob_iommu_page_request(IobIommu *iommu, const IobPageRequest *req);

/**
 * iob_iommu_set_client() - register the ATS/PRI side of a device
 * @ops: NULL takes it away
 *
 * Returns false if this IOMMU has no ATS.
 */
bool iob_iommu_set_client(IobIommu *iommu, uint32_t sid,
			  const IobClientOps *ops, void *opaque);

/**
 * iob_iommu_address_space() - the ordinary view of memory for a stream
 *
 * For devices that know nothing of this interface, and for MSI writes.
 */
AddressSpace *iob_iommu_address_space(IobIommu *iommu, uint32_t sid);

/**
 * iob_iommu_set_privileged() - say that what goes through a stream's view of memory is privileged
 *
 * QEMU's own devices do not say what their accesses are, and are taken for unprivileged.
 * The machine calls it for a device that makes privileged ones, before any access.
 */
void iob_iommu_set_privileged(IobIommu *iommu, uint32_t sid);

/**
 * iob_iommu_set_pci() - put an IOMMU in front of a PCI root bus
 *
 * @sid: stream ID of a requester whose ID is 0 under @mask; others follow it
 * @mask: what of a requester's ID counts, iommu-map-mask of the device tree
 *
 * Sets the bus's ordinary IOMMU operations, too. The machine calls it once for a bus.
 */
void iob_iommu_set_pci(IobIommu *iommu, PCIBus *root, uint32_t sid, uint16_t mask);

/**
 * iob_iommu_of_pci() - the IOMMU in front of a PCI device
 * @sid: set to the device's stream ID; call it when the bus number is known
 *	(at the time of a transaction), not at realize
 *
 * Returns NULL if there is none: then the device accesses memory directly.
 */
IobIommu *iob_iommu_of_pci(PCIDevice *dev, uint32_t *sid);

#endif
