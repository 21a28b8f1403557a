package io.tidewatch.collector.receiver;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Labels;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.httpclient.HttpTarget;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * @param target the page; empty if {@code url} cannot be used. Its path is a secret
 * @param tokenFile file with the key of the receiver
 * @param caFile file with the certificates that sign the server's; those of Java without one
 */
record ReceiverSettings(
        Optional<HttpTarget> target, Publishers publishers, Optional<Path> tokenFile, Optional<Path> caFile) {
    private static final Pattern RESET = Pattern.compile("(?i)[?&]reset(=|&|$)");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{8}");

    static ReceiverSettings read(ReceiverCollector.Config config, SettingReader reader) {
        return new ReceiverSettings(
                reader.read("url", config.url(), ReceiverSettings::page, Optional.<HttpTarget>empty()),
                new Publishers(reader.read("names", config.names(), ReceiverSettings::names, Map.of())),
                reader.read("token.file", config.token_file(), ReceiverSettings::path, Optional.<Path>empty()),
                reader.read("ca.file", config.ca_file(), ReceiverSettings::path, Optional.<Path>empty()));
    }

    private static Optional<HttpTarget> page(String key, String value) {
        if (RESET.matcher(value).find()) {
            throw new InvalidSettingException(
                    key, shown(value), "a URL without reset, which clears the counters for every other reader");
        }
        try {
            return Optional.of(HttpTarget.parse(key, value, "/stats"));
        } catch (InvalidSettingException e) {
            throw new InvalidSettingException(key, shown(value), e.accepted());
        }
    }

    /** What is no secret of a URL: scheme and host. */
    private static String shown(String url) {
        return url.matches("(?s)[a-z]+://[^/?#@]+[/?#].*")
                ? url.replaceFirst("(?s)^([a-z]+://[^/?#@]+).*", "$1/…")
                : "…";
    }

    private static Map<String, String> names(String key, String value) {
        SortedMap<String, String> names =
                Labels.parse(key, value, DIGITS, "the eight digits that stand for a publisher, as in 1a2b3c4d=studio");
        if (new HashSet<>(names.values()).size() < names.size()) {
            throw new InvalidSettingException(key, value, "every name once");
        }
        return names;
    }

    private static Optional<Path> path(String key, String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(Setting.absolutePath(key, value, "a file"));
    }

    /** Returns the page without its secret, for messages. */
    String described() {
        return target.map(page -> page.isSocket() ? page.address() : page.host())
                .orElse("");
    }
}
