package io.tidewatch.collector.modem;

import java.math.BigDecimal;

/**
 * Values that a modem can have, both ends among them. What lies outside is an error of its driver and is left out, never moved to the
 * nearest end.
 */
record Range(double least, double most) {
    static final Range PERCENT = new Range(0, 100);

    /** RSRP in dBm: -140 to -44 of LTE (3GPP TS 36.133), -156 to -31 of 5G (TS 38.133), and some room. */
    static final Range RSRP = new Range(-160, -20);

    /** RSRQ in dB: -34 to 2.5 of LTE (3GPP TS 36.133), -43 to 20 of 5G (TS 38.133), and some room. */
    static final Range RSRQ = new Range(-50, 25);

    /** Signal-to-noise ratio in dB: -23 to 40 of 5G (3GPP TS 38.133), and some room. */
    static final Range SNR = new Range(-40, 60);

    /** RSSI in dBm: -113 to -51 of GSM (3GPP TS 27.007), and some room; 0 is what drivers without a value give. */
    static final Range RSSI = new Range(-130, -10);

    /** What a counter of bytes, seconds or attempts can have, as far as a number of the store counts exactly. */
    static final Range COUNT = new Range(0, 1L << 53);

    /** Whether it has this value; false for NaN. */
    boolean has(double value) {
        return value >= least && value <= most;
    }

    /** As in {@code -160 to -20}. */
    @Override
    public String toString() {
        return plain(least) + " to " + plain(most);
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
