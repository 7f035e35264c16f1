// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each thread counts in pages of its own, from its own node. The tool sees them as one area.
 */
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/thread_info.h>
#include <linux/topology.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "device.h"
#include "run/area.h"

static size_t hist_bytes(void)
{
	return ALIGN(sizeof(struct iommubench_hist), SMP_CACHE_BYTES);
}

static size_t hist_offset(void)
{
	return ALIGN(sizeof(struct iommubench_thread), SMP_CACHE_BYTES);
}

static size_t thread_bytes(const struct bench_run *run)
{
	return PAGE_ALIGN(hist_offset() + run->ops->phases * hist_bytes());
}

static unsigned int run_area_pages(const struct bench_run *run)
{
	return thread_bytes(run) / PAGE_SIZE * run->desc.threads;
}

static int area_alloc(struct bench_run *run)
{
	unsigned int i, n = run_area_pages(run);
	int err;

	run->pages = kvcalloc(n, sizeof(*run->pages), GFP_KERNEL);
	if (!run->pages)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		int node = run->threads[i / (n / run->desc.threads)].node;

		err = bench_memory_wanted(&run->memory);
		if (err)
			return err;
		run->pages[i] = bench_memory_alloc(&run->memory, BENCH_MEMORY_COUNTS, node,
						   GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
						   __GFP_RETRY_MAYFAIL, 0);
		if (!run->pages[i])
			return -ENOMEM;
	}
	run->area = vmap(run->pages, n, VM_MAP | VM_USERMAP, PAGE_KERNEL);
	return run->area ? 0 : -ENOMEM;
}

/* What a thread's stack and the kernel's notes of a thread take, about. */
#define AREA_KERNEL_THREAD_BYTES	(THREAD_SIZE + SZ_16K)

static void area_need(struct bench_run *run, unsigned int threads)
{
	bench_need_array(&run->need, BENCH_NEED_THREADS, run_area_pages(run),
			 PAGE_SIZE + sizeof(*run->pages));
	bench_need_array(&run->need, BENCH_NEED_THREADS, threads,
			 sizeof(*run->threads) + AREA_KERNEL_THREAD_BYTES);
}

/**
 * bench_run_layout() - choose where each thread is and where in the area the tool finds it
 * @run: the run, its CPU list and memory settled; receives its threads, and how much all of that
 *	needs
 *
 * Return: 0 or -ENOMEM; bench_run_free_area() gives back what was taken in either case.
 */
int bench_run_layout(struct bench_run *run)
{
	unsigned int i, n = bench_run_threads(run);
	size_t stride = thread_bytes(run);

	run->threads = kvcalloc(n, sizeof(*run->threads), GFP_KERNEL);
	if (!run->threads)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct bench_thread *t = &run->threads[i];

		t->run = run;
		t->index = i;
		t->cpu = -1;
		t->node = dev_to_node(run->bd->dev);
		if (run->cpus && i < run->desc.threads) {
			t->cpu = run->cpus[i % run->desc.nr_cpus];
			t->node = cpu_to_node(t->cpu);
		}
	}
	for (i = 0; i < run->desc.threads; i++)
		run->threads[i].count = div_u64(run->desc.count, run->desc.threads) +
					(i < run->desc.count % run->desc.threads);
	area_need(run, n);
	run->desc.phases = run->ops->phases;
	run->desc.thread_bytes = stride;
	run->desc.mmap_bytes = stride * run->desc.threads;
	run->desc.hist_offset = hist_offset();
	run->desc.hist_bytes = hist_bytes();
	return 0;
}

/**
 * bench_run_alloc_area() - take a run's area and give each thread its part
 * @run: the run, laid out, with memory for its needs
 * @msg: receives one line when it cannot be had
 *
 * What a thread counts in is where it is, or where it was told to be.
 *
 * Return: 0, -ENOMEM, or an error of bench_memory_wanted(); bench_run_free_area() gives back what
 * was taken in either case.
 */
int bench_run_alloc_area(struct bench_run *run, struct bench_message *msg)
{
	size_t stride = run->desc.thread_bytes;
	unsigned int i, phase;
	int err = area_alloc(run);

	if (err)
		return bench_refuse(msg, err, "no memory for the histograms of %u threads",
				    run->desc.threads);
	for (i = 0; i < run->desc.threads; i++) {
		struct bench_thread *t = &run->threads[i];
		void *base = run->area + i * stride;

		t->page = base;
		for (phase = 0; phase < run->ops->phases; phase++)
			t->hist[phase] = base + hist_offset() + phase * hist_bytes();
	}
	return 0;
}

/**
 * bench_run_free_area() - give back what bench_run_layout() and bench_run_alloc_area() took
 * @run: the run, which nobody uses any more
 */
void bench_run_free_area(struct bench_run *run)
{
	unsigned int i;

	vunmap(run->area);
	for (i = 0; run->pages && i < run_area_pages(run) && run->pages[i]; i++)
		__free_page(run->pages[i]);
	kvfree(run->pages);
	kvfree(run->threads);
}

/**
 * bench_run_map_area() - put a run's area, or what is shared behind it, into an address space
 * @run: the run
 * @vma: from offset 0, at most the whole area, read only; or from behind it
 *
 * Context: the caller holds a reference to @run for as long as @vma is there.
 * Return: 0 or a negative errno.
 */
int bench_run_map_area(struct bench_run *run, struct vm_area_struct *vma)
{
	bool shared = run->shared && vma->vm_pgoff == run->desc.mmap_bytes >> PAGE_SHIFT;
	int err;

	if (!shared && vma->vm_flags & VM_WRITE)
		return -EACCES;
	if (!shared && vma->vm_pgoff)
		return -EINVAL;
	err = remap_vmalloc_range(vma, shared ? run->shared : run->area, 0);
	if (err)
		return err;
	if (!shared)
		bench_vma_read_only(vma);
	return 0;
}

/**
 * bench_run_memory() - tell where a run's memory comes from
 * @run: prepared, also when it has ended
 * @told: nodes and nr_nodes as the tool gave them; nr_nodes receives the number of nodes there are
 *
 * Context: process.
 * Return: 0 or -EFAULT.
 */
int bench_run_memory(const struct bench_run *run, struct iommubench_memory *told)
{
	struct iommubench_node_memory __user *to = u64_to_user_ptr(told->nodes);
	unsigned int node;

	for (node = 0; node < nr_node_ids && node < told->nr_nodes; node++) {
		const struct iommubench_node_memory from = {
			.buffer_bytes = bench_memory_bytes(&run->memory, BENCH_MEMORY_BUFFER, node),
			.count_bytes = bench_memory_bytes(&run->memory, BENCH_MEMORY_COUNTS, node),
		};

		if (copy_to_user(&to[node], &from, sizeof(from)))
			return -EFAULT;
	}
	told->nr_nodes = nr_node_ids;
	return 0;
}
