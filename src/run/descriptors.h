/* descriptors.h (run) - what a host can know of a compiled graph, as JSON:
**
**   {"treadle":1,"version","name","hash","shape",
**    "types":{"float3":{"lanes":3,"lane":"f64","letter"}}, those that are used; a lane is 8 bytes: i32, f64 or i64
**    "variables":[{"id","type","handle","at"}],            at: address of its lanes
**    "inputs":[the same],
**    "outputs":[{"id","type","handle"}],                   at: when it can be read without get()
**    "events":[{"id","receivers","values":[{"id","type","lane","value"}]}],
**                                                          in order of numbers; id "": internal; value: default
**    "nodes":[{"id","op"}],                                in order of their handles
**    "order":[...],                                        handles, each behind those whose values it reads
**    "logs":[{"node","severity","text":["x = ",{"type","lane"}]}],
**    "calls":[{"node","op","inputs":[{"id","type","lane"}],"outputs":[the same]}],
**    "starts":[nodes],"ticks":[nodes],                     event/onStart, event/onTick
**    "memory":{"values","lanes","state","stateSize","now","fuel","fuelLimit","reason"}}
**
** At `reason` lies the address of a text that ends in NUL, or 0; at `now` an f64, seconds; at the fuels an i64. */
#ifndef TREADLE_DESCRIPTORS_H
#define TREADLE_DESCRIPTORS_H

#include "../base/buf.h"
#include "../code/code.h"
#include "alone.h"

/* Addresses, and offsets of what hosts read in the state. */
typedef struct DescriptorPlaces {
    u32 slots;
    u32 values, lanes; /* graph_values, and how many it holds */
    u32 state, state_size;
    u32 now, fuel, fuel_limit, reason;
} DescriptorPlaces;

/* Appends them. False: no memory. */
bool descriptors_json(Buf *out, const Program *p, const AlonePlan *plan, const char *version, const char *shape,
                      const DescriptorPlaces *at);

#endif
