package io.tidewatch.procfs;

/** The numbers that ranges of bytes are, without an object. */
final class Digits {
    /** A number below it takes one more digit without an overflow. */
    private static final long MOST_DIGITS = 100_000_000_000_000_000L;

    private Digits() {}

    /** The unsigned whole number in a range; {@link Fields#OVERFLOW} for one of 2^63 or more, -1 if it is not all digits. */
    static long whole(byte[] text, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            if (number > (Long.MAX_VALUE - digit) / 10) {
                number = Fields.OVERFLOW;
            } else if (number != Fields.OVERFLOW) {
                number = number * 10 + digit;
            }
        }
        return number;
    }

    /** The number in a range, of whose digits the first 18 count; -1 if it is not digits with at most one point between. */
    static double decimal(byte[] text, int from, int to) {
        long digits = 0;
        double scale = 1;
        int point = -1;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (text[i] == '.' && point < 0 && i > from && i < to - 1) {
                point = i;
            } else if (digit < 0 || digit > 9) {
                return -1;
            } else if (digits < MOST_DIGITS) {
                digits = digits * 10 + digit;
                scale = point < 0 ? scale : scale * 10;
            } else {
                scale = point < 0 ? scale / 10 : scale;
            }
        }
        return digits / scale;
    }
}
