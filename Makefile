# Makefile - builds Treadle under build/: the native tool, and one WebAssembly module per folder of variants/.
#
#   make               the native tool and every variant
#   make native        build/native/treadle, by $(CC); needs a C compiler only
#   make NAME          build/NAME/treadle.wasm, for a folder NAME of variants/ (plain, step, asyncify ...)
#   make variants      all of these, and their sizes in build/size.json
#   make alone         build/alone/runtime.wasm, what standalone modules are made of (treadle compile -o FILE.wasm)
#   make start         sets the machine up, serves the pages on loopback, opens the compare page
#                      (HEADLESS=1: runs that page without a window, prints its table, gives a status)
#   make test          sets the machine up and runs every test; the last line is "N passed, N failed"
#   make test-native   the tests that need no Wasm: floors, units, native graphs, a short fuzz run
#   make test-web      the tests in real browsers
#   make conformance   the Khronos graphs in every way to run them; a table, and build/conformance.json
#   make soak          compares the runs of N (100000) random graphs, natively and in every variant
#   make fuzz          fuzzes for FUZZ_SECONDS (60) per target
#   make bench         measures against other engines and what was aimed at; writes build/bench.json
#   make size          bytes per variant, raw and by brotli
#   make floors        checks that every file includes only from its own floor or below
#   make docs          build/docs/ops.md, the table of ops
#   make format        clang-format over the .c files of src/; headers and tables are laid out by hand
#   make clean         removes what was built; downloads stay (make distclean removes build/ whole)
#
# Variables: CC, CLANG, EMCC, JOBS (parallel jobs), VERBOSE=1 (shows commands), NATIVE_VARIANT (plain),
# KHR_SUITE (the folder of the Khronos graphs, ../shared/khr).

FLOORS   := base op graph code run engine task api
VARIANTS := $(sort $(notdir $(patsubst %/,%,$(wildcard variants/*/))))

CC       := $(if $(filter default,$(origin CC)),gcc,$(CC))
CLANG    ?= $(if $(shell command -v clang),clang,$(CC))
EMCC     ?= emcc
NATIVE_VARIANT ?= plain
FUZZ_SECONDS   ?= 60
N        ?= 100000
JOBS     ?= $(shell nproc 2>/dev/null || echo 2)

# Jobs run in parallel unless a sub-make already takes part in its parent's. Debian's emcc finds its
# JavaScript parts only in Debian's own folder; a Node in build/node goes before the system's older one.
MAKEFLAGS += --no-builtin-rules $(if $(filter 0,$(MAKELEVEL)),-j$(JOBS))
export NODE_PATH := /usr/share/nodejs
ifeq ($(findstring $(CURDIR)/build/node/bin:,$(PATH)),)
export PATH := $(CURDIR)/build/node/bin:$(PATH)
endif
Q := $(if $(VERBOSE),,@)

ALONE  := $(wildcard src/run/alone*.c)
ENGINE := $(filter-out src/api/door.c src/api/main.c $(ALONE),$(foreach floor,$(FLOORS),$(sort $(wildcard src/$(floor)/*.c))))
# C that only the native tool writes.
CGEN   := $(wildcard src/run/cgen*.c) src/api/compile.c
UNITS  := $(sort $(wildcard tests/unit/*.c))
FUZZES := $(sort $(wildcard tests/fuzz/*.c))
CJSON  := build/deps/cJSON/cJSON.c

# C that goes into emitted C (run/cgen_source.c), as strings.
TEXTS := $(shell sed -n 's/^\#include "\(.*\.text\)"/build\/text\/\1/p' src/run/cgen_source.c)

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror
CFLAGS := -std=c11 -ffp-contract=off -isystem build/deps/cJSON -MMD -MP
CJSON_FLAGS := -w -DCJSON_NESTING_LIMIT=512

.PHONY: all native variants $(VARIANTS) variant alone start test test-native test-web conformance soak bench size floors docs
.PHONY: format clean distclean fuzz fuzzers help setup emscripten FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: native variants alone

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

setup:
	@.ci/setup

$(CJSON):
	@.ci/setup cjson

$(TEXTS): build/text/%.text: src/%
	@mkdir -p $(@D)
	$(Q)sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $< >$@

# --- native: one folder per way of compiling ---------------------------------------------------

NATIVE := -g $(WARN) -Ivariants/$(NATIVE_VARIANT) -Ibuild/text
SAN    := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

native.cc := $(CC)
native.flags := -O2
asan.cc := $(CLANG)
asan.flags := -O1 $(SAN)
fuzz.cc := $(CLANG)
fuzz.flags := -O1 $(SAN) -fsanitize=fuzzer-no-link

# objects WAY, FILES: where the objects of FILES are for this way; flags-file holds what they were made with.
objects = $(patsubst %.c,build/$1/%.o,$2) build/$1/cJSON.o

define rules
build/$1/src/run/cgen_source.o: $(TEXTS)
build/$1/%.o: %.c build/$1/flags | $$(CJSON)
	@mkdir -p $$(@D)
	@echo 'cc    $$@'
	$$(Q)$$($1.cc) $$(CFLAGS) $$(NATIVE) $$($1.flags) -c $$< -o $$@
build/$1/cJSON.o: $$(CJSON) build/$1/flags
	$$(Q)$$($1.cc) $$(CFLAGS) $$($1.flags) $$(CJSON_FLAGS) -c $$< -o $$@
build/$1/treadle: $$(call objects,$1,$$(ENGINE) src/api/main.c)
	@echo 'link  $$@'
	$$(Q)$$($1.cc) $$($1.flags) $$^ -lm -o $$@
build/$1/flags: FORCE
	$$(call remember,$$($1.cc) $$(CFLAGS) $$(NATIVE) $$($1.flags) $$(CJSON_FLAGS))
endef

# remember TEXT: $@ holds TEXT, and is newer only when TEXT is new.
remember = @mkdir -p $(@D); echo '$1' | cmp -s - $@ || echo '$1' >$@

$(foreach way,native asan fuzz,$(eval $(call rules,$(way))))

native: build/native/treadle

build/asan/unit: $(call objects,asan,$(ENGINE) $(UNITS))
	@echo 'link  $@'
	$(Q)$(asan.cc) $(asan.flags) $^ -lm -o $@

fuzzers: $(patsubst tests/fuzz/%.c,build/fuzz/%,$(FUZZES))
build/fuzz/%: build/fuzz/tests/fuzz/%.o $(call objects,fuzz,$(ENGINE))
	@echo 'link  $@'
	$(Q)$(fuzz.cc) $(fuzz.flags) -fsanitize=fuzzer $^ -lm -o $@

# --- WebAssembly: a sub-make per variant, which reads that variant's two files ------------------

variants: $(VARIANTS)
	@$(if $(VARIANTS),node tests/size.js --quiet)

emscripten:
	@.ci/setup emscripten

$(VARIANTS): $(CJSON) $(TEXTS) emscripten
	@+$(MAKE) --no-print-directory V=$@ variant

alone: emscripten
	@+$(MAKE) --no-print-directory A=1 build/alone/runtime.wasm

# The runtime of standalone modules stays relocatable: each takes from it what it needs (src/run/splice.h). What is called
# from hot loops is built for speed, the rest for size.
ifdef A
RUNTIME := $(addprefix src/run/alone,.c _door.c _memory.c _ops.c) src/op/fn.c src/op/vec.c
BARE    := -mno-nontrapping-fptoint -mno-bulk-memory

build/alone/src/run/%.o: OPTIMIZED := -Os
build/alone/src/run/alone_ops.o build/alone/src/op/%.o: OPTIMIZED := -O3
build/alone/src/run/alone_memory.o: OPTIMIZED := -O3 -fno-builtin
build/alone/%.o: %.c build/alone/flags
	@mkdir -p $(@D)
	@echo 'emcc  $@'
	$(Q)$(EMCC) $(CFLAGS) $(WARN) $(BARE) $(OPTIMIZED) -c $< -o $@
build/alone/runtime.wasm: $(RUNTIME:%.c=build/alone/%.o)
	@echo 'link  $@'
	$(Q)$(EMCC) -O3 -r $^ -lc -o $@.o && mv $@.o $@
build/alone/flags: FORCE
	$(call remember,$(EMCC) $(CFLAGS) $(WARN) $(BARE))
endif

ifdef V
VARIANT_DIR ?= variants/$(V)
EMCC_MAJOR := $(shell $(EMCC) --version | sed -n '1s/.* \([0-9]*\)\.[0-9.]*.*/\1/p')
WASM_OPT   := $(firstword $(wildcard $(dir $(shell command -v $(EMCC)))../bin/wasm-opt) wasm-opt)

# Only the loops that decide speed are worth their size. All versions of emcc make the same thing: newer ones
# would use instructions the older does not know.
HOT  := src/run/vm src/run/store src/op/vec src/graph/scan cJSON
WASM := -Os -I$(VARIANT_DIR) -Ibuild/text $(if $(filter 3,$(EMCC_MAJOR)),,-mno-nontrapping-fptoint -mno-bulk-memory -mno-bulk-memory-opt)

# No JavaScript of Emscripten's: js/ loads the bare module. Imports are declared in the C code, so the
# linker need not know them. The stack lies below all data, so that running out of it traps. The table of functions grows
# by the units of compiled graphs, and they find the engine's functions in it.
LINK := --no-entry -sERROR_ON_UNDEFINED_SYMBOLS=0 -sWARN_ON_UNDEFINED_SYMBOLS=0 -sWASM_BIGINT \
        -sMALLOC=emmalloc -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=4MB -sTOTAL_STACK=262144 -Wl,--stack-first \
        -sSUPPORT_LONGJMP=0 -Wl,--export-table -Wl,--growable-table
# Sizes decide until here; the whole module once more for speed is 25 % on bench/graphs/collatz, for 0.3 % of size.
POST = $(WASM_OPT) -O3 --strip-debug --strip-producers
ASSERT :=
include $(VARIANT_DIR)/variant.mk

# In place of -Os, not behind it: with any -Os on its command line emcc inlines nothing.
$(HOT:%=build/$(V)/%.o): WASM := $(WASM:-Os=-O3)

variant: build/$(V)/treadle.wasm $(if $(ASSERT),build/$(V)-assert/treadle.wasm)
	@:

build/$(V)/%.o: %.c build/$(V)/flags
	@mkdir -p $(@D)
	@echo 'emcc  $@'
	$(Q)$(EMCC) $(CFLAGS) $(WARN) $(WASM) -c $< -o $@
build/$(V)/src/run/cgen_source.o: $(TEXTS)
build/$(V)/cJSON.o: $(CJSON) build/$(V)/flags
	$(Q)$(EMCC) $(CFLAGS) $(WASM) $(CJSON_FLAGS) -c $< -o $@
build/$(V)/linked.wasm: $(call objects,$(V),$(filter-out $(CGEN),$(ENGINE)) src/api/door.c) build/$(V)/link-flags
	@echo 'link  $@'
	$(Q)$(EMCC) $(WASM) $(LINK) $(filter %.o,$^) -o $@
build/$(V)/treadle.wasm: build/$(V)/linked.wasm
	$(Q)$(if $(POST),$(call post,),cp $< $@)
build/$(V)-assert/treadle.wasm: build/$(V)/linked.wasm
	@mkdir -p $(@D)
	$(Q)$(call post,$(ASSERT))
build/$(V)/flags: FORCE
	$(call remember,$(EMCC) $(EMCC_MAJOR) $(CFLAGS) $(WARN) $(WASM) $(CJSON_FLAGS))
build/$(V)/link-flags: FORCE
	$(call remember,$(LINK) $(POST) $(ASSERT))

# post ARGUMENTS: the step after linking. It has nothing to say when all is well: a function on a list of
# Asyncify's that was inlined away, for one, is a warning that must not pass.
post = said=$$($(POST) $1 $< -o $@ 2>&1) && [ -z "$$said" ] || { echo "$$said"; rm -f $@; exit 1; }
endif

# --- running, testing, measuring ---------------------------------------------------------------

start: setup
	@+$(MAKE) --no-print-directory variants
	@node js/start.js $(if $(HEADLESS),--headless)

test: setup
	@.ci/setup wabt || echo 'wabt cannot be installed: one test is skipped'
	@+$(MAKE) --no-print-directory native build/asan/unit build/asan/treadle fuzzers variants alone
	@node tests/run.js

test-native: build/native/treadle build/asan/unit build/asan/treadle fuzzers
	@node tests/run.js floors units native fuzz

test-web: variants
	@.ci/setup chromium node npm
	@node tests/run.js web

conformance: native variants
	@node tests/khr/conformance.js

soak: native variants
	@N=$(N) node tests/random/soak.js

fuzz: fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) node tests/run.js fuzz

# The workloads by hand, without any yield: nothing of it is the engine's, so it has its own flags.
build/bench/hand.wasm: $(wildcard bench/hand/*.[ch]) | emscripten
	@mkdir -p $(@D)
	@echo 'emcc  $@'
	$(Q)$(EMCC) -std=c11 $(WARN) -O3 -ffp-contract=off --no-entry $(filter %.c,$^) -o $@

bench: native variants build/bench/hand.wasm
	@.ci/setup chromium node npm
	@.ci/setup npm bench
	@node bench/run.js
	@node bench/busy.js
	@node bench/flock.js

size: variants
	@node tests/size.js

floors:
	@node tests/floors.js

docs: build/native/treadle
	@mkdir -p build/docs
	$< ops >build/docs/ops.md
	@echo build/docs/ops.md

format:
	@.ci/setup format
	@$$(command -v clang-format-14 || echo clang-format) -i $(wildcard src/*/*.c)

clean:
	rm -rf $(filter-out build/cache build/deps build/node,$(wildcard build/*))

distclean:
	rm -rf build node_modules

-include $(shell find build -name '*.d' 2>/dev/null)
