/* variant.h (step) - the engine leaves when a slice is over: the host enters it again when it likes. */
#define VARIANT_NAME   "step"
#define VARIANT_YIELDS 1
#define VARIANT_STEPS  1
