// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a PCI function says of the answers to its page requests, in its PRI capability.
 */
#include <linux/pci.h>

#include "device.h"
#include "iopf/internal.h"
#include "run/run.h"

#define PRI_ERRORS	(PCI_PRI_STATUS_RF | PCI_PRI_STATUS_UPRGI)

static u16 pri_errors(struct pci_dev *pdev, int pri)
{
	u16 status = 0;

	pci_read_config_word(pdev, pri + PCI_PRI_STATUS, &status);
	return status & PRI_ERRORS;
}

/**
 * iopf_pri_begin() - forget what was wrong before a run
 * @work: receives what is to be looked at after it, nothing when the device is no PCI function
 *	that can ask for pages
 * @dev: the device
 */
void iopf_pri_begin(struct iopf_work *work, struct device *dev)
{
	struct pci_dev *pdev;
	int pri;

	if (!dev_is_pci(dev))
		return;
	pdev = to_pci_dev(dev);
	pri = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_PRI);
	if (!pri)
		return;
	/* A 1 clears; the other bits are not affected. */
	pci_write_config_word(pdev, pri + PCI_PRI_STATUS, PRI_ERRORS);
	work->pri = pri;
	work->pri_watched = PRI_ERRORS & ~pri_errors(pdev, pri);
}

/**
 * iopf_pri_end() - see that all answers fitted the requests
 * @run: its threads have ended, but for the caller; @run->lock is held
 *
 * A function sets UPRGI when an answer is for no group that it has asked for, and RF when it is
 * told that nobody can answer, which is what happens where page requests are denied.
 */
void iopf_pri_end(struct bench_run *run)
{
	const struct iommubench_iopf *p = run->params;
	struct iommubench_check *check = &run->checks[IOMMUBENCH_CHECK_PRI_ANSWERS];
	const struct iopf_work *work = run->work;
	struct device *dev = run->bd->dev;
	u16 errors;

	if (!work->pri_watched)
		return;
	errors = pri_errors(to_pci_dev(dev), work->pri) & work->pri_watched;
	if (!p->answered)
		errors &= ~PCI_PRI_STATUS_RF;
	check->count++;
	if (!errors)
		return;
	check->failures++;
	if (!run->message.text[0])
		scnprintf(run->message.text, sizeof(run->message.text),
			  "device %s got an answer to page requests that %s", dev_name(dev),
			  errors & PCI_PRI_STATUS_UPRGI ? "it had not made (UPRGI)" :
			  "says that nobody can answer (response failure)");
}
