package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.health.Health;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.util.List;
import java.util.stream.Stream;

/** What health says besides of configuration and files: what is not in force degrades it. */
final class HealthRemarks {
    private HealthRemarks() {}

    /**
     * Adds them.
     *
     * @param health of the deliveries
     * @param rejected values of the configuration that are not in force
     * @param client knows of the files
     */
    static Health on(Health health, List<String> rejected, ImportClient client) {
        Stream<String> files = Stream.ofNullable(client.tlsProblem())
                .map(problem -> problem + "; the certificates before stay in force");
        return health.toFix(
                UploaderConfig.PID + ".cfg",
                Stream.concat(rejected.stream(), files).toList());
    }
}
