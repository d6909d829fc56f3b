/* Lines in one direction, one through each voxel, cross a surface in proportion to its area as it
 * is seen from that direction; the mean over all directions of the areas seen, from both sides, is
 * half the surface. Each of the 13 directions stands for those that are nearer to it than to the
 * others: its weight is their part of the sphere, which is found by looking at points on the faces
 * of a cube around it. For cubic voxels the weights are 0.0915 (faces), 0.0740 (edges) and 0.0704
 * (corners), as the paper has them. */
#include "common/objects/surface.h"

#include <math.h>

#define POINTS 64 /* along an edge of the cube */

const signed char neighbour_steps[DIRECTIONS][AXES] = {
    {0, 0, 1}, {0, 1, 0},  {1, 0, 0}, {0, 1, 1},  {0, 1, -1}, {1, 0, 1},  {1, 0, -1},
    {1, 1, 0}, {1, -1, 0}, {1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {1, -1, -1}};

static int nearest(const double point[AXES], double (*unit)[AXES])
{
    int best = 0;
    double most = -1;
    for (int k = 0; k < DIRECTIONS; k++) {
        double cosine = fabs(point[0] * unit[k][0] + point[1] * unit[k][1] + point[2] * unit[k][2]);
        if (cosine > most) {
            most = cosine;
            best = k;
        }
    }
    return best;
}

void surface_weights(const double steps[AXES], double weights[DIRECTIONS])
{
    double unit[DIRECTIONS][AXES], length[DIRECTIONS], all = 0;
    double voxel = steps[0] * steps[1] * steps[2];
    for (int k = 0; k < DIRECTIONS; k++) {
        weights[k] = length[k] = 0;
        for (int axis = 0; axis < AXES; axis++)
            length[k] += pow(neighbour_steps[k][axis] * steps[axis], 2);
        length[k] = sqrt(length[k]);
        for (int axis = 0; axis < AXES; axis++)
            unit[k][axis] = neighbour_steps[k][axis] * steps[axis] / length[k];
    }
    /* Three faces: directions have no sign. */
    for (int face = 0; face < 3; face++)
        for (int i = 0; i < POINTS; i++)
            for (int j = 0; j < POINTS; j++) {
                double u = (2 * i + 1.) / POINTS - 1, v = (2 * j + 1.) / POINTS - 1;
                double point[AXES];
                point[face] = 1;
                point[(face + 1) % 3] = u;
                point[(face + 2) % 3] = v;
                double square = 1 + u * u + v * v, area = 1 / (square * sqrt(square));
                weights[nearest(point, unit)] += area;
                all += area;
            }
    for (int k = 0; k < DIRECTIONS; k++)
        weights[k] *= 2 / all * voxel / length[k];
}
