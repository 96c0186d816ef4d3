# jspi/variant.mk - the engine as it is: one import suspends (WebAssembly.Suspending), so nothing is rewritten.
