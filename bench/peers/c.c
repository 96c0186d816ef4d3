/* c.c (bench) - the workloads as a C programmer would write them: what a compiler makes of them is the floor of time. */

#define EXPORT(name) __attribute__((export_name(name)))

static double out[3]; /* the results, in the order c-wasm.js names them */

EXPORT("results") double *results(void) { return out; }

EXPORT("sum") void sum(double n) {
    double v = 0;
    for (int i = 0; i < (int)n; i++) v += i;
    out[0] = v;
}

EXPORT("collatz") void collatz(double n) {
    int best = 0, best_length = 0;
    for (int start = 1; start < (int)n; start++) {
        double x = start;
        int length = 1;
        for (; x > 1; length++) {
            double half = x * 0.5;
            x = __builtin_floor(half) == half ? half : 3 * x + 1;
        }
        if (length > best_length) {
            best = start;
            best_length = length;
        }
    }
    out[0] = best;
    out[1] = best_length;
}

EXPORT("nested") void nested(double n) {
    double v = 0;
    for (int i = 0; i < (int)n; i++)
        for (int j = 0; j < (int)n; j++)
            for (int k = 0; k < (int)n; k++) v += i * j + k;
    out[0] = v;
}

EXPORT("machine") void machine(double n) {
    int a = 1, hits = 0, state = 0, passed = 0;
    for (int i = 0; i < (int)n; i++) {
        switch (state) {
        case 0: a = (a * 13 + 7) % 1021; state = 1; break;
        case 1: state = 2 + a % 2; break;
        case 2: a++; state = 0; passed = 0; break;
        default:
            state = 0;
            if (passed < 3) {
                passed++;
                hits++;
            }
        }
    }
    out[0] = a;
    out[1] = hits;
    out[2] = state;
}

EXPORT("mandelbrot") void mandelbrot(double width, double height, double step) {
    int total = 0;
    for (int py = 0; py < (int)height; py++) {
        double cy = py * step - 1.125;
        for (int px = 0; px < (int)width; px++) {
            double cx = px * step - 2, zx = 0, zy = 0;
            int k = 0;
            for (; k < 100 && zx * zx + zy * zy <= 4; k++) {
                double t = zx * zx - zy * zy + cx;
                zy = 2 * zx * zy + cy;
                zx = t;
            }
            total += k;
        }
    }
    out[0] = total;
}
