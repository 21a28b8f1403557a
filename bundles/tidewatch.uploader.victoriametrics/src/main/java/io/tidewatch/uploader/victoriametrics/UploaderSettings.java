package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator configured, checked.
 *
 * @param url import URL without user info; empty: store only
 * @param userInfo {@code user:password} of the URL, for basic authentication
 * @param interval time between two cycles
 * @param timeout limit of a connect, of a read, and of a whole request
 * @param batchSize samples at most that one query of fresh samples reads
 * @param chunkLines lines at most in a request
 * @param lineValues samples at most in a line
 * @param tokenFile file with the bearer token
 * @param headers further request headers
 * @param retry attempts and waits within a cycle
 */
record UploaderSettings(
        Optional<URI> url,
        Optional<String> userInfo,
        Duration interval,
        Duration timeout,
        int batchSize,
        int chunkLines,
        int lineValues,
        Optional<Path> tokenFile,
        Map<String, String> headers,
        Backoff.Settings retry) {
    private static final int MAX_BATCH = 100_000;
    private static final int MAX_LINES = 10_000;

    UploaderSettings {
        headers = Map.copyOf(headers);
    }

    /**
     * Reads a configuration.
     *
     * @throws InvalidSettingException for the first value that is not accepted
     */
    static UploaderSettings of(Uploader.Config config) {
        Optional<URI> given = url(config.url().strip());
        boolean enabled = Setting.bool("enabled", config.enabled());
        boolean retries = Setting.bool("retry.enabled", config.retry_enabled());
        int attempts = Setting.integer("retry.max.attempts", config.retry_max_attempts(), 1, 100);
        return new UploaderSettings(
                enabled ? given.map(UploaderSettings::withoutUserInfo) : Optional.empty(),
                given.map(URI::getUserInfo),
                Setting.duration("upload.interval", config.upload_interval()),
                Setting.duration("timeout", config.timeout()),
                Setting.integer("batch.size", config.batch_size(), 1, MAX_BATCH),
                Setting.integer("chunk.size", config.chunk_size(), 1, MAX_LINES),
                Setting.integer("line.values", config.line_values(), 1, MAX_LINES),
                config.token_file().isBlank()
                        ? Optional.empty()
                        : Optional.of(Path.of(config.token_file().strip())),
                headers(config.headers()),
                new Backoff.Settings(
                        retries ? attempts : 1,
                        Setting.duration("retry.initial.backoff", config.retry_initial_backoff()),
                        Setting.duration("retry.max.backoff", config.retry_max_backoff()),
                        Setting.integer("retry.backoff.multiplier", config.retry_backoff_multiplier(), 1, 100),
                        Setting.integer("retry.jitter.percent", config.retry_jitter_percent(), 0, 100)));
    }

    /** What is in force when the first configuration is wrong. */
    static UploaderSettings storeOnly() {
        Duration interval = Duration.ofSeconds(30);
        return new UploaderSettings(
                Optional.empty(),
                Optional.empty(),
                interval,
                interval,
                1,
                1,
                1,
                Optional.empty(),
                Map.of(),
                new Backoff.Settings(1, interval, interval, 1, 0));
    }

    /** Whether there is somewhere to upload to. */
    boolean uploads() {
        return url.isPresent();
    }

    /** How young a sample is that counts as fresh. */
    Duration freshness() {
        return interval.multipliedBy(2);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "UploaderSettings[url=" + url + ", interval=" + interval + "]";
    }

    private static Optional<URI> url(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String shown = text.replaceFirst("//[^/@]*@", "//***@");
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            throw new InvalidSettingException(
                    "url", shown, "an http or https URL (" + e.getReason() + " at position " + e.getIndex() + ")");
        }
        throw new InvalidSettingException(
                "url", shown, "an http or https URL such as http://metrics.example.org:8428/api/v1/import");
    }

    private static URI withoutUserInfo(URI uri) {
        if (uri.getRawUserInfo() == null) {
            return uri;
        }
        return URI.create(uri.toString().replaceFirst("//[^/@]*@", "//"));
    }

    /** {@code Name: value, Other: value}; a value cannot hold a comma. */
    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int colon = part.indexOf(':');
            String name = colon < 0 ? "" : part.substring(0, colon).strip();
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw new InvalidSettingException(
                        "headers", name.isEmpty() ? "***" : name, "Name: value, Other: value");
            }
            headers.put(name, part.substring(colon + 1).strip());
        }
        return headers;
    }
}
