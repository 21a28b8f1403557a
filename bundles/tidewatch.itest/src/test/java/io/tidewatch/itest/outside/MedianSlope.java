package io.tidewatch.itest.outside;

import java.util.ArrayList;
import java.util.List;

/**
 * The slope of a line through points, of which up to a quarter may be wild: the median of the slopes between all pairs
 * (Theil 1950, Sen 1968).
 */
final class MedianSlope {
    /** Beyond so many points only each second, third, ... is taken: pairs grow with the square. */
    private static final int MOST_POINTS = 1000;

    private final List<double[]> points = new ArrayList<>();

    /** One more point. */
    void add(double x, double y) {
        points.add(new double[] {x, y});
    }

    /** How many points there are. */
    int points() {
        return points.size();
    }

    /** Change of y for a change of x by 1; 0 for less than two points. */
    double slope() {
        int step = points.size() / MOST_POINTS + 1;
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < points.size(); i += step) {
            for (int j = i + step; j < points.size(); j += step) {
                double distance = points.get(j)[0] - points.get(i)[0];
                if (distance != 0) {
                    slopes.add((points.get(j)[1] - points.get(i)[1]) / distance);
                }
            }
        }
        if (slopes.isEmpty()) {
            return 0;
        }
        slopes.sort(null);
        int middle = slopes.size() / 2;
        return slopes.size() % 2 == 1 ? slopes.get(middle) : (slopes.get(middle - 1) + slopes.get(middle)) / 2;
    }
}
