/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DMA engines: what makes a device read and write through the IOMMU on request,
 * so that correctness can be checked and not only assumed.
 */
#ifndef IOMMUBENCH_ENGINE_TYPES_H
#define IOMMUBENCH_ENGINE_TYPES_H

#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "iommu/iova.h"

struct bench_engine;
struct bench_soft_watch;
struct device;
struct iommu_domain;
struct module;

/* What a probe and a watch read: one aligned word. */
#define BENCH_PROBE_BYTES	8
/* The bus of devices that stand for a channel of dmaengine, and how their names begin. */
#define BENCH_CLIENT_BUS	"iommubench"
#define BENCH_DMAENGINE_PREFIX	"dmaengine:"
/* In place of a PASID: an access without one. */
#define BENCH_NO_PASID		(-1)

/**
 * struct bench_watch - how a watch ended
 * @accesses: accesses that succeeded
 * @last_ns: when the last of them was made, by the engine's clock; 0 when none was
 * @refused_ns: when the access after it was refused, by the engine's clock
 * @other: it was not refused but found something else
 */
struct bench_watch {
	u64 accesses;
	u64 last_ns;
	u64 refused_ns;
	bool other;
};

/**
 * struct bench_access - one access to be made, which may fault
 * @addr: device address, a multiple of BENCH_PROBE_BYTES
 * @pasid: to access with, or BENCH_NO_PASID
 * @write: write BENCH_PROBE_BYTES, otherwise read them
 * @value: what is written, again and again
 * @pages: with page requests: number of pages from @addr on that are asked for in one
 *	group; more than one are written in whole, or read in whole and compared with
 *	@value, and what was read is not told
 */
struct bench_access {
	u64 addr;
	int pasid;
	bool write;
	u64 value;
	u32 pages;
};

/**
 * struct bench_access_done - how an access ended
 * @refused: it was refused
 * @faults: how often the IOMMU reported a fault of it
 * @value: what was read
 * @issued_ns: when it started, by the engine's clock as all that follow
 * @fault_ns: when its first fault was reported, 0 for none
 * @resumed_ns: when the answer to its last fault arrived, 0 for none
 * @done_ns: when it was over
 */
struct bench_access_done {
	bool refused;
	u32 faults;
	u64 value;
	u64 issued_ns;
	u64 fault_ns;
	u64 resumed_ns;
	u64 done_ns;
};

/**
 * struct bench_engine_pages - memory that an engine itself works with, such as its queues
 * @cpu: where the CPU finds it, NULL when there is none
 * @range: where the device finds it, in its default domain and in a run's own one alike
 * @phys: physical address of each page, NULL when nothing translates by default
 * @home: the device's default domain, NULL when nothing translates
 * @domain: the run's own domain that it is mapped in as well, NULL without one
 */
struct bench_engine_pages {
	void *cpu;
	struct bench_iova_range range;
	phys_addr_t *phys;
	struct iommu_domain *home;
	struct iommu_domain *domain;
};

/**
 * struct bench_engine_ops - one kind of DMA engine
 * @name: as the tool's --engine knows it
 * @by_data: it does not say for certain that an access was refused, so that this is told by
 *	what came to the other side; its probes and watches need a mark
 * @pasids: its accesses can have a PASID
 * @maps: it makes DMA mappings of its own, so it is none where user space has the device's DMA
 * @match: does this driver know @dev? NULL matches nothing by itself
 * @probe: take the hardware; sets @dma_bits, @max_bytes and @priv of the engine, and @dev and
 *	@hosted where another device than the bound one does the DMA.
 *	May sleep. Return: 0 or a negative errno, with everything given back and, if
 *	that is not known of any driver, a line in the kernel's log
 * @remove: stop all transfers and give the hardware back. May sleep
 * @copy: read @bytes at the device address @src and write them to @dst; @bytes
 *	is at most @max_bytes and a multiple of 4. Sleeps until the engine has
 *	finished, so that no access of it is left behind. One call at a time: the
 *	caller holds the engine's lock. Return: 0 when the engine went through
 *	its motions, -EFAULT when it reports that an access was refused,
 *	-ETIMEDOUT when it did not finish. An engine that cannot tell a refused
 *	access returns 0, so callers judge by the data. NULL when the engine does not
 *	take data from one place to another
 * @fill: without @copy: write @max_bytes at the device address @iova, a multiple of them; what
 *	should be there then is at @filled of the engine, until the next call. NULL when the
 *	engine cannot. Called and waits as @copy does. Return: 0 when the engine went through
 *	its motions, whether or not it was refused; a negative errno when it does not work
 * @read_probe: read BENCH_PROBE_BYTES at the device address @iova, with @pasid
 *	unless that is BENCH_NO_PASID, and tell for certain whether the access was
 *	refused, and unless @mark is 0 whether it found that there, as far as @mark_mask of the
 *	engine goes; @latency_ns
 *	receives the time that it took by the engine's own clock, 0 without one.
 *	A refused access does not wait for a fault handler.
 *	NULL when the engine cannot tell. Called and waits as @copy does. Return: 0,
 *	-EFAULT when it was refused, -EBADMSG when it read something else, -ETIMEDOUT, -EBUSY
 *	when there is no room beside accesses that are under way
 * @clock: the engine's clock now, in nanoseconds. NULL when it has none that can
 *	be read. Any context
 * @watch_start: start to read at @iova again and again, every @interval_ns (0: as
 *	the engine likes) until an access is refused, or unless @mark is 0 finds
 *	something else; otherwise as @read_probe. Does
 *	not wait. An engine that can has a @clock. NULL when the engine cannot: if it has a
 *	@read_probe, a thread of the kernel's then starts one after the other (soft_watch.c)
 *	Return: 0 or a negative errno
 * @watch_count: returns how often the watch under way has succeeded so far.
 *	Does not sleep
 * @watch_end: wait until an access was refused or found something else, and sleep
 *	meanwhile. Return: 0 with all of @watch set; -ETIMEDOUT when none was in @limit_ns from
 *	the call on, or bench_engine_hurried() before that; then the watch was stopped, no access
 *	comes any more, and only @watch->accesses is set
 * @access_prepare: from now on accesses may fault and wait for the answer, with @pasids in
 *	the address spaces that the device is bound to. By stalls, or with @page_requests by
 *	those of PCI. Sets @wakes of the engine. NULL when the engine cannot. Called as
 *	@copy. Return: 0, or -EOPNOTSUPP when this device lacks what that takes
 * @access_start: start an access. Does not wait; many may be under way. The caller
 *	holds the engine's lock. Return: its number, for @access_poll; -EAGAIN when
 *	too many are under way
 * @access_ended: has an access ended? Its number stays taken. Called as @access_poll
 * @access_poll: has an access ended? Does not sleep; no lock is needed, by the one
 *	who started it. Return: whether; then @done is set and its number is free
 * @access_reset: stop the engine: no access that is under way comes to an end, or
 *	to memory, any more. The caller holds the engine's lock
 * @access_finish: undo @access_prepare, with no access under way. Called as @copy
 */
struct bench_engine_ops {
	const char *name;
	bool by_data;
	bool pasids;
	bool maps;
	bool (*match)(struct device *dev);
	int (*probe)(struct bench_engine *engine);
	void (*remove)(struct bench_engine *engine);
	int (*copy)(struct bench_engine *engine, u64 dst, u64 src, size_t bytes);
	int (*fill)(struct bench_engine *engine, u64 iova);
	int (*read_probe)(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			  u64 *latency_ns);
	u64 (*clock)(struct bench_engine *engine);
	int (*watch_start)(struct bench_engine *engine, u64 iova, int pasid, u64 mark,
			   u32 interval_ns);
	u64 (*watch_count)(struct bench_engine *engine);
	int (*watch_end)(struct bench_engine *engine, u64 limit_ns, struct bench_watch *watch);
	int (*access_prepare)(struct bench_engine *engine, bool page_requests, bool pasids);
	int (*access_start)(struct bench_engine *engine, const struct bench_access *access);
	bool (*access_ended)(struct bench_engine *engine, unsigned int number);
	bool (*access_poll)(struct bench_engine *engine, unsigned int number,
			    struct bench_access_done *done);
	void (*access_reset)(struct bench_engine *engine);
	void (*access_finish)(struct bench_engine *engine);
};

/**
 * struct bench_engine_set - engines of one module
 * @engines: the kinds, NULL behind the last one
 * @owner: the module that has their code and stays while one of them is in use; NULL for the
 *	one that has the table
 * @node: among the sets
 */
struct bench_engine_set {
	const struct bench_engine_ops *const *engines;
	struct module *owner;
	struct list_head node;
};

/**
 * struct bench_engine - the engine of one bound device
 * @ops: its driver, never NULL after bench_engine_probe()
 * @owner: the module that has @ops, a reference is held; NULL for our own
 * @dev: the device that does the DMA: the bound one, unless its driver names another
 * @hosted: @dev stays with its own driver, and its group in the domain that this driver uses
 * @lock: serialises use
 * @closing: the device is being given back: no process waits for the engine any longer
 * @faulting: accesses may be under way that fault, from &bench_engine_ops.access_prepare to
 *	&bench_engine_ops.access_finish; guarded by @lock. A watch would end them with itself
 * @resets: times that the engine was stopped, and what was under way lost; read without @lock
 * @dma_bits: address bits that the engine drives
 * @max_bytes: most bytes that one copy moves, or all that a fill writes; 0 without an engine
 * @mark_mask: bits of a mark that a probe looks at
 * @filled: what a fill has written
 * @probe_ns: nanoseconds that one probe takes from start to end, where the CPU waits for each of
 *	a watch; 0 where the engine repeats them by itself
 * @pages: memory of its own
 * @soft: watches by the CPU, NULL where the engine has its own or cannot read
 * @wakes: @wait is woken when an access has ended; otherwise one has to look
 * @wait: for who waits for the end of an access
 * @priv: the driver's own
 */
struct bench_engine {
	const struct bench_engine_ops *ops;
	struct module *owner;
	struct device *dev;
	bool hosted;
	struct mutex lock;
	bool closing;
	bool faulting;
	unsigned int resets;
	unsigned int dma_bits;
	size_t max_bytes;
	u64 mark_mask;
	const void *filled;
	u64 probe_ns;
	struct bench_engine_pages pages;
	struct bench_soft_watch *soft;
	bool wakes;
	wait_queue_head_t wait;
	void *priv;
};

/**
 * bench_engine_answered() - does an engine's error tell of the access and not of the engine?
 * @err: from a probe, or from a watch that ended
 */
static inline bool bench_engine_answered(int err)
{
	return !err || err == -EFAULT || err == -EBADMSG;
}

/**
 * bench_engine_hurried() - must who waits for an engine give up?
 * @engine: the engine
 *
 * Context: who waits. A thread of a run never must: the run is ended by itself, and what it
 * looks at is not cut short.
 * Return: whether it is a process that was killed or whose device is being given back.
 */
static inline bool bench_engine_hurried(const struct bench_engine *engine)
{
	return !(current->flags & PF_KTHREAD) &&
	       (READ_ONCE(engine->closing) || fatal_signal_pending(current));
}

/* The engines that there are, for the table of engine.c. Those of other modules are registered. */
extern const struct bench_engine_ops bench_engine_dmaengine;
extern const struct bench_engine_ops bench_engine_nvme;
extern const struct bench_engine_ops bench_engine_igb;

#endif /* IOMMUBENCH_ENGINE_TYPES_H */
