package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What is delivered, where to, and how.
 *
 * @param enabled false: samples are only stored
 * @param endpoint where to; empty: samples are only stored
 * @param uploadInterval time from one cycle to the next
 * @param timeout of connecting, of each read, and of a whole request
 * @param batchSize samples that one query for live samples reads at most
 * @param chunkSize lines in one request at most
 * @param lineValues samples in one line at most
 * @param settleTime for how long the server may lose what it has acknowledged; zero: it loses nothing
 * @param backlogBandwidth bytes per second that the backlog may use; empty: no limit
 * @param tokenFile file with the bearer token
 * @param tls who is trusted, and who this device is
 * @param proxy the proxy to go through
 * @param headers headers of every request besides
 * @param anyPeer whether a success counts from an unknown peer as well
 * @param acceptEmpty200 whether an empty 200 is a success
 * @param retry how a failed request is tried again
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

    public static final UploaderSettings DEFAULT = new UploaderSettings(
            true,
            Optional.empty(),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            2500,
            100,
            100,
            Duration.ofSeconds(30),
            OptionalLong.empty(),
            Optional.empty(),
            TlsFiles.NONE,
            Optional.empty(),
            List.of(),
            false,
            false,
            RetrySettings.DEFAULT);

    /** What tells the files with token, certificates and key from those before; {@link FileStamps} says how. */
    public List<Object> fileStamps() {
        return FileStamps.of(Stream.concat(tokenFile.stream(), tls.named()));
    }

    /** Shorter ones would burden the server, or be no limit that a request can keep. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private static final Duration LONGEST = Duration.ofDays(1);
    /** For so long a store remembers acknowledgements. */
    private static final Duration LONGEST_SETTLE_TIME = Duration.ofMinutes(10);

    private static final long LEAST_BANDWIDTH = 100;
    private static final int MOST_SAMPLES = 50_000;

    /** Bytes of a request for one value of its lines; about the best as measured by SlowLinkTest. */
    private static final int BYTES_PER_LINE_VALUE = 50;

    /** Of a request, and values of a line. */
    public static final int MOST_LINES = 1000;

    private static final int MOST_ATTEMPTS = 100;

    /**
     * Samples that one query for the backlog reads at most: what fills the lines of all series, and a request.
     *
     * @param series how many series the backlog had, when last looked at
     */
    public int backlogSize(int series) {
        return Math.min(Math.max(chunkSize, series) * lineValues, MOST_SAMPLES);
    }

    /**
     * Samples in one line at most. In small requests lines are short, so that several series share the bytes of their
     * times.
     *
     * @param requestBytes that a request may have
     */
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

    /** Whether there is anywhere to deliver to. */
    public boolean delivering() {
        return enabled && endpoint.isPresent();
    }

    /**
     * Reads the configuration.
     *
     * @param reader gets what is wrong; the defaults stand in for it
     */
    public static UploaderSettings read(UploaderConfig config, SettingReader reader) {
        return new UploaderSettings(
                reader.read("enabled", config.enabled(), Setting::bool, DEFAULT.enabled),
                reader.read("url", config.url(), Endpoint::parse, DEFAULT.endpoint),
                reader.read(
                        "upload.interval", config.upload_interval(), UploaderSettings::period, DEFAULT.uploadInterval),
                reader.read("timeout", config.timeout(), UploaderSettings::period, DEFAULT.timeout),
                reader.read("batch.size", config.batch_size(), upTo(MOST_SAMPLES), DEFAULT.batchSize),
                reader.read("chunk.size", config.chunk_size(), upTo(MOST_LINES), DEFAULT.chunkSize),
                reader.read("line.values", config.line_values(), upTo(MOST_LINES), DEFAULT.lineValues),
                reader.read("settle.time", config.settle_time(), UploaderSettings::settleTime, DEFAULT.settleTime),
                reader.read(
                        "backlog.bandwidth",
                        config.backlog_bandwidth(),
                        UploaderSettings::bandwidth,
                        DEFAULT.backlogBandwidth),
                reader.read("token.file", config.token_file(), UploaderSettings::file, DEFAULT.tokenFile),
                new TlsFiles(
                        reader.read("ca.file", config.ca_file(), UploaderSettings::file, DEFAULT.tls.ca()),
                        reader.read(
                                "client.cert.file",
                                config.client_cert_file(),
                                UploaderSettings::file,
                                DEFAULT.tls.certificate()),
                        reader.read(
                                "client.key.file",
                                config.client_key_file(),
                                UploaderSettings::file,
                                DEFAULT.tls.key())),
                reader.read("proxy", config.proxy(), HttpProxy::parse, DEFAULT.proxy),
                reader.read("headers", config.headers(), RequestHeader::parse, DEFAULT.headers),
                reader.read("peer", config.peer(), UploaderSettings::anyPeer, DEFAULT.anyPeer),
                reader.read("accept.empty.200", config.accept_empty_200(), Setting::bool, DEFAULT.acceptEmpty200),
                retry(config, reader));
    }

    private static RetrySettings retry(UploaderConfig config, SettingReader reader) {
        RetrySettings fallback = RetrySettings.DEFAULT;
        return new RetrySettings(
                reader.read("retry.enabled", config.retry_enabled(), Setting::bool, fallback.enabled()),
                reader.read(
                        "retry.max.attempts", config.retry_max_attempts(), upTo(MOST_ATTEMPTS), fallback.maxAttempts()),
                reader.read(
                        "retry.initial.backoff",
                        config.retry_initial_backoff(),
                        UploaderSettings::wait,
                        fallback.initialBackoff()),
                reader.read(
                        "retry.max.backoff", config.retry_max_backoff(), UploaderSettings::wait, fallback.maxBackoff()),
                reader.read(
                        "retry.backoff.multiplier",
                        config.retry_backoff_multiplier(),
                        upTo(MOST_ATTEMPTS),
                        fallback.multiplier()),
                reader.read(
                        "retry.jitter.percent",
                        config.retry_jitter_percent(),
                        (key, value) -> Setting.integer(key, value, 0, 100),
                        fallback.jitterPercent()));
    }

    private static Duration period(String key, String value) {
        Duration period = Setting.duration(key, value);
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException(key, value, "a duration from 100ms to 1d");
        }
        return period;
    }

    private static Duration wait(String key, String value) {
        Duration wait = Setting.duration(key, value);
        if (wait.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException(key, value, "a duration above zero, up to 1d");
        }
        return wait;
    }

    private static Duration settleTime(String key, String value) {
        Duration time = Setting.durationOrZero(key, value);
        if (time.compareTo(LONGEST_SETTLE_TIME) > 0) {
            throw new InvalidSettingException(key, value, "a duration up to 10m, or 0s");
        }
        return time;
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

    private static SettingReader.Parser<Integer> upTo(int max) {
        return (key, value) -> Setting.integer(key, value, 1, max);
    }

    /** Validates {@code tidewatch.uploader.victoriametrics.cfg}. */
    public static final class Check extends SettingsCheck<UploaderConfig> {
        /** Made by the configuration guard. */
        public Check() {
            super(UploaderConfig.PID, UploaderConfig.class, UploaderSettings::read);
        }
    }
}
