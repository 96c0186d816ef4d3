/* hand.h (bench) - the programs written by hand: one for each workload, their results in `out`. */
#ifndef HAND_H
#define HAND_H

#define EXPORT(name) __attribute__((export_name(name)))

/* The results of the last call, in the order that peers/hand.js names them. */
extern double out[3];
EXPORT("results") double *results(void);

EXPORT("sum") void sum(double n);
EXPORT("collatz") void collatz(double n);
EXPORT("nested") void nested(double n);
EXPORT("switch") void machine(double n);
EXPORT("mandelbrot") void mandelbrot(double width, double height, double step);
EXPORT("particles") void particles(double n);
EXPORT("skinning") void skinning(double n);
EXPORT("slerp") void slerp(double n, double step);
EXPORT("nbody") void nbody(double n);
EXPORT("sieve") void sieve(double rounds);
EXPORT("recursion") void recursion(double depth);
EXPORT("montecarlo") void montecarlo(double n);
EXPORT("values") void values(double n);

#endif
