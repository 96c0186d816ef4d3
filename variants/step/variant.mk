# step/variant.mk - the engine as it is: the host buys a batch at a time, so nothing need be added.
