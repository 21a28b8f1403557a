package io.tidewatch.page;

import io.tidewatch.page.query.BadQueryException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The parameters of a request, of its address and its form. Immutable. */
final class Parameters {
    private final Map<String, List<String>> byName = new TreeMap<>();

    /** @param encoded texts as {@code a=1&b=2}, percent-encoded; nothing for an empty one */
    Parameters(List<String> encoded) throws BadQueryException {
        for (String text : encoded) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    byName.computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
                            .add(decoded(pair.substring(equals + 1)));
                }
            }
        }
    }

    private static String decoded(String text) throws BadQueryException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException("the parameters are not percent-encoded: " + e.getMessage());
        }
    }

    List<String> all(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** The value of a parameter; the first of several. */
    Optional<String> optional(String name) {
        return all(name).stream().findFirst();
    }

    String required(String name) throws BadQueryException {
        return optional(name).orElseThrow(() -> new BadQueryException("the parameter " + name + " is missing"));
    }
}
