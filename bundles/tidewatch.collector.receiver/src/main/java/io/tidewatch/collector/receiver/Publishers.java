package io.tidewatch.collector.receiver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names publishers. Their keys, and the ids of players in URLs, let anyone publish or watch: a tag is the name that the .cfg
 * gives, else the first eight digits of the key's SHA-256.
 *
 * @param names by those digits
 */
record Publishers(Map<String, String> names) {
    private static final Pattern PUBLISHER = Pattern.compile("[?&]publisher=([^&]+)");
    private static final Pattern PLAYER = Pattern.compile("/stats/([^/?]+)(\\?.*)?$");

    String tag(String key) {
        String digits = digits(key);
        return names.getOrDefault(digits, digits);
    }

    /** Returns the tag of the only publisher that a page of this path is about; nothing if it is about all of them. */
    Optional<String> only(String path) {
        for (Pattern pattern : new Pattern[] {PUBLISHER, PLAYER}) {
            Matcher matcher = pattern.matcher(path);
            if (matcher.find()) {
                return Optional.of(tag(decoded(matcher.group(1))));
            }
        }
        return Optional.empty();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a stray percent sign
        }
    }

    private static String digits(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
