package io.tidewatch.clockskew;

import io.tidewatch.api.config.Authority;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What the clock is compared with, and how often: the values of {@link ClockSkew.Config}, which describes them. */
record SkewSettings(boolean enabled, Optional<URI> url, Duration checkInterval, Duration warnThreshold) {
    static final SkewSettings DEFAULT =
            new SkewSettings(true, Optional.empty(), Duration.ofMinutes(5), Duration.ofSeconds(2));

    static SkewSettings read(ClockSkew.Config config, SettingReader reader) {
        return new SkewSettings(
                reader.read("enabled", config.enabled(), Setting::bool, DEFAULT.enabled),
                reader.read("url", config.url(), SkewSettings::url, DEFAULT.url),
                reader.read("check.interval", config.check_interval(), SkewSettings::interval, DEFAULT.checkInterval),
                reader.read("warn.threshold", config.warn_threshold(), Setting::duration, DEFAULT.warnThreshold));
    }

    private static Duration interval(String key, String value) {
        // Anything shorter would burden the server.
        return Setting.duration(key, value, "1s", "30d");
    }

    private static Optional<URI> url(String key, String value) {
        if (value.isBlank()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(value.strip());
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            Optional<URI> accepted = Authority.of(url)
                    .filter(authority -> scheme.equals("http") || (scheme.equals("https") && authority.isTlsName()))
                    .filter(authority -> authority.userInfo().isEmpty())
                    .map(authority -> authority.within(url));
            if (accepted.isPresent()) {
                return accepted;
            }
        } catch (URISyntaxException e) {
            // Falls through to the one message.
        }
        // What was written may hold a password: the message shows nothing before an @.
        throw new InvalidSettingException(
                key,
                value.replaceFirst(".*@", "…@"),
                "an http or https URL without user and password, for https without an underscore in its host, or nothing");
    }

    public static final class Check extends SettingsCheck<ClockSkew.Config> {
        public Check() {
            super(ClockSkew.PID, ClockSkew.Config.class, SkewSettings::read);
        }
    }
}
