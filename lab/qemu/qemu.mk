# SPDX-License-Identifier: GPL-2.0-only
#
# The lab's own QEMU, for boards that the distribution's does not have. Included by lab/lab.mk.

.PHONY: lab-qemu

# A file with the program's path in the cache.
build/lab/qemu: FORCE
	@mkdir -p $(@D)
	@lab/qemu/build > $@.new || { s=$$?; rm -f $@.new; exit $$s; }
	@cmp -s $@.new $@ || cp $@.new $@; rm $@.new

# What boards call.
build/lab/qemu-system-aarch64: build/lab/qemu
	@ln -sf "$$(cat $<)" $@

lab-qemu: build/lab/qemu-system-aarch64

.PHONY: bench-lab
bench-lab: build/lab/qemu
	@lab/qemu/bench/run "$$(cat build/lab/qemu)"

# The device models' tests
.PHONY: check-qemu
check-qemu: build/lab/qemu
	@lab/qemu/tests/run "$$(cat build/lab/qemu)"
