package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingReader.Parser;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.api.config.WrittenSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is delivered, where to, and how: the values of {@link UploaderConfig}, which describes them.
 *
 * @param timeout of connecting, of each read, and of a whole request
 * @param backlogBandwidth bytes per second
 */
public record UploaderSettings(
        boolean enabled,
        Optional<Endpoint> endpoint,
        Duration uploadInterval,
        Duration timeout,
        int batchSize,
        int chunkSize,
        int lineValues,
        Duration settleTime,
        OptionalLong backlogBandwidth,
        Optional<Path> tokenFile,
        TlsFiles tls,
        Optional<HttpProxy> proxy,
        List<RequestHeader> headers,
        boolean anyPeer,
        boolean acceptEmpty200,
        RetrySettings retry) {
    /** What the store knows the server by. */
    public static final String DESTINATION = "victoriametrics";

    /** For so long a store remembers acknowledgements. */
    private static final String LONGEST_SETTLE_TIME = "10m";

    private static final long LEAST_BANDWIDTH = 100;
    private static final int MOST_SAMPLES = 50_000;

    /** Bytes of a request for one value of its lines; about the best as measured by SlowLinkTest. */
    private static final int BYTES_PER_LINE_VALUE = 50;

    /** Of a request, and values of a line. */
    public static final int MOST_LINES = 1000;

    private static final int MOST_ATTEMPTS = 100;

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.*\\.localhost|127(\\.\\d{1,3}){3}|\\[?(0{0,4}:){0,7}:?0{0,3}1]?");

    private static final UploaderConfig DEFAULTS = new WrittenSettings(Map.of()).as(UploaderConfig.class);

    public static final UploaderSettings DEFAULT = read(DEFAULTS, new SettingReader(new ArrayList<>()));

    /** Samples that one query for a backlog of so many series reads at most: what fills their lines, and a request. */
    public int backlogSize(int series) {
        return Math.min(Math.max(chunkSize, series) * lineValues, MOST_SAMPLES);
    }

    /** Samples in one line at most; fewer in small requests, so that several series share the bytes of their times. */
    public int lineValues(int requestBytes) {
        return Math.max(1, Math.min(lineValues, requestBytes / BYTES_PER_LINE_VALUE));
    }

    /** The same with another limit for a request. */
    public UploaderSettings withTimeout(Duration shorter) {
        return new UploaderSettings(
                enabled,
                endpoint,
                uploadInterval,
                timeout.compareTo(shorter) < 0 ? timeout : shorter,
                batchSize,
                chunkSize,
                lineValues,
                settleTime,
                backlogBandwidth,
                tokenFile,
                tls,
                proxy,
                headers,
                anyPeer,
                acceptEmpty200,
                retry);
    }

    /** Returns stamps that distinguish changed files with token, certificates and key from the previous ones. */
    public List<String> fileStamps() {
        return Stream.concat(tokenFile.stream(), tls.named())
                .map(TlsFiles::stamp)
                .toList();
    }

    /** Whether a token or a password goes unencrypted to another host, where anyone on the way can read it. */
    public boolean sendsSecretsInTheClear() {
        return delivering()
                && endpoint.filter(to -> "http".equalsIgnoreCase(to.url().getScheme()))
                        .filter(to ->
                                tokenFile.isPresent() || to.basicAuthorization().isPresent())
                        .filter(to -> !LOOPBACK.matcher(to.host().toLowerCase(Locale.ROOT))
                                .matches())
                        .isPresent();
    }

    /** @throws IllegalStateException if there is no url */
    public Endpoint requireEndpoint() {
        return endpoint.orElseThrow(() -> new IllegalStateException("There is no url"));
    }

    /** Whether there is anywhere to deliver to. */
    public boolean delivering() {
        return enabled && endpoint.isPresent();
    }

    /** Reads the configuration; the reader gets what is wrong, and the defaults stand in for it. */
    public static UploaderSettings read(UploaderConfig config, SettingReader reader) {
        Values values = new Values(config, reader);
        // Shorter ones would burden the server, or be no limit that a request can keep.
        Parser<Duration> period = within("100ms", "1d");
        return new UploaderSettings(
                values.read("enabled", UploaderConfig::enabled, Setting::bool),
                values.read("url", UploaderConfig::url, Endpoint::parse),
                values.read("upload.interval", UploaderConfig::upload_interval, period),
                values.read("timeout", UploaderConfig::timeout, period),
                values.read("batch.size", UploaderConfig::batch_size, range(1, MOST_SAMPLES)),
                values.read("chunk.size", UploaderConfig::chunk_size, range(1, MOST_LINES)),
                values.read("line.values", UploaderConfig::line_values, range(1, MOST_LINES)),
                values.read("settle.time", UploaderConfig::settle_time, within("0s", LONGEST_SETTLE_TIME)),
                values.read("backlog.bandwidth", UploaderConfig::backlog_bandwidth, UploaderSettings::bandwidth),
                values.read("token.file", UploaderConfig::token_file, UploaderSettings::file),
                new TlsFiles(
                        values.read("ca.file", UploaderConfig::ca_file, UploaderSettings::file),
                        values.read("client.cert.file", UploaderConfig::client_cert_file, UploaderSettings::file),
                        values.read("client.key.file", UploaderConfig::client_key_file, UploaderSettings::file)),
                values.read("proxy", UploaderConfig::proxy, HttpProxy::parse),
                values.read("headers", UploaderConfig::headers, RequestHeader::parse),
                values.read("peer", UploaderConfig::peer, UploaderSettings::anyPeer),
                values.read("accept.empty.200", UploaderConfig::accept_empty_200, Setting::bool),
                retry(values));
    }

    private static RetrySettings retry(Values values) {
        Parser<Duration> wait = within("1ms", "1d");
        boolean enabled = values.read("retry.enabled", UploaderConfig::retry_enabled, Setting::bool);
        int most = values.read("retry.max.attempts", UploaderConfig::retry_max_attempts, range(1, MOST_ATTEMPTS));
        return new RetrySettings(
                enabled ? most : 1,
                values.read("retry.initial.backoff", UploaderConfig::retry_initial_backoff, wait),
                values.read("retry.max.backoff", UploaderConfig::retry_max_backoff, wait),
                values.read(
                        "retry.backoff.multiplier", UploaderConfig::retry_backoff_multiplier, range(1, MOST_ATTEMPTS)),
                values.read("retry.jitter.percent", UploaderConfig::retry_jitter_percent, range(0, 100)));
    }

    private record Values(UploaderConfig config, SettingReader reader) {
        <T> T read(String key, Function<UploaderConfig, String> value, Parser<T> parser) {
            return reader.read(key, value.apply(config), parser, parser.parse(key, value.apply(DEFAULTS)));
        }
    }

    private static Parser<Duration> within(String least, String most) {
        return (key, value) -> Setting.duration(key, value, least, most);
    }

    private static boolean anyPeer(String key, String value) {
        return switch (value.strip()) {
            case "known" -> false;
            case "any" -> true;
            default -> throw new InvalidSettingException(key, value, "known or any");
        };
    }

    private static OptionalLong bandwidth(String key, String value) {
        if (value.isBlank()) {
            return OptionalLong.empty();
        }
        long bytes = Setting.size(key, value.strip());
        if (bytes < LEAST_BANDWIDTH) {
            throw new InvalidSettingException(key, value, "a size per second from 100B on, such as 50KiB, or nothing");
        }
        return OptionalLong.of(bytes);
    }

    private static Optional<Path> file(String key, String value) {
        if (value.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(value.strip()));
        } catch (InvalidPathException e) {
            throw new InvalidSettingException(key, value, "the path of a file");
        }
    }

    private static Parser<Integer> range(int min, int max) {
        return (key, value) -> Setting.integer(key, value, min, max);
    }

    public static final class Check extends SettingsCheck<UploaderConfig> {
        public Check() {
            super(UploaderConfig.PID, UploaderConfig.class, UploaderSettings::read);
        }
    }
}
