/* variant.h (jspi) - the engine leaves when a slice is over, and drive() sleeps: the browser puts its stack aside. */
#define VARIANT_NAME    "jspi"
#define VARIANT_YIELDS  1
#define VARIANT_SLEEP() jspi_sleep()
#define VARIANT_LEAVE() jspi_leave()

void jspi_sleep(void);
void jspi_leave(void);
