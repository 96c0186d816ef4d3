/* variant.h (plain) - the engine goes on when a slice is over: one call runs until nothing can run. */
#define VARIANT_NAME   "plain"
#define VARIANT_YIELDS 0
