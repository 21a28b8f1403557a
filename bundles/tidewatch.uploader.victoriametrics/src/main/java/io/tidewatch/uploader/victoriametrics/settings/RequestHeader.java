package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.InvalidSettingException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A header that an operator wants in every request.
 *
 * @param value its value; may be a secret
 */
public record RequestHeader(String name, String value) {
    /** RFC 9110, 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");

    /** What the uploader sets itself, and what HttpURLConnection leaves out silently. */
    private static final Pattern RESERVED = Pattern.compile(
            "authorization|connection|content-(encoding|length|type)|expect|host|keep-alive|origin|te|trailer"
                    + "|transfer-encoding|upgrade|user-agent|via|x-device-id|access-control-.*|sec-.*",
            Pattern.CASE_INSENSITIVE);

    /**
     * Reads {@code name=value,name=value}. A value has no comma and may have further equals signs.
     *
     * @throws InvalidSettingException without any value in its message, since values may be secrets
     */
    public static List<RequestHeader> parse(String key, String value) {
        return Stream.of(value.split(",", -1))
                .filter(pair -> !pair.isBlank())
                .map(pair -> one(key, pair.strip()))
                .toList();
    }

    private static RequestHeader one(String key, String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).strip();
        String value = pair.substring(equals + 1).strip();
        if (!TOKEN.matcher(name).matches() || !PRINTABLE.matcher(value).matches()) {
            throw new InvalidSettingException(
                    key, (name.isEmpty() ? "" : name + "=") + "…", "name=value,name=value in printable ASCII");
        }
        if (RESERVED.matcher(name).matches()) {
            throw new InvalidSettingException(
                    key,
                    name + "=…",
                    "headers other than those that the uploader sets itself (a token goes into token.file)");
        }
        return new RequestHeader(name, value);
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return name + "=…";
    }
}
