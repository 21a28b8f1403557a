package io.tidewatch.exposition;

import java.nio.charset.StandardCharsets;

/**
 * Reads the numbers of a page: what Go's {@code strconv.ParseFloat} takes in base 10, which is what Prometheus takes, without an
 * object for all but the longest ones.
 */
final class Numbers {
    /** Powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private static final long EXACT = 1L << 53;
    private static final int MOST_DIGITS = 18;
    private static final int LARGEST_EXPONENT = 10_000;

    private Numbers() {}

    /** @throws MalformedException if the range is no number */
    static double parse(byte[] line, int from, int to, int column) throws MalformedException {
        int i = from;
        boolean negative = i < to && line[i] == '-';
        if (negative || (i < to && line[i] == '+')) {
            i++;
        }
        if (i < to && isLetter(line[i])) {
            return special(line, from, i, to, negative, column);
        }
        long mantissa = 0;
        int digits = 0;
        int significant = 0;
        int scale = 0;
        boolean point = false;
        for (; i < to; i++) {
            byte c = line[i];
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                digits++;
                if (significant < MOST_DIGITS) {
                    mantissa = 10 * mantissa + (c - '0');
                }
                significant += mantissa > 0 ? 1 : 0;
                scale -= point ? 1 : 0;
            } else {
                break;
            }
        }
        if (digits == 0) {
            throw noNumber(line, from, to, column);
        }
        if (i < to) {
            scale += exponent(line, from, i, to, column);
        }
        // Both are exact, so that one operation rounds once: the nearest double (Clinger 1990).
        if (significant <= MOST_DIGITS && mantissa <= EXACT && Math.abs(scale) < POWERS.length) {
            double value = scale < 0 ? mantissa / POWERS[-scale] : mantissa * POWERS[scale];
            return negative ? -value : value;
        }
        return Double.parseDouble(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static int exponent(byte[] line, int from, int mark, int to, int column) throws MalformedException {
        int i = mark;
        if (line[i] != 'e' && line[i] != 'E') {
            throw noNumber(line, from, to, column);
        }
        i++;
        boolean negative = i < to && line[i] == '-';
        if (negative || (i < to && line[i] == '+')) {
            i++;
        }
        if (i == to) {
            throw noNumber(line, from, to, column);
        }
        int exponent = 0;
        for (; i < to; i++) {
            if (line[i] < '0' || line[i] > '9') {
                throw noNumber(line, from, to, column);
            }
            exponent = Math.min(10 * exponent + (line[i] - '0'), LARGEST_EXPONENT);
        }
        return negative ? -exponent : exponent;
    }

    private static double special(byte[] line, int from, int letters, int to, boolean negative, int column)
            throws MalformedException {
        String word = new String(line, letters, to - letters, StandardCharsets.ISO_8859_1);
        if (word.equalsIgnoreCase("nan") && letters == from) {
            return Double.NaN;
        }
        if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        throw noNumber(line, from, to, column);
    }

    private static boolean isLetter(byte c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static MalformedException noNumber(byte[] line, int from, int to, int column) {
        return new MalformedException(column, "expected a number, found " + Quoted.of(line, from, to));
    }
}
