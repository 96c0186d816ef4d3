/* mandelbrot.c (bench) - points that stay, by their number of steps. */
#include "hand.h"

void mandelbrot(double width, double height, double step) {
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
