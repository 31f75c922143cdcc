# The front door. Meson and Ninja do the work; what takes more than a line is in tools/.
#
#   make                 configure and build into build/
#   make run ARGS='…'    the console           make test      every test
#   make PYTHON=/path/to/python3.13 BUILD=build-3.13          for another interpreter

# The distribution's Python, there already or installed by tools/setup.sh.
PYTHON  ?= $(if $(wildcard /usr/bin/python3 /usr/bin/apt-get),/usr/bin/python3,python3)
BUILD   ?= build
ARGS    ?=
OPTIONS ?=
export PYTHON BUILD

SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: all setup compile run test long bench matrix differential asan tsan fuzz coverage lint wheel install clean

# The build folder remembers the interpreter it was configured for, and follows a change of PYTHON.
CONFIGURED = $(BUILD)/configured-for$(subst /,-,$(PYTHON))

all: setup compile

setup:
	@tools/setup.sh build </dev/null >&2

# What goes before the program reads nothing from its standard input and writes nothing to its output.
$(CONFIGURED):
	@tools/mesonenv.sh meson setup $(BUILD) -Dpython=$(PYTHON) $(OPTIONS) $$(test ! -e $(BUILD)/build.ninja || echo --wipe) </dev/null >&2
	@rm -f $(BUILD)/configured-for*; touch $@

compile: $(CONFIGURED)
	@tools/mesonenv.sh ninja -C $(BUILD) --quiet </dev/null | sed '/no work to do/d' >&2

run: all
	@$(BUILD)/pyconsole $(ARGS)

test:
	@tools/setup.sh test </dev/null
	@$(MAKE) compile
	@$(PYTHON) tools/test.py

# What could go on for ever: ten minutes of random keys, a thousand kills, many cuts and sizes.
long:
	@tools/setup.sh test </dev/null
	@$(MAKE) compile
	@PYCONSOLE_LONG=1 PYCONSOLE_BUILD=$(BUILD) $(PYTHON) -m pytest -q -rP tests/pty/test_replay.py \
	    tests/pty/test_history.py

bench:
	@tools/setup.sh bench </dev/null
	@$(MAKE) compile
	@PYTHONPATH=$(BUILD)/python $(PYTHON) bench/bench.py --build $(BUILD) $(ARGS); status=$$?; \
	    PYTHONPATH=$(BUILD)/python $(PYTHON) bench/sessions.py --build $(BUILD) || status=1; \
	    $(PYTHON) bench/terminal.py --build $(BUILD) && exit $$status

matrix:
	@tools/setup.sh test matrix </dev/null
	@tools/matrix.sh all

differential:
	@tools/setup.sh test matrix </dev/null
	@tools/matrix.sh differential

asan:
	@tools/setup.sh test </dev/null
	@$(MAKE) compile BUILD=build-asan OPTIONS='-Db_sanitize=address,undefined -Db_lundef=false'
	@$(PYTHON) tools/test.py --build build-asan --sanitize

tsan:
	@tools/setup.sh test </dev/null
	@$(MAKE) compile BUILD=build-tsan OPTIONS='-Db_sanitize=thread -Db_lundef=false'
	@TSAN_OPTIONS=halt_on_error=1 tools/mesonenv.sh meson test -C build-tsan --no-rebuild --print-errorlogs --suite threads

fuzz:
	@tools/setup.sh lint </dev/null
	@CC=clang $(MAKE) compile BUILD=build-fuzz OPTIONS='-Dfuzz=true -Db_lundef=false'
	@tools/fuzz.sh build-fuzz $(ARGS)

coverage:
	@tools/setup.sh test </dev/null
	@$(MAKE) compile BUILD=build-coverage OPTIONS=-Db_coverage=true
	@find build-coverage -name '*.gcda' -delete
	@$(PYTHON) tools/test.py --build build-coverage; status=$$?; $(PYTHON) tools/coverage.py build-coverage && exit $$status

lint:
	@tools/setup.sh lint </dev/null
	@tools/lint.sh

wheel: all
	@$(PYTHON) tools/wheel.py --build $(BUILD) --out $(BUILD)/wheel

install: all
	@tools/mesonenv.sh meson install -C $(BUILD) --no-rebuild

clean:
	@rm -rf $(BUILD) build build-asan build-tsan build-coverage build-fuzz build-lint-gcc build-lint-clang build-3.*
