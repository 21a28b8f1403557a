package io.tidewatch.collector.hdmi;

import io.tidewatch.api.collector.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code v4l2-ctl --query-dv-timings} prints of a signal: lines such as {@code Active width: 1920}, {@code Frame format:
 * progressive} and {@code Pixelclock: 148500000 Hz (60.00 frames per second)}, in brackets {@code fields per second} of an
 * interlaced signal: utils/v4l2-ctl/v4l2-ctl-stds.cpp of v4l-utils. Other lines are accepted.
 *
 * @param width in pixels, empty if it is not there or cannot be
 * @param height in pixels, of both fields
 * @param scan {@code p}, {@code i}, or empty if it is not known
 * @param pictures frames per second of a progressive signal, fields of an interlaced one
 */
record Timings(OptionalInt width, OptionalInt height, String scan, OptionalDouble pictures) {
    /** HDMI 2.1 has 10240 x 4320 at most. */
    private static final int LARGEST = 16_384;

    static final int LONGEST_QUOTE = 60;
    private static final double FASTEST = 1_000;

    private static final Pattern RATE = Pattern.compile("\\((.*?) (frames|fields) per second\\)");

    /** @param damaged gets each value that is unreadable or out of range, and what is wrong with it; it is left out */
    static Timings parse(String text, BiConsumer<String, String> damaged) {
        OptionalInt width = OptionalInt.empty();
        OptionalInt height = OptionalInt.empty();
        OptionalDouble pictures = OptionalDouble.empty();
        String scan = "";
        List<String> seen = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "Active width" -> width = pixels("width", value, damaged);
                case "Active height" -> height = pixels("height", value, damaged);
                case "Frame format" -> scan = scan(value, damaged);
                case "Pixelclock" -> pictures = rate(value, damaged);
                default -> {
                    continue;
                }
            }
            seen.add(name);
        }
        if (seen.isEmpty()) {
            damaged.accept("timings", "has no timings: '" + Quote.of(text.strip(), LONGEST_QUOTE) + "'");
            return new Timings(width, height, scan, pictures);
        }
        for (String name : List.of("Active width", "Active height", "Frame format", "Pixelclock")) {
            if (!seen.contains(name)) {
                damaged.accept(name, "has no line '" + name + "'");
            }
        }
        return new Timings(width, height, scan, pictures);
    }

    /** Returns frames per second; empty if it is not known which pictures are counted. */
    OptionalDouble framesPerSecond() {
        if (pictures.isEmpty() || scan.isEmpty()) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(scan.equals("i") ? pictures.getAsDouble() / 2 : pictures.getAsDouble());
    }

    /** Returns the mode as {@code 1920x1080p60}; empty if a part of it is not known. The rate is rounded, since it is measured. */
    String mode() {
        if (width.isEmpty() || height.isEmpty() || scan.isEmpty() || pictures.isEmpty()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "%dx%d%s%d",
                width.getAsInt(),
                height.getAsInt(),
                scan,
                Math.round(pictures.getAsDouble()));
    }

    private static OptionalInt pixels(String name, String value, BiConsumer<String, String> damaged) {
        try {
            int pixels = Integer.parseInt(value);
            if (pixels > 0 && pixels <= LARGEST) {
                return OptionalInt.of(pixels);
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message.
        }
        damaged.accept(
                name,
                "has " + name + " '" + Quote.of(value, LONGEST_QUOTE) + "' (expected pixels from 1 to " + LARGEST
                        + ")");
        return OptionalInt.empty();
    }

    private static String scan(String value, BiConsumer<String, String> damaged) {
        return switch (value) {
            case "progressive" -> "p";
            case "interlaced" -> "i";
            default -> {
                damaged.accept(
                        "frame format",
                        "has frame format '" + Quote.of(value, LONGEST_QUOTE)
                                + "' (expected progressive or interlaced)");
                yield "";
            }
        };
    }

    private static OptionalDouble rate(String value, BiConsumer<String, String> damaged) {
        Matcher matcher = RATE.matcher(value);
        if (matcher.find()) {
            try {
                double rate = Double.parseDouble(String.valueOf(matcher.group(1)));
                if (rate > 0 && rate <= FASTEST) {
                    return OptionalDouble.of(rate);
                }
            } catch (NumberFormatException e) {
                // Falls through to the one message.
            }
        }
        damaged.accept(
                "rate",
                "has pixelclock '" + Quote.of(value, LONGEST_QUOTE)
                        + "' (expected frames per second in brackets, up to 1000)");
        return OptionalDouble.empty();
    }
}
