package io.tidewatch.collector.scrape;

import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.exposition.PageSettings;
import io.tidewatch.httpclient.HttpTarget;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is scraped and how.
 *
 * @param target where the page is; empty if {@code url} cannot be used
 * @param page what of it becomes samples
 * @param tokenFile file with the bearer token
 * @param caFile file with the certificates that sign the server's; those of Java without one
 */
record ScrapeSettings(Optional<HttpTarget> target, PageSettings page, Optional<Path> tokenFile, Optional<Path> caFile) {
    /** Reads the values as they stand in the .cfg; the defaults stand in for wrong ones. */
    static ScrapeSettings read(ScrapeCollector.Config config, SettingReader reader) {
        return new ScrapeSettings(
                reader.read(
                        "url",
                        config.url(),
                        (key, value) -> Optional.of(HttpTarget.parse(key, value, "/metrics")),
                        Optional.empty()),
                PageSettings.read(
                        reader,
                        config.include(),
                        config.exclude(),
                        config.labels(),
                        config.max_series(),
                        config.max_bytes(),
                        PageSettings.Length.OF_PAGE,
                        reader.read("timestamps", config.timestamps(), Setting::bool, false)),
                reader.read("token.file", config.token_file(), ScrapeSettings::path, Optional.empty()),
                reader.read("ca.file", config.ca_file(), ScrapeSettings::path, Optional.empty()));
    }

    private static Optional<Path> path(String key, String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(Setting.absolutePath(key, value, "a file"));
    }
}
