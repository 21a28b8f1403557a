package io.tidewatch.collector.scrape;

import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.PageSettings;
import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.HttpTarget;
import java.nio.file.Path;
import java.util.Optional;

/**
 * @param request for the page; empty if {@code url} cannot be used
 * @param page what of it becomes samples
 */
record ScrapeSettings(Optional<HttpRequest> request, PageSettings page) {
    static ScrapeSettings read(ScrapeCollector.Config config, SettingReader reader) {
        Optional<HttpTarget> target = reader.read(
                "url",
                config.url(),
                (key, value) -> Optional.of(HttpTarget.parse(key, value, "/metrics")),
                Optional.empty());
        PageSettings page = PageSettings.read(
                reader,
                config.include(),
                config.exclude(),
                config.labels(),
                config.max_series(),
                config.max_bytes(),
                PageSettings.Length.OF_PAGE,
                reader.read("timestamps", config.timestamps(), Setting::bool, false));
        Optional<Path> token = reader.read("token.file", config.token_file(), ScrapeSettings::path, Optional.empty());
        Optional<Path> ca = reader.read("ca.file", config.ca_file(), ScrapeSettings::path, Optional.empty());
        return new ScrapeSettings(
                target.map(to -> new HttpRequest(to, ExpositionFormat.ACCEPT, "Bearer ", token, ca)), page);
    }

    private static Optional<Path> path(String key, String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(Setting.absolutePath(key, value, "a file"));
    }
}
