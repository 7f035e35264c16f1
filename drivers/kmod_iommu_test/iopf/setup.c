// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before and after a run of faults: address spaces are bound, the engine is made
 * ready to wait for pages, probes are put in.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "clock.h"
#include "device.h"
#include "iommu/group.h"
#include "iopf/internal.h"
#include "memory/need.h"

#define IOPF_FLAGS	(IOMMUBENCH_IOPF_WRITE | IOMMUBENCH_IOPF_PROBES |		\
			 IOMMUBENCH_IOPF_MUST_SUCCEED | IOMMUBENCH_IOPF_MUST_FAIL |	\
			 IOMMUBENCH_IOPF_DATA | IOMMUBENCH_IOPF_IOMMUFD |		\
			 IOMMUBENCH_IOPF_OWN_DATA | IOMMUBENCH_IOPF_ABSENT)

static bool user_answers(const struct iommubench_iopf *p)
{
	return p->flags & IOMMUBENCH_IOPF_IOMMUFD;
}

static int check_numbers(const struct bench_run *run, const struct iommubench_iopf *p,
			 struct bench_message *msg)
{
	u64 total;

	if (!p->outstanding || (u64)p->outstanding * run->desc.threads >
	    IOMMUBENCH_MAX_IOPF_OUTSTANDING)
		return bench_refuse(msg, -EINVAL, "%u accesses under way in each of %u threads, expected 1 to %u in all",
				    p->outstanding, run->desc.threads,
				    IOMMUBENCH_MAX_IOPF_OUTSTANDING);
	if (p->nr_pids > IOMMUBENCH_MAX_IOPF_SPACES || !!p->nr_pids != !!p->pids)
		return bench_refuse(msg, -EINVAL, "list of %u processes, expected 0 to %u",
				    p->nr_pids, IOMMUBENCH_MAX_IOPF_SPACES);
	if (check_mul_overflow(p->accesses, (u64)max(p->nr_pids, 1U), &total) || !total ||
	    total > IOMMUBENCH_MAX_IOPF_ACCESSES)
		return bench_refuse(msg, -EINVAL, "%llu accesses in each of %u address spaces, expected 1 to %u in all",
				    p->accesses, max(p->nr_pids, 1U), IOMMUBENCH_MAX_IOPF_ACCESSES);
	if (!p->timeout_ns || p->timeout_ns > IOMMUBENCH_MAX_TIME_NS ||
	    p->think_ns > IOMMUBENCH_MAX_TIME_NS)
		return bench_refuse(msg, -EINVAL, "limit of %llu ns and pause of %llu ns, expected a limit and at most %llu days",
				    p->timeout_ns, p->think_ns,
				    IOMMUBENCH_MAX_TIME_NS / NSEC_PER_SEC / 86400);
	return 0;
}

static int check_range(const struct iommubench_iopf *p, struct bench_message *msg)
{
	u64 bytes, end;

	if (p->start % BENCH_PROBE_BYTES || !p->step_bytes || p->step_bytes % PAGE_SIZE)
		return bench_refuse(msg, -EINVAL, "accesses from 0x%llx on, %llu bytes apart, expected a multiple of %u and whole pages",
				    p->start, p->step_bytes, BENCH_PROBE_BYTES);
	if (check_mul_overflow(p->accesses, p->step_bytes, &bytes) ||
	    check_add_overflow(p->start, bytes, &end) ||
	    (!user_answers(p) && end > TASK_SIZE))
		return bench_refuse(msg, -EINVAL, "%llu accesses from 0x%llx on, %llu bytes apart, leave the address space",
				    p->accesses, p->start, p->step_bytes);
	if (!p->group || p->group > IOMMUBENCH_MAX_IOPF_GROUP ||
	    p->group > p->step_bytes >> PAGE_SHIFT)
		return bench_refuse(msg, -EINVAL, "groups of %u pages in steps of %llu, expected 1 to %u",
				    p->group, p->step_bytes >> PAGE_SHIFT,
				    IOMMUBENCH_MAX_IOPF_GROUP);
	return 0;
}

/* A page faults once. */
static int check_count(const struct bench_run *run, const struct iommubench_iopf *p,
		       struct bench_message *msg)
{
	u64 total = p->accesses * max(p->nr_pids, 1U);

	if (!run->desc.count || run->desc.count == total)
		return 0;
	return bench_refuse(msg, -EINVAL, "count of %llu, expected 0 or the %llu accesses that there are",
			    run->desc.count, total);
}

static int check_params(const struct bench_run *run, const struct iommubench_iopf *p,
			struct bench_message *msg)
{
	if (p->marks_offset)
		return bench_refuse(msg, -EINVAL, "an output field of the parameters is not zero");
	if (p->flags & ~IOPF_FLAGS)
		return bench_refuse(msg, -EINVAL, "unknown iopf flags 0x%x",
				    p->flags & ~(u32)IOPF_FLAGS);
	if (p->mode > IOMMUBENCH_IOPF_PRI)
		return bench_refuse(msg, -EINVAL, "unknown iopf mode %u", p->mode);
	if (user_answers(p) && p->nr_pids)
		return bench_refuse(msg, -EINVAL, "%u processes, expected none where an iommufd has the device",
				    p->nr_pids);
	if (run->desc.flags & IOMMUBENCH_RUN_VERIFY || run->desc.warmup_ns ||
	    run->desc.batch > 1)
		return bench_refuse(msg, -EINVAL, "runs of faults have no verifier, no warm-up and no batches");
	return check_numbers(run, p, msg) ?: check_range(p, msg) ?: check_count(run, p, msg);
}

static int check_engine(const struct bench_run *run, const struct iommubench_iopf *p,
			struct bench_message *msg)
{
	const struct bench_engine *engine = &run->bd->engine;

	if (!engine->ops->access_prepare || !engine->ops->clock)
		return bench_refuse(msg, -EOPNOTSUPP,
				    "the DMA engine of device %s (%s) makes no accesses that may fault and cannot tell when",
				    dev_name(engine->dev), engine->ops->name);
	if (p->mode == IOMMUBENCH_IOPF_STALL && dev_is_pci(engine->dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "device %s cannot stall: a PCI device asks for pages instead, in mode pri",
				    dev_name(engine->dev));
	if (p->mode == IOMMUBENCH_IOPF_PRI && !dev_is_pci(engine->dev))
		return bench_refuse(msg, -EOPNOTSUPP,
				    "device %s has no page requests: only PCI devices have, others wait in mode stall",
				    dev_name(engine->dev));
	return 0;
}

static int prepare_engine(struct bench_run *run, struct iopf_work *work, struct bench_message *msg)
{
	const struct iommubench_iopf *p = run->params;
	struct bench_engine *engine = &run->bd->engine;
	int err;

	err = bench_engine_faults_begin(engine, p->mode == IOMMUBENCH_IOPF_PRI, !user_answers(p));
	if (!err) {
		work->engine_on = true;
		work->resets = engine->resets;
		return 0;
	}
	if (err == -EINTR || err == -ENODEV)
		return err;
	if (p->mode == IOMMUBENCH_IOPF_PRI)
		return bench_refuse(msg, err, "device %s cannot ask for pages: it lacks the PCI capability PRI, or ATS is off because its host bridge's firmware node lacks ats-supported",
				    dev_name(engine->dev));
	return bench_refuse(msg, err, "the DMA engine of device %s cannot wait for pages",
			    dev_name(engine->dev));
}

static int bind_space(struct bench_run *run, struct iopf_work *work, pid_t pid,
		      struct bench_message *msg)
{
	struct iopf_space *space = &work->spaces[work->nr_spaces];
	struct mm_struct *mm = bench_sva_mm(pid);
	int err;

	if (mm == ERR_PTR(-EACCES))
		return bench_refuse(msg, -EACCES, "the memory of process %d is not yours to access: that takes a child of your own or CAP_SYS_PTRACE",
				    pid);
	if (IS_ERR(mm))
		return bench_refuse(msg, PTR_ERR(mm), "there is no process %d", pid);
	space->handle = bench_sva_bind(&run->bd->sva, mm);
	mmput(mm);
	if (IS_ERR(space->handle)) {
		err = PTR_ERR(space->handle);
		return bench_refuse(msg, err, "address space %u of %u cannot be bound to device %s: error %d, out of PASIDs (%d) or of what the IOMMU needs for one",
				    work->nr_spaces + 1,
				    max(((struct iommubench_iopf *)run->params)->nr_pids, 1U),
				    dev_name(run->bd->dev), err, -ENOSPC);
	}
	space->pasid = bench_sva_pasid(space->handle);
	work->nr_spaces++;
	return 0;
}

static int bind_spaces(struct bench_run *run, struct iopf_work *work, struct bench_message *msg)
{
	const struct iommubench_iopf *p = run->params;
	unsigned int i;
	u32 *pids;
	int err = 0;

	work->spaces = kvcalloc(max(p->nr_pids, 1U), sizeof(*work->spaces), GFP_KERNEL);
	if (!work->spaces)
		return -ENOMEM;
	if (!p->nr_pids)
		return bind_space(run, work, 0, msg);
	pids = memdup_user(u64_to_user_ptr(p->pids), array_size(p->nr_pids, sizeof(*pids)));
	if (IS_ERR(pids))
		return bench_refuse(msg, PTR_ERR(pids), "the list of processes cannot be read");
	for (i = 0; i < p->nr_pids && !err; i++)
		err = bench_memory_wanted(&run->memory) ?: bind_space(run, work, pids[i], msg);
	kfree(pids);
	return err;
}

/* All of it together, before any of it is taken. */
static int check_memory(const struct bench_run *run, const struct iommubench_iopf *p,
			struct bench_message *msg)
{
	u64 spaces = max(p->nr_pids, 1U), threads = run->desc.threads;
	struct bench_need need = run->need;

	bench_need_array(&need, BENCH_NEED_THREADS, threads,
			 roundup_pow_of_two(sizeof(struct iopf_thread)) +
			 p->outstanding * sizeof(struct iopf_place));
	bench_need_array(&need, BENCH_NEED_THREADS, spaces, sizeof(struct iopf_space));
	if (p->flags & IOMMUBENCH_IOPF_PROBES)
		bench_need_array(&need, BENCH_NEED_BUFFERS, p->accesses * spaces,
				 sizeof(struct iopf_mark));
	if (user_answers(p))
		bench_need_array(&need, BENCH_NEED_BUFFERS, p->accesses,
				 sizeof(struct iommubench_iopf_mark));
	return bench_need_check(&need, msg);
}

/* The domain is there; what is missing are the places where user space leaves its marks. */
static int use_iommufd(struct bench_run *run, struct iopf_work *work, struct bench_message *msg)
{
	struct iommubench_iopf *p = run->params;
	size_t bytes = array_size(p->accesses, sizeof(*work->user_marks));

	if (run->bd->iommufd.idev && run->bd->iommufd.owner != run->by)
		return bench_refuse(msg, -EBUSY, "device %s was given to an iommufd through another open file: prepare the run through that one",
				    dev_name(run->bd->dev));
	if (!run->bd->iommufd.attached)
		return bench_refuse(msg, -EINVAL, "device %s is attached to no domain of an iommufd",
				    dev_name(run->bd->dev));
	work->spaces = kvcalloc(1, sizeof(*work->spaces), GFP_KERNEL);
	run->shared = vmalloc_user(bytes);
	if (!work->spaces || !run->shared)
		return bench_refuse(msg, -ENOMEM, "no memory for the marks of %llu faults",
				    p->accesses);
	work->spaces[0].pasid = BENCH_NO_PASID;
	work->nr_spaces = 1;
	work->user_marks = run->shared;
	p->marks_offset = run->desc.mmap_bytes;
	return 0;
}

static int use_spaces(struct bench_run *run, struct iopf_work *work, struct bench_message *msg)
{
	const struct iommubench_iopf *p = run->params;
	struct bench_group_hold hold;
	int err;

	/* Page requests that nobody answers are denied, which can be measured as well. */
	err = bench_sva_enable(&run->bd->sva, p->mode == IOMMUBENCH_IOPF_STALL, msg);
	work->sva_on = !err;
	err = err ?: bench_group_hold(&hold, run->bd->dev, true, "PASIDs", msg);
	if (!err) {
		err = bind_spaces(run, work, msg);
		bench_group_let_go(&hold);
	}
	if (!err && p->mode == IOMMUBENCH_IOPF_STALL)
		err = bench_sva_need_answers(&run->bd->sva, msg);
	return err;
}

/* Sets what the stages of a fault are recorded of. */
static int watch_stages(struct bench_run *run, struct iopf_work *work, struct bench_message *msg)
{
	struct iommubench_iopf *p = run->params;
	unsigned int i;
	int err;

	work->seen = BIT(IOMMUBENCH_IOPF_STAGE_EVENT) | BIT(IOMMUBENCH_IOPF_STAGE_RESTART);
	if (user_answers(p))
		work->seen |= BIT(IOMMUBENCH_IOPF_STAGE_READ) | BIT(IOMMUBENCH_IOPF_STAGE_MAP) |
			      BIT(IOMMUBENCH_IOPF_STAGE_RESPONSE);
	/* Faults that are not handed on pass none of the places. */
	if (!(p->flags & IOMMUBENCH_IOPF_PROBES) || !p->answered)
		return 0;
	err = iopf_stages_init(&work->stages, run->bd->dev, p->start, p->step_bytes, p->accesses,
			       work->nr_spaces);
	for (i = 0; i < work->nr_spaces && !err; i++)
		err = iopf_stages_add_space(&work->stages, user_answers(p) ? IOPF_SPACE_NO_PASID :
					    work->spaces[i].pasid, i);
	if (err)
		return bench_refuse(msg, err, "no memory for the stages of %llu faults",
				    work->total);
	p->probe_ns = bench_ticks_to_ns(iopf_stages_probe_ticks());
	work->seen |= iopf_stages_watch(&work->stages,
					user_answers(p) ? IOPF_PROBES_REPORT : IOPF_PROBES);
	return 0;
}

static int alloc_threads(struct bench_run *run, struct iopf_work *work, struct bench_message *msg)
{
	const struct iommubench_iopf *p = run->params;
	unsigned int i;

	work->threads = kvcalloc(run->desc.threads, sizeof(*work->threads), GFP_KERNEL);
	if (!work->threads)
		return -ENOMEM;
	for (i = 0; i < run->desc.threads; i++) {
		struct bench_thread *t = &run->threads[i];
		struct iopf_thread *it;

		/* Where the thread is, or where it was told to be, in cache lines of its own. */
		it = bench_memory_zalloc(&run->memory, t->node, 1,
					 roundup_pow_of_two(sizeof(*it)));
		if (!it)
			return -ENOMEM;
		work->threads[i] = it;
		it->next = i;
		it->places = bench_memory_zalloc(&run->memory, t->node, p->outstanding,
						 sizeof(*it->places));
		if (!it->places)
			return bench_refuse(msg, -ENOMEM, "no memory for %u accesses under way",
					    p->outstanding);
		t->work = it;
	}
	return 0;
}

/**
 * iopf_use() - what a run needs the device's DMA for
 * @params: the run's parameters, unchecked
 *
 * Return: PASIDs; nothing where an iommufd has claimed it already.
 */
enum bench_use iopf_use(const void *params)
{
	return user_answers(params) ? BENCH_USE_NONE : BENCH_USE_PASIDS;
}

/**
 * iopf_prepare() - check a run's parameters and take all that it needs
 * @run: the run
 * @msg: receives one line when it is refused
 *
 * Context: the process that asks for the run; its address space is bound.
 * Return: 0, or a negative errno with nothing taken.
 */
int iopf_prepare(struct bench_run *run, struct bench_message *msg)
{
	struct iommubench_iopf *p = run->params;
	struct iopf_work *work;
	int err;

	err = check_params(run, p, msg) ?: check_engine(run, p, msg) ?: check_memory(run, p, msg);
	if (err)
		return err;
	work = kzalloc(sizeof(*work), GFP_KERNEL);
	if (!work)
		return -ENOMEM;
	run->work = work;
	run->batch = 1;
	run->window = p->outstanding;
	work->total = p->accesses * max(p->nr_pids, 1U);
	work->timeout = bench_ns_to_ticks(p->timeout_ns);
	work->think = bench_ns_to_ticks(p->think_ns);

	err = user_answers(p) ? use_iommufd(run, work, msg) : use_spaces(run, work, msg);
	p->answered = user_answers(p) || bench_sva_answers(&run->bd->sva);
	err = err ?: prepare_engine(run, work, msg);
	err = err ?: watch_stages(run, work, msg);
	err = err ?: alloc_threads(run, work, msg);
	if (err) {
		iopf_release(run);
		return err;
	}
	if (p->mode == IOMMUBENCH_IOPF_PRI)
		iopf_pri_begin(work, run->bd->dev);
	bench_engine_sync(&run->bd->engine, &work->sync);
	p->stages = work->seen;
	p->clock_error_ns = min_t(u64, bench_ticks_to_ns(work->sync.error_ticks), U32_MAX);
	return 0;
}

/**
 * iopf_release() - give everything back
 * @run: the run, its threads have ended; no access is under way
 */
void iopf_release(struct bench_run *run)
{
	struct iopf_work *work = run->work;
	unsigned int i;

	iopf_stages_free(&work->stages);
	if (work->nr_spaces && work->sva_on)
		bench_sva_settle(&run->bd->sva);
	for (i = 0; i < work->nr_spaces; i++)
		if (work->spaces[i].handle)
			bench_sva_unbind(work->spaces[i].handle);
	if (run->started)
		iopf_look_after(run);
	if (work->engine_on)
		bench_engine_faults_end(&run->bd->engine);
	if (work->sva_on)
		bench_sva_disable(&run->bd->sva);
	for (i = 0; work->threads && i < run->desc.threads && work->threads[i]; i++) {
		kvfree(work->threads[i]->places);
		kvfree(work->threads[i]);
	}
	kvfree(work->threads);
	kvfree(work->spaces);
	kfree(work);
	run->work = NULL;
}
