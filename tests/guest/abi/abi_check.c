// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's ABI, command by command: what it takes, what it refuses and how
 * it says so. By ioctl and by io_uring, with the same expectations.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../lib/abi_expect.h"
#include "../lib/bench_dev.h"

/* --- sizes --------------------------------------------------------------- */

static void check_info(struct bench *b, command_fn command)
{
	struct {
		struct iommubench_info info;
		char more[64];
	} big;
	struct iommubench_info info = { .size = sizeof(info) };
	char why[100];

	expect(command(b, IOMMUBENCH_IOC_INFO, &info), 0, "INFO");
	expect_true(info.size == sizeof(info) && info.abi_version == IOMMUBENCH_ABI_VERSION,
		    "INFO tells the module's version");
	expect_true(info.clock_hz >= 1000000 && memchr(info.clock, 0, sizeof(info.clock)) &&
		    info.clock[0], "INFO tells the clock");
	snprintf(why, sizeof(why), "'%.31s', %u bytes, %u bits", info.engine,
		 info.engine_max_bytes, info.dma_bits);
	report(!strcmp(info.engine, "edu") && info.engine_max_bytes >= 1024 && info.dma_bits == 48,
	       why, "INFO tells the engine");
	expect_true(info.contig_max_bytes >= 1 << 20 &&
		    !(info.contig_max_bytes & (info.contig_max_bytes - 1)),
		    "INFO tells the largest contiguous buffer");
	expect_true(info.features & IOMMUBENCH_FEATURE_URING_CMD, "INFO tells of io_uring");
	expect_true(info.coherence == IOMMUBENCH_COHERENCE_YES, "INFO tells that edu snoops");

	memset(&big, 0xa5, sizeof(big));
	big.info.size = sizeof(big);
	expect(command(b, IOMMUBENCH_IOC_INFO, &big), 0, "INFO for a newer tool");
	expect_true(big.more[0] == 0 && big.more[63] == 0,
		    "INFO zeroes what this module does not know");

	memset(&info, 0xa5, sizeof(info));
	info.size = 8;
	expect(command(b, IOMMUBENCH_IOC_INFO, &info), 0, "INFO for the oldest tool");
	expect_true(info.abi_version == IOMMUBENCH_ABI_VERSION && info.domain_type == 0xa5a5a5a5,
		    "INFO writes no further than the tool has room");
	info.size = 4;
	expect(command(b, IOMMUBENCH_IOC_INFO, &info), -EINVAL, "INFO without room");
	info.size = 0;
	expect(command(b, IOMMUBENCH_IOC_INFO, &info), -EINVAL, "INFO of size 0");
	expect(command(b, IOMMUBENCH_IOC_INFO, NULL), -EFAULT, "INFO without a struct");
	expect(command(b, IOMMUBENCH_IOC_INFO, (void *)~0xfffUL), -EFAULT,
	       "INFO to a kernel address");
}

static void check_sizes(struct bench *b, command_fn command)
{
	static const unsigned int commands[] = { IOMMUBENCH_IOC_PREPARE, IOMMUBENCH_IOC_WAIT,
						 IOMMUBENCH_IOC_RESULT };
	static const char *const names[] = { "PREPARE", "WAIT", "RESULT" };
	unsigned int i;
	char name[80];
	struct {
		uint32_t size;
		char rest[4096];
	} any;

	for (i = 0; i < 3; i++) {
		memset(&any, 0, sizeof(any));
		snprintf(name, sizeof(name), "%s of size 0", names[i]);
		expect(command(b, commands[i], &any), -EINVAL, name);
		any.size = 8;
		snprintf(name, sizeof(name), "%s that is too short", names[i]);
		expect(command(b, commands[i], &any), -EINVAL, name);
		any.size = sizeof(any);
		any.rest[sizeof(any.rest) - 1] = 1;
		snprintf(name, sizeof(name), "%s with more than the module knows", names[i]);
		expect(command(b, commands[i], &any), -E2BIG, name);
		any.size = UINT32_MAX;
		snprintf(name, sizeof(name), "%s of 4 GiB", names[i]);
		expect(command(b, commands[i], &any), -E2BIG, name);
		snprintf(name, sizeof(name), "%s without a struct", names[i]);
		expect(command(b, commands[i], NULL), -EFAULT, name);
	}
}

static void check_newer_tool(struct bench *b, command_fn command)
{
	struct {
		struct iommubench_run run;
		char more[32];
	} run = { 0 };
	struct {
		struct iommubench_map_unmap params;
		char more[32];
	} params = { 0 };

	bench_describe(b);
	run.run = b->run;
	run.run.size = sizeof(run);
	run.run.params = address(&params);
	params.params = b->params;
	params.params.size = sizeof(params);
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &run), 0,
	       "PREPARE with longer structs whose end is zero");
	run.run.size = sizeof(run);
	params.params.size = sizeof(params);
	params.more[31] = 1;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &run), -E2BIG,
	       "PREPARE with parameters the module does not know");
	params.more[31] = 0;
	params.params.size = 8;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &run), -EINVAL,
	       "PREPARE with too short parameters");
}

/*
 * What the first tools sent, by sizes that never change, whatever the structs have become since: of
 * the parameters of each workload and of a run. They get nothing back behind their end.
 */
static void check_first_versions(struct bench *b, command_fn command)
{
	static const struct {
		const char *name;
		uint32_t workload;
		uint32_t bytes;
		bool taken;
	} first[] = {
		{ "map-unmap", IOMMUBENCH_WORKLOAD_MAP_UNMAP, 88, true },
		{ "tlb-flush", IOMMUBENCH_WORKLOAD_TLB_FLUSH, 48, true },
		{ "iopf", IOMMUBENCH_WORKLOAD_IOPF, 112, false },
	};
	static const uint32_t run_bytes = 136;
	unsigned char params[256], run[256];
	unsigned int i, k;
	char name[80];
	bool whole;
	int err;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		memset(params, 0xa5, sizeof(params));
		memset(run, 0xa5, sizeof(run));
		if (first[i].workload == IOMMUBENCH_WORKLOAD_TLB_FLUSH)
			bench_describe_flush(b);
		else
			bench_describe(b);
		b->run.size = run_bytes;
		b->run.workload = first[i].workload;
		b->run.params = address(params);
		memcpy(run, &b->run, run_bytes);
		if (first[i].workload == IOMMUBENCH_WORKLOAD_MAP_UNMAP)
			memcpy(params, &b->params, first[i].bytes);
		else if (first[i].workload == IOMMUBENCH_WORKLOAD_TLB_FLUSH)
			memcpy(params, &b->flush, first[i].bytes);
		else
			memset(params, 0, first[i].bytes);
		memcpy(params, &first[i].bytes, sizeof(first[i].bytes));
		err = command(b, IOMMUBENCH_IOC_PREPARE, run);
		snprintf(name, sizeof(name), "PREPARE of %s by the first tool", first[i].name);
		if (first[i].taken)
			expect(err, 0, name);
		else
			expect_true(err && !strstr(b->message, "at least"), name);
		whole = true;
		for (k = first[i].bytes; k < sizeof(params); k++)
			whole &= params[k] == 0xa5;
		for (k = run_bytes; k < sizeof(run); k++)
			whole &= run[k] == 0xa5;
		snprintf(name, sizeof(name), "PREPARE of %s writes no further than it has room",
			 first[i].name);
		expect_true(whole, name);
		(*(uint32_t *)params)--;
		if (first[i].workload == IOMMUBENCH_WORKLOAD_TLB_FLUSH)
			bench_describe_flush(b);
		else
			bench_describe(b);
		b->run.workload = first[i].workload;
		b->run.params = address(params);
		snprintf(name, sizeof(name), "PREPARE of %s, a byte less", first[i].name);
		expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), -EINVAL, name);
	}
}

/* --- refusals ------------------------------------------------------------ */

static void check_run_refusals(struct bench *b, command_fn command)
{
	uint32_t cpus[2] = { 0, 1000000 };

	b->run.memory = IOMMUBENCH_MEMORY_NODE + 4096;
	expect_refusal(b, command, -EINVAL, "node 4096", "memory of a node that is not there");
	b->run.memory = UINT32_MAX;
	expect_refusal(b, command, -EINVAL, "node", "memory of the last node there could be");
	b->params.sync = IOMMUBENCH_SYNC_NO + 1;
	expect_refusal(b, command, -EINVAL, "cache maintenance", "unknown cache maintenance");
	b->params.sync = IOMMUBENCH_SYNC_NO;
	b->params.api = IOMMUBENCH_API_IOMMU_FAST;
	expect_refusal(b, command, -EINVAL, "DMA API", "cache maintenance left out of the IOMMU API");
	b->run.flags = 1ULL << 63;
	expect_refusal(b, command, -EINVAL, "flags", "an unknown flag");
	b->run.workload = 0;
	expect_refusal(b, command, -EINVAL, "workload", "workload 0");
	b->run.workload = UINT32_MAX;
	expect_refusal(b, command, -EINVAL, "workload", "an unknown workload");
	b->run.threads = 0;
	expect_refusal(b, command, -EINVAL, "expected 1 to 1024", "no threads");
	b->run.threads = IOMMUBENCH_MAX_THREADS + 1;
	expect_refusal(b, command, -EINVAL, "expected 1 to 1024", "too many threads");
	b->run.count = 0;
	expect_refusal(b, command, -EINVAL, "count", "a run without end");
	b->run.duration_ns = IOMMUBENCH_MAX_TIME_NS + 1;
	expect_refusal(b, command, -EINVAL, "7 days", "a run of more than 7 days");
	b->run.warmup_ns = UINT64_MAX;
	expect_refusal(b, command, -EINVAL, "7 days", "a warm-up of more than 7 days");
	b->run.batch = IOMMUBENCH_MAX_BATCH + 1;
	expect_refusal(b, command, -EINVAL, "at most 4096", "a batch that is too large");
	b->run.rate_mhz = UINT64_MAX;
	expect_refusal(b, command, -EINVAL, "rate", "an absurd rate");
	b->run.nr_cpus = 1;
	expect_refusal(b, command, -EINVAL, "CPU list", "a CPU list without address");
	b->run.cpus = address(cpus);
	expect_refusal(b, command, -EINVAL, "CPU list", "a CPU list without length");
	b->run.cpus = address(cpus);
	b->run.nr_cpus = UINT32_MAX;
	expect_refusal(b, command, -EINVAL, "CPU list", "a CPU list that is too long");
	b->run.cpus = 8;
	b->run.nr_cpus = 2;
	expect_refusal(b, command, -EFAULT, "cannot be read", "a CPU list that cannot be read");
	b->run.cpus = address(cpus);
	b->run.nr_cpus = 2;
	expect_refusal(b, command, -EINVAL, "CPU 1000000", "a CPU that is not there");
	b->run.params = 0;
	expect_refusal(b, command, -EFAULT, "parameters", "no parameters");
	b->run.flags = IOMMUBENCH_RUN_PHASES;
	expect_refusal(b, command, -EINVAL, "gates as well", "phases without gates");
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES;
	b->run.count = 0;
	b->run.duration_ns = 1000000;
	expect_refusal(b, command, -EINVAL, "by its count", "phases without a count");
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES;
	b->run.duration_ns = 1000000;
	expect_refusal(b, command, -EINVAL, "neither duration", "phases with a duration");
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES;
	b->run.warmup_ns = 1;
	expect_refusal(b, command, -EINVAL, "warm-up", "phases with a warm-up");
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES;
	b->run.rate_mhz = 1000;
	expect_refusal(b, command, -EINVAL, "rate", "phases at a rate");
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES | IOMMUBENCH_RUN_VERIFY;
	expect_refusal(b, command, -EINVAL, "verified", "phases with a verifier");
	bench_describe_iopf(b, b, 4);
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES;
	b->run.count = 4;
	b->run.duration_ns = 0;
	expect_refusal(b, command, -EINVAL, "one phase only", "phases of faults");
	bench_describe_flush(b);
	b->run.flags = IOMMUBENCH_RUN_PHASES | IOMMUBENCH_RUN_GATES;
	b->flush.mode = IOMMUBENCH_FLUSH_STALE;
	expect_refusal(b, command, -EINVAL, "costs", "phases with an engine at work");
}

static void check_map_unmap_refusals(struct bench *b, command_fn command)
{
	b->params.api = 0;
	expect_refusal(b, command, -EINVAL, "API", "API 0");
	b->params.api = 5;
	expect_refusal(b, command, -EINVAL, "API", "an unknown API");
	b->params.api = UINT32_MAX;
	expect_refusal(b, command, -EINVAL, "API", "an absurd API");
	b->params.mapping_bytes = 0;
	expect_refusal(b, command, -EINVAL, "0 bytes", "a mapping of nothing");
	b->params.mapping_bytes = 4097;
	expect_refusal(b, command, -EINVAL, "multiple of 4096", "a mapping of part of a page");
	b->params.mapping_bytes = IOMMUBENCH_MAX_MAPPING_BYTES + 4096;
	expect_refusal(b, command, -EINVAL, "up to 1073741824", "a mapping that is too large");
	b->params.mapping_bytes = ~0xfffULL;
	expect_refusal(b, command, -EINVAL, "up to", "an absurd mapping");
	b->params.buffer = 3;
	expect_refusal(b, command, -EINVAL, "buffer", "an unknown kind of buffer");
	b->params.direction = 3;
	expect_refusal(b, command, -EINVAL, "direction", "an unknown direction");
	b->params.iova_pattern = 4;
	expect_refusal(b, command, -EINVAL, "pattern", "an unknown pattern");
	b->params.iova_pattern = IOMMUBENCH_IOVA_FRESH;
	expect_refusal(b, command, -EINVAL, "own domain", "a pattern with a DMA API");
	b->params.window = IOMMUBENCH_MAX_WINDOW + 1;
	expect_refusal(b, command, -EINVAL, "window", "a window that is too large");
	b->params.hold_ns = UINT64_MAX;
	expect_refusal(b, command, -EINVAL, "hold", "an absurd hold time");
	b->params.api = IOMMUBENCH_API_IOMMU;
	b->params.iova_pattern = IOMMUBENCH_IOVA_STRIDE;
	expect_refusal(b, command, -EINVAL, "stride", "a stride of 0");
	b->params.api = IOMMUBENCH_API_IOMMU;
	b->params.iova_pattern = IOMMUBENCH_IOVA_STRIDE;
	b->params.stride_bytes = 2048;
	expect_refusal(b, command, -EINVAL, "stride", "a stride below the mapping");
	b->params.stride_bytes = 8192;
	expect_refusal(b, command, -EINVAL, "stride", "a stride without the stride pattern");
	b->params.prefill = UINT64_MAX;
	expect_refusal(b, command, -EINVAL, "prefill", "an absurd prefill");
	b->params.prefill = 1000000;
	b->params.mapping_bytes = 1 << 20;
	expect_refusal(b, command, -ENOMEM, "do not fit", "a prefill beyond memory");
	b->params.sg_entries = 2;
	b->params.mapping_bytes = 8192;
	expect_refusal(b, command, -EINVAL, "dma-sg", "pieces with dma-single");
	b->params.buffer = IOMMUBENCH_BUFFER_CONTIG;
	b->params.sg_entries = 2;
	expect_refusal(b, command, -EINVAL, "one piece", "a contiguous buffer of two pieces");
	b->params.api = IOMMUBENCH_API_DMA_SG;
	b->params.sg_entries = 3;
	b->params.mapping_bytes = 16384;
	expect_refusal(b, command, -EINVAL, "whole pages", "pieces that do not come out even");
	b->params.buffer = IOMMUBENCH_BUFFER_CONTIG;
	b->params.mapping_bytes = IOMMUBENCH_MAX_MAPPING_BYTES;
	expect_refusal(b, command, -ENOMEM, "in one", "a contiguous piece that cannot be had");
	b->params.api = IOMMUBENCH_API_IOMMU;
	b->params.iova_pattern = IOMMUBENCH_IOVA_FRESH;
	b->params.iova_span_bytes = 1ULL << 60;
	expect_refusal(b, command, -ENOSPC, "address bits", "a span beyond the device's reach");
	b->run.threads = IOMMUBENCH_MAX_THREADS;
	b->params.window = IOMMUBENCH_MAX_WINDOW;
	expect_refusal(b, command, -ENOMEM, "do not fit", "the most of everything");
	b->params.api = IOMMUBENCH_API_IOMMU;
	b->params.iova_pattern = IOMMUBENCH_IOVA_RANDOM;
	b->params.iova_span_bytes = 1ULL << 44;
	b->run.count = UINT64_MAX;
	expect_refusal(b, command, -ENOMEM, "page tables", "all places of a large span");
}

/* Pages that the kernel's allocator has given since the machine began. */
static uint64_t pages_taken(void)
{
	uint64_t all = 0, one;
	char line[200];
	FILE *stat = fopen("/proc/vmstat", "r");

	while (stat && fgets(line, sizeof(line), stat))
		if (sscanf(line, "pgalloc_%*s %" SCNu64, &one) == 1)
			all += one;
	if (stat)
		fclose(stat);
	return all;
}

/* What is refused has taken nothing: not even what all workloads need. */
static void check_refused_early(struct bench *b, command_fn command)
{
	uint64_t before, histograms;

	bench_describe(b);
	b->run.threads = 64;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), 0, "PREPARE of 64 threads");
	histograms = b->run.mmap_bytes / 4096;
	before = pages_taken();
	bench_describe_iopf(b, b, 4);
	b->run.threads = IOMMUBENCH_MAX_THREADS;
	expect_refusal(b, command, -EINVAL, "expected 1 to 128", "faults in 1024 threads");
	expect_true(before && pages_taken() - before < histograms,
		    "no memory was taken for a run that is refused");
}

/* expect_refusal() of a tlb-flush run of which @field is @value. */
#define EXPECT_FLUSH_REFUSAL(field, value, want, words, name)		\
	do {								\
		bench_describe_flush(b);				\
		(field) = (value);					\
		expect_refusal(b, command, want, words, name);		\
	} while (0)

static void check_flush_refusals(struct bench *b, command_fn command)
{
	struct iommubench_tlb_flush *p = &b->flush;

	EXPECT_FLUSH_REFUSAL(p->size, 8, -EINVAL, "at least", "too short flush parameters");
	EXPECT_FLUSH_REFUSAL(p->reserved, 1, -EINVAL, "reserved",
			     "a reserved field of the flush parameters");
	EXPECT_FLUSH_REFUSAL(p->strategy, 0, -EINVAL, "strategy", "strategy 0");
	EXPECT_FLUSH_REFUSAL(p->strategy, 9, -EINVAL, "strategy", "an unknown strategy");
	EXPECT_FLUSH_REFUSAL(p->strategy, UINT32_MAX, -EINVAL, "strategy", "an absurd strategy");
	EXPECT_FLUSH_REFUSAL(p->strategy, IOMMUBENCH_FLUSH_LAZY, -EOPNOTSUPP, "of type lazy",
			     "lazy in a strict domain");
	EXPECT_FLUSH_REFUSAL(p->strategy, IOMMUBENCH_FLUSH_NONE, -EOPNOTSUPP, "of type identity",
			     "none in a strict domain");
	EXPECT_FLUSH_REFUSAL(p->mapping_bytes, 0, -EINVAL, "expected a multiple",
			     "a flush of empty mappings");
	EXPECT_FLUSH_REFUSAL(p->mapping_bytes, 4097, -EINVAL, "expected a multiple",
			     "a flush of part of a page");
	EXPECT_FLUSH_REFUSAL(p->mapping_bytes, IOMMUBENCH_MAX_MAPPING_BYTES + 4096, -EINVAL,
			     "expected a multiple", "a flush of too large a mapping");
	EXPECT_FLUSH_REFUSAL(p->mappings, 0, -EINVAL, "expected 1 to", "a round without mappings");
	EXPECT_FLUSH_REFUSAL(p->mappings, IOMMUBENCH_MAX_FLUSH_MAPPINGS + 1, -EINVAL,
			     "expected 1 to", "a round of too many mappings");
	EXPECT_FLUSH_REFUSAL(p->mode, IOMMUBENCH_FLUSH_DEVICE + 1, -EINVAL, "mode",
			     "an unknown flush mode");
	EXPECT_FLUSH_REFUSAL(p->mode, IOMMUBENCH_FLUSH_EXPOSURE, -EOPNOTSUPP, "only costs",
			     "exposure that edu cannot see");
	EXPECT_FLUSH_REFUSAL(p->domains, IOMMUBENCH_FLUSH_PER_THREAD + 1, -EINVAL, "domains",
			     "an unknown choice of domains");
	EXPECT_FLUSH_REFUSAL(p->domains, IOMMUBENCH_FLUSH_PER_THREAD, -EOPNOTSUPP, "PASIDs",
			     "domains of threads without PASIDs");
	EXPECT_FLUSH_REFUSAL(p->watch_interval_ns, 100, -EINVAL, "exposure mode only",
			     "an interval of accesses without any");
	EXPECT_FLUSH_REFUSAL(b->run.batch, 2, -EINVAL, "a sample of tlb-flush is a round",
			     "a batch of rounds");
	EXPECT_FLUSH_REFUSAL(b->run.rate_mhz, 1000, -EINVAL, "no rate", "a rate of rounds");
	EXPECT_FLUSH_REFUSAL(b->run.flags, IOMMUBENCH_RUN_VERIFY, -EINVAL, "no verifier",
			     "a verifier beside rounds");
	bench_describe_flush(b);
	p->mapping_bytes = IOMMUBENCH_MAX_MAPPING_BYTES;
	p->strategy = IOMMUBENCH_FLUSH_STRICT;
	expect_refusal(b, command, -ENOMEM, "contiguous", "strict of more than can be contiguous");
	bench_describe_flush(b);
	p->mapping_bytes = IOMMUBENCH_MAX_MAPPING_BYTES - 4096;
	p->mappings = IOMMUBENCH_MAX_FLUSH_MAPPINGS;
	expect_refusal(b, command, -ENOMEM, "do not fit", "more page tables than memory");
	bench_describe_flush(b);
	b->run.threads = 1;
	p->mapping_bytes = IOMMUBENCH_MAX_MAPPING_BYTES;
	p->mappings = IOMMUBENCH_MAX_FLUSH_MAPPINGS / 2;
	expect_refusal(b, command, -ENOSPC, "address bits", "a range beyond the device's reach");
}

/* expect_refusal() of an iopf run of which @field is @value. */
#define EXPECT_IOPF_REFUSAL(field, value, want, words, name)		\
	do {								\
		bench_describe_iopf(b, b, 4);				\
		(field) = (value);					\
		expect_refusal(b, command, want, words, name);		\
	} while (0)

/* What is wrong in itself is said before what the engine lacks. */
static void check_iopf_refusals(struct bench *b, command_fn command)
{
	struct iommubench_iopf *p = &b->iopf;

	EXPECT_IOPF_REFUSAL(p->size, 8, -EINVAL, "at least", "too short iopf parameters");
	EXPECT_IOPF_REFUSAL(p->marks_offset, 1, -EINVAL, "output field",
			    "an output field of the iopf parameters");
	bench_describe_iopf(b, b, 4);
	p->flags = IOMMUBENCH_IOPF_IOMMUFD;
	p->pids = address(p);
	p->nr_pids = 1;
	expect_refusal(b, command, -EINVAL, "expected none", "processes beside an iommufd");
	EXPECT_IOPF_REFUSAL(p->flags, 1U << 31, -EINVAL, "flags", "unknown iopf flags");
	EXPECT_IOPF_REFUSAL(p->mode, UINT32_MAX, -EINVAL, "mode", "an unknown iopf mode");
	EXPECT_IOPF_REFUSAL(p->outstanding, 0, -EINVAL, "expected 1 to 128",
			    "no access under way");
	EXPECT_IOPF_REFUSAL(p->outstanding, IOMMUBENCH_MAX_IOPF_OUTSTANDING + 1, -EINVAL,
			    "expected 1 to 128", "too many accesses under way");
	bench_describe_iopf(b, b, 4);
	b->run.threads = 2;
	p->outstanding = IOMMUBENCH_MAX_IOPF_OUTSTANDING;
	expect_refusal(b, command, -EINVAL, "expected 1 to 128", "too many over all threads");
	EXPECT_IOPF_REFUSAL(p->nr_pids, 1, -EINVAL, "processes", "a list of processes nowhere");
	EXPECT_IOPF_REFUSAL(p->pids, address(p), -EINVAL, "processes", "one of no length");
	bench_describe_iopf(b, b, 4);
	p->pids = address(p);
	p->nr_pids = IOMMUBENCH_MAX_IOPF_SPACES + 1;
	expect_refusal(b, command, -EINVAL, "processes", "one that is too long");
	EXPECT_IOPF_REFUSAL(p->accesses, 0, -EINVAL, "accesses", "no access at all");
	EXPECT_IOPF_REFUSAL(p->accesses, IOMMUBENCH_MAX_IOPF_ACCESSES + 1, -EINVAL, "accesses",
			    "too many accesses");
	EXPECT_IOPF_REFUSAL(p->accesses, UINT64_MAX, -EINVAL, "accesses",
			    "an absurd number of accesses");
	EXPECT_IOPF_REFUSAL(p->timeout_ns, 0, -EINVAL, "expected a limit", "no limit of time");
	EXPECT_IOPF_REFUSAL(p->timeout_ns, UINT64_MAX, -EINVAL, "expected a limit",
			    "an absurd limit of time");
	EXPECT_IOPF_REFUSAL(p->think_ns, UINT64_MAX, -EINVAL, "pause", "an absurd pause");
	EXPECT_IOPF_REFUSAL(p->start, 4, -EINVAL, "multiple of 8", "accesses across words");
	EXPECT_IOPF_REFUSAL(p->start, 1ULL << 63, -EINVAL, "leave the address space",
			    "addresses of the kernel's");
	EXPECT_IOPF_REFUSAL(p->start, ~7ULL, -EINVAL, "leave the address space",
			    "a range that wraps around");
	EXPECT_IOPF_REFUSAL(p->step_bytes, 0, -EINVAL, "whole pages", "the same page each time");
	EXPECT_IOPF_REFUSAL(p->step_bytes, 2048, -EINVAL, "whole pages", "steps within a page");
	EXPECT_IOPF_REFUSAL(p->step_bytes, 1ULL << 63, -EINVAL, "leave the address space",
			    "steps out of the address space");
	EXPECT_IOPF_REFUSAL(p->group, 0, -EINVAL, "groups", "groups of no page");
	EXPECT_IOPF_REFUSAL(p->group, 2, -EINVAL, "groups", "groups of more pages than a step");
	bench_describe_iopf(b, b, 4);
	p->step_bytes = 1 << 20;
	p->group = IOMMUBENCH_MAX_IOPF_GROUP + 1;
	expect_refusal(b, command, -EINVAL, "groups", "groups that are too large");
	EXPECT_IOPF_REFUSAL(b->run.count, 3, -EINVAL, "count of 3, expected 0 or the 4",
			    "a count that is not that of the pages");
	EXPECT_IOPF_REFUSAL(b->run.warmup_ns, 1, -EINVAL, "no warm-up", "a warm-up of faults");
	EXPECT_IOPF_REFUSAL(b->run.batch, 2, -EINVAL, "no batches", "a batch of faults");
	EXPECT_IOPF_REFUSAL(b->run.flags, IOMMUBENCH_RUN_VERIFY, -EINVAL, "no verifier",
			    "a verifier of faults");
	bench_describe_iopf(b, b, 4);
	expect_refusal(b, command, -EOPNOTSUPP, "(edu) makes no accesses that may fault",
		       "an engine that cannot wait for a page");
}

/* --- PASIDs, where the device has none ----------------------------------- */

static void check_command_sizes(struct bench *b, command_fn command)
{
	static const struct {
		unsigned int cmd;
		const char *name;
	} commands[] = {
		{ IOMMUBENCH_IOC_PASID_INFO, "PASID_INFO" },
		{ IOMMUBENCH_IOC_PASID_BIND, "PASID_BIND" },
		{ IOMMUBENCH_IOC_PASID_UNBIND, "PASID_UNBIND" },
		{ IOMMUBENCH_IOC_PASID_ACCESS, "PASID_ACCESS" },
		{ IOMMUBENCH_IOC_IOMMUFD_BIND, "IOMMUFD_BIND" },
		{ IOMMUBENCH_IOC_IOMMUFD_ATTACH, "IOMMUFD_ATTACH" },
	};
	uint32_t any[1024] = { 0 };
	unsigned int i;
	char name[80];

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		any[0] = 4;
		snprintf(name, sizeof(name), "%s that is too short", commands[i].name);
		expect(command(b, commands[i].cmd, any), -EINVAL, name);
		any[0] = sizeof(any);
		any[1023] = 1;
		snprintf(name, sizeof(name), "%s with more than the module knows",
			 commands[i].name);
		expect(command(b, commands[i].cmd, any), -E2BIG, name);
		any[1023] = 0;
		snprintf(name, sizeof(name), "%s without a struct", commands[i].name);
		expect(command(b, commands[i].cmd, NULL), -EFAULT, name);
	}
}

static void expect_pasid_refusal(struct bench *b, command_fn command,
				 struct iommubench_pasid_bind bind, int want, const char *words,
				 const char *name)
{
	char why[400];
	int got;

	bind.size = sizeof(bind);
	bind.message = address(b->message);
	bind.message_bytes = sizeof(b->message);
	memset(b->message, 0, sizeof(b->message));
	got = command(b, IOMMUBENCH_IOC_PASID_BIND, &bind);
	snprintf(why, sizeof(why), "got %d, expected %d, with '%s' in '%.200s'", got, want, words,
		 b->message);
	report(got == want && strstr(b->message, words), why, "%s", name);
}

#define EXPECT_PASID_REFUSAL(want, words, name, ...)			\
	expect_pasid_refusal(b, command, (struct iommubench_pasid_bind){ __VA_ARGS__ }, want, \
			     words, name)

static void check_iommufd(struct bench *b, command_fn command)
{
	struct iommubench_iommufd_bind bind = { .size = sizeof(bind), .iommufd = -1 };
	struct iommubench_iommufd_attach attach = { .size = sizeof(attach), .hwpt_id = 1 };

	expect(command(b, IOMMUBENCH_IOC_IOMMUFD_BIND, &bind), -EOPNOTSUPP,
	       "an iommufd for a device whose DMA is the kernel's");
	expect(command(b, IOMMUBENCH_IOC_IOMMUFD_ATTACH, &attach), -EINVAL,
	       "a domain for a device without an iommufd");
	attach.reserved = 1;
	expect(command(b, IOMMUBENCH_IOC_IOMMUFD_ATTACH, &attach), -EINVAL,
	       "a reserved field of IOMMUFD_ATTACH");
	expect(command(b, IOMMUBENCH_IOC_IOMMUFD_UNBIND, NULL), -EINVAL,
	       "an iommufd taken away that is not there");
}

static void check_pasids(struct bench *b, command_fn command)
{
	struct iommubench_pasid_info info = { .size = sizeof(info) };
	struct iommubench_pasid_unbind unbind = { .size = sizeof(unbind) };
	struct iommubench_pasid_access access = { .size = sizeof(access), .pasid = 1 };

	check_command_sizes(b, command);
	expect(command(b, IOMMUBENCH_IOC_PASID_INFO, &info), 0, "PASID_INFO");
	expect_true(!info.max_pasids && !info.live && !info.reserved && !info.domains,
		    "PASID_INFO tells that there are none");
	EXPECT_PASID_REFUSAL(-EINVAL, "kind of bind 0", "a bind of kind 0", .kind = 0);
	EXPECT_PASID_REFUSAL(-EINVAL, "kind of bind 4294967295", "an absurd kind of bind",
			     .kind = UINT32_MAX);
	EXPECT_PASID_REFUSAL(-EINVAL, "reserved", "a reserved field of a bind",
			     .kind = IOMMUBENCH_PASID_SVA, .reserved = 1);
	EXPECT_PASID_REFUSAL(-EINVAL, "flags", "unknown flags of a bind",
			     .kind = IOMMUBENCH_PASID_DOMAIN, .flags = 1U << 31);
	EXPECT_PASID_REFUSAL(-EINVAL, "only the bind of a domain", "a process with flags",
			     .kind = IOMMUBENCH_PASID_SVA, .flags = IOMMUBENCH_PASID_EMPTY);
	EXPECT_PASID_REFUSAL(-EINVAL, "only the bind of a domain", "a process with a reservation",
			     .kind = IOMMUBENCH_PASID_SVA, .reserved_id = 1);
	EXPECT_PASID_REFUSAL(-EINVAL, "expected at most", "a reservation beyond all",
			     .kind = IOMMUBENCH_PASID_DOMAIN, .reserved_id = UINT32_MAX);
	EXPECT_PASID_REFUSAL(-EOPNOTSUPP, "no PASIDs", "a bind of a domain",
			     .kind = IOMMUBENCH_PASID_DOMAIN);
	EXPECT_PASID_REFUSAL(-EOPNOTSUPP, "no PASIDs", "a reservation",
			     .kind = IOMMUBENCH_PASID_RESERVE);
	EXPECT_PASID_REFUSAL(-EOPNOTSUPP, "CONFIG_IOMMU_SVA", "a bind of a process",
			     .kind = IOMMUBENCH_PASID_SVA);
	expect(command(b, IOMMUBENCH_IOC_PASID_UNBIND, &unbind), -ENOENT,
	       "an unbind of what was not bound");
	unbind.flags = IOMMUBENCH_PASID_WATCH;
	expect(command(b, IOMMUBENCH_IOC_PASID_UNBIND, &unbind), -EOPNOTSUPP,
	       "an unbind that is watched by an engine that cannot");
	unbind.flags = 1U << 31;
	expect(command(b, IOMMUBENCH_IOC_PASID_UNBIND, &unbind), -EINVAL,
	       "unknown flags of an unbind");
	expect(command(b, IOMMUBENCH_IOC_PASID_ACCESS, &access), -EOPNOTSUPP,
	       "an access of an engine that cannot");
	access.reserved = 1;
	expect(command(b, IOMMUBENCH_IOC_PASID_ACCESS, &access), -EINVAL,
	       "a reserved field of an access");
	access.reserved = 0;
	access.limit_ns = UINT64_MAX;
	expect(command(b, IOMMUBENCH_IOC_PASID_ACCESS, &access), -EINVAL,
	       "an access for ever");
}

static void check_messages(struct bench *b, command_fn command)
{
	char small[8];

	memset(small, 'x', sizeof(small));
	b->run.threads = 0;
	b->run.message = address(small);
	b->run.message_bytes = 4;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), -EINVAL, "a message that must be cut");
	expect_true(small[2] && !small[3] && small[4] == 'x', "it is cut and ended within its room");
	bench_describe(b);
	b->run.threads = 0;
	b->run.message = 0;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), -EINVAL, "no message is wanted");
	b->run.message = 8;
	expect(command(b, IOMMUBENCH_IOC_PREPARE, &b->run), -EINVAL,
	       "a message that cannot be stored does not hide the reason");
	bench_describe(b);
}

static void check_unknown_commands(struct bench *b, command_fn command)
{
	expect(command(b, _IO('I', 0xb9), NULL), -ENOTTY, "an unknown command");
	expect(command(b, 0, NULL), -ENOTTY, "command 0");
	expect(command(b, UINT32_MAX, NULL), -ENOTTY, "an absurd command");
}

static void check_all(struct bench *b, command_fn command, const char *name)
{
	how = name;
	bench_open(b);
	check_info(b, command);
	check_sizes(b, command);
	check_first_versions(b, command);
	check_newer_tool(b, command);
	check_run_refusals(b, command);
	check_map_unmap_refusals(b, command);
	check_flush_refusals(b, command);
	check_iopf_refusals(b, command);
	check_refused_early(b, command);
	check_iommufd(b, command);
	check_pasids(b, command);
	check_messages(b, command);
	check_unknown_commands(b, command);
	bench_close(b);
}

/* The node's mode is one guard; the module is the other. */
static void check_not_root(void)
{
	char path[300];
	pid_t child;
	int status, fd;

	how = "nobody";
	bench_path(path, sizeof(path));
	child = fork();
	if (!child) {
		chmod(path, 0666);
		if (setuid(65534))
			_exit(2);
		fd = open(path, O_RDWR);
		_exit(fd < 0 && errno == EPERM ? 0 : 1);
	}
	waitpid(child, &status, 0);
	chmod(path, 0600);
	expect_true(status == 0, "the device cannot be opened, whatever its mode");
}

int main(void)
{
	static struct bench b;

	/* A command that never comes back ends the test, and the last line tells where. */
	alarm(600);
	check_all(&b, by_ioctl, "ioctl");
	check_all(&b, by_uring, "io_uring");
	check_not_root();
	return 0;
}
