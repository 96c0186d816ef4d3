# plain/variant.mk - the engine as it is: a call runs until the graph is done.
