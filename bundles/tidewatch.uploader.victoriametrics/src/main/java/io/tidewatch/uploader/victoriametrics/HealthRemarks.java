package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.util.List;
import java.util.stream.Collectors;
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
    static Health on(Health health, List<InvalidSettingException> rejected, ImportClient client) {
        String tlsProblem = client.tlsProblem();
        Stream<String> files =
                Stream.ofNullable(tlsProblem).map(problem -> problem + "; the certificates before stay in force");
        String problems = Stream.concat(rejected.stream().map(InvalidSettingException::getMessage), files)
                .collect(Collectors.joining("; "));
        return problems.isEmpty()
                ? health
                : new Health(
                        Status.DEGRADED,
                        "fix " + UploaderConfig.PID + ".cfg: " + problems + "; " + health.message(),
                        health.details());
    }
}
