package io.tidewatch.collector.accelerator;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Short names of the cores for video, which the kernel calls by the address of their registers and their kind: {@code
 * fdbd0000.rkvenc-core} is {@code rkvenc0}, {@code fdbe0000.rkvenc-core} is {@code rkvenc1}, {@code fdc70000.av1d} is
 * {@code av1d}. Cores of a kind are numbered by address. A core that was seen once keeps its place. Not safe for use
 * by several threads.
 */
final class CoreNames {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{6,12})\\.([a-z][a-z0-9_-]{1,30})");
    private static final Pattern SUFFIX = Pattern.compile("-(core|plus)$");

    private final Map<String, SortedSet<Long>> addresses = new HashMap<>();

    /** Whether the kernel would call a core so; it then has its place. */
    boolean learn(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        ofKind(matcher.group(2)).add(address(matcher));
        return true;
    }

    /** The short name of a core that was learnt. */
    String of(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return name;
        }
        String kind = matcher.group(2);
        int number = ofKind(kind).headSet(address(matcher)).size();
        String plain = SUFFIX.matcher(kind).replaceFirst("");
        return kind.endsWith("-core") || number > 0 ? plain + number : plain;
    }

    private SortedSet<Long> ofKind(String kind) {
        return addresses.computeIfAbsent(kind, fresh -> new TreeSet<>());
    }

    private static long address(Matcher matcher) {
        return Long.parseLong(matcher.group(1), 16);
    }
}
