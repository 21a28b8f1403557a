package io.tidewatch.json;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Reads a number as programs print it, without what Java alone takes for one. */
public final class Decimal {
    private static final Pattern FINITE = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,6})?");
    private static final Pattern OTHER = Pattern.compile("[-+]?(nan|inf|infinity)");
    private static final int LONGEST = 400;

    private Decimal() {}

    /** Returns the number, NaN for what is called a number and is none; empty for any other text. */
    public static OptionalDouble parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > LONGEST) {
            return OptionalDouble.empty();
        }
        if (FINITE.matcher(stripped).matches()) {
            return OptionalDouble.of(Double.parseDouble(stripped));
        }
        return OTHER.matcher(stripped.toLowerCase(Locale.ROOT)).matches()
                ? OptionalDouble.of(Double.NaN)
                : OptionalDouble.empty();
    }
}
