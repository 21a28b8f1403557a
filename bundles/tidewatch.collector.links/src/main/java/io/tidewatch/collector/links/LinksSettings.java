package io.tidewatch.collector.links;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.collector.links.LinkSource.Kind;
import io.tidewatch.httpclient.HttpTarget;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * @param source the only source; empty: the first with a link that is up
 * @param statsFile statistics file, a {@code *} in its last name
 * @param ceraUiToken file with a token for it
 */
record LinksSettings(
        Optional<Kind> source,
        Path statsFile,
        Optional<HttpTarget> metricsPage,
        Optional<Path> controlSocket,
        Optional<HttpTarget> ceraUi,
        Optional<Path> ceraUiToken,
        Path ipsFile) {
    static final String AUTO = "auto";
    static final String STATS_FILE = "/tmp/srtla-send-stats-*.json";
    static final String IPS_FILE = "/tmp/srtla_ips";

    static LinksSettings read(LinksCollector.Config config, SettingReader reader) {
        Optional<Kind> source = reader.read("source", config.source(), LinksSettings::source, Optional.<Kind>empty());
        return new LinksSettings(
                source,
                reader.read("stats.file", config.stats_file(), LinksSettings::file, Path.of(STATS_FILE)),
                reader.read(
                        "metrics.url",
                        config.metrics_url(),
                        needed(source, Kind.METRICS_PAGE, "the address of a metrics page", LinksSettings::page),
                        Optional.<HttpTarget>empty()),
                reader.read(
                        "control.socket",
                        config.control_socket(),
                        needed(source, Kind.CONTROL_SOCKET, "the path of a Unix socket", LinksSettings::socket),
                        Optional.<Path>empty()),
                reader.read(
                        "ceraui.url",
                        config.ceraui_url(),
                        needed(
                                source,
                                Kind.CERAUI,
                                "the address of CeraUI, as http://127.0.0.1/",
                                LinksSettings::webSocket),
                        Optional.<HttpTarget>empty()),
                reader.read(
                        "ceraui.token.file",
                        config.ceraui_token_file(),
                        (key, value) -> token(key, value, config.ceraui_url()),
                        Optional.<Path>empty()),
                reader.read("ips.file", config.ips_file(), LinksSettings::file, Path.of(IPS_FILE)));
    }

    private static Optional<Kind> source(String key, String value) {
        if (value.strip().toLowerCase(Locale.ROOT).equals(AUTO)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Setting.oneOf(key, value, Kind.class));
        } catch (InvalidSettingException e) {
            throw new InvalidSettingException(key, value, AUTO + ", " + e.accepted());
        }
    }

    /** Accepts an empty value unless it is needed. */
    private static <T> SettingReader.Parser<Optional<T>> needed(
            Optional<Kind> source, Kind by, String what, SettingReader.Parser<T> parser) {
        return (key, value) -> {
            if (!value.isBlank()) {
                return Optional.of(parser.parse(key, value));
            }
            if (source.equals(Optional.of(by))) {
                throw new InvalidSettingException(key, value, what + ", since source is " + by.tag());
            }
            return Optional.empty();
        };
    }

    private static Optional<Path> token(String key, String value, String ceraUi) {
        if (value.isBlank() && !ceraUi.isBlank()) {
            throw new InvalidSettingException(
                    key, value, "the absolute path of a file with a token, since ceraui.url is set");
        }
        return value.isBlank() ? Optional.empty() : Optional.of(file(key, value));
    }

    private static Path file(String key, String value) {
        return Setting.absolutePath(key, value, "a file");
    }

    private static Path socket(String key, String value) {
        return Setting.absolutePath(key, value, "a Unix socket");
    }

    private static HttpTarget page(String key, String value) {
        return HttpTarget.parse(key, value, "/metrics");
    }

    /** As in a browser, or as what it is. */
    private static HttpTarget webSocket(String key, String value) {
        return HttpTarget.parse(key, value.strip().replaceFirst("^ws(?=s?:)", "http"), "/");
    }
}
