# SPDX-License-Identifier: GPL-2.0-only
# Devices of the lab's QEMU (configs/devices/aarch64-softmmu/iommubench.mak).
CONFIG_IOMMUBENCH=y

# Upstream's machine with upstream's SMMUv3: the model to compare with.
CONFIG_ARM_VIRT=y

# igb does not link without e1000e.
CONFIG_E1000E_PCI_EXPRESS=y
CONFIG_EDU=y
CONFIG_IGB_PCI_EXPRESS=y
CONFIG_NVME_PCI=y
CONFIG_PCIE_PORT=y
CONFIG_SPDM_SOCKET=y
CONFIG_VIRTIO_9P=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_PCI=y
CONFIG_VIRTIO_RNG=y
CONFIG_VIRTIO_SERIAL=y
