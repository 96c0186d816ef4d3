# asyncify/variant.mk - C may sleep: of all functions only drive() is rewritten so that it can leave and come back.
LINK += --profiling-funcs
POST = $(WASM_OPT) -O3 --asyncify --pass-arg=asyncify-imports@env.emscripten_sleep --pass-arg=asyncify-onlylist@drive --strip-debug --strip-producers
ASSERT = --pass-arg=asyncify-asserts
