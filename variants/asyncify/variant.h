/* variant.h (asyncify) - the engine leaves when a slice is over, and drive() sleeps until the host wakes it. */
#define VARIANT_NAME   "asyncify"
#define VARIANT_YIELDS 1
#define VARIANT_SLEEP() emscripten_sleep(0)

void emscripten_sleep(unsigned int ms);
